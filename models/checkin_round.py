from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .checkin import UNDECIDED

#: what is said on a card besides the values
SAID = ("own_health", "confidence", "assessment", "blockers", "next_steps")


class Undo(Exception):
    """Take back what was tried."""


class HrPerformanceCheckin(models.Model):
    """Checking in on several goals on one page; see ``static/src/checkin_round``."""

    _inherit = "hr.performance.checkin"

    @api.model
    def get_round(self, all_running=False):
        """What the page shows: a card for each of the user's own goals.

        :param all_running: all that run, not only those whose check-in is due soon
        """
        running = self.env["hr.performance.goal"]._my_round()
        due = running.filtered(lambda goal: goal._is_checkin_due())
        goals = running if all_running else due
        return {
            "has_employee": bool(self.env.user.employee_id),
            "running": len(running),
            "due": len(due),
            "health": self.env["hr.performance.goal"]
            ._fields["health"]
            ._description_selection(self.env),
            "choices": self._fields["own_health"]._description_selection(self.env),
            "cards": self._cards(goals),
        }

    @api.model
    def _cards(self, goals):
        today = fields.Date.context_today(self)
        drafts = self._my_drafts(goals)
        measures = goals.measure_ids.filtered(lambda measure: measure._is_reported())
        last_values = self.env["hr.performance.checkin.value"]._last_values(measures)
        curves = measures._curves(today)
        cards = []
        for goal in goals:
            draft = drafts.get(goal, self.browse())
            last = draft or goal.last_checkin_id
            typed = {line.measure_id: line for line in draft.value_ids}
            cards.append(
                {
                    "id": goal.id,
                    "name": goal.name,
                    "figure": goal.figure or "",
                    "health": goal.health,
                    "health_reason": goal.health_reason or "",
                    "days": goal.checkin_due and (goal.checkin_due - today).days,
                    "last_date": goal.last_checkin_date,
                    "blocked_since": goal.blocked_since,
                    "is_draft": bool(draft),
                    **{
                        name: last[name] or ""
                        for name in SAID
                        # what is behind the number is said anew each time
                        if name != "assessment"
                    },
                    "confidence": last.confidence if last else UNDECIDED,
                    "assessment": draft.assessment or "",
                    "links": [
                        {"url": evidence.url, "note": evidence.note or ""}
                        for evidence in draft.evidence_ids
                        if evidence.url and not evidence.res_model
                    ],
                    "evidence": draft.evidence_count,
                    "values": [
                        {
                            "measure_id": measure.id,
                            "name": measure.indicator_id.name,
                            "unit": measure.unit or "",
                            "last": last_values[measure] or "",
                            "curve": curves[measure],
                            "has_weight": measure.indicator_id.aggregation == "average",
                            "is_sum": measure.indicator_id.aggregation == "sum",
                            "value": False
                            if measure not in typed or typed[measure].value is None
                            else typed[measure].value,
                            "weight": typed[measure].weight
                            if measure in typed
                            else 1.0,
                        }
                        for measure in goal.measure_ids
                        if measure in measures
                    ],
                }
            )
        return cards

    @api.model
    def _my_drafts(self, goals):
        """``{goal: the check-in that the user has begun on it}``."""
        drafts = goals._my_draft(limit=None)
        # the newest comes first
        return {draft.goal_id: draft for draft in reversed(drafts)}

    @api.model
    def save_round(self, cards):
        """Keep what is typed as the user's own drafts, one a goal.

        :param cards: dicts with ``goal_id``, ``values`` (``measure_id``, ``value``,
            ``weight``), ``links`` (``url``, ``note``) and what is said; what is left out
            stays as it is
        :return: ids of the drafts, in the order of the cards
        """
        return self._save_cards(cards).ids

    @api.model
    def post_many(self, cards):
        """Post a check-in for each card: all of them, or none when one is refused.

        :param cards: as for :meth:`save_round`
        :return: ``posted``, the ids; ``errors``, what was refused: dicts of ``goal_id``
            and ``message``
        """
        try:
            with self.env.cr.savepoint():
                drafts = self._save_cards(cards)
                drafts.action_post()
                return {"posted": drafts.ids, "errors": []}
        except UserError as error:
            problem = error
        errors = []
        # once more one by one, to tell which; nothing of it stays
        for card in cards if isinstance(cards, list) else []:
            try:
                with self.env.cr.savepoint():
                    self._save_cards([card]).action_post()
                    raise Undo
            except Undo:
                continue
            except UserError as error:
                goal_id = card.get("goal_id") if isinstance(card, dict) else False
                errors.append({"goal_id": goal_id, "message": str(error)})
        return {
            "posted": [],
            "errors": errors or [{"goal_id": False, "message": str(problem)}],
        }

    @api.model
    def _save_cards(self, cards):
        """The drafts that say what the cards say, in their order."""
        goals = self._goals_of_cards(cards)
        drafts = self._my_drafts(goals)
        today = fields.Date.context_today(self)
        said = {
            goal: {name: card[name] for name in SAID if name in card}
            | {"date": fields.Date.to_string(today)}
            for goal, card in zip(goals, cards, strict=True)
        }
        new = [goal for goal in goals if goal not in drafts]
        for goal, draft in drafts.items():
            draft.write(said[goal])
        made = self.create([said[goal] | {"goal_id": goal.id} for goal in new])
        drafts |= dict(zip(new, made, strict=True))
        for goal, card in zip(goals, cards, strict=True):
            drafts[goal]._fill_in(card)
        return self.browse([drafts[goal].id for goal in goals])

    @api.model
    def _goals_of_cards(self, cards):
        if not (isinstance(cards, list) and all(_is_card(card) for card in cards)):
            raise UserError(
                self.env._(
                    "Give a list of cards, each with the “goal_id”, with numbers or nothing"
                    " as values, and with addresses and notes as links."
                )
            )
        goals = self.env["hr.performance.goal"].browse(
            [card["goal_id"] for card in cards]
        )
        if len(set(goals._ids)) < len(goals):
            raise UserError(self.env._("Give one card for each goal."))
        goals.check_access("read")
        return goals

    def _fill_in(self, card):
        """Write the values and links of a card into its draft."""
        lines = {line.measure_id.id: line for line in self.value_ids}
        for typed in card.get("values") or []:
            line = lines.get(typed["measure_id"])
            if not line:
                raise UserError(
                    self.env._(
                        "Check-in on “%(goal)s”: one of the values is of a measure that"
                        " the goal does not have any more. Load the page again.",
                        goal=self.goal_id.name,
                    )
                )
            value = typed.get("value")
            vals = {"value": None if value is None or value is False else value}
            if typed.get("weight") is not None:
                vals["weight"] = typed["weight"]
            if (line.value, line.weight) != (
                vals["value"],
                vals.get("weight", line.weight),
            ):
                line.write(vals)
        if "links" in card:
            self._link(
                [
                    (link.get("url") or "", link.get("note") or "")
                    for link in card["links"] or []
                    if link.get("url") or link.get("note")
                ]
            )

    def _link(self, links):
        """Let the web addresses of this draft be ``links``: pairs of address and note."""
        pages = self.evidence_ids.filtered(lambda evidence: not evidence.res_model)
        if links == [(page.url or "", page.note or "") for page in pages]:
            return
        self.evidence_ids = [
            *(Command.delete(page.id) for page in pages),
            *(Command.create({"url": url, "note": note}) for url, note in links),
        ]


def _is_card(card):
    """Whether ``card`` has the shape that :meth:`save_round` asks for."""

    def has(row, **types):
        return isinstance(row, dict) and all(
            row.get(name) is None or row[name] is False or type(row[name]) in allowed
            for name, allowed in types.items()
        )

    return (
        has(card, values=(list,), links=(list,), **dict.fromkeys(SAID, (str, int)))
        and type(card.get("goal_id")) is int
        and all(
            has(row, value=(int, float), weight=(int, float))
            and type(row.get("measure_id")) is int
            for row in card.get("values") or []
        )
        and all(has(row, url=(str,), note=(str,)) for row in card.get("links") or [])
    )
