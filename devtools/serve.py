"""./dev run, stop, shell, clean, screenshot and pdf: the addon as a person sees it."""

import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .console import (
    LOGS,
    MODULE,
    ROOT,
    WORK,
    DevError,
    Lock,
    checkout_lock,
    end,
    execute,
    say,
    step,
    tail,
)
from .postgres import EmbeddedServer, postgres_binaries, short_folder
from .provision import chrome
from .toolbox import addon_fingerprint, free_port, manifest, tools


def run(args):
    """Serve the addon on a database with demo data, up to date with the checkout."""
    with tools(args) as box:
        stop_server()
        demo = not args.without_demo
        database = run_database(box, demo, args.fresh)
        port = choose_port(args.port)
        set_address(box, database, port)
        process = start_server(box, database, port)
        try:
            wait_for_login(process, port)
            show_logins(port, demo)
            if args.detach:
                return 0
            box.lock.release()
            with contextlib.suppress(KeyboardInterrupt):
                follow(process)
        finally:
            if not args.detach or sys.exc_info()[0]:
                stop_process(process)
    return 0


def run_database(box, demo, fresh):
    """The database to serve: a fresh installation once, updated from then on."""
    database = box.name("run", demo)
    wanted = f"{box.odoo.identity} {addon_fingerprint()}"
    stamp = None if fresh else box.stamp(database)
    if stamp is None:
        template = box.addon_database(demo)
        with step("Copying the database"):
            box.copy(template, f"{database}_new")
            box.keep(f"{database}_new", database, wanted)
    elif stamp != wanted:
        module = MODULE if stamp.split()[0] == box.odoo.identity else "base"
        demo_option = ["--with-demo"] if demo else []
        box.batch(f"Updating {module}", "update", database, "-u", module, *demo_option)
        box.check_state(database, [MODULE], "installed", "update")
        box.set_stamp(database, wanted)
    return database


def choose_port(wanted):
    """The port asked for, else that of last time, else the first free one from 8069."""
    memory = WORK / "port"
    candidates = [wanted] if wanted else [*remembered_port(memory), *range(8069, 8169)]
    for candidate in candidates:
        with contextlib.suppress(OSError):
            memory.write_text(str(free_port(candidate)))
            return candidate
    raise DevError(f"Port {candidates[0]} is taken. Way out: ./dev run --port N")


def remembered_port(memory):
    with contextlib.suppress(OSError, ValueError):
        return [int(memory.read_text())]
    return []


def set_address(box, database, port):
    """Tell Odoo its address: the PDF printer fetches styles from there."""
    box.server.query(
        f"UPDATE ir_config_parameter SET value = 'http://localhost:{int(port)}'"
        " WHERE key = 'web.base.url'",
        database,
    )


def server_log():
    return LOGS / "server.log"


def start_server(box, database, port):
    """Start Odoo. It inherits two locks, which tell everybody that it is alive."""
    lock = Lock("server")
    if not lock.take():
        raise DevError(
            "The server of this checkout is still running. Way out: ./dev stop"
        )
    options = ["-d", database, "--http-port", port, "--db-filter", f"^{database}$"]
    command = box.command("server", *options)
    inherited = [lock.file.fileno()]
    if isinstance(box.server, EmbeddedServer):
        inherited.append(box.server.users.file.fileno())
    with open(server_log(), "w") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=box.environment,
            cwd=WORK,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C is for us; we stop the server in order
        )
    lock.note(f"{process.pid} {port} {database}")
    lock.release()
    return process


def wait_for_login(process, port, patience=180):
    url = f"http://127.0.0.1:{port}/web/login"
    with step("Starting Odoo", server_log()):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(url, timeout=60) as page,
            ):
                if page.status == 200:
                    return
            time.sleep(0.2)
    lines = "\n".join("    " + line for line in tail(server_log())[-6:])
    raise DevError(f"Odoo does not answer (all of it: {server_log()}):\n{lines}")


def logins(demo=True):
    """The table of logins: the administrator, and the people of the demo story."""
    rows = [
        {"login": "admin", "password": "admin", "name": "", "role": "Administrator"}
    ]
    table = ROOT / "demo/logins.csv"
    if demo and table.exists():
        with open(table, newline="", encoding="utf-8") as stream:
            rows += csv.DictReader(stream)
    return rows


def show_logins(port, demo):
    say(f"\n{manifest().get('name', MODULE)} is served at  http://localhost:{port}\n")
    rows = [("login", "password", "who")]
    for row in logins(demo):
        who = ", ".join(filter(None, (row.get("name"), row.get("role"))))
        rows.append((row["login"], row["password"], who))
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for login, password, who in rows:
        say(f"  {login:<{widths[0]}}  {password:<{widths[1]}}  {who}")
    say()


