from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.renewal import in_proportion


class HrPerformanceTargetChange(models.Model):
    """An approved change, asked for one level below as well.

    Everything below is somebody's agreed goal: it moves when it is decided on, and whoever
    approves there passes it on.
    """

    _inherit = "hr.performance.target.change"

    follows_id = fields.Many2one(
        "hr.performance.target.change",
        "Follows",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The change of the goal above that this one was requested for.",
    )
    follower_ids = fields.One2many(
        "hr.performance.target.change", "follows_id", "Requested Below"
    )
    below_count = fields.Integer(
        "To Request Below",
        compute="_compute_below_count",
        help="Measures one level below for which you can request the same.",
    )

    _follows_once = models.UniqueIndex(
        "(measure_id, follows_id) WHERE follows_id IS NOT NULL",
        "This change was requested below already.",
    )

    @api.depends("state", "follower_ids")
    @api.depends_context("uid")
    def _compute_below_count(self):
        for change in self:
            change.below_count = len(change._measures_below())

    def _measures_below(self):
        """The measures one level below that the user may request the same change of.

        Those of the same indicator, in agreed goals that contribute, whose period goes on
        at that date. Goals that came with a post follow it by themselves.
        """
        self.ensure_one()
        if self.state != "approved":
            return self.env["hr.performance.measure"]
        measures = self.env["hr.performance.measure"].search(
            [
                ("goal_id.parent_id", "=", self.goal_id.id),
                ("goal_id.link", "=", "contributes"),
                ("goal_id.state", "=", "agreed"),
                ("goal_id.active", "=", True),
                ("goal_id.post_goal_id", "=", False),
                ("goal_id.cycle_id.state", "!=", "closed"),
                ("indicator_id", "=", self.measure_id.indicator_id.id),
                ("date_start", "<", self.date_from),
                ("date_end", ">=", self.date_from),
                # sudo: nothing twice, whoever requested it
                ("id", "not in", self.sudo().follower_ids.measure_id.ids),
            ]
        )
        return measures.filtered("goal_id.can_check_in")

    def action_request_below(self):
        """Request a change in the same proportion one level below; open the requests.

        From the same day and for the same reason. Safe to repeat: what was requested
        already, whatever became of it, is not requested again.

        :raise UserError: when there is nothing left to request, or no proportion
        """
        self.ensure_one()
        self.check_access("read")
        measures = self._measures_below()
        if not measures:
            raise UserError(
                self.env._(
                    "There is nothing to request below “%(change)s”: its goal has no agreed"
                    " goals on the same indicator at that date that are yours to report on,"
                    " or it was requested already.",
                    change=self.display_name,
                )
            )
        if not self.former_target:
            raise UserError(
                self.env._(
                    "The former target of “%(change)s” is 0, of which there is no"
                    " proportion. Request new targets below one by one.",
                    change=self.display_name,
                )
            )
        # sudo: which change it follows is set by this method alone; who may request was
        # asked above and is asked again
        self.sudo().create(
            [
                {
                    "measure_id": measure.id,
                    "follows_id": self.id,
                    "date_from": self.date_from,
                    "target": in_proportion(
                        # a change of its own from that day on is what moves
                        measure._target_on(self.date_from),
                        self.former_target,
                        self.target,
                        measure.indicator_id.digits,
                    ),
                    "reason": self.reason,
                }
                for measure in measures
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.target_change_action"
        )
        return action | {
            "domain": [("follows_id", "=", self.id)],
            "context": {"create": False},
        }
