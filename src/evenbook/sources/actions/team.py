"""Landing the team and what changed hands: people, pools, absences, owners, attributes over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evenbook.book.actions.forgetting import AWAY
from evenbook.book.actions.histories import Owned, Said, own, say
from evenbook.book.actions.people import (
    Absence,
    PersonSaid,
    add_absences,
    add_person,
    add_pool,
    change_person,
    join_pool,
)
from evenbook.book.rules.staff import Known, name_from_mail
from evenbook.kit.dates import start_of
from evenbook.sources.actions.context import PEOPLE_LIST
from evenbook.sources.actions.landers import Landing, Verdict, at_column
from evenbook.sources.actions.lookups import keep
from evenbook.sources.actions.resolving import account_of, owner_of, person_of
from evenbook.sources.actions.said import word
from evenbook.sources.rules.rows import Held, Record, Refusal
from evenbook.sources.rules.vocabulary import CUSTOMER, ON_ACCOUNT, ROLE, SEGMENT, named, told

PLAIN = ("team", "region", "time_zone")
DAYS = ("started_on", "left_on")
FIGURES = ("working_share", "monthly_hours")
LISTS = ("languages", "industries")
NO_ROLE = "'{}' is no role on an account: owner, onboarding, adoption, expansion or renewal"


class People:
    """Lands the people of the team, or a tool's users."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.is_tool = landing.mapping.is_vendor
        self.without_capacity: list[str] = []

    def key(self, record: Record) -> str:
        """Return the person's id, address or name."""
        return record.text("person_id") or record.text("person_mail") or _name(record)

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land people and return what became of each."""
        return [self._land(record) for record in records]

    def finish(self) -> None:
        """Keep that the team is known now, so that strangers among owners are asked about."""
        keep(self.landing.source, PEOPLE_LIST, {"1": {"by": self.loading.by}})
        self.loading.listed.add(self.landing.source)
        for name in self.without_capacity:
            self.landing.report.note(f"{name} has no capacity, so no load is worked out for them.")

    def _land(self, record: Record) -> Verdict:
        name, mail = _name(record), record.text("person_mail")
        external_id = record.text("person_id")
        if record.get("is_deleted") is True:
            return Refusal(self.landing.column("is_deleted"), "they are deleted in their source")
        if not (name or mail):
            return Refusal("", "it has neither a name nor a mail address")
        hours = record.get("monthly_hours")
        if hours is not None and hours < 0:
            return Refusal(self.landing.column("monthly_hours"), "nobody has a negative capacity")
        fields = self._fields(record)
        shown = name or name_from_mail(mail)
        if fields.get("working_share") == 0 or fields.get("monthly_hours") == 0:
            self.without_capacity.append(shown)
        aliases = ((self.landing.source, external_id),) if external_id else ()
        said = PersonSaid(shown, mail, fields, aliases, record.day("role_since"))
        found = self.loading.staff.find(
            source=self.landing.source, external_id=external_id, mail=mail, name=name
        )
        if found is not None and self.loading.staff.known[found].key in self.loading.veil.keys:
            return "unchanged"
        if found is not None:
            if self.is_tool:
                fields.pop("role", None)
            return "changed" if self._changed(found, said) else "unchanged"
        fields.setdefault("role", "user" if self.is_tool else "csm")
        row = add_person(said, taken=self.loading.person_keys, written=self.loading.written)
        self._learn(Known(row.pk, row.key, row.name, row.mail), aliases)
        return "created"

    def _changed(self, person: int, said: PersonSaid) -> bool:
        known = self.loading.staff.known[person]
        changed = change_person(person, said, now=self.loading.now, written=self.loading.written)
        self._learn(Known(person, known.key, said.name or known.name, known.mail or said.mail), said.aliases)
        return changed

    def _learn(self, known: Known, aliases: tuple[tuple[str, str], ...]) -> None:
        self.loading.staff.add(known, aliases)
        domain = known.mail.partition("@")[2]
        if domain and domain not in self.loading.public_domains:
            self.loading.own_domains.add(domain)

    def _fields(self, record: Record) -> dict[str, Any]:
        fields: dict[str, Any] = {name: record.text(name)[:60] for name in PLAIN if record.text(name)}
        role = _role(record, self.landing)
        if role:
            fields["role"] = role
        fields.update({name: record.day(name) for name in DAYS if record.day(name)})
        fields.update({name: record.get(name) for name in FIGURES if record.get(name) is not None})
        fields.update({name: _parts(record.text(name)) for name in LISTS if record.text(name)})
        kept = {"role": record.text("role"), "manager": record.text("manager_name")}
        custom = {**record.custom, **{name: value for name, value in kept.items() if value}}
        return {**fields, "custom": custom} if custom else fields


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]


def _name(record: Record) -> str:
    return record.text("person_name") or f"{record.text('first_name')} {record.text('last_name')}".strip()


def _role(record: Record, landing: Landing) -> str:
    said = record.text("role")
    if said:
        return told(said, ROLE) or ("user" if landing.mapping.is_vendor else said.lower()[:40])
    header = landing.column("person_name").lower()
    return "sales" if "sales" in header else ""


class Pools:
    """Lands pools and who is in them."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return pool and person."""
        person = record.text("person_id") or record.text("person_mail") or record.text("person_name")
        return f"{record.text('pool_name')}/{person}/{record.day('since_on') or ''}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land memberships and return what became of each."""
        return [self._land(record) for record in records]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _land(self, record: Record) -> Verdict:
        lead = person_of(
            Record(0, {"person_name": record.text("lead_name")}), self.landing.source, self.loading
        )
        pool, is_new = add_pool(record.text("pool_name"), lead=lead, written=self.loading.written)
        self.loading.pools[record.text("pool_name")] = pool
        person = person_of(record, self.landing.source, self.loading)
        if person is None:
            return "created" if is_new else "unchanged"
        joined = join_pool(
            pool,
            person,
            since_on=record.day("since_on") or datetime(1970, 1, 1).date(),
            until_on=record.day("until_on"),
            written=self.loading.written,
        )
        return "created" if is_new or joined else "unchanged"


