from odoo import api, fields, models
from odoo.exceptions import UserError

#: the steps that ask for a reason, by model; nothing else can be called from here
STEPS = {
    "hr.performance.cycle": ("action_reopen",),
    "hr.performance.goal": (
        "action_send_back",
        "action_request_change",
        "action_refuse_change",
        "action_cancel",
        "action_reopen",
    ),
    "hr.performance.appraisal": ("action_reopen", "action_cancel"),
    "hr.performance.request": ("action_decline",),
    "hr.performance.nomination": ("action_refuse",),
    "hr.performance.feedback.request": ("action_decline",),
    "hr.performance.target.change": ("action_refuse",),
    "hr.performance.meeting": ("action_dispute",),
}


class HrPerformanceReason(models.TransientModel):
    """Ask for the reason of a step, then take it.

    Opened by a button with ``performance_step`` in its context.
    """

    _name = "hr.performance.reason"
    _description = "Reason for a Step"

    res_model = fields.Char(
        required=True, default=lambda self: self.env.context.get("active_model")
    )
    res_ids = fields.Json(
        default=lambda self: (
            self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        )
    )
    step = fields.Char(
        required=True, default=lambda self: self.env.context.get("performance_step")
    )
    reason = fields.Text(required=True)

    @api.constrains("res_model", "res_ids", "step")
    def _check_step(self):
        for wizard in self:
            ids = wizard.res_ids
            if not (ids and isinstance(ids, list) and all(type(i) is int for i in ids)):
                raise UserError(
                    self.env._("Open this dialog from the records it is about.")
                )
            if wizard.step not in STEPS.get(wizard.res_model, ()):
                raise UserError(
                    self.env._("This step takes no reason: use its own button.")
                )

    def action_confirm(self):
        self.ensure_one()
        self._check_step()
        records = self.env[self.res_model].browse(self.res_ids)
        getattr(records, self.step)(self.reason)
        return {"type": "ir.actions.act_window_close"}
