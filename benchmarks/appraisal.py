"""What launching, releasing and opening ten thousand appraisals costs.

The peer is Odoo's own ``create`` and ``write`` of as many bare records with the same
columns: no computed field, no rule, no constraint, no index. The floor is the same rows,
put in by hand in SQL. Ours are made by an officer, in batches that are committed one by
one, with all that follows: forms chosen, goals and questions taken in, who is asked and by
when, scores with their derivation.
"""

import json
import os
import resource
from datetime import date
from functools import partial
from statistics import median

from company import QUIET, YEAR
from followup import copied, make_people
from lxml import etree
from psycopg2.extras import Json, execute_values
from readings import Bench, line, machine

from odoo.fields import Command
from odoo.tools import SQL

#: agreed goals of each person, and questions of the form: 12 items an appraisal
GOALS, RATINGS, TEXTS = 2, 8, 2
ITEMS = GOALS + RATINGS + TEXTS
#: who is asked: the person and the manager
TASKS = 2
#: in MB: the promise on memory
MEMORY = 1000
GOAL, MEASURE = "hr_performance_goal", "hr_performance_measure"
#: real table: bare model
BARE = {
    "hr_performance_appraisal": "hr.performance.bench.appraisal",
    "hr_performance_appraisal_item": "hr.performance.bench.item",
    "hr_performance_request": "hr.performance.bench.request",
}
UNCOUNTED = ("id", "create_uid", "create_date", "write_uid", "write_date")


def measure(env, rows, repeat, report):
    """Run the whole scenario; write the report.

    :param rows: a tenth of them people are appraised (100,000: 10,000 people)
    :param repeat: how often each is done
    :param report: path of the JSON file to write
    """
    heading = machine(env)
    bench = Bench(env(context=QUIET), repeat)
    bench.people_total = rows // 10
    make_people(bench)
    # a launch is for everybody who is there
    env.cr.execute(
        "UPDATE hr_employee SET active = FALSE WHERE id <> ALL(%s)", (bench.people.ids,)
    )
    make_goals(bench)
    make_form(bench)
    table = [*launch_all(bench), *release_all(bench), *open_forms(bench)]
    heading |= {
        "title": f"{len(bench.people):,} appraisals, {ITEMS} items and {TASKS} tasks each",
        "repeat": repeat,
        "load_after": os.getloadavg()[0],
    }
    with open(report, "w") as stream:
        json.dump({"heading": heading, "rows": table}, stream, indent=1)


# -------------------------------------------------------------------- what there is


def make_goals(bench):
    """Agreed goals with points for everybody, like those of one, past all of Odoo."""
    env, cr = bench.env, bench.env.cr
    cr.execute(f"UPDATE {GOAL} SET state = 'cancelled' WHERE scope = 'employee'")
    env.invalidate_all()
    bench.cycle = env["hr.performance.cycle"].search([("period_type", "=", "year")])
    example = env["hr.performance.goal"].search(
        [
            ("employee_id", "=", bench.people[0].id),
            ("cycle_id", "=", bench.cycle.id),
        ],
        limit=1,
    )
    env["hr.performance.reading"].create(
        {
            "indicator_id": example.measure_ids.indicator_id.id,
            "employee_id": example.employee_id.id,
            "date": date(YEAR, 1, 15),
            "value": 750,
        }
    )
    env.flush_all()
    if not example.score:
        raise AssertionError("The goal to copy has no points.")
    own = {
        "name": SQL("'Appraised ' || number"),
        "employee_id": SQL("person.id"),
        "responsible_id": SQL("person.id"),
        "state": SQL("'agreed'"),
        "parent_id": SQL("NULL"),
    }
    cr.execute(
        SQL(
            """
            INSERT INTO hr_performance_goal (%(names)s, %(columns)s)
            SELECT %(values)s, %(columns)s
              FROM (SELECT * FROM hr_performance_goal WHERE id = %(example)s) former,
                   unnest(%(people)s) AS person(id), generate_series(1, %(goals)s) number
            """,
            names=SQL(", ").join(map(SQL.identifier, own)),
            values=SQL(", ").join(own.values()),
            columns=copied(env, GOAL, [*own, "parent_path", "origin", "code"]),
            example=example.id,
            people=bench.people.ids,
            goals=GOALS,
        )
    )
    example._parent_store_compute()
    cr.execute(
        SQL(
            """
            INSERT INTO hr_performance_measure (goal_id, %(columns)s)
            SELECT goal.id, %(columns)s
              FROM (SELECT * FROM hr_performance_measure WHERE id = %(example)s) former,
                   (SELECT id FROM hr_performance_goal WHERE name LIKE 'Appraised %%') goal
            """,
            columns=copied(env, MEASURE, ["goal_id"]),
            example=example.measure_ids[0].id,
        )
    )
    cr.commit()
    env.invalidate_all()
    bench.tidy(f"VACUUM ANALYZE {GOAL}, {MEASURE}, hr_employee, hr_version, res_users")


