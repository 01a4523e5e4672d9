from odoo import api, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    """Leave that is entered, moved or taken back reaches the goals of the person.

    Long leave lowers the share of the period that counts; any leave moves the days on which
    check-ins are due. A holiday of all reaches the goals at night.
    """

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._mark_performance_goals()
        return leaves

    def write(self, vals):
        goals = self._performance_goals()
        result = super().write(vals)
        self._mark_performance_goals(goals)
        return result

    def unlink(self):
        goals = self._performance_goals()
        result = super().unlink()
        self.browse()._mark_performance_goals(goals)
        return result

    def _performance_goals(self):
        """The goals that these people hold or answer for."""
        # sudo: whoever enters leave, it counts in goals of which they may know nothing
        goals = self.env["hr.performance.goal"].sudo()
        if not self.resource_id:
            return goals
        return goals.search(
            Domain("cycle_id.state", "!=", "closed")
            & (
                Domain("employee_id.resource_id", "in", self.resource_id.ids)
                | Domain("responsible_id.resource_id", "in", self.resource_id.ids)
            )
        )

    def _mark_performance_goals(self, former=None):
        """Have computed anew what follows from leave.

        :param former: the goals that it was about before
        """
        goals = self._performance_goals()
        if former:
            goals |= former
        goals.filtered("employee_id")._mark_pro_rata()
        goals.filtered(lambda goal: goal.state == "agreed")._mark_checkin_due()
