from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

#: what of an event the meeting follows
FOLLOWED_FIELDS = frozenset(
    {
        "start",
        "stop",
        "start_date",
        "stop_date",
        "allday",
        "duration",
        "location",
        "videocall_location",
        "active",
    }
)


class HrPerformanceMeeting(models.Model):
    """A meeting stands in the calendars of both, and follows what they do with it there.

    The entry is private: colleagues see that somebody is busy. It never says more than who
    meets whom, and where to prepare; agenda and minutes stay here.
    """

    _inherit = "hr.performance.meeting"

    def _create_events(self):
        planned = self.filtered(lambda meeting: meeting.state == "planned")
        # sudo: the calendar's own rules know nothing of who may plan; what a context
        # says about other records is not for the calendar
        Event = (
            self.env["calendar.event"]
            .sudo()
            .with_context(
                active_model=False, active_id=False, skip_contact_description=True
            )
        )
        Event = Event.with_context(
            {
                key: value
                for key, value in Event.env.context.items()
                if not key.startswith("default_")
            }
        )
        events = Event.create([meeting._event_values() for meeting in planned])
        for meeting, event in zip(planned.sudo(), events, strict=True):
            meeting.event_id = event

    def _event_values(self):
        # sudo: the contact of an employee is needed, not shown
        people = (self.employee_id | self.manager_id).sudo()
        partners = self.env["res.partner"].sudo()
        for person in people:
            partners |= person.user_id.partner_id or person.work_contact_id
        organiser = self.manager_id.sudo().user_id or self.employee_id.sudo().user_id
        return {
            # names and nothing else: what an event is called can be searched for by all
            "name": self.env._(
                "%(employee)s and %(lead)s",
                employee=self.employee_id.name,
                lead=self.manager_id.name,
            ),
            "description": Markup('<a href="%s">%s</a>')
            % (
                f"{self.get_base_url()}/odoo/meetings/{self.id}",
                self.env._("Agenda, preparation and minutes"),
            ),
            "start": self.start,
            "stop": self.stop,
            "location": self.location,
            "videocall_location": self.videocall_location,
            "privacy": "private",
            "user_id": organiser.id,
            "partner_ids": [(6, 0, partners.ids)],
        }

    def _push_to_events(self):
        """Let the calendar say what the meetings say."""
        for meeting in self.sudo():
            event = meeting.event_id
            if not event:
                if meeting.state == "planned":
                    meeting._create_events()
                continue
            values = {
                name: meeting[name]
                for name in ("start", "stop", "location", "videocall_location")
                if meeting[name] != event[name]
            }
            if meeting.state == "cancelled" and event.active:
                values["active"] = False
            elif meeting.state == "planned" and not event.active:
                values["active"] = True
            if values:
                event.write(values)

    def _pull_from_events(self):
        """Let the meetings follow what was done in the calendar.

        Held meetings stay where and when they were.
        """
        for meeting in self:
            event = meeting.event_id
            if not event.active:
                if meeting.state == "planned":
                    meeting.state = "cancelled"
                    meeting._cancelled()
                continue
            values = {
                name: event[name]
                for name in ("start", "location", "videocall_location")
                if meeting[name] != event[name]
            }
            if meeting.stop - meeting.start != event.stop - event.start:
                seconds = (event.stop - event.start).total_seconds()
                # an entry for days is an appointment of a day
                values["duration"] = min(seconds / 3600, 24) or meeting.duration
            if meeting.state == "cancelled":
                values["state"] = "planned"
            if values:
                meeting.write(values)
                meeting._sync_owed()


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    is_performance_meeting = fields.Boolean(
        compute="_compute_is_performance_meeting", export_string_translation=False
    )

    @api.depends_context("uid")
    def _compute_is_performance_meeting(self):
        # under the user's own rules: for others it is an entry like any other
        found = self.env["hr.performance.meeting"].search(
            [("event_id", "in", self._origin.ids), ("is_party", "=", True)]
        )
        for event in self:
            event.is_performance_meeting = event._origin in found.event_id

    def _performance_meetings(self, *states):
        # sudo: whoever may move the entry moves the meeting
        return (
            self.env["hr.performance.meeting"]
            .sudo()
            .search([("event_id", "in", self.ids), ("state", "in", states)])
        )

    def write(self, vals):
        followed = FOLLOWED_FIELDS & vals.keys()
        if vals.get("recurrency") and self._performance_meetings("planned", "held"):
            raise UserError(
                self.env._(
                    "This entry belongs to a performance meeting. Open the meeting and"
                    " fill in “Repeats Every (Weeks)” there."
                )
            )
        result = super().write(vals)
        if followed:
            self._performance_meetings("planned", "cancelled")._pull_from_events()
        return result

    def unlink(self):
        meetings = self._performance_meetings("planned")
        result = super().unlink()
        meetings.write({"state": "cancelled"})
        meetings._cancelled()
        return result

    @api.model
    def _get_activity_excluded_models(self):
        """An entry for a meeting is no reason for one more activity on it."""
        return [*super()._get_activity_excluded_models(), "hr.performance.meeting"]

    def action_open_performance_meeting(self):
        """The meeting with its agenda, for the two who meet."""
        self.ensure_one()
        meeting = self.env["hr.performance.meeting"].search(
            [("event_id", "=", self.id)], limit=1
        )
        if not meeting:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.performance.meeting",
            "res_id": meeting.id,
            "views": [(False, "form")],
        }
