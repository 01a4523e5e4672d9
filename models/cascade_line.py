from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.value import is_ordinary
from .goal import HOLDERS


class HrPerformanceCascadeLine(models.Model):
    """Who receives a goal from a cascade, what it is called there and what has to be done.

    Lines are made by the cascade; its author says what each receiver gets. A goal that
    is cascaded along time only is received by its own holder.
    """

    _name = "hr.performance.cascade.line"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Receiver of a Cascade"
    _order = "cascade_id, id"

    cascade_id = fields.Many2one(
        "hr.performance.cascade",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="cascade_id.company_id", store=True)
    source_id = fields.Many2one(
        "hr.performance.goal",
        "From",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    scope = fields.Selection(
        [
            ("company", "Company"),
            ("department", "Department"),
            ("job", "Post"),
            ("employee", "Personal"),
        ],
        required=True,
        readonly=True,
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    job_id = fields.Many2one(
        "hr.job", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    employee_id = fields.Many2one(
        "hr.employee", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    receiver = fields.Char(compute="_compute_receiver", compute_sudo=True)
    owner_id = fields.Many2one(
        "hr.employee", "Owner", compute="_compute_receiver", compute_sudo=True
    )
    selected = fields.Boolean("Gets It", default=True)
    name = fields.Char("Goal", required=True)
    tasks = fields.Text(
        help="What has to be done, one task a line. They become the goal's actions."
    )
    headcount = fields.Integer("People", default=1, readonly=True)
    share_weight = fields.Float(
        "Share",
        default=1.0,
        help="For targets that are shared by weight: 2 gets twice as much as 1.",
    )
    weight = fields.Float(
        default=100.0, help="How much the goal counts beside the receiver's others."
    )
    measure_ids = fields.Many2many(
        "hr.performance.cascade.measure",
        "hr_performance_cascade_line_measure_rel",
        string="Measures",
        domain="[('cascade_id', '=', cascade_id), ('goal_id', '=', source_id)]",
    )

    @api.depends("scope", "department_id", "job_id", "employee_id", "company_id")
    def _compute_receiver(self):
        for line in self:
            line.receiver = line._holder().name
            line.owner_id = {
                "employee": line.employee_id,
                "department": line.department_id.manager_id,
                "job": line.job_id.department_id.manager_id,
                "company": line.source_id.responsible_id,
            }[line.scope]

    def _holder(self):
        """The company, department, post or person that receives the goal."""
        self.ensure_one()
        return self[HOLDERS[self.scope]]

    def _task_names(self):
        lines = (self.tasks or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def write(self, vals):
        self.cascade_id._check_not_running()
        return super().write(vals)

    @api.constrains("weight", "share_weight")
    def _check_weights(self):
        for line in self:
            for name in ("weight", "share_weight"):
                if not is_ordinary(line[name]) or line[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(receiver)s: “%(field)s” must be an ordinary number that is"
                            " not negative.",
                            receiver=line.receiver,
                            field=line._fields[name]._description_string(self.env),
                        )
                    )

    @api.constrains("measure_ids")
    def _check_measures(self):
        for line in self:
            if any(
                measure.measure_id.goal_id != line.source_id
                or measure.cascade_id != line.cascade_id
                for measure in line.sudo().measure_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(receiver)s: choose measures of the goal that is cascaded.",
                        receiver=line.receiver,
                    )
                )
