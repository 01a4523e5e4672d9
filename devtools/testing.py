"""./dev test: six stages, one sum."""

import collections
import contextlib
import dataclasses
import os
import re
import shutil
import time
import xml.etree.ElementTree
from pathlib import Path

from .console import (
    ADDONS,
    CONFIG,
    LOGS,
    MODULE,
    ROOT,
    SCREENS,
    TERMINAL,
    WORK,
    DevError,
    call,
    checkout_lock,
    execute,
    say,
)
from .provision import chrome, provide_venv
from .toolbox import Tools

#: tests that need the apps which the library measures
APPS_TESTS = "tests/apps"


@dataclasses.dataclass
class Count:
    """How a stage went."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"

    def expect(self, fact, text, details=()):
        """Count one check of our own and tell when it does not hold."""
        if fact:
            self.passed += 1
        else:
            self.failed += 1
        say(f"  {'ok' if fact else 'FAILED'}: {text}")
        for detail in list(details)[:20]:
            say(f"      {detail}")


def test(args):
    """Run all stages or the selected ones; the last line tells the sum."""
    chosen = choose_stages(args.selection, args.keyword)
    total = Count()
    with checkout_lock() as lock:
        total += guarded(test_engine, chosen, args)
        if set(chosen) - {"engine"}:
            box = Tools(args)
            box.lock = lock
            try:
                for stage in STAGES:
                    total += guarded(stage, chosen, args, box)
            finally:
                box.server.release()
    if not total.passed and not total.failed:
        say("No test was run: does the selection name any?")
    say(f"\n{total}")
    return 0 if total.passed and not total.failed else 1


def choose_stages(selection, keyword):
    """Map the selection to stages, each with the files or tests chosen in it."""
    stages = ("engine", *map(stage_name, STAGES))
    chosen = {}
    for word in selection:
        word = word.removeprefix("./")
        path = word.split("::")[0]
        if word in stages:
            chosen.setdefault(word, [])
        elif (ROOT / path).exists():
            chosen.setdefault(stage_of(path), []).append(word)
        else:
            raise DevError(f"{path} is no file and no stage ({', '.join(stages)}).")
    if not chosen:
        return {stage: [] for stage in (stages[:2] if keyword else stages)}
    return chosen


def stage_of(path):
    """The stage that the tests in a file belong to."""
    if is_pure(path):
        return "engine"
    return "library" if path.startswith(APPS_TESTS) else "addon"


def stage_name(stage):
    return stage.__name__.removeprefix("test_")


def is_pure(path):
    """Whether a test needs no Odoo: the engine itself and the tests named after it."""
    return re.match(r"(engine|tests/engine)(/|$)|tests/test_engine", path) is not None


def pure_tests():
    return [ROOT / "tests/engine", *sorted(ROOT.glob("tests/test_engine*.py"))]


def guarded(stage, chosen, args, *rest):
    """Run one stage if chosen; an error in it is one failure, the others go on."""
    name = stage_name(stage)
    if name not in chosen:
        return Count()
    say(f"\n== {name}: {stage.__doc__.splitlines()[0]}")
    try:
        count = stage(chosen[name], args, *rest)
    except DevError as error:
        say(f"  FAILED: {error}")
        count = Count(failed=1)
    say(f"== {name}: {count}")
    return count


def pytest(python, name, arguments, *, root, cwd, env, keyword=None):
    """Run pytest, showing what it prints, and read the counts from its report.

    `root` is where it stops to look for packages: above it lies the checkout, which is
    a package itself, but of another name.
    """
    report = LOGS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [python, "-m", "pytest", "-q", "--disable-warnings"]
    command += ["-p", "no:cacheprovider", f"--junitxml={report}"]
    command += [f"--rootdir={root}", f"--confcutdir={root}"]
    command += ["--color=yes"] if TERMINAL else []
    command += ["-k", keyword] if keyword else []
    shown = {"stdout": None, "stderr": None}
    status = execute([*command, *arguments], cwd=cwd, env=env, limit=3600, **shown)
    count, reasons = read_report(report)
    if status not in (0, 1, 5) or (status == 1 and not count.failed):
        say(f"  pytest itself failed (status {status})")
        count.failed += 1
    return count, reasons


def read_report(report):
    """The counts in a JUnit report and the reasons of what was skipped."""
    if not report.exists():
        return Count(), []
    count = Count()
    reasons = []
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        results = {child.tag: child for child in case}
        if "failure" in results or "error" in results:
            count.failed += 1
        elif "skipped" in results:
            count.skipped += 1
            reasons.append(f"{case.get('name')}: {results['skipped'].get('message')}")
        else:
            count.passed += 1
    return count, reasons


def test_engine(selection, args):
    """the arithmetic, in plain Python without Odoo"""
    python = provide_venv("venv", "requirements.txt", "requirements-test.txt")
    # The addon's own __init__ imports Odoo. In a package with an empty one the engine
    # and its tests can import each other as they do inside Odoo.
    place = WORK / "pure" / MODULE
    shutil.rmtree(place, ignore_errors=True)
    (place / "tests").mkdir(parents=True)
    (place / "__init__.py").touch()
    (place / "tests/__init__.py").touch()
    for source in filter(Path.exists, [ROOT / "engine", *pure_tests()]):
        (place / source.relative_to(ROOT)).symlink_to(source)
    arguments = [f"{MODULE}/{word}" for word in selection] or [MODULE]
    options = ["-p", "no:odoo", "--doctest-modules"]
    how = {
        "keyword": args.keyword,
        "root": place.parent,
        "cwd": place.parent,
        "env": os.environ | {"PYTHONPYCACHEPREFIX": str(WORK / "pycache")},
    }
    count, _reasons = pytest(python, "test-engine", [*options, *arguments], **how)
    return count


def test_addon(selection, args, box):
    """the addon's own tests, on a fresh installation without demo data"""
    paths = [f"{MODULE}/{word}" for word in selection] or [f"{MODULE}/tests"]
    if not selection:
        ignored = [path.relative_to(ROOT) for path in pure_tests()]
        paths += [f"--ignore={MODULE}/{path}" for path in (*ignored, APPS_TESTS)]
    with box.scratch(box.addon_database(demo=False), "test") as database:
        return odoo_pytest(box, "test-addon", database, paths, args.keyword)