class Leaves:
    """Lands absences."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return who is away from when."""
        person = record.text("person_id") or record.text("person_mail") or record.text("person_name")
        return f"{person}/{record.day('first_on')}/{record.text('kind')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land absences and return what became of each."""
        prepared = [self._prepared(record) for record in records]
        absences = [each for each in prepared if isinstance(each, Absence)]
        landed = iter(add_absences(absences, now=self.loading.now, written=self.loading.written))
        return [
            ("created" if next(landed) else "unchanged") if isinstance(each, Absence) else each
            for each in prepared
        ]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Absence | Verdict:
        first_on, last_on = record.day("first_on"), record.day("last_on")
        if first_on is None or last_on is None or last_on < first_on:
            return Refusal(self.landing.column("last_on"), "the absence ends before it starts")
        person = self.loading.staff.find(
            source=self.landing.source,
            external_id=record.text("person_id"),
            mail=record.text("person_mail"),
            name=record.text("person_name"),
        )
        if person is None:
            said = record.text("person_name") or record.text("person_mail") or record.text("person_id")
            return Refusal(self.landing.column("person_name"), f"nobody of the team is called '{said}'")
        cover = self.loading.staff.find(name=record.text("cover_name"), mail=record.text("cover_name"))
        was_forgotten = self.loading.staff.known[person].key in self.loading.veil.keys
        kind = AWAY if was_forgotten else record.text("kind") or AWAY
        return Absence(person, first_on, last_on, kind, cover)


