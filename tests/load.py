"""Somebody at a real house over HTTP, without a browser: for scans, kills and load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.server import House

ANSWERS_WITHIN_SECONDS = 30
_FORM_COOKIE = "nearer-form"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the house answered."""

    status_code: int
    headers: HTTPMessage
    content: bytes


class Visitor:
    """Keeps cookies and fills in the token of forms, as a browser would.

    Every request raises OSError or HTTPException when the house does not answer, as one that was
    killed does not; whether it did what was asked is then unknown.
    """

    def __init__(self, house: House, cookie: str = "") -> None:
        self._port = house.port
        self.cookies = SimpleCookie({"nearer": cookie} if cookie else {})

    def get(self, path: str, /) -> Reply:
        return self._ask("GET", path, "", {})

    def post(
        self, path: str, data: Mapping[str, str], /, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        if _FORM_COOKIE not in self.cookies:
            self.get("/safety/")
        form = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies[_FORM_COOKIE].value,
        }
        return self._ask("POST", path, urlencode(data), form | dict(headers or {}))

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Reply:
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        line = HTTPConnection("127.0.0.1", self._port, timeout=ANSWERS_WITHIN_SECONDS)
        try:
            line.request(method, path, body.encode(), headers | {"Cookie": cookie})
            answer = line.getresponse()
            for given in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(given)
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            line.close()
