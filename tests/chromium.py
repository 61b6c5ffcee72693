"""A headless Chromium for tests that need a real browser; they skip where there is none.

Started so that it looks for nothing outside, with a new and empty profile. Requests to
other machines go to a proxy that is not there, and the test that made one fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

import no_network

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu-rasterization",
    "--disable-software-rasterizer",
    "--enable-features=NetworkServiceInProcess2",
    "--proxy-server=http://127.0.0.1:9",  # where nothing listens; loopback needs no proxy
]
MISSING = "Chromium is not installed: `make test` brings it as root, else install the package chromium"


QUIET_PLACE = "/static/screens/evenbook.css"
"""Where a page waits for the next test: a file that asks for nothing."""


def program() -> str | None:
    """Return where Chromium is, if it is here."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Visitor:
    """A window of its own in the browser: its cookies and its storage, and what its pages did amiss."""

    context: Any
    size: dict[str, int]
    scheme: str
    tab: Any = None
    heard: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)
    strayed: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, browser: Any, *, width: int, height: int, scheme: str, scripts: bool) -> Visitor:
        """Return a new one, with an empty cache."""
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        visitor = cls(context, size, scheme)
        context.on("request", lambda request: _only_here(request.url, visitor.strayed))
        return visitor

    def page(self) -> Any:
        """Return the page: a new one, or that of the test before, which kept nothing."""
        if self.tab is None or self.tab.is_closed():
            self.tab = self.context.new_page()
        self._listen("pageerror", lambda error: self.raised.append(str(error)))
        self.tab.on = self._listen
        return self.tab

    def _listen(self, event: str, heard: Callable[..., Any]) -> None:
        self.heard.append((event, heard))
        type(self.tab).on(self.tab, event, heard)

    def leave(self) -> None:
        """Forget everything but what was fetched, and stay on a file of the same server.

        A page on the same server goes on in the same process, and to start one takes longer than most pages.
        """
        for page in self.context.pages:
            if page is not self.tab:
                page.close()
        self.context.set_offline(False)
        if self.tab is not None and not self.tab.is_closed():
            self._clear(self.tab)
        self.context.clear_cookies()
        self.strayed.clear()
        self.raised.clear()

    def _clear(self, tab: Any) -> None:
        while self.heard:
            tab.remove_listener(*self.heard.pop())
        at = urlsplit(tab.url)
        if at.scheme == "http":
            tab.evaluate("localStorage.clear(); sessionStorage.clear()")
            tab.goto(f"http://{at.netloc}{QUIET_PLACE}")
        tab.set_viewport_size(self.size)
        tab.emulate_media(color_scheme=self.scheme, media="null")


@dataclass
class Browser:
    """A running Chromium, and the windows that stay open for the next test that wants such a one.

    To open one takes the browser more than most pages do.
    """

    running: Any
    waiting: dict[tuple[tuple[str, Any], ...], list[Visitor]] = field(default_factory=dict)

    def take(self, **how: Any) -> Visitor:
        """Return a window that nobody uses."""
        kept = self.waiting.setdefault(tuple(how.items()), [])
        return kept.pop() if kept else Visitor.of(self.running, **how)

    def give_back(self, visitor: Visitor, **how: Any) -> None:
        """Let the next test have a window."""
        visitor.leave()
        self.waiting[tuple(how.items())].append(visitor)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running headless Chromium."""
    found = program()
    if found is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, headless=True, args=QUIET)
        yield Browser(running)
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an empty page: ``open_page(width=360, scheme="dark", scripts=False)``.

    Each is in a window of its own; ``fresh`` in one that never fetched anything. A page that asked
    another machine for anything, or whose scripts raised, fails the test.
    """
    taken: list[tuple[Visitor, dict[str, Any]]] = []
    strayed: list[str] = []
    raised: list[str] = []

    def opened(
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        scripts: bool = True,
        fresh: bool = False,
    ) -> Any:
        how = {"width": width, "height": height, "scheme": scheme, "scripts": scripts}
        visitor = Visitor.of(browser.running, **how) if fresh else browser.take(**how)
        taken.append((visitor, {} if fresh else how))
        return visitor.page()

    yield opened
    for visitor, how in taken:
        strayed += visitor.strayed
        raised += visitor.raised
        if how:
            browser.give_back(visitor, **how)
        else:
            visitor.context.close()
    assert not strayed, f"the page asked other machines: {strayed}"
    assert not raised, f"the page's scripts raised: {raised}"


def sign_in(page: Any, user: Any, home: str) -> None:
    """Sign somebody in without the page for it, which has tests of its own."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": home}])


def _only_here(address: str, strayed: list[str]) -> None:
    """Note an address on another machine. Listening keeps the browser's cache; answering in its place would not."""
    at = urlsplit(address)
    if at.scheme in {"http", "https", "ws", "wss"} and not no_network.is_here(at.hostname or ""):
        strayed.append(address)
