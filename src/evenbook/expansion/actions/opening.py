"""Opening: a hand raised by a customer, or seen by one of us, goes at once to whoever closes.

What is sent again under its key changes nothing. An opening at an account on the hot sheet is kept and
routed like any other, and held: nobody reaches out until the save is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from evenbook.book.access import person_of
from evenbook.book.actions.writing import Written
from evenbook.book.among import Ids
from evenbook.book.clock import database_now
from evenbook.book.known import teammates, values_told
from evenbook.book.lookup import account_of_id, account_of_key
from evenbook.book.machines import EXPANSION, machines
from evenbook.book.queries import NamedAccount
from evenbook.expansion.actions.telling import tell_owner
from evenbook.expansion.models import LONGEST_KEY, LONGEST_NAME, LONGEST_NOTE, Opening, OpeningEvent
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.moving import HUMAN
from evenbook.expansion.rules.routing import Closer, Routed, route
from evenbook.hotsheet.queries import accounts_on
from evenbook.hotsheet.queries.work import work_of
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest
from evenbook.runs.queries import latest_week

OPENED = "opening.opened"
OF_SOURCE = {
    Opening.Source.REVIEW: Opening.Role.REVIEW,
    Opening.Source.PRODUCT: Opening.Role.PROMPT,
    Opening.Source.MAIL: Opening.Role.CADENCE,
}
"""From where customers raise their hand, and what counts as the opener then."""


class OpeningRefused(EvenbookError):
    """An opening without a key, of a kind that there is not, too long, or of who may not open."""

    kind = "opening-refused"
    status = 422


class NoSuchOpening(EvenbookError):
    """An opening, or an account to open one at, that is not there or that they may not see."""

    kind = "no-such-opening"
    status = 404


@dataclass(frozen=True)
class Opened:
    """What an opening became: its number, the account's key, the owner's name (empty: nobody), whether it
    is held, and whether it was not there before.
    """

    id: int
    account: str
    owner: str
    held: bool
    is_new: bool


@dataclass(frozen=True)
class Wanted:
    """What is said of an opening. ``about`` names what it was seen in, such as a ticket's id."""

    source: str
    role: str
    product: str = ""
    note: str = ""
    contact: str = ""
    about: str = ""
    wants: str = Opening.Wants.EXPANSION


def raise_hand(
    account_id: int,
    *,
    source: str,
    key: str,
    product: str = "",
    note: str = "",
    contact: str = "",
    wants: str = "expansion",
    now: datetime | None = None,
) -> Opened:
    """Keep that a customer raised a hand, and return the opening. Sent again under its key it is the same.

    Args:
        account_id: the account; of one that was merged, its heir.
        source: from where: ``review``, ``product`` or ``mail``.
        key: names the hand for ever, at most 200 characters.
        product: what it is for; empty where that was not said.
        note: their words.
        contact: who raised it, as they are called.
        wants: ``expansion`` or ``meeting``.
        now: when; None reads the database's clock.

    Raises:
        OpeningRefused: something in it is of no kind that there is, or too long.
        NoSuchOpening: there is no such account.
    """
    if source not in OF_SOURCE:
        raise OpeningRefused(
            f"Customers raise no hand from '{source[:40]}'.",
            fix=f"Choose from: {', '.join(sorted(OF_SOURCE))}.",
        )
    wanted = Wanted(source, OF_SOURCE[Opening.Source(source)], product, note, contact, about="", wants=wants)
    with transaction.atomic():
        found = account_of_id(SYSTEM, account_id)
        if found is None:
            raise NoSuchOpening("There is no such account.", fix="Name the account by its number.")
        return _kept(found, wanted, key=key, by=SYSTEM, now=now or database_now())


def open_for(account: str, wanted: Wanted, *, key: str, by: Viewer, now: datetime) -> Opened:
    """Keep what one of us saw at an account, and return the opening; sent again under its key it is the same.

    Anybody who may write opens, at any account whose name they may know.

    Raises:
        OpeningRefused: it is not theirs to open, or something in it is of no kind that there is.
        NoSuchOpening: there is no such account that they may see.
    """
    found = account_of_key(by, account.strip())
    if found is None:
        raise NoSuchOpening(f"There is no account '{account[:40]}' that you may see.", fix="Give its key.")
    if not by.may_write:
        raise OpeningRefused("Your role opens nothing.", fix="Tell the account's owner.")
    if wanted.role not in HUMAN:
        raise OpeningRefused(
            f"'{wanted.role[:40]}' is no role of one of us.", fix=f"Choose from: {', '.join(sorted(HUMAN))}."
        )
    with transaction.atomic():
        return _kept(found, wanted, key=key, by=by, now=now)


