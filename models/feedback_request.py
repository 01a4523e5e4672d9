from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from .feedback import LINE_READS, PERSON_READS
from .flush import flush_sql
from .workflow_mixin import Transition

#: a week is long enough to think of something, and short enough to remember
DEFAULT_DAYS = 7


class HrPerformanceFeedbackRequest(models.Model):
    """Feedback that somebody asks for: on their own work, or on that of one below them.

    It is between who asks and who is asked; nobody else learns of it.
    """

    _name = "hr.performance.feedback.request"
    _inherit = [
        "hr.performance.author.mixin",
        "hr.performance.workflow.mixin",
        "hr.performance.owed.mixin",
        # activities subscribe to their record and post on it when done
        "hr.performance.dialogue.mixin",
    ]
    _description = "Request for Feedback"
    _order = "deadline, id"

    _method_only_fields = frozenset({"state", "asker_id", "company_id"})

    employee_id = fields.Many2one(
        "hr.employee",
        "About",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user.employee_id,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
    )
    asker_id = fields.Many2one(
        "hr.employee",
        "Asked By",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user.employee_id,
    )
    author_id = fields.Many2one(
        "hr.employee", "Asked Of", required=True, index=True, ondelete="cascade"
    )
    question = fields.Text(
        required=True, help="What you would like to know. The more exact, the better."
    )
    deadline = fields.Date(
        "By",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + timedelta(days=DEFAULT_DAYS)
        ),
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("answered", "Answered"),
            ("declined", "Declined"),
            ("cancelled", "No longer needed"),
        ],
        required=True,
        default="asked",
        copy=False,
        index=True,
        group_expand=True,
    )
    feedback_id = fields.Many2one(
        "hr.performance.feedback", "Feedback", readonly=True, copy=False, index=True
    )
    answered_on = fields.Date(readonly=True, copy=False)
    decline_reason = fields.Text("Why Not", readonly=True, copy=False)
    is_asker = fields.Boolean(
        compute="_compute_is_asker",
        search="_search_is_asker",
        export_string_translation=False,
    )

    _transitions = {
        "answer": Transition(("asked",), "answered", frozenset({"author"})),
        "decline": Transition(("asked",), "declined", frozenset({"author"})),
        "cancel": Transition(("asked",), "cancelled", frozenset({"asker"})),
    }

    @api.depends("employee_id")
    def _compute_company_id(self):
        for request in self:
            request.company_id = request.employee_id.company_id

    @api.depends_context("uid")
    @api.depends("asker_id")
    def _compute_is_asker(self):
        self._compute_membership("is_asker", self._my_employees_sql(), "asker_id")

    def _search_is_asker(self, operator, value):
        return self._search_membership(operator, self._my_employees_sql(), "asker_id")

    @api.depends("employee_id.name", "author_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "Feedback on %(person)s, asked of %(author)s",
                person=request.employee_id.name or "",
                author=request.author_id.name or "",
            )

    def _performance_roles(self):
        roles = set()
        if self.is_author:
            roles.add("author")
        if self.is_asker:
            roles.add("asker")
        return roles

    def _role_names(self, roles):
        names = {
            "author": self.env._("who is asked"),
            "asker": self.env._("who asks"),
        }
        return ", ".join(name for role, name in names.items() if role in roles)

    # ---------------------------------------------------------------- what is owed

    @api.model
    def _owed_sql(self):
        # who asks whom is between the two
        flush = flush_sql(
            self.env,
            (
                self._name,
                "author_id employee_id company_id deadline state answered_on",
            ),
        )
        return [
            (
                "feedback",
                SQL(
                    """
                    SELECT id AS res_id, author_id AS employee_id,
                           employee_id AS about_id, company_id,
                           create_date::date AS date_from, deadline,
                           answered_on AS done_on, FALSE AS shared
                      FROM hr_performance_feedback_request
                     WHERE state IN ('asked', 'answered')%s
                    """,
                    flush,
                ),
            )
        ]

    # ---------------------------------------------------------------- checks

    @api.constrains("employee_id", "asker_id", "author_id")
    def _check_people(self):
        for request in self:
            if request.author_id in (request.employee_id, request.asker_id):
                raise ValidationError(
                    self.env._(
                        "Feedback on %(person)s: ask somebody else than the person it is"
                        " about or yourself.",
                        person=request.employee_id.name,
                    )
                )

    @api.constrains("question")
    def _check_question(self):
        for request in self:
            if not request.question.strip():
                raise ValidationError(
                    self.env._(
                        "Feedback on %(person)s: write in “Question” what you would like"
                        " to know.",
                        person=request.employee_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env["hr.performance.feedback"]._check_has_employee()
        requests = super().create(vals_list)
        if not self.env.su:
            requests._check_may_ask()
            requests._check_deadline()
        requests._sync_owed()
        return requests

    def write(self, vals):
        if not self.env.su:
            self._check_still_asked()
            if {"employee_id", "author_id"} & vals.keys():
                raise UserError(
                    self.env._(
                        "“%(request)s” is with the one who was asked. Say that you no"
                        " longer need it, and ask anew.",
                        request=self[:1].display_name,
                    )
                )
        result = super().write(vals)
        if "deadline" in vals:
            if not self.env.su:
                self._check_deadline()
            self._sync_owed()
        return result

    def _check_may_ask(self):
        for request in self:
            if not (request.is_mine or request.is_in_my_team):
                raise AccessError(
                    self.env._(
                        "Feedback on %(person)s is asked for by that person or a manager"
                        " above. You can give feedback yourself at any time.",
                        person=request.sudo().employee_id.name,
                    )
                )

    def _check_deadline(self):
        for request in self:
            if request.deadline < fields.Date.context_today(request):
                raise ValidationError(
                    self.env._(
                        "Feedback on %(person)s: “By” has passed. Choose a day to come.",
                        person=request.employee_id.name,
                    )
                )

    def _check_still_asked(self):
        for request in self:
            if request.state != "asked":
                raise UserError(
                    self.env._(
                        "“%(request)s” is settled and stays as it was. Ask anew.",
                        request=request.display_name,
                    )
                )

    def _check_answer(self, feedback):
        """Refuse an answer that who asked could not read."""
        # sudo: who asks reads it by the same rules as everybody
        for request in self.sudo():
            if feedback.employee_id != request.employee_id:
                raise UserError(
                    self.env._(
                        "You were asked about %(person)s. Choose that person in “About”,"
                        " or give this feedback by itself.",
                        person=request.employee_id.name,
                    )
                )
            mine = request.asker_id == request.employee_id
            if feedback.visibility not in (PERSON_READS if mine else LINE_READS):
                raise UserError(
                    self.env._(
                        "%(asker)s, who asked you, could not read this. Let more people"
                        " read it, or decline and say why.",
                        asker=request.asker_id.name,
                    )
                )

    # ---------------------------------------------------------------- steps

    def action_answer(self):
        """Open the feedback to write: the draft that was begun, or a new one."""
        self.ensure_one()
        self._check_step("answer")
        drafts = self.env["hr.performance.feedback"]
        draft = drafts.search(
            [("request_id", "=", self.id), ("is_author", "=", True)], limit=1
        )
        return draft._open_dialog(self.env._("Give feedback")) | {
            "context": {
                "default_employee_id": self.employee_id.id,
                "performance_feedback_request_id": self.id,
            }
        }

    def action_decline(self, reason):
        """Say that one has nothing to tell, and why."""
        reason = self._check_reason(reason)
        self._take_step("decline", decline_reason=reason)
        self._let_go()

    def action_cancel(self):
        """Say that it is no longer needed."""
        self._take_step("cancel")
        self._let_go()

    def _let_go(self):
        """What was begun stays its author's; it answers nothing any more."""
        # sudo: the draft is another's than who cancels
        self.env["hr.performance.feedback"].sudo().search(
            [("request_id", "in", self.ids)]
        ).request_id = False
        self._sync_owed()

    def _answered_by(self, feedback):
        """In superuser mode: it is answered, and the way to it leads from here alone."""
        for request in self:
            request.write(
                {
                    "state": "answered",
                    "feedback_id": feedback.id,
                    "answered_on": fields.Date.today(),
                }
            )
            feedback.request_id = False
        self._sync_owed()

    def _asked_again(self):
        """In superuser mode: the answer was taken back and is a draft again."""
        for request in self:
            request.feedback_id.request_id = request
            request.write(
                {"state": "asked", "feedback_id": False, "answered_on": False}
            )
        self._sync_owed()
