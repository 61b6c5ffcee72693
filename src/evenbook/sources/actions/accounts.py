"""Landing accounts: who they are, what is said of them, who owns them, what they pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evenbook.book import directory
from evenbook.book.actions import Contract
from evenbook.book.actions.accounts import (
    AccountChange,
    NewAccount,
    add_accounts,
    add_aliases,
    change_accounts,
    free_key,
    reserve_ids,
    set_fingerprints,
)
from evenbook.book.actions.histories import Owned, Said
from evenbook.book.actions.revenue import Booking
from evenbook.book.actions.versions import land_facts
from evenbook.book.rules.matching import DOUBT, SAME, Candidate, Match, Named, match
from evenbook.book.rules.parents import links_in_a_circle
from evenbook.book.rules.versions import Fact, Shape
from evenbook.kit.dates import start_of
from evenbook.kit.findings import counted
from evenbook.records.actions import land_records
from evenbook.sources.actions.landers import Landing, Verdict
from evenbook.sources.actions.lookups import keep_said, said_before
from evenbook.sources.actions.resolving import Owner, owner_doubt, owner_of
from evenbook.sources.actions.said import Attribute, attributes, scores, word
from evenbook.sources.rules import matches
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint
from evenbook.sources.values import company_domain, match_name

PRESENT_TERMS = Shape(blanks={"renews_on": None, "ends_on": None, "arr_cents": None, "seats": None})
"""An account's own terms: its start is a fact of the past, the rest is what is known today."""


DOUBTED = ("tier", "stage", "owner_id", "owner_mail", "owner_name", "pool_name")
"""Fields that may be asked about, each for itself."""


@dataclass(slots=True)
class _Batch:
    ids: list[int]
    new: list[NewAccount] = field(default_factory=list)
    aliases: list[tuple[int, str, str, str]] = field(default_factory=list)
    changes: list[AccountChange] = field(default_factory=list)
    prints: dict[str, str] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    terms: list[Fact] = field(default_factory=list)
    scores: list[Fact] = field(default_factory=list)


