from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .flush import flush_sql

EFFECTS = [
    ("worked", "It worked"),
    ("partly", "Partly"),
    ("not_worked", "It did not work"),
]
#: who is asked whether it worked has so many days for the answer
DAYS_TO_JUDGE = 7


class HrPerformanceAction(models.Model):
    """Whether an action worked, judged some time after it was done.

    Nobody judges what they have done themselves: the owner of the goal does, and where the
    owner did it, the manager above. Only who has nobody above judges alone. The judgement
    moves no result, so that it may be given, and corrected, after the cycle is closed.
    """

    _inherit = "hr.performance.action"

    _method_only_fields = frozenset({"state", "done_on", "effect", "effect_note"})
    _lasting_fields = frozenset(
        {"effect", "effect_note", "effect_judged_on", "effect_judged_by_id"}
    )

    effect_date = fields.Date(
        "Judge On",
        compute="_compute_effect_date",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="When one can tell whether it worked: some weeks after it was done.",
    )
    effect = fields.Selection(
        EFFECTS, copy=False, tracking=True, index="btree_not_null"
    )
    effect_note = fields.Text(
        "What We Learned", copy=False, help="Why, for whoever plans the same again."
    )
    effect_judged_on = fields.Date("Judged", readonly=True, copy=False)
    effect_judged_by_id = fields.Many2one(
        "res.users", "Judged By", readonly=True, copy=False
    )
    judge_id = fields.Many2one(
        "hr.employee",
        compute="_compute_judge_id",
        compute_sudo=True,
        help="Who is asked whether it worked.",
    )
    can_judge = fields.Boolean(
        compute="_compute_can_judge", export_string_translation=False
    )
    is_mine_to_judge = fields.Boolean(
        "To Judge by Me",
        compute="_compute_is_mine_to_judge",
        search="_search_is_mine_to_judge",
    )

    @property
    def _owed_fields(self):
        return super()._owed_fields | {"effect", "effect_date"}

    @api.depends("done_on")
    def _compute_effect_date(self):
        for action in self:
            if not action.done_on:
                action.effect_date = False
            elif not action.effect_date or action.effect_date < action.done_on:
                weeks = action.company_id.performance_effect_weeks
                action.effect_date = action.done_on + timedelta(weeks=weeks)

    @api.depends("goal_id.responsible_id", "responsible_id")
    def _compute_judge_id(self):
        for action in self:
            doer, owner = action.responsible_id, action.goal_id.responsible_id
            action.judge_id = (
                owner if owner and owner != doer else doer.parent_id or doer
            )

    @api.depends_context("uid")
    @api.depends("state", "responsible_id", "goal_id")
    def _compute_can_judge(self):
        for action in self:
            action.can_judge = action.state == "done" and action._may_judge()

    def _may_judge(self):
        """Whether the user is above, the owner of the goal or HR, and did not do it."""
        self.ensure_one()
        # sudo: whoever does it need not be able to read the goal
        if not self.sudo().goal_id:
            # without a goal there is nothing that it could have worked for
            return False
        if self.is_mine:
            # sudo: whether there is anybody above is not readable, but no secret
            others = self.sudo().judge_id - self.sudo().responsible_id
            return not others
        return bool(self._performance_roles())

    @api.depends_context("uid")
    @api.depends("state", "effect", "effect_date", "responsible_id", "goal_id")
    def _compute_is_mine_to_judge(self):
        ids = {row[0] for row in self.env.execute_query(self._mine_to_judge_sql())}
        for action in self:
            action.is_mine_to_judge = action._origin.id in ids

    def _search_is_mine_to_judge(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._mine_to_judge_sql())]

    @api.model
    def _mine_to_judge_sql(self):
        return SQL(
            """(
            SELECT owed.res_id FROM (%s) owed
             WHERE owed.done_on IS NULL AND owed.date_from <= %s
               AND owed.employee_id IN %s)""",
            self._effect_owed_sql(),
            fields.Date.today(),
            self._my_employees_sql(),
        )

    @api.model
    def _owed_sql(self):
        return [*super()._owed_sql(), ("effect", self._effect_owed_sql())]

    @api.model
    def _effect_owed_sql(self):
        flush = flush_sql(
            self.env,
            (
                self._name,
                "goal_id company_id responsible_id state done_on effect effect_date"
                " effect_judged_on",
            ),
            ("hr.performance.goal", "active state responsible_id"),
            ("hr.employee", "parent_id active"),
        )
        return SQL(
            """
            SELECT action.id AS res_id,
                   CASE WHEN owner.active AND owner.id != doer.id THEN owner.id
                        ELSE COALESCE(doer.parent_id, doer.id)
                   END AS employee_id,
                   doer.id AS about_id, action.company_id,
                   action.effect_date AS date_from,
                   action.effect_date + %(days)s AS deadline,
                   action.effect_judged_on AS done_on, goal.id IS NOT NULL AS shared
              FROM hr_performance_action action
              JOIN hr_employee doer ON doer.id = action.responsible_id
         LEFT JOIN hr_performance_goal goal ON goal.id = action.goal_id
         LEFT JOIN hr_employee owner ON owner.id = goal.responsible_id
             WHERE action.state = 'done' AND action.effect_date IS NOT NULL
               AND (goal.id IS NULL OR goal.active AND goal.state != 'cancelled')
               %(flush)s
            """,
            days=DAYS_TO_JUDGE,
            flush=flush,
        )

    def _owed_action(self, kind):
        """Judging is a dialog."""
        if kind != "effect":
            return super()._owed_action(kind)
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.action_judge_action"
        ) | {"context": {"active_id": self.id, "default_action_id": self.id}}

    # ---------------------------------------------------------------- steps

    def action_judge(self, effect, note):
        """Say whether it worked, and what was learned.

        :param effect: worked, partly or not_worked
        :param note: the reason, which whoever plans the same again will read
        """
        self.check_access("read")
        effects = dict(self._fields["effect"]._description_selection(self.env))
        if not isinstance(effect, str) or effect not in effects:
            raise UserError(
                self.env._(
                    "Choose whether “%(action)s” worked: %(effects)s.",
                    action=self[:1].name,
                    effects=", ".join(effects.values()),
                )
            )
        note = self._check_reason(note)
        for action in self:
            if action.state != "done":
                raise UserError(
                    self.env._(
                        "“%(action)s” is not done yet. Whether it worked can be told"
                        " afterwards.",
                        action=action.name,
                    )
                )
            if not self.env.su and not action._may_judge():
                raise AccessError(
                    self.env._(
                        "Whether “%(action)s” worked is for %(judge)s to say, for a manager"
                        " above or for HR. Nobody judges what they did themselves.",
                        action=action.name,
                        judge=action.sudo().judge_id.name
                        or self.env._("the owner of the goal"),
                    )
                )
        # sudo: set here and by nobody else
        self.sudo().write(
            {
                "effect": effect,
                "effect_note": note,
                "effect_judged_on": fields.Date.today(),
                "effect_judged_by_id": self.env.uid,
            }
        )

    def action_reopen(self):
        """Put it back on the list; what was judged before stays in its log."""
        super().action_reopen()
        judged = self.sudo().filtered("effect")
        for action in judged:
            action.message_post(body=action.effect_note)
        judged.write(dict.fromkeys(self._lasting_fields, False))
