"""The messy duplicate: what the helpdesk exported, in which one customer goes by another name.

The customer is in the book already, as the CRM writes it. The helpdesk knows it by an id of its own and
transcribes its name; the domain is the same, which a sister company's would be too. These are files for
the import to read, not rows: the question that they leave open is the import's own.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import Axis, stream
from evenbook.sources.sample.story import CAST, place_of
from evenbook.sources.sample.tickets import SUBJECTS

CUSTOMER, NAME = "HD-00001", "Brueggenhoefer Kaeltetechnik"
"""The duplicate as the helpdesk knows it."""

TICKETS = 14
MAPPING = """\
- file: helpdesk-customers.csv
  table: accounts
  source: helpdesk
  columns: {customer_id: account_id, customer_name: account_name, domain: account_domain}
- file: helpdesk-tickets.csv
  table: tickets
  source: helpdesk
  columns:
    ticket_id: ticket_id
    customer_id: account_id
    subject: subject
    priority: priority
    opened_at: opened_at
    solved_at: solved_at
"""
"""What the columns of the files mean, so that nothing is asked but whose they are."""


def write_export(folder: Path, *, seed: int, axis: Axis) -> tuple[list[Path], Path]:
    """Write the helpdesk's files into a new folder; return them, and the mapping that reads them."""
    folder.mkdir(parents=True)
    customers, tickets = folder / "helpdesk-customers.csv", folder / "helpdesk-tickets.csv"
    domain = CAST[place_of("duplicate")].domain
    _write(customers, ("customer_id", "customer_name", "domain"), [(CUSTOMER, NAME, domain)])
    heads = ("ticket_id", "customer_id", "subject", "priority", "opened_at", "solved_at")
    _write(tickets, heads, _tickets(seed, axis))
    mapping = folder / "helpdesk.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return [customers, tickets], mapping


def _tickets(seed: int, axis: Axis) -> list[tuple[str, ...]]:
    """Return the duplicate's tickets over the whole history; the last one is still open."""
    rng = stream(seed, "waiting")
    opened = np.sort(rng.uniform(0, axis.cut - 2, TICKETS))
    solved = opened + rng.lognormal(0.7, 0.9, TICKETS)
    subjects = rng.integers(len(SUBJECTS), size=TICKETS)
    urgent = rng.choice(len(shape.PRIORITIES), size=TICKETS, p=shape.PRIORITY_SHARES)
    is_solved = (solved < axis.cut) & (np.arange(TICKETS) < TICKETS - 1)
    starts, ends = (axis.instants(days).to_pylist() for days in (opened, solved))
    return [
        (
            f"{CUSTOMER}-{number + 1}",
            CUSTOMER,
            SUBJECTS[subjects[number]],
            shape.PRIORITIES[urgent[number]],
            f"{starts[number]:%Y-%m-%dT%H:%M:%SZ}",
            f"{ends[number]:%Y-%m-%dT%H:%M:%SZ}" if is_solved[number] else "",
        )
        for number in range(TICKETS)
    ]


def _write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heads, *rows])
