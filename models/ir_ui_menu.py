from odoo import models

#: what those do who answer for more than their own work
FOR_LEADERS = (
    "hr_performance.menu_team",
    "hr_performance.menu_reporting",
    "hr_performance.menu_cascades",
    "hr_performance.menu_assignments",
    "hr_performance.menu_goal_copies",
    "hr_performance.menu_risk_matrix",
    "hr_performance.menu_goal_alignment",
    # one's own is on each goal
    "hr_performance.menu_change_log",
)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """People who lead nobody are not shown the menus for those who do.

        Who supplies the values of an indicator enters them all the same.
        """
        blacklist = super()._load_menus_blacklist()
        if self.env.user.has_group("hr_performance.group_hr_performance_officer"):
            return blacklist
        # sudo: whether one leads anybody is known to oneself
        employees = self.env.user.sudo().employee_ids
        leads = employees.child_ids or self.env["hr.department"].search_count(
            [("manager_id", "in", employees.ids)], limit=1
        )
        if not leads:
            hidden = [*FOR_LEADERS]
            # sudo: an indicator of another company counts as well
            if (
                not self.env["hr.performance.indicator"]
                .sudo()
                .search_count([("supplier_id", "in", employees.ids)], limit=1)
            ):
                hidden.append("hr_performance.menu_indicators")
            blacklist += [
                menu.id
                for xmlid in hidden
                if (menu := self.env.ref(xmlid, raise_if_not_found=False))
            ]
        return blacklist