def follow(process):
    """Show the server's log until it ends or we are asked to stop."""
    say("Ctrl-C stops the server. Its log:\n")
    with open(server_log(), errors="replace") as log:
        log.seek(0, os.SEEK_END)
        while process.poll() is None:
            sys.stdout.write(log.read())
            sys.stdout.flush()
            time.sleep(0.3)
        sys.stdout.write(log.read())
    raise DevError(
        f"The server has ended (status {process.returncode}), see {server_log()}"
    )


def stop_process(process):
    if process.poll() is None:
        with step("Stopping Odoo"):
            end(process)


def running_server():
    """(pid, port, database) of this checkout's server, None if its lock is free."""
    lock = Lock("server")
    if lock.take():
        lock.release()
        return None
    pid, port, database = lock.noted().split()
    return int(pid), int(port), database


def stop_server():
    found = running_server()
    if not found:
        return False
    with step("Stopping Odoo"):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(found[0], sign)
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                if not running_server():
                    return True
                time.sleep(0.1)
    raise DevError(f"Process {found[0]} does not end. Way out: kill -9 {found[0]}")


def stop(args):
    """Stop the server and the PostgreSQL of this checkout."""
    with checkout_lock():
        stopped = stop_server()
        binaries = postgres_binaries(WORK / "venv")
        if binaries and (WORK / "pg").exists():
            server = EmbeddedServer(binaries)
            if server.control("status") == 0:
                with step("Stopping PostgreSQL"):
                    server.stop()
                stopped = True
        say("Stopped." if stopped else "Nothing of this checkout was running.")
    return 0


def shell(args):
    """Python with `env` on the database that ./dev run serves."""
    with tools(args) as box:
        database = run_database(box, not args.without_demo, fresh=False)
        box.lock.release()
        command = box.command("shell", "-d", database, "--no-http", *args.rest)
        return execute(command, stdin=None, stderr=None, env=box.environment, cwd=WORK)


def clean(args):
    """Drop this checkout's databases; with --all remove everything dev has made."""
    stop(args)
    if args.all:
        if args.database_url:
            say("  Databases on your own server stay: drop them without --all.")
        with checkout_lock():
            shutil.rmtree(short_folder(), ignore_errors=True)
            shutil.rmtree(WORK)
    elif args.database_url or (WORK / "pg").exists():
        with tools(args) as box:
            for database in box.names():
                say(f"  dropping {database}")
                box.drop(database)
    return 0


def password_of(args):
    """The password given, else that in the table of logins, else the login itself."""
    table = {row["login"]: row["password"] for row in logins()}
    return args.password or table.get(args.login, args.login)


def screenshot(args):
    """Photograph a page of the running server as one of its users."""
    found = running_server()
    if not found:
        raise DevError("No server runs in this checkout. Way out: ./dev run --detach")
    if not chrome():
        raise DevError(
            "Screenshots need Chromium. Way out: as root, apt-get install chromium"
        )
    output = Path(args.output).resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    command = [WORK / "venv/bin/python", ROOT / "devtools/browser.py", chrome()]
    command += [f"http://127.0.0.1:{found[1]}", args.login, password_of(args)]
    command += [args.path, output, "--width", args.width, "--height", args.height]
    command += ["--wait", args.wait] if args.wait else []
    for selector in args.click:
        command += ["--click", selector]
    env = os.environ | {"PYTHONPYCACHEPREFIX": str(WORK / "pycache")}
    status = execute(command, stdout=None, stderr=None, env=env)
    if output.exists():
        say(f"{output}{' - with complaints on the console' * bool(status)}")
    return status


def pdf(args):
    """Print a report of the running server into a PDF file."""
    found = running_server()
    if not found:
        raise DevError("No server runs in this checkout. Way out: ./dev run --detach")
    base = f"http://127.0.0.1:{found[1]}"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    params = {"db": found[2], "login": args.login, "password": password_of(args)}
    body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
    request = urllib.request.Request(
        f"{base}/web/session/authenticate", body, {"Content-Type": "application/json"}
    )
    answer = json.load(opener.open(request))
    if "error" in answer:
        raise DevError(
            f"{args.login} cannot log in: {answer['error']['data']['message']}"
        )
    try:
        with opener.open(f"{base}/report/pdf/{args.report}/{args.ids}") as page:
            Path(args.output).write_bytes(page.read())
    except urllib.error.HTTPError as error:
        raise DevError(f"The report fails ({error}), see {server_log()}") from error
    say(args.output)
    return 0
