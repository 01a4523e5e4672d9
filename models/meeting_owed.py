from odoo import api, models
from odoo.tools import SQL

from .flush import flush_sql

#: so many days there are to confirm or correct minutes
DAYS_TO_ANSWER = 7
#: so many days before a meeting it can be prepared
DAYS_TO_PREPARE = 7


class HrPerformanceMeeting(models.Model):
    """What a meeting asks: to prepare it, hold it, and agree on what was said."""

    _inherit = "hr.performance.meeting"

    @api.model
    def _owed_sql(self):
        flush = flush_sql(
            self.env,
            (
                self._name,
                "employee_id manager_id company_id date state held_on held_by_id"
                " disputed_on confirmed_on create_date",
            ),
            ("hr.performance.meeting.note", "meeting_id author_id create_date"),
            ("hr.performance.meeting.topic", "meeting_id author_id create_date"),
        )
        other = SQL(
            "CASE held_by_id WHEN employee_id THEN manager_id ELSE employee_id END"
        )
        return [
            *super()._owed_sql(),
            (
                "meeting",
                SQL(
                    """
                    SELECT id AS res_id, manager_id AS employee_id,
                           employee_id AS about_id, company_id,
                           LEAST(create_date::date, date) AS date_from,
                           date AS deadline, held_on AS done_on, TRUE AS shared
                      FROM hr_performance_meeting
                     WHERE state != 'cancelled'%s
                    """,
                    flush,
                ),
            ),
            (
                # whether somebody prepares is between them and their conscience
                "meeting_prepare",
                SQL(
                    """
                    SELECT meeting.id AS res_id, meeting.employee_id,
                           meeting.employee_id AS about_id, meeting.company_id,
                           meeting.date - %s AS date_from,
                           meeting.date AS deadline,
                           LEAST(meeting.held_on, (
                               SELECT MIN(note.create_date)::date
                                 FROM hr_performance_meeting_note note
                                 JOIN hr_employee author
                                   ON author.user_id = note.author_id
                                WHERE note.meeting_id = meeting.id
                                  AND author.id = meeting.employee_id
                           ), (
                               SELECT MIN(topic.create_date)::date
                                 FROM hr_performance_meeting_topic topic
                                WHERE topic.meeting_id = meeting.id
                                  AND topic.author_id = meeting.employee_id
                           )) AS done_on,
                           FALSE AS shared
                      FROM hr_performance_meeting meeting
                     WHERE meeting.state != 'cancelled'
                    """,
                    DAYS_TO_PREPARE,
                ),
            ),
            (
                "meeting_confirm",
                SQL(
                    """
                    SELECT id AS res_id, %s AS employee_id, employee_id AS about_id,
                           company_id, held_on AS date_from, held_on + %s AS deadline,
                           CASE state WHEN 'confirmed' THEN confirmed_on
                                      WHEN 'disputed' THEN disputed_on
                           END AS done_on,
                           TRUE AS shared
                      FROM hr_performance_meeting
                     WHERE state IN ('held', 'confirmed', 'disputed')
                    """,
                    other,
                    DAYS_TO_ANSWER,
                ),
            ),
            (
                "meeting_correct",
                SQL(
                    """
                    SELECT id AS res_id, held_by_id AS employee_id,
                           employee_id AS about_id, company_id,
                           disputed_on AS date_from, disputed_on + %s AS deadline,
                           NULL::date AS done_on, TRUE AS shared
                      FROM hr_performance_meeting
                     WHERE state = 'disputed'
                    """,
                    DAYS_TO_ANSWER,
                ),
            ),
        ]