def _kept(account: NamedAccount, wanted: Wanted, *, key: str, by: Viewer, now: datetime) -> Opened:
    key, said = _key(key), _checked(wanted)
    known = _known(key, account)
    if known is not None:
        return known
    closer = closer_of(account, said.product, now)
    row = _row(account, said, closer, key=key, by=by, now=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another request with the same key came first
        known = _known(key, account)
        if known is None:
            raise
        return known
    _note(row, closer, by, now)
    tell_owner(row.pk, now=now)
    owner = closer.owner.name if closer.owner else ""
    return Opened(row.pk, account.key, owner, row.held_at is not None, is_new=True)


def _row(
    account: NamedAccount, said: Wanted, closer: Routed, *, key: str, by: Viewer, now: datetime
) -> Opening:
    return Opening(
        account_id=account.id, key=key, role=said.role, source=said.source, wants=said.wants,
        product=said.product, note=said.note, contact=said.contact, about=said.about, opener=person_of(by),
        opened_by=by.name[:LONGEST_NAME], opened_at=now, owner_id=closer.owner.id if closer.owner else None,
        routed=closer.why[:300], held_at=now if being_saved([account.id]) else None,
    )  # fmt: skip


def _note(row: Opening, closer: Routed, by: Viewer, now: datetime) -> None:
    """Write the first events of an opening, the word in the trail, and that there is something to read."""
    name = by.name[:LONGEST_NAME]
    events = [
        OpeningEvent(opening=row, kind=OpeningEvent.Kind.OPENED, at=row.opened_at, by=name),
        OpeningEvent(
            opening=row, kind=OpeningEvent.Kind.ROUTED, at=now, by=SYSTEM.name, owner_id=row.owner_id,
            reason=closer.why[:300],
        ),
    ]  # fmt: skip
    if row.held_at is not None:
        events.append(OpeningEvent(opening=row, kind=OpeningEvent.Kind.HELD, at=now, by=SYSTEM.name))
    OpeningEvent.objects.bulk_create(events)
    written = Written()
    written.add(Opening, [now])
    written.add(OpeningEvent, [now])
    written.flush(now)
    after = {"product": row.product, "source": row.source, "owner": closer.owner.key if closer.owner else ""}
    record(by, OPENED, thing_of(row), at=now, after=after)


def thing_of(row: Opening) -> Thing:
    """Return an opening as the audit trail names it: by its account."""
    return Thing("opening", str(row.pk), row.account.name)


def _known(key: str, account: NamedAccount) -> Opened | None:
    row = Opening.objects.select_related("account", "owner").filter(key=key).first()
    if row is None:
        return None
    if row.account_id != account.id:
        raise OpeningRefused(
            "This key names an opening at another account.",
            fix="Take a new key for each hand that is raised.",
        )
    held = row.held_at is not None and row.released_at is None
    return Opened(row.pk, row.account.key, row.owner.name if row.owner else "", held, is_new=False)


def closer_of(account: NamedAccount, product: str, now: datetime) -> Routed:
    """Return who closes what an account may want, and why, as of today's team and the policy in force."""
    day = now.date()
    people = teammates(SYSTEM, here_from=day, here_until=day)
    here = {each.key: Closer(each.id, each.key, each.name, each.region) for each in people}
    by_id = {each.id: each for each in here.values()}
    staffed = [each for each in machines(SYSTEM, day).values() if each.staffed == EXPANSION]
    longest = sorted(staffed, key=lambda each: (str(each.staffed_on), each.person_id))
    region = values_told(SYSTEM, "region", Ids.of([account.id]), before=now).get(account.id, "")
    return route(
        product,
        region,
        routes=latest().policy.of(ExpansionNumbers).routes,
        here=here,
        staffed=[by_id[each.person_id] for each in longest if each.person_id in by_id],
    )


def being_saved(accounts: Iterable[int]) -> frozenset[int]:
    """Return which of the accounts stand on the newest hot sheet, or have a save that is not closed."""
    run, wanted = latest_week(SYSTEM), sorted(set(accounts))
    if run is None or not wanted:
        return frozenset()
    open_work = {each for each, work in work_of(SYSTEM, wanted, run.as_of).items() if work.is_open}
    on_sheet = accounts_on(SYSTEM, run.id).filter(account__in=wanted)
    return frozenset(open_work | set(on_sheet.values_list("account_id", flat=True)))


def _key(text: str) -> str:
    key = storable(text).strip()
    if not key or len(key) > LONGEST_KEY:
        raise OpeningRefused(
            f"A hand that is raised has a key of 1 to {LONGEST_KEY} characters.", fix="Send a random UUID."
        )
    return key


def _checked(wanted: Wanted) -> Wanted:
    """Return what is said, on single lines.

    Raises:
        OpeningRefused: something is of no kind that there is, or too long.
    """
    for value, kinds, name in (
        (wanted.source, Opening.Source.values, "source"),
        (wanted.role, Opening.Role.values, "role"),
        (wanted.wants, Opening.Wants.values, "wish"),
    ):
        if value not in kinds:
            raise OpeningRefused(f"'{value[:40]}' is no {name}.", fix=f"Choose from: {', '.join(kinds)}.")
    return Wanted(
        wanted.source,
        wanted.role,
        product=_line(wanted.product, 120, "The product"),
        note=_line(wanted.note, LONGEST_NOTE, "The note"),
        contact=_line(wanted.contact, 200, "The contact"),
        about=_line(wanted.about, 320, "What it is about"),
        wants=wanted.wants,
    )


def _line(text: str, longest: int, called: str) -> str:
    said = " ".join(storable(text).split())
    if len(said) > longest:
        raise OpeningRefused(f"{called} has more than {longest} characters.", fix="Say it shorter.")
    return said


def route_again(now: datetime) -> int:
    """Give what nobody closes to whoever does by now; return how many openings found one."""
    found = 0
    for row in Opening.objects.filter(owner=None, closed_at=None).select_related("account"):
        account = NamedAccount(row.account_id, row.account.key, row.account.name)
        closer = closer_of(account, row.product, now)
        if closer.owner is None:
            continue
        row.owner_id, row.routed = closer.owner.id, closer.why[:300]
        row.save(update_fields=["owner", "routed"])
        OpeningEvent.objects.create(
            opening=row, kind=OpeningEvent.Kind.ROUTED, at=now, by=SYSTEM.name, owner_id=row.owner_id,
            reason=closer.why[:300],
        )  # fmt: skip
        tell_owner(row.pk, now=now)
        found += 1
    return found
