from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.periods import days_in_force, days_weighted
from ..engine.scoring import ScoringError, check_target
from ..engine.value import is_ordinary
from .workflow_mixin import Transition


class HrPerformanceTargetChange(models.Model):
    """A new target for the rest of the period, because the world has changed.

    The target agreed on is kept. Once somebody above the owner has approved, the score
    uses both, each for the days it was in force.
    """

    _name = "hr.performance.target.change"
    _inherit = ["hr.performance.workflow.mixin"]
    _description = "Target Change"
    _order = "measure_id, date_from desc, id desc"

    measure_id = fields.Many2one(
        "hr.performance.measure", required=True, index=True, ondelete="cascade"
    )
    goal_id = fields.Many2one(related="measure_id.goal_id", store=True, index=True)
    company_id = fields.Many2one(related="measure_id.company_id", store=True)
    unit = fields.Char(related="measure_id.unit")
    date_from = fields.Date(
        "Valid From", required=True, default=fields.Date.context_today
    )
    former_target = fields.Float(
        compute="_compute_former_target",
        help="The target in force until then.",
    )
    target = fields.Float("New Target", required=True, aggregator=None)
    in_effect = fields.Char(
        "In Effect for the Whole Period",
        compute="_compute_in_effect",
        help="The targets together, each for its days: what the score goes by once this"
        " is approved. For a post: of one who holds it all the time.",
    )
    reason = fields.Text(required=True, help="What has changed, and since when.")
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("superseded", "Superseded"),
        ],
        required=True,
        default="requested",
        copy=False,
    )
    decided_by_id = fields.Many2one(
        "res.users", "Decided By", readonly=True, copy=False
    )
    decided_on = fields.Date(readonly=True, copy=False)

    _transitions = {
        "approve": Transition(
            ("requested",), "approved", frozenset({"manager", "officer"})
        ),
        "refuse": Transition(
            ("requested",), "refused", frozenset({"manager", "officer"})
        ),
    }

    @api.depends("measure_id.target", "measure_id.change_ids.state", "date_from")
    def _compute_former_target(self):
        for change in self:
            change.former_target = change.measure_id._target_on(
                change.date_from and change.date_from - timedelta(days=1)
            )

    @api.depends(
        "measure_id.target",
        "measure_id.date_start",
        "measure_id.date_end",
        "measure_id.change_ids.state",
        "measure_id.change_ids.target",
        "measure_id.change_ids.date_from",
        "state",
        "date_from",
        "target",
    )
    @api.depends_context("lang")
    def _compute_in_effect(self):
        for change in self:
            measure = change.measure_id
            if not measure or not change.date_from:
                change.in_effect = False
            elif change.state == "approved":
                change.in_effect = measure._tell_targets(measure._targets_in_force())
            elif change.state == "requested":
                targets = measure._targets_in_force(planned=change)
                change.in_effect = measure._tell_targets(targets)
            else:
                change.in_effect = False

    @api.depends("measure_id.display_name", "date_from")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(measure)s from %(date)s",
                measure=change.measure_id.display_name or "",
                date=format_date(self.env, change.date_from),
            )

    def _performance_roles(self):
        # a new form has none yet
        return self.goal_id._performance_roles() if self.goal_id else set()

    @api.constrains("measure_id", "date_from", "target", "state")
    def _check_change(self):
        for change in self:
            measure = change.measure_id
            names = {"goal": change.goal_id.name, "indicator": measure.display_name}
            if not measure.date_start < change.date_from <= measure.date_end:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, new target of “%(indicator)s”: “Valid From” must"
                        " lie after %(start)s and not after %(end)s.",
                        start=format_date(self.env, measure.date_start),
                        end=format_date(self.env, measure.date_end),
                        **names,
                    )
                )
            rule = measure._scoring()
            if not rule.has_target:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”: “%(indicator)s” has no single target that could"
                        " change. Request a change of the goal instead.",
                        **names,
                    )
                )
            if not is_ordinary(change.target):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, new target of “%(indicator)s”: “New Target” must"
                        " be an ordinary number.",
                        **names,
                    )
                )
            try:
                check_target(
                    rule, measure._typed_target()._replace(target=change.target)
                )
            except ScoringError as error:
                raise ValidationError(
                    measure._target_problem(error.code, names)
                ) from error
            if change.state == "approved" and (
                measure.target_by_days == measure._target().baseline
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s”, new target of “%(indicator)s”: by days, all"
                        " targets together come to the baseline, so there is no way to go."
                        " Request another “New Target” or “Valid From”.",
                        **names,
                    )
                )

    # ---------------------------------------------------------------- changes

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes.goal_id._check_may_report()
        for change in changes:
            change._check_reason(change.reason)
        changes._sync_owed_decisions(changes.goal_id)
        return changes

    def write(self, vals):
        if not self.env.su:
            self._check_open()
        if "reason" in vals:
            self._check_reason(vals["reason"])
        goals = self.goal_id
        result = super().write(vals)
        if "measure_id" in vals:
            # the rules ask who made the request, not what it is about
            self.goal_id._check_may_report()
            self._sync_owed_decisions(goals | self.goal_id)
        return result

    def unlink(self):
        goals = self.goal_id
        result = super().unlink()
        self._sync_owed_decisions(goals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_open()

    def _check_open(self):
        self.goal_id._check_cycle_open()
        for change in self:
            if change.state != "requested":
                raise UserError(
                    self.env._(
                        "The change of “%(change)s” is decided and stays as it is. Request"
                        " another one.",
                        change=change.display_name,
                    )
                )

    # ---------------------------------------------------------------- steps

    def action_approve(self):
        """Let the new target count from its date on."""
        self.goal_id._check_may_report()
        self._decide("approve", self.env._("Approved"))

    def action_refuse(self, reason):
        """Keep the target as it is, for a ``reason``."""
        self._decide("refuse", self._check_reason(reason))

    def _decide(self, step, words):
        self.goal_id._check_cycle_open()
        former = {change: change.former_target for change in self}
        self._take_step(
            step, decided_by_id=self.env.uid, decided_on=fields.Date.today()
        )
        for change in self:
            indicator = change.measure_id.indicator_id
            change.goal_id.message_post(
                body=self.env._(
                    "New target of “%(measure)s” from %(date)s: %(former)s → %(target)s"
                    " (%(reason)s). %(decision)s",
                    measure=change.measure_id.display_name,
                    date=format_date(self.env, change.date_from),
                    former=indicator._format(former[change]),
                    target=indicator._format(change.target),
                    reason=change.reason,
                    decision=words,
                )
            )
        self._sync_owed_decisions(self.goal_id)

    @api.model
    def _sync_owed_decisions(self, goals):
        """Ask for decisions on ``goals``, or no longer."""
        # sudo: of all requests, and the activities of others
        goals.sudo()._sync_owed()


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    def _target_on(self, day):
        """The target in force on ``day``; before the period, the one agreed on."""
        # a new form has no measure yet
        targets = self._targets_in_force() if self else ()
        begun = [target for since, target in targets if since and day and since <= day]
        return begun[-1] if begun else self.target

    def _tell_targets(self, targets):
        """``targets`` in force by days: "117,560 (120,000 for 243 days, 112,700 for 122)".

        :param targets: as from :meth:`_targets_in_force`
        """
        self.ensure_one()
        period = (self.date_start, self.date_end)
        parts = []
        for target, days in days_in_force(targets, *period):
            names = {"target": self.indicator_id._format(target), "days": days}
            if days and not parts:
                parts.append(self.env._("%(target)s for %(days)s days", **names))
            elif days:
                parts.append(self.env._("%(target)s for %(days)s", **names))
        return self.env._(
            "%(target)s (%(parts)s)",
            target=self.indicator_id._format(days_weighted(targets, *period)),
            parts=", ".join(parts),
        )
