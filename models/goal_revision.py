from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.agreement import Change, changes
from .frozen_json import FrozenJson

#: what is on record: the steps of the goal's table, changes by somebody else before a
#: step, decisions on new targets, and looks
STEPS = [
    ("propose", "Proposed"),
    ("agree", "Agreed"),
    ("write", "Changed"),
    ("send_back", "Sent back"),
    ("request_change", "Change requested"),
    ("refuse_change", "Change refused"),
    ("approve_target", "New target approved"),
    ("refuse_target", "New target refused"),
    ("hand_out", "Holder of the post moved"),
    ("hand_over", "Handed over"),
    ("close", "Closed"),
    ("cancel", "Cancelled"),
    ("reopen", "Reopened"),
    ("look", "Seen"),
]


class HrPerformanceGoalRevision(models.Model):
    """What a goal demanded at one step, who took it and why: the change log.

    Written by the steps of the goal and by nothing else, never changed or deleted by
    anybody. What a step changed is worked out from the revision before it.
    """

    _name = "hr.performance.goal.revision"
    _description = "Goal Change"
    _order = "date desc, id desc"

    goal_id = fields.Many2one(
        "hr.performance.goal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="goal_id.company_id", store=True)
    responsible_id = fields.Many2one(related="goal_id.responsible_id", string="Owner")
    step = fields.Selection(STEPS, required=True, readonly=True, index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.uid,
        help="Who took the step: on an agreement and on a decision, who approved.",
    )
    requested_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who had asked for what was decided here.",
    )
    reason = fields.Text(readonly=True)
    content = FrozenJson(
        required=True,
        readonly=True,
        help="What the goal demanded then, in names and figures: see"
        " engine/agreement.py.",
    )
    kept = fields.Json(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="What else brings an agreement back when its change is refused.",
    )
    changes = fields.Text("What Changed", compute="_compute_changes")

    @api.depends("goal_id", "step", "date")
    def _compute_display_name(self):
        steps = dict(self._fields["step"]._description_selection(self.env))
        for revision in self:
            revision.display_name = steps.get(revision.step, "")

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_changes(self):
        # those before are about the same goals, and so are their readers
        history = self.search_fetch(
            [("goal_id", "in", self.goal_id.ids), ("step", "!=", "look")],
            ["goal_id", "step", "content"],
            order="id",
        )
        before, last, agreed = {}, {}, {}
        for revision in history:
            goal = revision.goal_id
            former = last.get(goal)
            last[goal] = revision.content
            if revision.step == "request_change":
                agreed[goal] = revision.content
            elif revision.step in ("agree", "refuse_change"):
                # old and new of the whole agreement, whoever wrote which part of it
                former = agreed.pop(goal, former)
            before[revision] = former
        told = self.env["hr.performance.goal"]._tell_changes(
            revision._what_changed(before[revision]) if revision in before else []
            for revision in self
        )
        for revision, lines in zip(self, told, strict=True):
            revision.changes = "\n".join(lines)

    def _what_changed(self, former):
        """The list of :class:`~..engine.agreement.Change` since the content ``former``."""
        request = self.content.get("request")
        if request:  # what was asked for, also where it was refused
            return [Change(request, "request", request["former"], request["target"])]
        return changes(former, self.content)

    def _tell_since(self):
        """Since when, in the words of who took this step."""
        names = {
            "date": format_date(
                self.env, fields.Datetime.context_timestamp(self, self.date).date()
            )
        }
        match self.step:
            case "propose":
                return self.env._("since you proposed it (%(date)s)", **names)
            case "send_back":
                return self.env._("since you sent it back (%(date)s)", **names)
            case "agree":
                return self.env._("since you agreed (%(date)s)", **names)
            case "look":
                return self.env._("since you last looked (%(date)s)", **names)
            case _:
                return self.env._("since your last step (%(date)s)", **names)