def make_form(bench):
    bench.form = form(bench, "Whole form", RATINGS, TEXTS)
    bench.cycle.write(
        {
            "scale_id": bench.env.ref("hr_performance.scale_points").id,
            "template_id": bench.form.id,
            "self_review_deadline": date(YEAR, 12, 1),
            "manager_review_deadline": date(YEAR, 12, 15),
        }
    )
    bench.env.cr.commit()


def form(bench, name, ratings, texts):
    questions = [("rating", number) for number in range(ratings)]
    questions += [("text", number) for number in range(texts)]
    return bench.env["hr.performance.template"].create(
        {
            "name": name,
            "section_ids": [
                Command.create({"name": "Goals", "kind": "goals", "weight": 60}),
                Command.create(
                    {
                        "name": "Conduct",
                        "kind": "questions",
                        "weight": 40,
                        "question_ids": [
                            Command.create({"name": f"{kind} {number}", "kind": kind})
                            for kind, number in questions
                        ],
                    }
                ),
            ],
        }
    )


# -------------------------------------------------------------------- launching


def launch_all(bench):
    """Launch for everybody; create bare records with the same values; insert them."""
    people = len(bench.people)
    turns, memory, queries = [], 0, 0
    for _turn in range(bench.repeat):
        forget(bench)
        turn = {}
        before = bench.env.cr.sql_log_count
        turn["ours"] = bench.time(partial(launch, bench))
        queries = bench.env.cr.sql_log_count - before
        # of the whole process so far: before the values of the peers fill it
        memory = memory or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        check_launch(bench)
        values = {bare: made(bench, table) for table, bare in BARE.items()}
        turn["peer"] = bench.time(partial(create_bare, bench, values))
        bench.tidy(f"TRUNCATE {', '.join(map(bare_table, BARE.values()))}")
        turn["floor"] = bench.time(partial(insert_bare, bench, values))
        turns.append(turn)
        print(turn, f"{memory:.0f} MB, {queries} queries", flush=True)
    # what was measured side by side is compared, and the middle one of these counts
    ratios = {
        name: median(turn["ours"] / turn[name] for turn in turns)
        for name in ("peer", "floor")
    }
    best = {name: min(turn[name] for turn in turns) for name in turns[0]}
    rows = people * (1 + ITEMS + TASKS)
    yield line("Launch: bare INSERTs by hand", rows, best["floor"], floor=1)
    yield line(
        "Launch: create of bare records",
        rows,
        best["peer"],
        peer=1,
        floor=best["peer"] / best["floor"],
    )
    yield line(
        "Launch: appraisals, items, tasks, scores",
        rows,
        best["ours"],
        **ratios,
        queries=queries / people,
        memory=memory,
        limits={"peer": 1.5, "memory": MEMORY},
        hopes={"floor": 10},
    )


def launch(bench):
    """As the form and the scheduler do it, a commit after each batch."""
    env = bench.officer
    work = env["hr.performance.launch"].create({"cycle_id": bench.cycle.id})
    work.action_start()
    while work.batch_state == "running":
        env.cr.commit()
        env.invalidate_all()
        work.sudo()._run_batch_or_explain()
    if work.batch_state != "done":
        raise AssertionError(work.batch_problem)


