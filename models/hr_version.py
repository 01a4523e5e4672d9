from odoo import api, models

#: what says who holds which post when
POSITION_FIELDS = {
    "active",
    "contract_date_end",
    "contract_date_start",
    "date_version",
    "departure_date",
    "employee_id",
    "job_id",
}


class HrVersion(models.Model):
    """Who comes to a post, or leaves it: its goals are handed out anew, soon after."""

    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._mark_performance_posts(versions._performance_jobs())
        return versions

    def write(self, vals):
        if not POSITION_FIELDS & vals.keys():
            return super().write(vals)
        jobs = self._performance_jobs()
        result = super().write(vals)
        self._mark_performance_posts(jobs | self._performance_jobs())
        return result

    def unlink(self):
        jobs = self._performance_jobs()
        result = super().unlink()
        self._mark_performance_posts(jobs)
        return result

    def _performance_jobs(self):
        """The posts of these people, former ones too: one ends where the next begins."""
        # sudo: what is private of a version is not looked at
        versions = self.sudo()
        return (versions | versions.employee_id.version_ids).job_id

    @api.model
    def _mark_performance_posts(self, jobs):
        """Have the scheduler look at the holders of ``jobs``, once for all of them."""
        if not jobs:
            return
        # sudo: whoever changes a position, its goals follow
        goals = self.env["hr.performance.goal"].sudo()
        marked = goals.search(
            [
                ("scope", "=", "job"),
                ("job_id", "in", jobs.ids),
                ("state", "=", "agreed"),
                ("cycle_id.state", "!=", "closed"),
            ]
        )
        if marked:
            marked.handed_out_on = False
            self.env.ref("hr_performance.ir_cron_hand_out").sudo()._trigger()
