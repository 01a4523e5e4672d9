"""What the night costs over many goals, and how the lists of what is owed open.

Two nights with an ordinary day between them: in the first, all that has piled up is told;
in the second, what one more day brings. Both run in batches that are committed one by one,
as the scheduler runs them, and the second is killed on the way and taken up again. The
floor is the least work there could be, written by hand in SQL: the same rows of goals
brought to the date, the same activities and ledger rows put in, with as many commits.
"""

import json
import os
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from company import PEOPLE, QUIET, YEAR
from readings import Bench, line, machine

from odoo import fields
from odoo.tools import SQL

#: goals for each person
GOALS = 5
#: goals a transaction, and activities
BATCH = 1000
#: how many people one manager leads
REPORTS = 8
#: the first night; a Monday to Thursday, so that the second is on a working day as well
NIGHT = next(
    day
    for day in (date(YEAR, 6, 15) + timedelta(days=ahead) for ahead in range(7))
    if day.weekday() == 1
)
GOAL, ACTIVITY, NOTICE = "hr_performance_goal", "mail_activity", "hr_performance_notice"


class KilledError(Exception):
    """The process is gone."""


def measure(env, rows, repeat, report):
    """Run the whole scenario; write the report.

    :param rows: half as many goals are followed up (100,000: 50,000 goals of 10,000 people)
    :param repeat: not used: a night cannot be had twice
    :param report: path of the JSON file to write
    """
    heading = machine(env)
    bench = Bench(env(context=QUIET), repeat)
    bench.total = rows // 2
    bench.people_total = bench.total // GOALS
    make_people(bench)
    make_goals(bench)
    table = [*nights(bench), *open_lists(bench), *open_board(bench)]
    heading |= {
        "title": f"{bench.total:,} goals of {bench.people_total:,} people;"
        f" batches of {BATCH:,}",
        "repeat": 1,
        "load_after": os.getloadavg()[0],
    }
    with open(report, "w") as stream:
        json.dump({"heading": heading, "rows": table}, stream, indent=1)


# -------------------------------------------------------------------- what there is


def copied(env, table, skip):
    """The columns of ``table`` that a copy takes over."""
    env.cr.execute(
        """
        SELECT column_name FROM information_schema.columns
         WHERE table_name = %s AND is_generated = 'NEVER' AND column_name <> ALL(%s)
        """,
        (table, ["id", *skip]),
    )
    return SQL(", ").join(SQL.identifier(row[0]) for row in env.cr.fetchall())


