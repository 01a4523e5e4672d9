from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: what people write, and what is taken along from the last meeting
WRITTEN_KINDS = ("own", "question", "carried")


class HrPerformanceMeetingTopic(models.Model):
    """One point on the agenda of a meeting, which the two of them read and nobody else.

    Some are written by one of them (``author_id``), the others are open items that the
    agenda finds by itself and leads back to (``res_model``, ``res_id``).
    """

    _name = "hr.performance.meeting.topic"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Agenda Topic"
    _order = "meeting_id, sequence, id"
    _rec_name = "name"

    _method_only_fields = frozenset(
        {"kind", "author_id", "res_model", "res_id", "since", "carried_id"}
    )

    meeting_id = fields.Many2one(
        "hr.performance.meeting", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    sequence = fields.Integer(default=100)
    name = fields.Char("Topic", required=True)
    kind = fields.Selection(
        [
            ("carried", "From last time"),
            ("own", "Added"),
            ("question", "Question"),
            ("goal", "Goal to talk about"),
            ("blocker", "Blocker"),
            ("off_track", "Off track"),
            ("stale", "No check-in lately"),
            ("checkin_missed", "Check-in is due"),
            ("action_overdue", "Action is overdue"),
            ("checkin_unanswered", "Check-in without an answer"),
            ("feedback", "Feedback"),
        ],
        required=True,
        default="own",
        readonly=True,
    )
    author_id = fields.Many2one(
        "hr.employee",
        "Added By",
        readonly=True,
        ondelete="set null",
        help="Empty: the agenda found it by itself.",
    )
    since = fields.Date(readonly=True, help="Since when it is open.")
    age = fields.Char("Open For", compute="_compute_age")
    done = fields.Boolean("Talked About")
    can_edit = fields.Boolean(
        compute="_compute_can_edit", export_string_translation=False
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    carried_id = fields.Many2one(
        "hr.performance.meeting.topic",
        "Topic Last Time",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _one_per_item = models.UniqueIndex(
        "(meeting_id, kind, res_model, res_id) WHERE res_id != 0",
        "An open item stands on an agenda once.",
    )
    _carried_once = models.UniqueIndex(
        "(meeting_id, carried_id) WHERE carried_id IS NOT NULL",
        "A topic is taken along once.",
    )

    @api.depends("since")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for topic in self:
            days = (today - topic.since).days if topic.since else 0
            topic.age = (
                self.env._("1 day")
                if days == 1
                else self.env._("%(days)s days", days=days)
                if days > 1
                else False
            )

    @api.depends_context("uid")
    @api.depends("author_id")
    def _compute_can_edit(self):
        for topic in self:
            # sudo: whether it was oneself is known to oneself
            topic.can_edit = topic.sudo().author_id.user_id == self.env.user

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        topics = super().create(vals_list)
        for topic in topics:
            topic.meeting_id._check_can_write()
            # whoever writes it is its author
            topic.sudo().author_id = topic.meeting_id._my_side()
        topics.meeting_id._sync_owed()
        return topics

    def write(self, vals):
        if not self.env.su:
            self.meeting_id._check_can_write()
            if "meeting_id" in vals and any(
                topic.meeting_id.id != vals["meeting_id"] for topic in self
            ):
                raise UserError(
                    self.env._(
                        "“%(topic)s” stays on its agenda. What is not talked about there is"
                        " taken along to the next meeting by itself.",
                        topic=self[:1].name,
                    )
                )
            if "name" in vals:
                self._check_author()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_others(self):
        if not self.env.su:
            self.meeting_id._check_can_write()
            self._check_author()

    def _check_author(self):
        """Nobody rewrites or removes what the other one, or the agenda, has put there."""
        for topic in self:
            if not topic.can_edit:
                raise AccessError(
                    self.env._(
                        "“%(topic)s” was put on the agenda by %(author)s. Tick it off when"
                        " you have talked about it.",
                        topic=topic.name,
                        author=topic.author_id.name or self.env._("what is still open"),
                    )
                )

    def action_open_record(self):
        """What the topic is about."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            return False
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record or not record.has_access("read"):
            raise UserError(
                self.env._("“%(topic)s” is no longer there.", topic=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
