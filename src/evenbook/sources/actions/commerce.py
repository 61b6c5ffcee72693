"""Landing what customers pay: contracts, renewals, revenue movements, churn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from evenbook.book.actions import Contract
from evenbook.book.actions.histories import Said, say
from evenbook.book.actions.revenue import Booking, Movement, add_movements, book_terms
from evenbook.book.actions.versions import land_facts
from evenbook.book.actions.writing import chunks
from evenbook.book.rules.revenue import Terms, ends_at
from evenbook.book.rules.versions import Fact, Shape
from evenbook.kit.dates import start_of
from evenbook.sources.actions.landers import Landing, Verdict, at_column
from evenbook.sources.actions.resolving import account_of
from evenbook.sources.rules.cells import Amount
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint
from evenbook.sources.rules.vocabulary import MOVEMENT, RENEWAL, TERMS, told

RUNNING = Shape(blanks={"lost_at": None, "renewed_at": None}, closing=("lost_at", "renewed_at"))
ENDING = Shape(
    blanks={"lost_at": None, "renewed_at": None, "ends_on": None}, closing=("lost_at", "renewed_at")
)
"""Where only lost contracts have an end, the end is news too."""
DAYS_A_YEAR = 365.25


@dataclass(slots=True)
class _Signed:
    """A contract that was read: its fact and, where it brings revenue, its terms."""

    fact: Fact
    booking: Booking
    arr_cents: int | None
    starts_on: date | None
    ends_on: date | None
    lost_at: datetime | None
    goes_on: bool


class Contracts:
    """Lands contracts and subscriptions, and books their revenue."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.shape = ENDING if _only_lost_ones_end(landing.sample) else RUNNING
        if self.shape is ENDING and landing.mapping.has("ends_on"):
            landing.report.note("Only lost contracts have an end, so an end counts as known when it came.")
        self.booked: list[_Signed] = []

    def key(self, record: Record) -> str:
        """Return the contract's id, else its account, product and start."""
        return _contract_id(record)

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land contracts; their revenue is booked once all of the file are known."""
        prepared = [self._prepared(record) for record in records]
        for record, found in zip(records, prepared, strict=True):
            if isinstance(found, Held | Refusal):
                self.remember(record, found)
        signed = [each for each in prepared if isinstance(each, _Signed)]
        outcomes = iter(
            land_facts(
                Contract,
                [each.fact for each in signed],
                shape=self.shape,
                now=self.loading.now,
                written=self.loading.written,
            )
            if signed
            else ()
        )
        verdicts: list[Verdict] = []
        for each in prepared:
            if not isinstance(each, _Signed):
                verdicts.append(each)
                continue
            outcome = next(outcomes)
            if outcome == "absent":
                verdicts.append(Refusal("", "it was deleted in its source and never loaded"))
                continue
            verdicts.append(outcome)
            self._note(each, is_new=outcome != "unchanged")
        return verdicts

    def finish(self) -> None:
        """Book the revenue of the contracts that are new or changed, each account's in their order."""
        ordered = sorted(self.booked, key=lambda each: (each.booking.account, each.starts_on or date.min))
        pairs = [
            (each.booking, terms, each.fact.modified_at) for each in ordered if (terms := self._terms(each))
        ]
        for piece in chunks(pairs):
            book_terms(piece, now=self.loading.now, written=self.loading.written)

    def remember(self, record: Record, verdict: Held | Refusal) -> None:
        """Keep what records of this contract have to wait for, or why it is not there."""
        key = (self.landing.source, f"contract:{_contract_id(record)}")
        if isinstance(verdict, Held):
            self.loading.held[key] = verdict.question
        else:
            self.loading.refused[key] = f"{self.landing.report.file}, row {record.number}"

    def _note(self, signed: _Signed, *, is_new: bool) -> None:
        account = signed.booking.account
        self.loading.contracts[self.landing.source, signed.fact.external_id] = account
        if signed.starts_on:
            self.loading.contract_starts[account].add(signed.starts_on)
            self.loading.starts.append((account, start_of(signed.starts_on)))
        if is_new and signed.arr_cents is not None:
            self.booked.append(signed)

    def _prepared(self, record: Record) -> _Signed | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        amount = _yearly(record)
        if isinstance(amount, Refusal):
            return replace(amount, column=self.landing.column("total_value"))
        if amount is not None and amount.cents < 0:
            reason = f"a contract can't bring a negative amount a year ({amount.cents / 100:,.2f})"
            return Refusal(self.landing.column("arr") or self.landing.column("mrr"), reason)
        starts_on, ends_on = record.day("starts_on"), _end(record)
        if starts_on and ends_on and ends_on < starts_on:
            return Refusal(
                self.landing.column("ends_on"), f"it ends ({ends_on}) before it starts ({starts_on})"
            )
        return self._signed(record, account, amount, starts_on=starts_on, ends_on=ends_on)

    def _signed(
        self,
        record: Record,
        account: int,
        amount: Amount | None,
        *,
        starts_on: date | None,
        ends_on: date | None,
    ) -> _Signed:
        status = told(record.text("status"), TERMS)
        lost_at = _lost_at(record, status, ends_on, self.loading.now)
        cents = 0 if amount and (record.get("is_trial") is True or status == "draft") else None
        cents = cents if cents is not None or amount is None else amount.cents
        home = self.loading.home
        own = {"account_id": account, "starts_on": starts_on, "ends_on": ends_on, "lost_at": lost_at}
        values = {**_said_of_contract(record), **own, "arr_cents": cents, "currency": home}
        happened_at = start_of(starts_on) if starts_on else record.instant("created_at") or self.loading.now
        fact = Fact(
            source=self.landing.source,
            external_id=_contract_id(record),
            values=values,
            happened_at=happened_at,
            known_at=None,
            modified_at=record.instant("modified_at"),
            fingerprint=fingerprint(record),
            is_deleted=record.get("is_deleted") is True,
        )
        original = amount.original_cents if amount and amount.currency != home else None
        booking = Booking(
            account, self.landing.source, home, original, amount.currency if amount and original else ""
        )
        goes_on = (
            status == "active"
            or record.get("auto_renews") is True
            or record.instant("renewed_at") is not None
        )
        return _Signed(fact, booking, cents, starts_on, ends_on, lost_at, goes_on)

    def _terms(self, signed: _Signed) -> Terms | None:
        if signed.arr_cents is None:
            return None
        starts_on = signed.starts_on or min(signed.fact.happened_at, self.loading.now).date()
        end = ends_at(
            signed.ends_on,
            signed.lost_at,
            goes_on=signed.goes_on,
            starts=self.loading.contract_starts[signed.booking.account] - {signed.starts_on or date.min},
        )
        return Terms(signed.fact.external_id, signed.arr_cents, starts_on, end)


