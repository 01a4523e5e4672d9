from odoo import fields, models


class HrJob(models.Model):
    """The role profile: what a post is there for, and what it shall achieve.

    What it takes to fill it are the expected skills of ``hr_skills`` (``job_skill_ids``).
    """

    _inherit = "hr.job"

    role_products = fields.Html(
        "Products and Services",
        help="What the post delivers, and to whom.",
    )
    role_effect = fields.Html(
        "Effect", help="What is different, for users and society, because of it."
    )
    role_relations = fields.Html(
        "Working Relations", help="With whom it works: above, beside, outside."
    )
    role_procedures = fields.Html(
        "Procedures", help="Which procedures it answers for or follows."
    )
    performance_goal_ids = fields.One2many(
        "hr.performance.goal", "job_id", "Goals of the Post"
    )
    performance_goal_count = fields.Integer(compute="_compute_performance_goal_count")

    def _compute_performance_goal_count(self):
        counts = dict(
            self.env["hr.performance.goal"]._read_group(
                [("job_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["job_id"],
                ["__count"],
            )
        )
        for job in self:
            job.performance_goal_count = counts.get(job._origin, 0)

    def action_view_performance_goals(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.goal_action"
        )
        return action | {
            "name": self.env._("Goals of the post: %(job)s", job=self.name),
            "domain": [("job_id", "=", self.id)],
            "context": {"default_scope": "job", "default_job_id": self.id},
        }

    def action_add_performance_goal(self):
        """A new goal of the post, in a form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New goal of the post"),
            "res_model": "hr.performance.goal",
            "view_mode": "form",
            "context": {"default_scope": "job", "default_job_id": self.id},
        }
