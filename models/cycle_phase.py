from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .template import PURPOSES

#: which end a phase may have, in the order in which people are asked
DEADLINES = ("self_review_deadline", "feedback_deadline", "manager_review_deadline")
DATES = ("date_start", "date_end", *DEADLINES)


class HrPerformanceCyclePhase(models.Model):
    """A part of a cycle with an appraisal form of its own: goal setting, mid-year.

    The year-end needs no phase: form and deadlines are the cycle's.
    """

    _name = "hr.performance.cycle.phase"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Cycle Phase"
    _order = "cycle_id, date_start, id"
    _check_company_auto = True

    cycle_id = fields.Many2one(
        "hr.performance.cycle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, index=True)
    purpose = fields.Selection(PURPOSES, required=True, default="mid_year")
    template_id = fields.Many2one(
        "hr.performance.template",
        "Form",
        check_company=True,
        ondelete="restrict",
        domain="[('purpose', '=', purpose)]",
        help="Empty: for each person the form that suits best.",
    )
    date_start = fields.Date("From")
    date_end = fields.Date("To")
    self_review_deadline = fields.Date("Self Reviews By")
    feedback_deadline = fields.Date("Others' Reviews By")
    manager_review_deadline = fields.Date("Manager Reviews By")
    appraisal_ids = fields.One2many("hr.performance.appraisal", "phase_id")
    appraisal_count = fields.Integer("Appraisals", compute="_compute_appraisal_counts")
    appraisal_done_count = fields.Integer("Done", compute="_compute_appraisal_counts")
    cycle_state = fields.Selection(related="cycle_id.state", string="Stage")

    _one_per_purpose = models.UniqueIndex(
        "(cycle_id, purpose) WHERE purpose != 'project'",
        "The cycle has a phase for this purpose already. Change that one.",
    )

    @api.depends("cycle_id.name", "purpose")
    @api.depends_context("lang")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for phase in self:
            phase.display_name = self.env._(
                "%(phase)s, %(cycle)s",
                phase=purposes.get(phase.purpose, ""),
                cycle=phase.cycle_id.name or "",
            )

    @api.depends("appraisal_ids.state")
    def _compute_appraisal_counts(self):
        counts = {}
        for phase, state, count in self.env["hr.performance.appraisal"]._read_group(
            [("phase_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
            ["phase_id", "state"],
            ["__count"],
        ):
            counts.setdefault(phase.id, {})[state] = count
        for phase in self:
            by_state = counts.get(phase._origin.id, {})
            phase.appraisal_count = sum(by_state.values())
            phase.appraisal_done_count = sum(
                by_state.get(state, 0)
                for state in ("released", "acknowledged", "closed")
            )

    # ---------------------------------------------------------------- checks

    @api.constrains("cycle_id", *DATES)
    def _check_dates(self):
        for phase in self:
            cycle = phase.cycle_id
            if (
                phase.date_start
                and phase.date_end
                and phase.date_end < phase.date_start
            ):
                raise ValidationError(
                    self.env._(
                        "Phase “%(phase)s” ends before it begins. Change “From” or “To”.",
                        phase=phase.display_name,
                    )
                )
            phase._check_inside(
                ("date_start", "date_end"),
                cycle.date_start,
                cycle.date_end,
                cycle.display_name,
            )
            phase._check_inside(
                DEADLINES,
                phase.date_start or cycle.date_start,
                phase.date_end or cycle.date_end,
                phase.display_name,
            )

    def _check_inside(self, names, first, last, whole):
        for name in names:
            if self[name] and not first <= self[name] <= last:
                raise ValidationError(
                    self.env._(
                        "Phase “%(phase)s”: “%(field)s” (%(date)s) must lie within"
                        " “%(whole)s” (%(first)s – %(last)s). Change one of the dates.",
                        phase=self.display_name,
                        field=self._fields[name]._description_string(self.env),
                        date=self[name],
                        whole=whole,
                        first=first,
                        last=last,
                    )
                )

    def _check_no_second(self, wanted):
        """One phase per cycle and purpose, said in words before the index refuses it.

        :param wanted: the pairs ``(cycle id, purpose)`` that are about to be written
        """
        wanted = [pair for pair in wanted if pair[1] != "project"]
        # sudo: also one that the user cannot see is in the way
        existing = self.sudo().search(
            [
                ("cycle_id", "in", [cycle_id for cycle_id, _purpose in wanted]),
                ("id", "not in", self.ids),
            ]
        )
        taken = {(phase.cycle_id.id, phase.purpose): phase for phase in existing}
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for pair in wanted:
            if pair in taken:
                raise ValidationError(
                    self.env._(
                        "The cycle has a phase “%(purpose)s” already. Change that one"
                        " instead of adding a second.",
                        purpose=purposes[pair[1]],
                    )
                )
            taken[pair] = self

    @api.model_create_multi
    def create(self, vals_list):
        usual = self.default_get(["purpose", "cycle_id"])
        self._check_no_second(
            (
                vals.get("cycle_id", usual.get("cycle_id")),
                vals.get("purpose", usual.get("purpose")),
            )
            for vals in vals_list
        )
        phases = super().create(vals_list)
        phases._check_cycle_open()
        return phases

    def write(self, vals):
        self._check_cycle_open()
        if {"cycle_id", "purpose"} & vals.keys():
            self._check_not_begun()
            self._check_no_second(
                (
                    vals.get("cycle_id", phase.cycle_id.id),
                    vals.get("purpose", phase.purpose),
                )
                for phase in self
            )
        result = super().write(vals)
        if "cycle_id" in vals:
            self._check_cycle_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        self._check_cycle_open()
        self._check_not_begun()

    def _check_cycle_open(self):
        for phase in self:
            if phase.cycle_id.state == "closed" and not self.env.su:
                raise UserError(
                    self.env._(
                        "Cycle “%(cycle)s” is closed: its phases stay as they are. Ask an"
                        " administrator to reopen it.",
                        cycle=phase.cycle_id.name,
                    )
                )

    def _check_not_begun(self):
        # sudo: appraisals that the user does not see have begun as well
        appraisals = self.env["hr.performance.appraisal"].sudo()
        for appraisal in appraisals.search([("phase_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Phase “%(phase)s” has appraisals, so it keeps its cycle and its"
                    " purpose. Add another phase instead.",
                    phase=appraisal.phase_id.display_name,
                )
            )

    # ---------------------------------------------------------------- steps

    def action_launch(self):
        """Open the launch of the phase, a new one the first time: first who gets what."""
        self.ensure_one()
        self.check_access("write")
        if self.cycle_id.state == "closed":
            raise UserError(
                self.env._(
                    "Cycle “%(cycle)s” is closed. Launch appraisals in an open one.",
                    cycle=self.cycle_id.name,
                )
            )
        launches = self.env["hr.performance.launch"]
        launch = launches.search([("phase_id", "=", self.id)], limit=1)
        launch = launch or launches.create(
            {
                "cycle_id": self.cycle_id.id,
                "phase_id": self.id,
                "company_id": self.company_id.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": launch._name,
            "res_id": launch.id,
            "view_mode": "form",
        }

    def action_view_appraisals(self):
        self.ensure_one()
        return self.env["hr.performance.appraisal"]._list_action(
            [("phase_id", "=", self.id)],
            name=self.display_name,
            context={
                "default_cycle_id": self.cycle_id.id,
                "default_phase_id": self.id,
            },
        )


class HrPerformanceCycle(models.Model):
    """Phases move with their cycle into the next period."""

    _inherit = "hr.performance.cycle"

    phase_ids = fields.One2many(copy=True)

    @api.constrains("date_start", "date_end")
    def _check_phases(self):
        self.phase_ids._check_dates()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for cycle, vals in zip(self, vals_list, strict=True):
            first = fields.Date.to_date(vals.get("date_start"))
            last = fields.Date.to_date(vals.get("date_end"))
            for command in vals.get("phase_ids") or ():
                if command[0] != Command.CREATE or not (first and last):
                    continue
                phase = command[2]
                for name in DATES:
                    day = fields.Date.to_date(phase.get(name))
                    day = day and day + relativedelta(first, cycle.date_start)
                    # a shorter period has no such day
                    phase[name] = day and first <= day <= last and day
        return vals_list
