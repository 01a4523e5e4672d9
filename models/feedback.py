from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .workflow_mixin import Transition

TONES = [("positive", "Positive"), ("constructive", "Constructive")]
VISIBILITIES = [
    ("person", "The person alone"),
    ("line", "The person and the managers above"),
    ("managers", "The managers above alone: an observation"),
    ("everyone", "Everyone in the company"),
]
#: what can be opened to more readers once it is given, and to whom
WIDER = {
    "person": ("line", "everyone"),
    "managers": ("line", "everyone"),
    "line": ("everyone",),
    "everyone": (),
}
#: who reads what was given, beside its author: the person, the line above
PERSON_READS = ("person", "line", "everyone")
LINE_READS = ("line", "managers", "everyone")
#: so long the author can take back what was given
TAKE_BACK = timedelta(days=1)


class HrPerformanceFeedback(models.Model):
    """What somebody has seen of a colleague's work, said when it happened.

    Its author says who may read it, and nobody else ever changes that: a draft is the
    author's alone, what is given stays as it was. Within a day it can be taken back; later
    a new one corrects it. An *observation* is feedback that the line above reads alone, so
    that an appraisal at the end of the year is about the whole year.

    There is no chatter: what is said below a record is read by whoever may read the
    record, and an observation may be opened to the person one day.
    """

    _name = "hr.performance.feedback"
    _inherit = ["hr.performance.author.mixin", "hr.performance.workflow.mixin"]
    _description = "Feedback"
    _order = "date desc, id desc"
    _check_company_auto = True

    _method_only_fields = frozenset({"state", "author_id", "given_on", "company_id"})

    employee_id = fields.Many2one(
        "hr.employee", "About", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        index=True,
        help="Of the person on the day it was written: a transfer makes nobody a reader.",
    )
    author_id = fields.Many2one(
        "hr.employee",
        "From",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user.employee_id,
    )
    tone = fields.Selection(TONES, required=True, default="positive")
    text = fields.Text("Feedback", required=True)
    date = fields.Date(
        "Seen On",
        required=True,
        default=fields.Date.context_today,
        index=True,
        help="The day of what it is about.",
    )
    visibility = fields.Selection(
        VISIBILITIES,
        "Who Reads It",
        required=True,
        default="line",
        help="You always read your own. HR reads it only when everyone does.",
    )
    goal_id = fields.Many2one(
        "hr.performance.goal",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The goal it is about, if any.",
    )
    criterion_id = fields.Many2one(
        "hr.performance.template.question",
        "Value or Behaviour",
        ondelete="set null",
        check_company=True,
        domain="[('kind', '=', 'rating'), ('company_id', 'in', (False, company_id))]",
        help="What of the appraisal form it is about, if any.",
    )
    corrects_id = fields.Many2one(
        "hr.performance.feedback",
        "Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        default=lambda self: self._named_in_context(
            self, "performance_feedback_corrects_id", "given"
        ),
    )
    correction_ids = fields.One2many(
        "hr.performance.feedback", "corrects_id", "Corrected By"
    )
    # while it is a draft: what is asked of whom is between the two of them, so the others
    # who read what is given do not find the way to it
    request_id = fields.Many2one(
        "hr.performance.feedback.request",
        "Asked For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        default=lambda self: self._named_in_context(
            self.env["hr.performance.feedback.request"],
            "performance_feedback_request_id",
            "asked",
        ),
    )
    question = fields.Text(related="request_id.question")
    state = fields.Selection(
        [("draft", "Draft"), ("given", "Given")],
        required=True,
        default="draft",
        copy=False,
        index=True,
    )
    given_on = fields.Datetime(readonly=True, copy=False)
    readers = fields.Char("Read By", compute="_compute_readers")

    _transitions = {
        "give": Transition(("draft",), "given", frozenset({"author"})),
        "take_back": Transition(("given",), "draft", frozenset({"author"})),
        "widen": Transition(("given",), "given", frozenset({"author"})),
        "correct": Transition(("given",), "given", frozenset({"author"})),
    }

    @api.model
    def _named_in_context(self, model, key, state):
        """The record of ``model`` that a dialog is opened for: only one's own, in ``state``."""
        record_id = self.env.context.get(key)
        if type(record_id) is not int:
            return model.browse()
        return model.search(
            [("id", "=", record_id), ("is_author", "=", True), ("state", "=", state)]
        )

    @api.depends("employee_id")
    def _compute_company_id(self):
        for feedback in self:
            feedback.company_id = feedback.employee_id.company_id

    @api.depends("given_on")
    def _compute_allowed_transitions(self):
        super()._compute_allowed_transitions()
        for feedback in self:
            names = set(feedback.allowed_transitions or ())
            if not feedback._can_be_taken_back():
                names.discard("take_back")
            if not WIDER.get(feedback.visibility):
                names.discard("widen")
            feedback.allowed_transitions = sorted(names)

    @api.depends("employee_id.name", "visibility")
    def _compute_readers(self):
        words = {
            "person": self.env._("%(person)s alone will read it."),
            "line": self.env._("%(person)s and the managers above will read it."),
            "managers": self.env._(
                "The managers above %(person)s will read it. %(person)s will not, unless"
                " you open it one day."
            ),
            "everyone": self.env._("Everyone in the company will read it."),
        }
        for feedback in self:
            person = feedback.employee_id.name
            feedback.readers = person and words.get(feedback.visibility, "") % {
                "person": person
            }

    @api.depends("employee_id.name", "author_id.name", "date")
    def _compute_display_name(self):
        # never the text: names of records are shown to those who may not read them
        for feedback in self:
            feedback.display_name = self.env._(
                "To %(person)s from %(author)s, %(date)s",
                person=feedback.employee_id.name or "",
                author=feedback.author_id.name or "",
                date=format_date(self.env, feedback.date) if feedback.date else "",
            )

    def _performance_roles(self):
        return {"author"} if self.is_author else set()

    def _role_names(self, roles):
        return self.env._("its author")

    def _can_be_taken_back(self):
        return (
            bool(self.given_on) and fields.Datetime.now() - self.given_on <= TAKE_BACK
        )

    # ---------------------------------------------------------------- checks

    @api.constrains("employee_id", "author_id")
    def _check_not_to_oneself(self):
        for feedback in self:
            person, author = feedback.employee_id, feedback.author_id
            if person == author or (
                person.user_id and person.user_id == author.user_id
            ):
                raise ValidationError(
                    self.env._(
                        "Feedback is for somebody else. Choose another person in “About”;"
                        " what you think of your own work belongs in your check-ins and"
                        " your self review."
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        # a day on, as it may be tomorrow already where the author is
        tomorrow = fields.Date.today() + timedelta(days=1)
        for feedback in self:
            if feedback.date > tomorrow:
                raise ValidationError(
                    self.env._(
                        "Feedback to %(person)s: “Seen On” is a day to come. Choose the"
                        " day of what it is about.",
                        person=feedback.employee_id.name,
                    )
                )

    @api.constrains("text")
    def _check_text(self):
        for feedback in self:
            if not feedback.text.strip():
                raise ValidationError(
                    self.env._(
                        "Feedback to %(person)s: write what you saw in “Feedback”.",
                        person=feedback.employee_id.name,
                    )
                )

    @api.constrains("goal_id", "employee_id", "visibility")
    def _check_goal(self):
        """Nobody learns of a goal from feedback that names it."""
        for feedback in self:
            goal = feedback.goal_id
            if (
                not goal
                or goal.scope != "employee"
                or goal.visibility == "everyone"
                or (
                    goal.responsible_id == feedback.employee_id
                    and feedback.visibility != "everyone"
                )
            ):
                continue
            raise ValidationError(
                self.env._(
                    "The goal “%(goal)s” is between its owner and the line, but this"
                    " feedback would be read by others. Leave “Goal” empty, or let fewer"
                    " people read it.",
                    goal=goal.name,
                )
            )

    def _check_named(self, vals):
        """Refuse what names records that the user may not read."""
        goal = self.env["hr.performance.goal"].browse(vals.get("goal_id") or [])
        goal.check_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_has_employee()
            for vals in vals_list:
                self._check_named(vals)
        return super().create(vals_list)

    @api.model
    def _check_has_employee(self):
        if not self.env.user.employee_id:
            raise UserError(
                self.env._(
                    "Your user is not linked to an employee of %(company)s, so feedback"
                    " would come from nobody. Ask HR to link it.",
                    company=self.env.company.name,
                )
            )

    def write(self, vals):
        if not self.env.su:
            self._check_is_draft()
            self._check_named(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        self._check_is_draft()

    def _check_is_draft(self):
        for feedback in self:
            if feedback.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(feedback)s” is given and stays as it was. Its author can take"
                        " it back within a day, or correct it by a new one.",
                        feedback=feedback.display_name,
                    )
                )

    # ---------------------------------------------------------------- steps

    def action_give(self):
        """Give it: those it is for can read it now, and are told."""
        self._check_step("give")
        self.check_access("write")
        for feedback in self:
            feedback.request_id._check_answer(feedback)
            feedback._check_corrects()
        self._take_step("give", given_on=fields.Datetime.now())
        # sudo: the request goes its own way, checked above
        for feedback in self.sudo():
            feedback.request_id._answered_by(feedback)
        self._tell(dict.fromkeys(self, self.env["res.users"]))
        return {"type": "ir.actions.act_window_close"}

    def action_take_back(self):
        """Make it a draft again, the author's alone, within a day after it was given."""
        self._check_step("take_back")
        for feedback in self:
            if not feedback._can_be_taken_back():
                raise UserError(
                    self.env._(
                        "“%(feedback)s” was given more than a day ago: others count on"
                        " it. Correct it by a new one.",
                        feedback=feedback.display_name,
                    )
                )
        self._take_step("take_back", given_on=False)
        # sudo: the request is asked again
        requests = self.env["hr.performance.feedback.request"].sudo()
        requests.search([("feedback_id", "in", self.ids)])._asked_again()

    def action_widen(self, visibility):
        """Let more people read it; nobody who reads it now loses it.

        :raise UserError: when ``visibility`` is not wider than it is now
        """
        self._check_step("widen")
        labels = dict(self._fields["visibility"]._description_selection(self.env))
        for feedback in self:
            if visibility not in WIDER[feedback.visibility]:
                raise UserError(
                    self.env._(
                        "“%(feedback)s” can be opened to more readers (%(wider)s), not to"
                        " others. Take it back within a day, or correct it by a new one.",
                        feedback=feedback.display_name,
                        wider=", ".join(
                            labels[name] for name in WIDER[feedback.visibility]
                        )
                        or self.env._("there are no more"),
                    )
                )
        # who reads what was wrong reads the correction, and the other way round
        chain = self._with_corrections()
        told = {feedback: feedback._addressees() for feedback in chain}
        chain._take_step("widen", visibility=visibility)
        chain._tell(told)

    def _with_corrections(self):
        """These, what they correct and what corrects them, as far as it is given."""
        # sudo: all by the same author, who takes the step
        chain = found = self.sudo()
        while found:
            found = (found.corrects_id | found.correction_ids) - chain
            chain |= found
        return chain.sudo(self.env.su).filtered(
            lambda feedback: feedback.state == "given"
        )

    def _check_corrects(self):
        """A correction has the same readers as what it corrects."""
        former = self.corrects_id
        if former and (
            former.employee_id != self.employee_id
            or former.visibility != self.visibility
        ):
            raise UserError(
                self.env._(
                    "A correction goes to the same person and the same readers as what it"
                    " corrects: “%(feedback)s” (%(visibility)s). Open it to more readers"
                    " afterwards.",
                    feedback=former.display_name,
                    visibility=dict(
                        self._fields["visibility"]._description_selection(self.env)
                    )[former.visibility],
                )
            )

    def action_open_to_line(self):
        """Let the person and the managers above read it."""
        self.action_widen("line")

    def action_open_to_everyone(self):
        """Let everyone in the company read it."""
        self.action_widen("everyone")

    def action_correct(self):
        """Open a new one that puts this one right."""
        self.ensure_one()
        self._check_step("correct")
        names = ("employee_id", "tone", "text", "date", "visibility")
        names += ("goal_id", "criterion_id")
        return self.browse()._open_dialog(self.env._("Correct feedback")) | {
            "context": {
                f"default_{name}": (
                    self[name].id if self._fields[name].relational else self[name]
                )
                for name in names
            }
            | {"performance_feedback_corrects_id": self.id}
        }

    def _open_dialog(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [
                (self.env.ref("hr_performance.feedback_view_form_dialog").id, "form")
            ],
            "target": "new",
        }

    @api.model
    def _action_about(self, employee):
        """The list of what the user may read about ``employee``, by month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.feedback_action"
        )
        return action | {
            "name": self.env._("Feedback: %(person)s", person=employee.name or ""),
            "domain": [("employee_id", "=", employee.id)],
            "context": {
                "default_employee_id": employee.id,
                "search_default_group_month": 1,
            },
        }

    # ---------------------------------------------------------------- telling

    def _addressees(self):
        """The users to tell: the person and the nearest manager, as far as they read it."""
        # sudo: the manager of a colleague is nobody's secret
        person = self.sudo().employee_id
        users = self.env["res.users"].sudo()
        if self.visibility in PERSON_READS:
            users |= person.user_id
        if self.visibility in LINE_READS:
            users |= person.parent_id.user_id
        return users - self.sudo().author_id.user_id

    def _tell(self, told):
        """Tell those who can read it now that it is there, and nothing of what it says.

        :param told: ``{feedback: users who know it already}``
        """
        threads = self.env["mail.thread"]
        for feedback in self:
            for user in feedback._addressees() - told[feedback]:
                # each in their language
                mine = feedback.with_context(lang=user.lang)
                names = {
                    "author": feedback.author_id.name,
                    "person": feedback.employee_id.name,
                }
                if user == feedback.sudo().employee_id.user_id:
                    subject = mine.env._("%(author)s gave you feedback", **names)
                elif feedback.visibility == "managers":
                    subject = mine.env._(
                        "%(author)s noted an observation on %(person)s", **names
                    )
                else:
                    subject = mine.env._(
                        "%(author)s gave feedback to %(person)s", **names
                    )
                # sudo: whoever gives feedback need not be allowed to write mails
                threads.sudo().message_notify(
                    model=self._name,
                    res_id=feedback.id,
                    partner_ids=user.partner_id.ids,
                    subject=subject,
                    body=mine.env._("Open it to read it."),
                )
