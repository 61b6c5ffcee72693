"""Landing interactions: what they were, how long, and whether the customer was there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from evenbook.book.rules.versions import Fact
from evenbook.sources.actions.landers import Landing, Verdict, at_column, linked_by_table, own_id, settle
from evenbook.sources.actions.resolving import account_of, person_of
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint
from evenbook.sources.rules.vocabulary import MEETING_STATUS, interaction_kind, told
from evenbook.sources.values import company_domain

MET = frozenset({"meeting", "call", "business_review", "strategic", "onboarding", "escalation"})
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap])?\.?m?\.?$", re.IGNORECASE)
INCOMING = re.compile(r"in(coming|bound)|received|from customer", re.IGNORECASE)


class Interactions:
    """Lands meetings, calls, mails and other work on accounts."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the interaction's id; without one, only rows that are the same throughout are one."""
        return own_id(record, "interaction_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land interactions and return what became of each."""
        return settle("interaction", [self._prepared(record) for record in records], self.loading)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        account = self._account(record)
        if not isinstance(account, int):
            return (
                at_column(account, self.landing)
                if account is not None
                else Refusal("", "no account is named")
            )
        happened_at = _started(record)
        if happened_at is None:
            return Refusal(self.landing.column("happened_at"), "it has no date")
        kind = self._kind(record)
        status = self._status(record, happened_at)
        sentiment = record.get("sentiment")
        values = {
            "account_id": account,
            "person_id": person_of(record, self.landing.source, self.loading)
            or person_of(record, self.landing.source, self.loading, prefix="owner"),
            "contact_id_text": self._contact(record)[:200],
            "kind": kind,
            "status": status,
            "minutes": _minutes(record, happened_at),
            "customer_present": status == "completed" and self._customer_was_there(record, kind),
            "carries_answer": record.get("carries_answer") is True,
            "action_items": record.get("action_items"),
            "sentiment": sentiment / 50 - 1 if isinstance(sentiment, float) else None,
            "quality": record.get("quality"),
            "subject": record.text("subject")[:300],
            "custom": record.custom,
        }
        return Fact(
            source=self.landing.source,
            external_id=own_id(record, "interaction_id"),
            values=values,
            happened_at=happened_at,
            known_at=record.instant("created_at"),
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
            is_deleted=record.get("is_deleted") is True,
        )

    def _account(self, record: Record) -> int | Held | Refusal:
        found = account_of(
            record,
            self.landing.source,
            self.loading,
            file=self.landing.report.file,
            linked=linked_by_table("engagement", record.text("interaction_id"), self.landing),
        )
        if not isinstance(found, Refusal) or found.column:
            return found
        return next((each for mail in self._customers(record) if (each := self._account_of(mail))), found)

    def _account_of(self, mail: str) -> int | None:
        if mail in self.loading.contacts_by_mail:
            return self.loading.contacts_by_mail[mail]
        domain = company_domain(mail, self.loading.public_domains)
        hits = self.loading.register.by_domain.get(domain, []) if isinstance(domain, str) else []
        return hits[0] if len(hits) == 1 else None

    def _kind(self, record: Record) -> str:
        kind = interaction_kind(record.text("kind"), record.text("subject"))
        if record.get("is_internal") is True:
            return "internal"
        if kind in {"mail", ""} and INCOMING.search(record.text("direction") + record.text("kind")):
            return "reply"
        return kind or ("meeting" if record.get("minutes") or record.get("attendees") else "note")

    def _status(self, record: Record, happened_at: datetime) -> str:
        said = told(record.text("status"), MEETING_STATUS)
        if happened_at > self.loading.now:
            return said if said == "cancelled" else "booked"
        return said or "completed"

    def _customers(self, record: Record) -> list[str]:
        """Return the addresses of those attendees who are not of our own company."""
        mails = [each.lower() for each in record.get("attendees") or () if "@" in each]
        bare = [mail.rpartition("<")[2].rstrip("> ") for mail in mails]
        return [mail for mail in bare if mail.partition("@")[2] not in self.loading.own_domains]

    def _customer_was_there(self, record: Record, kind: str) -> bool:
        said = record.get("customer_present")
        if said is not None:
            return bool(said)
        if kind not in MET:
            return False
        attendees = record.get("attendees") or ()
        if any("@" in each for each in attendees) and self.loading.own_domains:
            return bool(self._customers(record))
        return bool(record.get("attendee_count") != 1)

    def _contact(self, record: Record) -> str:
        named = record.text("contact_id") or record.text("contact_mail") or record.text("contact_name")
        return named or next(iter(self._customers(record)), "")


def _started(record: Record) -> datetime | None:
    """Return when it began, with the time of day from a column of its own where there is one."""
    at = record.instant("happened_at")
    clock = _CLOCK.match(record.text("time")) if at is not None and record.text("time") else None
    if at is None or clock is None or at.time() != datetime.min.time():
        return at
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    return at + timedelta(hours=hour, minutes=minute)


def _minutes(record: Record, started_at: datetime) -> float | None:
    minutes = record.get("minutes")
    ends_at = record.instant("ends_at")
    if minutes is not None or ends_at is None:
        return float(minutes) if minutes is not None else None
    length = (ends_at - started_at).total_seconds() / 60
    return length if 0 < length <= 7 * 24 * 60 else None
