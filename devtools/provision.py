"""Bring Odoo, a Python environment and the system's programs into `.odoo/`."""

import dataclasses
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .console import ADDONS, LOGS, MODULE, ROOT, SERIES, WORK, DevError, call, say, step

# Debian's Odoo, and what it links to in other packages, to be unpacked beside it. Font
# Awesome comes from Debian 12: the one in sid (7) lacks the files that Odoo asks for.
ODOO_PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-glyphicons-halflings/sid",
    "fonts-inconsolata/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-font-awesome/bookworm",
)
# The names Odoo's own test runner looks for, in its order.
CHROMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def digest(*parts):
    """A short fingerprint of texts and of the contents of files."""
    found = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()[:16]


def provide(name, stamp, build):
    """Make sure `.odoo/<name>` is there, built whole from what `stamp` tells."""
    place, fresh = WORK / name, WORK / f"{name}.new"
    stamp_file = place / ".stamp"
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return place
    remove(fresh)
    fresh.mkdir()
    build(fresh)
    (fresh / ".stamp").write_text(stamp)
    remove(place)
    fresh.rename(place)
    return place


def remove(path):
    """Remove a folder; rename it first, so that no half is ever taken for the whole."""
    if path.exists():
        doomed = path.with_name(path.name + ".old")
        shutil.rmtree(doomed, ignore_errors=True)
        path.rename(doomed)
        shutil.rmtree(doomed)


def provide_system():
    """Install what only the system can give: a browser, a printer for reports."""
    wanted = {}
    if not chrome():
        wanted["chromium"] = "browser tests and screenshots"
    if not shutil.which("wkhtmltopdf"):
        wanted["wkhtmltopdf"] = "printed reports"
    if not wanted:
        return
    as_root = root_command()
    if as_root is None or not shutil.which("apt-get"):
        for package, purpose in wanted.items():
            say(f"  {package} is missing and dev may not install it: no {purpose}.")
        say("  Way out: as root, apt-get install " + " ".join(wanted))
        return
    quiet = "DEBIAN_FRONTEND=noninteractive"
    apt = [*as_root, "env", quiet, "apt-get", "-qy", "-o", "DPkg::Lock::Timeout=300"]
    fonts = ["fonts-liberation"] if "chromium" in wanted else []
    call("Package lists", [*apt, "update"], "apt-update", check=False)
    install = [*apt, "--no-install-recommends", "install", *wanted, *fonts]
    title = f"Installing {', '.join(wanted)}"
    if call(title, install, "apt-install", check=False):
        say(f"  apt-get failed (see {LOGS}/apt-install.log); going on without")
        say(f"  {', '.join(wanted.values())}.")


def root_command():
    """The prefix that makes a command run as root, or None where we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True)
        return ["sudo", "-n"] if asked.returncode == 0 else None
    return None


def chrome():
    """The browser that Odoo's test runner will find, if any."""
    return next(filter(None, map(shutil.which, CHROMES)), None)


def provide_venv(name, *locks):
    """A virtual environment with the versions of the lock files; return its Python."""
    locks = [ROOT / lock for lock in locks]

    def build(folder):
        hint = "Is Python's venv module there? On Debian: apt-get install python3-venv"
        venv = [sys.executable, "-m", "venv", folder]
        call("Python environment", venv, f"{name}-create", hint=hint)
        pip = [folder / "bin/python", "-m", "pip", "install"]
        for lock in locks:
            pip += ["--requirement", lock]
        hint = "Is the network there? Call the same command again: it goes on."
        call(f"Python packages ({name})", pip, f"{name}-install", hint=hint)

    version = "python{}.{}".format(*sys.version_info)
    return provide(name, digest(sys.executable, version, *locks), build) / "bin/python"


@dataclasses.dataclass
class Odoo:
    """An Odoo tree: the folder to import it from, its addons, what tells it apart."""

    path: Path
    addons: Path
    identity: str


def provide_odoo(home):
    """The Odoo of `--odoo` or ODOO_HOME, else Debian's, unpacked into `.odoo/odoo`."""
    if home:
        return odoo_at(Path(home).expanduser().resolve())
    # The package in sid moves on; the recipe is what we can stamp.
    place = provide("odoo", digest(*ODOO_PACKAGES), download_odoo)
    return odoo_at(place / "usr/lib/python3/dist-packages")


