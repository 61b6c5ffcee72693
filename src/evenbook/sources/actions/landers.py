"""What the landers of all tables share: a batch of records in, one verdict a record out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from evenbook.book.rules.versions import Fact
from evenbook.records.actions import Kind, land_records
from evenbook.sources.actions.context import Loading
from evenbook.sources.rules.mapping import FileMapping
from evenbook.sources.rules.report import FileReport
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint

LINKED_BY_TABLES = frozenset({"hubspot"})
"""Tools whose warehouse exports say in a table apart which company a record belongs to."""
Verdict = str | Held | Refusal
"""``created``, ``changed``, ``unchanged``, or why nothing was loaded."""


@dataclass(slots=True)
class Landing:
    """What a lander works with.

    Args:
        loading: the state of the import.
        mapping: what the columns of the file mean.
        report: the file's, for notes.
        sample: some rows of the file, read.
    """

    loading: Loading
    mapping: FileMapping
    report: FileReport
    sample: Sequence[Record] = ()

    @property
    def source(self) -> str:
        """Return whose ids the file uses."""
        return self.mapping.source

    def column(self, name: str) -> str:
        """Return the header that carries a field."""
        return self.mapping.header_of(name)


class Lander(Protocol):
    """Lands the records of one file."""

    def key(self, record: Record) -> str:
        """Return what tells the record from others of its file; "" where nothing does."""
        ...

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land records and return a verdict for each."""
        ...

    def finish(self) -> None:
        """Do what needs the whole file."""
        ...


def settle(kind: Kind, prepared: Sequence[Fact | Verdict], loading: Loading) -> list[Verdict]:
    """Land the facts among what was prepared, and return the verdicts in order."""
    facts = [each for each in prepared if isinstance(each, Fact)]
    outcomes = (
        iter(land_records(kind, facts, now=loading.now, written=loading.written)) if facts else iter(())
    )
    return [_verdict(next(outcomes)) if isinstance(each, Fact) else each for each in prepared]


def _verdict(outcome: str) -> Verdict:
    return Refusal("", "it was deleted in its source and never loaded") if outcome == "absent" else outcome


def linked_by_table(kind: str, external_id: str, landing: Landing) -> str:
    """Return under what a tool that links records in tables of their own would file a record."""
    return f"{kind}/{external_id}" if landing.source in LINKED_BY_TABLES and external_id else ""


def own_id(record: Record, name: str) -> str:
    """Return the id of a record, or one made of what it says where it has none."""
    return (record.text(name) or f"row:{fingerprint(record)}")[:200]


def past_or_now(at: datetime | None, now: datetime) -> datetime:
    """Return an instant that is not ahead."""
    return min(at, now) if at else now


def at_column(found: Held | Refusal, landing: Landing) -> Verdict:
    """Return a verdict that names the column as the file does."""
    if isinstance(found, Refusal) and found.column:
        return Refusal(landing.column(found.column) or found.column, found.reason)
    return found