def test_library(selection, args, box):
    """the library's queries, beside the apps whose records they measure"""
    paths = [f"{MODULE}/{word}" for word in selection or [APPS_TESTS]]
    with box.scratch(box.apps_database(library_apps(box)), "library") as database:
        box.install(database, [MODULE], demo=False, log="library-install")
        return odoo_pytest(box, "test-library", database, paths, args.keyword)


def library_apps(box):
    """The apps named in the library, as far as they are part of Odoo Community."""
    fields = (
        field
        for path in (ROOT / "data/library").glob("*.xml")
        for field in xml.etree.ElementTree.parse(path).iter("field")
    )
    named = {field.text for field in fields if field.get("name") == "query_app"}
    return sorted(app for app in named if (box.odoo.addons / app).is_dir())


def odoo_pytest(box, name, database, paths, keyword=None, root=ADDONS):
    """Run tests inside Odoo with pytest, on a database."""
    options = [
        f"--odoo-config={CONFIG}",
        f"--odoo-database={database}",
        "--odoo-http",
        "--odoo-log-level=warn",
    ]
    started = time.time()
    how = {"keyword": keyword, "root": root, "cwd": ADDONS, "env": box.environment}
    count, reasons = pytest(box.python, name, [*options, *paths], **how)
    judge_skipped(count, reasons)
    show_screens(started)
    return count


def judge_skipped(count, reasons):
    """Odoo skips a browser test that finds no browser; where one is, it failed."""
    about_browser = re.compile(r"chrome|websocket|HttpCase", re.I)
    browserless = [reason for reason in reasons if about_browser.search(reason)]
    if browserless and chrome():
        count.skipped -= len(browserless)
        count.failed += len(browserless)
        say("  FAILED: the browser is installed, but these tests could not use it:")
    elif browserless:
        say("  Skipped, because Chromium is not installed:")
    for reason in browserless:
        say(f"      {reason}")


def show_screens(since):
    for picture in sorted(SCREENS.rglob("*.png")):
        if picture.stat().st_mtime >= since:
            say(f"  Screen at the moment of failure: {picture.relative_to(ROOT)}")


def test_core(_selection, _args, box):
    """core's own tests of hr, with the addon installed"""
    with box.scratch(box.addon_database(demo=False), "core") as database:
        count, failed = odoo_tests(box, "test-core", database, "/hr")
        if failed and count.failed <= 5:
            # Core's tours give a step ten seconds, which a busy machine overruns; what
            # is really broken fails again.
            say(f"  A second try for {', '.join(sorted(failed))}")
            again, failed = odoo_tests(
                box,
                "test-core-again",
                database,
                ",".join(f"/hr:{name}" for name in failed),
            )
            count = Count(count.passed + again.passed, again.failed, count.skipped)
    return count


