from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.wording import likeness, pieces
from .action import OPEN_STATES

#: so many of the newest judged actions are looked at
EARLIER_KNOWN = 200
#: names that are alike to this extent (in %) say the same
ALIKE = 65
#: so many pieces of names are looked for at once; longer lists go by indicator alone
PIECES_AT_ONCE = 60


class HrPerformanceAction(models.Model):
    """What was tried before: on the same indicator, or in the same words.

    Everything under the reader's own rules: what was tried on a private goal is neither
    shown nor counted to others.
    """

    _inherit = "hr.performance.action"

    template_action_id = fields.Many2one(
        "hr.performance.goal.template.action",
        "From the Library",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    indicator_ids = fields.Many2many(
        "hr.performance.indicator",
        string="Indicators",
        compute="_compute_indicator_ids",
        search="_search_indicator_ids",
        help="What its goal is measured by.",
    )
    earlier_action_ids = fields.Many2many(
        "hr.performance.action",
        string="Tried Before",
        compute="_compute_earlier",
        help="Actions that somebody has judged, on the same indicator or like this one.",
    )
    earlier_note = fields.Char("Tried Before, in Words", compute="_compute_earlier")

    @api.depends_context("uid")
    @api.depends("goal_id")
    def _compute_indicator_ids(self):
        readable = self.goal_id._origin._filtered_access("read")
        for action in self:
            goal = action.goal_id
            action.indicator_ids = (
                goal.measure_ids.indicator_id
                if not goal._origin or goal._origin in readable
                else False
            )

    def _search_indicator_ids(self, operator, value):
        return [("goal_id.measure_ids.indicator_id", operator, value)]

    @api.depends_context("uid", "lang")
    @api.depends("name", "state", "goal_id", "template_action_id")
    def _compute_earlier(self):
        planned = self.filtered(lambda action: action.state in OPEN_STATES)
        known = self._earlier_actions(
            planned.indicator_ids._origin,
            planned.filtered("name").mapped("name"),
            planned.template_action_id,
        )
        for action in self:
            earlier = self.browse()
            if action in planned:
                earlier = known.filtered(
                    lambda other, action=action: (
                        other != action._origin and action._is_like(other)
                    )
                )
            action.earlier_action_ids = earlier
            action.earlier_note = earlier._tell_effects(action.indicator_ids._origin)

    def _is_like(self, other):
        """Whether what ``other`` taught is worth knowing to whoever plans this."""
        return bool(
            self.indicator_ids._origin & other.indicator_ids
            or (
                self.template_action_id
                and self.template_action_id == other.template_action_id
            )
            or likeness(self.name, other.name) >= ALIKE
        )

    @api.model
    def _earlier_actions(self, indicators, name="", template_actions=None, effects=()):
        """Judged actions on ``indicators``, called like ``name`` or from the same library.

        Under the user's own rules; a fixed number of queries.

        :param indicators: on goals that are measured by one of these
        :param name: a name or several; in any language
        :param template_actions: made from one of these actions of library goals
        :param effects: only those that were judged so, for example ``("worked",)``
        :return: the newest, at most ``EARLIER_KNOWN``, the last judged first
        """
        names = [name] if isinstance(name, str) else name
        searched = {piece for each in names for piece in pieces(each)}
        if len(searched) > PIECES_AT_ONCE:
            searched = ()
        ways = [Domain("name", "ilike", piece) for piece in sorted(searched)]
        if indicators:
            ways.append(Domain("indicator_ids", "in", indicators.ids))
        if template_actions:
            ways.append(Domain("template_action_id", "in", template_actions.ids))
        if not ways:
            return self.browse()
        found = self.search(
            Domain("effect", "in", effects or [*dict(self._effects())])
            & Domain.OR(ways),
            order="effect_judged_on DESC, id DESC",
            limit=EARLIER_KNOWN,
        )
        if not searched:
            return found
        return found.filtered(
            lambda action: (
                action.indicator_ids & (indicators or action.indicator_ids.browse())
                or (
                    template_actions
                    and action.template_action_id
                    and action.template_action_id in template_actions
                )
                or any(likeness(each, action.name) >= ALIKE for each in names)
            )
        )

    @api.model
    def _effects(self):
        return self._fields["effect"]._description_selection(self.env)

    def _tell_effects(self, indicators):
        """“Tried 3 times on this indicator: worked 2, partly 1”; nothing: False."""
        if not self:
            return False
        counts = {
            effect: len(those) for effect, those in self.grouped("effect").items()
        }
        words = {
            "worked": self.env._("worked %(count)s", count=counts.get("worked")),
            "partly": self.env._("partly %(count)s", count=counts.get("partly")),
            "not_worked": self.env._(
                "did not work %(count)s", count=counts.get("not_worked")
            ),
        }
        effects = ", ".join(text for effect, text in words.items() if effect in counts)
        count = len(self)
        if all(action.indicator_ids & indicators for action in self):
            return (
                self.env._("Tried once on this indicator: %(effects)s", effects=effects)
                if count == 1
                else self.env._(
                    "Tried %(count)s times on this indicator: %(effects)s",
                    count=count,
                    effects=effects,
                )
            )
        return (
            self.env._("Tried once before: %(effects)s", effects=effects)
            if count == 1
            else self.env._(
                "Tried %(count)s times before: %(effects)s",
                count=count,
                effects=effects,
            )
        )

    def action_view_earlier(self):
        """The actions that were tried before, to read what they taught."""
        self.ensure_one()
        return self._view_judged(self.earlier_action_ids)

    @api.model
    def _view_judged(self, actions):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.action_action"
        )
        return action | {
            "name": self.env._("Tried before"),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", actions.ids)],
            "context": {"search_default_group_effect": 1, "create": False},
        }
