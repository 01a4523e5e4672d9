"""Odoo, Python and PostgreSQL together: databases and what Odoo does with them."""

import ast
import contextlib
import os
import shutil
import socket
from pathlib import Path

from .console import (
    ADDONS,
    CONFIG,
    DATA,
    KEY,
    LOGS,
    MODULE,
    ROOT,
    SCREENS,
    WORK,
    DevError,
    call,
    checkout_lock,
    step,
)
from .postgres import EmbeddedServer, Server, postgres_binaries
from .provision import (
    digest,
    link_addon,
    provide_odoo,
    provide_system,
    provide_venv,
)


class Tools:
    """Everything provisioned, and the few things one does with it."""

    def __init__(self, args):
        self.odoo = provide_odoo(args.odoo)
        self.python = provide_venv("venv", "requirements.txt", "requirements-test.txt")
        provide_system()
        link_addon()
        binaries = postgres_binaries(WORK / "venv")
        if args.database_url:
            self.server = Server(binaries, args.database_url)
        else:
            self.server = EmbeddedServer(binaries)
        self.server.start()
        self.write_config()

    def write_config(self, *more_addons):
        folders = [self.odoo.addons, ADDONS, *more_addons]
        settings = self.server.settings() | {
            "addons_path": ",".join(map(str, folders)),
            "data_dir": DATA,
            "screenshots": SCREENS,
            "http_interface": "127.0.0.1",
            "list_db": False,
            "max_cron_threads": 1,
            "limit_time_real": 1200,
            "limit_time_cpu": 1200,
        }
        fresh = CONFIG.with_suffix(".new")
        fresh.touch(mode=0o600)
        lines = [f"{key} = {value}" for key, value in settings.items()]
        fresh.write_text("[options]\n" + "\n".join(lines) + "\n")
        fresh.rename(CONFIG)

    @property
    def environment(self):
        return os.environ | {
            "PYTHONPATH": str(self.odoo.path),
            # Byte code beside the sources would litter the checkout.
            "PYTHONPYCACHEPREFIX": str(WORK / "pycache"),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONUNBUFFERED": "1",
        }

    def command(self, *arguments):
        """An Odoo command line, with our configuration."""
        return [self.python, "-m", "odoo", *arguments, "-c", CONFIG]

    def batch(self, title, log, database, *options, **how):
        """Start Odoo to change a database or test it, and to stop when that is done."""
        port = free_port()
        options = ["-d", database, "--stop-after-init", "--http-port", port, *options]
        command = self.command("server", *options)
        return call(title, command, log, env=self.environment, cwd=WORK, **how)

    # -- databases ---------------------------------------------------------------------

    def name(self, purpose, demo=False):
        return f"hrp_{KEY}_{purpose}" + ("_demo" if demo else "")

    def names(self):
        """All databases of this checkout."""
        rows = self.server.query("SELECT datname FROM pg_database")
        return [name for (name,) in rows if name.startswith(f"hrp_{KEY}_")]

    def stamp(self, database):
        rows = self.server.query(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{database}'"
        )
        return rows[0][0] if rows else None

    def set_stamp(self, database, stamp):
        self.server.query(f"COMMENT ON DATABASE {database} IS '{stamp}'")

    def drop(self, database):
        self.server.query(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        shutil.rmtree(filestore(database), ignore_errors=True)

    def copy(self, template, database):
        """Copy a database with its files, which never change in place: links do."""
        self.drop(database)
        self.server.query(f"CREATE DATABASE {database} TEMPLATE {template}")
        if filestore(template).exists():
            shutil.copytree(
                filestore(template), filestore(database), copy_function=os.link
            )

    def create(self, database):
        # Odoo would ask for extensions that the embedded server hasn't got.
        self.drop(database)
        self.server.query(
            f"CREATE DATABASE {database} TEMPLATE template0 "
            "ENCODING 'UTF8' LC_COLLATE 'C'"
        )

    def keep(self, fresh, database, stamp):
        """Give a finished database its final name: its files first, itself last."""
        self.set_stamp(fresh, stamp)
        self.drop(database)
        if filestore(fresh).exists():
            filestore(fresh).rename(filestore(database))
        self.server.query(f"ALTER DATABASE {fresh} RENAME TO {database}")

    def cached(self, purpose, demo, stamp, modules, template=None, fill=None):
        """A database with these modules, built only when the stamp has changed.

        `fill` is called with the name of the new database, to put data into it.
        """
        database = self.name(purpose, demo)
        if self.stamp(database) != stamp:
            fresh = f"{database}_new"
            if template:
                self.copy(template, fresh)
            else:
                self.create(fresh)
            self.install(fresh, modules, demo, log=f"install-{purpose}{'-demo' * demo}")
            if fill:
                fill(fresh)
            self.keep(fresh, database, stamp)
        return database

    def install(self, database, modules, demo, log):
        title = f"Installing {', '.join(modules)}{' with demo data' * demo}"
        demo_option = ["--with-demo"] if demo else []
        self.batch(title, log, database, "-i", ",".join(modules), *demo_option)
        self.check_state(database, modules, "installed", log)

    def check_state(self, database, modules, state, log):
        """Odoo's exit status says nothing of modules it has left half way."""
        rows = dict(
            self.server.query("SELECT name, state FROM ir_module_module", database)
        )
        for module in modules:
            found = rows.get(module, "unknown")
            if found != state:
                raise DevError(
                    f"{module} is {found}, not {state}: see {LOGS}/{log}.log"
                )

    def hr_database(self, demo):
        """A database with core's HR alone."""
        return self.cached("hr", demo, digest("hr", self.odoo.identity, demo), ["hr"])

    def base_database(self, demo):
        """HR and the rest the addon depends on: rebuilt only when the manifest asks."""
        depends = sorted(manifest()["depends"])
        stamp = digest("base", self.odoo.identity, demo, depends)
        return self.cached(
            "base", demo, stamp, depends, template=self.hr_database(demo)
        )

    def apps_database(self, apps):
        """What the addon depends on, and these apps beside it."""
        stamp = digest("apps", self.odoo.identity, apps, sorted(manifest()["depends"]))
        return self.cached(
            "apps", False, stamp, apps, template=self.base_database(False)
        )

    def addon_database(self, demo):
        """A fresh installation of the addon as it stands in the checkout."""
        stamp = digest("addon", self.odoo.identity, demo, addon_fingerprint())
        return self.cached(
            "addon", demo, stamp, [MODULE], template=self.base_database(demo)
        )

    @contextlib.contextmanager
    def scratch(self, template, purpose):
        """A copy of a database to play with, dropped afterwards."""
        database = self.name(purpose)
        with step("Copying the database"):
            self.copy(template, database)
        try:
            yield database
        finally:
            self.drop(database)


def filestore(database):
    return DATA / "filestore" / database


def manifest():
    return ast.literal_eval((ROOT / "__manifest__.py").read_text())


def addon_fingerprint():
    """Changes with every file that installing or updating the addon could look at.

    Tests, documents and what the browser loads (found anew at each start) do not count.
    """
    skipped = {"tests", "docs", "devtools", "benchmarks", "newsfragments", "readme"}
    skipped |= {"static/src", "static/tests", "static/lib"}
    kinds = {".py", ".xml", ".csv", ".po", ".png", ".svg", ".html", ".json", ".txt"}
    parts = []
    for path in addon_files(skipped):
        # At the root only code counts, not the lock files of tools.
        if path.suffix in kinds and (path.parent != ROOT or path.suffix == ".py"):
            parts += [path.relative_to(ROOT).as_posix(), path]
    return digest(*parts)


def addon_files(skipped=()):
    """All files of the checkout, without hidden folders and the skipped ones."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder)
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "__pycache__"))
            and (here / name).relative_to(ROOT).as_posix() not in skipped
        ]
        found += [here / file for file in files]
    return sorted(found)


def free_port(wanted=0):
    """A port nobody listens on: the wanted one, else whichever the kernel gives."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", wanted))
        return probe.getsockname()[1]


@contextlib.contextmanager
def tools(args):
    """The checkout's lock and the tool box; PostgreSQL goes when the last user goes."""
    with checkout_lock() as lock:
        box = Tools(args)
        box.lock = lock
        try:
            yield box
        finally:
            box.server.release()
