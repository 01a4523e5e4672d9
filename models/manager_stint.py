from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.periods import FIRST_DAY, LAST_DAY, is_ordinary_day
from ..engine.reviewers import days_led


class HrPerformanceManagerStint(models.Model):
    """Who led whom, from when until when.

    The tree of employees knows today only. With this history a manager who led somebody
    for half a year has a say of half a year, also after one of the two has moved on. It is
    kept by the employee's *Manager*; HR corrects it where a change was entered late.
    """

    _name = "hr.performance.manager.stint"
    _inherit = ["hr.performance.team.mixin", "hr.performance.guard.mixin"]
    _description = "Who Led Whom"
    _order = "employee_id, date_from desc, id desc"

    _method_only_fields = frozenset({"recorded_on"})

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="employee_id.company_id", store=True, index=True
    )
    manager_id = fields.Many2one(
        "hr.employee", "Manager", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", help="The last day. Empty: still the manager.")
    recorded_on = fields.Date(
        readonly=True,
        help="The day on which it was entered. What is changed on the same day was a slip"
        " and no transfer.",
    )

    def init(self):
        """Begin the history of everybody whose has not begun: at hire, or the last change.

        For those who were there before this addon, or came past the ORM.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO hr_performance_manager_stint
                       (employee_id, company_id, manager_id, date_from,
                        create_uid, create_date, write_uid, write_date)
                SELECT employee.id, employee.company_id, employee.parent_id,
                       COALESCE(
                           (SELECT MAX(message.date)::date
                              FROM mail_tracking_value tracked
                              JOIN mail_message message
                                ON message.id = tracked.mail_message_id
                              JOIN ir_model_fields field ON field.id = tracked.field_id
                             WHERE message.model = 'hr.employee'
                               AND message.res_id = employee.id
                               AND field.model = 'hr.employee'
                               AND field.name = 'parent_id'
                               AND tracked.old_value_integer <> 0),
                           LEAST(
                               employee.create_date::date,
                               (SELECT MIN(date_version)
                                  FROM hr_version
                                 WHERE employee_id = employee.id)
                           )
                       ),
                       1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
                  FROM hr_employee employee
                 WHERE employee.parent_id IS NOT NULL
                   AND employee.parent_id <> employee.id
                   AND NOT EXISTS (
                       SELECT FROM hr_performance_manager_stint stint
                        WHERE stint.employee_id = employee.id
                   )
                """
            )
        )

    @api.depends("employee_id.name", "manager_id.name")
    def _compute_display_name(self):
        for stint in self:
            stint.display_name = self.env._(
                "%(manager)s, manager of %(employee)s",
                manager=stint.manager_id.name or "",
                employee=stint.employee_id.name or "",
            )

    # ---------------------------------------------------------------- changes

    @api.constrains("employee_id", "manager_id", "date_from", "date_to")
    def _check_days(self):
        others = self.search([("employee_id", "in", self.employee_id.ids)]).grouped(
            "employee_id"
        )
        for stint in self:
            last = stint.date_to or LAST_DAY
            if not (is_ordinary_day(stint.date_from) and is_ordinary_day(last)):
                raise ValidationError(
                    self.env._(
                        "“%(stint)s”: “From” and “To” must lie between %(first)s and"
                        " %(last)s. Correct the years.",
                        stint=stint.display_name,
                        first=FIRST_DAY,
                        last=LAST_DAY,
                    )
                )
            if last < stint.date_from:
                raise ValidationError(
                    self.env._(
                        "“%(stint)s” ends before it begins. Change “From” or “To”.",
                        stint=stint.display_name,
                    )
                )
            if stint.manager_id == stint.employee_id:
                raise ValidationError(
                    self.env._(
                        "%(employee)s is not their own “Manager”. Choose somebody else.",
                        employee=stint.employee_id.name,
                    )
                )
            for other in others[stint.employee_id] - stint:
                if (
                    other.date_from <= last
                    and (other.date_to or LAST_DAY) >= stint.date_from
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(stint)s” and “%(other)s” overlap. One manager at a time:"
                            " change “From” or “To” of one of them.",
                            stint=stint.display_name,
                            other=other.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        stints = super().create(vals_list)
        stints._share_out(stints.employee_id)
        return stints

    def write(self, vals):
        employees = self.employee_id
        result = super().write(vals)
        self._share_out(employees | self.employee_id)
        return result

    def unlink(self):
        employees = self.employee_id
        result = super().unlink()
        self._share_out(employees)
        return result

    @api.model
    def _share_out(self, employees):
        """Let the reviews of these people's managers count for the days they led."""
        # sudo: whoever corrects the days, the shares follow
        self.env["hr.performance.appraisal"].sudo().search(
            [
                ("employee_id", "in", employees.ids),
                ("state", "in", ("draft", "open")),
                ("request_ids.is_handover", "=", True),
            ]
        )._share_out()

    # ---------------------------------------------------------------- following

    @api.model
    def _follow(self, employees):
        """Bring the history of ``employees`` to who is their manager now.

        Where somebody has led until yesterday, they are asked for their view at once. In
        superuser mode.
        """
        today = fields.Date.today()
        yesterday = today - timedelta(days=1)
        history = self.search(
            [("employee_id", "in", employees.ids)], order="employee_id, date_from, id"
        ).grouped("employee_id")
        new, over, reopened, slips = [], self.browse(), self.browse(), self.browse()
        for employee in employees:
            manager = employee.parent_id - employee
            stints = history.get(employee, self.browse())
            last = stints[-1:].filtered(lambda stint: not stint.date_to)
            if last.manager_id == manager:
                continue
            start = today if stints else employee._performance_start(today)
            if last and (last.recorded_on == today or last.date_from > yesterday):
                # entered today: a slip, put right
                slips |= last
                start = last.date_from
                before = stints[-2:-1]
                if (
                    manager
                    and before.manager_id == manager
                    and before.date_to == (start - timedelta(days=1))
                ):
                    reopened |= before
                    continue
            else:
                over |= last
            if manager:
                new.append(
                    {
                        "employee_id": employee.id,
                        "manager_id": manager.id,
                        "date_from": start,
                        "recorded_on": today,
                    }
                )
        slips.unlink()
        over.date_to = yesterday
        reopened.date_to = False
        reopened._take_back_handovers()
        self.create(new)
        over._ask_former()

    def _ask_former(self):
        """Ask those who led until now for their view, while it is fresh.

        On the appraisal that there is, or on a draft made for it in the running cycle.
        """
        if not self:
            return
        appraisals = self.env["hr.performance.appraisal"]
        cycles = self._appraising_cycles()
        history = self._history(self.employee_id)
        wanted = {
            (stint.employee_id, cycle): stint
            for stint in self
            for cycle in cycles
            if stint.employee_id.active
            and cycle.company_id == stint.company_id
            and cycle.date_start <= stint.date_to <= cycle.date_end
            and days_led(
                history.get(stint.employee_id, ()), (cycle.date_start, cycle.date_end)
            ).get(stint.manager_id, 0)
            >= stint.company_id.performance_handover_days
        }
        found = appraisals.search(
            Domain("state", "!=", "cancelled")
            & Domain("purpose", "=", "annual")
            & Domain("employee_id", "in", [employee.id for employee, _cycle in wanted])
            & Domain("cycle_id", "in", [cycle.id for _employee, cycle in wanted])
        )
        there = {(appraisal.employee_id, appraisal.cycle_id) for appraisal in found}
        # whoever enters a manager in the employee's record does not follow what is said
        drafts = appraisals.with_context(mail_create_nosubscribe=True).create(
            [
                {"employee_id": employee.id, "cycle_id": cycle.id}
                for (employee, cycle), stint in wanted.items()
                if (employee, cycle) not in there
                and appraisals._can_be_asked(stint.manager_id, stint.company_id)
            ]
        )
        asked = drafts | found.filtered(
            lambda appraisal: (
                (appraisal.employee_id, appraisal.cycle_id) in wanted
                and appraisal.state in ("draft", "open")
            )
        )
        asked._ask_former_managers(self)

    def _appraising_cycles(self):
        """The running cycles in which the people are appraised, and not parts of these."""
        if not self:
            return self.env["hr.performance.cycle"]
        days = self.mapped("date_to")
        running = self.env["hr.performance.cycle"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "!=", "closed"),
                ("date_start", "<=", max(days)),
                ("date_end", ">=", min(days)),
                ("template_id.role_ids.role", "=", "manager"),
                # a draft on another form would be no year-end, nor found the next time
                ("template_id.purpose", "=", "annual"),
                ("scale_id", "!=", False),
            ]
        )
        paths = set(running.mapped("parent_path"))
        return running.filtered(
            lambda cycle: (
                not any(
                    cycle.parent_path != path and cycle.parent_path.startswith(path)
                    for path in paths
                )
            )
        )

    def _take_back_handovers(self):
        """A transfer that was a slip: nobody is asked for a farewell."""
        pairs = {(stint.employee_id, stint.manager_id) for stint in self}
        asked = self.env["hr.performance.request"].search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("reviewer_id", "in", self.manager_id.ids),
                ("is_handover", "=", True),
                ("submitted_on", "=", False),
                ("appraisal_id.state", "in", ("draft", "open")),
            ]
        )
        asked.filtered(
            lambda one: (one.employee_id, one.reviewer_id) in pairs
        )._withdraw()

    @api.model
    def _history(self, employees):
        """``{employee: [(manager, first day, last day), ...]}``, in one query."""
        stints = self.search_fetch(
            [("employee_id", "in", employees.ids)],
            ["employee_id", "manager_id", "date_from", "date_to"],
        )
        return {
            employee: [
                (stint.manager_id, stint.date_from, stint.date_to or None)
                for stint in own
            ]
            for employee, own in stints.grouped("employee_id").items()
        }


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        # sudo: whoever enters a person or a manager, the history follows
        self.env["hr.performance.manager.stint"].sudo()._follow(
            employees.sudo().filtered("parent_id")
        )
        return employees

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals:
            self.env["hr.performance.manager.stint"].sudo()._follow(self.sudo())
        return result

    def _performance_start(self, today):
        """From when on the first manager leads: of who is entered today, since the hire."""
        if self.create_date and self.create_date.date() < today:
            return today
        hired = min(self.version_ids.mapped("date_version"), default=today)
        return min(hired, today)
