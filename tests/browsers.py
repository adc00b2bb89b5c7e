"""Real Chromium for the journeys: where it is, and what every phone in it is watched for."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

NAMES = (
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_INSTALL = (
    "No Chromium was found. Debian and Ubuntu: apt install chromium. "
    "Elsewhere install Chrome or Chromium, or name it: CHROMIUM=/path/to/it ./check"
)
LAN_NAME = "house.lan"
EXIT = "https://ordinary.example/"
"""Where «Leave fast» leads in a journey. Nobody is asked: phones answer this address themselves."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
)
WIDTHS = (360, 768, 1280)

_ANSWER_WITH_4XX = re.compile(
    r"Failed to load resource: .* status of 4\d\d"
    r"|^Response Status Error Code 4\d\d"
    r"|Error during WebSocket handshake: Unexpected response code: 403"
)
"""Chromium and htmx call every refusal an error; a late tap gets 409, a locked phone 401 and 403,
and that is right."""
_TAKEN_OVER = re.compile(r"^htmx:(sendAbort|afterRequest)\b")
"""htmx logs an error when a newer request of the same page takes over from an older one."""
_NETWORK_GONE = re.compile(
    r"net::ERR_|WebSocket connection to|Failed to load resource|^htmx:sendError"
)


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Watch:
    """Everything one phone did that no phone of the house may do."""

    home: str
    forgives_network: bool
    seen: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"script error: {error.error}"))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._leads_home(ws.url)))

    def _request(self, request: Request) -> None:
        leaves_fast = request.is_navigation_request() and request.url == EXIT
        if not leaves_fast:
            self._leads_home(request.url)

    def _leads_home(self, url: str) -> None:
        goes_out = urlsplit(url).scheme in ("http", "https", "ws", "wss")
        if goes_out and urlsplit(url).netloc != urlsplit(self.home).netloc:
            self.seen.append(f"request to another host: {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.seen.append(f"{response.status} from {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        is_normal = _ANSWER_WITH_4XX.search(message.text) or _TAKEN_OVER.search(message.text)
        if message.type != "error" or is_normal:
            return
        if not (self.forgives_network and _NETWORK_GONE.search(message.text)):
            self.seen.append(f"console: {message.text}")


def check_accessible(page: Page) -> None:
    """axe-core finds nothing in light and dark at three widths, and nothing scrolls sideways.

    Raises:
        AssertionError: what was found, where.
    """
    before = page.viewport_size
    found = [
        finding
        for scheme in ("light", "dark")
        for width in WIDTHS
        for finding in _faults(page, scheme, width)
    ]
    page.emulate_media(color_scheme="null", reduced_motion="null")
    if before is not None:
        page.set_viewport_size(before)
    assert not found, "\n".join(found)


def _faults(page: Page, scheme: str, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    where = f"{page.url} {scheme} {width}px"
    faults = [f"{where}: {fault}" for fault in axe_faults(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults, f"{where}: {wide} px wide"] if wide > width else faults


def axe_faults(page: Page, *, only: str = "") -> list[str]:
    """What axe-core finds in a page as it is now; ``only`` by one of its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    options = {"resultTypes": ["violations"]} | ({"runOnly": [only]} if only else {})
    found = page.evaluate("options => axe.run(options)", options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
