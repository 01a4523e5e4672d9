from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html

from .flush import flush_sql

#: so many days after the posting an answer is in time
ANSWER_DAYS = 5


class HrPerformanceCheckin(models.Model):
    """What the manager says to a check-in, and that somebody says it."""

    _inherit = "hr.performance.checkin"

    answer = fields.Text("Manager's Answer", readonly=True, copy=False)
    answered_on = fields.Date(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    def action_answer(self, text):
        """Answer it: the owner reads ``text`` on the check-in and is told.

        :raise AccessError: when it is the user's own, or the user is no manager of it
        :raise UserError: when ``text`` is empty, or it has been answered already
        """
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            raise UserError(
                self.env._(
                    "Write what you answer to “%(checkin)s”, or acknowledge it without a"
                    " word.",
                    checkin=self[:1].display_name,
                )
            )
        self._check_step("answer")
        for checkin in self:
            if checkin.answer:
                raise UserError(
                    self.env._(
                        "“%(checkin)s” has been answered by %(person)s. Go on below, in the"
                        " messages.",
                        checkin=checkin.display_name,
                        person=checkin.sudo().answered_by_id.name,
                    )
                )
        self.filtered(lambda checkin: checkin.state == "posted").action_acknowledge()
        self._take_step(
            "answer",
            answer=text,
            answered_on=fields.Date.today(),
            answered_by_id=self.env.uid,
        )
        # sudo: managers read the check-in, they do not write it
        for checkin in self.sudo():
            checkin.message_post(
                body=plaintext2html(text),
                author_id=self.env.user.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def action_open_answer(self):
        """Open the dialog to answer this check-in."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.checkin_answer_action"
        )
        return action | {
            "name": self.env._("Answer: %(checkin)s", checkin=self.display_name),
            "context": {"default_checkin_id": self.id},
        }

    # ---------------------------------------------------------------- what is owed

    @api.model
    def _unanswered_domain(self):
        """Those that wait for an answer; the same as in :meth:`_owed_sql`."""
        return Domain(
            [
                ("state", "=", "posted"),
                ("posted_on", "!=", False),
                ("corrected_by_id", "=", False),
                ("goal_id.state", "!=", "cancelled"),
                ("goal_id.cycle_id.state", "!=", "closed"),
            ]
        )

    @api.model
    def _owed_sql(self):
        flush = flush_sql(
            self.env,
            (
                self._name,
                "goal_id owner_id employee_id company_id state posted_on"
                " acknowledged_on corrected_by_id",
            ),
            ("hr.performance.goal", "state cycle_id"),
            ("hr.performance.cycle", "state"),
        )
        return [
            *super()._owed_sql(),
            (
                "checkin_answer",
                SQL(
                    """
                    SELECT checkin.id AS res_id, line.manager_id AS employee_id,
                           checkin.owner_id AS about_id, checkin.company_id,
                           checkin.posted_on AS date_from,
                           checkin.posted_on + %(days)s AS deadline,
                           checkin.acknowledged_on AS done_on, TRUE AS shared
                      FROM hr_performance_checkin checkin
                      JOIN %(managers)s line ON line.employee_id = checkin.owner_id
                      JOIN hr_performance_goal goal ON goal.id = checkin.goal_id
                      JOIN hr_performance_cycle cycle ON cycle.id = goal.cycle_id
                     WHERE checkin.state IN ('posted', 'acknowledged')
                       -- what was posted before this was asked for is not asked for
                       AND checkin.posted_on IS NOT NULL
                       AND (checkin.acknowledged_on IS NOT NULL
                            OR checkin.state = 'posted'
                               AND checkin.corrected_by_id IS NULL
                               AND goal.state != 'cancelled'
                               AND cycle.state != 'closed')
                       -- nobody answers themselves
                       AND checkin.employee_id != line.manager_id%(flush)s
                    """,
                    days=ANSWER_DAYS,
                    managers=self._managers_sql(),
                    flush=flush,
                ),
            ),
        ]