def odoo_tests(box, log, database, tags):
    """Run tests with Odoo's own runner; return the counts and the names that failed."""
    options = ["-u", "hr", "--test-tags", tags, "--log-level", "info"]
    box.batch("Core's tests", log, database, *options, check=False, limit=3600)
    path = LOGS / f"{log}.log"
    # The runner tells its counts and the names only in the log.
    text = path.read_text(errors="replace")
    closing = r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading"
    sums = re.findall(closing, text)
    if not sums:
        raise DevError(f"Odoo's test runner came to no end, see {path}")
    failures, errors, tests = map(int, sums[-1])
    skipped = re.findall(r" odoo\.\S+: skipped (.*)", text)
    bad = failures + errors
    count = Count(tests - bad - len(skipped), bad, len(skipped))
    judge_skipped(count, skipped)
    if count.failed:
        for line in re.findall(r"^.* ERROR .*$", text, re.M)[:30]:
            say(f"      {line}")
        say(f"  All of it: {path}")
    names = set(re.findall(r" ERROR \S+ \S+ (?:FAIL|ERROR): (\w+\.\w+)", text))
    return count, names


def test_clicks(_selection, _args, box):
    """core's robot clicks every menu, view and filter, as admin and as demo"""
    robot = box.odoo.addons / "web/tests/test_click_everywhere.py"
    with box.scratch(box.addon_database(demo=True), "clicks") as database:
        paths = [f"{robot}::TestMenusAdmin", f"{robot}::TestMenusDemo"]
        return odoo_pytest(box, "test-clicks", database, paths, root=box.odoo.addons)


def test_lifecycle(_selection, _args, box):
    """install beside core's HR alone, update, uninstall: no complaint, nothing left"""
    count = Count()
    # What Odoo complains about when it installs our dependencies is not ours to mend.
    base = box.base_database(demo=True)
    before = inventory(box, base)
    known = complaints("install-hr-demo") | complaints("install-base-demo")
    with box.scratch(box.hr_database(demo=True), "lifecycle") as database:
        box.install(database, [MODULE], demo=True, log="lifecycle-install")
        box.batch("Updating", "lifecycle-update", database, "-u", MODULE, "--with-demo")
        box.check_state(database, [MODULE], "installed", "lifecycle-update")
        uninstall = box.command("module", "uninstall", "-d", database, MODULE)
        how = {"env": box.environment, "cwd": WORK}
        call("Uninstalling", uninstall, "lifecycle-uninstall", **how)
        box.check_state(database, [MODULE], "uninstalled", "lifecycle-uninstall")
        left = inventory(box, database) - before
    for action in ("install", "update", "uninstall"):
        found = sorted(complaints(f"lifecycle-{action}") - known)
        count.expect(not found, f"{action} logs no warning and no error", found)
    for kind in INVENTORY:
        found = sorted(name for of, name in left if of == kind)
        count.expect(not found, f"uninstall leaves no {kind}", found)
    return count


#: all but the engine's, in the order in which they are run
STAGES = (test_addon, test_library, test_core, test_clicks, test_lifecycle)


def complaints(log):
    """The warnings and errors in an Odoo log, without what differs from run to run."""
    text = ""
    with contextlib.suppress(FileNotFoundError):
        text = (LOGS / f"{log}.log").read_text(errors="replace")
    complaint = r"^[\d-]+ [\d:,]+ \d+ ((?:WARNING|ERROR|CRITICAL) \S+ .*)$"
    lines = re.findall(complaint, text, re.M)
    return {re.sub(r"hrp_\w+", "DB", line) for line in lines}


# Everything an addon can leave behind in a database, each as a query for names.
INVENTORY = {
    "table": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S') "
    "AND relnamespace = 'public'::regnamespace",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "constraint": "SELECT conname FROM pg_constraint",
    "index": "SELECT indexname FROM pg_indexes",
    "external id": "SELECT module || '.' || name FROM ir_model_data",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "view": "SELECT type || ' ' || name FROM ir_ui_view",
    "menu": "SELECT (name->>'en_US') FROM ir_ui_menu",
    "action": "SELECT type || ' ' || (name->>'en_US') FROM ir_actions",
    "group": "SELECT (name->>'en_US') FROM res_groups",
    "access right": "SELECT name FROM ir_model_access",
    "record rule": "SELECT name FROM ir_rule",
    "scheduled job": "SELECT cron_name FROM ir_cron",
    "setting": "SELECT key FROM ir_config_parameter",
    "mail template": "SELECT (name->>'en_US') FROM mail_template",
    "activity type": "SELECT (name->>'en_US') FROM mail_activity_type",
    "sequence": "SELECT name FROM ir_sequence",
}


def inventory(box, database):
    """How often each (kind, name) occurs in a database."""
    found = collections.Counter()
    for kind, query in INVENTORY.items():
        found.update((kind, *row) for row in box.server.query(query, database))
    return found
