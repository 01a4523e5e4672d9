from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .workflow_mixin import OFFICERS


class HrPerformanceRequest(models.Model):
    """Whom a request asks: somebody else instead, or nobody any more.

    Only where reviewers are named. Taking an anonymous request back would tell, by being
    possible or not, whether it had been answered; more people can be asked instead.
    """

    _inherit = "hr.performance.request"

    can_move = fields.Boolean(
        compute="_compute_can_move",
        export_string_translation=False,
        help="Whether the user may ask somebody else instead.",
    )
    can_withdraw = fields.Boolean(
        compute="_compute_can_move",
        export_string_translation=False,
        help="Whether the user may ask nobody in this place.",
    )

    @api.depends("state", "role", "is_handover", "is_anonymous")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for request in self:
            request.can_withdraw = (
                not request.is_anonymous
                and (
                    request.is_handover
                    if request.role == "manager"
                    else request.role != "self"
                )
                and request.state != "done"
                and request._is_collected()
                and request._may_decide()
            )
            request.can_move = request.can_withdraw and not request.is_handover

    def action_choose_other(self):
        """Open the dialog to ask somebody else instead."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask somebody else"),
            "res_model": "hr.performance.reassign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def action_reassign(self, reviewer_id):
        """Ask somebody else instead; what the former one had typed is wiped.

        :param reviewer_id: id of the employee to be asked
        :raise AccessError: for everybody but the manager named on the appraisal and HR
        :raise UserError: where it cannot be moved, or who is named cannot be asked
        """
        reviewer = self.env["hr.performance.appraisal"]._named([reviewer_id])
        for request in self:
            request._check_movable()
            if request.is_handover:
                raise UserError(
                    self.env._(
                        "“%(request)s” asks who led the person, so nobody else can answer"
                        " it. Ask nobody, or correct who led whom.",
                        request=request.display_name,
                    )
                )
            request = request.sudo()
            appraisal, former = request.appraisal_id, request.reviewer_id
            appraisal._check_reviewer(request.role, reviewer)
            nominations = appraisal.nomination_ids.filtered(
                lambda one, request=request, former=former: (
                    one.role == request.role
                    and one.reviewer_id == former
                    and one.state == "approved"
                )
            )
            nominations._replace(reviewer)
            request._pass_on(reviewer)
            appraisal.message_post(
                body=self.env._(
                    "%(reviewer)s is asked as %(role)s instead of %(former)s.",
                    reviewer=reviewer.name,
                    role=request._role_name(),
                    former=former.name,
                )
            )

    def action_withdraw(self):
        """Ask nobody in this place; what was typed is wiped.

        :raise AccessError, UserError: as :meth:`action_reassign`
        """
        for request in self:
            request._check_movable()
            request = request.sudo()
            appraisal, former = request.appraisal_id, request.reviewer_id
            body = self.env._(
                "%(reviewer)s is no longer asked as %(role)s.",
                reviewer=former.name,
                role=request._role_name(),
            )
            appraisal.nomination_ids.filtered(
                lambda one, request=request, former=former: (
                    one.role == request.role and one.reviewer_id == former
                )
            )._replace(former.browse())
            if request.is_handover:
                # stays, so that the history of managers does not ask once more
                request._forget()
                request.write(
                    {
                        "decline_reason": self.env._("No longer asked."),
                        "declined_on": fields.Date.today(),
                        "is_decline_told": True,
                    }
                )
                request._sync_owed()
                appraisal._share_out()
            else:
                request._withdraw()
            appraisal.message_post(body=body)

    def _role_name(self):
        return self._name_of(self.role)

    def _may_decide(self):
        # sudo: what the user is to the appraisal, also to one that they cannot read
        roles = self.sudo().appraisal_id._performance_roles()
        return bool(roles & (OFFICERS | {"appraiser"}))

    def _check_movable(self):
        self.ensure_one()
        self.check_access("read")
        names = {"request": self.display_name}
        if not (self.env.su or self._may_decide()):
            raise AccessError(
                self.env._(
                    "Whom “%(request)s” is asked of is decided by the manager named on the"
                    " appraisal, or HR. Nobody does so for themselves.",
                    **names,
                )
            )
        if self.is_anonymous:
            raise UserError(
                self.env._(
                    "“%(request)s” is anonymous: taking it back would tell whether it has"
                    " been answered. Ask somebody else as well.",
                    **names,
                )
            )
        if self.role == "self":
            raise UserError(
                self.env._(
                    "“%(request)s” is what the person says of themselves. Nobody else can"
                    " say it.",
                    **names,
                )
            )
        if self.role == "manager" and not self.is_handover:
            raise UserError(
                self.env._(
                    "“%(request)s” follows “Manager” on the appraisal. HR changes it there.",
                    **names,
                )
            )
        if self.state == "done" or not self._is_collected():
            raise UserError(
                self.env._(
                    "“%(request)s” is written already, or not to be written any more.",
                    **names,
                )
            )

    # ---------------------------------------------------------------- inside

    def _pass_on(self, reviewer):
        """Ask ``reviewer`` instead; the former one's draft is wiped, never handed over."""
        for request in self.filtered(lambda request: request.reviewer_id != reviewer):
            request._forget()
            if reviewer:
                request.write(
                    {
                        "reviewer_id": reviewer.id,
                        "decline_reason": False,
                        "declined_on": False,
                        "is_decline_told": False,
                    }
                )
                request._sync_owed()
            else:
                request.unlink()

    def _withdraw(self):
        """Ask nobody: the requests and what was typed in them are gone."""
        self._forget()
        self.unlink()
