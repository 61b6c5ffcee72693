"""Landing time entries: who worked how long for which account, on which day."""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.book.rules.versions import Fact
from evenbook.sources.actions.landers import Landing, Verdict, at_column, own_id, settle
from evenbook.sources.actions.resolving import account_of, person_of
from evenbook.sources.rules.rows import Record, Refusal, fingerprint


class TimeEntries:
    """Lands the time that people logged for accounts."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the entry's id; without one, only rows that are the same throughout are one."""
        return own_id(record, "time_entry_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land time entries and return what became of each."""
        return settle("time_entry", [self._prepared(record) for record in records], self.loading)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        worked_on, minutes = record.instant("worked_on"), record.get("minutes")
        if worked_on is None:
            return Refusal(self.landing.column("worked_on"), "it has no date")
        if not isinstance(minutes, float) or minutes <= 0:
            return Refusal(self.landing.column("minutes"), "it has no time")
        values = {
            "account_id": account,
            "person_id": person_of(record, self.landing.source, self.loading),
            "minutes": minutes,
            "note": record.text("note")[:300],
        }
        return Fact(
            source=self.landing.source,
            external_id=own_id(record, "time_entry_id"),
            values=values,
            happened_at=worked_on,
            known_at=record.instant("created_at"),
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
            is_deleted=record.get("is_deleted") is True,
        )
