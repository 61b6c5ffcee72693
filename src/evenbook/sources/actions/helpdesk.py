"""Landing support: tickets, the ratings and closings that come apart from them, its users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from evenbook.book.rules.versions import Fact
from evenbook.records.actions import known_tickets
from evenbook.sources.actions.facts import contact_fact, land_contacts
from evenbook.sources.actions.landers import Landing, Verdict, at_column, linked_by_table, own_id, settle
from evenbook.sources.actions.resolving import account_of
from evenbook.sources.actions.team import People
from evenbook.sources.rules.rows import Record, Refusal, fingerprint
from evenbook.sources.rules.vocabulary import PRIORITY, TICKET_STATUS, plain, told

STAFF_ROLES = frozenset({"agent", "admin", "light agent", "contributor"})


class Tickets:
    """Lands support tickets."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.stages = landing.loading.lookup(landing.source, "ticket-stage")

    def key(self, record: Record) -> str:
        """Return the ticket's id; without one, only rows that are the same throughout are one."""
        return own_id(record, "ticket_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land tickets and return what became of each."""
        return settle("ticket", [self._prepared(record) for record in records], self.loading)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        linked = linked_by_table("ticket", record.text("ticket_id"), self.landing)
        account = account_of(
            record, self.landing.source, self.loading, file=self.landing.report.file, linked=linked
        )
        if not isinstance(account, int):
            return at_column(account, self.landing)
        opened_at = record.instant("opened_at") or record.instant("created_at") or self.loading.now
        status = self._status(record)
        solved_at = record.instant("solved_at")
        if solved_at is not None and solved_at < opened_at:
            return Refusal(
                self.landing.column("solved_at"), f"it was closed ({solved_at:%Y-%m-%d}) before it was opened"
            )
        seen_at = min(record.instant("modified_at") or self.loading.now, self.loading.now)
        closed_at = solved_at or (seen_at if status == "solved" else None)
        values, weak = self._values(record, account, closed_at=closed_at, seen_at=seen_at)
        if closed_at is not None and solved_at is None:
            weak = weak | {"solved_at"}
        return Fact(
            source=self.landing.source,
            external_id=own_id(record, "ticket_id"),
            values=values,
            happened_at=opened_at,
            known_at=record.instant("opened_at"),
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
            is_deleted=record.get("is_deleted") is True or status == "deleted",
            weak=weak,
        )

    def _values(
        self, record: Record, account: int, *, closed_at: datetime | None, seen_at: datetime
    ) -> tuple[dict[str, object], frozenset[str]]:
        """Return a ticket's values, and the names of those that were only inferred.

        That it was escalated, without a day, is known by its closing at the latest; so is a rating.
        """
        weak: set[str] = set()
        escalated_at = record.instant("escalated_at")
        if escalated_at is None and _is_escalated(record):
            escalated_at = closed_at or seen_at
            weak.add("escalated_at")
        values: dict[str, object] = {
            "account_id": account,
            "contact_id_text": (record.text("contact_id") or record.text("contact_mail"))[:200],
            "subject": record.text("subject")[:300],
            "priority": (told(record.text("priority"), PRIORITY) or plain(record.text("priority")))[:20],
            "kind": plain(record.text("kind"))[:60],
            "escalated_at": escalated_at,
            "solved_at": closed_at,
            "custom": record.custom,
        }
        if isinstance(record.get("satisfaction"), float):
            rated_at = record.instant("satisfaction_at")
            weak |= set() if rated_at else {"satisfaction_at"}
            values["satisfaction"] = record.get("satisfaction")
            values["satisfaction_at"] = rated_at or closed_at or seen_at
        return values, frozenset(weak)

    def _status(self, record: Record) -> str:
        said = record.text("status")
        known = self.stages.get(said)
        if known is not None:
            return "solved" if known.get("is_closed") else "open"
        return told(said, TICKET_STATUS)


def _is_escalated(record: Record) -> bool:
    return record.get("is_escalated") is True or "escalat" in record.text("status").lower()


class Ratings:
    """Lands what a tool says of tickets in tables apart: ratings, and when they were solved."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the ticket."""
        return record.text("ticket_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Add to tickets that are there and return what became of each row."""
        source = self.landing.source
        known = known_tickets(source, [record.text("ticket_id") for record in records])
        prepared: list[Fact | Verdict] = []
        for record in records:
            ticket = record.text("ticket_id")
            if ticket not in known:
                prepared.append(Refusal(self.landing.column("ticket_id"), f"ticket {ticket} was not loaded"))
                continue
            values = {
                name: record.get(name)
                for name in ("satisfaction", "satisfaction_at", "solved_at")
                if record.get(name) is not None
            }
            if "satisfaction" not in values:
                values.pop("satisfaction_at", None)
            if not values:
                prepared.append("unchanged")
                continue
            digest = fingerprint(record)
            prepared.append(Fact(source, ticket, values, known[ticket], None, None, digest))
        return settle("ticket", prepared, self.loading)

    def finish(self) -> None:
        """Nothing waits for the whole file."""


class HelpdeskUsers:
    """Lands the users of a help desk: agents are of the team, everybody else is a contact."""

    def __init__(self, landing: Landing) -> None:
        self.landing = landing
        self.people = People(landing)
        self.has_agents = False

    def key(self, record: Record) -> str:
        """Return the user's id."""
        return record.text("user_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land users and return what became of each."""
        agents = [record for record in records if _is_agent(record)]
        self.has_agents = self.has_agents or bool(agents)
        landed = iter(self.people.land([_as_person(record) for record in agents]))
        prepared = [next(landed) if _is_agent(record) else self._contact(record) for record in records]
        return land_contacts(prepared, self.landing)

    def finish(self) -> None:
        """Keep that the agents are known now."""
        if self.has_agents:
            self.people.finish()

    def _contact(self, record: Record) -> Fact | Verdict:
        values = {
            "contact_id": record.get("user_id"),
            "contact_name": record.get("name"),
            "contact_mail": record.get("mail"),
        }
        for name in ("account_id", "created_at", "modified_at"):
            values[name] = record.get(name)
        contact = Record(
            record.number, {name: each for name, each in values.items() if each is not None}, record.custom
        )
        account = account_of(
            contact, self.landing.source, self.landing.loading, file=self.landing.report.file
        )
        if not isinstance(account, int):
            return at_column(account, self.landing)
        return contact_fact(contact, account, self.landing)


def _is_agent(record: Record) -> bool:
    return plain(record.text("role")) in STAFF_ROLES


def _as_person(record: Record) -> Record:
    values = {
        "person_id": record.get("user_id"),
        "person_name": record.get("name"),
        "person_mail": record.get("mail"),
    }
    return Record(record.number, {name: value for name, value in values.items() if value is not None})
