"""The pack of a handoff, put together from artifacts and records: a fixed number of queries for any book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from evenbook.book.access import Opened, accounts_seen_by, opened
from evenbook.book.among import Among
from evenbook.book.queries import ContactRow, contacts_of
from evenbook.briefings.queries.handoffs import HandoffRow
from evenbook.briefings.queries.passing import Passing, PassingWanted, passing, receivers_of
from evenbook.briefings.rules.told import AccountTold, Ahead, Contact, HandoffTold, Owed, Role, Said
from evenbook.capacity.queries import AccountRow, Wanted, account_rows
from evenbook.capacity.queries.roles import RoleHeld, in_roles, roles_of, roles_on
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.queries.requirements import Needs, requirements
from evenbook.closures.queries.written import FollowUpRow, promises_of
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.records.queries import ArtifactOf, Meeting, last_artifacts, meetings_of
from evenbook.runs.queries import Week
from evenbook.screens.shown import day_text
from evenbook.states.queries import Stands, standings
from evenbook.tiers.numbers import TiersNumbers

LAST_DECISIONS = 2
MEETINGS = 3
DECISION = "decision_record"
AHEAD = {"next_touchpoint": "Next touchpoint", "next_review": "Next review", "next_look": "Next look"}
"""Answers of artifacts that are days, and what is on them."""


@dataclass(frozen=True)
class Assembled:
    """What a pack tells: of the handoff, and of each account that the viewer may open."""

    head: HandoffTold
    accounts: tuple[AccountTold, ...]


def assembled(
    viewer: Viewer, week: Week, shown: HandoffRow, *, now: datetime, wanted: PassingWanted | None = None
) -> Assembled:
    """Return the pack of a handoff, or of those of its accounts that are wanted.

    Args:
        viewer: who asks; accounts that they may not open are named alone.
        week: whose figures are told.
        shown: the handoff.
        now: from when on meetings are ahead.
        wanted: which accounts; None for all.
    """
    rows = passing(viewer, shown, wanted or PassingWanted(sort="account"))
    found = opened(viewer, (row.account_id for row in rows))
    known = _Known(viewer, week, found, giver=shown.giver_key, now=now)
    told = tuple(known.told(row) for row in rows if row.account_id in found.heirs)
    closed = tuple(row.account_name for row in rows if row.account_id not in found.heirs)
    return Assembled(_head(viewer, week, shown, closed), told)


def _head(viewer: Viewer, week: Week, shown: HandoffRow, closed: tuple[str, ...]) -> HandoffTold:
    return HandoffTold(
        giver=shown.giver_name,
        receivers=tuple((name, count) for _, name, count in receivers_of(viewer, shown)),
        reason=shown.reason_name,
        first_on=shown.first_on,
        back_on=shown.back_on,
        announced_on=shown.announced_on,
        as_of=week.run.as_of,
        currency=week.currency,
        note=shown.note,
        note_owed=not shown.asks_briefs and not shown.note,
        closed=closed,
        roles=_roles_of_giver(viewer, week, shown),
    )


def _roles_of_giver(viewer: Viewer, week: Week, shown: HandoffRow) -> tuple[Role, ...]:
    """Return what the giver has on accounts of others, not in the handoff, that the viewer may open."""
    if shown.called_off_at is not None or shown.is_role:
        return ()
    run, giver, alone = week.run.id, shown.giver_id, frozenset[int]()
    held = roles_of(viewer, run, person=giver, pools=alone)
    if not held:
        return ()
    handed = {each.account_id for each in passing(viewer, shown, PassingWanted())}
    wanted = Wanted(among=(in_roles(viewer, run, person=giver, pools=alone),))
    found = [
        Role(row.name, each.title, row.owner_name, each.works)
        for row in account_rows(viewer, run, wanted=wanted)
        if row.owner_key != shown.giver_key and row.id not in handed
        for each in held[row.id]
    ]
    return tuple(sorted(found, key=lambda each: (not each.works, each.account, each.title)))


class _Known:
    """What the records know of many accounts, each kind of fact read once."""

    def __init__(self, viewer: Viewer, week: Week, accounts: Opened, *, giver: str, now: datetime) -> None:
        run, policy = week.run.id, week.policy
        numbers = policy.of(ClosuresNumbers)
        own = set(accounts.heirs.values())
        self._giver, self._today = giver, week.today(now)
        self._zone = ZoneInfo(policy.of(OrganizationNumbers).time_zone)
        self._titles = {each.kind: each.title for each in numbers.kinds}
        self._asked = {(each.artifact, each.field): each.title for each in numbers.questions}
        self._tiers = {each.tier: f"T{each.tier} {each.title}" for each in policy.of(TiersNumbers).tiers}
        among = accounts_seen_by(viewer).filter(Among(F("pk"), accounts.ids)).values("pk")
        self._rows = {row.id: row for row in account_rows(viewer, run, wanted=Wanted(among=(among,)))}
        self._roles = roles_on(viewer, run, own)
        self._stands = standings(viewer, run, own)
        self._needs = requirements(viewer, run, own)
        self._people = contacts_of(viewer, accounts)
        self._written = last_artifacts(viewer, accounts, each=LAST_DECISIONS)
        self._promises = promises_of(viewer, accounts)
        self._meetings = meetings_of(viewer, accounts, first=now, limit=MEETINGS)
        wanted = LoopsWanted(accounts=accounts.ids, as_they_are=True)
        self._loops: dict[int, list[LoopRow]] = {}
        for loop in loops(viewer, policy, self._today, wanted=wanted):
            self._loops.setdefault(accounts.heirs[loop.account_id], []).append(loop)

    def told(self, of: Passing) -> AccountTold:
        """Return all that is known of one account."""
        key = of.account_id
        row, stands = self._rows.get(key), self._stands.get(key)
        written = self._written.get(key, ())
        return AccountTold(
            name=of.account_name,
            receiver=of.receiver_name,
            is_confirmed=of.confirmed_at is not None,
            **self._of_row(row),
            **_of_stands(stands),
            people=tuple(map(_contact, self._people.get(key, ()))),
            decisions=tuple(self._said(each) for each in written if each.kind == DECISION),
            promises=tuple(map(self._promise, self._promises.get(key, ()))),
            loops=tuple(map(self._loop, self._loops.get(key, ()))),
            dates=self._dates(row, written, self._meetings.get(key, ())),
            written=tuple(self._said(each) for each in _last_of_each(written)),
            lacking=tuple(self._lacks(need) for need in self._needs.get(key, ()) if need.is_gap),
            roles=tuple(_role(each, self._giver, of) for each in self._roles.get(key, ())),
            passes=of.role_title,
        )

    def _lacks(self, need: Needs) -> str:
        return f"{self._titles.get(need.kind, need.kind)}: {need.said}"

    def _of_row(self, row: AccountRow | None) -> dict[str, Any]:
        at = row.last_meaningful_at if row else None
        return {
            "tier": self._tiers.get(row.tier, f"T{row.tier}") if row else "",
            "attributes": tuple(filter(None, (row.segment, row.stage, row.region))) if row else (),
            "arr_cents": row.arr_cents if row else None,
            "renews_on": row.renews_on if row else None,
            "last_contact_on": self._day(at) if at else None,
        }

    def _said(self, each: ArtifactOf) -> Said:
        answers = tuple(
            (self._asked.get((each.kind, name), name.replace("_", " ").capitalize()), _in_words(value))
            for name, value in each.answers.items()
        )
        title = self._titles.get(each.kind, each.kind.replace("_", " ").capitalize())
        return Said(title, self._day(each.at), each.author, tuple(pair for pair in answers if pair[1]))

    def _promise(self, each: FollowUpRow) -> Owed:
        return Owed(each.what, each.who, each.due_on, each.due_on < self._today)

    def _loop(self, each: LoopRow) -> Owed:
        return Owed(
            f"{each.title}: {each.artifact_title}", each.owner_name, each.due_on, each.due_on < self._today
        )

    def _dates(
        self, row: AccountRow | None, written: Iterable[ArtifactOf], meetings: Iterable[Meeting]
    ) -> tuple[Ahead, ...]:
        found = [Ahead(self._day(each.at), _meeting(each)) for each in meetings]
        if row and row.renews_on:
            found.append(Ahead(row.renews_on, "Renewal"))
        for each in _last_of_each(written, every=True):
            for name, what in AHEAD.items():
                day = _day_in(each.answers.get(name))
                if day is not None:
                    found.append(Ahead(day, what))
        ahead = {each for each in found if each.on >= self._today}
        return tuple(sorted(ahead, key=lambda each: (each.on, each.what)))

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def _role(each: RoleHeld, giver: str, of: Passing) -> str:
    works = ", who works it now" if each.works else ""
    goes = f", and goes to {of.receiver_name}" if each.person_key == giver else ""
    return f"{each.title}: {each.name}{works}{goes}"


def _of_stands(stands: Stands | None) -> dict[str, Any]:
    return {
        "state": stands.state.replace("_", " ") if stands else "",
        "state_since_on": stands.since_on if stands else None,
        "score": stands.score if stands else None,
        "reasons": tuple(each.text for each in stands.terms if each.text) if stands else (),
    }


def _contact(each: ContactRow) -> Contact:
    return Contact(each.name, each.title, each.role.replace("_", " "), each.mail, each.is_champion)


def _meeting(each: Meeting) -> str:
    about = f": {each.subject}" if each.subject else ""
    return f"{each.kind}{about}{f', with {each.person_name}' if each.person_name else ''}"


def _last_of_each(written: Iterable[ArtifactOf], *, every: bool = False) -> list[ArtifactOf]:
    """Return the newest of each kind; decisions, which stand apart, only where ``every`` says so."""
    found: dict[str, ArtifactOf] = {}
    for each in written:
        if every or each.kind != DECISION:
            found.setdefault(each.kind, each)
    return list(found.values())


def _in_words(value: Any) -> str:
    """Return an answer as one text: follow-ups as what, who and by when."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, (_in_words(each) for each in value.values())))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(filter(None, (_in_words(each) for each in value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    day = _day_in(value)
    return day_text(day) if day else "" if value is None else str(value)


def _day_in(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