def forget(bench):
    """Bring the database back to where nobody is appraised."""
    tables = ", ".join([*BARE, *map(bare_table, BARE.values())])
    bench.tidy(f"TRUNCATE {tables} CASCADE")
    bench.tidy(
        "DELETE FROM mail_followers WHERE res_model = 'hr.performance.appraisal'"
    )
    bench.tidy("VACUUM ANALYZE hr_performance_launch, mail_followers")


def check_launch(bench):
    """What is fast and wrong does not count."""
    cr = bench.env.cr
    cr.execute(
        """
        SELECT count(*), count(DISTINCT appraisal.employee_id),
               count(*) FILTER (WHERE appraisal.state = 'open'
                                  AND appraisal.is_collecting
                                  AND appraisal.score IS NOT NULL
                                  AND appraisal.derivation IS NOT NULL
                                  AND appraisal.department_id = version.department_id
                                  AND appraisal.manager_id
                                      IS NOT DISTINCT FROM person.parent_id
                                  AND items.number = %s AND items.with_score = %s
                                  AND requests.number = %s
                                  AND requests.to_do = requests.number)
          FROM hr_performance_appraisal appraisal
          JOIN hr_employee person ON person.id = appraisal.employee_id
          JOIN hr_version version ON version.id = person.current_version_id,
               LATERAL (SELECT count(*) AS number, count(score) AS with_score
                          FROM hr_performance_appraisal_item
                         WHERE appraisal_id = appraisal.id) items,
               LATERAL (SELECT count(*) + (person.parent_id IS NULL)::int AS number,
                               count(*) FILTER (WHERE state IN ('to_do', 'overdue'))
                               + (person.parent_id IS NULL)::int AS to_do
                          FROM hr_performance_request
                         WHERE appraisal_id = appraisal.id) requests
        """,
        (ITEMS, GOALS, TASKS),
    )
    found = cr.fetchone()
    people = len(bench.people)
    if found != (people, people, people):
        raise AssertionError(f"Appraisals, people, right ones: {found} of {people}")


def made(bench, table):
    """All that was made, as values for the bare model."""
    bench.env.cr.execute(SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(table)))
    return [
        {
            f"x_{name}": value
            for name, value in row.items()
            if name not in UNCOUNTED and value is not None
        }
        for row in bench.env.cr.dictfetchall()
    ]


def bare_table(model):
    return model.replace(".", "_")


def create_bare(bench, values):
    """In as many transactions as ours, so that neither has the smaller cache."""
    size = bench.officer["hr.performance.launch"]._batch_size
    people = len(bench.people)
    for start in range(0, people, size):
        for model, vals_list in values.items():
            share = len(vals_list) / people
            some = vals_list[int(start * share) : int((start + size) * share)]
            bench.officer[model].create(some)
        bench.env.cr.commit()
        bench.env.invalidate_all()


def insert_bare(bench, values):
    for model, vals_list in values.items():
        columns = list({name: None for vals in vals_list for name in vals})
        execute_values(
            bench.env.cr._obj,
            f"INSERT INTO {bare_table(model)} ({', '.join(columns)}, create_uid,"
            " write_uid, create_date, write_date) VALUES %s",
            [
                tuple(
                    Json(vals.get(name))
                    if isinstance(vals.get(name), dict)
                    else vals.get(name)
                    for name in columns
                )
                for vals in vals_list
            ],
            template=f"({', '.join(['%s'] * len(columns))}, 1, 1, now(), now())",
            page_size=1000,
        )


# -------------------------------------------------------------------- releasing


