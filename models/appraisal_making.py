from odoo import api, models
from odoo.tools import SQL

from .workflow_mixin import MANY

#: activities of so many appraisals or requests are made at once: of about a hundred people
AT_ONCE = 200
#: what nobody wants in ten thousand chatters
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class HrPerformanceAppraisal(models.Model):
    """Appraisals that are made and opened in bulk, see ``launch.py``.

    All that is stored follows from the same methods as for one that is created and opened
    by hand. It is worked out before the rows are inserted, each table in one statement;
    where another addon has a say, they are created and opened as usual.
    """

    _name = "hr.performance.appraisal"
    _inherit = ["hr.performance.appraisal", "hr.performance.bulk.mixin"]
    _owed_at_once = AT_ONCE

    @api.model
    def _make(self, vals_list):
        """Make and open appraisals, with items and requests. In superuser mode.

        :param vals_list: values of appraisals as ``create`` takes them
        :return: the appraisals, in the same order
        """
        quiet = self.with_context(**QUIET)
        items, requests = (
            quiet.env[f"hr.performance.{name}"]
            for name in ("appraisal.item", "request")
        )
        if not (
            vals_list
            and all(model._is_made_here_alone() for model in (self, items, requests))
        ):
            appraisals = self.create(vals_list)
            appraisals.action_open()
            return appraisals
        self._check_no_second(
            (vals["employee_id"], vals["cycle_id"], self._purpose_of(vals))
            for vals in vals_list
            if not vals.get("schedule_id")
        )
        opened = {"state": self._transitions["open"].target, "is_collecting": True}
        appraisals = quiet._plan_rows([vals | opened for vals in vals_list])
        # figures and states follow from each other: all are there before any is worked out
        missing = appraisals._missing_items()
        items = items._plan_rows(missing)
        appraisals._link_planned("item_ids", items)
        asked, left_out = appraisals._whom_to_ask()
        requests = requests._plan_rows(asked)
        appraisals._link_planned("request_ids", requests)
        items._work_out(appraisals._alike_items(items, missing))
        planned = (appraisals, items, requests)
        for records in planned:
            records._work_out()
        with self.env.protecting(
            [(records._computed_fields(), records) for records in planned]
        ):
            for records in planned:
                records._insert_planned()
        appraisals._note_asked(asked)
        appraisals._tell_left_out(left_out)
        appraisals = appraisals.with_env(self.env)
        appraisals._let_follow()
        requests._sync_owed()
        return appraisals

    def _write_step(self, vals):
        if len(self) > MANY:
            self._write_same(vals)
        else:
            super()._write_step(vals)

    def _alike_items(self, items, vals_list):
        """Of which new item another one has the results: a question is the same for all.

        As long as nobody has answered, what follows for it follows from the form.

        :param vals_list: what the items are made of
        :return: ``{id: id of the first that is the same}``
        """
        kinds = {
            appraisal.id: (
                appraisal.company_id.id,
                appraisal.template_id.id,
                appraisal.scale_id.id,
            )
            for appraisal in self
        }
        first, alike = {}, {}
        for item_id, vals in zip(items._ids, vals_list, strict=True):
            if "question_id" not in vals:
                continue  # goals and skills are the person's own
            key = (vals["question_id"], kinds[vals["appraisal_id"]])
            found = first.setdefault(key, item_id)
            if found != item_id:
                alike[item_id] = found
        return alike

    def _let_follow(self):
        """Whoever makes them follows them, as of any record: they hear who declines."""
        user = self.env.user
        partner = user.partner_id
        if not user.active or self.env.context.get("mail_create_nosubscribe"):
            return
        own = self.employee_id.filtered(
            lambda person: partner in person.user_id.partner_id | person.work_contact_id
        )
        followed = self.filtered(lambda one: one.employee_id not in own)
        if not followed:
            return
        subtype_ids = self.env["mail.message.subtype"]._default_subtypes(self._name)[0]
        self.env.cr.execute(
            SQL(
                """
                WITH follower AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT %s, unnest(%s), %s
                 RETURNING id
                )
                INSERT INTO mail_followers_mail_message_subtype_rel
                       (mail_followers_id, mail_message_subtype_id)
                SELECT follower.id, unnest(%s) FROM follower
                """,
                self._name,
                followed.ids,
                partner.id,
                list(subtype_ids),
            )
        )
        self.invalidate_recordset(["message_follower_ids", "message_partner_ids"])


class HrPerformanceAppraisalItem(models.Model):
    _name = "hr.performance.appraisal.item"
    _inherit = ["hr.performance.appraisal.item", "hr.performance.bulk.mixin"]


class HrPerformanceRequest(models.Model):
    _name = "hr.performance.request"
    _inherit = ["hr.performance.request", "hr.performance.bulk.mixin"]
    _owed_at_once = AT_ONCE


class HrPerformanceNomination(models.Model):
    _name = "hr.performance.nomination"
    _inherit = ["hr.performance.nomination", "hr.performance.bulk.mixin"]
