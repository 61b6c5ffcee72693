"""What a viewer may see of the customers and of each other: the one place that decides it.

A function a question; ``docs/guides/access.md`` has them as a table of role by thing. Operations,
executives and readers see every account, executives no single person. A leader sees what the people
of their teams own now, what pools that these lead or staff own, and what nobody owns: somebody has to
notice it. A leader of no team, or of the team that all others are under, leads everybody. A CSM sees
in full what they own now, alone or in a pool, and what is being handed to them while its owner has not
taken it back; of the others the name, coverage, artifacts and loops, as long as policy leaves them open;
so does a leader of another team's. To own is to have any role of ownership on an account, such as its
onboarding or its expansion: whoever has one opens it in full, and so does who leads them. A token that may
not read sees nothing.

A person is in the team that the book names: the teams of users and those that imports name are the
same where they have the same name, whatever the case of its letters.

Access is of the present moment, whatever past day a page shows: who gave an account away no
longer opens it. Hence the database's clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower, Now, Trim, TruncDate

from evenbook.book.among import Among, Ids
from evenbook.book.models import Account, Handover, Leave, Ownership, Person, Pool, PoolMember
from evenbook.book.numbers import OWNER, BookNumbers
from evenbook.people.queries import leaders
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest

SHARED = frozenset({"name", "coverage", "artifacts", "loops"})
"""What policy may leave open of others' accounts."""

OWN, OTHERS, PERSON, PEOPLE, LEADERS = (
    "book.access.own",
    "book.access.others",
    "book.access.person",
    "book.access.people",
    "book.access.leaders",
)
SEE_PEOPLE = frozenset({"leader", "operations", "reader"})


def accounts_seen_by(viewer: Viewer) -> QuerySet[Account]:
    """Return the accounts that the viewer may open in full; merged ones are under their heir."""
    accounts = Account.objects.filter(merged_into__isnull=True)
    return accounts if viewer.sees_all else _those_of(accounts, viewer, "pk")


def sees_every_account(viewer: Viewer) -> bool:
    """Return whether no row is hidden from the viewer, so that queries need not ask."""
    return viewer.sees_all


def narrowed(rows: QuerySet[Any], viewer: Viewer, path: str = "account") -> QuerySet[Any]:
    """Return the rows of accounts that the viewer may open in full; ``path`` leads to the account."""
    return rows if viewer.sees_all else _those_of(rows, viewer, path)


def of_account(rows: QuerySet[Any], viewer: Viewer, account_id: int) -> QuerySet[Any]:
    """Return the rows of one account and of those merged into it, if the viewer may open it in full."""
    found = rows.filter(Q(account_id=account_id) | Q(account__merged_into_id=account_id))
    return found if viewer.sees_all or account_id in _own_ids(viewer).ids else found.none()


@dataclass(frozen=True)
class Opened:
    """Accounts that a viewer may open in full, for queries that read many at once.

    ``heirs`` has them, and those merged into them, each with the account that it stands under.
    """

    heirs: Mapping[int, int]
    ids: Ids


def opened(viewer: Viewer, account_ids: Iterable[int]) -> Opened:
    """Return those of the accounts that the viewer may open in full."""
    wanted = set(account_ids)
    own = Ids.of(wanted if viewer.sees_all else wanted & _own_ids(viewer).ids)
    merged = Account.objects.filter(Among(F("merged_into"), own)).values_list("pk", "merged_into")
    heirs = {pk: pk for pk in own.ids} | {pk: heir for pk, heir in merged if heir is not None}
    return Opened(heirs, Ids.of(heirs))


def may_act_for(viewer: Viewer, person_id: int) -> bool:
    """Return whether the viewer may arrange somebody's absence: themselves, who leads them, operations."""
    if not viewer.may_write:
        return False
    own = person_of(viewer)
    is_own = own is not None and own.pk == person_id
    return is_own or viewer.is_operations or (viewer.role == "leader" and may_see_load_of(viewer, person_id))


def may_set_capacity_of(viewer: Viewer, person_id: int) -> bool:
    """Return whether the viewer may say what a person can sustain: operations, and leaders above them."""
    return (viewer.is_operations and viewer.may_write) or may_decide_about(viewer, person_id)


