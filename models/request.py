from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .appraisal_reviewers import DEADLINES, person_of
from .flush import flush_sql
from .template import ROLES

#: so many days a former manager has for a farewell review
HANDOVER_DAYS = 30

#: who knows the goals of a person anyway, or is responsible for what they are measured by
GOAL_ROLES = ("self", "manager", "second", "indicator")


class HrPerformanceRequest(models.Model):
    """Who has been asked for a review, and how that stands.

    What is typed before submission lives in a record of its own
    (``hr.performance.request.draft``) that its author alone can read; ``draft`` is the
    window onto it.
    """

    _name = "hr.performance.request"
    _inherit = [
        "hr.performance.author.mixin",
        "hr.performance.guard.mixin",
        "hr.performance.owed.mixin",
        # activities subscribe to their record and post on it when done
        "hr.performance.dialogue.mixin",
    ]
    _description = "Review Request"
    _order = "deadline, id"
    _check_company_auto = True
    _author_field = "reviewer_id"

    _method_only_fields = frozenset(
        {
            "appraisal_id",
            "reviewer_id",
            "role",
            "state",
            "submitted_on",
            "decline_reason",
        }
    )

    appraisal_id = fields.Many2one(
        "hr.performance.appraisal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="appraisal_id.company_id", store=True, index=True
    )
    # copies, so that reviewers need no access to the appraisal itself
    employee_id = fields.Many2one(
        related="appraisal_id.employee_id", store=True, index=True
    )
    cycle_id = fields.Many2one(related="appraisal_id.cycle_id", store=True)
    purpose = fields.Selection(related="appraisal_id.purpose")
    reviewer_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(ROLES, required=True)
    is_anonymous = fields.Boolean(readonly=True)
    share = fields.Float(
        "Share of the Period",
        default=1.0,
        digits=0,
        readonly=True,
        aggregator=None,
        help="For which share of the period a manager led the person (0 to 1).",
    )
    is_handover = fields.Boolean(
        readonly=True,
        help="Asked when the person moved on to another manager; answered at once, whether"
        " or not the appraisal has begun.",
    )
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        help="As on the cycle: what HR changes there holds for all who are asked.",
    )
    state = fields.Selection(
        [
            ("not_started", "Not started"),
            ("to_do", "To do"),
            ("overdue", "Overdue"),
            ("done", "Done"),
            ("declined", "Declined"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        group_expand=True,
    )
    submitted_on = fields.Date(readonly=True)
    decline_reason = fields.Text(readonly=True)
    declined_on = fields.Date(readonly=True)
    is_decline_told = fields.Boolean(
        readonly=True,
        help="Whether manager and HR have been told that somebody declined.",
    )
    draft = fields.Json(
        compute="_compute_draft",
        inverse="_inverse_draft",
        help="The unsent answers, readable by their author alone:"
        ' {"<item id>": {"level_id": 1, "text": "…", "dont_know": false}}.',
    )

    _one_per_reviewer = models.UniqueIndex(
        "(appraisal_id, role, reviewer_id)", "This person has been asked already."
    )

    @api.depends(
        "role",
        "is_handover",
        "appraisal_id.phase_id.date_end",
        *(
            f"appraisal_id.{period}.{name}"
            for period in ("cycle_id", "phase_id")
            for name in sorted(DEADLINES.values())
        ),
    )
    def _compute_deadline(self):
        for request in self:
            if request.is_handover:
                # a month, while it is fresh; whenever the reviews of the others are due
                request.deadline = request.deadline or (
                    fields.Date.today() + timedelta(days=HANDOVER_DAYS)
                )
            else:
                request.deadline = request.appraisal_id._review_deadline(request.role)

    @api.depends(
        "deadline",
        "submitted_on",
        "decline_reason",
        "is_handover",
        "appraisal_id.is_collecting",
        "appraisal_id.collection_closed_on",
    )
    def _compute_state(self):
        today = fields.Date.today()
        for request in self:
            if request.submitted_on:
                request.state = "done"
            elif request.decline_reason:
                request.state = "declined"
            elif not request._is_collected():
                # not yet, or no longer, to be written
                request.state = "not_started"
            elif request.deadline and request.deadline < today:
                request.state = "overdue"
            else:
                request.state = "to_do"

    def _is_collected(self):
        """Whether the appraisal takes an answer to this request now."""
        # sudo: reviewers need not be able to read the appraisal
        appraisal = self.sudo().appraisal_id
        if self.is_anonymous and appraisal.collection_closed_on:
            return False
        return appraisal.is_collecting or (
            self.is_handover and appraisal.state == "draft"
        )

    @api.model
    def _owed_sql(self):
        # whom somebody reviews is between the two: a colleague is not named to the line,
        # anonymous or not, and nobody where few may know of the appraisal
        flush = flush_sql(
            self.env,
            (
                self._name,
                "appraisal_id reviewer_id employee_id company_id deadline state submitted_on"
                " role is_anonymous create_date",
            ),
            ("hr.performance.appraisal", "confidential"),
        )
        return [
            *super()._owed_sql(),
            (
                "review",
                SQL(
                    """
                    SELECT request.id AS res_id, request.reviewer_id AS employee_id,
                           request.employee_id AS about_id, request.company_id,
                           LEAST(request.create_date::date, %s) AS date_from,
                           request.deadline, request.submitted_on AS done_on,
                           request.role NOT IN ('peer', 'report', 'other')
                           AND request.is_anonymous IS NOT TRUE
                           AND appraisal.confidential IS NOT TRUE AS shared
                      FROM hr_performance_request request
                      JOIN hr_performance_appraisal appraisal
                        ON appraisal.id = request.appraisal_id
                     WHERE request.state IN ('to_do', 'overdue', 'done')%s
                    """,
                    fields.Date.today(),
                    flush,
                ),
            ),
        ]

    @api.depends("role", "employee_id.name", "cycle_id.name", "purpose")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._(
                "%(employee)s, %(cycle)s (%(role)s)",
                employee=request.employee_id.name or "",
                # sudo: reviewers need not be able to read the appraisal
                cycle=request.sudo().appraisal_id._cycle_and_purpose(),
                role=roles.get(request.role, ""),
            )

    # ---------------------------------------------------------------- the draft

    @api.depends_context("uid")
    def _compute_draft(self):
        # under the user's own rules: nobody else's draft is found
        drafts = self.env["hr.performance.request.draft"].search_fetch(
            [("request_id", "in", self.ids)], ["request_id", "answers"]
        )
        answers = {draft.request_id: draft.answers for draft in drafts}
        for request in self:
            request.draft = answers.get(request, False)

    def _inverse_draft(self):
        for request in self:
            request._check_author()
            request._check_to_do()
            answers = request.draft or {}
            request._check_answers(answers)
            # sudo: drafts are written here and nowhere else
            Draft = self.env["hr.performance.request.draft"].sudo()
            draft = Draft.search([("request_id", "=", request.id)])
            user = request.sudo().reviewer_id.user_id
            # one of a former login of the author is never shown to the new one
            if draft and draft.user_id == user:
                draft.answers = answers
            else:
                draft.unlink()
                Draft.create(
                    {
                        "request_id": request.id,
                        "user_id": user.id,
                        "answers": answers,
                    }
                )

    def _items(self):
        """The items that this request asks to answer.

        Those of the sections for its role; of an indicator's reviewer those goals that are
        measured by the indicators they are responsible for. A section that names nobody
        asks everybody, but of goals between the person and the line those alone who know
        them. In superuser mode: reviewers need not be able to read the appraisal.
        """
        self.ensure_one()
        request = self.sudo()

        def asks(item):
            named = item.section_id.role_ids
            if named:
                return request.role in named.mapped("role")
            goal = item.goal_id
            return (
                not goal or goal.visibility == "everyone" or request.role in GOAL_ROLES
            )

        items = request.appraisal_id.item_ids.filtered(asks)
        if request.role == "indicator":
            reviewer = person_of(request.reviewer_id)
            items = items.filtered(
                lambda item: (
                    reviewer
                    in map(
                        person_of, item.goal_id.measure_ids.indicator_id.responsible_id
                    )
                )
            )
        return items

    def _counted_items(self):
        """Those of which an answer is waited for."""
        # an indicator's reviewer has nothing but goals to say something on
        return self._items().filtered(
            lambda item: item._is_counted() or self.role == "indicator"
        )

    # ---------------------------------------------------------------- steps

    def action_submit(self):
        """Turn the draft into the submitted review; from now on others may read it."""
        for request in self:
            request._check_author()
            request._check_to_do()
            answers = request.draft or {}
            request._check_answers(answers)
            request._check_complete(answers)
            request.sudo()._submit(answers)
        return {"type": "ir.actions.act_window_close"}

    def _submit(self, answers):
        if self.is_anonymous:
            # the answers stay with their author until the collection is closed
            self.submitted_on = fields.Date.today()
            self._sync_owed()
            return
        self.env["hr.performance.review"].create(
            {
                "appraisal_id": self.appraisal_id.id,
                "role": self.role,
                "reviewer_id": self.reviewer_id.id,
                "share": self.share,
                "submitted_on": fields.Date.today(),
                "answer_ids": [
                    fields.Command.create(values)
                    for values in self._answer_values(answers)
                ],
            }
        )
        self.submitted_on = fields.Date.today()
        self._forget()
        self._sync_owed()

    def action_decline(self, reason):
        """Say that one cannot review, and why."""
        for request in self:
            request._check_author()
            request._check_to_do()
            if not (isinstance(reason, str) and reason.strip()):
                raise UserError(
                    self.env._(
                        "Say why you decline “%(request)s”, so that somebody else can be"
                        " asked.",
                        request=request.display_name,
                    )
                )
            request = request.sudo()
            request.write(
                {
                    "decline_reason": reason.strip(),
                    "declined_on": fields.Date.today(),
                    "is_decline_told": not request.is_anonymous,
                }
            )
            request._forget()
            request._sync_owed()
            if not request.is_anonymous:
                request._tell_declined()

    def _check_author(self):
        # first: whoever may not read the request is told nothing of it
        self.check_access("read")
        if not self.env.su and not self.is_author:
            raise AccessError(
                self.env._(
                    "Only %(reviewer)s can answer “%(request)s”.",
                    reviewer=self.sudo().reviewer_id.name,
                    request=self.display_name,
                )
            )

    def _check_to_do(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in ("to_do", "overdue") or not self._is_collected():
            raise UserError(
                self.env._(
                    "“%(request)s” cannot be answered now (%(state)s). HR can open the"
                    " appraisal again.",
                    request=self.display_name,
                    state=states[self.state],
                )
            )

    # ---------------------------------------------------------------- inside

    def _take_back(self):
        """Make the submitted review a draft again, for its author to revise."""
        for request in self.filtered("submitted_on"):
            review = request.appraisal_id.review_ids.filtered(
                lambda review, request=request: (
                    review.role == request.role
                    and review.reviewer_id == request.reviewer_id
                )
            )
            self.env["hr.performance.request.draft"].create(
                {
                    "request_id": request.id,
                    "user_id": request.reviewer_id.user_id.id,
                    "answers": review.answer_ids._draft_answers(),
                }
            )
            review.unlink()
            request.submitted_on = False
            request._sync_owed()

    def _forget(self):
        """Wipe the drafts."""
        self.env["hr.performance.request.draft"].search(
            [("request_id", "in", self.ids)]
        ).unlink()

    @api.model
    def _cron_mark_overdue(self):
        """Let the deadline that passed show in the state, and tell who said no."""
        self._tell_anonymous_declines()
        late = self.search(
            [("state", "=", "to_do"), ("deadline", "<", fields.Date.today())]
        )
        self.env.add_to_compute(self._fields["state"], late)
        late.modified(["state"])
        self.env.flush_all()


class HrPerformanceRequestDraft(models.Model):
    """The unsent answers of one reviewer. Its record rule lets in the author alone."""

    _name = "hr.performance.request.draft"
    _inherit = ["hr.performance.silent.mixin"]
    _description = "Unsent Review"

    request_id = fields.Many2one(
        "hr.performance.request", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Written As", ondelete="set null")
    answers = fields.Json()

    _one_per_request = models.UniqueIndex("(request_id)", "A request has one draft.")
