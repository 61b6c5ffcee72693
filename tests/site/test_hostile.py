"""A hostile set of files through the real import, then every page and every file that the product gives.

Chromium visits each page that can be reached by links, for two roles: nothing runs, nothing is injected,
no other host is asked. Exports hold no formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from tests.site import hostile_set

from evenbook.book.models import Account, Person
from evenbook.people.actions import add_user
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.site.jobs import run_week
from evenbook.sources.actions import import_files

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
TODAY = date(2026, 3, 9)
CAUGHT = """() => document.querySelectorAll(
  '[data-caught], iframe, [onerror], [onload], [onclick], a[href^="javascript:"], a[href*="evil.example"],'
  + 'script:not([src]):not([type="application/json"])').length"""
EXPORTED = ("/accounts", "/team-week", "/coverage", "/hot-sheet")
MOST_PAGES = 90


@pytest.fixture
def imported(transactional_db: None, tmp_path: Path, settings: Any) -> list[Path]:
    """Import the set as operations would, answer its questions, and run the week."""
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW - timedelta(days=900))
    users = {
        name: add_user(SYSTEM, mail=f"{name}@example.com", name=name.title(), role=role, now=NOW)
        for name, role in (("olu", "operations"), ("ben", "csm"))
    }
    Person.objects.create(
        key="ben", name=hostile_set.BAITS[1], mail="ben@example.com", role="csm", user=users["ben"]
    )
    files = hostile_set.write(tmp_path)
    asked = import_files(files, by=SYSTEM, now=NOW, home=tmp_path)
    answered = {"word": "custom", "scale": "0-10, high is good", "account": "new", "owner": "nobody"}
    answers = {each.id: answered[each.kind] for each in asked.questions}
    if answers:
        import_files(files, by=SYSTEM, now=NOW, home=tmp_path, answers=answers)
    run_week(TODAY, by=replace(SYSTEM, name=hostile_set.BAITS[0][:120]), home=tmp_path, store=True)
    return files


@pytest.fixture
def as_user(imported: list[Path]) -> Callable[[str], Client]:
    def client(name: str) -> Client:
        made = Client()
        made.force_login(User.objects.get(mail=f"{name}@example.com"))
        return made

    return client


def starts() -> list[str]:
    """Return every address that needs nothing filled in; a new page is among them by itself."""
    return [f"/{route}" for route, _ in _routes(get_resolver().url_patterns) if "<" not in route]


def _routes(patterns: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in patterns:
        route = before + str(getattr(each.pattern, "_route", each.pattern))
        if hasattr(each, "url_patterns"):
            yield from _routes(each.url_patterns, route)
        else:
            yield route, each


def visit_all(page: Any, client: Client, home: str, first: list[str]) -> tuple[list[str], list[str]]:
    """Visit pages and whatever they link to; return what was visited and what went wrong."""
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: _console(said, wrong))
    waiting, seen, shapes = list(first), [], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code >= 500:
            wrong.append(f"{path} answered {answer.status_code}")
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue  # somewhere else, which is visited if it is ours, or a file, or nothing to open
        page.goto(home + path)
        seen.append(path)
        if caught := page.evaluate(CAUGHT):
            wrong.append(f"{path} holds {caught} elements that came from data")
        for link in page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)"):
            at = urlsplit(urldefrag(urljoin(home + path, link))[0])
            shape = (at.path, tuple(sorted(part.split("=")[0] for part in at.query.split("&"))))
            if f"{at.scheme}://{at.netloc}" == home and shape not in shapes and "export=" not in at.query:
                shapes.add(shape)
                waiting.append(f"{at.path}?{at.query}" if at.query else at.path)
    return seen, wrong


def _console(said: Any, wrong: list[str]) -> None:
    if "Content Security Policy" in said.text:
        wrong.append(f"the browser refused something: {said.text}")


def test_nothing_of_a_hostile_set_runs_on_any_page(
    as_user: Callable[[str], Client], live_server: Any, open_page: Callable[..., Any]
) -> None:
    for name, at_least in (("olu", 25), ("ben", 6)):
        client, page = as_user(name), open_page()
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        first = [path for path in starts() if "sign-out" not in path]
        if name == "olu":
            sent = SimpleUploadedFile("<img src=x onerror=alert(8) data-caught=1>.csv", _file("accounts"))
            first.append(client.post("/import", {"files": [sent]})["Location"])

        seen, wrong = visit_all(page, client, live_server.url, first)

        assert wrong == []
        assert len(seen) >= at_least, seen
    assert Account.objects.count() == len(hostile_set.BAITS) - 1


def _file(kind: str) -> bytes:
    from django.conf import settings

    return next(Path(settings.EVENBOOK_HOME).glob(f"{kind} *.csv")).read_bytes()


def test_no_file_that_is_taken_out_holds_a_formula(as_user: Callable[[str], Client]) -> None:
    client = as_user("olu")
    for path in EXPORTED:
        text = client.get(f"{path}?export=csv").content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert cells and [cell for cell in cells if is_formula(cell)] == []

        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{path}?export=xlsx").content))
        found = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert found and [cell.value for cell in found if cell.data_type == "f" or cell.hyperlink] == []


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would work a cell out; a plain number is none."""
    if not cell.startswith(hostile_set.FORMULA):
        return False
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return True
    return False