class Owners:
    """Lands the history of owners: each from a day, and nobody after the last one's end."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.spells: dict[tuple[int, str], list[tuple[datetime, datetime | None]]] = defaultdict(list)

    def key(self, record: Record) -> str:
        """Return account, role and day."""
        who = record.text("account_id") or record.text("account_name") or record.text("account_domain")
        return f"{who}/{record.text('role')}/{record.instant('since_at')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land spells of ownership and return what became of each."""
        prepared = [self._prepared(record) for record in records]
        owned = [each for each in prepared if isinstance(each, Owned)]
        landed = iter(self._own(owned))
        return [
            ("created" if next(landed) else "unchanged") if isinstance(each, Owned) else each
            for each in prepared
        ]

    def finish(self) -> None:
        """Note that nobody owns an account from the end of a spell that no other follows."""
        ends: list[Owned] = []
        for (account, role), spells in self.spells.items():
            starts = [since for since, _ in spells]
            for _, until in spells:
                if until is not None and not any(
                    0 <= (since - until).total_seconds() <= 2 * 86_400 for since in starts
                ):
                    ends.append(Owned(account, role, None, None, self.landing.source, at=until))
        self._own(ends)

    def _own(self, owned: Sequence[Owned]) -> list[bool]:
        loading = self.loading
        return own(owned, fresh=loading.fresh, rank=loading.rank, now=loading.now, written=loading.written)

    def _prepared(self, record: Record) -> Owned | Verdict:
        file = self.landing.report.file
        account = account_of(record, self.landing.source, self.loading, file=file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        column = self.landing.column("owner_name") or self.landing.column("owner_mail")
        owner = owner_of(record, self.landing.source, self.loading, file=file, column=column)
        if isinstance(owner, Held):
            return owner
        since_at, until_on = record.instant("since_at"), record.day("until_at")
        role = told(record.text("role"), ON_ACCOUNT) if record.text("role") else "owner"
        if not role:
            return Refusal(self.landing.column("role"), NO_ROLE.format(record.text("role")))
        if since_at is not None:
            self.spells[account, role].append((since_at, start_of(until_on) if until_on else None))
        return Owned(account, role, owner.person, owner.pool, self.landing.source, at=since_at)


class Attributes:
    """Lands what attributes of accounts were, with their days."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return account, attribute and day."""
        who = record.text("account_id") or record.text("account_name") or record.text("account_domain")
        return f"{who}/{record.text('name')}/{record.instant('at')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land dated attributes and return what became of each."""
        return [self._land(record) for record in records]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _land(self, record: Record) -> Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        said = self._said(record, account)
        if isinstance(said, Held):
            return said
        loading = self.loading
        owner = owner_of(record, self.landing.source, loading, file=self.landing.report.file, column="")
        if isinstance(owner, Held):
            return owner
        changed = say(said, fresh=loading.fresh, rank=loading.rank, now=loading.now, written=loading.written)
        if record.text("owner_id"):
            at, source = record.instant("at"), self.landing.source
            owned = [Owned(account, "owner", owner.person, owner.pool, source, at=at)]
            changed += own(
                owned, fresh=loading.fresh, rank=loading.rank, now=loading.now, written=loading.written
            )
        return "created" if any(changed) else "unchanged"

    def _said(self, record: Record, account: int) -> list[Said] | Held:
        at, source = record.instant("at"), self.landing.source
        values = dict(record.values)
        if record.text("name") and record.text("value"):
            values[record.text("name").strip().lower().replace(" ", "_")] = record.text("value")
        found: list[Said] = []
        for name in ("tier", "stage"):
            value = (
                word(Record(record.number, {name: values.get(name)}), name, self.landing)
                if values.get(name)
                else ""
            )
            if isinstance(value, Held):
                return value
            if value:
                found.append(Said(account, name, value, source, at=at))
        spoken = {
            "segment": named(values.get("segment"), SEGMENT) or str(values.get("segment") or ""),
            "region": str(values.get("region") or ""),
            "industry": str(values.get("industry") or ""),
            "status": told(values.get("status"), CUSTOMER) or str(values.get("status") or "").lower(),
        }
        found.extend(Said(account, name, value, source, at=at) for name, value in spoken.items() if value)
        return found
