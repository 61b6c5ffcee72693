"""Landing contacts, opportunities, scores and artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from evenbook.book.actions import Contact
from evenbook.book.actions.versions import land_facts
from evenbook.book.rules.versions import Fact, Shape
from evenbook.kit.dates import start_of
from evenbook.kit.findings import counted
from evenbook.records.actions import land_records
from evenbook.sources.actions.landers import Landing, Verdict, at_column, linked_by_table, own_id, settle
from evenbook.sources.actions.resolving import account_of, person_of
from evenbook.sources.actions.said import score
from evenbook.sources.rules.rows import Record, Refusal, fingerprint
from evenbook.sources.rules.vocabulary import ARTIFACT, SALE, SALE_KIND, plain, told

CONTACTS = Shape(closing=("left_at",), masked=("left_at",))
SCORES = ("health", "risk", "nps", "csat", "sentiment")
KINDS = (
    ("nps", r"nps|promoter"),
    ("csat", r"csat|satisf"),
    ("ces", r"\bces\b|effort"),
    ("risk", r"risk|churn"),
    ("sentiment", r"sentiment|pulse"),
    ("health", r"health|score|overall|rag"),
)


class Contacts:
    """Lands people on the customers' side."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the contact's id, else their address or name at their account."""
        return contact_id(record)

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land contacts and return what became of each."""
        return land_contacts([self._prepared(record) for record in records], self.landing)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        linked = linked_by_table("contact", record.text("contact_id"), self.landing)
        account = account_of(
            record, self.landing.source, self.loading, file=self.landing.report.file, linked=linked
        )
        if not isinstance(account, int):
            return at_column(account, self.landing)
        return contact_fact(record, account, self.landing)


def contact_id(record: Record) -> str:
    """Return what a contact is filed under."""
    who = record.text("contact_mail") or contact_name(record)
    found = record.text("contact_id") or record.text("contact_mail")
    return (found or f"{record.text('account_id') or record.text('account_name')}/{who}")[:200]


def contact_name(record: Record) -> str:
    """Return a contact's name, from its parts where need be."""
    parts = f"{record.text('first_name')} {record.text('last_name')}".strip()
    return record.text("contact_name") or parts


def contact_fact(record: Record, account: int, landing: Landing) -> Fact | Verdict:
    """Return the fact of a contact."""
    name = contact_name(record) or record.text("contact_mail")
    if not name:
        return Refusal("", "it has neither a name nor a mail address")
    now = landing.loading.now
    left_at = record.instant("left_at")
    if left_at is None and record.get("has_left") is True:
        left_at = min(record.instant("modified_at") or now, now)
    values = {
        "account_id": account,
        "name": name[:200],
        "mail": record.text("contact_mail"),
        "title": record.text("title")[:200],
        "role": record.text("role")[:60],
        "is_champion": record.get("is_champion") is True or "champion" in record.text("role").lower(),
        "left_at": left_at,
    }
    former = landing.loading.veil.behind(landing.source, contact_id(record))
    if former is not None:
        values |= {"name": former.name, "mail": former.mail if values["mail"] else "", "title": ""}
    created_at = record.instant("created_at")
    return Fact(
        source=landing.source,
        external_id=contact_id(record),
        values=values,
        happened_at=created_at or now,
        known_at=created_at,
        modified_at=record.instant("modified_at"),
        fingerprint=fingerprint(record),
        is_deleted=record.get("is_deleted") is True,
    )


def land_contacts(prepared: Sequence[Fact | Verdict], landing: Landing) -> list[Verdict]:
    """Land the contacts among what was prepared and return the verdicts in order."""
    loading = landing.loading
    facts = [each for each in prepared if isinstance(each, Fact)]
    landed = iter(
        land_facts(Contact, facts, shape=CONTACTS, now=loading.now, written=loading.written) if facts else ()
    )
    verdicts: list[Verdict] = []
    for each in prepared:
        if not isinstance(each, Fact):
            verdicts.append(each)
            continue
        outcome = next(landed)
        account = int(each.values["account_id"])
        loading.contacts[each.source, each.external_id] = account
        if each.values["mail"]:
            loading.contacts_by_mail[each.values["mail"]] = account
        absent = Refusal("", "they were deleted in their source and never loaded")
        verdicts.append(absent if outcome == "absent" else outcome)
    return verdicts


