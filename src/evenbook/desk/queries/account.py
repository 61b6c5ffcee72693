"""One account: where it stands and why, what it needs, what it takes, what happened, who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evenbook.book.numbers import STAGES
from evenbook.book.queries import (
    AccountFacts,
    ContactRow,
    ContractRow,
    Moment,
    Movement,
    account,
    contacts,
    contracts,
    moments,
    movements,
)
from evenbook.capacity.queries import AccountRow, Factor, account_row, factors
from evenbook.capacity.queries.roles import RoleHeld, roles_on
from evenbook.closures.queries import Needs, requirements
from evenbook.desk.numbers import DeskNumbers
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.listed import Mentioned, mentions_at
from evenbook.expansion.queries.openings import OpeningRow, OpeningsWanted, openings
from evenbook.hotsheet.queries import SheetRow, row_of
from evenbook.hotsheet.queries.work import Work, work_of
from evenbook.people.viewer import Viewer
from evenbook.records.queries import (
    Meeting,
    Moments,
    artifact_moments,
    interaction_moments,
    next_booked,
    opportunity_moments,
    score_moments,
    ticket_moments,
)
from evenbook.runs.queries import Week, week_before
from evenbook.signals.queries import Raised, signals_of
from evenbook.states.queries import Change, Stands, history, standings

TIMELINE_PAGE = 40
MOST_OPENINGS = 12
FARTHEST_PAGE = 250
SHOWS = {
    "": "Everything",
    "interaction": "Interactions",
    "ticket": "Tickets",
    "artifact": "Artifacts",
    "state": "States",
    "book": "Owners, revenue, attributes",
    "score": "Scores",
    "opportunity": "Opportunities",
}
BY_RECORDS = {
    "interaction": interaction_moments,
    "ticket": ticket_moments,
    "artifact": artifact_moments,
    "score": score_moments,
    "opportunity": opportunity_moments,
}


@dataclass(frozen=True)
class Hand:
    """A part of an account's hours a month: in which role who has it, and whether they work the account."""

    role: str
    name: str
    works: bool
    hours: float


@dataclass(frozen=True)
class AccountPage:
    """All that an account's page shows besides its timeline. What a run would give may be None."""

    facts: AccountFacts
    row: AccountRow | None
    stands: Stands | None
    score_before: float | None
    needs: tuple[Needs, ...]
    factors: tuple[Factor, ...]
    signals: tuple[Raised, ...]
    hot: SheetRow | None
    hot_work: Work | None
    changes: tuple[Change, ...]
    contacts: tuple[ContactRow, ...]
    contracts: tuple[ContractRow, ...]
    movements: tuple[Movement, ...]
    next_meeting: Meeting | None
    openings: tuple[OpeningRow, ...] = ()
    mentions: tuple[Mentioned, ...] = ()
    roles: tuple[RoleHeld, ...] = ()

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Whose hours the account's are, its owner's first; none where it has no role besides."""
        if self.row is None or self.row.effort_hours is None or not self.roles:
            return ()
        others = tuple(Hand(each.title, each.name, each.works, each.hours) for each in self.roles)
        works = not any(each.works for each in others)
        left = self.row.effort_hours - sum(each.hours for each in others) if works else 0.0
        return (Hand("Owner", self.row.owner_name, works, round(left, 6)), *others)

    @property
    def stage_title(self) -> str:
        """The account's stage as people read it."""
        return STAGES.get(self.row.stage, self.row.stage) if self.row else ""

    def last_change(self, week: Week) -> Change | None:
        """Return the change of state of the last days, where there was one."""
        since = week.run.as_of - timedelta(days=week.policy.of(DeskNumbers).change_days)
        recent = [change for change in self.changes if since < change.on <= week.run.as_of]
        return recent[0] if recent else None


