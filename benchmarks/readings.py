"""How fast readings come in and results follow, beside the least work there could be.

Everything is measured in one run on one database, taking turns, and the best of the
repetitions counts. Each time ends with everything flushed and committed; preparing the
values and clearing up in between do not count.

The floors are written by hand in SQL: they store or read the same rows and group them by
indicator, person and month, which any solution has to do. The peers are Odoo's own:
``create`` of records with the same columns and no logic, and ``gamification``.
"""

import gc
import json
import math
import os
import time
from datetime import date, timedelta
from functools import partial
from itertools import cycle

import psycopg2
from company import INDICATORS, OFFICER, PEOPLE, QUIET, YEAR, goal, make_agreed
from psycopg2.extras import execute_values

from odoo import release
from odoo.sql_db import connection_info_for
from odoo.tools import SQL

BARE_MODEL = "hr.performance.bench.reading"
READING, BARE = "hr_performance_reading", "hr_performance_bench_reading"
GROUP_BY = """
    SELECT indicator_id, employee_id, date_trunc('month', date),
           sum(value), sum(value * weight), sum(weight), count(*)
      FROM %s
  GROUP BY 1, 2, 3
"""


def measure(env, rows, repeat, report):
    """Run the whole scenario with ``rows`` readings to import; write the report.

    :param repeat: how often each is done
    :param report: path of the JSON file to write
    """
    heading = machine(env)
    measures = env["hr.performance.measure"].search_count([])
    bench = Bench(env, repeat)
    table = [
        *import_readings(bench, rows),
        *recompute_measures(bench, 10 * rows),
        *count_records(bench, rows),
    ]
    heading |= {
        "title": f"{PEOPLE:,} people, 12 months, {measures:,} measures",
        "repeat": repeat,
        "load_after": os.getloadavg()[0],
    }
    with open(report, "w") as stream:
        json.dump({"heading": heading, "rows": table}, stream, indent=1)


def machine(env):
    """What the figures depend on besides the code."""

    def setting(name):
        env.cr.execute(f"SHOW {name}")
        return env.cr.fetchone()[0]

    names = ("fsync", "synchronous_commit", "shared_buffers")
    return {
        "machine": f"{os.cpu_count()} CPUs, Odoo {release.version},"
        f" PostgreSQL {setting('server_version')}",
        "settings": {name: setting(name) for name in names},
        "load_before": os.getloadavg()[0],
    }


def columns(model):
    """``(name, type)`` of the columns that ``create`` fills."""
    return {
        (name, field.column_type[1])
        for name, field in model._fields.items()
        if field.store and field.column_type
    }


class Bench:
    """The database to measure in, the clock, and the broom."""

    def __init__(self, env, repeat):
        self.env = env
        self.repeat = repeat
        officer = env["res.users"].search([("login", "=", OFFICER)])
        #: imports are done by a person of HR, under all rules, not by the superuser
        self.officer = env(user=officer)
        self.indicators = env["hr.performance.indicator"].search(
            [("code", "in", [code for code, *_rest in INDICATORS])], order="id"
        )
        self.people = env["hr.employee"].search(
            [("name", "=like", "Person %")], order="id"
        )
        different = columns(env["hr.performance.reading"]) ^ columns(env[BARE_MODEL])
        if different:
            raise AssertionError(f"The bare reading has other columns: {different}")
        self.connection = psycopg2.connect(**connection_info_for(env.cr.dbname)[1])
        self.connection.autocommit = True

    def time(self, work):
        """The seconds that ``work`` takes until everything is committed."""
        self.env.invalidate_all()
        gc.collect()
        start = time.perf_counter()
        work()
        self.env.flush_all()
        self.env.cr.commit()
        return time.perf_counter() - start

    def best(self, works, before):
        """``{name: seconds}`` of each of ``works``, taking turns; the best turn counts."""
        turns = []
        for _turn in range(self.repeat):
            turns.append({})
            for name, work in works.items():
                before()
                turns[-1][name] = self.time(work)
                print(f"{name}: {turns[-1][name]:.2f} s", flush=True)
        return {name: min(turn[name] for turn in turns) for name in works}

    def tidy(self, statement):
        """Run ``statement`` outside the transaction that is measured."""
        self.env.cr.commit()
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def forget_results(self):
        """Bring measures and goals back to where nothing has been reported."""
        self.tidy(
            "UPDATE hr_performance_measure SET has_actual = FALSE, actual = NULL,"
            " achievement = NULL, score = NULL, derivation = NULL, status = 'no_value'"
        )
        self.tidy(
            "UPDATE hr_performance_goal"
            " SET progress = NULL, score = NULL, coverage = 0, health = 'no_value'"
        )
        self.tidy("VACUUM ANALYZE hr_performance_measure, hr_performance_goal")

    def forget_readings(self):
        self.tidy(f"TRUNCATE {READING}, {BARE} CASCADE")
        self.tidy(f"ANALYZE {READING}, {BARE}")
        self.forget_results()