class Opportunities:
    """Lands sales under way and decided."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.stages = landing.loading.lookup(landing.source, "deal-stage")
        self.undated = 0

    def key(self, record: Record) -> str:
        """Return the opportunity's id, else its name at its account."""
        return _opportunity_id(record)

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land opportunities and return what became of each."""
        return settle("opportunity", [self._prepared(record) for record in records], self.loading)

    def finish(self) -> None:
        """Say how many have no date."""
        if self.undated:
            have = counted(self.undated, "opportunity has", "opportunities have")
            self.landing.report.note(f"{have} no date: known from the first load on.")

    def _prepared(self, record: Record) -> Fact | Verdict:
        account = account_of(
            record,
            self.landing.source,
            self.loading,
            file=self.landing.report.file,
            linked=linked_by_table("deal", record.text("opportunity_id"), self.landing),
        )
        if not isinstance(account, int):
            return at_column(account, self.landing)
        stage, side = self._stage(record)
        closed_at = self._closed_at(record, side)
        expected_on = record.day("expected_on") or (record.day("closed_at") if not side else None)
        amount = record.amount("amount")
        self.undated += not any(map(record.get, ("opened_at", "created_at", "closed_at", "expected_on")))
        opened_at = record.instant("opened_at") or record.instant("created_at")
        values = {
            "account_id": account,
            "name": record.text("name")[:300],
            "kind": told(record.text("kind"), SALE_KIND) or plain(record.text("kind"))[:30],
            "stage": stage[:80],
            "product": record.text("product")[:120],
            "amount_cents": amount.cents if amount else None,
            "currency": self.loading.home,
            "probability": record.get("probability"),
            "expected_on": expected_on,
            "won_at": closed_at if side == "won" else None,
            "lost_at": closed_at if side == "lost" else None,
            "person_id": person_of(record, self.landing.source, self.loading),
            "custom": record.custom,
        }
        return Fact(
            source=self.landing.source,
            external_id=_opportunity_id(record),
            values=values,
            happened_at=opened_at or min(closed_at or self.loading.now, self.loading.now),
            known_at=record.instant("created_at"),
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
            is_deleted=record.get("is_deleted") is True,
        )

    def _stage(self, record: Record) -> tuple[str, str]:
        """Return the stage, and ``won``, ``lost`` or "" for open."""
        said = record.text("stage")
        known = self.stages.get(said)
        if known is not None:
            label = str(known.get("label") or said)
            closed, won = bool(known.get("is_closed")), bool(known.get("is_won"))
            return label, "won" if won else "lost" if closed else ""
        if record.get("is_won") is True:
            return said, "won"
        if record.get("is_closed") is True:
            return said, "lost"
        return said, told(said, SALE)

    def _closed_at(self, record: Record, side: str) -> datetime | None:
        """Return when a decided sale was decided: its closing day, else when that was last seen."""
        if not side:
            return None
        day = record.day("closed_at") or record.day("expected_on")
        closed_at = start_of(day) if day else None
        if closed_at is not None and closed_at <= self.loading.now:
            return closed_at
        return min(record.instant("modified_at") or self.loading.now, self.loading.now)


def _opportunity_id(record: Record) -> str:
    who = record.text("account_id") or record.text("account_name")
    found = record.text("opportunity_id")
    return (found or f"{who}/{record.text('name')}/{record.instant('opened_at') or ''}")[:200]


class Scores:
    """Lands dated scores and survey answers; a row may hold several."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the score's id, else account, contact and time; answers of one day are told apart."""
        if record.text("score_id"):
            return record.text("score_id")
        who = record.text("account_id") or record.text("account_name") or record.text("account_domain")
        contact = record.text("contact_id") or record.text("contact_mail") or record.text("contact_name")
        return f"{who}/{contact}/{record.text('kind')}/{record.instant('happened_at')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land scores and return what became of each row."""
        prepared = [self._prepared(record) for record in records]
        facts = [fact for each in prepared if isinstance(each, list) for fact in each]
        landed = iter(
            land_records("score", facts, now=self.loading.now, written=self.loading.written) if facts else ()
        )
        verdicts: list[Verdict] = []
        for each in prepared:
            if not isinstance(each, list):
                verdicts.append(each)
                continue
            outcomes = {next(landed) for _ in each}
            best = next((name for name in ("created", "changed") if name in outcomes), "unchanged")
            verdicts.append(best)
        return verdicts

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> list[Fact] | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        at = record.instant("happened_at") or self.loading.now
        values = {kind: record.values[kind] for kind in SCORES if isinstance(record.get(kind), float)}
        if isinstance(record.get("value"), float):
            said = record.text("kind") or self.landing.report.file
            values.setdefault(told(said, KINDS) or "health", record.values["value"])
        if not values:
            return Refusal("", "it holds no score")
        return [
            score(
                account,
                kind,
                value,
                named_as=(self.landing.source, f"{self.key(record)}:{kind}"),
                at=at,
                known_at=record.instant("created_at"),
            )
            for kind, value in values.items()
        ]


class Artifacts:
    """Lands written records that close loops."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the artifact's id; without one, every row is one."""
        return record.text("artifact_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land artifacts and return what became of each."""
        return settle("artifact", [self._prepared(record) for record in records], self.loading)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        written_at = record.instant("written_at") or record.instant("created_at") or self.loading.now
        values = {
            "account_id": account,
            "kind": (told(record.text("kind"), ARTIFACT) or plain(record.text("kind")).replace(" ", "_"))[
                :40
            ],
            "author_id": person_of(record, self.landing.source, self.loading),
            "summary": record.text("summary"),
            "fields": record.custom,
        }
        return Fact(
            source=self.landing.source,
            external_id=own_id(record, "artifact_id"),
            values=values,
            happened_at=written_at,
            known_at=record.instant("created_at"),
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
        )