@dataclass(frozen=True)
class Timeline:
    """A page of the moments of an account, newest first."""

    moments: tuple[Moment, ...]
    total: int
    page: int
    show: str

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return min(max(1, -(-self.total // TIMELINE_PAGE)), FARTHEST_PAGE)


def account_facts(viewer: Viewer, key: str) -> AccountFacts | None:
    """Return an account that the viewer may open, or None."""
    return account(viewer, key)


def account_page(viewer: Viewer, facts: AccountFacts, week: Week | None, *, now: datetime) -> AccountPage:
    """Return what an account's page shows; without a week only what is in the book."""
    run = week.run.id if week else None
    return AccountPage(
        facts=facts,
        row=account_row(viewer, run, facts.id) if run else None,
        stands=standings(viewer, run, [facts.id]).get(facts.id) if run else None,
        score_before=_score_before(viewer, week, facts.id) if week else None,
        needs=requirements(viewer, run, [facts.id]).get(facts.id, ()) if run else (),
        factors=factors(viewer, run, facts.id) if run else (),
        signals=signals_of(viewer, run, facts.id) if run else (),
        hot=row_of(viewer, run, facts.id) if run else None,
        hot_work=work_of(viewer, [facts.id], week.asked or week.today(now)).get(facts.id) if week else None,
        changes=history(viewer, facts.id),
        contacts=contacts(viewer, facts.id),
        contracts=contracts(viewer, facts.id),
        movements=movements(viewer, facts.id, until=week.ends_at if week else None),
        next_meeting=next_booked(viewer, facts.id, after=now),
        openings=openings(
            viewer, clock_now(viewer, now), wanted=OpeningsWanted(account_id=facts.id), limit=MOST_OPENINGS
        ),
        mentions=mentions_at(viewer, run, facts.id) if run else (),
        roles=roles_on(viewer, run, [facts.id]).get(facts.id, ()) if run else (),
    )


def timeline(viewer: Viewer, account_id: int, *, show: str, page: int) -> Timeline:
    """Return a page of an account's moments; ``show`` names one kind, empty for all."""
    show = show if show in SHOWS else ""
    page = min(max(page, 1), FARTHEST_PAGE)
    offset = (page - 1) * TIMELINE_PAGE
    found = moments_of(viewer, account_id, show=show, offset=offset, limit=TIMELINE_PAGE)
    return Timeline(found.newest, found.total, page, show)


def moments_of(viewer: Viewer, account_id: int, *, show: str, offset: int, limit: int) -> Moments:
    """Return moments of an account after the first ``offset``, newest first, and how many there are."""
    kept = offset + limit
    gathered = [_gathered(viewer, account_id, kind, kept) for kind in SHOWS if kind and show in {"", kind}]
    newest = sorted((each for found in gathered for each in found.newest), key=_when, reverse=True)
    return Moments(tuple(newest[offset:kept]), sum(found.total for found in gathered))


def _score_before(viewer: Viewer, week: Week, account_id: int) -> float | None:
    before = week_before(viewer, week.run)
    stood = standings(viewer, before.id, [account_id]).get(account_id) if before else None
    return stood.score if stood else None


def _gathered(viewer: Viewer, account_id: int, kind: str, limit: int) -> Moments:
    if kind in BY_RECORDS:
        return BY_RECORDS[kind](viewer, account_id, limit=limit)
    found = _state_moments(viewer, account_id) if kind == "state" else moments(viewer, account_id)
    return Moments(tuple(found)[:limit], len(found))


def _state_moments(viewer: Viewer, account_id: int) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            at=datetime(change.on.year, change.on.month, change.on.day, tzinfo=UTC),
            kind="state",
            title=_turn(change),
            detail="; ".join(change.causes),
        )
        for change in history(viewer, account_id)
    )


def _turn(change: Change) -> str:
    came, went = change.from_state.replace("_", " "), change.to_state.replace("_", " ")
    return f"From {came} to {went}" if came else went.capitalize()


def _when(moment: Moment) -> datetime:
    return moment.at
