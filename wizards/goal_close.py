from itertools import groupby

from odoo import api, fields, models
from odoo.tools import format_list

from ..models.goal import DECISIONS

NEXT_STEPS = [
    ("end", "It ends here"),
    ("carry", "Carry over what is left to the next period"),
    ("modify", "Carry over and rewrite it now"),
]


class HrPerformanceGoalClose(models.TransientModel):
    """Say how goals ended, what was learned and what happens next, for one or for many."""

    _name = "hr.performance.goal.close"
    _description = "Close Goals"

    goal_ids = fields.Many2many(
        "hr.performance.goal",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    is_single = fields.Boolean(compute="_compute_is_single")
    decision = fields.Selection(
        DECISIONS,
        compute="_compute_decision",
        # a suggestion follows from the score: of no goal that its reader may not read
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        help="For all of them. Of several goals each has its own suggestion.",
    )
    lesson = fields.Text(
        help="What would you do differently? Whoever writes the next goal on the same"
        " indicators, and may read this one, will see it."
    )
    next_step = fields.Selection(NEXT_STEPS, required=True, default="end")
    line_ids = fields.One2many(
        "hr.performance.goal.close.line",
        "close_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("goal_ids")
    def _compute_is_single(self):
        for wizard in self:
            wizard.is_single = len(wizard.goal_ids) == 1

    @api.depends("goal_ids")
    def _compute_decision(self):
        for wizard in self:
            goals = wizard.goal_ids._origin
            wizard.decision = len(goals) == 1 and goals._suggested_decision()

    @api.depends("goal_ids")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"goal_id": goal.id})
                    for goal in wizard.goal_ids._origin
                ),
            ]

    def action_confirm(self):
        """Close the goals, each as its line says; open what is to be rewritten.

        What came with a post is not carried over, and the result says so.
        """
        self.ensure_one()

        def ending(line):
            return line.decision or "", line.lesson or ""

        for (decision, lesson), lines in groupby(
            self.line_ids.sorted(ending), key=ending
        ):
            goals = self.goal_ids.browse(line.goal_id.id for line in lines)
            goals.action_close(decision, lesson)
        goals = {
            step: self.line_ids.filtered(
                lambda line, step=step: line.next_step == step
            ).goal_id
            for step in ("carry", "modify")
        }
        goals["carry"]._carry_over()
        action = {"type": "ir.actions.act_window_close"}
        if rewritten := goals["modify"]._carry_over():
            action = self._open(rewritten)
        if left := (goals["carry"] | goals["modify"])._handed_out():
            return self._tell_left(left, action)
        return action

    @api.model
    def _tell_left(self, goals, action):
        """A notice that ``goals`` were not carried over, and then ``action``."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Closed, but not carried over"),
                "message": self.env._(
                    "These came with a post. In the next period they come with its goal,"
                    " to whoever holds it then: %(goals)s",
                    goals=format_list(self.env, goals.mapped("name")),
                ),
                "next": action,
            },
        }

    @api.model
    def _open(self, goals):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        action |= {"domain": [("id", "in", goals.ids)], "context": {}}
        if len(goals) == 1:
            action |= {"res_id": goals.id, "views": [(False, "form")]}
        return action


class HrPerformanceGoalCloseLine(models.TransientModel):
    """How one of the goals ended; what is said of all is said of each until changed."""

    _name = "hr.performance.goal.close.line"
    _inherit = ["hr.performance.dialog.mixin"]
    _description = "How a Goal Ended"

    close_id = fields.Many2one(
        "hr.performance.goal.close", required=True, ondelete="cascade"
    )
    goal_id = fields.Many2one(
        "hr.performance.goal", required=True, readonly=True, ondelete="cascade"
    )
    figure = fields.Char(related="goal_id.figure", related_sudo=False)
    decision = fields.Selection(
        DECISIONS,
        compute="_compute_decision",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    lesson = fields.Text(compute="_compute_lesson", store=True, readonly=False)
    next_step = fields.Selection(
        NEXT_STEPS, compute="_compute_next_step", store=True, readonly=False
    )

    @api.depends("close_id.decision", "goal_id")
    def _compute_decision(self):
        for line in self:
            line.decision = (
                line.close_id.decision or line.goal_id._origin._suggested_decision()
                if line.goal_id
                else False
            )

    @api.depends("close_id.lesson")
    def _compute_lesson(self):
        for line in self:
            line.lesson = line.close_id.lesson

    @api.depends("close_id.next_step")
    def _compute_next_step(self):
        for line in self:
            line.next_step = line.close_id.next_step