def release_all(bench):
    """Release everybody's at once, beside writing the same columns of bare records."""
    people = len(bench.people)
    ours = bench.officer["hr.performance.appraisal"]
    bare = bench.officer["hr.performance.bench.appraisal"]
    values = {"x_state": "released", "x_released_date": date.today()}
    turns = []
    for _turn in range(max(bench.repeat, 3)):
        for table, prefix in (
            ("hr_performance_appraisal", ""),
            ("hr_performance_bench_appraisal", "x_"),
        ):
            bench.tidy(
                f"UPDATE {table} SET {prefix}state = 'assessed',"
                f" {prefix}is_collecting = FALSE, {prefix}released_date = NULL"
            )
            bench.tidy(f"VACUUM ANALYZE {table}")
        appraisals = ours.search([("cycle_id", "=", bench.cycle.id)])
        records = bare.search([])
        if not len(appraisals) == len(records) == people:
            raise AssertionError(f"{len(appraisals)} and {len(records)} to release")
        turn = {
            "peer": bench.time(partial(records.write, values)),
            "ours": bench.time(appraisals.action_release),
        }
        turns.append(turn)
        print(turn, flush=True)
        bench.env.cr.execute(
            "SELECT count(*) FROM hr_performance_appraisal"
            " WHERE state = 'released' AND released_date = %s",
            (date.today(),),
        )
        if bench.env.cr.fetchone()[0] != people:
            raise AssertionError("Not all are released.")
    yield line(
        "Release: write of bare records",
        people,
        min(turn["peer"] for turn in turns),
        peer=1,
    )
    yield line(
        "Release: action_release",
        people,
        min(turn["ours"] for turn in turns),
        peer=median(turn["ours"] / turn["peer"] for turn in turns),
        limits={"peer": 2},
    )


# -------------------------------------------------------------------- opening


def open_forms(bench):
    """One form of two questions and one of two hundred, all answers in."""
    forget(bench)
    env = bench.env
    people = bench.people.filtered("parent_id")
    queries, seconds = {}, {}
    for count, person in ((1, people[0]), (100, people[1])):
        bench.cycle.template_id = form(bench, f"Of {count}", count, count)
        appraisal = env["hr.performance.appraisal"].create(
            {
                "employee_id": person.id,
                "cycle_id": bench.cycle.id,
                "template_id": bench.cycle.template_id.id,
            }
        )
        appraisal.action_open()
        requests = appraisal.request_ids
        level = appraisal.scale_id.level_ids[0]
        for request in requests:
            mine = request.with_user(request.reviewer_id.user_id)
            mine.draft = {
                str(item.id): {"text": "Because"}
                | ({"level_id": level.id} if item.kind == "rating" else {})
                for item in appraisal.item_ids
                if item.kind in ("rating", "text")
            }
            mine.action_submit()
        env.flush_all()
        env.cr.commit()
        own = requests.filtered(lambda one: one.role == "manager")
        for title, record, user in (
            ("appraisal", appraisal, bench.officer.user),
            ("request", own, own.reviewer_id.user_id),
        ):
            record = record.with_user(user)
            specification = form_specification(record)

            def read(record=record, specification=specification):
                record.web_read(specification)

            read()  # what the registry and the planner keep
            env.invalidate_all()
            before = env.cr.sql_log_count
            seconds[title] = bench.time(read)
            queries.setdefault(title, []).append(env.cr.sql_log_count - before)
    print(f"Queries to open: {queries}", flush=True)
    for title, (few, many) in queries.items():
        yield line(
            f"Open one {title} form: 2 and 200 answered questions ({few}, {many})",
            1,
            seconds[title],
            queries=many,
            limits={"queries": few},
        )


def form_specification(record):
    """What the form's own view asks for."""
    arch = record.get_view(view_type="form")["arch"]
    return specification_of(etree.fromstring(arch), record)


def specification_of(node, record):
    specification = {}
    for child in node:
        if child.tag != "field":
            specification |= specification_of(child, record)
            continue
        field = record._fields[child.get("name")]
        specification[field.name] = {}
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.relational:
            lines = child.find("list")
            lines = child.find("kanban") if lines is None else lines
            specification[field.name] = {
                "fields": specification_of(
                    child if lines is None else lines, record.env[field.comodel_name]
                ),
                "limit": 40,
            }
    return specification
