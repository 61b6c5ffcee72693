"""What people do all day, as a load test has them do it: read, close loops, keep views, set policy, import.

An act asks the running product over the wire and looks at what comes back. A new way to work is one
function and its line in ``ACTS``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

from tests.pages import forms

if TYPE_CHECKING:
    import httpx

ROWS = 'href="/accounts/([^"?#]+)"'
TOKEN = "csrfmiddlewaretoken"
MOVED_ON = "since you began"
LOOPS = r'href="/loops/(\d+)"'
CLOSES = "Close it</button>"
SAID = "They renew in spring, and the pilot of the second site starts."
FILE = b"Account ID,Account Name,Website,ARR\nL-1,Northwind Foods,northwind.example,120000\n"


class Wrong(Exception):
    """An answer that is not what it should be."""


@dataclass
class Person:
    """Somebody at work: what they have kept, and the accounts that they have seen."""

    client: httpx.Client
    mail: str
    role: str
    chance: Random
    views: set[str] = field(default_factory=set)
    accounts: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    made: int = 0


@dataclass(frozen=True)
class Act:
    """Something that people do, how often, how many requests it is, and who does it (empty: all)."""

    name: str
    weight: int
    do: Callable[[Person], None]
    roles: tuple[str, ...] = ()
    requests: int = 1


def shown(person: Person, path: str, *words: str) -> str:
    """Return a page that must be there and hold some words."""
    answer = person.client.get(path)
    if answer.status_code != 200:
        raise Wrong(f"{path} answered {answer.status_code}")
    missing = [each for each in words if each not in answer.text]
    if missing:
        raise Wrong(f"{path} does not hold {missing}")
    return answer.text


def sent(person: Person, path: str, /, **fields: str) -> httpx.Response:
    """Return the answer to a form."""
    token = person.client.cookies.get("csrftoken", "")
    answer = person.client.post(path, data={TOKEN: token, **fields})
    if answer.status_code >= 500 or answer.status_code in {401, 403, 404}:
        raise Wrong(f"POST {path} answered {answer.status_code}")
    return answer


def page(path: str, *words: str) -> Callable[[Person], None]:
    """Return the act of reading a page."""

    def read(person: Person) -> None:
        shown(person, path, "</html>", *words)

    return read


def accounts(person: Person) -> None:
    """Read the list, and remember what may be opened; somebody without a book has an empty one."""
    found = re.findall(ROWS, shown(person, "/accounts", "</html>"))
    person.accounts = list(dict.fromkeys(found)) or person.accounts


def account(person: Person) -> None:
    """Open an account that was seen in the list."""
    if not person.accounts:
        accounts(person)
    if person.accounts:
        shown(person, f"/accounts/{person.chance.choice(person.accounts)}", "</html>", "<h1")


def search(person: Person) -> None:
    """Find something by a few letters."""
    shown(person, f"/find?q={person.chance.choice(('a', 'no', 'sys', 'zz9'))}", "</html>")


def export(person: Person) -> None:
    """Take the list as a file: a head, and as many cells in every row."""
    widths = {len(row) for row in csv.reader(StringIO(shown(person, "/accounts?export=csv")))}
    if len(widths) != 1 or widths <= {0, 1}:
        raise Wrong(f"the export has rows of {sorted(widths)} cells")


def keep_view(person: Person) -> None:
    """Keep a view and see it."""
    person.made += 1
    name = f"{person.mail.split('@')[0]} view {person.made}"
    sent(person, "/views/accounts", name=name, query=f"q={person.made}", back="/accounts")
    person.views.add(name)
    shown(person, "/accounts", name)
    if len(person.views) > 5:
        drop_view(person)


def drop_view(person: Person) -> None:
    """Drop one of the own views."""
    if not person.views:
        return
    name = person.chance.choice(sorted(person.views))
    text = shown(person, "/accounts", name)
    found = re.search(
        r'action="(/views/\d+/drop)"(?:(?!</form>).)*?the view ' + re.escape(name) + '"', text, re.S
    )
    if found is None:
        raise Wrong(f"there is no way to drop {name}")
    sent(person, found[1], back="/accounts")
    person.views.discard(name)


def close_loop(person: Person) -> None:
    """Close one of the own loops with its form; who owes nothing any more is done."""
    owed = re.findall(LOOPS, shown(person, "/my-week", "</html>"))
    if not owed:
        return
    path = f"/loops/{person.chance.choice(owed)}"
    text = shown(person, path, "</html>")
    form = next((each for each in forms.read(text, path)[0] if "opened" in each.fields), None)
    if form is None:  # somebody was quicker, or it waits for a leader
        return
    answer = sent(person, path, **filled(form, text))
    if answer.status_code != 302:
        raise Wrong(f"{path} was not closed: {refusals(answer.text)}")
    person.closed.append(path)
    if CLOSES in shown(person, path):
        raise Wrong(f"{path} was closed and is open")


def filled(form: forms.Form, text: str) -> dict[str, str]:
    """Return the fields of a loop's form, those that are empty answered as somebody would."""
    days = {name for name in re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="date"', text)}
    days |= {name for name in re.findall(r'<input[^>]*type="date"[^>]*name="([^"]+)"', text)}
    days |= {"next_touchpoint"}
    long = set(re.findall(r'<textarea[^>]*name="([^"]+)"', text))
    choices = {
        name: re.findall(r"<option[^>]*>([^<]+)", options)
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.S)
    }
    soon = (date.today() + timedelta(days=9)).isoformat()

    def answer(name: str) -> str:
        if name in days:
            return soon
        if name in choices:
            return next(iter(choices[name]), "")
        return SAID

    stood = {
        name: f"{value} {SAID}" if name in long and value else value for name, value in form.fields.items()
    }
    return {name: value or answer(name) for name, value in stood.items() if name != TOKEN}


