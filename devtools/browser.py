"""Log in to a running Odoo with headless Chromium and photograph a page.

Called by `./dev screenshot`; runs in its virtual environment. It drives Chromium over
the DevTools protocol, which takes one web socket and no driver program.
"""

import argparse
import base64
import contextlib
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websocket

FLAGS = (
    "--headless",
    "--no-sandbox",  # Chromium refuses to sandbox as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)

# The page is at rest: the web client has drawn something and waits for nothing.
SETTLED = """
    document.readyState === "complete"
    && !document.querySelector(".o_blockUI, .o_loading_indicator")
    && (!document.querySelector(".o_web_client")
        || document.querySelector(".o_action_manager")?.childElementCount > 0)
    && [...document.images].every((image) => image.complete || image.loading === "lazy")
"""

# The web client scrolls inside the page; this is what it hides that way.
HIDDEN_HEIGHT = """
    Math.max(0, ...[document.scrollingElement, ...document.querySelectorAll(
        ".o_content, .o_form_view .o_form_sheet_bg, .o_renderer, .o_kanban_renderer, "
        + ".o_list_renderer, .o_form_view_container, .modal-body, .o_form_renderer")
    ].map((element) => element.scrollHeight - element.clientHeight))
"""


class Browser:
    """One Chromium page and the complaints on its console."""

    def __init__(self, executable, folder, width, height):
        log = open(Path(folder) / "chromium.log", "w")  # noqa: SIM115
        command = [executable, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.complaints = []
        self.requests = set()
        self.numbers = itertools.count(1)
        self.socket = websocket.create_connection(
            self.address(Path(folder)), timeout=60
        )
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.resize(width, height)

    def address(self, folder):
        """Wait for Chromium to tell its port; return the socket of its only page."""
        from urllib.request import urlopen

        port_file = folder / "DevToolsActivePort"
        for _attempt in range(300):
            if port_file.exists() and (port := port_file.read_text().split("\n")[0]):
                with (
                    contextlib.suppress(OSError),
                    urlopen(f"http://127.0.0.1:{port}/json") as found,
                ):
                    pages = [p for p in json.load(found) if p["type"] == "page"]
                    if pages:
                        return pages[0]["webSocketDebuggerUrl"]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(
            "Chromium does not start:\n" + (folder / "chromium.log").read_text()[-1500:]
        )

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def send(self, method, **params):
        """Call a method of the protocol for its result; note events on the way."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    sys.exit(f"Chromium: {method}: {message['error']['message']}")
                return message["result"]
            self.note(message)

    def note(self, event):
        params = event.get("params", {})
        match event.get("method"):
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "assert"):
                texts = (
                    str(a.get("value") or a.get("description") or "")
                    for a in params["args"]
                )
                self.complaints.append(" ".join(texts))
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                thrown = details.get("exception", {}).get("description")
                self.complaints.append(thrown or details["text"])
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                entry = params["entry"]
                # Icons of apps that only Enterprise has; the web client asks for them.
                if "/static/description/icon.png" in entry.get("url", ""):
                    return
                self.complaints.append(f"{entry['text']} {entry.get('url', '')}")
            case "Network.requestWillBeSent":
                # The script of the bus goes to a worker, whose end nobody reports.
                url = params["request"]["url"]
                if not url.startswith(("ws", "data:", "blob:")) and "/bus/" not in url:
                    self.requests.add(params["requestId"])
            case "Network.loadingFinished" | "Network.loadingFailed":
                self.requests.discard(params["requestId"])

    def evaluate(self, expression):
        answer = self.send(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            return None
        return answer["result"].get("value")

    def resize(self, width, height):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, url):
        self.requests.clear()
        self.send("Page.navigate", url=url)

    def wait(self, condition, what, patience=60, rest=0.5):
        """Wait until a condition holds and the network has been idle for a while."""
        deadline = time.monotonic() + patience
        quiet_since = None
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if self.evaluate(condition) and not (rest and self.requests):
                quiet_since = quiet_since or time.monotonic()
                if time.monotonic() - quiet_since >= rest:
                    return True
            else:
                quiet_since = None
        self.complaints.append(f"(dev) {what} did not happen within {patience} s")
        return False

    def login(self, base, login, password):
        self.open(f"{base}/web/login")
        self.wait(
            "!!document.querySelector('form.oe_login_form')", "the login page", rest=0
        )
        typed = json.dumps({"login": login, "password": password})
        self.evaluate(
            f"""
            for (const [name, value] of Object.entries({typed})) {{
                document.querySelector(`input[name=${{name}}]`).value = value;
            }}
            document.querySelector("form.oe_login_form").submit();
            """
        )
        if not self.wait(
            "!location.pathname.startsWith('/web/login')", "the login", 20, rest=0
        ):
            sys.exit(f"{login!r} cannot log in with password {password!r}.")

    def photograph(self, path, width, height, tallest=6000):
        """Take the whole page: as tall as what scrolls inside it needs."""
        for _attempt in range(3):
            hidden = self.evaluate(HIDDEN_HEIGHT) or 0
            if hidden <= 1 or height >= tallest:
                break
            height = min(tallest, height + int(hidden))
            self.resize(width, height)
            self.wait(SETTLED, "the page's rest", 20)
        image = self.send("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(image["data"]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("chrome", "base", "login", "password", "path", "output"):
        parser.add_argument(name)
    parser.add_argument("--width", type=int, default=1366)
    parser.add_argument("--height", type=int, default=768)
    parser.add_argument("--wait", metavar="SELECTOR")
    parser.add_argument("--click", metavar="SELECTOR", action="append", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(args.chrome, folder, args.width, args.height)
        try:
            browser.login(args.base, args.login, args.password)
            browser.open("about:blank")  # away from the home page and its complaints
            browser.wait("location.href === 'about:blank'", "the blank page", 10)
            browser.complaints.clear()
            browser.open(args.base + args.path)
            browser.wait(SETTLED, "the page's rest")
            for selector in args.click:
                quoted = json.dumps(selector)
                browser.wait(f"!!document.querySelector({quoted})", selector, 20)
                browser.evaluate(f"document.querySelector({quoted}).click()")
                browser.wait(SETTLED, "the page's rest")
            if args.wait:
                browser.wait(
                    f"!!document.querySelector({json.dumps(args.wait)})", args.wait, 20
                )
            browser.photograph(args.output, args.width, args.height)
        finally:
            browser.close()
    for complaint in browser.complaints:
        print(f"console: {complaint}")
    return 1 if browser.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