def make_people(bench):
    """Copies of the people there are, past all of Odoo, and who leads whom."""
    env, cr = bench.env, bench.env.cr
    missing = bench.people_total - PEOPLE
    if missing > 0:
        cr.execute(
            """
            CREATE TEMP TABLE more AS
            SELECT person.id AS old_person, person.user_id AS old_user, number,
                   login.partner_id AS old_partner, person.resource_id AS old_resource,
                   person.current_version_id AS old_version,
                   nextval('res_partner_id_seq')::int AS partner,
                   nextval('res_users_id_seq')::int AS login,
                   nextval('resource_resource_id_seq')::int AS resource,
                   nextval('hr_employee_id_seq')::int AS person,
                   nextval('hr_version_id_seq')::int AS version
              FROM generate_series(1, 100) number
              JOIN hr_employee person ON person.name LIKE 'Person %%'
              JOIN res_users login ON login.id = person.user_id
             ORDER BY number, person.id LIMIT %s
            """,
            (missing,),
        )
        for table, own, old, values in (
            ("res_partner", "partner", "old_partner", {}),
            (
                "res_users",
                "login",
                "old_user",
                {"login": "'copy_' || more.login", "partner_id": "more.partner"},
            ),
            (
                "resource_resource",
                "resource",
                "old_resource",
                {"user_id": "more.login"},
            ),
            (
                "hr_employee",
                "person",
                "old_person",
                {
                    "user_id": "more.login",
                    "resource_id": "more.resource",
                    "work_contact_id": "more.partner",
                    "current_version_id": "NULL",
                },
            ),
            ("hr_version", "version", "old_version", {"employee_id": "more.person"}),
        ):
            names = [SQL.identifier(name) for name in values]
            cr.execute(
                SQL(
                    "INSERT INTO %(table)s (%(names)s, %(columns)s)"
                    " SELECT %(values)s, %(columns)s"
                    "   FROM more JOIN %(table)s former ON former.id = more.%(old)s",
                    table=SQL.identifier(table),
                    names=SQL(", ").join([SQL("id"), *names]),
                    values=SQL(", ").join(
                        [SQL.identifier("more", own), *map(SQL, values.values())]
                    ),
                    columns=copied(env, table, values),
                    old=SQL.identifier(old),
                )
            )
        cr.execute(
            "UPDATE hr_employee SET current_version_id = more.version"
            "  FROM more WHERE more.person = hr_employee.id"
        )
        for table, column in (
            ("res_groups_users_rel", "uid"),
            ("res_company_users_rel", "user_id"),
        ):
            other = "gid" if column == "uid" else "cid"
            cr.execute(
                f"INSERT INTO {table} ({column}, {other})"
                f" SELECT more.login, former.{other}"
                f"   FROM more JOIN {table} former ON former.{column} = more.old_user"
            )
    env.invalidate_all()
    bench.people = env["hr.employee"].search(
        [("name", "=like", "Person %")], order="id"
    )
    bench.people = bench.people[: bench.people_total]
    cr.execute(
        """
        WITH person AS (SELECT id, ordinality - 1 AS place
                          FROM unnest(%s) WITH ORDINALITY AS found(id, ordinality))
        UPDATE hr_employee SET parent_id = boss.id
          FROM person JOIN person boss ON boss.place = (person.place - 1) / %s
         WHERE person.place > 0 AND hr_employee.id = person.id
        """,
        (bench.people.ids, REPORTS),
    )
    cr.commit()
    env.invalidate_all()


def make_goals(bench):
    """As many goals, agreed on some day of the last seven weeks, past all of Odoo."""
    env, cr = bench.env, bench.env.cr
    cr.execute(
        "UPDATE hr_performance_goal SET state = 'cancelled', checkin_due = NULL,"
        " stale_on = NULL, escalate_on = NULL"
    )
    template = env["hr.performance.goal"].search(
        [
            ("employee_id", "=", bench.people[0].id),
            ("cycle_id.period_type", "=", "year"),
        ],
        limit=1,
    )
    own = {
        "name": SQL("'Followed ' || number"),
        "employee_id": SQL("person.id"),
        "responsible_id": SQL("person.id"),
        "state": SQL("'agreed'"),
        "parent_id": SQL("NULL"),
        "agreed_date": SQL("%s::date - (person.id * 5 + number) %% 50", NIGHT),
        "health_date": SQL("%s::date", NIGHT - timedelta(days=1)),
        "health": SQL("'no_value'"),
    }
    columns = copied(env, GOAL, [*own, "parent_path", "origin", "code"])
    cr.execute(
        SQL(
            """
            INSERT INTO hr_performance_goal (%(names)s, %(columns)s)
            SELECT %(values)s, %(columns)s
              FROM (SELECT * FROM hr_performance_goal WHERE id = %(template)s) former,
                   unnest(%(people)s) AS person(id), generate_series(1, %(goals)s) number
            """,
            names=SQL(", ").join(map(SQL.identifier, own)),
            values=SQL(", ").join(own.values()),
            columns=columns,
            template=template.id,
            people=bench.people.ids,
            goals=GOALS,
        )
    )
    template._parent_store_compute()
    cr.execute(
        SQL(
            """
            INSERT INTO hr_performance_measure (goal_id, %(columns)s)
            SELECT goal.id, %(columns)s
              FROM (SELECT * FROM hr_performance_measure WHERE id = %(template)s) former,
                   (SELECT id FROM hr_performance_goal WHERE name LIKE 'Followed %%') goal
            """,
            columns=copied(env, "hr_performance_measure", ["goal_id"]),
            template=template.measure_ids[0].id,
        )
    )
    cr.commit()
    env.invalidate_all()
    bench.tidy(
        f"VACUUM ANALYZE {GOAL}, hr_performance_measure, hr_employee, hr_version"
    )


