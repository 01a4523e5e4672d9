from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from .workflow_mixin import Transition

#: both people of a meeting
PARTIES = frozenset({"self", "lead"})
#: who it is with, when and of which kind: what a meeting is; its content was written to that
FIXED_FIELDS = ("employee_id", "manager_id", "kind")
#: what the calendar knows as well
SCHEDULE_FIELDS = ("start", "duration", "location", "videocall_location")
#: states in which the minutes are being written
WRITING_STATES = ("planned", "disputed")
#: states in which it took place
HELD_STATES = ("held", "confirmed", "disputed")
#: so many of the last meetings stand beside the new one
HISTORY = 3


class HrPerformanceMeeting(models.Model):
    """A one-on-one, a coaching meeting or an appraisal interview of two people.

    The record says who meets whom, when, of which kind and how it stands: this is read by
    the line and by HR as well. What is talked about (agenda, minutes, disputes) lies in
    records of its own which only the two may read (``hr.performance.meeting.topic``,
    ``.minutes``, ``.statement``); what one of them prepares in records which nobody but
    the author reads (``.note``). ``minutes`` and ``note`` are windows onto these.

    Whoever finalises the minutes (``held_by_id``) never confirms them: the other one does.
    """

    _name = "hr.performance.meeting"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.owed.mixin",
        "hr.performance.dialogue.mixin",
    ]
    _description = "Performance Meeting"
    _order = "start desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["employee_id", "manager_id"]

    _method_only_fields = frozenset(
        {
            "state",
            "event_id",
            "held_on",
            "held_by_id",
            "disputed_on",
            "confirmed_on",
            "previous_id",
        }
    )

    employee_id = fields.Many2one(
        "hr.employee",
        "Employee",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.employee_id,
        help="Whom the meeting is about.",
    )
    # not required in the database: that it is missing is said in a way that helps
    manager_id = fields.Many2one(
        "hr.employee",
        "Led By",
        compute="_compute_manager_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        help="Who leads it: the manager, unless you name somebody else.",
    )
    kind = fields.Selection(
        [
            ("one_on_one", "One-on-one"),
            ("coaching", "Coaching"),
            ("interview", "Appraisal interview"),
        ],
        required=True,
        default="one_on_one",
        index=True,
        help="The minutes of an appraisal interview are read by HR as well; those of the"
        " other kinds by the two of you alone.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        "Period",
        compute="_compute_cycle_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    goal_id = fields.Many2one(
        "hr.performance.goal",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The goal that gave rise to the meeting.",
    )
    appraisal_id = fields.Many2one(
        "hr.performance.appraisal",
        index="btree_not_null",
        check_company=True,
        copy=False,
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Calendar Entry",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
    start = fields.Datetime(
        "When",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self._default_start(),
    )
    duration = fields.Float(
        "Hours", required=True, default=1.0, help="How long it takes, in hours."
    )
    stop = fields.Datetime(
        "Until", compute="_compute_stop", store=True, precompute=True
    )
    date = fields.Date(
        "Day",
        compute="_compute_date",
        store=True,
        precompute=True,
        index=True,
        help="The day on which it takes place, where the one who leads it works.",
    )
    location = fields.Char()
    videocall_location = fields.Char("Video Call")
    repeat_weeks = fields.Integer(
        "Repeats Every (Weeks)",
        aggregator=None,
        help="When this one is held or cancelled, the next is planned so many weeks later."
        " 0: it takes place once.",
    )
    previous_id = fields.Many2one(
        "hr.performance.meeting", "Follows", readonly=True, copy=False, index=True
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("held", "Held"),
            ("confirmed", "Confirmed"),
            ("disputed", "Disputed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    held_on = fields.Date("Minutes Finalised", readonly=True, copy=False)
    held_by_id = fields.Many2one(
        "hr.employee", "Finalised By", readonly=True, copy=False, ondelete="restrict"
    )
    disputed_on = fields.Date(readonly=True, copy=False)
    confirmed_on = fields.Date(readonly=True, copy=False)
    is_lead = fields.Boolean(
        compute="_compute_is_party",
        search="_search_is_lead",
        export_string_translation=False,
    )
    is_party = fields.Boolean(
        compute="_compute_is_party",
        search="_search_is_party",
        export_string_translation=False,
    )
    other_id = fields.Many2one(
        "hr.employee",
        "Who You Meet",
        compute="_compute_other_id",
        help="The other one of the two, for whoever looks.",
    )
    can_write = fields.Boolean(
        compute="_compute_can_write", export_string_translation=False
    )

    _pair_index = models.Index("(employee_id, manager_id, start)")

    _transitions = {
        "hold": Transition(WRITING_STATES, "held", PARTIES),
        "take_back": Transition(("held",), "planned", frozenset({"finisher"})),
        "confirm": Transition(("held",), "confirmed", frozenset({"other_side"})),
        "dispute": Transition(("held",), "disputed", frozenset({"other_side"})),
        "cancel": Transition(
            ("planned",), "cancelled", PARTIES | {"officer", "administrator"}
        ),
        "plan_again": Transition(("cancelled",), "planned", PARTIES),
    }

    # ---------------------------------------------------------------- defaults

    @api.model
    def _default_start(self):
        """The next full hour."""
        return fields.Datetime.now().replace(minute=0, second=0) + timedelta(hours=1)

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_manager_id(self):
        """Whoever plans with somebody else leads it; one's own is led by the manager."""
        for meeting in self:
            me = self.env.user.employee_ids.filtered(
                lambda employee, meeting=meeting: (
                    employee.company_id == meeting.employee_id.company_id
                )
            )[:1]
            meeting.manager_id = (
                me
                if me and meeting.employee_id not in self.env.user.employee_ids
                else meeting.employee_id.parent_id
            )

    @api.depends("employee_id")
    def _compute_company_id(self):
        for meeting in self:
            meeting.company_id = (
                meeting.company_id or meeting.employee_id.company_id or self.env.company
            )

    @api.depends("company_id", "date")
    def _compute_cycle_id(self):
        """The shortest open cycle around the day, unless one is chosen."""
        days = [date for date in self.mapped("date") if date]
        # sudo: which cycles there are is known to everybody in the company
        cycles = self.env["hr.performance.cycle"].sudo()
        if days:
            cycles = cycles.search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "!=", "closed"),
                    ("date_start", "<=", max(days)),
                    ("date_end", ">=", min(days)),
                ]
            ).sorted(lambda cycle: cycle.date_end - cycle.date_start)
        for meeting in self:
            meeting.cycle_id = (
                meeting.cycle_id
                or cycles.filtered(
                    lambda cycle, meeting=meeting: (
                        meeting.date
                        and cycle.company_id == meeting.company_id
                        and cycle.date_start <= meeting.date <= cycle.date_end
                    )
                )[:1]
            )

    @api.depends("start", "duration")
    def _compute_stop(self):
        for meeting in self:
            meeting.stop = meeting.start and meeting.start + timedelta(
                minutes=round(60 * meeting.duration)
            )

    @api.depends("start", "manager_id")
    def _compute_date(self):
        for meeting in self:
            meeting.date = meeting.start and (
                pytz.utc.localize(meeting.start).astimezone(meeting._tz()).date()
            )

    def _tz(self):
        """The time zone of who leads the meeting."""
        # sudo: where somebody works is needed to reckon with, not shown
        lead = (self.manager_id or self.employee_id).sudo()
        return pytz.timezone(lead.user_id.tz or lead.tz or "UTC")

    @api.depends("employee_id.name", "kind", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for meeting in self:
            meeting.display_name = self.env._(
                "%(kind)s: %(employee)s, %(date)s",
                kind=kinds.get(meeting.kind, ""),
                employee=meeting.employee_id.name or "",
                date=format_date(self.env, meeting.date) if meeting.date else "",
            )

    # ---------------------------------------------------------------- whose it is

    @api.depends_context("uid")
    @api.depends("employee_id", "manager_id")
    def _compute_is_party(self):
        mine = {row[0] for row in self.env.execute_query(self._my_employees_sql())}
        for meeting in self:
            meeting.is_lead = meeting.manager_id.id in mine
            meeting.is_party = meeting.is_lead or meeting.employee_id.id in mine

    def _search_is_lead(self, operator, value):
        return self._search_membership(operator, self._my_employees_sql(), "manager_id")

    def _search_is_party(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._my_employees_sql()
        return Domain("employee_id", "in", mine) | Domain("manager_id", "in", mine)

    @api.depends_context("uid")
    @api.depends("employee_id", "manager_id")
    def _compute_other_id(self):
        for meeting in self:
            meeting.other_id = (
                meeting.manager_id if meeting.is_mine else meeting.employee_id
            )

    @api.depends_context("uid")
    @api.depends("state", "employee_id", "manager_id")
    def _compute_can_write(self):
        for meeting in self:
            meeting.can_write = meeting.is_party and meeting.state in WRITING_STATES

    def _performance_roles(self):
        """``self`` · ``lead`` · ``finisher`` and ``other_side`` of the minutes · groups."""
        if not self.is_party:
            return self._group_roles()
        roles = {
            role
            for role, has in (("self", self.is_mine), ("lead", self.is_lead))
            if has
        }
        if self.held_by_id:
            # sudo: whether it was oneself is known to oneself
            by_me = self.held_by_id.sudo().user_id == self.env.user
            roles.add("finisher" if by_me else "other_side")
        return roles

    def _role_names(self, roles):
        names = {
            "lead": self.env._("whoever leads the meeting"),
            "finisher": self.env._("whoever finalised the minutes"),
            "other_side": self.env._("the one who did not finalise the minutes"),
        }
        return ", ".join(
            filter(
                None,
                [
                    super()._role_names(roles),
                    *(name for role, name in names.items() if role in roles),
                ],
            )
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What the two write below a meeting is for the two of them."""
        return dict.fromkeys(self, "write")

    # ---------------------------------------------------------------- checks

    @api.constrains("employee_id", "manager_id")
    def _check_people(self):
        for meeting in self:
            employee, lead = meeting.employee_id, meeting.manager_id
            if not lead:
                raise ValidationError(
                    self.env._(
                        "The meeting with %(employee)s has nobody who leads it. Choose"
                        " somebody in “Led By”.",
                        employee=employee.name,
                    )
                )
            if employee == lead or (
                employee.user_id and employee.user_id == lead.user_id
            ):
                raise ValidationError(
                    self.env._(
                        "The meeting with %(employee)s takes two people. Choose somebody"
                        " else in “With” or “Led By”.",
                        employee=employee.name,
                    )
                )

    @api.constrains("duration", "repeat_weeks")
    def _check_numbers(self):
        for meeting in self:
            if not 0 < meeting.duration <= 24:
                raise ValidationError(
                    self.env._(
                        "“%(meeting)s”: “Hours” must lie between 0 and 24.",
                        meeting=meeting.display_name,
                    )
                )
            if not 0 <= meeting.repeat_weeks <= 52:
                raise ValidationError(
                    self.env._(
                        "“%(meeting)s”: “Repeats Every (Weeks)” runs from 0 (once) to 52.",
                        meeting=meeting.display_name,
                    )
                )

    def _check_may_plan(self):
        """Refuse a meeting with somebody whom its planner neither leads nor coaches.

        Everybody may ask anybody for a meeting about themselves. That the planner is one
        of the two is for the record rules to say.
        """
        for meeting in self:
            if meeting.is_mine or meeting.is_in_my_team:
                continue
            # sudo: whether one is somebody's coach is known to oneself
            coach = meeting.employee_id.sudo().coach_id
            if coach.user_id == self.env.user or self._group_roles():
                continue
            raise AccessError(
                self.env._(
                    "You can plan a meeting with people you lead or coach, or your own with"
                    " anybody. Ask %(employee)s to plan it with you.",
                    employee=meeting.employee_id.name,
                )
            )

    def _check_named(self, vals):
        """Refuse to name records that the user cannot read: a link shows their names."""
        for name in ("cycle_id", "goal_id", "appraisal_id"):
            if name in vals:
                self[name].check_access("read")

    def _check_fixed(self, vals):
        for name in FIXED_FIELDS:
            if name not in vals:
                continue
            for meeting in self:
                value = meeting[name]
                if vals[name] != (value.id if name != "kind" else value):
                    raise UserError(
                        self.env._(
                            "“%(field)s” of “%(meeting)s” stays as it is: what is said there"
                            " was meant for the two of you. Cancel this meeting and plan"
                            " another.",
                            field=self._fields[name]._description_string(self.env),
                            meeting=meeting.display_name,
                        )
                    )

    def _check_can_write(self):
        """Refuse to change what is talked about, by others or when it is finalised."""
        if self.env.su:
            return
        states = dict(self._fields["state"]._description_selection(self.env))
        for meeting in self:
            if not meeting.is_party:
                raise AccessError(
                    self.env._(
                        "Agenda and minutes of “%(meeting)s” are written by the two people"
                        " who meet.",
                        meeting=meeting.display_name,
                    )
                )
            if meeting.state not in WRITING_STATES:
                raise UserError(
                    self.env._(
                        "The minutes of “%(meeting)s” are finalised (%(state)s). What is"
                        " still open belongs on the agenda of the next meeting.",
                        meeting=meeting.display_name,
                        state=states[meeting.state],
                    )
                )

    def _check_planned(self):
        for meeting in self:
            if meeting.state != "planned":
                raise UserError(
                    self.env._(
                        "“%(meeting)s” is no longer only planned: when and where it took"
                        " place stays as it was.",
                        meeting=meeting.display_name,
                    )
                )

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        if not self.env.su:
            meetings._check_may_plan()
            for meeting, vals in zip(meetings, vals_list, strict=True):
                meeting._check_named(vals)
        meetings._create_events()
        meetings._sync_owed()
        return meetings

    def write(self, vals):
        if not self.env.su:
            self._check_fixed(vals)
            if set(SCHEDULE_FIELDS) & vals.keys():
                self._check_planned()
        result = super().write(vals)
        if not self.env.su:
            self._check_named(vals)
        if set(SCHEDULE_FIELDS) & vals.keys():
            self._push_to_events()
            self._sync_owed()
        return result

    # ---------------------------------------------------------------- steps

    def action_hold(self):
        """Finalise the minutes: from now on the other one may confirm or dispute them."""
        self._check_step("hold")
        now = fields.Datetime.now()
        for meeting in self:
            me = meeting.employee_id if meeting.is_mine else meeting.manager_id
            if meeting.state == "planned" and meeting.start > now:
                # you met earlier than planned
                meeting.start = now.replace(second=0, microsecond=0)
            meeting._take_step(
                "hold", held_on=fields.Date.context_today(self), held_by_id=me.id
            )
        self._sync_owed()
        self._plan_next()

    def action_take_back(self):
        """Go on writing the minutes, as long as they are not answered."""
        self._take_step("take_back", held_on=False, held_by_id=False)
        self._sync_owed()

    def action_confirm(self):
        """The other one says: so it was. The minutes are locked."""
        self._take_step("confirm", confirmed_on=fields.Date.context_today(self))
        self._sync_owed()

    def action_dispute(self, statement):
        """The other one says: so it was not, and how it was.

        :param statement: what is wrong; kept for ever beside the minutes as they were
        """
        statement = self._check_reason(statement)
        self._check_step("dispute")
        for meeting in self:
            # sudo: statements are made here and nowhere else
            self.env["hr.performance.meeting.statement"].sudo().create(
                {
                    "meeting_id": meeting.id,
                    "author_id": (
                        meeting.employee_id if meeting.is_mine else meeting.manager_id
                    ).id,
                    "text": statement,
                    "minutes": meeting.minutes,
                }
            )
        self._take_step("dispute", disputed_on=fields.Date.context_today(self))
        self._sync_owed()

    def action_cancel(self):
        """It does not take place. A series goes on with the next one."""
        self._take_step("cancel")
        self._cancelled()

    def _cancelled(self):
        self._push_to_events()
        self._sync_owed()
        self._plan_next()

    def action_plan_again(self):
        """It does take place after all."""
        self._take_step("plan_again")
        self._push_to_events()
        self._sync_owed()

    def action_open_event(self):
        """The entry in the calendar."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.event_id.id,
            "views": [(False, "form")],
        }

    # ---------------------------------------------------------------- series

    def _plan_next(self):
        """Plan the next meeting of each series, unless there is one already.

        Each one makes the next when it is held or cancelled: there is never more than one
        ahead, and a series ends with the people or when it no longer repeats.
        """
        # sudo: the other one of the two may be in another company
        series = self.sudo().filtered(
            lambda meeting: meeting.repeat_weeks and meeting.employee_id.active
        )
        if not series:
            return
        ahead = {
            (employee, kind): latest
            for employee, kind, latest in self.sudo()._read_group(
                [
                    ("employee_id", "in", series.employee_id.ids),
                    ("state", "=", "planned"),
                    ("repeat_weeks", "!=", 0),
                ],
                ["employee_id", "kind"],
                ["id:recordset"],
            )
        }
        values = []
        for meeting in series:
            lead = meeting.manager_id
            if not lead.active:
                lead = meeting.employee_id.parent_id
            others = ahead.get((meeting.employee_id, meeting.kind), self.browse())
            if (
                not lead
                or not lead.active
                or any(
                    other.manager_id == lead and other != meeting for other in others
                )
            ):
                continue
            values.append(
                {
                    "employee_id": meeting.employee_id.id,
                    "manager_id": lead.id,
                    "kind": meeting.kind,
                    "start": meeting._next_start(),
                    "duration": meeting.duration,
                    "location": meeting.location,
                    "videocall_location": meeting.videocall_location,
                    "repeat_weeks": meeting.repeat_weeks,
                    "previous_id": meeting.id,
                }
            )
        self.sudo().create(values)

    def _next_start(self):
        """The same time of day so many weeks later, in the future."""
        tz = self._tz()
        local = pytz.utc.localize(self.start).astimezone(tz).replace(tzinfo=None)
        while True:
            local += timedelta(weeks=self.repeat_weeks)
            start = tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
            if start > fields.Datetime.now():
                return start

    # ---------------------------------------------------------------- for the screens

    @api.model
    def _next_of_mine(self):
        """The next meeting of the current user, or none."""
        return self.search(
            [
                ("is_party", "=", True),
                ("state", "=", "planned"),
                ("stop", ">=", fields.Datetime.now()),
            ],
            order="start, id",
            limit=1,
        )

    def _when(self):
        """Day and time in the user's language and zone."""
        return format_datetime(self.env, self.start, dt_format="EEE d MMM HH:mm")