def odoo_at(path):
    """Recognise a source checkout, an installed tree or the `odoo` package itself."""
    if path.name == "odoo" and (path / "release.py").exists():
        path = path.parent
    release = path / "odoo/release.py"
    if not release.exists():
        raise DevError(f"{path} holds no Odoo: there is no odoo/release.py in it.")
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    if not found or tuple(map(int, found.groups())) != SERIES:
        raise DevError(f"{path} is not Odoo {SERIES[0]}.{SERIES[1]}.")
    # A source checkout keeps the addons beside the package, an installed tree inside.
    source = (path / "odoo-bin").exists()
    addons = path / "addons" if source else path / "odoo/addons"
    return Odoo(path, addons, digest(str(path), release))


def download_odoo(folder):
    """Fetch Odoo from Debian unstable and unpack it, without installing anything."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise DevError(
            "Odoo can only be fetched on Debian and its kin. Way out: give your own "
            "Odoo 19.0 with --odoo PATH or ODOO_HOME."
        )
    private = WORK / "apt"
    debs = private / "debs"
    for part in (private / "lists/partial", private / "cache/archives/partial", debs):
        part.mkdir(parents=True, exist_ok=True)
    apt = private_apt(private)
    hint = "Is the network there? Or give your own Odoo 19.0 with --odoo PATH."
    call("Debian's package lists", [*apt, "update"], "odoo-lists", hint=hint)
    download = [*apt, "download", *ODOO_PACKAGES]
    call("Downloading Odoo (130 MB)", download, "odoo-download", cwd=debs, hint=hint)
    with step("Unpacking Odoo"):
        for deb in sorted(debs.glob("*.deb")):
            subprocess.run(["dpkg", "-x", deb, folder], check=True)
        packages = folder / "usr/lib/python3/dist-packages"
        # A partial second copy of the addons, which Odoo would add to its search path.
        shutil.rmtree(packages / "addons", ignore_errors=True)
        # Debian leaves this script out, and pages that ask for it log an error. Only
        # the webcam's background blur needs what should be in it.
        library = packages / "odoo/addons/mail/static/lib/selfie_segmentation"
        library.mkdir(parents=True, exist_ok=True)
        (library / "selfie_segmentation.js").touch()
    shutil.rmtree(private)


def private_apt(folder):
    """An apt-get with lists and cache of its own, on the machine's own mirror."""
    keys = Path("/usr/share/keyrings")
    key = next((k for k in keys.glob("debian-archive-keyring.*")), None)
    signed = f"[signed-by={key}] " if key else ""
    source = f"deb {signed}{debian_mirror()} %s main\n"
    (folder / "sources.list").write_text(source % "sid" + source % "bookworm")
    options = {
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        # A mirror that stands still serves as well: the signature is what counts.
        "Acquire::Check-Valid-Until": "false",
        # As root apt would switch to a user who may not write into the checkout.
        "APT::Sandbox::User": "root",
    }
    return ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items())]


def debian_mirror():
    listed = subprocess.run(
        ["apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
    ).stdout.split()
    for uri in listed:
        if re.search(r"/debian/?$", uri):
            return uri
    raise DevError(
        "The machine's apt sources name no Debian mirror to take Odoo from. Way out: "
        "give your own Odoo 19.0 with --odoo PATH or ODOO_HOME."
    )


def link_addon():
    """Show the checkout to Odoo as an addon called `hr_performance`.

    Odoo names a module after its folder, and a checkout may be called anything. A
    folder of links, not one link to the checkout: Odoo follows links when it collects
    terms to translate and would walk through `.odoo` into itself, forever.
    """
    place = ADDONS / MODULE
    place.mkdir(parents=True, exist_ok=True)
    skipped = re.compile(r"\.|dev$|devtools$|benchmarks$")
    wanted = {e.name: e for e in ROOT.iterdir() if not skipped.match(e.name)}
    for entry in place.iterdir():
        if not entry.is_symlink() and entry.is_dir():
            shutil.rmtree(entry)  # some tool's cache
        elif entry.name not in wanted:
            entry.unlink()
    for name, target in wanted.items():
        if not (place / name).is_symlink():
            (place / name).symlink_to(os.path.relpath(target, place))
