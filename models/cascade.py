from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .goal import HOLDERS

HOLDER_MODELS = {
    "department": "hr.department",
    "job": "hr.job",
    "employee": "hr.employee",
}
STEPS = ("tasks", "targets", "preview")


class HrPerformanceCascade(models.Model):
    """A plan to break goals down: along the organisation, along time, or both at once.

    Three steps: what has to be done by whom (:mod:`.cascade_line`), by which standard
    (:mod:`.cascade_measure`), and a preview of everything that will be made
    (:mod:`.cascade_making`). The plan is kept, so that one can go on another day. It is
    read by its author and HR, and what it makes is made with the rights of whoever
    starts it.
    """

    _name = "hr.performance.cascade"
    _inherit = ["hr.performance.batch.mixin"]
    _description = "Cascade of Goals"
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    source_ids = fields.Many2many(
        "hr.performance.goal",
        "hr_performance_cascade_source_rel",
        string="Goals to Cascade",
        readonly=True,
    )
    receiver = fields.Selection(
        [
            ("department", "Departments below"),
            ("job", "Posts"),
            ("employee", "People"),
            ("holder", "Nobody else: along time only"),
        ],
        "To",
        required=True,
        default="employee",
    )
    period_type = fields.Selection(
        [
            ("whole", "The whole period"),
            ("half", "Half-years"),
            ("tertial", "Four-month periods"),
            ("quarter", "Quarters"),
            ("month", "Months"),
        ],
        "Along Time",
        required=True,
        default="whole",
    )
    goal_state = fields.Selection(
        [
            ("proposed", "Proposals, to be talked about with each owner"),
            ("draft", "Drafts, which nobody is told about yet"),
        ],
        "Goals Arrive As",
        required=True,
        default="proposed",
    )
    step = fields.Selection(
        [
            ("tasks", "1. What has to be done"),
            ("targets", "2. By which standard"),
            ("preview", "3. Preview"),
        ],
        required=True,
        default="tasks",
    )
    line_ids = fields.One2many("hr.performance.cascade.line", "cascade_id", "Receivers")
    measure_ids = fields.One2many(
        "hr.performance.cascade.measure", "cascade_id", "Measures"
    )
    #: what is still to be made, as worked out when it was started
    queue = fields.Json(
        readonly=True, copy=False, prefetch=False, export_string_translation=False
    )
    line_count = fields.Integer("Chosen", compute="_compute_line_count")

    @api.depends("line_ids.selected")
    def _compute_line_count(self):
        counts = dict(
            self.env["hr.performance.cascade.line"]._read_group(
                [("cascade_id", "in", self._origin.ids), ("selected", "=", True)],
                ["cascade_id"],
                ["__count"],
            )
        )
        for cascade in self:
            cascade.line_count = counts.get(cascade._origin, 0)

    # ---------------------------------------------------------------- planning

    @api.model
    def _plan_for(self, goals):
        """The user's unfinished plan for exactly these ``goals``, else a new one."""
        goals._check_may_cascade()
        unfinished = self.search(
            [
                ("create_uid", "=", self.env.uid),
                ("batch_state", "in", ("draft", "stopped")),
                ("source_ids", "in", goals.ids),
            ]
        ).filtered(lambda cascade: cascade.source_ids == goals)
        if unfinished:
            return unfinished[0]
        receiver = next(
            (
                kind
                for kind in ("department", "employee")
                if self._receivers(goals[0], kind)
            ),
            "holder",
        )
        # sudo: goals come in by this method only, which has asked for them
        cascade = self.sudo().create(
            {
                "name": self.env._(
                    "Cascade of %(goals)s", goals=", ".join(goals.mapped("name")[:3])
                ),
                "company_id": goals.company_id.id,
                "source_ids": goals.ids,
                "receiver": receiver,
                "period_type": "quarter" if receiver == "holder" else "whole",
                "measure_ids": [
                    fields.Command.create({"measure_id": measure.id})
                    for measure in goals.measure_ids
                ],
            }
        )
        cascade._fill_lines()
        return cascade.sudo(False)

    def write(self, vals):
        if vals.keys() & {"receiver", "period_type"}:
            self._check_not_begun()
        result = super().write(vals)
        if "receiver" in vals:
            self._fill_lines()
        if vals.get("step") in STEPS[1:]:
            self._ensure_periods()
        return result

    def _check_not_begun(self):
        for cascade in self:
            if cascade.batch_state != "draft":
                raise UserError(
                    self.env._(
                        "“%(cascade)s” has begun to make goals: who gets them and in which"
                        " periods stays. Cascade the goal again for others.",
                        cascade=cascade.name,
                    )
                )

    def _check_sources(self):
        """Refuse to go on with goals that the user may no longer read or cascade."""
        # sudo: a goal that is hidden now must not just drop out
        for cascade in self:
            cascade.sudo().source_ids.sudo(False)._check_may_cascade()

    def action_next(self):
        self._move_step(1)

    def action_back(self):
        self._move_step(-1)

    def _move_step(self, by):
        for cascade in self:
            position = STEPS.index(cascade.step) + by
            cascade.step = STEPS[min(max(position, 0), len(STEPS) - 1)]

    # ---------------------------------------------------------------- periods

    def _periods(self, cycle):
        """The sub-periods of ``cycle`` that goals are made for, by date."""
        self.ensure_one()
        if self.period_type in ("whole", cycle.period_type):
            return cycle.browse()
        return cycle.search(
            [
                ("id", "child_of", cycle.id),
                ("id", "!=", cycle.id),
                ("period_type", "=", self.period_type),
            ],
            order="date_start, id",
        )

    def _ensure_periods(self):
        """Make the sub-periods that are missing, where the user may.

        :raise UserError: when HR has to make them, or the period cannot be divided so
        """
        for cascade in self:
            if cascade.period_type == "whole":
                continue
            for cycle in cascade.source_ids.cycle_id:
                if cascade._periods(cycle):
                    continue
                if not cycle.has_access("write"):
                    raise UserError(
                        self.env._(
                            "“%(cycle)s” is not divided into “%(periods)s” yet. Ask HR to"
                            " create these sub-periods, or choose “The whole period”.",
                            cycle=cycle.name,
                            periods=cascade._label("period_type"),
                        )
                    )
                for part in cycle.child_ids or cycle:
                    part.action_create_subperiods(cascade.period_type)

    def _label(self, name):
        """The words of a selection field's value."""
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    # ---------------------------------------------------------------- receivers

    @api.model
    def _receivers(self, source, kind):
        """Who stands directly below the holder of ``source`` and is the user's to lead.

        :param kind: the scope of the goals to make: ``department``, ``job``, ``employee``
        :return: departments, posts or employees, by name, in superuser mode
        """
        head = source.responsible_id
        unit = source.department_id
        own = Domain("company_id", "=", source.company_id.id)
        inside = Domain("department_id", "child_of", unit.id)
        led = Domain("department_id.manager_id", "=", head.id)
        below = {
            ("department", "company"): own & Domain("parent_id", "=", False),
            ("department", "department"): Domain("parent_id", "=", unit.id),
            ("department", "employee"): Domain("manager_id", "=", head.id)
            & Domain("parent_id.manager_id", "!=", head.id),
            ("job", "company"): own,
            ("job", "department"): own & inside,
            ("job", "employee"): own & led,
            ("employee", "company"): own,
            # what the department shall do is the head's own already
            ("employee", "department"): own & inside & Domain("id", "!=", head.id),
            ("employee", "job"): own & Domain("job_id", "=", source.job_id.id),
            ("employee", "employee"): Domain("parent_id", "=", head.id),
        }.get((kind, source.scope), Domain.FALSE)
        # sudo: departments and posts of people are private; whom the user leads is asked
        found = self.env[HOLDER_MODELS[kind]].sudo().search(below, order="name")
        if kind == "department" and source.scope == "company" and len(found) == 1:
            # one department over all others stands for the company itself
            found = found.child_ids or found
        return found.filtered(self._is_led(kind))

    @api.model
    def _is_led(self, scope):
        """A function: may the user set goals for this department, post or employee?

        As the record rules of goals have it, for thousands at once. A goal of the company
        is nobody's but HR's.
        """
        goals = self.env["hr.performance.goal"]
        if "officer" in goals._group_roles():
            return lambda holder: True
        of_scope = {
            "employee": (goals._my_team_sql(), goals._my_employees_sql()),
            "department": (goals._my_departments_sql(),),
            "job": (goals._my_departments_sql(),),
            "company": (),
        }
        ids = {row[0] for sql in of_scope[scope] for row in self.env.execute_query(sql)}
        if scope == "job":
            return lambda job: job.department_id.id in ids
        return lambda holder: holder.id in ids

    def _fill_lines(self):
        """Offer everybody who is below the goals, all chosen; keep what was said before."""
        self._check_sources()
        # sudo: receivers are found here and not typed in
        for cascade in self.sudo():
            wanted = {}
            for source in cascade.source_ids:
                for holder, values in cascade._line_values(source):
                    wanted[source.id, values["scope"], holder] = values
            lines = {
                (line.source_id.id, line.scope, line._holder().id): line
                for line in cascade.line_ids
            }
            gone = [line.id for key, line in lines.items() if key not in wanted]
            cascade.line_ids.browse(gone).unlink()
            cascade.line_ids.create(
                [values for key, values in wanted.items() if key not in lines]
            )

    def _line_values(self, source):
        """``(id of the holder, values of the line)`` for everybody below ``source``."""
        self.ensure_one()
        measures = self.measure_ids.filtered(lambda measure: measure.goal_id == source)
        if self.receiver == "holder":
            scope, receivers = source.scope, source[HOLDERS[source.scope]]
        else:
            scope = self.receiver
            receivers = self.sudo(False)._receivers(source, scope)
        people = {
            "department": lambda: self._headcounts(receivers),
            "job": lambda: {job.id: job.no_of_employee for job in receivers},
        }.get(scope, dict)()
        return [
            (
                receiver.id,
                {
                    "cascade_id": self.id,
                    "source_id": source.id,
                    "name": source.name,
                    "scope": scope,
                    "headcount": people.get(receiver.id, 1),
                    "measure_ids": measures.ids,
                }
                | ({HOLDERS[scope]: receiver.id} if scope != "company" else {}),
            )
            for receiver in receivers
        ]

    def _headcounts(self, departments):
        """``{department id: people in it and below}``."""
        # sudo: how many people there are is no secret, who they are is not told
        counts = {
            department.id: count
            for department, count in self.env["hr.employee.public"]
            .sudo()
            ._read_group(
                [("department_id", "!=", False)], ["department_id"], ["__count"]
            )
        }
        below = departments.search([("id", "child_of", departments.ids)])
        return {
            department.id: sum(
                counts.get(unit.id, 0)
                for unit in below
                if unit.parent_path.startswith(department.parent_path)
            )
            for department in departments
        }
