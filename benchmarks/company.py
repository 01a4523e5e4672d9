"""The company that the benchmarks measure: its people, then their goals."""

import calendar
from datetime import date

from odoo.fields import Command

PEOPLE = 2000
#: departments on three levels: each of the first 4 has 4 below it, each of these 5
BRANCHES = (4, 4, 5)
YEAR = date.today().year
#: what is measured: (code, over time, across people)
INDICATORS = (
    ("BENCH_SALES", "sum", "sum"),
    ("BENCH_SATISFACTION", "average", "average"),
    ("BENCH_LEVEL", "last", "average"),
    ("BENCH_VISITS", "sum", "sum"),
)
OFFICER = "bench_officer"
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}


def make_people(env):
    """Users and employees in a tree of departments; needs core's HR only."""
    env = env(context=QUIET)
    departments = env["hr.department"]
    level = [departments]
    for depth, width in enumerate(BRANCHES):
        level = departments.create(
            [
                {"name": f"Unit {depth}.{place}.{n}", "parent_id": above.id}
                for place, above in enumerate(level)
                for n in range(width)
            ]
        )
    jobs = env["hr.job"].create([{"name": f"Job {n}"} for n in range(10)])
    users = env["res.users"].create(
        [
            {"name": f"Person {n}", "login": f"bench_{n}", "email": f"p{n}@example.com"}
            for n in range(PEOPLE)
        ]
    )
    env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "department_id": level[n % len(level)].id,
                "job_id": jobs[n % len(jobs)].id,
                "date_version": date(YEAR - 5, 1, 1),
            }
            for n, user in enumerate(users)
        ]
    )
    env.cr.commit()


def make_goals(env):
    """Four indicators and the goals on them, all agreed.

    A year's and four quarters' goals for each person with one measure each (10,000
    measures), a year's goal for each department and the company with a measure on each
    indicator, and twelve monthly ones of the company.
    """
    env = env(context=QUIET)
    env["res.users"].create(
        {
            "name": "Officer",
            "login": OFFICER,
            "group_ids": [
                Command.link(env.ref("base.group_user").id),
                Command.link(env.ref("hr_performance.group_hr_performance_officer").id),
            ],
        }
    )
    indicators = env["hr.performance.indicator"].create(
        [
            {"name": code, "code": code, "aggregation": aggregation, "rollup": rollup}
            for code, aggregation, rollup in INDICATORS
        ]
    )
    indicators.action_activate()
    year = make_cycle(env, "year", 1, 12)
    quarters = [make_cycle(env, "quarter", m, m + 2, year) for m in range(1, 13, 3)]
    months = [make_cycle(env, "month", m, m) for m in range(1, 13)]

    company = make_agreed(env, [goal("The company", year, indicators, scope="company")])
    make_agreed(
        env,
        [
            goal(f"The company, {month.name}", month, indicators, scope="company")
            for month in months
        ],
    )
    departments = env["hr.department"].search(
        [("name", "=like", "Unit %")], order="parent_path"
    )
    above = {departments.browse(): company}
    for depth in range(len(BRANCHES)):
        level = departments.filtered(lambda unit, d=depth: unit.name[5] == str(d))
        goals = make_agreed(
            env,
            [
                goal(
                    unit.name,
                    year,
                    indicators,
                    scope="department",
                    department_id=unit.id,
                    parent_id=above[unit.parent_id].id,
                    progress_source="both",
                )
                for unit in level
            ],
        )
        above.update(zip(level, goals, strict=True))
    people = env["hr.employee"].search([("name", "=like", "Person %")], order="id")
    personal = make_agreed(
        env,
        [
            goal(
                f"{person.name}, the year",
                year,
                indicators[n % 4],
                employee_id=person.id,
                parent_id=above[person.department_id].id,
            )
            for n, person in enumerate(people)
        ],
    )
    make_agreed(
        env,
        [
            goal(
                f"{person.name}, {quarter.name}",
                quarter,
                indicators[(n + q) % 4],
                employee_id=person.id,
                parent_id=parent.id,
            )
            for n, (person, parent) in enumerate(zip(people, personal, strict=True))
            for q, quarter in enumerate(quarters)
        ],
    )
    env.cr.commit()


def make_cycle(env, period_type, first_month, last_month, parent=None):
    return env["hr.performance.cycle"].create(
        {
            "name": f"Bench {period_type} {first_month}",
            "period_type": period_type,
            "date_start": date(YEAR, first_month, 1),
            "date_end": date(
                YEAR, last_month, calendar.monthrange(YEAR, last_month)[1]
            ),
            "parent_id": parent and parent.id,
        }
    )


def goal(name, cycle, indicators, **values):
    """The values of a goal with a measure on each of the ``indicators``."""
    return {
        "name": name,
        "cycle_id": cycle.id,
        "measure_ids": [
            Command.create({"indicator_id": indicator.id, "target": 1000})
            for indicator in indicators
        ],
        **values,
    }


def make_agreed(env, values_list):
    goals = env["hr.performance.goal"].create(values_list)
    goals.write({"state": "agreed", "agreed_date": date.today()})
    goals.measure_ids._freeze_rules()
    return goals
