from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import health, need
from .action import OPEN_STATES
from .feedback import PERSON_READS
from .meeting import HELD_STATES

#: people on a page, and the most that can be asked for at once
PAGE, MAX_PAGE = 40, 200
#: the order of the dots of one person, worst first
DOTS = (
    health.OFF_TRACK,
    health.AT_RISK,
    health.STALE,
    health.NO_VALUE,
    health.ON_TRACK,
    health.DONE,
)
#: which of the people are shown
FILTERS = ("", "need", "late", "not_noted")


class HrPerformanceHelp(models.AbstractModel):
    """The board *Who needs help*: a row a person, worst first, and why.

    What is known about all people of the line is fetched in a number of queries that does
    not depend on how many there are, always under the user's own rules; the engine makes
    reasons and an order of it. Only the people of the page are then looked at closer.
    """

    _name = "hr.performance.help"
    _description = "Who Needs Help"

    @api.model
    def get_who_needs_help(
        self, scope=None, department_id=None, only="", offset=0, limit=PAGE
    ):
        """One dict for the whole board.

        :param scope: ``direct`` reports (what a manager begins with), the whole ``line``
            below, or a ``department`` with those below it (for officers; without
            ``department_id``: everybody of their companies)
        :param only: who ``need`` help, who has a ``late`` check-in, about whom nothing was
            noted for long (``not_noted``); empty: everybody
        :param offset: how many people come before the page
        :param limit: how many there are on a page
        """
        today = fields.Date.context_today(self)
        is_officer = self.env.user.has_group(
            "hr_performance.group_hr_performance_officer"
        )
        leads = bool(self._people("direct", None, limit=1))
        if scope not in ("direct", "line", "department"):
            scope = "direct" if leads or not is_officer else "department"
        if scope == "department" and not is_officer:
            raise AccessError(
                self.env._(
                    "Departments are looked at by performance officers. Choose your own"
                    " reports or your whole line."
                )
            )
        only = only if only in FILTERS else ""
        offset = max(0, int(offset or 0))
        limit = min(max(1, int(limit or PAGE)), MAX_PAGE)
        people = self._people(scope, department_id)
        facts = self._facts(people, today)
        why = {person: need.reasons(known, today) for person, known in facts.items()}
        shown = {
            "": list(people),
            "need": [person for person in people if need.needs_help(why[person])],
            "late": [person for person in people if facts[person].late],
            "not_noted": [
                person
                for person in people
                if any(reason.code == "not_noted" for reason in why[person])
            ],
        }
        # people come by name, so that equals stay in that order
        ranked = sorted(shown[only], key=lambda person: need.order(why[person]))
        page = ranked[offset : offset + limit]
        late = sum(known.late for known in facts.values())
        return {
            "scope": scope,
            "department_id": department_id or False,
            "leads": leads,
            "is_officer": is_officer,
            "departments": self._departments() if is_officer else [],
            "sentences": self._sentences(len(people), len(shown["need"]), late),
            "counts": {key: len(shown[key]) for key in FILTERS},
            "only": only,
            "offset": offset,
            "limit": limit,
            "total": len(ranked),
            "people": self._rows(page, facts, why, today),
        }

    # ---------------------------------------------------------------- who

    @api.model
    def _people(self, scope, department_id, limit=None):
        """``{id: manager's id}`` of the people on the board, by name; never the user."""
        team = self.env["hr.performance.team.mixin"]
        domain = Domain("user_id", "!=", self.env.uid)
        if scope == "direct":
            domain &= Domain("parent_id", "in", team._my_employees_sql())
        elif scope == "line":
            domain &= Domain("id", "in", team._my_team_sql())
        elif department_id:
            domain &= Domain("department_id", "child_of", int(department_id))
        query = self.env["hr.employee.public"]._search(
            domain, order="name, id", limit=limit
        )
        columns = [SQL.identifier(query.table, name) for name in ("id", "parent_id")]
        return dict(self.env.execute_query(query.select(*columns)))

    @api.model
    def _departments(self):
        """The departments an officer can choose from."""
        departments = self.env["hr.department"].search_fetch(
            [("company_id", "in", (False, *self.env.companies.ids))],
            ["name", "parent_id"],
        )
        return [
            {"id": department.id, "name": department.complete_name}
            for department in departments.sorted("complete_name")
        ]

    # ---------------------------------------------------------------- what is known

    @api.model
    def _facts(self, people, today):
        """``{id: Facts}`` of all these people; one query a kind, whoever they are."""
        known = defaultdict(dict)
        for found in (
            self._goal_facts(people, today),
            self._checkin_facts(people, today),
            self._action_facts(people, today),
            self._contact_facts(people, today),
        ):
            for person, values in found.items():
                known[person] |= values
        facts = need.with_usual([need.Facts(**known[person]) for person in people])
        return dict(zip(people, facts, strict=True))

    @api.model
    def _goal_domain(self, people, today):
        """The running goals that these people answer for."""
        goals = self.env["hr.performance.goal"]
        return goals._running_domain(today) & Domain(
            "responsible_id", "in", list(people)
        )

    @api.model
    def _goal_facts(self, people, today):
        goals = self.env["hr.performance.goal"]
        running = self._goal_domain(people, today)
        found = defaultdict(lambda: {"goals": 0})
        for person, status, count, since in goals._read_group(
            running, ["responsible_id", "health"], ["__count", "stale_on:min"]
        ):
            values = found[person.id]
            values["goals"] += count
            if status in (health.OFF_TRACK, health.AT_RISK):
                values[status] = count
            elif status == health.STALE:
                values |= {"stale": count, "stale_since": since}
        for person, count, since in goals._read_group(
            running & Domain("checkin_due", "<", today),
            ["responsible_id"],
            ["__count", "checkin_due:min"],
        ):
            found[person.id] |= {"late": count, "late_since": since}
        for person, count in goals._read_group(
            running & Domain("has_high_risk", "=", True),
            ["responsible_id"],
            ["__count"],
        ):
            found[person.id]["high_risk"] = count
        return found

    @api.model
    def _blocked_domain(self, people, today):
        """The last check-ins on running goals that name a blocker."""
        goals = self.env["hr.performance.goal"]._search(
            self._goal_domain(people, today)
        )
        return Domain("id", "in", goals.subselect("last_checkin_id")) & Domain(
            "blocked_since", "!=", False
        )

    @api.model
    def _to_answer_domain(self, people):
        """The check-ins that nobody has acknowledged or answered yet."""
        checkins = self.env["hr.performance.checkin"]
        return checkins._unanswered_domain() & Domain("owner_id", "in", list(people))

    @api.model
    def _checkin_facts(self, people, today):
        checkins = self.env["hr.performance.checkin"]
        found = defaultdict(dict)
        for person, count, since in checkins._read_group(
            self._blocked_domain(people, today),
            ["owner_id"],
            ["__count", "blocked_since:min"],
        ):
            found[person.id] |= {"blocked": count, "blocked_since": since}
        for person, count, since in checkins._read_group(
            self._to_answer_domain(people), ["owner_id"], ["__count", "posted_on:min"]
        ):
            found[person.id] |= {"to_answer": count, "answer_since": since}
        return found

    @api.model
    def _action_facts(self, people, today):
        actions = self.env["hr.performance.action"]
        running = Domain(
            [
                ("responsible_id", "in", list(people)),
                ("state", "in", OPEN_STATES),
                ("goal_id.state", "not in", ("draft", "cancelled")),
                ("goal_id.cycle_id.state", "!=", "closed"),
            ]
        )
        found = defaultdict(dict)
        for person, count, hours in actions._read_group(
            running, ["responsible_id"], ["__count", "counted_hours:sum"]
        ):
            found[person.id] |= {"actions": count, "hours": hours or 0.0}
        for person, count, since in actions._read_group(
            running & Domain("date_deadline", "<", today),
            ["responsible_id"],
            ["__count", "date_deadline:min"],
        ):
            found[person.id] |= {"overdue": count, "overdue_since": since}
        return found

    @api.model
    def _planned_domain(self, people, today):
        """The meetings with these people that are still to come."""
        return [
            ("employee_id", "in", list(people)),
            ("state", "=", "planned"),
            ("date", ">=", today),
        ]

    @api.model
    def _contact_facts(self, people, today):
        """When the line last talked with each, will do so, and last noted something."""
        found = defaultdict(dict)

        def latest(person_id, name, day):
            if day:
                values = found[person_id]
                values[name] = max(values.get(name) or day, day)

        for person, day in self.env["hr.performance.checkin"]._read_group(
            [("owner_id", "in", list(people)), ("acknowledged_on", "!=", False)],
            ["owner_id"],
            ["acknowledged_on:max"],
        ):
            latest(person.id, "last_contact", day)
        for person, author, visibility, day in self.env[
            "hr.performance.feedback"
        ]._read_group(
            [("employee_id", "in", list(people)), ("state", "=", "given")],
            ["employee_id", "author_id", "visibility"],
            ["date:max"],
        ):
            latest(person.id, "last_noted", day)
            if author.id == people[person.id] and visibility in PERSON_READS:
                latest(person.id, "last_contact", day)
        meetings = self.env["hr.performance.meeting"]
        for person, day in meetings._read_group(
            [("employee_id", "in", list(people)), ("state", "in", HELD_STATES)],
            ["employee_id"],
            ["date:max"],
        ):
            latest(person.id, "last_contact", day)
        for person, day in meetings._read_group(
            self._planned_domain(people, today), ["employee_id"], ["date:min"]
        ):
            found[person.id]["next_meeting"] = day
        return found

    # ---------------------------------------------------------------- the page

    @api.model
    def _rows(self, page, facts, why, today):
        """What the board shows of the people of one page."""
        people = self.env["hr.employee.public"].browse(page)
        people.fetch(["name", "job_title", "user_id", "parent_id"])
        dots = self._dots(page, today)
        blockers = self._blockers(page, today)
        waiting = self._waiting(page)
        return [
            {
                "id": person.id,
                "name": person.name,
                "job": person.job_title or "",
                "manager": person.parent_id.name or "",
                "has_user": bool(person.user_id),
                "needs_help": need.needs_help(why[person.id]),
                "reasons": [
                    {
                        "code": reason.code,
                        "urgency": reason.urgency,
                        "text": self._say(reason),
                    }
                    for reason in why[person.id]
                ],
                "deed": self._first_deed(person, why[person.id]),
                "dots": dots.get(person.id, []),
                "blockers": blockers.get(person.id, []),
                "answer_id": waiting.get(person.id, False),
                **self._figures(facts[person.id]),
            }
            for person in people
        ]

    @api.model
    def _first_deed(self, person, why):
        """What to do first; who has no user is met rather than written to."""
        deed = need.deed(why)
        return "meet" if deed == "message" and not person.user_id else deed

    @api.model
    def _figures(self, facts):
        return {
            "goals": facts.goals,
            "actions": facts.actions,
            "hours": facts.hours,
            "usual_actions": facts.usual_actions,
            "usual_hours": facts.usual_hours,
            "overdue": facts.overdue,
            "stale_since": facts.stale_since or False,
            "last_contact": facts.last_contact or False,
            "next_meeting": facts.next_meeting or False,
        }

    @api.model
    def _dots(self, page, today):
        """``{person: goals as dots}``, the worst first."""
        goals = self.env["hr.performance.goal"].search_fetch(
            self._goal_domain(page, today), ["name", "health", "responsible_id"]
        )
        labels = dict(goals._fields["health"]._description_selection(self.env))
        dots = defaultdict(list)
        for goal in sorted(goals, key=lambda goal: DOTS.index(goal.health)):
            dots[goal.responsible_id.id].append(
                {
                    "id": goal.id,
                    "name": goal.name,
                    "health": goal.health,
                    "label": labels[goal.health],
                }
            )
        return dots

    @api.model
    def _blockers(self, page, today):
        """``{person: what is in the way of which goal, since when}``, the oldest first."""
        checkins = self.env["hr.performance.checkin"].search_fetch(
            self._blocked_domain(page, today),
            ["goal_id", "owner_id", "blockers", "blocked_since"],
            order="blocked_since, id",
        )
        found = defaultdict(list)
        for checkin in checkins:
            found[checkin.owner_id.id].append(
                {
                    "goal_id": checkin.goal_id.id,
                    "goal": checkin.goal_id.name,
                    "text": checkin.blockers,
                    "since": checkin.blocked_since,
                    "age": self._for((today - checkin.blocked_since).days),
                }
            )
        return found

    @api.model
    def _waiting(self, page):
        """``{person: the oldest check-in that waits for an answer}``."""
        checkins = self.env["hr.performance.checkin"].search_fetch(
            self._to_answer_domain(page), ["owner_id"], order="posted_on desc, id desc"
        )
        return {checkin.owner_id.id: checkin.id for checkin in checkins}

    # ---------------------------------------------------------------- in words

    @api.model
    def _sentences(self, people, needing, late):
        """The two sentences above the board."""
        if not people:
            return []
        if not needing:
            first = self.env._(
                "Nobody needs you this week: all is well as far as known."
            )
        elif people == 1:
            first = self.env._("The one who reports to you needs you this week.")
        elif needing == 1:
            first = self.env._(
                "1 of %(people)s people needs you this week.", people=people
            )
        else:
            first = self.env._(
                "%(needing)s of %(people)s people need you this week.",
                needing=needing,
                people=people,
            )
        if not late:
            second = self.env._("No check-in is late.")
        elif late == 1:
            second = self.env._("1 check-in is late.")
        else:
            second = self.env._("%(late)s check-ins are late.", late=late)
        return [first, second]

    @api.model
    def _for(self, days):
        """A time that has passed, in words."""
        if days < 1:
            return self.env._("today")
        if days == 1:
            return self.env._("1 day")
        if days < 21:
            return self.env._("%(count)s days", count=days)
        if days < 61:
            return self.env._("%(count)s weeks", count=days // 7)
        return self.env._("%(count)s months", count=days // 30)

    @api.model
    def _say(self, reason):
        """A reason in words: the fact, short and without blame."""
        # one, several; with the time where it is known
        words = {
            "blocked": (
                self.env._("Something is in the way (%(age)s)"),
                self.env._("%(count)s goals with something in the way (%(age)s)"),
            ),
            "off_track": (
                self.env._("1 goal off track"),
                self.env._("%(count)s goals off track"),
            ),
            "to_answer": (
                self.env._("A check-in waits for an answer (%(age)s)"),
                self.env._("%(count)s check-ins wait for an answer (%(age)s)"),
            ),
            "high_risk": (
                self.env._("1 goal with a high risk that nobody treats"),
                self.env._("%(count)s goals with a high risk that nobody treats"),
            ),
            "stale": (
                self.env._("1 goal without an update (%(age)s)"),
                self.env._("%(count)s goals without an update (%(age)s)"),
            ),
            "overdue": (
                self.env._("1 action overdue (%(age)s)"),
                self.env._("%(count)s actions overdue (%(age)s)"),
            ),
            "at_risk": (
                self.env._("1 goal at risk"),
                self.env._("%(count)s goals at risk"),
            ),
            "late": (
                self.env._("1 check-in late (%(age)s)"),
                self.env._("%(count)s check-ins late (%(age)s)"),
            ),
            "overloaded": (self.env._("Clearly more to do than usual"),) * 2,
            "no_contact": (
                self.env._("No contact yet, and no meeting planned")
                if reason.days is None
                else self.env._("No contact for %(age)s, and no meeting planned"),
            )
            * 2,
            "no_goals": (self.env._("No goals in this period yet"),) * 2,
            "not_noted": (
                self.env._("Nothing noted on the work yet")
                if reason.days is None
                else self.env._("Nothing noted on the work for %(age)s"),
            )
            * 2,
        }
        return words[reason.code][reason.count > 1] % {
            "count": reason.count,
            "age": self._for(reason.days or 0),
        }

    # ---------------------------------------------------------------- deeds

    @api.model
    def action_deed(self, employee_id, deed):
        """The action that opens what is to be done with this person, under their own rules.

        :param deed: ``goals``, ``meet``, ``next_meeting`` (open the one that is planned),
            ``feedback`` or ``answer``
        """
        person = self.env["hr.employee.public"].browse(int(employee_id))
        person.check_access("read")
        if deed == "next_meeting":
            meeting = self.env["hr.performance.meeting"].search(
                self._planned_domain(person.ids, fields.Date.context_today(self)),
                order="start, id",
                limit=1,
            )
            if meeting:
                return {
                    "type": "ir.actions.act_window",
                    "res_model": meeting._name,
                    "res_id": meeting.id,
                    "views": [(False, "form")],
                }
        # a meeting that was cancelled meanwhile is planned anew
        if deed in ("meet", "next_meeting"):
            return person._plan_meeting_action("one_on_one")
        if deed == "feedback":
            return person.action_give_performance_feedback()
        if deed == "answer":
            checkin = self.env["hr.performance.checkin"].browse(
                self._waiting(person.ids).get(person.id, [])
            )
            return checkin.action_open_answer()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.env._(
                "%(person)s: %(what)s", person=person.name, what=action["name"]
            ),
            "domain": [("responsible_id", "=", person.id)],
            "context": {"search_default_running": 1},
        }
