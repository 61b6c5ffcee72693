"""The facts of many accounts for their reviews, as of a stored week, and the reviews drawn from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from evenbook.book.access import Opened, opened
from evenbook.book.among import Among
from evenbook.book.known import contacts_known, contracts_known, owners_told, values_told
from evenbook.book.queries import mails_of, staff
from evenbook.capacity.queries import AccountRow, Wanted, account_rows
from evenbook.kit.dates import BEGINNING, start_of
from evenbook.people.viewer import Viewer
from evenbook.records.known import measures_reported, meetings_held, tickets_told, used_weeks
from evenbook.records.numbers import RecordsNumbers
from evenbook.records.queries import escalated
from evenbook.reviews.models import AskedFor, OptOut, ReleaseNote, Review, Wording
from evenbook.reviews.numbers import ReviewsNumbers
from evenbook.reviews.rules.content import drawn, says_something
from evenbook.reviews.rules.deck import Deck
from evenbook.reviews.rules.facts import Asked, Facts, Has, Known, Met, Told, Used
from evenbook.reviews.rules.holding import Hold, holds, reader_of
from evenbook.reviews.rules.wording import Words, chosen, words_of
from evenbook.runs.queries import Week

REVIEWED = "business_review"
MET = {
    "meeting": "Meeting",
    "call": "Call",
    REVIEWED: "Business review",
    "strategic": "Call",
    "onboarding": "Onboarding session",
}
"""Meetings as a customer knows them."""


@dataclass(frozen=True)
class DrawnReview:
    """The review of an account, who would read it, and what holds it back."""

    account_id: int
    tier: int
    deck: Deck
    reader: Known | None
    holds: tuple[Hold, ...]


@dataclass(frozen=True)
class _Read:
    """What was read for all accounts at once."""

    week: Week
    accounts: Opened
    rows: Mapping[int, AccountRow]

    @property
    def before(self) -> datetime:
        return self.week.ends_at


def base_of(viewer: Viewer, week: Week, *, wanted: Wanted) -> tuple[AccountRow, ...]:
    """Return the accounts of the base that are wanted and that the viewer may open, by name."""
    return tuple(account_rows(viewer, week.run.id, wanted=wanted, sort="account", descending=False))


def drawn_reviews(viewer: Viewer, week: Week, rows: Iterable[AccountRow]) -> tuple[DrawnReview, ...]:
    """Return the reviews of accounts as of a week, in the order given.

    Args:
        viewer: who asks; accounts that they may not open are left out.
        week: the stored week.
        rows: the accounts.
    """
    by_id = {each.id: each for each in rows}
    read = _Read(week, opened(viewer, by_id), by_id)
    found, wordings = _facts(viewer, read), _Wordings.read()
    return tuple(_drawn(found[row.id], row, read, wordings) for row in by_id.values() if row.id in found)


def _drawn(facts: Facts, row: AccountRow, read: _Read, wordings: _Wordings) -> DrawnReview:
    numbers = read.week.policy.of(ReviewsNumbers)
    deck = drawn(
        facts,
        numbers,
        wordings.of(row.tier, row.segment),
        as_of=read.week.run.as_of,
        ends_at=read.before,
        measure=read.week.policy.of(RecordsNumbers).usage_measure,
    )
    reader = reader_of(facts.people)
    held = holds(facts, says_something=says_something(deck), reader=reader, rules=numbers.held_back)
    return DrawnReview(row.id, row.tier, deck, reader, held)


@dataclass(frozen=True)
class _Wordings:
    """All versions of words, by tier, segment and number."""

    texts: Mapping[tuple[int, str, int], Mapping[str, object]]

    @classmethod
    def read(cls) -> _Wordings:
        fields = ("tier", "segment", "number", "texts")
        rows = Wording.objects.values_list(*fields)
        return cls({(tier, segment, number): texts for tier, segment, number, texts in rows})

    def of(self, tier: int, segment: str) -> Words:
        found = chosen(self.texts, tier=tier, segment=segment)
        return words_of(self.texts[found] if found else None)


def _facts(viewer: Viewer, read: _Read) -> dict[int, Facts]:
    numbers = read.week.policy.of(ReviewsNumbers)
    accounts, before = read.accounts, read.before
    first_on = read.week.run.as_of - timedelta(days=numbers.farthest_back_days)
    weeks_on = first_on - timedelta(weeks=numbers.level_weeks)
    first = start_of(first_on)
    used = used_weeks(viewer, accounts, first_on=weeks_on, before=before)
    tickets = tickets_told(viewer, accounts, first=first, before=before)
    held = meetings_held(viewer, accounts, first=first, before=before)
    people = contacts_known(viewer, accounts, before=before)
    products = contracts_known(viewer, accounts, before=before)
    seats = values_told(viewer, "seats", accounts.ids, before=before)
    reported = measures_reported(viewer, first_on=weeks_on, before=before)
    ours, shipped, news = _owners(viewer, read), _shipped(read), _news(before)
    reviewed, opt_outs, escalations = _reviewed(read), _opted_out(before), escalated(viewer, before=before)
    return {
        pk: Facts(
            account=row.name,
            tier=row.tier,
            segment=row.segment,
            seats=_seats(seats.get(pk, "")),
            used=tuple(Used(e.measure, e.week_on, e.value, e.known_at) for e in used.get(pk, ())),
            reported=reported,
            tickets=tuple(Asked(e.subject, e.opened_at, e.solved_at, e.known_at)
                          for e in tickets.get(pk, ())),
            meetings=tuple(Met(MET[e.kind], e.at, e.known_at) for e in held.get(pk, ())),
            people=tuple(Known(e.name, e.title, e.mail, e.is_champion, e.known_at, e.left_at)
                         for e in people.get(pk, ()) if not e.name.startswith("former contact ")),
            products=tuple(Has(e.product, e.seats, e.starts_on, e.ends_on, e.known_at, e.lost_at)
                           for e in products.get(pk, ())),
            news=news,
            shipped=shipped.get(pk, ()),
            reviewed_at=(*reviewed.get(pk, ()), *(e.at for e in held.get(pk, ()) if e.kind == REVIEWED)),
            **ours.get(pk, {}),
            escalated=pk in escalations,
            opted_out=opt_outs.get(pk, ""),
        )
        for pk, row in read.rows.items()
        if pk in accounts.heirs
    }  # fmt: skip


def _seats(text: str) -> tuple[tuple[float, datetime], ...]:
    try:
        found = float(text)
    except ValueError:
        return ()
    return ((found, BEGINNING),) if 0 < found < 1e9 else ()


def _owners(viewer: Viewer, read: _Read) -> dict[int, dict[str, str]]:
    """Return name and address of who of us answers for each account, as it was told by then."""
    last: dict[int, int | None] = {}
    for account, role, person, _, _ in owners_told(viewer, read.accounts.ids, before=read.before):
        if role == "owner" and read.accounts.heirs[account] == account:
            last[account] = person
    people = {each.id: each for each in staff(viewer) if each.is_person}
    mails = mails_of(viewer, {person for person in last.values() if person in people})
    return {
        account: {"our_name": people[person].name, "our_mail": mails.get(person, "")}
        for account, person in last.items()
        if person is not None and person in people
    }


def _shipped(read: _Read) -> dict[int, tuple[Told, ...]]:
    rows = AskedFor.objects.filter(Among(F("account"), read.accounts.ids))
    found: dict[int, tuple[Told, ...]] = {}
    fields = ("account_id", "request__title", "request__words", "request__shipped_on", "request__written_at")
    for account, title, says, on, at in (
        rows.filter(_stands(read.before, "request__"))
        .order_by("request__shipped_on", "pk")
        .values_list(*fields)
    ):
        heir = read.accounts.heirs[account]
        found[heir] = (*found.get(heir, ()), Told(title, says, on, at))
    return found


def _news(before: datetime) -> tuple[Told, ...]:
    rows = ReleaseNote.objects.filter(_stands(before)).order_by("released_on", "pk")
    fields = ("title", "words", "released_on", "written_at", "product")
    return tuple(Told(*row) for row in rows.values_list(*fields))


def _stands(before: datetime, path: str = "") -> Q:
    """Return the condition that something was written before an instant and not withdrawn by then."""
    withdrawn = Q(**{f"{path}withdrawn_at": None}) | Q(**{f"{path}withdrawn_at__gte": before})
    return Q(**{f"{path}written_at__lt": before}) & withdrawn


def _reviewed(read: _Read) -> dict[int, tuple[datetime, ...]]:
    """Return up to when earlier reviews told, of each account that one went to."""
    went = [Review.State.SENT, Review.State.MADE]
    rows = Review.objects.filter(
        Among(F("account"), read.accounts.ids), state__in=went, done_at__lt=read.before
    )
    found: dict[int, tuple[datetime, ...]] = {}
    for account, as_of in rows.values_list("account_id", "batch__as_of"):
        heir = read.accounts.heirs[account]
        found[heir] = (*found.get(heir, ()), start_of(as_of))
    return found


def _opted_out(before: datetime) -> dict[int, str]:
    rows = OptOut.objects.filter(said_at__lt=before).filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gte=before)
    )
    return dict(rows.values_list("account_id", "reason"))
