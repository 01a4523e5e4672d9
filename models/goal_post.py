import logging
from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..engine.holding import share_out
from ..engine.periods import (
    LAST_DAY,
    days_weighted,
    joined,
    long_absences,
    span_days,
    without,
)
from .edges import EDGES
from .measure import FEWEST_PEOPLE, RANGE_FIELDS

_logger = logging.getLogger(__name__)

#: the figures of a measure that are shared out among the holders of a post
FIGURES = ("baseline", "target", *RANGE_FIELDS)


class Holding(NamedTuple):
    """That a person holds a post for a time, and by which goal, if there is one yet."""

    goal: models.Model
    employee_id: int
    date_start: object
    date_end: object
    is_held: bool = True


class HrPerformanceGoal(models.Model):
    """Goals held by a post: whoever holds it has them from that day.

    Who held a post when follows from the dated versions of the employees, as known today:
    what is planned for them stays private until its day. An agreed goal of a post hands
    each holder a personal goal with the days and the share that are theirs. When somebody
    comes, goes or takes long leave, these move; what lies before stays.

    Goals that are handed out are agreed at once: they came with the post as its role
    profile did, and count from the first day. Who finds that theirs does not fit requests
    a change, like of any agreed goal.
    """

    _inherit = "hr.performance.goal"

    holder_share = fields.Selection(
        [
            ("each", "Each has the whole target"),
            ("shared", "They share the target"),
        ],
        "Holders of the Post",
        required=True,
        default="each",
        help="For measures that add up. Each: everybody who holds the post for the whole"
        " period has the target, others by their days. Shared: each day's part of the"
        " target goes to those who hold the post on that day; what a vacancy leaves is"
        " nobody's.",
    )
    post_goal_id = fields.Many2one(
        "hr.performance.goal",
        "Handed Out From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The goal of the post that this one came with.",
    )
    held_goal_ids = fields.One2many(
        "hr.performance.goal", "post_goal_id", "Goals of the Holders"
    )
    held_count = fields.Integer(compute="_compute_held_count")
    holding = fields.Float(
        "Posts Held",
        compute="_compute_holding",
        store=True,
        default=1.0,
        digits=0,
        aggregator=None,
        groups="hr_performance.group_hr_performance_officer",
        help="The days on which the post is held, by those of the goal: 2 for two people"
        " during the whole period.",
    )
    handed_measure_ids = fields.Many2many(
        "hr.performance.measure",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The measures of the post that were handed out here: one that the holder gave"
        " up since, by an agreed change, does not come again.",
    )
    handed_out_on = fields.Date(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="When holders were last looked at; empty when something has changed since.",
    )

    @api.depends(
        "scope",
        "state",
        "date_start",
        "date_end",
        "held_goal_ids.pro_rata",
        "held_goal_ids.state",
        "held_goal_ids.active",
    )
    def _compute_holding(self):
        for goal in self:
            if goal._is_settled():
                goal.holding = goal.holding
                continue
            held = goal._held_goals()
            is_planned = goal.scope != "job" or goal.state in ("draft", "proposed")
            if not held and is_planned:
                goal.holding = 1.0
                continue
            if not goal._has_days():
                goal.holding = goal.holding
                continue
            cycle = goal.cycle_id
            days = (cycle.date_end - cycle.date_start).days + 1
            own_days = (goal.date_end - goal.date_start).days + 1
            goal.holding = sum(held.mapped("pro_rata")) * days / own_days

    def _has_days(self):
        """Whether there is a time in which it is held: not on a form being filled in."""
        self.ensure_one()
        return bool(
            self.cycle_id
            and self.date_start
            and self.date_end
            and self.date_start <= self.date_end
        )

    def _held_goals(self):
        """The goals of the holders that count."""
        return self.held_goal_ids.filtered(
            # asked for, as handing out looks at archived ones, too
            lambda held: held.active and held.state != "cancelled"
        )

    def _holding_told(self):
        """:attr:`holding` as it may show in the post's figures, which everybody reads.

        Leave is taken off only where that does not tell of one or two people that they
        are away.
        """
        self.ensure_one()
        held = self._held_goals()
        if not held or len(held.employee_id) >= FEWEST_PEOPLE or not self._has_days():
            return self.holding
        days = sum(span_days(goal.date_start, goal.date_end) for goal in held)
        return days / span_days(self.date_start, self.date_end)

    def _compute_held_count(self):
        counts = dict(
            self._read_group(
                [("post_goal_id", "in", self._origin.ids)],
                ["post_goal_id"],
                ["__count"],
            )
        )
        for goal in self:
            goal.held_count = counts.get(goal._origin, 0)

    # ---------------------------------------------------------------- who holds it

    @api.model
    def _left_sql(self):
        """On which day somebody left, of the window ``history`` of the versions.

        Who is still there after the end of the last contract has not left: many go on
        without anybody entering it.
        """
        return SQL(
            """
            LEAST(
                departure_date,
                CASE WHEN employee.active
                      AND contract_date_end < %(today)s
                      AND lead(date_version) OVER history IS NULL
                     THEN NULL ELSE contract_date_end END
            )
            """,
            today=fields.Date.today(),
        )

    @api.model
    def _positions_held(self, jobs, employees):
        """Who held which post when, as the versions of employees say today.

        :param employees: people to tell of also when none of ``jobs`` is theirs
        :return: ``{employee id: {job id: [(first day, last day), ...]}}`` by date, of all
            who ever held one of ``jobs``; and the set of the ids of those who are archived
            without a day on which they left. In one query
        """
        version = self.env["hr.version"]
        held, vanished = defaultdict(lambda: defaultdict(list)), set()
        for employee_id, job_id, first, last, active in self.env.execute_query(
            SQL(
                """
                WITH known AS (
                         SELECT employee_id, job_id, employee.active,
                                GREATEST(date_version, contract_date_start) AS first,
                                LEAST(
                                    lead(date_version) OVER history - 1, %(left)s
                                ) AS last
                           FROM hr_version version
                           JOIN hr_employee employee ON employee.id = employee_id
                          WHERE version.active AND date_version <= %(today)s
                            AND employee_id IN (
                                    SELECT employee_id FROM hr_version
                                     WHERE job_id = ANY(%(jobs)s)
                                     UNION
                                    SELECT unnest(%(employees)s::integer[])
                                )
                         WINDOW history AS (
                                    PARTITION BY employee_id ORDER BY date_version
                                )
                     )
                SELECT known.employee_id, known.job_id, known.first, known.last,
                       known.active
                  FROM known
                 WHERE known.job_id IS NOT NULL
                   AND (known.last IS NULL OR known.first <= known.last)%(flush)s
                """,
                today=fields.Date.today(),
                left=self._left_sql(),
                jobs=jobs.ids,
                employees=employees.ids,
                flush=SQL(
                    "",
                    to_flush=[
                        self.env["hr.employee"]._fields["active"],
                        *(
                            version._fields[name]
                            for name in (
                                "active",
                                "employee_id",
                                "job_id",
                                "date_version",
                                "contract_date_start",
                                "contract_date_end",
                                "departure_date",
                            )
                        ),
                    ],
                ),
            )
        ):
            if not last and not active:
                vanished.add(employee_id)
                last = fields.Date.today() - timedelta(days=1)
                if last < first:
                    continue
            held[employee_id][job_id].append((first, last or LAST_DAY))
        for by_job in held.values():
            for job_id, spans in by_job.items():
                by_job[job_id] = joined(spans)
        return held, vanished

    # ---------------------------------------------------------------- handing out

    def action_hand_out(self):
        """Give each holder of the post the goal for the days that they hold it.

        Safe to repeat: whoever has it keeps it.

        :raise AccessError: for who has no part in the goal
        :raise UserError: for goals that are not an agreed goal of a post
        """
        self.check_access("read")
        for goal in self:
            if not goal._performance_roles():
                raise AccessError(
                    self.env._(
                        "Goal “%(goal)s” is handed out by the head of the department or"
                        " HR.",
                        goal=goal.name,
                    )
                )
            if goal.scope != "job" or goal.state != "agreed":
                raise UserError(
                    self.env._(
                        "Only the agreed goal of a post is handed out. Agree on “%(goal)s”"
                        " first, and choose the post that holds it.",
                        goal=goal.name,
                    )
                )
        self._check_cycle_open()
        self._hand_out()

    def action_agree(self):
        result = super().action_agree()
        self.filtered(lambda goal: goal.scope == "job")._hand_out()
        return result

    def action_cancel(self, reason):
        """Take the goal out, for a ``reason``, and with a post's those of its holders.

        What they closed already stays.
        """
        super().action_cancel(reason)
        # sudo: it goes as it came, without asking whose line the holders are in
        posts = self.sudo().filtered(lambda goal: goal.scope == "job")
        held = posts.with_context(active_test=False).held_goal_ids.filtered(
            lambda goal: goal.state not in ("closed", "cancelled")
        )
        if held:
            held.action_cancel(reason)

    def action_view_held_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.env._("Holders: %(goal)s", goal=self.name),
            "domain": [("post_goal_id", "=", self.id)],
            "context": {"create": False},
        }

    @api.model
    def _cron_hand_out(self, limit=20):
        """Look at the holders of all posts, once a day and whenever something changed."""
        today = fields.Date.today()
        domain = [
            ("scope", "=", "job"),
            ("state", "=", "agreed"),
            ("cycle_id.state", "!=", "closed"),
            "|",
            ("handed_out_on", "=", False),
            "&",
            ("handed_out_on", "!=", today),
            ("date_end", ">=", today),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while goals := self.search(domain, limit=limit):
            if goals._hand_out_or_log():
                # one that cannot be handed out does not stop the others
                for goal in goals:
                    if goal._hand_out_or_log():
                        goal.handed_out_on = today
            if not cron._commit_progress(len(goals)):
                break

    def _hand_out_or_log(self):
        """Hand them out, all or none; return what stands against it, if anything."""
        try:
            with self.env.cr.savepoint():
                self._hand_out()
        except UserError as error:
            _logger.warning("%s could not be handed out: %s", self, error)
            return error
        return None

    def _hand_out(self):
        """Bring the goals of the holders to what is known today, each in its days.

        For all of them in a fixed number of queries. The user is not asked: what a head
        of department has agreed for a post goes to its holders, wherever these are.
        """
        posts = self.sudo().with_context(active_test=False)
        if not posts:
            return
        handed = posts.search(
            [("post_goal_id", "in", posts.ids)], order="date_start, id"
        )
        positions, vanished = self._positions_held(posts.job_id, handed.employee_id)
        employees = self.env["hr.employee"].sudo().browse(positions)
        companies = {employee.id: employee.company_id for employee in employees}
        blocked = posts._kept_elsewhere(employees, positions)
        absences = self._absences(employees | handed.employee_id)
        by_post = handed.grouped("post_goal_id")
        missing, changes = [], []
        for post in posts:
            own = by_post.get(post, handed.browse()).grouped("employee_id")
            ids = {
                employee_id
                for employee_id, by_job in positions.items()
                if post.job_id.id in by_job
                and companies[employee_id] == post.company_id
            }
            holdings = [
                holding
                for employee_id in sorted(ids | {one.id for one in own})
                for holding in post._holdings(
                    employee_id,
                    own.get(employees.browse(employee_id), handed.browse()),
                    positions.get(employee_id, {}).get(post.job_id.id, []),
                    blocked[employee_id, post.job_id.id],
                    employee_id in vanished,
                )
            ]
            measures = post._measures_of_holders(holdings, absences)
            missing += post._goals_to_make(holdings, measures)
            changes += zip(holdings, measures, strict=True)
        made = posts._make_missing(missing)
        made.with_context(tracking_disable=True).write(
            {"state": "agreed", "agreed_date": fields.Date.today()}
        )
        made._record_step("agree")
        former = {}
        for holding, measures in changes:
            if holding.goal:
                former |= holding.goal._hold(holding, measures)
        posts.env["hr.performance.measure"]._notify_new_shares(former)
        posts.write({"handed_out_on": fields.Date.today()})

    def _kept_elsewhere(self, employees, positions):
        """Until when people had the goals of another post, of which nothing is known now.

        A new job typed into the employee's current version rewrites the past: it looks as
        if the person had always been there. What was handed out tells better.

        :return: ``{(employee id, job id): last day, or None}`` for the posts of ``self``
        """
        yesterday = fields.Date.today() - timedelta(days=1)
        until = defaultdict(lambda: None)
        others = self.search(
            [
                ("employee_id", "in", employees.ids),
                ("post_goal_id", "!=", False),
                ("state", "!=", "cancelled"),
                ("active", "=", True),
            ]
        )
        for goal in others:
            employee_id, job = goal.employee_id.id, goal.post_goal_id.job_id
            known = positions.get(employee_id, {}).get(job.id, [])
            if any(_overlap(span, goal) for span in known):
                continue
            last = min(goal.date_end, yesterday)
            for post_job in self.job_id - job:
                key = employee_id, post_job.id
                until[key] = max(until[key] or last, last)
        return until

    def _holdings(self, employee_id, goals, spans, kept_until, has_vanished):
        """Who has the post's goal when: for one person, as ``goals`` are or shall be.

        :param goals: those handed to the person already, by date
        :param spans: the days on which the person holds the post, as known today
        :param kept_until: until when another post's goals were the person's, or None
        :param has_vanished: whether the person is gone without a day
        :return: list of :class:`Holding`
        """
        self.ensure_one()
        first = self.date_start
        if kept_until:
            first = max(first, kept_until + timedelta(days=1))
        found, seen = [], goals.browse()
        for start, end in spans:
            start, end = max(start, first), min(end, self.date_end)
            if start > end:
                continue
            own = goals.filtered(lambda goal, span=(start, end): _overlap(span, goal))
            seen |= own
            if not own:
                found.append(Holding(goals.browse(), employee_id, start, end))
                continue
            # one after the other, should there be several in what is one span by now
            starts = [start, *(goal.date_start for goal in own[1:])]
            ends = [day - timedelta(days=1) for day in starts[1:]] + [end]
            for goal, one_start, one_end in zip(own, starts, ends, strict=True):
                if has_vanished:
                    one_end = min(one_end, goal.date_end)
                found.append(Holding(goal, employee_id, one_start, one_end))
        yesterday = fields.Date.today() - timedelta(days=1)
        for goal in goals - seen:
            # nothing is known of the post any more: what was, stays
            last = min(goal.date_end, yesterday)
            is_held = goal.date_start <= last
            found.append(
                Holding(
                    goal,
                    employee_id,
                    goal.date_start,
                    last if is_held else goal.date_end,
                    is_held,
                )
            )
        return found

    def _measures_of_holders(self, holdings, absences):
        """What of the post's measures is each holder's.

        :return: list like ``holdings`` of ``{measure of the post: {field: value}}``
        """
        self.ensure_one()
        shortest = self.company_id.performance_long_leave_days
        days = []
        for holding in holdings:
            span = (holding.date_start, holding.date_end)
            away = long_absences(absences[holding.employee_id], span, shortest)
            counts = holding.is_held and (
                not holding.goal or holding.goal.state != "cancelled"
            )
            days.append(without(span, away) if counts else [])
        found = [{} for _holding in holdings]
        for measure in self.measure_ids:
            figures = measure._shares(
                days, [(one.date_start, one.date_end) for one in holdings]
            )
            for own, holding, shares in zip(found, holdings, figures, strict=True):
                start = max(measure.date_start, holding.date_start)
                end = min(measure.date_end, holding.date_end)
                if start <= end:
                    own[measure] = shares | {"date_start": start, "date_end": end}
        return found

    def _goals_to_make(self, holdings, measures):
        """The values of goals for those of ``holdings`` that have none yet."""
        self.ensure_one()
        shared = self.copy_data(
            {
                "name": self.name,
                "cycle_id": self.cycle_id.id,
                "scope": "employee",
                "job_id": False,
                "department_id": False,
                "responsible_id": False,
                "measure_ids": [],
                "parent_id": self.id,
                "link": "contributes",
                "visibility": "line",
                # the post may follow its holders; these follow what they achieve
                "progress_source": "auto",
                "post_goal_id": self.id,
                "agreed_by_id": self.agreed_by_id.id,
            }
        )[0]
        # what follows from the person
        for name in ("department_id", "responsible_id", "company_id"):
            shared.pop(name, None)
        times = defaultdict(int)
        for holding in holdings:
            times[holding.employee_id] += bool(holding.goal)
        vals_list = []
        for holding, own in zip(holdings, measures, strict=True):
            if holding.goal:
                continue
            times[holding.employee_id] += 1
            number = times[holding.employee_id]
            origin = f"post:{self.id}:employee:{holding.employee_id}"
            vals_list.append(
                shared
                | {
                    "employee_id": holding.employee_id,
                    "company_id": self.company_id.id,
                    "date_start": holding.date_start,
                    "date_end": holding.date_end,
                    # who leaves the post and comes back has a further one
                    "origin": origin if number == 1 else f"{origin}:{number}",
                    "measure_ids": [
                        fields.Command.create(measure._handed_values(values))
                        for measure, values in own.items()
                    ],
                    "handed_measure_ids": [
                        fields.Command.link(measure.id) for measure in own
                    ],
                }
            )
        return vals_list

    def _hold(self, holding, measures):
        """Move a goal that was handed out to the days and share that are the holder's now.

        In superuser mode only. What is closed or cancelled, and what was handed over to
        somebody else by hand, stays as it is.

        :return: ``{measure: target until now}`` of those whose target moved
        """
        self.ensure_one()
        if self.state in ("closed", "cancelled") or self.successor_ids:
            return {}
        said, former = [], {}
        if self.active != holding.is_held:
            self._write_agreed({"active": holding.is_held})
        dates = {"date_start": holding.date_start, "date_end": holding.date_end}
        if any(self[name] != day for name, day in dates.items()):
            said.append(
                self.env._(
                    "Held %(start)s – %(end)s.",
                    start=format_date(self.env, holding.date_start),
                    end=format_date(self.env, holding.date_end),
                )
            )
            self.measure_ids._clip(**dates)
            self._write_agreed(dates)
        for measure in self.measure_ids:
            values = measures.get(measure.post_measure_id)
            if values and (moved := measure._take_share(values)):
                former[measure] = moved
                said.append(measure._tell_new_share(moved))
        if self.state == "agreed":  # others take them in once their change is decided
            said += self._take_added(measures)
        if said:
            self._record_step("hand_out", " ".join(said))
        return former

    def _take_added(self, measures):
        """Take in what was added to the post's goal since; return what, in sentences."""
        known = self.handed_measure_ids | self.measure_ids.post_measure_id
        added = [measure for measure in measures if measure not in known]
        if not added:
            return []
        goal = self.with_context(tracking_disable=True)
        # what is agreed is locked: it is as it was when it was made, for that long
        goal.state = "proposed"
        made = goal.measure_ids.create(
            [
                measure._handed_values(measures[measure]) | {"goal_id": self.id}
                for measure in added
            ]
        )
        goal.state = "agreed"
        goal.handed_measure_ids = [fields.Command.link(one.id) for one in added]
        return [
            self.env._(
                "%(measure)s: new, target %(target)s.",
                measure=measure.display_name,
                target=measure.indicator_id._format(measure.target),
            )
            for measure in made
        ]


class HrPerformanceMeasure(models.Model):
    """What a holder of a post has of the post's measure."""

    _inherit = "hr.performance.measure"

    post_measure_id = fields.Many2one(
        "hr.performance.measure",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
        help="The measure of the post that this one was handed out from.",
    )
    handed_figures = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Baseline, target and range that were handed out last: when one of them moves,"
        " the holder's follows.",
    )

    def _shares(self, days, spans):
        """The figures of the holders of a post.

        :param days: per holder the days that count: list of ``(first day, last day)``
        :param spans: per holder from when until when the goal is held
        :return: list like ``days`` of ``{field: value}``
        """
        self.ensure_one()
        period = (self.date_start, self.date_end)
        typed = {name: self[name] for name in FIGURES if self[name] is not None}
        changes = {name: [(period[0], figure)] for name, figure in typed.items()}
        changes["target"] = self._targets_in_force()
        if not self._adds_up():
            return [
                typed | {"target": days_weighted(changes["target"], start, end)}
                if len(changes["target"]) > 1
                else typed
                for start, end in spans
            ]
        each = self.goal_id.holder_share == "each"
        # what is not shared is not made to add up either: two decimals more come closer.
        # And as many as it takes to tell the smallest share from nothing
        first = self.indicator_id.digits + (2 if each else 0)
        for digits in range(first, first + 7):
            shares = {
                name: share_out(days, period, of_figure, digits, each)
                for name, of_figure in changes.items()
            }
            found = [
                {name: float(figures[index]) for name, figures in shares.items()}
                # who is away all the time has the target of the post, which weighs nothing
                if own and typed["baseline"] != typed["target"]
                else typed
                for index, own in enumerate(days)
            ]
            if all(
                typed["baseline"] == typed["target"] or one["baseline"] != one["target"]
                for one in found
            ):
                break
        return found

    def _handed_values(self, share):
        """What a holder's measure takes over from that of the post.

        :param share: dates and figures of the holder, as ``{field: value}``
        """
        self.ensure_one()
        values = self.copy_data()[0]
        for name in ("goal_id", "date_end"):
            values.pop(name, None)
        return (
            values
            | {"post_measure_id": self.id, "rule": self.rule}
            | share
            | {"handed_figures": _figures(share)}
        )

    def _clip(self, date_start, date_end):
        """Bring dates of their own within the new dates of the goal, before these move.

        A target that has changed is from now on the one of the days that are left: the
        day on which it changed may not be among them.
        """
        for measure in self:
            start = max(measure.date_start, date_start)
            end = min(measure.date_end, date_end)
            if start > end:  # not in the time that is left: it has nothing to count
                start = end = date_end if measure.date_start > date_end else date_start
            if (start, end) != (measure.date_start, measure.date_end):
                measure._write_agreed(
                    measure._settled_target(start, end)
                    | {"date_start": start, "date_end": end}
                )

    def _settled_target(self, start, end):
        """``{"target": …}`` of these days by all that are in force, which is then over.

        Empty where it has not changed.
        """
        targets = self._targets_in_force()
        if len(targets) == 1:
            return {}
        self._supersede_changes()
        return {"target": days_weighted(targets, start, end)}

    def _take_share(self, values):
        """Take over the holder's share of now; return the former figures that moved.

        A target that was agreed on otherwise since keeps its proportion; a baseline or a
        range that was, stays.

        :return: ``{field name: figure until now}``
        """
        self.ensure_one()
        dates = {name: values[name] for name in EDGES if values[name] != self[name]}
        if dates:
            self._write_agreed(dates)
        share, handed = _figures(values), self.handed_figures
        moved = [name for name in FIGURES if share[name] != handed[name]]
        if not moved:
            return {}
        former = {name: self[name] for name in FIGURES}
        if "target" in moved:
            former |= self._settled_target(self.date_start, self.date_end)
        changes = {name: share[name] for name in moved if former[name] == handed[name]}
        if "target" in moved and "target" not in changes:
            target = former["target"]
            changes["target"] = (
                target * share["target"] / handed["target"]
                if handed["target"]
                else target
            )
        self._write_agreed(changes | {"handed_figures": share})
        return {name: former[name] for name in changes}


def _figures(values):
    return {name: values.get(name) for name in FIGURES}


def _overlap(span, goal):
    return span[0] <= goal.date_end and goal.date_start <= span[1]
