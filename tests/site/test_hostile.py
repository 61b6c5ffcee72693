"""A hostile set of files through the real import, then every page and every file that the product gives.

Chromium visits each page that can be reached by links, for two roles: nothing runs, nothing is injected,
no other host is asked. Exports hold no formula.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.addresses import kind_of as address_kind
from tests.addresses import starts
from tests.site import hostile_set

from conftest import PROOFS
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
RECORDS = "/admin/"
EACH = 2 if PROOFS else 1
"""How many pages of one kind are visited: the same address pattern with the same filters."""


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


def visit_all(page: Any, client: Client, home: str, first: list[str]) -> tuple[list[str], list[str]]:
    """Visit pages and whatever they link to; return what was visited and what went wrong."""
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: _console(said, wrong))
    waiting, seen, kinds = list(first), [], Counter(kind_of(path) for path in first)
    while waiting:
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
        for link in _links(page, home):
            if link not in {*seen, *waiting} and "sign-out" not in link and kinds[kind_of(link)] < EACH:
                kinds[kind_of(link)] += 1
                waiting.append(link)
    return seen, wrong


def kind_of(path: str) -> tuple[str, ...]:
    """Return the kind of a page; all records of operations are alike."""
    at = urlsplit(path)
    if at.path.startswith(RECORDS):
        return RECORDS, str(at.path.count("/"))
    return address_kind(path)


def _links(page: Any, home: str) -> Iterator[str]:
    """Yield the addresses of ours that a page links to, files left out."""
    for link in page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)"):
        at = urlsplit(link)
        if f"{at.scheme}://{at.netloc}" == home and "export=" not in at.query:
            yield f"{at.path}?{at.query}" if at.query else at.path


def _console(said: Any, wrong: list[str]) -> None:
    if "Content Security Policy" in said.text:
        wrong.append(f"the browser refused something: {said.text}")


@pytest.mark.proof
def test_nothing_of_a_hostile_set_runs_on_any_page(
    as_user: Callable[[str], Client], live_server: Any, open_page: Callable[..., Any]
) -> None:
    for name, at_least in (("olu", 25), ("ben", 6)):
        client, page = as_user(name), open_page()
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        first = [path for path in starts() if "sign-out" not in path and not path.startswith(RECORDS)]
        if name == "olu":
            sent = SimpleUploadedFile("<img src=x onerror=alert(8) data-caught=1>.csv", _file("accounts"))
            first.append(client.post("/import", {"files": [sent]})["Location"])
            first += [f"{RECORDS}book/account/", f"{RECORDS}book/contact/", f"{RECORDS}records/ticket/"]

        seen, wrong = visit_all(page, client, live_server.url, first)

        assert wrong == []
        assert len(seen) >= at_least, seen
    assert Account.objects.count() == len(hostile_set.BAITS) - 1


class Elements(HTMLParser):
    """Collects the elements of a page that only data could have brought."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        leads = named.get("href", "").startswith("javascript:") or "evil.example" in named.get("href", "")
        if tag == "iframe" or leads or {"data-caught", "onerror", "onload", "onclick"} & set(named):
            self.caught.append(self.get_starttag_text() or tag)


def test_no_record_that_operations_look_at_holds_an_element_from_data(
    as_user: Callable[[str], Client],
) -> None:
    client, baits = as_user("olu"), 0
    for path in (path for path in starts() if path.startswith(RECORDS)):
        answer = client.get(path)
        found = Elements()
        found.feed(answer.text if answer.status_code == 200 else "")
        assert found.caught == [], path
        baits += "data-caught" in answer.text
    assert baits >= 5, "what was imported is on these pages"


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
