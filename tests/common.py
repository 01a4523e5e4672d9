from contextlib import contextmanager
from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

OFFICER = "hr_performance.group_hr_performance_officer"
ADMINISTRATOR = "hr_performance.group_hr_performance_manager"


class PerformanceCommon(TransactionCase):
    """Two companies, a line of three levels, and the means to set and measure goals.

    Company 1 (``cls.company``; the default company of ``cls.env``)::

        director ── manager ─┬─ employee
            │                └─ colleague
            ├── officer        (group: performance officer)
            └── administrator  (group: performance administrator)

    Everybody ``x`` has a user ``x_user`` with login ``perf_x``; all but the last two
    have no group beyond the internal user. ``department`` (head: director) holds
    ``department_sub`` (head: manager; in it manager, employee and colleague);
    ``department_sibling`` stands beside ``department`` and is empty.

    Company 2 (``cls.company_2``) has ``other_employee`` and ``other_officer``.

    ``cls.env`` is superuser mode, so set-up skips the rules. What is to be tested for a
    person goes through :meth:`as_`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, **DISABLED_MAIL_CONTEXT})
        cls._create_companies()
        cls._create_people()
        cls._create_cycle()
        cls._create_indicators()
        cls.env.flush_all()

    @classmethod
    def _create_companies(cls):
        cls.company, cls.company_2 = cls.env["res.company"].create(
            [{"name": "Performance One"}, {"name": "Performance Two"}]
        )
        # not through the context: it would follow users of company 2 into company 1
        cls.env.user.write(
            {
                "company_ids": [
                    fields.Command.link(cls.company.id),
                    fields.Command.link(cls.company_2.id),
                ],
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _create_people(cls):
        plan = {
            # name: (company, group beyond the internal user)
            "director": (cls.company, None),
            "manager": (cls.company, None),
            "employee": (cls.company, None),
            "colleague": (cls.company, None),
            "officer": (cls.company, OFFICER),
            "administrator": (cls.company, ADMINISTRATOR),
            "other_employee": (cls.company_2, None),
            "other_officer": (cls.company_2, OFFICER),
        }
        cls.users = {}
        for name, (company, group) in plan.items():
            cls.users[name] = new_test_user(
                cls.env,
                login=f"perf_{name}",
                name=name.replace("_", " ").title(),
                groups=",".join(filter(None, ["base.group_user", group])),
                company_id=company.id,
            )
        cls.people = dict(
            zip(
                plan,
                cls.env["hr.employee"].create(
                    [
                        {
                            "name": cls.users[name].name,
                            "user_id": cls.users[name].id,
                            "company_id": company.id,
                            # long before the cycle, so that its history begins there
                            "date_version": date(2020, 1, 1),
                        }
                        for name, (company, _group) in plan.items()
                    ]
                ),
                strict=True,
            )
        )
        for name in plan:
            setattr(cls, name, cls.people[name])
            setattr(cls, f"{name}_user", cls.users[name])
        cls.job, cls.job_2 = cls.env["hr.job"].create(
            [
                {"name": "Consultant", "company_id": cls.company.id},
                {"name": "Senior Consultant", "company_id": cls.company.id},
            ]
        )
        cls.department, cls.department_sibling = cls.env["hr.department"].create(
            [
                {"name": "Sales", "company_id": cls.company.id},
                {"name": "Support", "company_id": cls.company.id},
            ]
        )
        cls.department_sub = cls.env["hr.department"].create(
            {
                "name": "Sales North",
                "company_id": cls.company.id,
                "parent_id": cls.department.id,
            }
        )
        cls.director.department_id = cls.department
        below = cls.manager | cls.employee | cls.colleague
        below.write({"department_id": cls.department_sub.id, "job_id": cls.job.id})
        cls.department.manager_id = cls.director
        cls.department_sub.manager_id = cls.manager
        # after the departments, whose heads become managers by default
        (cls.manager | cls.officer | cls.administrator).parent_id = cls.director
        (cls.employee | cls.colleague).parent_id = cls.manager
        (cls.director | cls.other_employee | cls.other_officer).parent_id = False

    @classmethod
    def _create_cycle(cls):
        cls.year = fields.Date.today().year
        cls.cycle = cls.make_cycle(f"Year {cls.year}")
        cls.cycle_2 = cls.make_cycle(
            f"Year {cls.year}, Two", company_id=cls.company_2.id
        )

    @classmethod
    def _create_indicators(cls):
        """One of each way to add up and to score; all of them in use."""
        (
            cls.ind_sum,  # new customers: sum, sum, linear
            cls.ind_average,  # rate: average by weight both ways, linear
            cls.ind_last,  # level: last, average across people, linear
            cls.ind_ratio,  # sum, sum, ratio
            cls.ind_steps,  # sum, sum, steps on achievement 80/90/100 -> 60/80/100
        ) = cls.env["hr.performance.indicator"].create(
            [
                {"name": "New customers", "code": "T_SUM"},
                {
                    "name": "Return rate",
                    "code": "T_AVG",
                    "digits": 2,
                    "aggregation": "average",
                    "rollup": "average",
                },
                {
                    "name": "Stock",
                    "code": "T_LAST",
                    "aggregation": "last",
                    "rollup": "average",
                },
                {"name": "Revenue", "code": "T_RATIO", "scoring_rule": "ratio"},
                {
                    "name": "Projects",
                    "code": "T_STEPS",
                    "scoring_rule": "steps",
                    "band_ids": [
                        fields.Command.create(
                            {"threshold": threshold, "points": points}
                        )
                        for threshold, points in ((80, 60), (90, 80), (100, 100))
                    ],
                },
            ]
        )
        cls.indicators = (
            cls.ind_sum | cls.ind_average | cls.ind_last | cls.ind_ratio | cls.ind_steps
        )
        cls.indicators.action_activate()

    # ------------------------------------------------------------- helpers

    @contextmanager
    def refused(self, *words, error=UserError):
        """Expect a refusal that says all of ``words``, and undo what was begun.

        ``assertRaisesRegex`` would leave the half-made records in the transaction.
        """
        with self.assertRaises(error) as caught:
            yield
        for word in words:
            self.assertIn(word, str(caught.exception))
        if not issubclass(error, AccessError):
            # an AccessError is a UserError, but never the way to refuse bad input
            self.assertNotIsInstance(caught.exception, AccessError)

    def queries(self, work):
        """The number of queries that ``work`` costs, all writing included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @classmethod
    def as_(cls, record, name):
        """``record`` (or an empty model) for the user of ``name``, caches emptied.

        A warm cache hides denials, so everything is written and forgotten first.
        """
        cls.env.flush_all()
        cls.env.invalidate_all()
        user = cls.users[name] if isinstance(name, str) else name
        return record.with_user(user)

    @classmethod
    def day(cls, month, day=15):
        """A date in the cycle's year."""
        return date(cls.year, month, day)

    @classmethod
    def make_cycle(cls, name="A cycle", **values):
        return cls.env["hr.performance.cycle"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "period_type": "year",
                "date_start": date(cls.year, 1, 1),
                "date_end": date(cls.year, 12, 31),
                "scale_id": cls.env.ref("hr_performance.scale_points").id,
                "template_id": cls.env.ref("hr_performance.template_standard").id,
            }
            | values
        )

    @classmethod
    def make_goal(cls, holder=None, *measures, **values):
        """A draft goal of ``holder``: an employee (default: ``employee``), a
        department, a post or a company.

        :param measures: dicts of values, or ``(indicator, target)`` with baseline 0
        """
        holder = cls.employee if holder is None else holder
        whose = {
            "hr.employee": {"scope": "employee", "employee_id": holder.id},
            "hr.department": {"scope": "department", "department_id": holder.id},
            "hr.job": {"scope": "job", "job_id": holder.id},
            "res.company": {"scope": "company", "company_id": holder.id},
        }[holder._name]
        return cls.env["hr.performance.goal"].create(
            {
                "name": f"A goal of {holder.name}",
                "cycle_id": cls.cycle.id,
                "measure_ids": [
                    fields.Command.create(
                        measure
                        if isinstance(measure, dict)
                        else {"indicator_id": measure[0].id, "target": measure[1]}
                    )
                    for measure in measures
                ],
            }
            | whose
            | values
        )

    @classmethod
    def agree(cls, goal):
        """Take draft goals through proposal to agreement; return them."""
        goal.action_propose()
        goal.action_agree()
        return goal

    @classmethod
    def add_reading(cls, indicator, value, holder=None, **values):
        """A reading on 15 March of the cycle's year, by default of ``employee``."""
        holder = cls.employee if holder is None else holder
        whose = {
            "hr.employee": {"employee_id": holder.id},
            "hr.department": {"department_id": holder.id},
            "hr.job": {"job_id": holder.id},
            "res.company": {"company_id": holder.id},
        }[holder._name]
        return cls.env["hr.performance.reading"].create(
            {"indicator_id": indicator.id, "date": cls.day(3), "value": value}
            | whose
            | values
        )

    @classmethod
    def make_appraisal(cls, employee=None, *, open_it=True, **values):
        appraisal = cls.env["hr.performance.appraisal"].create(
            {"employee_id": (employee or cls.employee).id, "cycle_id": cls.cycle.id}
            | values
        )
        if open_it:
            appraisal.action_open()
        return appraisal

    @classmethod
    def answer_all(cls, appraisal, role, level=None, **by_question):
        """Fill in and submit the review of ``role`` as the reviewer's own user.

        :param level: the level for every rating item (default: the scale's middle one)
        :param by_question: other levels, by the item's name
        """
        request = appraisal.request_ids.filtered(lambda request: request.role == role)
        answers = {}
        for item in appraisal.item_ids.filtered(lambda item: item.kind == "rating"):
            levels = (item.section_id.scale_id or appraisal.scale_id).level_ids
            chosen = by_question.get(item.name) or level or levels[len(levels) // 2]
            answers[str(item.id)] = {"level_id": chosen.id}
        request = cls.as_(request, request.reviewer_id.user_id)
        request.draft = answers
        request.action_submit()
        cls.env.invalidate_all()
        return request
