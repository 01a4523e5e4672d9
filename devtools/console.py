"""Where things lie, and how `dev` talks, runs commands and takes turns."""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

MODULE = "hr_performance"
SERIES = (19, 0)

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".odoo"
LOGS = WORK / "log"
SCREENS = WORK / "screens"
DATA = WORK / "data"
ADDONS = WORK / "addons"
CONFIG = WORK / "odoo.conf"

# Tells checkouts apart that share a PostgreSQL server or a temporary folder.
KEY = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]

TERMINAL = sys.stdout.isatty()


class DevError(Exception):
    """Something a person can act on; its text says what happened and the way out."""


def say(text=""):
    print(text, flush=True)


@contextlib.contextmanager
def step(title, log=None):
    """Show one long step: name, seconds and, on a terminal, the log's newest line."""
    started = time.monotonic()
    done = threading.Event()

    def elapsed():
        return f"{time.monotonic() - started:.1f} s"

    def tick():
        while not done.wait(0.5):
            width = shutil.get_terminal_size().columns - 1
            line = f"  {title} ... {elapsed()}  {last_line(log)}"
            print("\r\033[K" + line[:width], end="", flush=True)

    if TERMINAL:
        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
    else:
        print(f"  {title} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        say(
            f"\r\033[K  {title} ... stopped after {elapsed()}"
            if TERMINAL
            else "stopped"
        )
        raise
    else:
        done.set()
        if TERMINAL:
            ticker.join()
        say(f"\r\033[K  {title} ... {elapsed()}" if TERMINAL else elapsed())
    finally:
        done.set()


def tail(path, size=4096):
    with contextlib.suppress(OSError), open(path, "rb") as stream:
        stream.seek(max(0, os.path.getsize(path) - size))
        return stream.read().decode(errors="replace").strip().splitlines()
    return []


def last_line(path):
    lines = tail(path) if path else []
    return lines[-1].split("\r")[-1] if lines else ""


def call(title, argv, log, *, hint="", check=True, **how):
    """Run a command as one step, its output to a log file; return its exit status."""
    log = LOGS / f"{log}.log"
    with step(title, log), open(log, "w") as output:
        status = execute(argv, stdout=output, **how)
    if check and status:
        lines = "\n".join("    " + line for line in tail(log)[-6:])
        raise DevError(f"{title} failed (all of it: {log}):\n{lines}\n{hint}".rstrip())
    return status


def execute(argv, *, limit=None, **options):
    """Run a command to its end; never leave it behind when we are the ones who stop."""
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT} | options
    options["preexec_fn"] = die_with_parent
    process = subprocess.Popen([str(arg) for arg in argv], **options)
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        say(f"  no end after {limit // 60} minutes: stopped")
        return 124
    finally:
        end(process)


LIBC = ctypes.CDLL(None)


def die_with_parent():
    """Let the kernel end a child when we are killed: it would disturb the next call."""
    if hasattr(LIBC, "prctl"):
        LIBC.prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def end(process, patience=10):
    """Stop a child process: politely, then for good."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Lock:
    """A lock file. The kernel drops it with the last process that holds its descriptor.

    A child that inherits the descriptor keeps the lock alive: that is how we know that
    a server in the background is still there, without trusting a process id.
    """

    def __init__(self, name):
        self.path = WORK / f"{name}.lock"
        self.file = None

    def take(self, *, shared=False, wait=False):
        """Take the lock and return True, or return False when others hold it."""
        stream = open(self.path, "a+")  # noqa: SIM115
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(stream, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            return False
        self.file = stream
        return True

    def release(self):
        """Close our descriptor; a child that inherited it still holds the lock."""
        if self.file:
            self.file.close()
            self.file = None

    def note(self, text):
        self.file.truncate(0)
        self.file.write(text)
        self.file.flush()

    def noted(self):
        return self.path.read_text().strip() if self.path.exists() else ""


@contextlib.contextmanager
def checkout_lock():
    """Let one `dev` at a time build things in this checkout; the others queue up."""
    for folder in (WORK, LOGS, SCREENS, DATA):
        folder.mkdir(exist_ok=True)
    lock = Lock("dev")
    if not lock.take():
        say(f"Waiting for `./dev {lock.noted()}`, which works in this checkout ...")
        lock.take(wait=True)
    lock.note(" ".join(sys.argv[1:]) + f" (process {os.getpid()})")
    try:
        yield lock
    finally:
        lock.release()