class Accounts:
    """Lands a file of accounts."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.prints = said_before(landing)
        self.known = {each for each, digest in directory.fingerprints(landing.source).items() if digest}
        self.beside: set[int] = set()
        self.unowned = 0
        self.circles: set[int] = set()

    def key(self, record: Record) -> str:
        """Return the account's own id, else its name."""
        return _external_id(record)

    def forbid_circles(self, links: Sequence[tuple[int, str, str]]) -> None:
        """Find the rows whose parent would close a circle: (row, own id or name, parent's)."""
        places: dict[str, int] = {}

        def place(name: str) -> int:
            return places.setdefault(name.casefold(), len(places))

        pairs = [(place(own), place(parent)) for _, own, parent in links]
        self.circles = {links[at][0] for at in links_in_a_circle({}, pairs)}

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land accounts and return what became of each."""
        batch = _Batch(reserve_ids(len(records))[::-1])
        verdicts = [self._land(record, batch) for record in records]
        self._write(batch)
        return verdicts

    def finish(self) -> None:
        """Say how many have no owner."""
        if self.unowned and self.landing.mapping.has("owner_name", "owner_mail", "owner_id"):
            self.landing.report.note(f"{counted(self.unowned, 'account has', 'accounts have')} no owner.")
        elif self.unowned:
            self.landing.report.note("The file names no owners; load one that does, or assign them.")

    def _land(self, record: Record, batch: _Batch) -> Verdict:
        verdict = self._checked(record) or self._placed(record, batch)
        if isinstance(verdict, Held | Refusal):
            self.remember(record, verdict)
        return verdict

    def _checked(self, record: Record) -> Refusal | None:
        if record.get("is_deleted") is True:
            return Refusal(self.landing.column("is_deleted"), "it is deleted in its source")
        if record.number in self.circles:
            parent = record.text("parent_id") or record.text("parent_name")
            return Refusal(
                self.landing.column("parent_id") or self.landing.column("parent_name"),
                f"with '{parent}' as its parent it would be its own parent, further up",
            )
        for name in ("arr", "mrr"):
            amount = record.amount(name)
            if amount is not None and amount.cents < 0:
                reason = f"an account can't pay a negative amount a year ({amount.cents / 100:,.2f})"
                return Refusal(self.landing.column(name), reason)
        return None

    def _placed(self, record: Record, batch: _Batch) -> Verdict:
        candidate = _candidate(record, self.landing.source, self.loading.public_domains)
        found = match(
            candidate,
            self.loading.register,
            likeness=self.loading.numbers.similar_name_share,
            beside=self.beside,
        )
        answered = self._answered(candidate, found) if found.kind == DOUBT else found
        waits = [answered.question] if isinstance(answered, Held) else []
        if held := Held.by([*self._doubts(record), *waits]):
            return held
        said, owner = attributes(record, self.landing), self._owner(record)
        if isinstance(owner, Held) or isinstance(said, Held | Refusal) or isinstance(answered, Held):
            return next(each for each in (owner, said, answered) if isinstance(each, Held | Refusal))
        self.unowned += owner == Owner()
        return self._take(record, candidate, answered, statements=(owner, said), batch=batch)

    def with_doubts(self, record: Record, held: Held) -> Held:
        """Return a row that waits with what else it has to wait for, so that all is asked at once."""
        return Held.by([*held.questions, *self._doubts(record)]) or held

    def _doubts(self, record: Record) -> list[str]:
        """Return the questions about owner, tier and stage of a row that nobody has answered."""
        waits = (
            owner_doubt(record, self.landing.source, self.loading, **self._asking()),
            *(word(record, name, self.landing) for name in ("tier", "stage")),
        )
        return [each.question for each in waits if isinstance(each, Held)]

    def _owner(self, record: Record) -> Owner | Held:
        return owner_of(record, self.landing.source, self.loading, **self._asking())

    def _asking(self) -> dict[str, str]:
        return {"file": self.landing.report.file, "column": self._owner_column()}

    def _answered(self, candidate: Candidate, found: Match) -> Match | Held:
        others = [self.loading.register.named[each] for each in found.others]
        question = matches.account(self.landing.report.file, candidate, others, found.why)
        answer = self.loading.questions.ask(question)
        if answer is None:
            return Held(question.id)
        chosen = next((each.account for each in others if matches.SAME + each.key == answer), None)
        return Match(SAME, chosen) if chosen is not None else Match("new")

    def _take(
        self,
        record: Record,
        candidate: Candidate,
        found: Match,
        *,
        statements: tuple[Owner, list[Attribute]],
        batch: _Batch,
    ) -> Verdict:
        external_id, digest = candidate.external_id or _external_id(record), fingerprint(record)
        key = (candidate.source, external_id)
        is_known = key in self.loading.register.by_id
        if is_known and external_id in self.known and self.prints.get(external_id) == digest:
            self.beside.add(self.loading.register.by_id[key])
            return "unchanged"
        is_second = (
            found.account is not None
            and not is_known
            and bool(candidate.external_id)
            and self.loading.register.is_spoken_for(candidate.source, found.account)
        )
        account = self._identified(record, candidate, found, batch, is_second=is_second)
        outcome = "changed" if found.account is not None and not is_second else "created"
        batch.prints[external_id] = digest
        if is_known:
            batch.renewed[external_id] = digest
        else:
            batch.aliases.append((account, candidate.source, external_id, digest))
            self.loading.register.alias(account, candidate.source, external_id)
        self.prints[external_id] = digest
        self.known.add(external_id)
        self.beside.add(account)
        if not is_second and account not in self.loading.duplicates:
            self._state(record, account, external_id, statements=statements, batch=batch)
        return outcome

    def _identified(
        self, record: Record, candidate: Candidate, found: Match, batch: _Batch, *, is_second: bool
    ) -> int:
        if found.account is None or is_second:
            return self._made(record, candidate, found, batch, is_second=is_second)
        custom = _custom(record)
        known = self.loading.register.named[found.account]
        renamed = bool(candidate.name) and self._may_rename(found.account, candidate)
        batch.changes.append(
            AccountChange(
                found.account,
                name=candidate.name if renamed else None,
                matched=candidate.matched if renamed else None,
                domain=candidate.domain or None,
                started_at=_started(record),
                custom=custom or None,
            )
        )
        matched = candidate.matched if renamed else known.matched
        domain = candidate.domain or known.domain
        self.loading.register.add(
            Named(known.account, known.key, candidate.name if renamed else known.name, matched, domain)
        )
        return found.account

    def _made(
        self, record: Record, candidate: Candidate, found: Match, batch: _Batch, *, is_second: bool
    ) -> int:
        """Return the account that is made of a record that matches none."""
        name = candidate.name or candidate.external_id or candidate.domain
        account = batch.ids.pop()
        key = free_key(candidate.external_id, name, self.loading.account_keys)
        batch.new.append(
            NewAccount(
                key,
                name,
                candidate.matched,
                candidate.domain,
                _started(record),
                _custom(record),
                merged_into=found.account if is_second else None,
                pk=account,
            )  # fmt: skip
        )
        self.loading.fresh.add(account)
        if is_second:
            self.loading.duplicates.add(account)
        self.loading.register.add(Named(account, key, name, candidate.matched, candidate.domain))
        return account

    def _may_rename(self, account: int, candidate: Candidate) -> bool:
        """Return whether no source that ranks before this one names the account."""
        mine = self.loading.rank(candidate.source)
        return all(
            self.loading.rank(each) >= mine for each in self.loading.register.speakers.get(account, ())
        )

    def _state(
        self,
        record: Record,
        account: int,
        external_id: str,
        *,
        statements: tuple[Owner, list[Attribute]],
        batch: _Batch,
    ) -> None:
        owner, said = statements
        loading, source = self.loading, self.landing.source
        modified_at = record.instant("modified_at")
        loading.said.extend(
            Said(account, each.name, each.value, source, at=each.at, modified_at=modified_at) for each in said
        )
        if self.landing.mapping.has("owner_name", "owner_mail", "owner_id", "pool_name"):
            loading.owners.append(
                Owned(account, "owner", owner.person, owner.pool, source, modified_at=modified_at)
            )
        amount = record.amount("arr") or record.amount("mrr")
        if amount is not None:
            original = amount.original_cents if amount.currency != loading.home else None
            currency = amount.currency if original is not None else ""
            loading.stated.append((Booking(account, source, loading.home, original, currency), amount.cents))
        batch.terms.extend(_terms(record, account, (source, external_id), home=loading.home, now=loading.now))
        batch.scores.extend(scores(record, account, (source, external_id), now=loading.now))
        for parent_id, parent_name in [(record.text("parent_id"), record.text("parent_name"))]:
            if parent_id or parent_name:
                loading.links.append((account, source, parent_id, parent_name))

    def _write(self, batch: _Batch) -> None:
        loading = self.loading
        add_accounts(batch.new, taken=loading.account_keys, now=loading.now, written=loading.written)
        add_aliases(batch.aliases)
        change_accounts(batch.changes, written=loading.written)
        set_fingerprints(self.landing.source, list(batch.renewed.items()))
        keep_said(self.landing, batch.prints)
        land_facts(Contract, batch.terms, shape=PRESENT_TERMS, now=loading.now, written=loading.written)
        land_records("score", batch.scores, now=loading.now, written=loading.written)

    def remember(self, record: Record, verdict: Held | Refusal) -> None:
        """Keep what records of this account have to wait for, or why it is not there."""
        keys = [(self.landing.source, _external_id(record))]
        matched = match_name(record.text("account_name"))
        keys += [("name", matched)] if matched else []
        for key in keys:
            if isinstance(verdict, Held):
                self.loading.held[key] = verdict.question
            else:
                self.loading.refused[key] = f"{self.landing.report.file}, row {record.number}"

    def _owner_column(self) -> str:
        names = ("owner_name", "owner_mail", "owner_id")
        return next((column for each in names if (column := self.landing.column(each))), "")


def _external_id(record: Record) -> str:
    name = record.text("account_name")
    found = (
        record.text("account_id") or f"name:{match_name(name) or name}" if name else record.text("account_id")
    )
    return (found or f"domain:{record.text('account_domain')}")[:200]


def _candidate(record: Record, source: str, public: frozenset[str]) -> Candidate:
    name, external_id = record.text("account_name"), record.text("account_id")
    domain = company_domain(record.text("account_domain"), public)
    return Candidate(
        source=source,
        external_id=external_id,
        name=name or external_id or record.text("account_domain"),
        matched=(match_name(name) or name) if name else external_id.casefold(),
        domain=domain if isinstance(domain, str) else "",
    )


def _started(record: Record) -> datetime | None:
    started_at = record.instant("started_at")
    if started_at is not None:
        return started_at
    starts_on = record.day("starts_on")
    return start_of(starts_on) if starts_on else None


def _custom(record: Record) -> dict[str, Any]:
    kept = dict(record.custom)
    for name in ("plan", "parent_name"):
        if record.text(name) and name == "parent_name":
            kept["parent"] = record.text(name)
    return kept


def _terms(
    record: Record, account: int, named_as: tuple[str, str], *, home: str, now: datetime
) -> list[Fact]:
    """Return the contract that an account's own columns speak of."""
    source, external_id = named_as
    starts_on, ends_on, renews_on = (record.day(name) for name in ("starts_on", "ends_on", "renews_on"))
    if not (starts_on or ends_on or renews_on):
        return []
    amount = record.amount("arr") or record.amount("mrr")
    values = {
        "account_id": account,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "renews_on": renews_on,
        "arr_cents": amount.cents if amount else None,
        "currency": home,
        "seats": record.get("seats"),
    }
    return [
        Fact(
            source=source,
            external_id=f"account:{external_id}"[:200],
            values=values,
            happened_at=start_of(starts_on) if starts_on else now,
            known_at=None,
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(Record(0, values)),
        )
    ]
