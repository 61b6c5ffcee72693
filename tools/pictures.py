"""Takes the pictures of the documentation again, from a fresh sample company; or a picture of every page.

    python tools/pictures.py
    python tools/pictures.py --every FOLDER [--accounts N]

Makes the company in a temporary folder, serves it on a free port, signs in as its leader and writes
``docs/pictures/team-week.png``. With ``--every`` it follows the links of each role instead and writes
one picture of each kind of page, at two widths and in both schemes. Needs Chromium; asks nothing of
other machines.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "team-week.png"
EVENBOOK = Path(sys.executable).parent / "evenbook"
ROLES = ("Leader", "CSM", "Operations")
WIDTHS = (1280, 360)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FILE = re.compile(r"/(file|rejects)$")
SERVED_AT = re.compile(r"http://127\.0\.0\.1:\d+")


def main() -> int:
    """Take the pictures; return 0, or 2 where there is no browser."""
    asked = argparse.ArgumentParser(description="Take pictures of the sample company's pages.")
    asked.add_argument("--every", type=Path, metavar="FOLDER", help="one picture of each kind of page")
    asked.add_argument("--accounts", type=int, default=320)
    given = asked.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))
    chromium = import_module("chromium")
    found = chromium.program()
    if found is None:
        sys.stderr.write(f"pictures: {chromium.MISSING}\n")
        return 2
    with (
        tempfile.TemporaryDirectory() as home,
        _served(home, given.accounts) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=chromium.QUIET)
        told = _every(browser, address, given.every) if given.every else _documented(browser, address)
        browser.close()
    sys.stdout.write(f"pictures: {told}\n")
    return 0


def _documented(browser: Browser, address: str) -> str:
    """Write the picture that the README shows."""
    page = _signed_in(browser, address, "Leader", width=1280, scheme="light")
    page.goto(f"{address}/team-week")
    page.screenshot(path=PICTURE)
    return f"wrote {PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size // 1024} kB."


def _every(browser: Browser, address: str, folder: Path) -> str:
    """Write a picture of each kind of page that a role reaches, for each width and scheme."""
    taken = 0
    for role in ROLES:
        paths = _reached(_signed_in(browser, address, role, width=1280, scheme="light"), address)
        for width, scheme in product(WIDTHS, SCHEMES):
            page = _signed_in(browser, address, role, width=width, scheme=scheme)
            for path in paths:
                page.goto(address + path)
                name = f"{role.lower()}-{path.strip('/').replace('/', '_') or 'home'}-{width}-{scheme}.png"
                page.screenshot(path=folder / name, full_page=True)
                taken += 1
    return f"wrote {taken} into {folder}."


def _signed_in(browser: Browser, address: str, role: str, *, width: int, scheme: Scheme) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 838}, color_scheme=scheme).new_page()
    page.goto(f"{address}/sign-in")
    page.locator("form button", has_text=role).first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def _reached(page: Page, address: str) -> list[str]:
    """Return one address of each kind that links lead to; a number or a key makes no other kind."""
    waiting, found = [page.url.removeprefix(address)], dict[str, str]()
    while waiting:
        path = waiting.pop(0).partition("?")[0].partition("#")[0]
        kind = re.sub(r"/[^/]*\d[^/]*|(?<=/figures)/[^/]+|(?<=/numbers)/[^/]+", "/*", path)
        if kind in found or "sign-out" in path or path.startswith("/admin/") and kind.count("/") > 2:
            continue
        answer = page.goto(address + path) if not FILE.search(path) else None
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[kind] = path
        links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
        waiting += [each.removeprefix(address) for each in links if each.startswith(f"{address}/")]
    return list(found.values())


@contextmanager
def _served(home: str, accounts: int) -> Iterator[str]:
    """Serve a fresh sample company and give its address."""
    given = os.environ | {"EVENBOOK_HOME": home, "PYTHONUNBUFFERED": "1"}
    command = [str(EVENBOOK), "demo", "--home", home, "--port", "0", "--accounts", str(accounts)]
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield next(found[0] for line in server.stdout or () if (found := SERVED_AT.search(line)))
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
