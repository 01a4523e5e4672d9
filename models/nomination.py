from odoo import api, fields, models
from odoo.fields import Domain

from .appraisal_reviewers import person_of
from .template import ROLES
from .workflow_mixin import OFFICERS, Transition

DECIDERS = OFFICERS | {"appraiser"}


class HrPerformanceNomination(models.Model):
    """Who shall be asked for a review, and who has been.

    Says nothing of whether they have answered: that is between them and their request.
    """

    _name = "hr.performance.nomination"
    _inherit = ["hr.performance.team.mixin", "hr.performance.workflow.mixin"]
    _description = "Nominated Reviewer"
    _order = "appraisal_id, role, id"
    _rec_name = "reviewer_id"

    _method_only_fields = frozenset(
        {"appraisal_id", "role", "reviewer_id", "state", "source"}
    )

    appraisal_id = fields.Many2one(
        "hr.performance.appraisal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="appraisal_id.company_id", store=True, index=True
    )
    employee_id = fields.Many2one(
        related="appraisal_id.employee_id", store=True, index=True
    )
    cycle_id = fields.Many2one(related="appraisal_id.cycle_id", store=True)
    role = fields.Selection(ROLES, required=True)
    reviewer_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict"
    )
    source = fields.Selection(
        [
            ("auto", "The organisation"),
            ("employee", "The person"),
            ("manager", "The manager or HR"),
        ],
        "Named By",
        required=True,
        default="manager",
        readonly=True,
        help="The person appraised reads whom they have proposed themselves, nobody else.",
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    refuse_reason = fields.Text(readonly=True, copy=False)

    _transitions = {
        "approve": Transition(("proposed",), "approved", DECIDERS),
        "refuse": Transition(("proposed",), "refused", DECIDERS),
    }
    # the person proposes without learning whom others have named
    _reviewer_unique = models.UniqueIndex(
        "(appraisal_id, role, reviewer_id, source) WHERE state != 'refused'",
        "This person has been named already.",
    )

    @api.depends("appraisal_id.is_in_my_team")
    def _compute_is_in_my_team(self):
        # sudo: who follows the appraisal follows who is asked; the person does neither
        for nomination in self:
            nomination.is_in_my_team = nomination.sudo().appraisal_id.is_in_my_team

    def _search_is_in_my_team(self, operator, value):
        return Domain("appraisal_id", "any!", Domain("is_in_my_team", operator, value))

    def _performance_roles(self):
        """As towards the appraisal."""
        # sudo: whoever proposes cannot read it
        return self.sudo().appraisal_id._performance_roles()

    # ---------------------------------------------------------------- steps

    def action_approve(self):
        """Ask those who are proposed.

        Safe for a whole list; whoever has been asked on another way is not asked twice.
        """
        self = self._waiting()
        self._check_step("approve")
        for appraisal, some in self.sudo().grouped("appraisal_id").items():
            appraisal._check_collecting()
            for role, of_role in some.grouped("role").items():
                appraisal._check_room(role, self.browse(), of_role)
        self._take_step("approve")
        self.sudo()._ask()
        self.sudo().appraisal_id._sync_owed()

    def action_refuse(self, reason):
        """Ask somebody else, for a ``reason`` that the person proposing reads."""
        self = self._waiting()
        reason = self._check_reason(reason)
        self._take_step("refuse", refuse_reason=reason)
        appraisals = self.sudo().appraisal_id
        appraisals._sync_owed()
        appraisals.request_ids.filtered(lambda one: one.role == "self")._sync_owed()

    # ---------------------------------------------------------------- inside

    def _waiting(self):
        """Of a whole list those that wait for a decision."""
        if len(self) == 1:
            return self
        return self.filtered(lambda one: one.state == "proposed")

    def _ask(self):
        """Make the requests of these nominations."""
        vals_list = []
        for appraisal, some in self.grouped("appraisal_id").items():
            lines = appraisal.template_id.role_ids.grouped("role")
            known = {person_of(one.reviewer_id) for one in appraisal.request_ids}
            for nomination in some:
                person = person_of(nomination.reviewer_id)
                if person not in known and nomination.role in lines:
                    known.add(person)
                    vals_list.append(
                        appraisal._request_vals(
                            lines[nomination.role], nomination.reviewer_id
                        )
                    )
        self.env["hr.performance.request"].create(vals_list)._sync_owed()

    def _replace(self, reviewer):
        """Name ``reviewer`` instead of these, or nobody."""
        reason = (
            self.env._("Somebody else is asked.")
            if reviewer
            else self.env._("No longer asked.")
        )
        for nomination in self:
            if reviewer:
                nomination.copy(
                    {
                        "reviewer_id": reviewer.id,
                        "source": "manager",
                        "state": "approved",
                    }
                )
        self.write({"state": "refused", "refuse_reason": reason})
