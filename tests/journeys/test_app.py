"""The house as an app on the phone: it installs, and is kind when the house is away."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Phones
from tests.journeys.neighbours import HEARD, Home, settled
from tests.journeys.steps import title
from tests.server import House

_PATH_KEPT_BY_HTMX = "htmx-current-path-for-history"
"""An address without a word in it, for as long as the tab is open."""
_IN_CACHES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      found.push([new URL(request.url).pathname, text]);
    }
  }
  return found;
}"""


def _with_worker(page: Page) -> None:
    """Wait until the service worker answers for this page."""
    page.goto("/")
    page.evaluate(
        """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||
           new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", done)))
           .then(() => true)"""
    )


def test_phone_finds_all_that_it_needs_to_install_the_app(phone: Phones, home: Home) -> None:
    page = phone(home.ana)
    page.goto("/")
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.evaluate("address => fetch(address).then(a => a.json())", address)
    assert manifest["name"]
    assert manifest["display"] == "standalone"
    assert manifest["scope"] == manifest["start_url"] == "/"
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        answer = page.request.get(icon["src"])
        assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])


def test_page_for_an_absent_house_appears_and_no_word_is_kept_on_the_phone(
    phone_there: Phones, own_house: House
) -> None:
    home = settled(own_house, 0, 1)[0]
    page = phone_there(home.ana, forgives_network=True)
    _with_worker(page)
    for path in ("/us/", f"/listening/session/{home.session}/", "/me/"):
        page.goto(path)
    kept = page.evaluate(_IN_CACHES)
    own_house.stop()
    page.goto("/us/")
    title(page, "The house cannot be reached right now")
    own_house.start()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_text("One small thing is enough for today.")).to_be_visible()
    paths = {path for path, _text in kept}
    assert "/offline/" in paths
    assert {path for path in paths if not path.startswith("/static/")} == {"/offline/"}
    assert [path for path, text in kept for word in (HEARD, "Ana & Bo") if word in text] == []


def test_nothing_of_a_person_is_kept_in_the_storage_of_the_browser(
    phone: Phones, home: Home
) -> None:
    page = phone(home.ana)
    _with_worker(page)
    page.goto("/listening/drill/")
    page.get_by_label("What do you say?").fill("You wanted to be asked.")
    page.goto("/me/")
    page.get_by_label("Evening").check()
    assert page.evaluate("({...localStorage})") == {"nearer-theme": "dark"}
    assert page.evaluate("({...sessionStorage})") == {_PATH_KEPT_BY_HTMX: "/me/"}
    assert page.evaluate("document.cookie") == ""
