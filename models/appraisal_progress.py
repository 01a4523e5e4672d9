from odoo import api, fields, models
from odoo.exceptions import UserError

#: the steps that need no word of reason, so that dragging a card may take them
DRAGGED = ("open", "assess", "release", "close")


class HrPerformanceAppraisal(models.Model):
    """How far an appraisal is, for boards and lists.

    Of reviews without a name only the collection says how many there are
    (``collection.py``); what is counted here are those with one.
    """

    _inherit = "hr.performance.appraisal"

    named_count = fields.Integer("Asked", compute="_compute_named_progress")
    named_done_count = fields.Integer("Answered", compute="_compute_named_progress")
    progress = fields.Float(
        "Reviews Answered",
        compute="_compute_named_progress",
        help="Of those who are asked with their name, the share that has answered, in %.",
    )
    owes_own = fields.Boolean(
        "My Review Is Missing", compute="_compute_owes_own", search="_search_owes_own"
    )
    allowed_states = fields.Json(
        compute="_compute_allowed_states", export_string_translation=False
    )

    @api.depends("request_ids.state", "request_ids.is_anonymous")
    def _compute_named_progress(self):
        # sudo: as for self_done, whether named reviewers are done is no secret to who may
        # read the appraisal
        counts = {}
        for appraisal, state, count in (
            self.env["hr.performance.request"]
            .sudo()
            ._read_group(
                [
                    ("appraisal_id", "in", self._origin.ids),
                    ("is_anonymous", "=", False),
                    ("state", "!=", "declined"),
                ],
                ["appraisal_id", "state"],
                ["__count"],
            )
        ):
            asked, done = counts.get(appraisal.id, (0, 0))
            counts[appraisal.id] = (
                asked + count,
                done + (count if state == "done" else 0),
            )
        for appraisal in self:
            asked, done = counts.get(appraisal._origin.id, (0, 0))
            appraisal.named_count, appraisal.named_done_count = asked, done
            appraisal.progress = 100 * done / asked if asked else 0.0

    @api.depends("request_ids.state")
    @api.depends_context("uid")
    def _compute_owes_own(self):
        owed = self.search([("id", "in", self._origin.ids), ("owes_own", "=", True)])
        for appraisal in self:
            appraisal.owes_own = appraisal._origin in owed

    def _search_owes_own(self, operator, value):
        if operator != "in":
            return NotImplemented
        requests = self.env["hr.performance.request"]._search(
            [("is_author", "=", True), ("state", "in", ("to_do", "overdue"))]
        )
        return [("id", "in", requests.subselect("appraisal_id"))]

    @api.depends("allowed_transitions")
    def _compute_allowed_states(self):
        for appraisal in self:
            appraisal.allowed_states = [
                self._transitions[name].target
                for name in DRAGGED
                if name in (appraisal.allowed_transitions or ())
            ]

    def action_move(self, state):
        """Take the step that leads to ``state``, as dragging a card asks for.

        Steps that need a word (reopening, cancelling, another rating than the suggested
        one, the answer of the person) are taken on the form.

        :return: what the last step has to tell, an action
        """
        told = None
        states = dict(self._fields["state"]._description_selection(self.env))
        for appraisal in self:
            name = next(
                (
                    name
                    for name in DRAGGED
                    if self._transitions[name].target == state
                    and appraisal.state in self._transitions[name].sources
                ),
                None,
            )
            if name is None:
                raise UserError(
                    self.env._(
                        "“%(appraisal)s” cannot go from “%(state)s” to “%(target)s” on the"
                        " board. Open it and take the step there.",
                        appraisal=appraisal.display_name,
                        state=states[appraisal.state],
                        target=states.get(state, state),
                    )
                )
            told = getattr(appraisal, f"action_{name}")() or told
        return told

    # ---------------------------------------------------------------- lists

    @api.model
    def _list_action(self, domain, name=None, context=None):
        """The list of all appraisals, of those of ``domain`` alone.

        :param name: its title; None: that of the list
        :param context: defaults of new ones, if any
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.appraisal_action"
        )
        named = {"name": name} if name else {}
        return action | {"domain": domain, "context": context or {}} | named