def _only_lost_ones_end(sample: Sequence[Record]) -> bool:
    """Return whether, as far as the sample shows, nothing but a loss gives a contract its end."""
    lost = [record for record in sample if _is_lost(record)]
    return any(record.get("ends_on") for record in lost) and not any(
        record.get("ends_on") for record in sample if not _is_lost(record)
    )


def _is_lost(record: Record) -> bool:
    return record.get("is_lost") is True or told(record.text("status"), TERMS) == "lost"


def _lost_at(record: Record, status: str, ends_on: date | None, now: datetime) -> datetime | None:
    """Return when a contract was lost: its own date, else its end, else when that was last seen."""
    lost_at = record.instant("lost_at")
    if lost_at is not None:
        return lost_at
    if not (record.get("is_lost") is True or status == "lost"):
        return None
    if ends_on:
        return start_of(ends_on)
    return min(record.instant("modified_at") or now, now)


def _end(record: Record) -> date | None:
    ends_on, starts_on, months = record.day("ends_on"), record.day("starts_on"), record.get("term_months")
    if ends_on or not (starts_on and isinstance(months, int) and 0 < months <= 600):
        return ends_on
    month = starts_on.month - 1 + months
    year, day = starts_on.year + month // 12, min(starts_on.day, 28)
    return date(year, month % 12 + 1, day) - timedelta(days=1)


def _said_of_contract(record: Record) -> dict[str, Any]:
    """Return what a record says of its contract, apart from dates and money that are worked out."""
    return {
        "product": record.text("product")[:120],
        "renews_on": record.day("renews_on"),
        "renewed_at": record.instant("renewed_at"),
        "seats": record.get("seats"),
        "custom": record.custom,
    }


def _yearly(record: Record) -> Amount | Refusal | None:
    """Return what a contract brings a year; a value over its whole term is spread over the term."""
    amount = record.amount("arr") or record.amount("mrr")
    total = record.amount("total_value")
    if amount is not None or total is None:
        return amount
    starts_on, ends_on = record.day("starts_on"), _end(record)
    if not (starts_on and ends_on and ends_on > starts_on):
        return Refusal("", "its value is for the whole term, and the term has no start or no end")
    years = max((ends_on - starts_on).days + 1, 1) / DAYS_A_YEAR
    return Amount(round(total.cents / years), round(total.original_cents / years), total.currency)


def _contract_id(record: Record) -> str:
    if record.text("contract_id"):
        return record.text("contract_id")[:200]
    who = record.text("account_id") or record.text("account_name") or record.text("account_domain")
    return f"{who}/{record.text('product')}/{record.day('starts_on') or record.day('renews_on') or ''}"[:200]


