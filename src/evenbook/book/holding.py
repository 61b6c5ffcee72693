"""Who has which role on an account: now, before, and from a day to come; and to whom one is being handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q

from evenbook.book.access import accounts_seen_by, of_account, roles_now
from evenbook.book.among import Among, Ids
from evenbook.book.models import Handover, Ownership
from evenbook.book.numbers import OWNER, ROLES, role_title
from evenbook.book.queries import NamedAccount
from evenbook.kit.dates import BEGINNING
from evenbook.people.viewer import Viewer

NO_HOLDER = "nobody"
NOW, BEFORE, TO_COME = "now", "before", "to_come"
ORDER = (OWNER, *ROLES)


@dataclass(frozen=True)
class RoleSpell:
    """That somebody had a role on an account from an instant until another; None: it goes on.

    ``holder`` is a person's key, ``pool:`` and a pool's key, or empty where nobody had it. ``state`` is
    ``now``, ``before`` or ``to_come``. The account's owner is among the roles.
    """

    role: str
    holder: str
    name: str
    since_at: datetime
    until_at: datetime | None
    reason: str
    assumed: bool
    state: str

    @property
    def is_from_the_beginning(self) -> bool:
        """Whether it is not known since when they had it."""
        return self.since_at <= BEGINNING

    @property
    def title(self) -> str:
        """The role as people read it."""
        return role_title(self.role)


@dataclass(frozen=True)
class HeldRole:
    """A role besides owning that a person has on an account now."""

    account: NamedAccount
    role: str


def role_history(viewer: Viewer, account_id: int, *, now: datetime) -> tuple[RoleSpell, ...]:
    """Return who had which role on an account that the viewer may open, by role, the newest first.

    Of several that were told of one instant the last counts. Told again of the same holder, a role goes on.
    """
    rows = of_account(Ownership.objects.filter(known_at__lte=now), viewer, account_id)
    by_role: dict[str, list[Ownership]] = {}
    for row in rows.select_related("person", "pool").order_by("happened_at", "pk"):
        listed = by_role.setdefault(row.role, [])
        if listed and listed[-1].happened_at == row.happened_at:
            listed.pop()
        if not listed or _who(listed[-1]) != _who(row):
            listed.append(row)
    found = (_spells(by_role[role], now) for role in sorted(by_role, key=_place))
    return tuple(spell for spells in found for spell in reversed(spells))


def handed_roles(viewer: Viewer, person_id: int, but: Iterable[int]) -> tuple[HeldRole, ...]:
    """Return what a person has on accounts besides those named: of each account the first role, by name."""
    without, first = frozenset(but), dict[int, str]()
    for account, role in sorted(roles_now(viewer, person_id), key=lambda each: _place(each[1])):
        if account not in without:
            first.setdefault(account, role)
    rows = accounts_seen_by(viewer).filter(Among(F("pk"), Ids.of(first))).order_by("name", "pk")
    return tuple(HeldRole(NamedAccount(*row), first[row[0]]) for row in rows.values_list("pk", "key", "name"))


def announced_receiver(viewer: Viewer, account_id: int, role: str = "") -> str:
    """Return to whom an account is being handed, as last announced; empty where to nobody.

    ``role`` names one besides the owner's; what an owner hands over goes with all that they have there.
    """
    rows = Handover.objects.filter(called_off_at=None, role__in={role or OWNER, OWNER})
    found = of_account(rows, viewer, account_id).order_by("-announced_at", "-pk")
    return found.values_list("receiver__name", flat=True).first() or ""


def is_handed_over(viewer: Viewer, account_id: int, role: str, *, giver: int, day: date, days: int) -> bool:
    """Return whether it is announced that somebody hands a role on an account over about a day.

    Args:
        viewer: who asks; of an account that they may not open nothing is told.
        account_id: which account.
        role: which role besides the owner's; what is handed over not alone takes it along.
        giver: the person who hands it over.
        day: on which it changes hands.
        days: so many days after its first one a handover without a way back explains that.
    """
    given = Handover.objects.filter(Q(role=role) | Q(alone=False), giver=giver, called_off_at=None)
    known = of_account(given, viewer, account_id)
    about = Q(back_on__gt=day) | Q(back_on=None, first_on__gte=day - timedelta(days=days))
    return known.filter(about).exists()


def _place(role: str) -> tuple[int, str]:
    """Return where a role stands among the others: the owner's first, then as they are named."""
    return (ORDER.index(role) if role in ORDER else len(ORDER), role)


def _who(row: Ownership) -> tuple[int | None, int | None]:
    return row.person_id, row.pool_id


def _spells(rows: list[Ownership], now: datetime) -> list[RoleSpell]:
    ends = [*(row.happened_at for row in rows[1:]), None]
    return [_spell(row, until_at, now) for row, until_at in zip(rows, ends, strict=True)]


def _spell(row: Ownership, until_at: datetime | None, now: datetime) -> RoleSpell:
    state = TO_COME if row.happened_at > now else BEFORE if until_at and until_at <= now else NOW
    holder = row.person.key if row.person else f"pool:{row.pool.key}" if row.pool else ""
    name = str(row.person or row.pool or NO_HOLDER)
    return RoleSpell(row.role, holder, name, row.happened_at, until_at, row.reason, row.assumed, state)
