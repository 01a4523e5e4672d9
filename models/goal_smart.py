from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ..engine import smart
from .goal import HOLDERS, OPEN_STATES


class HrPerformanceGoal(models.Model):
    """Hints while a goal is written: what would make it clearer, and why.

    The facts are collected here, set-based; what they mean is known to ``engine/smart.py``
    and to the rules (``hr.performance.smart.rule``).
    """

    _inherit = "hr.performance.goal"

    smart_hints = fields.Json(
        "Ideas to Make It Clearer",
        compute="_compute_smart_hints",
        export_string_translation=False,
    )

    @api.depends(
        "name",
        "description",
        "state",
        "scope",
        "method",
        "weight",
        "progress_source",
        "cycle_id.date_start",
        "cycle_id.date_end",
        "cycle_id.binding_rule_ids",
        "date_start",
        "date_end",
        "employee_id",
        "department_id",
        "responsible_id",
        "parent_id",
        "child_ids",
        "action_ids",
        "measure_ids.indicator_id",
        "measure_ids.baseline",
        "measure_ids.target",
        "measure_ids.date_start",
        "measure_ids.date_end",
        "measure_ids.actual",
    )
    @api.depends_context("uid", "lang")
    def _compute_smart_hints(self):
        """``[{code, letter, name, message, reason, instead_of, better, binding}, …]``.

        With the rights of the user, and only for who may write the goal: empty for others,
        once it is agreed, and when there is nothing to say.
        """
        self.smart_hints = []
        written = self._written_by_user()
        if not written:
            return
        rules = self.env["hr.performance.smart.rule"].search(
            [("company_id", "in", [False, *written.company_id.ids])]
        )
        binding = written.cycle_id._binding_rules()
        for goal, said in written._smart_findings(rules).items():
            # a form may be without a period yet, which demands nothing then
            bound = binding.get(goal.cycle_id, rules.browse())
            goal.smart_hints = [
                {
                    "code": rule.code,
                    "letter": rule.letter,
                    "name": rule.name,
                    "message": rule._say(facts),
                    "reason": rule.reason,
                    "instead_of": rule.example_bad or "",
                    "better": rule.example_better,
                    "binding": rule in bound,
                }
                for rule, facts in sorted(said, key=lambda found: found[0] not in bound)
            ]

    def _written_by_user(self):
        """The goals that are still being written, by the current user among others."""
        open_goals = self.filtered(
            lambda goal: (
                goal.name
                and goal.scope
                and goal.state in OPEN_STATES
                # a proposal is with the manager
                and not (goal.state == "proposed" and goal.is_mine)
            )
        )
        saved = open_goals._origin
        writable = saved._filtered_access("write")
        return open_goals.filtered(
            lambda goal: not goal._origin or goal._origin in writable
        )

    def _smart_findings(self, rules):
        """What ``rules`` have to say about these goals.

        :return: ``{goal: [(rule, facts), ...]}``, the rules in their order
        """
        engine_rules = [(rule, rule._engine_rule()) for rule in rules]
        found = {}
        for goal, facts in self._smart_facts().items():
            checked = (
                (rule, smart.find(engine_rule, facts))
                for rule, engine_rule in engine_rules
                if rule._is_about(goal)
            )
            found[goal] = [
                (rule, facts) for rule, facts in checked if facts is not None
            ]
        return found

    # ---------------------------------------------------------------- facts

    def _smart_facts(self):
        """``{goal: the engine's facts}``, in a number of queries that no goal adds to."""
        today = fields.Date.context_today(self)
        others = self._smart_others()
        measures = self.measure_ids._smart_facts(today)
        facts = {}
        for goal in self:
            # sudo: whether somebody left, and what the goal above measures, is only
            # compared; the user may not be able to read either
            owner, parent = goal.responsible_id.sudo(), goal.parent_id.sudo()
            facts[goal] = smart.Goal(
                goal.name or "",
                html2plaintext(goal.description or "").strip(),
                tuple(measures[measure] for measure in goal.measure_ids),
                has_parts=goal.progress_source in ("children", "both")
                or bool(goal.child_ids),
                has_owner=bool(owner),
                owner_left=bool(owner) and not owner.active,
                has_parent=bool(parent),
                is_related=goal.measure_ids.indicator_id._is_related_to(
                    parent.measure_ids.indicator_id
                ),
                weight=goal._smart_weight(),
                others=tuple(
                    smart.Other(
                        other.name,
                        other._smart_weight(),
                        frozenset(other.measure_ids.indicator_id.mapped("kind")),
                    )
                    for other in others.get(goal._smart_holder(), ())
                    if other != goal._origin
                ),
                actions=len(goal.action_ids),
                date_start=goal.date_start,
                date_end=goal.date_end,
                period_start=goal.cycle_id.date_start,
                period_end=goal.cycle_id.date_end,
                today=today,
            )
        return facts

    def _smart_weight(self):
        """What the goal weighs beside the others of its holder; an OKR: None."""
        return self.weight if self.method == "kpi" else None

    def _smart_holder(self):
        """Whose goal it is, and in which period."""
        holder = self[HOLDERS[self.scope]]._origin
        return self.scope, holder.id, self.cycle_id._origin.id

    def _smart_others(self):
        """``{holder: goals}``: all goals in the same hands, as far as one may read them."""
        holders = {goal._smart_holder() for goal in self}
        domain = Domain.OR(
            Domain("scope", "=", scope)
            & Domain(HOLDERS[scope], "=", holder_id)
            & Domain("cycle_id", "=", cycle_id)
            for scope, holder_id, cycle_id in holders
        )
        goals = self.search(domain & Domain("state", "!=", "cancelled"))
        return goals.grouped(lambda goal: goal._smart_holder())

    # ---------------------------------------------------------------- binding

    def _check_step(self, name):
        # first whether the user may take it: what is missing is told to nobody else
        super()._check_step(name)
        if name in ("propose", "agree"):
            self._check_binding_rules()

    def _check_binding_rules(self):
        """Refuse goals that lack what their cycle demands.

        :raise UserError: names the goal, the rules, what is missing, and better examples
        """
        # sudo: what is demanded does not depend on which other goals the user may read
        goals = self.sudo()
        binding = goals.cycle_id._binding_rules()
        for cycle, group in goals.grouped("cycle_id").items():
            if not binding[cycle]:
                continue
            for goal, said in group._smart_findings(binding[cycle]).items():
                if not said:
                    continue
                raise UserError(
                    self.env._(
                        "“%(goal)s” lacks what “%(cycle)s” asks of every goal:\n%(hints)s",
                        goal=goal.name,
                        cycle=cycle.name,
                        hints="\n".join(
                            self.env._(
                                "• %(rule)s: %(hint)s Better: “%(example)s”",
                                rule=rule.name,
                                hint=rule._say(facts),
                                example=rule.example_better,
                            )
                            for rule, facts in said
                        ),
                    )
                )
