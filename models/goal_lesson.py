from odoo import api, fields, models

from .nullable import NullableFloat

#: of so many of the newest lessons on its indicators a goal knows
LESSONS_KNOWN = 200
#: so many are written out on its form
LESSONS_SHOWN = 5


class HrPerformanceGoalRevision(models.Model):
    """The lesson is part of the record of the closing, and read like it."""

    _inherit = "hr.performance.goal.revision"

    lesson = fields.Text(
        readonly=True, help="What was learned, for whoever comes next."
    )
    decision = fields.Selection(related="goal_id.decision")
    score = NullableFloat("Points", related="goal_id.score")
    cycle_id = fields.Many2one(related="goal_id.cycle_id")
    indicator_ids = fields.Many2many(
        "hr.performance.indicator",
        string="Indicators",
        compute="_compute_indicator_ids",
        search="_search_indicator_ids",
    )

    @api.depends("goal_id.measure_ids.indicator_id")
    def _compute_indicator_ids(self):
        for revision in self:
            revision.indicator_ids = revision.goal_id.measure_ids.indicator_id

    def _search_indicator_ids(self, operator, value):
        return [("goal_id.measure_ids.indicator_id", operator, value)]

    def _tell_lesson(self):
        """The lesson with where it comes from, in one line."""
        goal = self.goal_id
        words = [goal.cycle_id.name, goal.name]
        if goal.decision:
            decisions = goal._fields["decision"]._description_selection(self.env)
            words.append(dict(decisions)[goal.decision])
        return self.env._(
            "%(origin)s: %(lesson)s", origin=" · ".join(words), lesson=self.lesson
        )


class HrPerformanceGoal(models.Model):
    """What was learned from a goal, and before it on the same indicators."""

    _inherit = "hr.performance.goal"

    lesson = fields.Text(
        compute="_compute_lesson",
        search="_search_lesson",
        help="What was learned, for whoever writes the next goal on the same indicators.",
    )
    earlier_lesson_count = fields.Integer(compute="_compute_earlier_lessons")
    earlier_lessons = fields.Text(
        "What Was Learned Before",
        compute="_compute_earlier_lessons",
        help="From closed goals on the same indicators, the newest first.",
    )

    @api.depends_context("uid")
    @api.depends("state", "revision_ids.lesson")
    def _compute_lesson(self):
        # under the user's rules: what was learned is part of the dialogue
        learned = self._last_revisions([("lesson", "!=", False)])
        for goal in self:
            revision = learned.get(goal._origin)
            goal.lesson = revision and revision.lesson

    def _search_lesson(self, operator, value):
        if operator == "in" and set(value) == {False}:
            return [("revision_ids", "not any", [("lesson", "!=", False)])]
        if operator in ("in", "ilike", "like", "=ilike", "=like"):
            return [("revision_ids", "any", [("lesson", operator, value)])]
        return NotImplemented

    @api.depends_context("uid", "lang")
    @api.depends("measure_ids.indicator_id")
    def _compute_earlier_lessons(self):
        # under the user's rules: the lesson of a private goal stays with its line
        lessons = self.env["hr.performance.goal.revision"].search(
            [
                ("lesson", "!=", False),
                ("indicator_ids", "in", self.measure_ids.indicator_id.ids),
            ],
            limit=LESSONS_KNOWN,
        )
        for goal in self:
            learned = lessons.filtered(
                lambda lesson, goal=goal: (
                    lesson.goal_id != goal._origin
                    and lesson.indicator_ids & goal.measure_ids.indicator_id
                )
            )
            goal.earlier_lesson_count = len(learned)
            goal.earlier_lessons = "\n".join(
                lesson._tell_lesson() for lesson in learned[:LESSONS_SHOWN]
            )

    def action_close(self, decision, lesson=None):
        """Close with a ``decision`` and, where there is one, a ``lesson`` for the next.

        :param decision: achieved, partly, not_achieved or dropped
        """
        super().action_close(decision)
        if lesson := lesson.strip() if isinstance(lesson, str) else "":
            closings = self.sudo()._last_revisions([("step", "=", "close")])
            self.env["hr.performance.goal.revision"].sudo().concat(
                *closings.values()
            ).lesson = lesson

    def action_reopen(self, reason):
        """Bring it back; what had been learned then is history, no longer a lesson."""
        super().action_reopen(reason)
        for revision in self.sudo().revision_ids.filtered("lesson"):
            revision.write({"reason": revision.lesson, "lesson": False})

    def action_view_earlier_lessons(self):
        """The lessons on the indicators of this goal, to search and read."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.lesson_action"
        )
        return action | {
            "domain": [
                ("lesson", "!=", False),
                ("indicator_ids", "in", self.measure_ids.indicator_id.ids),
                ("goal_id", "!=", self.id),
            ]
        }
