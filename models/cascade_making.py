from typing import NamedTuple

from odoo import models
from odoo.fields import Command

from ..engine.scoring import Rule, ScoringError, Target, check_target
from .cascade_measure import FIGURES, PAGE, as_number
from .goal import HOLDERS

#: how many different problems the preview spells out
NAMED_PROBLEMS = 5
#: how many a message names
MESSAGE_PROBLEMS = 3


class Item(NamedTuple):
    """One goal that is planned: a receiver's for ``cycle``.

    ``column``: id of the period in the table, 0 for the whole one.
    ``is_part``: it stands below the receiver's goal for the whole period.
    ``figures``: ``(measure of the cascade, baseline, target)`` of each of its measures.
    """

    line: models.BaseModel
    cycle: models.BaseModel
    column: int
    is_part: bool
    origin: str
    figures: list = ()


class HrPerformanceCascade(models.Model):
    """What a cascade makes: first on the preview, then for good.

    A goal is known by the goal it comes from, its receiver and its period, whichever
    cascade makes it. So a second cascade of the same goal makes only what is missing.
    """

    _inherit = "hr.performance.cascade"

    # ---------------------------------------------------------------- what is planned

    def _planned(self):
        """Everything that is planned, and what of it exists.

        :return: list of :class:`Item`, ``{origin: goal}`` as from :meth:`_existing`, and
            the plan of each measure's targets
        """
        items = self._items()
        existing = self._existing(items)
        standing = self._standing(items, existing)
        shared = {
            measure: {figure: measure._shared(figure, standing) for figure in FIGURES}
            for measure in self.measure_ids
        }
        figures = self._figures(shared, standing)
        return (
            [
                item._replace(
                    figures=[
                        (measure, *figures[key])
                        for measure in item.line.measure_ids
                        if (key := (measure.id, item.line.id, item.column)) in figures
                    ]
                )
                for item in items
            ],
            existing,
            {measure: shared[measure]["target"][2] for measure in self.measure_ids},
        )

    def _items(self):
        """All goals that are planned, receiver by receiver, whole periods first."""
        self.ensure_one()
        items = []
        along_time_only = self.receiver == "holder"
        for source, lines in self._chosen_lines().grouped("source_id").items():
            periods = self._periods(source.cycle_id)
            columns = [(0, source.cycle_id)] * (not along_time_only)
            columns += [(cycle.id, cycle) for cycle in periods]
            for line in lines:
                holder = f"{line.scope}:{line.sudo()._holder().id}"
                items += [
                    Item(
                        line,
                        cycle,
                        column,
                        bool(column) and not along_time_only,
                        f"cascade:{source.id}:{holder}:{cycle.id}",
                    )
                    for column, cycle in columns
                ]
        return items

    def _chosen_lines(self):
        return self.line_ids.filtered("selected")

    def _figures(self, shared, standing):
        """``{(measure id, line id, period id or 0): (baseline, target)}``; None: not said.

        A receiver whose goal exists without a measure gets none of it in its periods.
        """
        found = {}
        for measure, plans in shared.items():
            lines, periods, targets = plans["target"]
            baselines = plans["baseline"][2]
            for i, line in enumerate(lines):
                for k, column in enumerate([0, *periods.ids]):
                    if measure._is_left_out(standing, line, column):
                        continue
                    found[measure.id, line.id, column] = tuple(
                        plan.cells[i][k - 1] if k else plan.rows[i]
                        for plan in (baselines, targets)
                    )
        return found

    def grid(self):
        """The table of the first measure; see the measure's own ``grid``."""
        self.ensure_one()
        return self.measure_ids[:1].grid() if self.measure_ids else {"id": False}

    def _measure_choices(self):
        """The measures that one can look at, named by their goals where there are more."""
        several = len(self.source_ids) > 1
        return [
            {
                "id": measure.id,
                "name": f"{measure.goal_id.name}: {measure.display_name}"
                if several
                else measure.display_name,
            }
            for measure in self.measure_ids
        ]

    # ---------------------------------------------------------------- problems

    def _problems(self, items, made):
        """Why each of ``items`` cannot be made, in words; empty: it can, or is made.

        Below a goal that cannot be made there are no parts of it.
        """
        problem_of, overlap_of = self._problem_finder(), self._overlap_finder(made)
        wholes = {}
        problems = []
        for item in items:
            problem = (
                "" if item.origin in made else problem_of(item) or overlap_of(item)
            )
            if item.is_part:
                problem = problem or wholes.get(self._origin_above(item), "")
            else:
                wholes[item.origin] = problem
            problems.append(problem)
        return problems

    def _problem_finder(self):
        """A function: why an :class:`Item` cannot be made, in words, or an empty text."""
        led = {
            scope: self._is_led(scope) for scope in set(self.line_ids.mapped("scope"))
        }
        rules = {
            measure: Rule.from_dict(measure.measure_id._effective_rule()["scoring"])
            for measure in self.measure_ids
            if measure._has_target()
        }

        def problem(item):
            line = item.line.sudo()
            names = {"receiver": line.receiver, "period": item.cycle.name}
            holder = line._holder()
            if "active" in holder._fields and not holder.active:
                return self.env._("%(receiver)s is archived.", **names)
            if not led[line.scope](holder):
                return self.env._(
                    "%(receiver)s: only HR and the managers above set goals there.",
                    **names,
                )
            if item.cycle.state == "closed":
                return self.env._("“%(period)s” is closed.", **names)
            for measure, baseline, target in item.figures:
                if measure not in rules:
                    continue
                names["measure"] = measure.display_name
                if target is None:
                    return self.env._(
                        "%(receiver)s, %(period)s: “%(measure)s” has no target yet. Type"
                        " one, or take the measure from this receiver.",
                        **names,
                    )
                if baseline is None:
                    return self.env._(
                        "%(receiver)s, %(period)s: “%(measure)s” has no baseline yet. Type"
                        " one, or take the measure from this receiver.",
                        **names,
                    )
                try:
                    check_target(rules[measure], Target(float(baseline), float(target)))
                except ScoringError:
                    return self.env._(
                        "%(receiver)s, %(period)s: “%(measure)s” cannot go %(figures)s. Type"
                        " another target, or take the measure from this receiver.",
                        figures=measure._figure_text(baseline, target),
                        **names,
                    )
            return ""

        return problem

    def _overlap_finder(self, made):
        """A function: why an :class:`Item` would count twice beside another part in time.

        Quarters and months below one goal for the year would each cover it.

        :param made: as from :meth:`_existing`
        """
        # sudo: what the user cannot see counts all the same
        parts = (
            self.env["hr.performance.goal"]
            .sudo()
            .search(
                [
                    (
                        "parent_id",
                        "in",
                        [*self.source_ids.ids, *(goal.id for goal in made.values())],
                    ),
                    ("is_time_part", "=", True),
                    ("link", "=", "contributes"),
                    ("state", "!=", "cancelled"),
                ]
            )
            .grouped("parent_id")
        )

        def overlap(item):
            if item.is_part:
                above = made.get(self._origin_above(item))
            else:
                above = self.receiver == "holder" and item.line.source_id
            for goal in parts.get(above, ()):
                if (
                    goal.date_start <= item.cycle.date_end
                    and item.cycle.date_start <= goal.date_end
                ):
                    return self.env._(
                        "%(receiver)s, %(period)s: “%(part)s” is there already for the"
                        " same time and would count twice. Cascade that goal along time,"
                        " or cancel it first.",
                        receiver=item.line.sudo().receiver,
                        period=item.cycle.name,
                        part=goal.name,
                    )
            return ""

        return overlap

    # ---------------------------------------------------------------- preview

    def preview(self, offset=0, only_problems=False):
        """One page of everything that will be made, and what stands against it.

        :param only_problems: leave out what can be made, or is made
        :return: a dict for the list in the browser
        """
        self.ensure_one()
        self.check_access("read")
        self._check_sources()
        items, made, plans = self._planned()
        problems = self._problems(items, made)
        reasons = list(dict.fromkeys(filter(None, problems)))
        ownerless = self._chosen_lines().filtered(lambda line: not line.owner_id)
        page = slice(offset, offset + PAGE)
        shown = [
            (item, why)
            for item, why in zip(items, problems, strict=True)
            if why or not only_problems
        ]
        there = {item.origin for item, _why in shown[page]} & made.keys()
        readable = set(
            self.env["hr.performance.goal"]
            .browse(made[origin].id for origin in there)
            ._filtered_access("read")
            .ids
        )
        return {
            "rows": [
                self._preview_row(item, made.get(item.origin), why, readable)
                for item, why in shown[page]
            ],
            "offset": offset,
            "page": PAGE,
            "count": len(shown),
            "only_problems": only_problems,
            "existing": len(made),
            "to_make": sum(
                item.origin not in made and not why
                for item, why in zip(items, problems, strict=True)
            ),
            "problems": reasons[:NAMED_PROBLEMS],
            "more_problems": len(reasons[NAMED_PROBLEMS:]),
            "problem_count": sum(map(bool, problems)),
            "hints": self._hints(ownerless, plans),
        }

    def _hints(self, ownerless, plans):
        """What does not stop anything, but should be known before.

        :param plans: the plan of each measure's targets
        """
        hints = []
        if ownerless:
            hints.append(
                self.env._(
                    "Without an owner, who would have to answer for the goal: %(names)s."
                    " Name a manager of the department.",
                    names=", ".join(ownerless.mapped("receiver")[:5]),
                )
            )
        for measure, plan in plans.items():
            if measure._has_target() and plan.rows:
                uncovered = plan.uncovered
                if uncovered:
                    hints.append(
                        self.env._(
                            "“%(measure)s”: %(amount)s still uncovered.",
                            measure=measure.display_name,
                            amount=measure._figure_text(uncovered),
                        )
                        if uncovered > 0
                        else self.env._(
                            "“%(measure)s”: %(amount)s more than asked.",
                            measure=measure.display_name,
                            amount=measure._figure_text(-uncovered),
                        )
                    )
        return hints

    def _preview_row(self, item, goal, problem, readable):
        """One line of the preview.

        :param goal: what exists of ``item``, in superuser mode
        :param readable: ids of the goals that may be told about
        """
        line = item.line.sudo()
        is_told = bool(goal) and goal.id in readable
        return {
            "key": item.origin,
            "goal_id": is_told and goal.id,
            "name": goal.name if is_told else self._item_name(item),
            "receiver": line.receiver,
            "owner": line.owner_id.name or "",
            "period": item.cycle.name,
            "is_part": item.is_part,
            "weight": goal.weight if is_told else line.weight,
            "measures": [
                measure.display_name
                if measure
                not in self.measure_ids.filtered(lambda one: one._has_target())
                else self.env._(
                    "%(measure)s: %(figures)s",
                    measure=measure.display_name,
                    figures=measure._figure_text(baseline, target),
                )
                for measure, baseline, target in item.figures
            ],
            "exists": goal
            and dict(goal._fields["state"]._description_selection(self.env))[
                goal.state
            ],
            "problem": problem,
        }

    # ---------------------------------------------------------------- making

    def action_start(self):
        self._check_sources()
        return super().action_start()

    def _count_batch(self):
        """Work the plan out once: batches take from it what it says, one after the other."""
        items, existing, _plans = self._planned()
        problems = self._problems(items, existing)
        queue = [
            self._to_queue(item)
            for item, problem in zip(items, problems, strict=True)
            if item.origin not in existing and not problem
        ]
        # sudo: set by starting it only
        self.sudo().queue = queue
        return len(queue)

    def _nothing_message(self):
        items, existing, _plans = self._planned()
        problems = list(dict.fromkeys(filter(None, self._problems(items, existing))))
        if not problems:
            return super()._nothing_message()
        return self.env._(
            "“%(cascade)s” makes nothing: every goal has a problem or is there"
            " already.\n%(problems)s",
            cascade=self.display_name,
            problems="\n".join(problems[:MESSAGE_PROBLEMS]),
        )

    def _to_queue(self, item):
        return [
            item.line.id,
            item.cycle.id,
            item.column,
            item.is_part,
            item.origin,
            [
                [measure.id, *map(as_number, figures)]
                for measure, *figures in item.figures
            ],
        ]

    def _from_queue(self, rows):
        """The items of these ``rows`` of the queue; receivers may be gone meanwhile."""
        lines = {line.id: line for line in self.line_ids}
        measures = {measure.id: measure for measure in self.measure_ids}
        cycles = self.env["hr.performance.cycle"].browse(row[1] for row in rows)
        cycles = {cycle.id: cycle for cycle in cycles.exists()}
        return [
            Item(
                lines[line],
                cycles[cycle],
                column,
                is_part,
                origin,
                [
                    (measures[measure], *figures)
                    for measure, *figures in figures
                    if measure in measures
                ],
            )
            for line, cycle, column, is_part, origin, figures in rows
            if line in lines and cycle in cycles
        ]

    def _do_batch(self, limit):
        self._check_sources()
        made = self.env["hr.performance.goal"]
        queue = self.queue or []
        while queue and len(made) < limit:
            size = limit - len(made)
            made |= self._make(self._from_queue(queue[:size]))
            queue = queue[size:]
        self.sudo().queue = queue
        if self.goal_state == "proposed":
            # made as proposals, they are asked what any other is when it is proposed
            made._check_binding_rules()
            made._record_step("propose")
            made.sudo()._sync_owed()
        return len(made)

    def _make(self, items):
        """Make those of ``items`` that do not exist yet and still can be made."""
        goals = self.env["hr.performance.goal"]
        # the goals for whole periods may have been made by a batch before
        above = {
            self._origin_above(item): item._replace(
                cycle=item.line.source_id.cycle_id,
                column=0,
                is_part=False,
                origin=self._origin_above(item),
            )
            for item in items
            if item.is_part
        }
        existing = self._existing([*above.values(), *items])
        items = [
            item
            for item, problem in zip(
                items, self._problems(items, existing), strict=True
            )
            if item.origin not in existing and not problem
        ]
        self._free_origins(items)
        wholes = [item for item in items if not item.is_part]
        made = goals._make_missing([self._goal_values(item) for item in wholes])
        existing |= goals._made([item.origin for item in wholes])
        return made | goals._make_missing(
            [
                self._goal_values(item, existing[self._origin_above(item)])
                for item in items
                if item.is_part and self._origin_above(item) in existing
            ]
        )

    def _origin_above(self, item):
        """The origin of the receiver's goal for the whole period."""
        prefix = item.origin.rsplit(":", 1)[0]
        return f"{prefix}:{item.line.source_id.cycle_id.id}"

    def _item_name(self, item):
        if item.cycle == item.line.source_id.cycle_id:
            return item.line.name
        return self.env._(
            "%(goal)s, %(period)s", goal=item.line.name, period=item.cycle.name
        )

    def _goal_values(self, item, above=None):
        """The values of the goal ``item``, to hang below ``above`` or its source."""
        line = item.line
        source = line.source_id
        return {
            "name": self._item_name(item),
            "origin": item.origin,
            "state": self.goal_state,
            "company_id": self.company_id.id,
            "cycle_id": item.cycle.id,
            "scope": line.scope,
            HOLDERS[line.scope]: line.sudo()._holder().id,
            # what was shared out to a post is all that its holders have together
            "holder_share": "shared"
            if any(measure._is_shared_out() for measure in line.measure_ids)
            else "each",
            "parent_id": (above or source).id,
            "method": source.method,
            "visibility": source.visibility,
            "weight": line.weight,
            "measure_ids": [
                Command.create(measure._measure_values(baseline, target))
                for measure, baseline, target in item.figures
            ],
            # tasks belong to the whole period: its parts would only repeat them
            "action_ids": []
            if item.is_part
            else [Command.create({"name": task}) for task in line._task_names()],
        }

    def action_view_goals(self):
        """The goals below those that were cascaded."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [
                ("id", "child_of", self.source_ids.ids),
                ("id", "not in", self.source_ids.ids),
            ],
            "context": {},
        }
