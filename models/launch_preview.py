from collections import Counter
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .assignment import PREVIEWED
from .flush import flush_sql


class Around(NamedTuple):
    """Whom the organisation has around a person, to be asked for a review."""

    manager: str | None
    second: str | None
    peer: int
    report: int
    goals: int
    is_user: bool
    manager_is_user: bool


class HrPerformanceLaunch(models.Model):
    """What a launch would do, and what is missing, before anybody is asked."""

    _inherit = "hr.performance.launch"

    preview = fields.Json(compute="_compute_preview", export_string_translation=False)

    @api.depends_context("uid", "lang")
    @api.depends(
        "cycle_id",
        "phase_id",
        "template_id",
        "employee_ids",
        "department_ids",
        "job_ids",
        "domain",
        "entered_from",
        "entered_to",
        "excluded_ids",
        "batch_state",
        "batch_done",
    )
    def _compute_preview(self):
        for launch in self:
            try:
                launch.preview = launch._preview()
            except UserError as error:
                launch.preview = {"error": str(error)}

    def _preview(self):
        """What Start would do, for the screen.

        :return: ``people`` ``[{"id", "name", "problem" (empty: it is made), "form",
            "asked" [text], "missing" [text]}]``, those with a problem or with something
            missing first, those who have one last, not more than :data:`PREVIEWED`;
            ``count`` of all people; how many are ``made`` and ``skipped``; how often what
            is ``missing``: ``[{"text", "count"}]``
        """
        if not self.cycle_id:
            return {"people": [], "count": 0, "made": 0, "skipped": 0, "missing": []}
        receipts = list(self._receipts(self._people(), self._had()))
        made = [receipt for receipt in receipts if not receipt.problem]
        around = self._around([receipt.person.id for receipt in made])
        # the same is said of most
        known, lacking = {}, {}
        for receipt in made:
            facts = around[receipt.person.id]
            key = (
                receipt.form,
                facts._replace(
                    manager=bool(facts.manager),
                    second=bool(facts.second),
                    goals=bool(facts.goals),
                ),
            )
            if key not in known:
                known[key] = self._lacking(receipt.form, facts)
            lacking[receipt.person] = known[key]
        has_one = self.env._("has one already")
        order = sorted(
            receipts,
            key=lambda receipt: (
                receipt.problem == has_one,
                not (receipt.problem or lacking[receipt.person]),
            ),
        )
        counts = Counter(text for texts in lacking.values() for text in texts)
        return {
            "people": [
                {
                    "id": receipt.person.id,
                    "name": receipt.person.name,
                    "problem": receipt.problem or "",
                    "form": "" if receipt.problem else receipt.form.name,
                    "asked": []
                    if receipt.problem
                    else self._asked(receipt.form, around[receipt.person.id]),
                    "missing": lacking.get(receipt.person, []),
                }
                for receipt in order[:PREVIEWED]
            ],
            "count": len(receipts),
            "made": len(made),
            "skipped": len(receipts) - len(made),
            "missing": [
                {"text": text, "count": count} for text, count in counts.most_common()
            ],
        }

    def _around(self, employee_ids):
        """``{employee id: Around}``, in three queries."""
        # sudo: who has goals is told to HR here, whatever the goals say
        goals = {
            person.id: count
            for person, count in self.env["hr.performance.goal"]
            .sudo()
            ._read_group(
                [
                    ("scope", "=", "employee"),
                    ("employee_id", "in", employee_ids),
                    ("cycle_id", "child_of", self.cycle_id._origin.id),
                    ("state", "in", ("agreed", "closed")),
                ],
                ["employee_id"],
                ["__count"],
            )
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT person.id, boss.name, above.name,
                       person.user_id IS NOT NULL, boss.user_id IS NOT NULL
                  FROM hr_employee person
             LEFT JOIN hr_employee boss ON boss.id = person.parent_id
                   AND boss.id <> person.id
                   AND (boss.user_id IS NULL
                        OR boss.user_id IS DISTINCT FROM person.user_id)
             LEFT JOIN hr_employee above ON above.id = boss.parent_id
                   AND above.id <> person.id
                 WHERE person.id = ANY(%(people)s)%(flush)s
                """,
                people=employee_ids,
                flush=flush_sql(self.env, ("hr.employee", "name parent_id user_id")),
            )
        )
        people = self.env["hr.employee"].browse(employee_ids)
        sizes = self.env["hr.performance.template"]._group_sizes(people)
        return {
            person_id: Around(
                manager=manager,
                second=second,
                goals=goals.get(person_id, 0),
                is_user=is_user,
                manager_is_user=manager_is_user,
                **sizes[person_id],
            )
            for person_id, manager, second, is_user, manager_is_user in rows
        }

    def _asked(self, form, around):
        """Who will be asked by ``form``, a text for each role."""
        roles = self._role_names()
        texts = []
        for role in form.role_ids:
            name = roles[role.role]
            found = getattr(around, role.role, None)
            if role.role in ("manager", "second"):
                if found:
                    texts.append(f"{name}: {found}")
            elif role.role == "self":
                texts.append(name)
            elif role.nomination != "auto":
                texts.append(
                    self.env._(
                        "%(role)s: proposed by %(who)s",
                        role=name,
                        who=roles[
                            "self" if role.nomination == "employee" else "manager"
                        ],
                    )
                )
            elif found is not None:
                count = min(found, role.count_max or found)
                if count:
                    texts.append(f"{name}: {count}")
            else:
                texts.append(name)
        return texts

    def _lacking(self, form, around):
        """What stands in the way of a good appraisal by ``form``, a text each."""
        asked = set(form.role_ids.mapped("role"))
        lacking = []
        if "manager" in asked and not around.manager:
            lacking.append(self.env._("no manager"))
        # who has no user is not asked
        if "self" in asked and not around.is_user:
            lacking.append(self.env._("no user to answer with"))
        if "manager" in asked and around.manager and not around.manager_is_user:
            lacking.append(self.env._("the manager has no user to answer with"))
        if "second" in asked and around.manager and not around.second:
            lacking.append(self.env._("no second manager"))
        if not around.goals and "goals" in form.section_ids.mapped("kind"):
            lacking.append(self.env._("no agreed goals"))
        roles = self._role_names()
        minimum = self.cycle_id.anonymity_minimum
        for role in form.role_ids.filtered("is_anonymous"):
            # of a second manager the name is known
            possible = (
                int(bool(around.second))
                if role.role == "second"
                else getattr(around, role.role, None)
            )
            if not role._too_few(minimum, possible):
                continue
            names = {
                "role": roles[role.role],
                "minimum": minimum,
                "other": roles.get(role.merge_into, ""),
            }
            lacking.append(
                self.env._(
                    "%(role)s: fewer than %(minimum)s, their answers join those of"
                    " “%(other)s”",
                    **names,
                )
                if role.merge_into
                else self.env._(
                    "%(role)s: fewer than %(minimum)s, their answers are not shown",
                    **names,
                )
            )
        return lacking

    def _role_names(self):
        field = self.env["hr.performance.template.role"]._fields["role"]
        return dict(field._description_selection(self.env))
