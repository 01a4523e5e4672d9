from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .template import PURPOSES
from .workflow_mixin import MANY, OFFICERS, Transition

LINE_AND_OFFICERS = OFFICERS | {"manager"}
#: states in which the person appraised may read the result
RELEASED_STATES = ("released", "acknowledged", "closed")


class HrPerformanceAppraisal(models.Model):
    """One person's appraisal in a cycle: what the year came to, and how that follows.

    The person appraised cannot read this record before its release; until then they meet
    their own request, which carries all they need to review themselves. Department, job
    and manager are copies from the day of creation: a later transfer rewrites nothing.
    """

    _name = "hr.performance.appraisal"
    _inherit = [
        "hr.performance.team.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.dialogue.mixin",
    ]
    _description = "Appraisal"
    _order = "date_end desc, id desc"
    _check_company_auto = True

    _method_only_fields = frozenset(
        {
            "state",
            "score",
            "coverage",
            "derivation",
            "level_suggested_id",
            "level_manager_id",
            "override_reason",
            "level_final_id",
            "result_source",
            "employee_statement",
            "agreed",
            "released_date",
            "acknowledged_date",
            "is_collecting",
        }
    )

    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    cycle_id = fields.Many2one(
        "hr.performance.cycle",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    date_start = fields.Date(related="cycle_id.date_start", store=True)
    date_end = fields.Date(related="cycle_id.date_end", store=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    template_id = fields.Many2one(
        "hr.performance.template",
        "Form",
        compute="_compute_from_cycle",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    scale_id = fields.Many2one(
        "hr.performance.scale",
        "Rating Scale",
        compute="_compute_from_cycle",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    launch_id = fields.Many2one(
        "hr.performance.launch",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    schedule_id = fields.Many2one(
        "hr.performance.schedule",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    schedule_date = fields.Date("Scheduled For", readonly=True, copy=False)
    phase_id = fields.Many2one(
        "hr.performance.cycle.phase",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('cycle_id', '=', cycle_id)]",
    )
    purpose = fields.Selection(
        PURPOSES,
        compute="_compute_purpose",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    rating_mode = fields.Selection(related="template_id.rating_mode", store=True)
    confidential = fields.Boolean(
        help="Read by the manager named and HR alone, not by those further up the line."
    )
    manager_id = fields.Many2one(
        "hr.employee",
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    job_id = fields.Many2one(
        "hr.job",
        compute="_compute_from_employee",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "In review"),
            ("assessed", "Assessed"),
            ("released", "Released"),
            ("acknowledged", "Acknowledged"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    # a field of its own, so that a release has nothing to recompute in what was asked
    is_collecting = fields.Boolean(
        "Being Reviewed",
        copy=False,
        help="Whether reviews can be written: from opening to the manager's rating.",
    )
    anonymity_minimum = fields.Integer(
        compute="_compute_anonymity_minimum",
        store=True,
        precompute=True,
        copy=False,
        help="As it was on the cycle when the appraisal was made: what people were promised"
        " when they wrote.",
    )
    collection_closed_on = fields.Date(
        "Anonymous Answers Collected On", readonly=True, copy=False
    )
    nomination_ids = fields.One2many(
        "hr.performance.nomination", "appraisal_id", "Nominations"
    )
    item_ids = fields.One2many("hr.performance.appraisal.item", "appraisal_id", "Items")
    request_ids = fields.One2many("hr.performance.request", "appraisal_id", "Reviewers")
    review_ids = fields.One2many("hr.performance.review", "appraisal_id", "Reviews")
    level_manager_id = fields.Many2one(
        "hr.performance.scale.level", "Manager's Rating", readonly=True, copy=False
    )
    override_reason = fields.Text(
        "Reason for Another Rating", readonly=True, copy=False
    )
    level_final_id = fields.Many2one(
        "hr.performance.scale.level",
        "Final Rating",
        compute="_compute_level_final_id",
        store=True,
    )
    result_source = fields.Selection(
        [("manager", "Manager's rating")],
        "Result From",
        compute="_compute_level_final_id",
        store=True,
    )
    coefficient = fields.Float(related="level_final_id.coefficient", aggregator="avg")
    released_date = fields.Date(readonly=True, copy=False)
    acknowledged_date = fields.Date(readonly=True, copy=False)
    agreed = fields.Boolean("Employee Agrees", readonly=True, copy=False)
    employee_statement = fields.Text(readonly=True, copy=False)
    self_done = fields.Boolean("Self Review", compute="_compute_reviews_done")
    manager_done = fields.Boolean("Manager Review", compute="_compute_reviews_done")

    _one_per_cycle = models.UniqueIndex(
        "(employee_id, cycle_id, purpose)"
        " WHERE state != 'cancelled' AND purpose != 'project' AND schedule_id IS NULL",
        "This person has an appraisal in this cycle already.",
    )
    _one_per_date = models.UniqueIndex(
        "(schedule_id, employee_id, schedule_date) WHERE schedule_id IS NOT NULL",
        "This person has the appraisal that is scheduled for this day already.",
    )

    _transitions = {
        "open": Transition(("draft",), "open", LINE_AND_OFFICERS),
        "close_collection": Transition(("open",), "open", OFFICERS | {"appraiser"}),
        "assess": Transition(("open",), "assessed", frozenset({"appraiser"})),
        "release": Transition(("assessed",), "released", OFFICERS),
        "acknowledge": Transition(("released",), "acknowledged", frozenset({"self"})),
        "close": Transition(("released", "acknowledged"), "closed", OFFICERS),
        "revise": Transition(("assessed",), "open", OFFICERS | {"appraiser"}),
        "reopen": Transition(
            ("released", "acknowledged", "closed"),
            "open",
            frozenset({"administrator"}),
        ),
        "cancel": Transition(("draft", "open", "assessed"), "cancelled", OFFICERS),
    }

    # ---------------------------------------------------------------- copies

    @api.depends("employee_id")
    def _compute_from_employee(self):
        for appraisal in self:
            employee = appraisal.employee_id
            appraisal.company_id = employee.company_id or self.env.company
            # nobody appraises themselves, by whichever of their employees
            appraisal.manager_id = (
                employee.parent_id
                if not appraisal._is_same_person(employee.parent_id)
                else False
            )
            appraisal.department_id = employee.department_id
            appraisal.job_id = employee.job_id

    def _is_same_person(self, employee):
        """Whether ``employee`` is the person appraised, or that person elsewhere."""
        person = self.employee_id
        return employee and (
            employee == person
            or (person.user_id and employee.user_id == person.user_id)
        )

    @api.constrains("employee_id", "manager_id")
    def _check_manager(self):
        for appraisal in self:
            if appraisal._is_same_person(appraisal.manager_id):
                raise ValidationError(
                    self.env._(
                        "Appraisal “%(appraisal)s”: nobody is the “Manager” of their own"
                        " appraisal. Choose somebody else.",
                        appraisal=appraisal.display_name,
                    )
                )

    @api.depends("cycle_id", "phase_id")
    def _compute_from_cycle(self):
        for appraisal in self:
            appraisal.template_id = (
                appraisal.template_id
                or appraisal.phase_id.template_id
                or appraisal.cycle_id.template_id
            )
            appraisal.scale_id = appraisal.scale_id or appraisal.cycle_id.scale_id

    @api.depends("phase_id", "template_id")
    def _compute_purpose(self):
        for appraisal in self:
            appraisal.purpose = (
                appraisal.phase_id.purpose or appraisal.template_id.purpose or "annual"
            )

    @api.depends("cycle_id")
    def _compute_anonymity_minimum(self):
        for appraisal in self:
            appraisal.anonymity_minimum = appraisal.cycle_id.anonymity_minimum

    @api.depends("employee_id.name", "cycle_id.name", "purpose")
    def _compute_display_name(self):
        for appraisal in self:
            names = {
                "employee": appraisal.employee_id.name or "",
                "cycle": appraisal._cycle_and_purpose(),
            }
            appraisal.display_name = self.env._("%(employee)s, %(cycle)s", **names)

    def _cycle_and_purpose(self):
        """The cycle, and what the appraisal is for where there may be a second one."""
        cycle = self.cycle_id.name or ""
        if self.purpose in (False, "annual"):
            return cycle
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        return self.env._(
            "%(cycle)s, %(purpose)s", cycle=cycle, purpose=purposes[self.purpose]
        )

    @api.depends("manager_id", "confidential")
    def _compute_is_in_my_team(self):
        """In the line below, or named to be appraised by the user.

        HR may name a manager who does not stand above the person: of a project, or the one
        before a transfer. What is confidential is that manager's alone.
        """
        super()._compute_is_in_my_team()
        mine = {row[0] for row in self.env.execute_query(self._my_employees_sql())}
        for appraisal in self:
            if appraisal.manager_id.id in mine and not appraisal.is_mine:
                appraisal.is_in_my_team = True
            elif appraisal.confidential:
                appraisal.is_in_my_team = False

    def _search_is_in_my_team(self, operator, value):
        below = super()._search_is_in_my_team(operator, value)
        if below is NotImplemented:
            return below
        mine = self._my_employees_sql()
        named = Domain("manager_id", "in", mine) & Domain("employee_id", "not in", mine)
        return below & Domain("confidential", "=", False) | named

    def _performance_roles(self):
        """As elsewhere, and ``appraiser``: the manager who is named on the appraisal.

        Those further up read, but do not rewrite what the manager below has signed.
        """
        roles = super()._performance_roles()
        if "self" not in roles and self.manager_id.user_id == self.env.user:
            roles.add("appraiser")
        return roles

    def _roles_by_id(self):
        if len(self) <= MANY:
            return super()._roles_by_id()
        # what steps look at, and not the texts and derivations of ten thousand
        # sudo: whether the user may read them has been asked
        appraisals = self.sudo()
        appraisals.fetch(
            ("state", self._person_field, "manager_id", "cycle_id", "confidential")
        )
        mine, team = (
            {row[0] for row in self.env.execute_query(employees_sql)}
            for employees_sql in (self._my_employees_sql(), self._my_team_sql())
        )
        others = self._group_roles()
        above, appraiser = others | {"manager"}, others | {"manager", "appraiser"}
        roles = {}
        for appraisal in appraisals:
            person_id = appraisal[self._person_field].id
            if person_id in mine:
                roles[appraisal.id] = {"self"}
            elif appraisal.manager_id.id in mine:
                roles[appraisal.id] = appraiser
            elif person_id in team and not appraisal.confidential:
                roles[appraisal.id] = above
            else:
                roles[appraisal.id] = others
        return roles

    # ---------------------------------------------------------------- results

    @api.depends("level_manager_id")
    def _compute_level_final_id(self):
        for appraisal in self:
            appraisal.level_final_id = appraisal.level_manager_id
            appraisal.result_source = appraisal.level_manager_id and "manager"

    @api.depends("request_ids.state", "template_id.role_ids.role")
    def _compute_reviews_done(self):
        # sudo, and a search of its own: whether somebody is done is no secret to who may
        # read the appraisal, but of its requests they may see (and cache) only their own
        done = dict(
            self.env["hr.performance.request"]
            .sudo()
            ._read_group(
                [
                    ("appraisal_id", "in", self._origin.ids),
                    ("state", "=", "done"),
                    # former managers have their say, and nobody waits for it
                    ("is_handover", "=", False),
                ],
                ["appraisal_id"],
                ["role:array_agg"],
            )
        )
        for appraisal in self:
            roles = done.get(appraisal._origin.sudo(), [])
            # a form that does not ask the manager waits for nobody
            asked = appraisal.sudo().template_id.role_ids.mapped("role")
            appraisal.self_done = "self" in roles
            appraisal.manager_done = "manager" in roles or "manager" not in asked

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        # first: whoever may make none is not told who has one
        self.browse().check_access("create")
        with self._names_nothing_hidden(vals_list):
            self._check_no_second(
                (vals.get("employee_id"), vals.get("cycle_id"), self._purpose_of(vals))
                for vals in vals_list
                if not vals.get("schedule_id")
            )
        return super().create(vals_list)

    @api.model
    def _purpose_of(self, vals):
        """The purpose that a new appraisal of ``vals`` will have."""
        if vals.get("purpose"):
            return vals["purpose"]
        # sudo: what a form is for is no secret, and whether it may be named is asked later
        phase = (
            self.env["hr.performance.cycle.phase"].sudo().browse(vals.get("phase_id"))
        )
        cycle = self.env["hr.performance.cycle"].sudo().browse(vals.get("cycle_id"))
        template = cycle.template_id.browse(vals.get("template_id"))
        return (
            phase.purpose
            or (template or phase.template_id or cycle.template_id).purpose
            or "annual"
        )

    def _check_no_second(self, wanted):
        """One appraisal per person, cycle and purpose; say which one is there already.

        Only projects may end several times a year, and what a schedule opens comes by its
        own dates.

        :param wanted: ``(employee id, cycle id, purpose)`` that are about to be written
        """
        wanted = [one for one in wanted if one[2] != "project"]
        # sudo: also one that the user cannot see is in the way
        existing = self.sudo().search_fetch(
            Domain("state", "!=", "cancelled")
            & Domain("schedule_id", "=", False)
            & Domain("employee_id", "in", [employee for employee, *_rest in wanted])
            & Domain("cycle_id", "in", [cycle for _employee, cycle, _purpose in wanted])
            & Domain("id", "not in", self.ids),
            ["employee_id", "cycle_id", "purpose"],
        )
        taken = {
            (appraisal.employee_id.id, appraisal.cycle_id.id, appraisal.purpose)
            for appraisal in existing
        }
        for employee_id, cycle_id, purpose in wanted:
            if (employee_id, cycle_id, purpose) in taken:
                raise UserError(
                    self.env._(
                        "%(employee)s has an appraisal in “%(cycle)s” already. Open that"
                        " one, or cancel it first.",
                        employee=self.env["hr.employee"]
                        .browse(employee_id)
                        .sudo()
                        .name,
                        cycle=self.env["hr.performance.cycle"]
                        .browse(cycle_id)
                        .sudo()
                        .name,
                    )
                )
            taken.add((employee_id, cycle_id, purpose))

    def write(self, vals):
        if not self.env.su and not self._group_roles():
            # the line may write below an appraisal (messages, activities), not in it
            own = {
                name for name in vals if not name.startswith(("message_", "activity_"))
            }
            if own:
                raise AccessError(
                    self.env._(
                        "“%(field)s” of appraisal “%(appraisal)s” is set by HR. Ask a"
                        " performance officer to change it.",
                        field=", ".join(
                            sorted(
                                self._fields[name]._description_string(self.env)
                                for name in own & self._fields.keys()
                            )
                        ),
                        appraisal=self[:1].display_name,
                    )
                )
        what = {"employee_id", "cycle_id", "phase_id", "purpose"}
        if (what | {"template_id", "scale_id"}) & vals.keys():
            for appraisal in self:
                if appraisal.state != "draft":
                    raise UserError(
                        self.env._(
                            "Appraisal “%(appraisal)s” is under way: person, cycle, form"
                            " and scale stay. Cancel it and make a new one.",
                            appraisal=appraisal.display_name,
                        )
                    )
        if what & vals.keys():
            self._check_no_second(
                (
                    vals.get("employee_id", appraisal.employee_id.id),
                    vals.get("cycle_id", appraisal.cycle_id.id),
                    vals.get("purpose", appraisal.purpose),
                )
                for appraisal in self
                if not appraisal.schedule_id
            )
        former = self.browse()
        if {"template_id", "cycle_id"} & vals.keys():
            former = self.filtered(
                lambda one: (
                    one.template_id.id != vals.get("template_id", one.template_id.id)
                    or one.cycle_id.id != vals.get("cycle_id", one.cycle_id.id)
                )
            )
        if former:
            former.sudo()._drop_items()
        result = super().write(vals)
        if former:
            former.sudo().filtered("request_ids")._sync_items()
        if "manager_id" in vals:
            self.sudo().filtered(
                lambda appraisal: appraisal.state == "open"
            )._sync_requests()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for appraisal in self:
            if appraisal.state not in ("draft", "cancelled") or (
                # a former manager has written already
                appraisal.state == "draft" and appraisal.sudo().review_ids
            ):
                raise UserError(
                    self.env._(
                        "Appraisal “%(appraisal)s” is under way. Cancel it instead.",
                        appraisal=appraisal.display_name,
                    )
                )

    # ---------------------------------------------------------------- steps

    def _take_step(self, name, **values):
        step = self._transitions[name]
        if "open" in (*step.sources, step.target):
            values["is_collecting"] = step.target == "open"
        if len(self) > MANY:
            # nobody reads the same line in ten thousand chatters
            self = self.with_context(tracking_disable=True)
        super()._take_step(name, **values)

    def action_open(self):
        """Collect the goals, ask the reviewers: the review can begin."""
        self._take_step("open")
        appraisals = self.sudo()
        appraisals._sync_items()
        appraisals._sync_requests()

    def action_assess(self, level_id=False, override_reason=False):
        """Settle the manager's rating.

        :param level_id: id of the level chosen; without it the suggested one is accepted
        :param override_reason: why the rating differs from the suggestion (required then)
        """
        self._check_step("assess")
        chosen = {one: one._check_rating(level_id, override_reason) for one in self}
        # from here on nothing is refused: a refusal would take back what is published, and
        # tell what it changed
        moved = self._publish_before_settling(chosen)
        for appraisal in self - moved:
            level, reason = chosen[appraisal]
            if level == appraisal.level_suggested_id:
                reason = False
            appraisal._take_step(
                "assess", level_manager_id=level.id, override_reason=reason
            )
        return moved._say_suggestion_moved() if moved else None

    def _check_rating(self, level_id, override_reason):
        """``(level, reason)`` that settle the rating; no level where none is to be given."""
        self.ensure_one()
        suggested = self.level_suggested_id
        if not self.manager_done:
            raise UserError(
                self.env._(
                    "The manager's review of “%(appraisal)s” is not submitted yet."
                    " Submit it, then settle the rating.",
                    appraisal=self.display_name,
                )
            )
        if self.rating_mode == "none" or (
            self.rating_mode == "optional" and not level_id
        ):
            return suggested.browse(), False
        level = suggested.browse(level_id) if level_id else suggested
        if not level or level not in self.scale_id.level_ids:
            names = {"scale": self.scale_id.name, "appraisal": self.display_name}
            raise UserError(
                self.env._(
                    "Choose a level of the scale “%(scale)s” for “%(appraisal)s”.",
                    **names,
                )
                if suggested
                else self.env._(
                    "No section of “%(appraisal)s” has a value, so no rating is"
                    " suggested. Choose a level of the scale “%(scale)s”.",
                    **names,
                )
            )
        return level, level != suggested and self._check_reason(override_reason)

    def action_choose_rating(self):
        """Open the dialog for a rating other than the suggested one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose another rating"),
            "res_model": "hr.performance.appraisal.assess",
            "view_mode": "form",
            "target": "new",
            "context": {"default_appraisal_id": self.id},
        }

    def action_release(self):
        """Let the people appraised read their results."""
        self._take_step("release", released_date=fields.Date.today())

    def action_acknowledge(self, agreed=True, statement=False):
        """The person appraised has read the result, agrees or not, and may say why."""
        self._take_step(
            "acknowledge",
            agreed=bool(agreed),
            employee_statement=(statement or "").strip() or False,
            acknowledged_date=fields.Date.today(),
        )

    def action_answer_result(self):
        """Open the dialog in which one acknowledges one's own result."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Your answer"),
            "res_model": "hr.performance.appraisal.acknowledge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_appraisal_id": self.id},
        }

    def action_close(self):
        """File the appraisal."""
        self._take_step("close")

    def action_reopen(self, reason):
        """Back to review, for a ``reason``.

        Before the release it is for HR and the manager named, afterwards for administrators.

        The manager's review is taken back into a draft, to be submitted again.
        """
        reason = self._check_reason(reason)
        for appraisal in self:
            appraisal._take_step(
                "revise" if appraisal.state == "assessed" else "reopen",
                level_manager_id=False,
                override_reason=False,
                agreed=False,
                employee_statement=False,
                released_date=False,
                acknowledged_date=False,
            )
            requests = appraisal.sudo().request_ids
            # what a former manager wrote stays: nobody may find them any more
            requests.filtered(
                lambda request: request.role == "manager" and not request.is_handover
            )._take_back()
            appraisal.sudo()._recount()
            appraisal.sudo().message_post(
                body=self.env._("Reopened: %(reason)s", reason=reason)
            )

    def action_cancel(self, reason):
        """Stop the appraisal, for a ``reason``."""
        reason = self._check_reason(reason)
        self._take_step("cancel")
        for appraisal in self:
            appraisal.sudo().message_post(
                body=self.env._("Cancelled: %(reason)s", reason=reason)
            )
        requests = self.sudo().request_ids
        requests._forget()

    def action_view_request(self):
        """Open the current user's own review of this appraisal."""
        self.ensure_one()
        mine = self.env["hr.performance.request"].search(
            [("appraisal_id", "=", self.id), ("is_author", "=", True)]
        )
        # what is still to be written comes first
        request = mine.sorted(lambda one: one.state not in ("to_do", "overdue"))[:1]
        if not request:
            raise UserError(
                self.env._(
                    "You are not asked to review “%(appraisal)s”.",
                    appraisal=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "view_mode": "form",
        }

    # ---------------------------------------------------------------- words

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """The person appraised does not follow: followers get what is said as a copy.

        Whoever gets an activity would otherwise follow, also the one to acknowledge.
        """
        for appraisal in self:
            person = appraisal.sudo().employee_id
            own = (person.user_id.partner_id | person.work_contact_id).ids
            super(HrPerformanceAppraisal, appraisal)._message_subscribe(
                [
                    partner_id
                    for partner_id in partner_ids or []
                    if partner_id not in own
                ],
                subtype_ids,
                customer_ids,
            )
        return True

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The talk below an appraisal stays with those who work on it.

        After the release the person appraised may read the appraisal; what manager and
        HR said to each other about it stays between them.
        """
        return dict.fromkeys(self, "write")
