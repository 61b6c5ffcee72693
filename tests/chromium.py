"""A headless Chromium for tests that need a real browser; they skip where there is none.

Started so that it looks for nothing outside, with a new and empty profile. Requests to
other machines go to a proxy that is not there, and the test that made one fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
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
    "--proxy-server=http://127.0.0.1:9",  # where nothing listens; loopback needs no proxy
]
MISSING = "Chromium is not installed: `make test` brings it as root, else install the package chromium"


def program() -> str | None:
    """Return where Chromium is, if it is here."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a running headless Chromium."""
    found = program()
    if found is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, headless=True, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens an empty page: ``open_page(width=360, scheme="dark", scripts=False)``.

    A page that asked another machine for anything, or whose scripts raised, fails the test.
    """
    contexts: list[Any] = []
    strayed: list[str] = []
    raised: list[str] = []

    def opened(*, width: int = 1280, height: int = 900, scheme: str = "light", scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        context.on("request", lambda request: _only_here(request.url, strayed))
        page = context.new_page()
        page.on("pageerror", lambda error: raised.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
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
