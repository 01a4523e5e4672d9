"""How fast goals reach many people, and how the map opens over many goals.

The peer is Odoo's own: a challenge of ``gamification``, which makes a bare goal (a number
to reach, without measure, owner, tree or rules) for each of its users and lines. Ours are
goals of the library with a measure each, made by an officer under all rules, in batches
that are committed one by one.
"""

import json
import os
from datetime import date
from functools import partial
from statistics import median

from company import PEOPLE, YEAR
from readings import Bench, line, machine

from odoo.tools import SQL

#: library goals for each person
GOALS = 5
#: goals on each level of the map: 50,000 on ten levels
LEVELS = (1, 4, 12, 40, 130, 420, 1300, 4000, 12000, 32093)
GOAL, MEASURE = "hr_performance_goal", "hr_performance_measure"


def measure(env, rows, repeat, report):
    """Run the whole scenario; write the report.

    :param rows: so many goals are on the map (not more than the levels have)
    :param repeat: how often each is done
    :param report: path of the JSON file to write
    """
    heading = machine(env)
    bench = Bench(env, repeat)
    table = [*assign_goals(bench), *open_map(bench)]
    heading |= {
        "title": f"{GOALS} goals each for {PEOPLE:,} people;"
        f" a map of {sum(LEVELS):,} goals on {len(LEVELS)} levels",
        "repeat": repeat,
        "load_after": os.getloadavg()[0],
    }
    with open(report, "w") as stream:
        json.dump({"heading": heading, "rows": table}, stream, indent=1)


# -------------------------------------------------------------------- assignment