def refusals(text: str) -> str:
    """Return what a form says of its fields, in one line."""
    said = re.search(r"Not closed yet.*?</ul>", text, re.S)
    return unescape("; ".join(re.findall(r"<li>([^<]+)", said[0]))) if said else "no word of why"


def change_policy(person: Person) -> None:
    """Adopt a version from the one in force; whoever was second must be told."""
    text = shown(person, "/policy/load", 'name="expected"')
    expected = re.search(r'name="expected" value="(\d+)"', text)
    hours = person.chance.randint(90, 140)
    answer = sent(
        person,
        "/policy/load",
        text=f"capacity: {{monthly_hours: {hours}}}",
        note=f"{hours} hours, as agreed.",
        expected=expected[1] if expected else "",
        step="adopt",
    )
    said = unescape(answer.text)
    if answer.status_code != 302 and MOVED_ON not in said and "Nothing differs" not in said:
        raise Wrong(f"the policy was neither adopted nor was anybody told: {answer.status_code}")


def look_at_import(person: Person) -> None:
    """Send a file and look at what it would change; nothing is loaded."""
    token = person.client.cookies.get("csrftoken", "")
    answer = person.client.post("/import", data={TOKEN: token}, files={"files": ("accounts.csv", FILE)})
    if answer.status_code != 302:
        raise Wrong(f"/import answered {answer.status_code}")
    shown(person, answer.headers["Location"], "accounts.csv")


def is_kept(person: Person) -> str:
    """Return what of a person's work is not as they left it; empty when all is well."""
    text = shown(person, "/accounts")
    there = set(re.findall(r"Drop the view ([^\"]+)\"", text))
    opened = [path for path in person.closed if CLOSES in shown(person, path)]
    if opened:
        return f"loops were closed and are open: {opened}"
    return "" if there == person.views else f"views {sorted(there ^ person.views)} are not as they were left"


WRITERS = ("csm", "leader", "operations")
ACTS = (
    Act("My week", 10, page("/my-week"), ("csm", "leader")),
    Act("Close a loop", 6, close_loop, ("csm",), requests=4),
    Act("Team week", 6, page("/team-week")),
    Act("Accounts", 8, accounts),
    Act("An account", 12, account),
    Act("Coverage", 4, page("/coverage")),
    Act("Hot sheet", 6, page("/hot-sheet")),
    Act("Find", 4, search),
    Act("An export of accounts", 2, export),
    Act("Keep a view", 4, keep_view, WRITERS, requests=2),
    Act("Drop a view", 2, drop_view, WRITERS, requests=2),
    Act("Change the policy", 1, change_policy, ("operations",), requests=2),
    Act("Look at an import", 1, look_at_import, ("operations",), requests=2),
)