# -------------------------------------------------------------------- the nights


@contextmanager
def on(day):
    with patch.object(fields.Date, "today", staticmethod(lambda *_args: day)):
        yield


@contextmanager
def committing(bench, counts, kill_at=None):
    """Batches are committed as by the scheduler; at the ``kill_at``-th one it dies."""
    cron = type(bench.env["ir.cron"])

    def commit(_cron, processed=0, *, remaining=None, deactivate=False):
        counts.append(processed)
        if len(counts) == kill_at:
            raise KilledError
        bench.env.flush_all()
        bench.env.cr.commit()
        bench.env.invalidate_all()
        return 3600.0

    with patch.object(cron, "_commit_progress", commit):
        yield


def run_night(bench, kill_at=None):
    counts = []
    try:
        with committing(bench, counts, kill_at):
            bench.env["hr.performance.goal"]._cron_refresh_health(BATCH)
            bench.env["hr.performance.owed"]._cron_tell(BATCH)
    except KilledError:
        bench.env.invalidate_all(flush=False)
        bench.env.transaction.clear()
        bench.env.cr.rollback()
    return counts


def told(bench):
    """How many activities, ledger rows and mails there are; each once, and of today."""
    cr = bench.env.cr
    cr.execute(
        f"""
        SELECT count(*), count(DISTINCT (res_model, res_id, activity_type_id))
          FROM {ACTIVITY} WHERE res_model = 'hr.performance.goal'
        """
    )
    activities, different = cr.fetchone()
    cr.execute(f"SELECT count(*) FROM {NOTICE} WHERE kind <> 'digest'")
    notices = cr.fetchone()[0]
    cr.execute(
        f"SELECT count(*), count(DISTINCT (user_id, occasion)) FROM {NOTICE}"
        " WHERE kind = 'digest'"
    )
    digests, of_whom = cr.fetchone()
    cr.execute("SELECT count(*) FROM mail_mail WHERE state = 'outgoing'")
    mails = cr.fetchone()[0]
    if not (activities == different == notices and digests == of_whom == mails):
        raise AssertionError(
            "Activities, different ones, ledger rows, digests, of whom, mails:"
            f" {activities, different, notices, digests, of_whom, mails}"
        )
    return activities, digests


