"""Takes the pictures of the documentation again, from a fresh sample company.

    python tools/pictures.py

Makes the company in a temporary folder, serves it on a free port, signs in as its leader and writes
``docs/pictures/team-week.png``. Needs Chromium; asks nothing of other machines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "team-week.png"
EVENBOOK = Path(sys.executable).parent / "evenbook"
SERVED_AT = re.compile(r"http://127\.0\.0\.1:\d+")


def main() -> int:
    """Take the pictures; return 0, or 2 where there is no browser."""
    sys.path.insert(0, str(ROOT / "tests"))
    chromium = import_module("chromium")
    found = chromium.program()
    if found is None:
        sys.stderr.write(f"pictures: {chromium.MISSING}\n")
        return 2
    with tempfile.TemporaryDirectory() as home, _served(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=chromium.QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 838}, color_scheme="light")
        page.goto(f"{address}/sign-in")
        page.locator("form button", has_text="Leader").click()
        page.wait_for_url("**/team-week")
        page.screenshot(path=PICTURE)
        browser.close()
    sys.stdout.write(f"pictures: wrote {PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size // 1024} kB.\n")
    return 0


@contextmanager
def _served(home: str) -> Iterator[str]:
    """Serve a fresh sample company and give its address."""
    given = os.environ | {"EVENBOOK_HOME": home, "PYTHONUNBUFFERED": "1"}
    command = [str(EVENBOOK), "demo", "--home", home, "--port", "0"]
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield next(found[0] for line in server.stdout or () if (found := SERVED_AT.search(line)))
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
