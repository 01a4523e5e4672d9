from odoo import api, fields, models

#: a mail is remembered for so many days
KEEP = 400


class HrPerformanceNotice(models.Model):
    """Who has been told what: the ledger that keeps anything from being told twice.

    One row for each thing that is asked and on somebody's activities, written together
    with the activity and gone with what was asked; an activity that somebody has ticked
    off does not come back. And one row for each digest, written with the mail.
    """

    _name = "hr.performance.notice"
    _inherit = ["hr.performance.silent.mixin"]
    _description = "Notice"
    _order = "id desc"

    kind = fields.Char(required=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference("Record", model_field="res_model")
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    occasion = fields.Date(
        help="The day it was told for: the deadline, or the digest's."
    )
    activity_id = fields.Many2one(
        "mail.activity", ondelete="set null", index="btree_not_null"
    )

    _once_a_record = models.UniqueIndex(
        "(res_model, res_id, kind) WHERE kind <> 'digest'",
        "This has been told already.",
    )
    _one_digest_a_day = models.UniqueIndex(
        "(user_id, occasion) WHERE kind = 'digest'",
        "There has been a digest on that day.",
    )

    @api.autovacuum
    def _gc_digests(self):
        self.search(
            [
                ("kind", "=", "digest"),
                ("occasion", "<", fields.Date.subtract(fields.Date.today(), days=KEEP)),
            ]
        ).unlink()
