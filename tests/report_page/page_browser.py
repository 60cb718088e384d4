"""A headless Chromium, driven by the W3C WebDriver protocol over plain HTTP: nothing to install but the browser."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
SECONDS = 60
ENTER, ESCAPE, TAB, UP, DOWN, LEFT, RIGHT = "\ue007", "\ue00c", "\ue004", "\ue013", "\ue015", "\ue012", "\ue014"


def missing() -> str:
    """Which program is not here, "" if both are."""
    return next((name for name in ("chromium", "chromedriver") if shutil.which(name) is None), "")


class Browser:
    """One browser with one page; `close` ends both processes."""

    def __init__(self) -> None:
        self._profile = tempfile.mkdtemp(prefix="pgready-chromium-")
        log = Path(self._profile, "driver.log")
        with log.open("wb") as out:
            self._driver = subprocess.Popen(
                ["chromedriver", "--port=0"], stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._session = ""
        try:
            self._base = f"http://127.0.0.1:{self._port(log)}"
            options = {"binary": shutil.which("chromium"), "args": [*FLAGS, f"--user-data-dir={self._profile}/data"]}
            asked = {"goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}
            found = self._call("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
            self._session = f"/session/{found['sessionId']}"
        except BaseException:
            self.close()
            raise

    def _port(self, log: Path) -> int:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self._driver.poll() is None:
            words = log.read_text(errors="replace")
            if "started successfully on port " in words:
                return int(words.partition("started successfully on port ")[2].split()[0].rstrip("."))
            time.sleep(0.02)
        raise AssertionError(log.read_text(errors="replace"))

    def _call(self, method: str, path: str, data=None):
        body = None if data is None else json.dumps(data).encode()
        asked = urllib.request.Request(self._base + path, body, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            with e:
                raise AssertionError(json.load(e)["value"]["message"]) from None

    def close(self) -> None:
        """End the browser and its driver."""
        with contextlib.suppress(Exception):
            if self._session:
                self._call("DELETE", self._session)
        self._driver.terminate()
        try:
            self._driver.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._driver.pid, 9)
            self._driver.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def devtools(self, command: str, **parameters):
        """A command of Chromium's own protocol."""
        return self._call("POST", f"{self._session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, file: Path, width: int = 1400, height: int = 900, colours: str = "light", *, phone: bool = False):
        """A file, on a screen of this size, with the system's colours."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self.devtools(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": colours}], media=""
        )
        self._call("POST", f"{self._session}/url", {"url": "about:blank"})
        self._call("POST", f"{self._session}/url", {"url": file.as_uri()})

    def run(self, script: str, *arguments):
        """What a script returns."""
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": arguments})

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        data = {"actions": [{"type": "key", "id": "keys", "actions": actions}]}
        self._call("POST", f"{self._session}/actions", data)

    def click(self, x: float, y: float) -> None:
        """A click at a place of the window."""
        pointer = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        data = {"actions": [{"type": "pointer", "id": "mouse", "actions": pointer}]}
        self._call("POST", f"{self._session}/actions", data)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press, move and let go."""
        pointer = [
            {"type": "pointerMove", "x": round(start[0]), "y": round(start[1]), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "x": round(end[0]), "y": round(end[1]), "duration": 60},
            {"type": "pointerUp", "button": 0},
        ]
        data = {"actions": [{"type": "pointer", "id": "mouse", "actions": pointer}]}
        self._call("POST", f"{self._session}/actions", data)

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """A screenshot, of the whole page if asked for."""
        more = {}
        if whole:
            size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 9000), "scale": 1}
            more = {"captureBeyondViewport": True, "clip": clip}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot", **more)["data"]))

    def complaints(self) -> list[str]:
        """What the page wrote to the console since the last call."""
        return [one["message"] for one in self._call("POST", f"{self._session}/se/log", {"type": "browser"})]