def may_see_of_others(viewer: Viewer, what: str) -> bool:
    """Return whether the viewer may see ``what`` of accounts that are not theirs."""
    if viewer.sees_all:
        return True
    if viewer.role not in {"csm", "leader"} or what not in SHARED or not viewer.allows("read"):
        return False
    if OTHERS not in viewer.worked_out:
        viewer.worked_out[OTHERS] = latest().policy.of(BookNumbers).others_accounts_open
    return bool(viewer.worked_out[OTHERS])


def answers_for(viewer: Viewer, account_id: int) -> bool:
    """Return whether the viewer may act for an account.

    They own it now in any role, alone or in a pool, stand in today for somebody who does, lead them, or keep
    the records.
    """
    return account_id in answered_for(viewer, (account_id,))


def answered_for(viewer: Viewer, account_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the accounts that the viewer may act for; see `answers_for`."""
    wanted = frozenset(account_ids)
    if not viewer.may_write:
        return frozenset()
    if viewer.sees_all:
        return wanted
    own = wanted & _own_ids(viewer).ids
    others = wanted - own
    person = person_of(viewer) if others else None
    if person is None:
        return own
    today = TruncDate(Now())
    away = Leave.objects.filter(
        cover=person, first_on__lte=today, last_on__gte=today, known_at__lte=Now(), withdrawn_at=None
    )
    covered = _held_now().filter(account__in=others, person__in=away.values("person"))
    return own | frozenset(covered.values_list("account_id", flat=True))


def may_move_tier_of(viewer: Viewer, account_id: int) -> bool:
    """Return whether the viewer says how an account is served: operations, leaders who open it in full."""
    if not viewer.may_write or viewer.role not in {"leader", "operations"}:
        return False
    return viewer.sees_all or account_id in _own_ids(viewer).ids


def may_see_people(viewer: Viewer) -> bool:
    """Return whether the viewer may see the load of any single person besides themselves."""
    return viewer.role in SEE_PEOPLE and viewer.allows("read")


def people_seen_by(viewer: Viewer) -> QuerySet[Person]:
    """Return the people whose week, load and call scores the viewer may see."""
    if not viewer.allows("read"):
        return Person.objects.none()
    if viewer.sees_all and may_see_people(viewer):
        return Person.objects.all()
    theirs = _is_them(viewer) if viewer.user_id is not None else Q(pk__in=())
    if viewer.role == "leader":
        return _named_as_team().filter(theirs | _in_teams(viewer))
    return Person.objects.filter(theirs)


def may_see_load_of(viewer: Viewer, person_id: int) -> bool:
    """Return whether the viewer may see one person's week: load, call scores, what is behind them."""
    return (viewer.sees_all and may_see_people(viewer)) or person_id in people_ids_seen_by(viewer)


def people_ids_seen_by(viewer: Viewer) -> frozenset[int]:
    """Return the ids of ``people_seen_by``, worked out once a viewer."""
    if PEOPLE not in viewer.worked_out:
        viewer.worked_out[PEOPLE] = frozenset(people_seen_by(viewer).values_list("pk", flat=True))
    found: frozenset[int] = viewer.worked_out[PEOPLE]
    return found


def may_see_pulse_of(viewer: Viewer, person_id: int) -> bool:
    """Return whether the viewer may read how a person says the load feels: they and their leaders alone."""
    own = person_of(viewer)
    if own is not None and own.pk == person_id and viewer.allows("read"):
        return True
    return viewer.role == "leader" and may_see_load_of(viewer, person_id)


def may_decide_about(viewer: Viewer, person_id: int) -> bool:
    """Return whether the viewer decides about a person's load: a leader above them.

    Nobody decides about their own, but whoever leads everybody: above them there is no one else.
    """
    if viewer.role != "leader" or not viewer.may_write or not may_see_load_of(viewer, person_id):
        return False
    own = person_of(viewer)
    return viewer.sees_all or own is None or own.pk != person_id


def may_move_accounts(viewer: Viewer, people: Iterable[int]) -> bool:
    """Return whether the viewer may move accounts among these people: operations, and who leads them."""
    may = viewer.may_write and (viewer.is_operations or viewer.role == "leader")
    return may and set(people) <= people_ids_seen_by(viewer)


def leaders_above(viewer: Viewer, team: str, *, but: int | None = None) -> tuple[str, ...]:
    """Return the names of the leaders nearest above a team, ``but`` one user's; who leads is no secret.

    The nearest lead the fewest teams. Where nobody leads the team in particular, they are those who lead all.
    """
    if LEADERS not in viewer.worked_out:
        viewer.worked_out[LEADERS] = leaders(viewer)
    called = team.strip().lower()
    above = [
        (len(each.team_ids) or math.inf, each.name)
        for each in viewer.worked_out[LEADERS]
        if each.user_id != but and (each.sees_all or (called and called in _teams(each)))
    ]
    nearest = min((teams for teams, _ in above), default=0)
    return tuple(name for teams, name in above if teams == nearest)


def owned_now(viewer: Viewer, person_id: int) -> QuerySet[Account]:
    """Return what a person owns now, of the accounts that the viewer may open in full."""
    own = _owned_now().filter(person=person_id).values("account")
    return accounts_seen_by(viewer).filter(pk__in=own)


def owners_now(viewer: Viewer, accounts: Ids) -> dict[int, tuple[int, str]]:
    """Return the id and name of the person who owns each account now; names are no secret."""
    found = holders_now(viewer, accounts)
    return {account: person for (account, role), person in found.items() if role == OWNER}


def holders_now(viewer: Viewer, accounts: Ids) -> dict[tuple[int, str], tuple[int, str]]:
    """Return the id and name of the person who has each role on each account now, its owner among them."""
    rows = _held_now().filter(Among(F("account"), accounts), person__isnull=False)
    found = rows.values_list("account_id", "role", "person_id", "person__name")
    return {(account, role): (person, name) for account, role, person, name in found if person is not None}


def roles_now(viewer: Viewer, person_id: int) -> tuple[tuple[int, str], ...]:
    """Return account and role of what a person has now besides owning, of accounts the viewer may open."""
    rows = _held_now().exclude(role=OWNER).filter(person=person_id, account__merged_into=None)
    return tuple(narrowed(rows, viewer).order_by("account", "role").values_list("account_id", "role"))


def owning_now(viewer: Viewer, accounts: Ids) -> dict[int, tuple[int | None, int | None]]:
    """Return the person or the pool that owns each account now; ids alone."""
    rows = _owned_now().filter(Among(F("account"), accounts))
    found = rows.values_list("account_id", "person_id", "pool_id")
    return {account: (person, pool) for account, person, pool in found}


def gone_now(viewer: Viewer, people: Iterable[int | None]) -> frozenset[int]:
    """Return those of these people who have left, or are import users of the CRM; it is no secret."""
    some = sorted({each for each in people if each is not None})
    gone = Q(is_person=False) | Q(left_on__lt=TruncDate(Now()))
    return frozenset(Person.objects.filter(gone, pk__in=some).values_list("pk", flat=True))


def members_now(viewer: Viewer, pools: Iterable[int]) -> frozenset[int]:
    """Return the ids of the people who are in one of these pools today; who is in one is no secret."""
    today = TruncDate(Now())
    rows = PoolMember.objects.filter(pool__in=sorted(set(pools)), since_on__lte=today, person__is_person=True)
    here = Q(person__left_on__isnull=True) | Q(person__left_on__gte=today)
    still = Q(until_on__isnull=True) | Q(until_on__gt=today)
    return frozenset(rows.filter(here, still).values_list("person_id", flat=True))


def may_see_any_team(viewer: Viewer) -> bool:
    """Return whether the viewer may see the figures of any team at all."""
    return viewer.sees_all or (viewer.role == "leader" and viewer.allows("read"))


def may_see_team(viewer: Viewer, name: str) -> bool:
    """Return whether the viewer may see a team's load and figures as a whole."""
    return may_see_any_team(viewer) and (viewer.sees_all or name.strip().lower() in _teams(viewer))


def pools_seen_by(viewer: Viewer) -> QuerySet[Pool]:
    """Return the pools whose accounts and figures the viewer may see."""
    if viewer.sees_all and may_see_people(viewer):
        return Pool.objects.all()
    people = people_seen_by(viewer).values("pk")
    if viewer.role == "leader":
        return Pool.objects.filter(Q(lead__in=people) | Q(pk__in=_pools_now(Q(person__in=people))))
    return Pool.objects.filter(pk__in=_pools_now(Q(person__in=people)))


def person_of(viewer: Viewer) -> Person | None:
    """Return the member of the CS team that the viewer is, by user or by mail address."""
    if viewer.user_id is None:
        return None
    if PERSON not in viewer.worked_out:
        found = Person.objects.filter(_is_them(viewer)).order_by(F("user_id").desc(nulls_last=True), "pk")
        viewer.worked_out[PERSON] = found.first()
    person: Person | None = viewer.worked_out[PERSON]
    return person


def has_left_the_team(viewer: Viewer, day: date) -> bool:
    """Return whether the person that the viewer is has left the team before a day."""
    person = person_of(viewer)
    return person is not None and person.left_on is not None and person.left_on < day


def pools_of(person: Person) -> QuerySet[PoolMember, int]:
    """Return the ids of the pools that the person is in today."""
    return _pools_now(Q(person=person))


def _is_them(viewer: Viewer) -> Q:
    """Return the condition that a person is the viewer."""
    found = Q(user_id=viewer.user_id)
    return found | Q(user__isnull=True, mail__iexact=viewer.mail) if viewer.mail else found


def _teams(viewer: Viewer) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in viewer.team_names)


