from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: from so many records on, what can be asked of all together is
MANY = 100
#: those who run performance management for the company
OFFICERS = frozenset({"officer", "administrator"})


class Transition(NamedTuple):
    """One step of a state machine: from which states, to which one, taken by whom."""

    sources: tuple[str, ...]
    target: str
    roles: frozenset[str]


class HrPerformanceWorkflowMixin(models.AbstractModel):
    """A state machine in one table.

    ``_transitions`` maps the name of a step to its :class:`Transition`. The same table
    answers which buttons to show (``allowed_transitions``) and refuses, on the server,
    what is not in it.
    """

    _name = "hr.performance.workflow.mixin"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "States that move by a table of steps"

    _method_only_fields = frozenset({"state"})
    _transitions = {}

    allowed_transitions = fields.Json(
        compute="_compute_allowed_transitions", export_string_translation=False
    )

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_allowed_transitions(self):
        for record in self:
            roles = record._performance_roles()
            record.allowed_transitions = [
                name
                for name, step in self._transitions.items()
                if record.state in step.sources and step.roles & roles
            ]

    def _performance_roles(self):
        """The roles of the current user towards this record (see the team mixin)."""
        return self.env["hr.performance.team.mixin"]._group_roles()

    def _take_step(self, name, **values):
        """Move all records by the step ``name`` and write ``values`` with it.

        :raise AccessError: when the user has none of the step's roles
        :raise UserError: when a record is not in one of the step's states
        """
        self._check_step(name)
        self.sudo()._write_step({"state": self._transitions[name].target, **values})

    def _write_step(self, vals):
        """Write what a step changes, the same on all; overridden where these are many."""
        self.write(vals)

    def _roles_by_id(self):
        """``{id: roles}`` of the current user; overridden where many take a step at once."""
        return {record.id: record._performance_roles() for record in self}

    def _check_access_read(self):
        """``check_access("read")``, by one query for many records."""
        if len(self) > MANY and all(self._ids) and not self.env.su:
            query = self.with_context(active_test=False)._search(
                [("id", "in", self.ids)]
            )
            if len(query) == len(self):
                return
        self.check_access("read")

    def _check_step(self, name):
        self._check_access_read()
        step = self._transitions[name]
        states = dict(self._fields["state"]._description_selection(self.env))
        roles = {} if self.env.su else self._roles_by_id()
        for record in self:
            if not self.env.su and not step.roles & roles[record.id]:
                raise AccessError(
                    self.env._(
                        "This step on “%(record)s” is for %(roles)s. Nobody takes it for"
                        " themselves.",
                        record=record.sudo().display_name,
                        roles=self._role_names(step.roles),
                    )
                    if "self" not in step.roles
                    else self.env._(
                        "This step on “%(record)s” is for %(roles)s.",
                        record=record.sudo().display_name,
                        roles=self._role_names(step.roles),
                    )
                )
            if record.state not in step.sources:
                raise UserError(
                    self.env._(
                        "“%(record)s” is in state “%(state)s”. This step starts from:"
                        " %(sources)s.",
                        record=record.display_name,
                        state=states[record.state],
                        sources=", ".join(states[source] for source in step.sources),
                    )
                )

    def _role_names(self, roles):
        names = {
            "self": self.env._("the person concerned"),
            "manager": self.env._("a manager above that person"),
            "appraiser": self.env._("the manager named on the appraisal"),
            "officer": self.env._("a performance officer"),
            "administrator": self.env._("a performance administrator"),
        }
        return ", ".join(name for role, name in names.items() if role in roles)

    def _check_reason(self, reason):
        """The stripped ``reason``; refuse an empty one."""
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(
                self.env._(
                    "Give a reason for this step on “%(record)s”: others will ask.",
                    record=self[:1].display_name,
                )
            )
        return reason