def nights(bench):
    env = bench.env
    env.cr.execute("UPDATE res_users SET performance_digest = 'daily' WHERE id > 5")
    env.cr.execute("DELETE FROM mail_mail")
    env.cr.commit()
    before = (0, 0)
    for title, day, kill_at in (
        ("The first night: all that has piled up", NIGHT, None),
        ("An ordinary night", NIGHT + timedelta(days=1), None),
        ("A night killed half-way and run again", NIGHT + timedelta(days=2), 15),
    ):
        with on(day):
            count = env.cr.sql_log_count

            def night(kill_at=kill_at):
                if kill_at:
                    run_night(bench, min(kill_at, bench.total // BATCH // 2))
                run_night(bench)

            taken = bench.time(night)
            queries = env.cr.sql_log_count - count
            now = told(bench)
        made = [after - former for after, former in zip(now, before, strict=True)]
        before = now
        print(f"{title}: {taken:.1f} s, {queries} queries, {made}", flush=True)
        floor = bench.time(lambda day=day, made=made: bare_night(bench, day, *made))
        yield line(f"{title}, floor in SQL", bench.total, floor, floor=1)
        thousands = bench.total / 1000
        yield line(
            f"{title} ({made[0]:,} more activities, {made[1]:,} mails)",
            bench.total,
            taken,
            queries=queries / thousands,
            floor=taken / floor,
            limits={"queries": 150},
        )
        # to do once more the same day is to do nothing
        with on(day):
            run_night(bench)
            if told(bench) != now:
                raise AssertionError("The same night, run again, told something again.")


def bare_night(bench, day, activities, digests):
    """The least of it: the goals' dates, the activities, the ledger, the mails."""
    cr = bench.env.cr
    cr.execute(f"SELECT id FROM {GOAL} WHERE name LIKE 'Followed %'")
    ids = [row[0] for row in cr.fetchall()]
    for start in range(0, len(ids), BATCH):
        cr.execute(
            f"UPDATE {GOAL} SET health_date = %s, write_date = now() WHERE id = ANY(%s)",
            (day, ids[start : start + BATCH]),
        )
        cr.commit()
    for table, number, where in (
        (ACTIVITY, activities, "TRUE"),
        ("mail_message", digests, "TRUE"),
    ):
        cr.execute(
            f"CREATE TEMP TABLE bare AS SELECT * FROM {table} WHERE {where} LIMIT 1"
        )
        for start in range(0, max(number, 0), BATCH):
            cr.execute(
                "INSERT INTO bare SELECT bare.* FROM (SELECT * FROM bare LIMIT 1) bare,"
                " generate_series(1, %s)",
                (min(BATCH, number - start),),
            )
            cr.commit()
        cr.execute("DROP TABLE bare")
    cr.commit()


# -------------------------------------------------------------------- the lists


def open_lists(bench):
    """What I owe, of somebody with goals; who owes what, of who leads everybody."""
    fields_shown = {
        "display_name": {},
        "record_name": {},
        "type_id": {"fields": {"display_name": {}}},
        "employee_id": {"fields": {"display_name": {}}},
        "deadline": {},
        "state": {},
    }
    waiting = ("state", "in", ("to_do", "overdue"))
    for title, person, domain in (
        ("What I owe", somebody_late(bench), [("is_mine", "=", True), waiting]),
        (
            "What I owe, of the head of all",
            bench.people[0],
            [("is_mine", "=", True), waiting],
        ),
        (
            "Who owes what: a page of all below",
            bench.people[0],
            [("is_mine", "=", False), ("state", "=", "overdue")],
        ),
    ):
        owed = bench.env(user=person.user_id)["hr.performance.owed"]

        def open_list(owed=owed, domain=domain):
            found = owed.web_search_read(
                domain, fields_shown, limit=80, count_limit=10001
            )
            if not found["records"]:
                raise AssertionError("Nothing is owed.")

        yield opened(bench, title, open_list, 20)


def somebody_late(bench):
    bench.env.cr.execute(
        f"SELECT employee_id FROM {GOAL} WHERE stale_on <= %s ORDER BY id DESC LIMIT 1",
        (NIGHT,),
    )
    return bench.env["hr.employee"].browse(bench.env.cr.fetchone()[0])


def open_board(bench):
    """Who needs help: of a manager's own reports, and of everybody below the head of all.

    The queries do not depend on how many people there are.
    """
    help_ = bench.env(user=bench.people[0].user_id)["hr.performance.help"]
    for title, scope in (("own reports", "direct"), ("everybody below", "line")):
        yield opened(
            bench,
            f"Who needs help: {title}",
            lambda scope=scope: help_.get_who_needs_help(scope=scope),
            80,
        )


def opened(bench, title, work, limit):
    """How long it takes to open something, and with how many queries."""
    with on(NIGHT + timedelta(days=2)):
        work()  # what the registry and the planner keep
        bench.env.invalidate_all()
        before = bench.env.cr.sql_log_count
        taken = bench.time(work)
        queries = bench.env.cr.sql_log_count - before
    print(f"{title}: {taken:.2f} s, {queries} queries", flush=True)
    return line(title, bench.total, taken, queries=queries, limits={"queries": limit})
