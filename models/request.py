from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .flush import flush_sql
from .template import ROLES


class HrPerformanceRequest(models.Model):
    """Who has been asked for a review, how that stands, and the screen to answer on.

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
    draft = fields.Json(
        compute="_compute_draft",
        inverse="_inverse_draft",
        help="The unsent answers, readable by their author alone:"
        ' {"<item id>": {"level_id": 1, "text": "…", "dont_know": false}}.',
    )
    form = fields.Json(
        compute="_compute_form",
        help="Everything the review screen shows: sections, items with their evidence,"
        " levels, and the answers of others as far as the user may read them.",
    )
    answered_count = fields.Integer(compute="_compute_progress")
    item_count = fields.Integer(compute="_compute_progress")

    @api.depends(
        "role",
        "appraisal_id.cycle_id.self_review_deadline",
        "appraisal_id.cycle_id.manager_review_deadline",
        "appraisal_id.cycle_id.feedback_deadline",
    )
    def _compute_deadline(self):
        for request in self:
            request.deadline = request.appraisal_id.cycle_id[
                f"{request.role}_review_deadline"
                if request.role in ("self", "manager")
                else "feedback_deadline"
            ]

    @api.depends(
        "deadline",
        "submitted_on",
        "decline_reason",
        "is_anonymous",
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
            elif not request.appraisal_id.is_collecting or (
                request.is_anonymous and request.appraisal_id.collection_closed_on
            ):
                # not yet, or no longer, to be written
                request.state = "not_started"
            elif request.deadline and request.deadline < today:
                request.state = "overdue"
            else:
                request.state = "to_do"

    @api.model
    def _owed_sql(self):
        # whom somebody reviews is between the two: a peer is not named to the line
        flush = flush_sql(
            self.env,
            (
                self._name,
                "reviewer_id employee_id company_id deadline state submitted_on role",
            ),
        )
        return [
            (
                "review",
                SQL(
                    """
                    SELECT id AS res_id, reviewer_id AS employee_id,
                           employee_id AS about_id, company_id,
                           LEAST(create_date::date, %s) AS date_from, deadline,
                           submitted_on AS done_on,
                           role IN ('self', 'manager') AS shared
                      FROM hr_performance_request
                     WHERE state IN ('to_do', 'overdue', 'done')%s
                    """,
                    fields.Date.today(),
                    flush,
                ),
            )
        ]

    @api.depends("role", "employee_id.name", "cycle_id.name")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._(
                "%(employee)s, %(cycle)s (%(role)s)",
                employee=request.employee_id.name or "",
                cycle=request.cycle_id.sudo().name or "",
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

    @api.depends("draft", "state")
    @api.depends_context("uid")
    def _compute_progress(self):
        for request in self:
            items = request.sudo().appraisal_id.item_ids.filtered(
                lambda item: item.kind != "goal"
            )
            answers = request.draft or {}
            request.item_count = len(items)
            request.answered_count = (
                len(items)
                if request.state == "done"
                else sum(
                    any((answers.get(str(item.id)) or {}).values()) for item in items
                )
            )

    # ---------------------------------------------------------------- the screen

    @api.depends("state", "draft")
    @api.depends_context("uid", "lang")
    def _compute_form(self):
        for request in self:
            if not request.is_author and not request.submitted_on:
                request.form = False
                continue
            # the answers under the user's own rules, before superuser mode is entered
            others = request.env["hr.performance.answer"].search_fetch(
                [("review_id.appraisal_id", "=", request.appraisal_id.id)],
                ["review_id", "item_id", "level_id", "text", "dont_know"],
            )
            request.form = request.sudo()._form(others.sudo())

    def _form(self, answers):
        appraisal = self.appraisal_id
        roles = dict(self._fields["role"]._description_selection(self.env))
        sections = []
        for section, items in appraisal.item_ids.grouped("section_id").items():
            scale = section.scale_id or appraisal.scale_id
            sections.append(
                {
                    "id": section.id,
                    "name": section.name,
                    "description": section.description or "",
                    "kind": section.kind,
                    "levels": [
                        {
                            "id": level.id,
                            "name": level.name,
                            "description": level.description or "",
                        }
                        for level in scale.level_ids
                    ],
                    "items": [self._form_item(item, answers, roles) for item in items],
                }
            )
        return {"sections": sections, "readonly": self.state in ("done", "declined")}

    def _form_item(self, item, answers, roles):
        goal = item.goal_id
        return {
            "id": item.id,
            "name": item.name,
            "kind": item.kind,
            "description": item.question_id.description or "",
            "required": item.kind == "rating" and item.question_id.required,
            "measures": [
                {
                    "name": measure.indicator_id.name,
                    "figure": measure.figure,
                    "points": measure.score if measure.score is not None else False,
                    "status": measure.status,
                    "explanation": measure.explanation,
                }
                for measure in goal.measure_ids
            ],
            "points": goal.score if goal and goal.score is not None else False,
            "last_checkin": goal.last_checkin_id.assessment or "" if goal else "",
            "answers": [
                {
                    "role": roles[answer.review_id.role],
                    "level": answer.level_id.name or "",
                    "level_id": answer.level_id.id,
                    "text": answer.text or "",
                    "dont_know": answer.dont_know,
                }
                for answer in answers
                if answer.item_id == item
            ],
        }

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
        items = {str(item.id): item for item in self.appraisal_id.item_ids}
        self.env["hr.performance.review"].create(
            {
                "appraisal_id": self.appraisal_id.id,
                "role": self.role,
                "reviewer_id": self.reviewer_id.id,
                "share": self.share,
                "submitted_on": fields.Date.today(),
                "answer_ids": [
                    fields.Command.create(items[key]._answer_values(answer))
                    for key, answer in answers.items()
                    if any(answer.values())
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
            request.decline_reason = reason.strip()
            request._forget()
            request._sync_owed()
            if request.is_anonymous:
                continue  # who has not answered narrows down who has
            # HR, who can name another reviewer, follows the appraisal
            request.appraisal_id.message_post(
                body=self.env._(
                    "%(reviewer)s declined to review: %(reason)s",
                    reviewer=request.reviewer_id.name,
                    reason=reason.strip(),
                )
            )

    def _check_author(self):
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
        if (
            self.state not in ("to_do", "overdue")
            or self.sudo().appraisal_id.state != "open"
        ):
            raise UserError(
                self.env._(
                    "“%(request)s” cannot be answered now (%(state)s). HR can open the"
                    " appraisal again.",
                    request=self.display_name,
                    state=states[self.state],
                )
            )

    def _check_answers(self, answers):
        """Refuse answers to unknown items or with levels of another scale."""
        appraisal = self.sudo().appraisal_id
        items = {str(item.id): item for item in appraisal.item_ids}
        if not isinstance(answers, dict):
            raise UserError(
                self.env._(
                    "The answers to “%(request)s” must be given per item.",
                    request=self.display_name,
                )
            )
        for key, answer in answers.items():
            item = items.get(str(key))
            if not item or not isinstance(answer, dict):
                raise UserError(
                    self.env._(
                        "“%(request)s” has no item %(item)s. Reload the form.",
                        request=self.display_name,
                        item=key,
                    )
                )
            level_id = answer.get("level_id")
            scale = item.section_id.scale_id or appraisal.scale_id
            if level_id and (
                item.kind != "rating" or level_id not in scale.level_ids.ids
            ):
                raise UserError(
                    self.env._(
                        "“%(item)s”: choose a level of the scale “%(scale)s”.",
                        item=item.name,
                        scale=scale.name,
                    )
                )

    def _check_complete(self, answers):
        for item in self.sudo().appraisal_id.item_ids:
            answer = answers.get(str(item.id)) or {}
            if (
                item.kind == "rating"
                and item.question_id.required
                and not (answer.get("level_id") or answer.get("dont_know"))
            ):
                raise UserError(
                    self.env._(
                        "“%(item)s” is not answered yet. Choose a level, or “Don't know”.",
                        item=item.name,
                    )
                )

    # ---------------------------------------------------------------- inside

    def _pass_on(self, reviewer):
        """Ask ``reviewer`` instead; the former one's draft is wiped, never handed over."""
        for request in self.filtered(lambda request: request.reviewer_id != reviewer):
            request._forget()
            if reviewer:
                request.write({"reviewer_id": reviewer.id, "decline_reason": False})
                request._sync_owed()
            else:
                request.unlink()

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
                    "answers": {
                        str(answer.item_id.id): answer._draft_values()
                        for answer in review.answer_ids
                    },
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
        """Let the deadline that passed show in the state."""
        late = self.search(
            [("state", "=", "to_do"), ("deadline", "<", fields.Date.today())]
        )
        self.env.add_to_compute(self._fields["state"], late)
        late.modified(["state"])
        self.env.flush_all()


class HrPerformanceRequestDraft(models.Model):
    """The unsent answers of one reviewer. Its record rule lets in the author alone."""

    _name = "hr.performance.request.draft"
    _description = "Unsent Review"

    request_id = fields.Many2one(
        "hr.performance.request", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Written As", ondelete="set null")
    answers = fields.Json()

    _one_per_request = models.UniqueIndex("(request_id)", "A request has one draft.")
