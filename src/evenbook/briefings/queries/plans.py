"""What a handoff would ask for, before it is announced; and why it can't be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from evenbook.book.access import may_act_for
from evenbook.book.clock import day_here
from evenbook.book.directory import Colleague, away_on, colleagues
from evenbook.book.holding import handed_roles
from evenbook.book.holidays import holidays_of
from evenbook.book.numbers import BookNumbers
from evenbook.book.queries import NamedAccount, owned
from evenbook.book.rules.working_days import working_days
from evenbook.briefings.models import Handoff
from evenbook.briefings.rules.window import LEAVE, ROLE_PASSED, asked_for, fault_of, overlap
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.policy.schema import Policy
from evenbook.runs.queries import latest_week
from evenbook.screens.shown import day_text
from evenbook.states.queries import accounts_with


class HandoffRefused(EvenbookError):
    """A handoff that can't be: wrong days, a receiver who can't receive, nothing to hand over."""

    kind = "handoff-refused"


class HandoffNotYours(EvenbookError):
    """A handoff of somebody else's book, or a confirmation for somebody else."""

    kind = "handoff-not-yours"
    status = 403


@dataclass(frozen=True)
class HandoffWanted:
    """A handoff as somebody asks for it, people and accounts by their keys.

    ``receivers`` names for single accounts who receives them in the place of ``receiver``.
    """

    giver: str
    reason: str
    first_on: date
    receiver: str
    back_on: date | None = None
    receivers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a handoff would do: which accounts go to whom, and what is asked for.

    ``days`` are the working days of a leave, in the giver's region; None of anything else. ``roles`` has what
    the giver has on the accounts that others own.
    """

    giver: Colleague
    receiver: Colleague
    reason: str
    first_on: date
    back_on: date | None
    days: int | None
    asks: str
    accounts: tuple[NamedAccount, ...]
    receivers: Mapping[int, Colleague]
    roles: Mapping[int, str] = field(default_factory=dict)


def today_of(viewer: Viewer, now: datetime) -> date:
    """Return the day where the organization works."""
    return day_here(now)


def plan(viewer: Viewer, wanted: HandoffWanted, *, now: datetime) -> Plan:
    """Return what a handoff would ask for.

    Raises:
        HandoffNotYours: who asks is neither the giver nor leads them.
        HandoffRefused: it can't be.
    """
    today, policy = today_of(viewer, now), latest().policy
    what, fix = fault_of(wanted.reason, wanted.first_on, wanted.back_on, today=today)
    if what:
        raise HandoffRefused(what, fix=fix)
    people = colleagues({wanted.giver, wanted.receiver, *wanted.receivers.values()})
    giver = _giver(viewer, people.get(wanted.giver), wanted.giver, today)
    receivers = {key: _known(people.get(key), key) for key in (wanted.receiver, *wanted.receivers.values())}
    _must_receive(receivers.values(), giver, wanted.first_on)
    accounts, roles = _accounts(viewer, giver)
    _must_be_theirs(wanted.receivers, accounts, giver)
    _must_be_the_only_one(giver, wanted)
    days = _days_away(policy, giver, wanted)
    long_days = policy.of(ClosuresNumbers).long_leave_days
    named = {each.id: receivers[wanted.receivers.get(each.key, wanted.receiver)] for each in accounts}
    return Plan(
        giver=giver,
        receiver=receivers[wanted.receiver],
        reason=wanted.reason,
        first_on=wanted.first_on,
        back_on=wanted.back_on,
        days=days,
        asks=asked_for(wanted.reason, days, long_days=long_days),
        accounts=accounts,
        receivers=named,
        roles=roles,
    )


def receiver_for(viewer: Viewer, key: str, *, giver_id: int, first_on: date) -> Colleague:
    """Return who could receive an account from somebody on a day.

    Raises:
        HandoffRefused: there is nobody of this key, or they can't.
    """
    found = _known(colleagues([key]).get(key), key)
    giver = Colleague(giver_id, "", "the giver", "", None)
    _must_receive([found], giver, first_on)
    return found


def _giver(viewer: Viewer, giver: Colleague | None, key: str, today: date) -> Colleague:
    found = _known(giver, key)
    if not may_act_for(viewer, found.id):
        raise HandoffNotYours(
            f"The book of {found.name} is not yours to hand over.",
            fix="They do it themselves, or who leads them, or operations.",
        )
    if found.left_on is not None and found.left_on < today:
        raise HandoffRefused(
            f"{found.name} left on {day_text(found.left_on)} and can hand nothing over.",
            fix="Give their accounts another owner where owners are kept: a brief is asked for then.",
        )
    return found


def _known(person: Colleague | None, key: str) -> Colleague:
    if person is None:
        raise HandoffRefused(
            f"There is nobody '{key[:40]}' in the team." if key else "Nobody is named.",
            fix="Name them by their key, as the list of owners has it.",
        )
    return person


def _must_receive(people: Iterable[Colleague], giver: Colleague, first_on: date) -> None:
    listed = list(people)
    for person in listed:
        if person.id == giver.id:
            raise HandoffRefused("Nobody hands accounts over to themselves.", fix="Name somebody else.")
        if person.left_on is not None and person.left_on < first_on:
            raise HandoffRefused(
                f"{person.name} is no longer here on {day_text(first_on)}.", fix="Name somebody who is."
            )
    away = away_on((person.id for person in listed), first_on)
    for person in listed:
        if person.id in away:
            raise HandoffRefused(
                f"{person.name} is away on {day_text(first_on)}, until {day_text(away[person.id])}.",
                fix="Name somebody who is there on that day.",
            )


def _accounts(viewer: Viewer, giver: Colleague) -> tuple[tuple[NamedAccount, ...], dict[int, str]]:
    """Return what the giver owns now, and has roles on; a churned account asks for nothing any more."""
    run = latest_week(viewer)
    churned = accounts_with(viewer, run.id, state="churned") if run else None
    gone = set(churned.values_list("account_id", flat=True)) if churned is not None else set()
    own = owned(viewer, giver.id)
    others = handed_roles(viewer, giver.id, {each.id for each in own})
    found = tuple(each for each in (*own, *(each.account for each in others)) if each.id not in gone)
    if not found:
        raise HandoffRefused(
            f"{giver.name} owns no account and has no role on one, so there is nothing to hand over.",
            fix="What a pool owns stays with the pool.",
        )
    return found, {each.account.id: each.role for each in others if each.account.id not in gone}


def _must_be_theirs(
    receivers: Mapping[str, str], accounts: tuple[NamedAccount, ...], giver: Colleague
) -> None:
    strange = sorted(set(receivers) - {each.key for each in accounts})
    if strange:
        raise HandoffRefused(
            f"{giver.name} does not own the account '{strange[0][:80]}', and has no role on it.",
            fix="Leave it out.",
        )


def _must_be_the_only_one(giver: Colleague, wanted: HandoffWanted) -> None:
    others = Handoff.objects.filter(giver=giver.id, called_off_at=None).exclude(reason=ROLE_PASSED)
    for first_on, back_on in others.values_list("first_on", "back_on"):
        if overlap(wanted.first_on, wanted.back_on, first_on, back_on):
            raise HandoffRefused(
                f"A handoff of {giver.name} from {day_text(first_on)} is announced already.",
                fix="Call that one off first, or choose days that it does not touch.",
            )


def _days_away(policy: Policy, giver: Colleague, wanted: HandoffWanted) -> int | None:
    if wanted.reason != LEAVE or wanted.back_on is None:
        return None
    years = range(wanted.first_on.year, wanted.back_on.year + 1)
    return working_days(
        wanted.first_on,
        wanted.back_on,
        works=policy.of(OrganizationNumbers).working_days,
        holidays=holidays_of(policy.of(BookNumbers), giver.region, years),
    )