class Renewals:
    """Lands renewals as contracts that are due, with what became of them."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the renewal's id, else its account and day."""
        return _renewal_id(record)

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land renewals and return what became of each."""
        prepared = [self._prepared(record) for record in records]
        facts = [each for each in prepared if isinstance(each, Fact)]
        landed = iter(
            land_facts(Contract, facts, shape=RUNNING, now=self.loading.now, written=self.loading.written)
            if facts
            else ()
        )
        return [str(next(landed)) if isinstance(each, Fact) else each for each in prepared]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Fact | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        renews_on = record.day("renews_on")
        outcome = told(record.text("outcome"), RENEWAL)
        decided_at = record.instant("renewed_at") or (start_of(renews_on) if renews_on else None)
        amount = record.amount("arr") or record.amount("mrr")
        values = {
            "account_id": account,
            "product": record.text("product")[:120],
            "starts_on": record.day("starts_on"),
            "ends_on": record.day("ends_on"),
            "renews_on": renews_on,
            "renewed_at": decided_at if outcome == "renewed" else None,
            "lost_at": record.instant("lost_at") or (decided_at if outcome == "lost" else None),
            "arr_cents": amount.cents if amount else None,
            "currency": self.loading.home,
            "custom": {
                **record.custom,
                **({"outcome": record.text("outcome")} if record.text("outcome") else {}),
            },
        }
        starts_on = record.day("starts_on")
        began = start_of(starts_on) if starts_on else record.instant("created_at") or self.loading.now
        modified_at = record.instant("modified_at")
        known_as = (self.landing.source, _renewal_id(record))
        return Fact(
            *known_as, values, min(began, decided_at or began), None, modified_at, fingerprint(record)
        )


def _renewal_id(record: Record) -> str:
    who = record.text("account_id") or record.text("account_name") or record.text("account_domain")
    found = (
        record.text("renewal_id") or record.text("contract_id") or f"{who}/{record.day('renews_on') or ''}"
    )
    return f"renewal:{found}"[:200]


class Movements:
    """Lands revenue movements as they are."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading
        self.alike: Counter[str] = Counter()

    def key(self, record: Record) -> str:
        """Return the movement's id; without one, equal rows are two movements."""
        return record.text("movement_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land movements and return what became of each."""
        prepared = [self._prepared(record) for record in records]
        movements = [each for each in prepared if isinstance(each, Movement)]
        landed = iter(add_movements(movements, now=self.loading.now, written=self.loading.written))
        return [
            ("created" if next(landed) else "unchanged") if isinstance(each, Movement) else each
            for each in prepared
        ]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _prepared(self, record: Record) -> Movement | Verdict:
        account = account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
        if not isinstance(account, int):
            return at_column(account, self.landing)
        kind = told(record.text("kind"), MOVEMENT)
        amount = record.amount("change") or record.amount("change_mrr")
        happened_at = record.instant("happened_at")
        if not kind:
            known = "new, expansion, contraction, churn, renewal"
            reason = f"'{record.text('kind')}' is no kind of movement ({known})"
            return Refusal(self.landing.column("kind"), reason)
        if amount is None or happened_at is None:
            return Refusal("", "it has no amount or no date")
        if kind == "renewal":
            return Refusal(
                self.landing.column("kind"),
                "a renewal moves no revenue; load renewals as a table of their own",
            )
        if kind in {"new", "expansion"} and amount.cents < 0:
            return Refusal(self.landing.column("change"), f"{kind} can't take revenue away")
        cents = -abs(amount.cents) if kind in {"churn", "contraction"} else amount.cents
        original = amount.original_cents if amount.currency != self.loading.home else None
        booking = Booking(
            account, self.landing.source, self.loading.home, original, amount.currency if original else ""
        )
        return Movement(booking, self._label(record), kind, cents, happened_at)

    def _label(self, record: Record) -> str:
        if record.text("movement_id"):
            return f"movement:{record.text('movement_id')}"[:200]
        digest = fingerprint(record)
        self.alike[digest] += 1
        return f"movement:{digest}:{self.alike[digest]}"


class Churns:
    """Lands churn events as dated changes of the account's status."""

    def __init__(self, landing: Landing) -> None:
        self.landing, self.loading = landing, landing.loading

    def key(self, record: Record) -> str:
        """Return the event's id."""
        return record.text("churn_id")

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Land churn events and return what became of each."""
        accounts = [
            account_of(record, self.landing.source, self.loading, file=self.landing.report.file)
            for record in records
        ]
        said: list[Said] = []
        for record, account in zip(records, accounts, strict=True):
            at = record.instant("churned_at")
            if isinstance(account, int):
                said.append(Said(account, "status", "churned", self.landing.source, at=at))
                said.append(Said(account, "churn_reason", record.text("reason"), self.landing.source, at=at))
        landed = iter(
            say(
                [each for each in said if each.value],
                fresh=self.loading.fresh,
                rank=self.loading.rank,
                now=self.loading.now,
                written=self.loading.written,
            )
        )
        return [
            self._verdict(record, account, landed) for record, account in zip(records, accounts, strict=True)
        ]

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def _verdict(self, record: Record, account: int | Held | Refusal, landed: object) -> Verdict:
        if not isinstance(account, int):
            return at_column(account, self.landing)
        is_new = next(landed)  # type: ignore[call-overload]
        has_reason = next(landed) if record.text("reason") else False  # type: ignore[call-overload]
        return "created" if is_new else "changed" if has_reason else "unchanged"
