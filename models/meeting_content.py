from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import is_html_empty


class HrPerformanceMeetingMinutes(models.Model):
    """The minutes of one meeting, written through ``meeting.minutes``.

    A record of its own, since more people may know that two met than what they said.
    """

    _name = "hr.performance.meeting.minutes"
    _description = "Minutes of a Meeting"
    _rec_name = "meeting_id"

    meeting_id = fields.Many2one(
        "hr.performance.meeting", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    text = fields.Html()

    _one_per_meeting = models.UniqueIndex(
        "(meeting_id)", "A meeting has one set of minutes."
    )


class HrPerformanceMeetingStatement(models.Model):
    """What was wrong in the minutes of a meeting, beside the minutes as they were then."""

    _name = "hr.performance.meeting.statement"
    _description = "Statement on Minutes"
    _order = "id"
    _rec_name = "meeting_id"

    meeting_id = fields.Many2one(
        "hr.performance.meeting", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    author_id = fields.Many2one("hr.employee", required=True, ondelete="restrict")
    text = fields.Text("Statement", required=True)
    minutes = fields.Html("Minutes Then")


class HrPerformanceMeetingNote(models.Model):
    """What one of the two prepares for themselves, written through ``meeting.note``.

    The rule lets in the author alone, with no exception for any group. The author is a
    user and not an employee: whom HR links to an employee later reads nothing of it.
    """

    _name = "hr.performance.meeting.note"
    _description = "Private Preparation"
    _rec_name = "meeting_id"

    meeting_id = fields.Many2one(
        "hr.performance.meeting", required=True, index=True, ondelete="cascade"
    )
    author_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    text = fields.Text()

    _one_per_author = models.UniqueIndex(
        "(meeting_id, author_id)", "Each of the two has one preparation."
    )


class HrPerformanceMeeting(models.Model):
    """The windows of a meeting onto what is said in it."""

    _inherit = "hr.performance.meeting"

    minutes = fields.Html(
        compute="_compute_minutes",
        inverse="_inverse_minutes",
        help="What you talked about and agreed on. The two of you write them; the one who"
        " did not finalise them confirms them.",
    )
    note = fields.Text(
        "My Preparation",
        compute="_compute_note",
        inverse="_inverse_note",
        help="For you alone: nobody else reads it, not the other one, not HR, not an"
        " administrator.",
    )
    statement_ids = fields.One2many(
        "hr.performance.meeting.statement", "meeting_id", "Statements", readonly=True
    )

    @api.depends_context("uid")
    def _compute_minutes(self):
        # under the user's own rules: minutes of others are not found
        found = self.env["hr.performance.meeting.minutes"].search_fetch(
            [("meeting_id", "in", self._origin.ids)], ["meeting_id", "text"]
        )
        texts = {minutes.meeting_id.id: minutes.text for minutes in found}
        for meeting in self:
            meeting.minutes = texts.get(meeting._origin.id, False)

    def _inverse_minutes(self):
        # sudo: minutes are written here and nowhere else
        Minutes = self.env["hr.performance.meeting.minutes"].sudo()
        found = Minutes.search([("meeting_id", "in", self.ids)])
        found = {minutes.meeting_id.id: minutes for minutes in found}
        for meeting in self:
            minutes = found.get(meeting.id)
            if (minutes.text if minutes else False) == meeting.minutes:
                continue
            meeting._check_can_write()
            if minutes:
                minutes.text = meeting.minutes
            elif not is_html_empty(meeting.minutes):
                Minutes.create({"meeting_id": meeting.id, "text": meeting.minutes})

    @api.depends_context("uid")
    def _compute_note(self):
        # the author is asked for as well: superuser mode has no rules
        found = self.env["hr.performance.meeting.note"].search_fetch(
            [
                ("meeting_id", "in", self._origin.ids),
                ("author_id", "=", self.env.uid),
            ],
            ["meeting_id", "text"],
        )
        texts = {note.meeting_id.id: note.text for note in found}
        for meeting in self:
            meeting.note = texts.get(meeting._origin.id, False)

    def _inverse_note(self):
        # sudo: notes are written here and nowhere else, each by its author
        Note = self.env["hr.performance.meeting.note"].sudo()
        found = Note.search(
            [("meeting_id", "in", self.ids), ("author_id", "=", self.env.uid)]
        )
        found = {note.meeting_id.id: note for note in found}
        for meeting in self:
            if not meeting.is_party:
                raise AccessError(
                    self.env._(
                        "“%(meeting)s” is prepared by the two people who meet.",
                        meeting=meeting.display_name,
                    )
                )
            note = found.get(meeting.id)
            if note and meeting.note:
                note.text = meeting.note
            elif note:
                note.unlink()
            elif meeting.note:
                Note.create(
                    {
                        "meeting_id": meeting.id,
                        "author_id": self.env.uid,
                        "text": meeting.note,
                    }
                )
        self._sync_owed()
