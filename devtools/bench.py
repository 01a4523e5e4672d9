"""./dev bench: the promises on speed, measured and judged."""

import json
import tempfile
import time

from .console import MODULE, ROOT, WORK, call, say
from .provision import digest
from .toolbox import addon_fingerprint, tools

BENCHMARKS = ROOT / "benchmarks"
REPORTS = WORK / "bench"


def bench(args):
    """Measure a scenario and judge it; the status is 1 when a promise is broken."""
    with tools(args) as box:
        box.write_config(BENCHMARKS / "addons")
        try:
            template = bench_database(box)
            with box.scratch(template, "bench_run") as database:
                report = measure(box, database, args)
        finally:
            box.write_config()
    show(report)
    return 0 if all(row["kept"] for row in report["rows"]) else 1


def bench_database(box):
    """The company of the benchmarks, with the addon as it stands in the checkout.

    Its people take the longest and depend on Odoo alone, so they are kept apart.
    """
    company = BENCHMARKS / "company.py"
    modules = sorted(path.name for path in (BENCHMARKS / "addons").iterdir())
    base = box.base_database(demo=False)
    people = box.cached(
        "bench_people",
        False,
        digest("people", box.stamp(base), company),
        ["gamification"],
        template=base,
        fill=lambda new: in_odoo(box, "Making people", new, "company.make_people"),
    )
    code = sorted((BENCHMARKS / "addons").rglob("*.[pc][ys]*"))
    return box.cached(
        "bench",
        False,
        digest("bench", box.stamp(people), addon_fingerprint(), *code),
        [MODULE, *modules],
        template=people,
        fill=lambda new: in_odoo(box, "Making goals", new, "company.make_goals"),
    )


def in_odoo(box, title, database, function, **arguments):
    """Call a function of `benchmarks/` inside Odoo, with an environment."""
    module, name = function.split(".")
    environment = box.environment | {"PYTHONPATH": f"{box.odoo.path}:{BENCHMARKS}"}
    with tempfile.TemporaryFile("w+") as script:
        script.write(f"import {module}\n{module}.{name}(env, **{arguments!r})\n")
        script.seek(0)
        command = box.command("shell", "-d", database, "--no-http")
        log = f"bench-{name.replace('_', '-')}"
        call(title, command, log, stdin=script, env=environment, cwd=WORK)


def measure(box, database, args):
    """Run the scenario on a database of its own; return what it reports."""
    REPORTS.mkdir(exist_ok=True)
    report = REPORTS / f"{args.scenario}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    title = f"Measuring {args.scenario}"
    in_odoo(
        box,
        title,
        database,
        f"{args.scenario}.measure",
        rows=args.rows // (10 if args.quick else 1),
        repeat=1 if args.quick else args.repeat,
        report=str(report),
    )
    say(f"  {report.relative_to(ROOT)}\n")
    return json.loads(report.read_text())


def show(report):
    """Print the table: a time, its ratios to floor and peer, the promises and hopes."""
    heading = report["heading"]
    say("{title}. Best of {repeat}, in seconds.".format(**heading))
    settings = ", ".join(f"{key} {value}" for key, value in heading["settings"].items())
    say(
        "{machine}; load {load_before:.1f} before, {load_after:.1f} after.".format(
            **heading
        )
    )
    say(f"{settings}\n")
    names = {
        "floor": "× floor",
        "peer": "× peer",
        "growth": "growth",
        "queries": "queries",
        "memory": "MB",
    }
    titles = ["what", "rows", "s", "rows/s", *names.values(), "promised", "hoped for"]
    table = [titles]
    for row in report["rows"]:
        table.append(
            [
                row["name"],
                f"{row['rows']:,}",
                f"{row['seconds']:.2f}",
                f"{row['rows'] / row['seconds']:,.0f}",
                *(
                    f"{row['ratios'][name]:.2f}" if name in row["ratios"] else ""
                    for name in names
                ),
                *(
                    ", ".join(
                        f"{names[of]} ≤ {limit:g} "
                        + ("ok" if row["ratios"][of] <= limit else bad)
                        for of, limit in row[kind].items()
                    )
                    for kind, bad in (("limits", "BROKEN"), ("hopes", "not yet"))
                ),
            ]
        )
    texts = (0, len(titles) - 2, len(titles) - 1)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        # texts to the left, numbers to the right
        say(
            "  ".join(
                f"{cell:<{width}}" if place in texts else f"{cell:>{width}}"
                for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
        )
    broken = [row["name"] for row in report["rows"] if not row["kept"]]
    say(f"\nBroken: {'; '.join(broken)}" if broken else "\nEvery promise is kept.")