def _named_as_team() -> QuerySet[Person]:
    return Person.objects.annotate(team_called=Lower(Trim("team")))


def _in_teams(viewer: Viewer) -> Q:
    """Return the condition of a team under the viewer's: a database may not know the case of every letter."""
    return Q(team__in=sorted(viewer.team_names)) | Q(team_called__in=sorted(_teams(viewer)))


def _pools_now(whose: Q) -> QuerySet[PoolMember, int]:
    today = TruncDate(Now())
    since = PoolMember.objects.filter(whose, since_on__lte=today)
    return since.filter(Q(until_on__isnull=True) | Q(until_on__gt=today)).values_list("pool", flat=True)


def _those_of(rows: QuerySet[Any], viewer: Viewer, path: str) -> QuerySet[Any]:
    own = _own_ids(viewer)
    return rows.filter(Among(F(path), own)) if own.ids else rows.none()


def _own_ids(viewer: Viewer) -> Ids:
    """Return the accounts that a CSM or a leader opens in full now, worked out once a viewer."""
    if OWN not in viewer.worked_out:
        viewer.worked_out[OWN] = Ids.of(_opened(viewer))
    found: Ids = viewer.worked_out[OWN]
    return found


def _opened(viewer: Viewer) -> QuerySet[Any, int] | tuple[int, ...]:
    if not viewer.allows("read"):
        return ()
    people = people_seen_by(viewer).values("pk")
    own = Q(person__in=people) | Q(pool__in=pools_seen_by(viewer).values("pk")) | Q(_is_handed_to(people))
    if viewer.role == "leader":
        others = _owned_now().exclude(own | _by_nobody()).values("account")
        held = _held_now().exclude(role=OWNER).filter(own).values("account")
        found = Account.objects.filter(merged_into__isnull=True)
        return found.filter(~Q(pk__in=others) | Q(pk__in=held)).values_list("pk", flat=True)
    if viewer.role != "csm" or viewer.user_id is None:
        return ()
    return _held_now().filter(own, account__merged_into__isnull=True).values_list("account", flat=True)


def _by_nobody() -> Q:
    """Return the condition that an owner is nobody, or an import user of the CRM who does no work."""
    return Q(person__isnull=True, pool__isnull=True) | Q(person__is_person=False)


def _is_handed_to(people: QuerySet[Any, Any]) -> Exists:
    """Return the condition that who has a role now has announced to hand it to one of these people."""
    is_not_back = Q(back_on=None) | Q(back_on__gt=TruncDate(Now()))
    announced = Handover.objects.filter(is_not_back, receiver__in=people, called_off_at=None)
    of_role = announced.filter(account=OuterRef("account"), role=OuterRef("role"), giver=OuterRef("person"))
    return Exists(of_role)


def _owned_now() -> QuerySet[Ownership]:
    """Return the present ownership of each account that was ever said to have an owner."""
    return _held_now().filter(role=OWNER)


def _held_now() -> QuerySet[Ownership]:
    """Return who has which role of ownership on which account at present, owners among them."""
    begun = Ownership.objects.filter(happened_at__lte=Now(), known_at__lte=Now())
    later = begun.filter(account=OuterRef("account"), role=OuterRef("role")).filter(
        Q(happened_at__gt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
    )
    return begun.filter(~Exists(later))