# -------------------------------------------------------------------- import


def import_readings(bench, rows):
    """Import readings over all people and months, every result up to date at the end."""
    readings = bench.officer["hr.performance.reading"]
    bare_readings = bench.officer[BARE_MODEL]
    seconds = {}
    for size in (rows // 4, rows // 2, rows):
        values = reading_values(bench, size)
        bare = bare_values(bench, values)
        seconds[size] = bench.best(
            {
                "floor": partial(insert_and_group, bench.env, bare),
                "peer": partial(bare_readings.create, bare),
                "create": partial(readings.create, values),
                "upsert": partial(readings.upsert, rows_of(bench, values)),
            },
            before=bench.forget_readings,
        )
        check_results(bench)
    best = seconds[rows]
    floor, peer = best["floor"], best["peer"]
    yield line("Import: INSERT and GROUP BY by hand", rows, floor, floor=1)
    yield line("Import: create of bare records", rows, peer, floor=peer / floor, peer=1)
    for name, limits in (
        ("upsert", {"peer": 1.5, "growth": STRAIGHT}),
        ("create", {"growth": STRAIGHT}),
    ):
        yield line(
            f"Import: reading.{name}, all results up to date",
            rows,
            best[name],
            floor=best[name] / floor,
            peer=best[name] / peer,
            growth=growth({size: turn[name] for size, turn in seconds.items()}),
            limits=limits,
            hopes={"floor": 10},
        )


def rows_of(bench, values_list):
    """The readings as a file or the API names them."""
    codes = {indicator.id: indicator.code for indicator in bench.indicators}
    emails = {person.id: person.work_email for person in bench.people}
    return [
        {
            "indicator": codes[values["indicator_id"]],
            "employee": emails[values["employee_id"]],
            "date": values["date"].isoformat(),
            **{name: values[name] for name in ("value", "weight", "note")},
        }
        for values in values_list
    ]


def reading_values(bench, count):
    """``count`` readings, spread evenly over people, indicators and months."""
    first = date(YEAR, 1, 1)
    return [
        {
            "indicator_id": bench.indicators[n // PEOPLE % 4].id,
            "employee_id": employee_id,
            "date": first.replace(month=n // (4 * PEOPLE) % 12 + 1)
            + timedelta(days=n % 28),
            "value": float(n % 97),
            "weight": 1.0 + n % 3,
            "source": "import",
            "note": f"Line {n}",
        }
        for n, employee_id in zip(range(count), cycle(bench.people.ids), strict=False)
    ]


def bare_values(bench, values_list):
    """The same readings with all that ours find out by themselves."""
    places = {
        person.id: {
            "department_id": person.department_id.id,
            "job_id": person.job_id.id,
            "company_id": person.company_id.id,
        }
        for person in bench.people
    }
    return [values | places[values["employee_id"]] for values in values_list]


def insert_and_group(env, values_list):
    columns = list(values_list[0])
    execute_values(
        env.cr._obj,
        f"INSERT INTO {BARE} ({', '.join(columns)}, create_uid, write_uid,"
        " create_date, write_date) VALUES %s",
        [tuple(values.values()) for values in values_list],
        template=f"({', '.join(['%s'] * len(columns))}, 1, 1, now(), now())",
        page_size=1000,
    )
    env.cr.execute(GROUP_BY % BARE)
    env.cr.fetchall()


def check_results(bench):
    """What is fast and wrong does not count: compare results with sums by hand."""
    cr = bench.env.cr
    cr.execute(
        """
        SELECT sum(reading.value), count(*)
          FROM hr_performance_reading reading
          JOIN hr_performance_indicator indicator ON indicator.id = indicator_id
         WHERE indicator.code = 'BENCH_SALES'
        """
    )
    expected = cr.fetchone()
    cr.execute(
        """
        SELECT measure.actual, (measure.derivation ->> 'readings')::int
          FROM hr_performance_measure measure
          JOIN hr_performance_goal goal ON goal.id = goal_id
          JOIN hr_performance_indicator indicator ON indicator.id = indicator_id
         WHERE goal.name = 'The company' AND indicator.code = 'BENCH_SALES'
        """
    )
    found = cr.fetchone()
    if found[1] != expected[1] or not math.isclose(
        *map(float, (found[0], expected[0]))
    ):
        raise AssertionError(f"The company has {found}, by hand it is {expected}")
    cr.execute(
        """
        SELECT count(*) FILTER (WHERE measure.has_actual IS DISTINCT FROM counted)
          FROM hr_performance_measure measure
          JOIN hr_performance_goal goal ON goal.id = goal_id,
               LATERAL (SELECT EXISTS (SELECT FROM hr_performance_reading reading
                         WHERE reading.indicator_id = measure.indicator_id
                           AND reading.employee_id = goal.employee_id
                           AND reading.date BETWEEN measure.date_start
                                                AND measure.date_end) AS counted) found
         WHERE goal.scope = 'employee'
        """
    )
    if wrong := cr.fetchone()[0]:
        raise AssertionError(f"{wrong} personal measures are not up to date")


# -------------------------------------------------------------------- recomputation


def recompute_measures(bench, rows):
    """Compute all measures anew, with derivations and goals, over stored readings."""
    env = bench.env
    measures = env["hr.performance.measure"].search([])

    def group():
        env.cr.execute(GROUP_BY % READING)
        env.cr.fetchall()

    bench.forget_readings()
    seconds = {}
    stored = 0
    for size in (rows // 4, rows // 2, rows):
        store_readings(bench, stored, size)
        stored = size
        seconds[size] = bench.best(
            {"floor": group, "ours": measures._mark_for_recomputation},
            before=bench.forget_results,
        )
        check_results(bench)
    floor, ours = seconds[rows]["floor"], seconds[rows]["ours"]
    yield line("Recompute: GROUP BY by hand", rows, floor, floor=1)
    yield line(
        f"Recompute: {len(measures):,} measures and their goals",
        rows,
        ours,
        floor=ours / floor,
        growth=growth({size: turn["ours"] for size, turn in seconds.items()}),
        limits={"floor": 15, "growth": STRAIGHT},
        hopes={"floor": 5},
    )


def store_readings(bench, start, stop):
    """Put readings number ``start`` to ``stop`` into the table, past all of Odoo."""
    bench.env.cr.execute(
        SQL(
            """
            INSERT INTO hr_performance_reading
                   (indicator_id, employee_id, department_id, job_id, company_id,
                    date, value, weight, source, create_uid, write_uid,
                    create_date, write_date)
            SELECT (%(indicators)s)[n / %(people)s %% 4 + 1],
                   employee.id, version.department_id, version.job_id,
                   employee.company_id,
                   make_date(%(year)s, n / (4 * %(people)s) %% 12 + 1, n %% 28 + 1),
                   n %% 97, 1 + n %% 3, 'import', 1, 1, now(), now()
              FROM generate_series(%(start)s, %(stop)s - 1) n
              JOIN UNNEST(%(employees)s) WITH ORDINALITY people(id, place)
                ON people.place = n %% %(people)s + 1
              JOIN hr_employee employee ON employee.id = people.id
              JOIN hr_version version ON version.id = employee.current_version_id
            """,
            indicators=bench.indicators.ids,
            employees=bench.people.ids,
            people=PEOPLE,
            year=YEAR,
            start=start,
            stop=stop,
        )
    )
    bench.tidy(f"VACUUM ANALYZE {READING}")


# -------------------------------------------------------------------- gamification


def count_records(bench, rows):
    """Count records for each person, as gamification does it and as we do."""
    bench.forget_readings()
    make_deals(bench, rows)
    goals = make_challenge(bench)
    indicator = make_query(bench)

    def forget():
        bench.forget_readings()
        bench.tidy("UPDATE gamification_goal SET current = -1, state = 'inprogress'")

    seconds = bench.best(
        {"peer": goals.update_goal, "ours": indicator.action_refresh}, before=forget
    )
    counted = sum(indicator.sudo().measure_ids.mapped("actual"))
    if counted != rows:
        raise AssertionError(f"{counted} of {rows} records are counted")
    peer, ours = seconds["peer"], seconds["ours"]
    yield line(f"Records: gamification, {len(goals):,} users", rows, peer, peer=1)
    yield line(
        "Records: indicator.action_refresh, readings, measures and goals",
        rows,
        ours,
        peer=ours / peer,
        limits={"peer": 1},
    )


def make_deals(bench, count):
    """Records on all days of the year so far: what lies ahead is not counted yet."""
    users = bench.people.user_id
    bench.env.cr.execute(
        SQL(
            """
            INSERT INTO bench_deal (user_id, date, amount)
            SELECT people.id,
                   make_date(%(year)s, 1, 1) + n %% %(days)s, n %% 97
              FROM generate_series(0, %(count)s - 1) n
              JOIN UNNEST(%(users)s) WITH ORDINALITY people(id, place)
                ON people.place = n %% %(people)s + 1
            """,
            users=users.ids,
            people=PEOPLE,
            year=YEAR,
            days=date.today().timetuple().tm_yday,
            count=count,
        )
    )
    bench.tidy("VACUUM ANALYZE bench_deal")


def make_challenge(bench):
    """A challenge that counts everybody's records of the year, set up to be fast.

    In batch mode, which groups instead of asking for each user, and without a message.
    """
    env = bench.env
    model = env["ir.model"]._get("bench.deal")
    by_name = {field.name: field.id for field in model.field_id}
    definition = env["gamification.goal.definition"].create(
        {
            "name": "Deals",
            "computation_mode": "count",
            "model_id": model.id,
            "field_date_id": by_name["date"],
            "batch_mode": True,
            "batch_distinctive_field": by_name["user_id"],
            "batch_user_expression": "user.id",
        }
    )
    challenge = env["gamification.challenge"].create(
        {
            "name": "Deals of the year",
            "user_ids": bench.people.user_id.ids,
            "start_date": date(YEAR, 1, 1),
            "end_date": date(YEAR, 12, 31),
            "line_ids": [
                (0, 0, {"definition_id": definition.id, "target_goal": 10_000})
            ],
        }
    )
    challenge.action_start()
    env.flush_all()
    env.cr.commit()
    return env["gamification.goal"].search(
        [
            ("challenge_id", "=", challenge.id),
            ("user_id", "in", bench.people.user_id.ids),
        ]
    )


def make_query(bench):
    """An indicator that counts the same records, and a goal on it for each person."""
    indicator = bench.officer["hr.performance.indicator"].create(
        {
            "name": "Deals",
            "code": "BENCH_DEALS",
            "frequency": "year",
            "source": "odoo",
            "query_model": "bench.deal",
            "query_date_field": "date",
            "query_holder": "user",
            "query_holder_path": "user_id",
        }
    )
    indicator.action_activate()
    year = bench.env["hr.performance.cycle"].search([("period_type", "=", "year")])
    make_agreed(
        bench.env(context=QUIET),
        [
            goal(person.name, year, indicator.sudo(), employee_id=person.id)
            for person in bench.people
        ],
    )
    bench.env.flush_all()
    bench.env.cr.commit()
    return indicator


# -------------------------------------------------------------------- the table

#: "time grows no faster than the rows"; measured, a straight line comes out at 1 ± 0.05
STRAIGHT = 1.05


def line(name, rows, seconds, *, limits=None, hopes=None, **ratios):
    """One line of the table: a time, its ratios, and what was promised.

    :param limits: ``{ratio: its upper limit}``; the promise is broken above
    :param hopes: the same for what is hoped for, which breaks nothing
    :param ratios: to the ``floor``, to the ``peer``, or the ``growth``
    """
    return {
        "name": name,
        "rows": rows,
        "seconds": seconds,
        "ratios": ratios,
        "limits": limits or {},
        "hopes": hopes or {},
        "kept": all(ratios[of] <= limit for of, limit in (limits or {}).items()),
    }


def growth(seconds):
    """The exponent e of t = c·rowsᵉ that fits ``{rows: t}`` best; 1 is a straight line."""
    points = [(math.log(rows), math.log(t)) for rows, t in seconds.items()]
    x_mean = sum(x for x, _y in points) / len(points)
    y_mean = sum(y for _x, y in points) / len(points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum(
        (x - x_mean) ** 2 for x, _y in points
    )
