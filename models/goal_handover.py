from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..engine.holding import share_out
from ..engine.periods import days_weighted
from .goal_post import FIGURES


class HrPerformanceGoal(models.Model):
    """A personal goal that somebody else takes over from a day on."""

    _inherit = "hr.performance.goal"

    predecessor_id = fields.Many2one(
        "hr.performance.goal",
        "Taken Over From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The goal of whoever had it before.",
    )
    successor_ids = fields.One2many(
        "hr.performance.goal", "predecessor_id", "Handed Over To"
    )

    def action_hand_over(self, employee_id, date):
        """Hand a running personal goal to somebody else from ``date`` on.

        It ends the day before for the one and begins for the other, with the rest of what
        adds up. What was reported stays where it was reported. The other's goal is
        proposed: who takes it over agrees with their manager.

        :param employee_id: id of the employee who takes it over
        :param date: the first day of the other
        :return: the new goal
        :raise AccessError: for everybody but a manager above the owner or HR, and where
            the other is not in their line
        :raise UserError: for a goal that does not run, or a day that does not divide it
        """
        self.ensure_one()
        date = fields.Date.to_date(date)
        names = {"goal": self.name}
        if self._performance_roles() <= {"self"}:
            raise AccessError(
                self.env._(
                    "Goal “%(goal)s” is handed over by a manager above its owner, or by HR.",
                    **names,
                )
            )
        self._check_cycle_open()
        if self.scope != "employee" or self.state != "agreed" or self.successor_ids:
            raise UserError(
                self.env._(
                    "Only a personal goal that is agreed, and not yet handed over, can be"
                    " handed over. “%(goal)s” is not.",
                    **names,
                )
            )
        if not date or not self.date_start < date <= self.date_end:
            raise UserError(
                self.env._(
                    "Goal “%(goal)s” is held %(start)s – %(end)s. Choose a day after the"
                    " first one, from which somebody else has it.",
                    start=self.date_start,
                    end=self.date_end,
                    **names,
                )
            )
        # sudo: names of colleagues are open to all users; the rules are asked of the goal
        employee = self.env["hr.employee"].sudo().browse(employee_id).exists()
        if not employee or employee == self.sudo().employee_id:
            raise UserError(
                self.env._(
                    "Choose somebody else to take over “%(goal)s”.",
                    **names,
                )
            )
        return self._hand_over(employee, date)

    def _hand_over(self, employee, date):
        goal = self.sudo()
        first = (goal.date_start, date - timedelta(days=1))
        second = (date, goal.date_end)
        shares = {
            measure: measure._divided([first, second]) for measure in goal.measure_ids
        }
        vals = goal.copy_data(
            {
                "name": goal.name,
                "employee_id": employee.id,
                "parent_id": goal.parent_id.id,
                "measure_ids": [
                    fields.Command.create(
                        {
                            name: value
                            for name, value in measure.copy_data()[0].items()
                            if name not in ("goal_id", "date_start", "date_end")
                        }
                        | others
                    )
                    for measure, (_own, others) in shares.items()
                    if others
                ],
            }
        )[0]
        for name in ("department_id", "responsible_id", "company_id"):
            vals.pop(name, None)
        taken = self._make_missing(
            [
                vals
                | {
                    "date_start": date,
                    "date_end": goal.date_end,
                    "predecessor_id": goal.id,
                    "origin": f"handover:{goal.id}:employee:{employee.id}",
                }
            ]
        )
        goal.measure_ids._clip(*first)
        goal._write_agreed({"date_end": first[1]})
        for measure, (own, _others) in shares.items():
            if own:
                measure._write_agreed(own)
        taken.sudo()._take_step("propose")
        self._record_step(
            "hand_over",
            self.env._(
                "Handed over to %(employee)s from %(date)s.",
                employee=employee.name,
                date=format_date(self.env, date),
            ),
        )
        return taken


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    def _divided(self, spans):
        """What of this measure lies in each of ``spans``, which follow one another.

        :return: per span ``{field: value}``, dates included; empty where nothing is left
        """
        self.ensure_one()
        period = (self.date_start, self.date_end)
        found = [
            {"date_start": start, "date_end": end}
            for start, end in (
                (max(first, period[0]), min(last, period[1])) for first, last in spans
            )
        ]
        lying = [one for one in found if one["date_start"] <= one["date_end"]]
        if len(lying) == 1:
            lying[0].update(date_start=period[0], date_end=period[1])
        targets = self._targets_in_force()
        if len(targets) > 1 and lying != found[:1]:
            # not where it stays with the former owner as it is
            for one in lying:
                one["target"] = days_weighted(
                    targets, one["date_start"], one["date_end"]
                )
        if len(lying) == 2 and self._adds_up():
            days = [[(one["date_start"], one["date_end"])] for one in lying]
            figures = {
                name: [(period[0], self[name])]
                for name in FIGURES
                if self[name] is not None
            } | {"target": targets}
            for digits in range(self.indicator_id.digits, self.indicator_id.digits + 7):
                for name, changes in figures.items():
                    shares = share_out(days, period, changes, digits)
                    for one, share in zip(lying, shares, strict=True):
                        one[name] = float(share)
                if all(one["baseline"] != one["target"] for one in lying):
                    break
        return [one if one in lying else {} for one in found]