def assign_goals(bench):
    """The same goals for 20, 200 and all people; what each costs beside the peer."""
    templates = make_templates(bench)
    challenge = make_challenge(bench)
    queries, seconds = {}, {}
    for size in (PEOPLE // 100, PEOPLE // 10, PEOPLE):
        people = bench.people[:size]
        works = {"ours": partial(assign, bench, templates, people, queries)}
        if size == PEOPLE:
            works = {"peer": challenge.action_start} | works
        turns = []
        for _turn in range(bench.repeat):
            turns.append({})
            for name, work in works.items():
                forget_goals(bench)
                turns[-1][name] = bench.time(work)
                print(f"{size} people, {name}: {turns[-1][name]:.2f} s", flush=True)
        seconds[size] = min(turn["ours"] for turn in turns)
        check_goals(bench, size)
    # the machine may be shared: what was measured side by side is compared, and the middle
    # one of these pairs counts, so that neither luck nor a bad moment does
    ratio = median(turn["ours"] / turn["peer"] for turn in turns)
    peer = min(turn["peer"] for turn in turns)
    yield line("Assign: gamification, bare goals", GOALS * PEOPLE, peer, peer=1)
    former = None
    for size, taken in seconds.items():
        ratios = {"queries": queries[size] / size}
        limits, hopes = {}, {}
        if former:
            limits["queries"] = former
        if size == PEOPLE:
            ratios["peer"] = ratio
            limits["peer"], hopes["peer"] = 1, 0.33
        former = ratios["queries"]
        yield line(
            f"Assign: goals with a measure each to {size:,} people",
            GOALS * size,
            taken,
            limits=limits,
            hopes=hopes,
            **ratios,
        )


def make_templates(bench):
    indicators = bench.indicators
    templates = bench.env["hr.performance.goal.template"].create(
        [
            {
                "name": f"Library goal {n}",
                "weight": 100 / GOALS,
                "measure_ids": [
                    (
                        0,
                        0,
                        {
                            "indicator_id": indicators[n % len(indicators)].id,
                            "target": 100,
                        },
                    )
                ],
            }
            for n in range(GOALS)
        ]
    )
    bench.env.cr.commit()
    return templates


def make_challenge(bench):
    """A challenge of as many lines, whose goals are reported by hand and by nobody yet."""
    env = bench.env
    definitions = env["gamification.goal.definition"].create(
        [{"name": f"Goal {n}", "computation_mode": "manually"} for n in range(GOALS)]
    )
    challenge = env["gamification.challenge"].create(
        {
            "name": "Goals of the year",
            "user_ids": bench.people.user_id.ids,
            "start_date": date(YEAR, 1, 1),
            "end_date": date(YEAR, 12, 31),
            "line_ids": [
                (0, 0, {"definition_id": definition.id, "target_goal": 100})
                for definition in definitions
            ],
        }
    )
    env.cr.commit()
    return challenge


def assign(bench, templates, people, queries):
    """Assign the goals as the form and the scheduler do it, a commit after each batch."""
    env = bench.officer
    before = env.cr.sql_log_count
    assignment = env["hr.performance.assignment"].create(
        {
            "name": "Goals of the year",
            "cycle_id": env["hr.performance.cycle"]
            .search([("period_type", "=", "year")])
            .id,
            "line_ids": [
                (0, 0, {"template_id": template.id}) for template in templates
            ],
            "employee_ids": people.ids,
        }
    )
    assignment.action_start()
    while assignment.batch_state == "running":
        env.cr.commit()
        env.invalidate_all()
        assignment.sudo()._run_batch_or_explain()
    env.flush_all()
    queries[len(people)] = env.cr.sql_log_count - before


def forget_goals(bench):
    bench.tidy(f"DELETE FROM {GOAL} WHERE origin LIKE 'assignment:%'")
    bench.tidy("DELETE FROM gamification_goal")
    bench.tidy("UPDATE gamification_challenge SET state = 'draft'")
    bench.tidy(f"VACUUM ANALYZE {GOAL}, {MEASURE}, gamification_goal")


def check_goals(bench, size):
    """What is fast and wrong does not count."""
    cr = bench.env.cr
    cr.execute(
        f"""
        SELECT count(*), count(DISTINCT goal.employee_id), count(DISTINCT measure.id),
               count(*) FILTER (WHERE goal.responsible_id = goal.employee_id
                                  AND goal.department_id IS NOT NULL
                                  AND goal.health = 'no_value'
                                  AND goal.parent_path = goal.id || '/'
                                  AND measure.target = 100
                                  AND measure.date_end = cycle.date_end)
          FROM {GOAL} goal
          JOIN {MEASURE} measure ON measure.goal_id = goal.id
          JOIN hr_performance_measure_input_rel input ON input.measure_id = measure.id
          JOIN hr_performance_cycle cycle ON cycle.id = goal.cycle_id
         WHERE goal.origin LIKE 'assignment:%%'
        """
    )
    found = cr.fetchone()
    expected = (GOALS * size, size, GOALS * size, GOALS * size)
    if found != expected:
        raise AssertionError(f"Goals, people, measures, right ones: {found}")


# -------------------------------------------------------------------- the map


def open_map(bench):
    """Open a goal of each level in turn; the queries do not depend on which it is."""
    make_tree(bench)
    goals = bench.officer["hr.performance.goal"].search(
        [("name", "=like", "Node %")], order="id"
    )
    firsts, first = [], 0
    for width in LEVELS:
        firsts.append(goals[first])
        first += width
    specification = map_specification(bench)
    queries, seconds = [], []
    for opened in [goals.browse(), *firsts[:-1]]:
        domain = [("id", "=", firsts[0].id)]
        if opened:
            domain = [("parent_id", "=", opened.id)]
        before = 0

        def read(domain=domain):
            bench.officer["hr.performance.goal"].hierarchy_read(
                domain, dict(specification), "parent_id", "child_ids"
            )

        read()  # what the registry and the planner keep
        bench.env.invalidate_all()
        before = bench.env.cr.sql_log_count
        taken = bench.time(read)
        queries.append(bench.env.cr.sql_log_count - before)
        seconds.append(taken)
    print(f"Queries of each level: {queries}", flush=True)
    # the root is read with what is above it, the levels below without
    yield line(
        "Map: one level, the slowest",
        sum(LEVELS),
        max(seconds),
        queries=max(queries[1:]),
        limits={"queries": min(queries[1:])},
    )


def map_specification(bench):
    """What the map's own view asks for."""
    env = bench.officer
    view = env["hr.performance.goal"].get_view(view_type="hierarchy")
    names = view["models"]["hr.performance.goal"]
    fields = env["hr.performance.goal"]._fields
    return {
        name: {"fields": {"display_name": {}}}
        if fields[name].type == "many2one"
        else {}
        for name in (*names, "child_ids")
        if name in fields
    }


def make_tree(bench):
    """50,000 department goals on ten levels, past all of Odoo: only reading is measured."""
    env = bench.env
    template = env["hr.performance.goal"].search(
        [("scope", "=", "department")], limit=1
    )
    columns = [
        name
        for name, field in template._fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "name", "parent_id", "parent_path", "origin", "code")
    ]
    above = []
    for depth, width in enumerate(LEVELS):
        upper = LEVELS[depth - 1] if depth else 0
        env.cr.execute(
            SQL(
                """
                INSERT INTO hr_performance_goal (name, parent_id, %(columns)s)
                SELECT %(name)s || n, (%(above)s::int4[])[n * %(upper)s / %(width)s + 1],
                       %(columns)s
                  FROM hr_performance_goal, generate_series(0, %(width)s - 1) n
                 WHERE id = %(template)s
             RETURNING id
                """,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                name=f"Node {depth}.",
                above=above or [None],
                upper=upper,
                width=width,
                template=template.id,
            )
        )
        above = sorted(row[0] for row in env.cr.fetchall())
    template._parent_store_compute()
    env.cr.commit()
    env.invalidate_all()
    bench.tidy(f"VACUUM ANALYZE {GOAL}")
