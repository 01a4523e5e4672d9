from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, mute_logger

from .action import OPEN_STATES
from .meeting import HELD_STATES, HISTORY
from .meeting_topic import WRITTEN_KINDS
from .workflow_mixin import OFFICERS

#: the order in which topics come, unless the two put them in another
SEQUENCE = {
    "goal": 10,
    "carried": 20,
    "blocker": 30,
    "off_track": 40,
    "stale": 50,
    "checkin_missed": 60,
    "action_overdue": 70,
    "checkin_unanswered": 80,
    "feedback": 90,
}
#: so long a topic's name may be
NAME_LENGTH = 120


class Item(NamedTuple):
    """An open item: a kind of topic, the record it is about, and since when it is open."""

    kind: str
    record: models.BaseModel
    name: str
    since: object = False


class HrPerformanceMeeting(models.Model):
    """The agenda grows by itself out of what is open between the two.

    What both of them may read comes onto it, and nothing else: each item is looked for with
    the rights of the one and of the other. On the agenda of an interview, which HR reads as
    well, nothing comes that was said in other meetings.
    """

    _inherit = "hr.performance.meeting"

    agenda_ids = fields.One2many(
        "hr.performance.meeting.topic", "meeting_id", "Topics", copy=False
    )
    agenda = fields.Text(compute="_compute_agenda", help="The topics, one a line.")
    question_ids = fields.Many2many(
        "hr.performance.question.line",
        string="Questions",
        compute="_compute_question_ids",
        help="Questions that open up, for this kind of meeting.",
    )
    history = fields.Html(
        "Last Time",
        compute="_compute_history",
        sanitize=False,  # made here, of sanitized minutes and escaped texts
        help="The last meetings of the two: minutes, and what is still open.",
    )
    action_ids = fields.One2many("hr.performance.action", "meeting_id", "Actions")

    @api.depends("agenda_ids.name", "agenda_ids.done")
    def _compute_agenda(self):
        for meeting in self:
            meeting.agenda = (
                "\n".join(
                    f"{'☑' if topic.done else '☐'} {topic.name}"
                    for topic in meeting.agenda_ids
                )
                or False
            )

    def _my_side(self):
        """The one of the two who the current user is, or nobody."""
        return (
            self.employee_id
            if self.is_mine
            else self.manager_id
            if self.is_lead
            else self.env["hr.employee"]
        )

    # ---------------------------------------------------------------- growing

    def web_read(self, specification):
        """What is opened with its agenda has one of today."""
        if len(self) == 1 and "agenda_ids" in specification:
            self._refresh_agenda()
        return super().web_read(specification)

    # the client may not take it for a call that only reads
    web_read._readonly = False

    def action_refresh_agenda(self):
        """Put onto the agenda what has become open, and take off what is settled."""
        for meeting in self:
            meeting.check_access("write")
            meeting._refresh_agenda()

    def _refresh_agenda(self):
        """As above, for one meeting; the number of queries follows from no number of items."""
        if not self.is_party or self.state != "planned":
            return
        # sudo: the topics found by itself have no author
        meeting = self.sudo()
        if not meeting.try_lock_for_update():
            return  # somebody else is at it
        found = {
            (item.kind, item.record._name, item.record.id): item
            for item in self._open_items()
        }
        by_itself = meeting.agenda_ids.filtered(
            lambda topic: topic.kind not in WRITTEN_KINDS
        )
        settled = by_itself.filtered(
            lambda topic: (
                not topic.done
                and (topic.kind, topic.res_model, topic.res_id) not in found
            )
        )
        for topic in by_itself - settled:
            item = found.pop((topic.kind, topic.res_model, topic.res_id), None)
            if item and (topic.name, topic.since) != (item.name, item.since):
                topic.write({"name": item.name, "since": item.since})
        values = [
            {
                "meeting_id": meeting.id,
                "kind": item.kind,
                "sequence": SEQUENCE[item.kind],
                "name": item.name,
                "since": item.since,
                "res_model": item.record._name,
                "res_id": item.record.id,
            }
            for item in found.values()
        ]
        values += self._carried_topics()
        settled.unlink()
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env["hr.performance.meeting.topic"].sudo().create(values)
        except UniqueViolation:
            # the other one opened it at the same moment
            self.invalidate_recordset(["agenda_ids"])

    def _carried_topics(self):
        """What was written on the agenda last time and not talked about."""
        Topic = self.env["hr.performance.meeting.topic"].sudo()
        last = self._last_meetings(1)[self]
        taken = self.sudo().agenda_ids.carried_id
        return [
            {
                "meeting_id": self.id,
                "kind": "carried",
                "sequence": SEQUENCE["carried"],
                "name": topic.name,
                "author_id": topic.author_id.id,
                "since": topic.since or last.date,
                "carried_id": topic.id,
            }
            for topic in Topic.search(
                [
                    ("meeting_id", "=", last.id),
                    ("kind", "in", WRITTEN_KINDS),
                    ("done", "=", False),
                    ("id", "not in", taken.ids),
                ]
            )
        ]

    def _last_meetings(self, limit):
        """``{meeting: the meetings of the same two before it, the last first}``.

        Before an interview only interviews count: what HR reads of it must not tell what was
        said in other meetings.
        """
        past = self.search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("manager_id", "in", self.manager_id.ids),
                ("state", "in", HELD_STATES),
            ]
        )
        by_pair = defaultdict(list)
        for meeting in past:
            by_pair[meeting.employee_id, meeting.manager_id].append(meeting.id)
        result = {}
        for meeting in self:
            ids = by_pair[meeting.employee_id, meeting.manager_id]
            result[meeting] = past.browse(ids).filtered(
                lambda one, meeting=meeting: (
                    one != meeting._origin
                    and meeting.start
                    and one.start < meeting.start
                    and (meeting.kind != "interview" or one.kind == "interview")
                )
            )[:limit]
        return result

    # ---------------------------------------------------------------- what is open

    def _search_for_both(self, model_name, domain, **options):
        """The records of ``domain`` that both of the two may read.

        Who has no user reads nothing and hides nothing.
        """
        found = None
        # sudo: who the users of the two are is needed, not shown
        for user in (self.employee_id | self.manager_id).sudo().user_id:
            records = (
                self.env[model_name]
                .with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .search(domain, **options)
                .with_env(self.env)
            )
            found = records if found is None else found & records
        return self.env[model_name] if found is None else found

    def _open_items(self):
        """All that is open between the two today."""
        today = fields.Date.context_today(self)
        goals = self._search_for_both(
            "hr.performance.goal",
            Domain("state", "=", "agreed")
            & Domain("cycle_id.state", "!=", "closed")
            & (
                Domain("responsible_id", "=", self.employee_id.id)
                | Domain("id", "=", self.goal_id.id)
            ),
        )
        items = self._goal_items(goals, today)
        items += self._checkin_items(goals)
        items += self._action_items(today)
        items += self._feedback_items()
        return items

    def _goal_items(self, goals, today):
        items = []
        for goal in goals:
            running = goal.date_start <= today <= goal.date_end
            due = goal.checkin_due if running else None
            if goal == self.goal_id:
                kind, since = "goal", False
            elif goal.health == "off_track":
                kind, since = "off_track", False
            elif goal.health == "stale":
                kind, since = "stale", goal.last_checkin_date or goal.agreed_date
            elif due and due < today:
                kind, since = "checkin_missed", due
            else:
                continue
            items.append(Item(kind, goal, goal.name[:NAME_LENGTH], since))
        return items

    def _checkin_items(self, goals):
        """Blockers that the last check-ins named, and check-ins nobody has answered."""
        # sudo: which check-in is the last; whether the two may read it is asked next
        last = goals.sudo().last_checkin_id
        checkins = self._search_for_both(
            "hr.performance.checkin",
            Domain("id", "in", last.ids)
            | (
                Domain("employee_id", "=", self.employee_id.id)
                & Domain("state", "=", "posted")
                & Domain("corrected_by_id", "=", False)
            ),
        )
        items = []
        for checkin in checkins:
            name = checkin.goal_id.name or ""
            if checkin in last and checkin.blockers:
                first = next(iter(checkin.blockers.strip().splitlines()), "")
                text = f"{name}: {first}" if first else name
                items.append(
                    Item(
                        "blocker",
                        checkin.goal_id,
                        text[:NAME_LENGTH],
                        checkin.blocked_since or checkin.date,
                    )
                )
            if (
                checkin.state == "posted"
                and checkin.employee_id == self.employee_id
                and not checkin.corrected_by_id
            ):
                items.append(
                    Item(
                        "checkin_unanswered", checkin, name[:NAME_LENGTH], checkin.date
                    )
                )
        return items

    def _action_items(self, today):
        both = (self.employee_id | self.manager_id).ids
        domain = (
            Domain("state", "in", OPEN_STATES)
            & Domain("date_deadline", "<", today)
            & (
                Domain("responsible_id", "=", self.employee_id.id)
                | (
                    Domain("meeting_id.employee_id", "=", self.employee_id.id)
                    & Domain("responsible_id", "in", both)
                )
            )
        )
        if self.kind == "interview":
            domain &= Domain("goal_id", "!=", False) | Domain(
                "meeting_id.kind", "=", "interview"
            )
        return [
            Item(
                "action_overdue",
                action,
                action.name[:NAME_LENGTH],
                action.date_deadline,
            )
            for action in self._search_for_both("hr.performance.action", domain)
        ]

    def _feedback_items(self):
        """Feedback since the last meeting: that there is some, not what it says."""
        last = self._last_meetings(1)[self]
        domain = Domain("employee_id", "=", self.employee_id.id)
        domain &= Domain("state", "=", "given")
        if last:
            domain &= Domain("given_on", ">=", last.start)
        if self.kind == "interview":
            # HR reads the agenda, but feedback only where everyone does
            domain &= Domain("visibility", "=", "everyone")
        return [
            Item(
                "feedback",
                feedback,
                self.env._(
                    "Feedback from %(author)s",
                    author=feedback.author_id.name,
                ),
                feedback.date,
            )
            for feedback in self._search_for_both(
                "hr.performance.feedback", domain, limit=20
            )
        ]

    # ---------------------------------------------------------------- questions

    @api.depends("kind", "company_id")
    def _compute_question_ids(self):
        lines = self.env["hr.performance.question.line"].search([])
        for meeting in self:
            meeting.question_ids = lines.filtered(
                lambda line, meeting=meeting: (
                    line.set_id.purpose in ("opener", meeting.kind)
                    and line.company_id
                    in (line.company_id.browse(), meeting.company_id)
                )
            )

    def action_add_question(self, question):
        """Put a ``question`` (a question.line, or its id) on the agenda."""
        self.ensure_one()
        if isinstance(question, int):
            question = self.env["hr.performance.question.line"].browse(question)
        question.check_access("read")
        self._check_can_write()
        self.check_access("write")
        if question.text in self.agenda_ids.mapped("name"):
            raise UserError(
                self.env._(
                    "“%(question)s” is on the agenda already.", question=question.text
                )
            )
        # sudo: what kind of topic it is follows from where it comes from
        self.env["hr.performance.meeting.topic"].sudo().create(
            {
                "meeting_id": self.id,
                "kind": "question",
                "name": question.text,
                "author_id": self._my_side().id,
            }
        )
        self._sync_owed()

    # ---------------------------------------------------------------- last time

    @api.depends("employee_id", "manager_id", "start", "kind")
    @api.depends_context("uid", "lang")
    def _compute_history(self):
        """The last meetings of the same two, as far as the user may read them."""
        of_interviews = bool(OFFICERS & self._group_roles())
        last = {
            meeting: past.filtered(
                lambda one: one.is_party or (of_interviews and one.kind == "interview")
            )
            for meeting, past in self._last_meetings(HISTORY).items()
        }
        meetings = self.browse().union(*last.values())
        # under the user's own rules
        topics = self.env["hr.performance.meeting.topic"].search(
            [
                ("meeting_id", "in", meetings.ids),
                ("done", "=", False),
                ("kind", "in", WRITTEN_KINDS),
            ]
        )
        actions = self.env["hr.performance.action"].search(
            [("meeting_id", "in", meetings.ids), ("state", "in", OPEN_STATES)]
        )
        for meeting in self:
            parts = [
                one._history_part(
                    topics.filtered(lambda topic, one=one: topic.meeting_id == one),
                    actions.filtered(lambda action, one=one: action.meeting_id == one),
                )
                for one in last[meeting]
            ]
            meeting.history = Markup().join(parts) or False

    def _history_part(self, topics, actions):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        part = Markup("<h5>%s</h5><div>%s</div>") % (
            self.env._(
                "%(date)s, %(kind)s (%(state)s)",
                date=format_date(self.env, self.date),
                kind=kinds[self.kind],
                state=states[self.state],
            ),
            self.minutes or self.env._("No minutes."),
        )
        for title, lines in (
            (self.env._("Not talked about"), topics.mapped("name")),
            (
                self.env._("Still to do"),
                [
                    self.env._(
                        "%(action)s (%(who)s, %(date)s)",
                        action=action.name,
                        who=action.responsible_id.name,
                        date=format_date(self.env, action.date_deadline),
                    )
                    if action.date_deadline
                    else self.env._(
                        "%(action)s (%(who)s)",
                        action=action.name,
                        who=action.responsible_id.name or "",
                    )
                    for action in actions
                ],
            ),
        ):
            if lines:
                part += Markup("<strong>%s</strong><ul>%s</ul>") % (
                    title,
                    Markup().join(Markup("<li>%s</li>") % line for line in lines),
                )
        return part
