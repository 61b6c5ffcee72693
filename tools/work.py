"""What people do all day, as a load test has them do it: read, keep a view, change the policy, import.

An act asks the running product over the wire and looks at what comes back. A new way to work is one
function and its line in ``ACTS``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

ROWS = 'href="/accounts/([^"?#]+)"'
TOKEN = "csrfmiddlewaretoken"
MOVED_ON = "since you began"
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


def sent(person: Person, path: str, **fields: str) -> httpx.Response:
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
    """Return what of a person's views is not as they left it; empty when all is well."""
    text = shown(person, "/accounts")
    there = set(re.findall(r"Drop the view ([^\"]+)\"", text))
    return "" if there == person.views else f"views {sorted(there ^ person.views)} are not as they were left"


WRITERS = ("csm", "leader", "operations")
ACTS = (
    Act("My week", 10, page("/my-week"), ("csm", "leader")),
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
