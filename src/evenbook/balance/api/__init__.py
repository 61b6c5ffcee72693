"""Books and proposals for programs: reading, asking, deciding, undoing, changing by hand, locking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.balance import jobs
from evenbook.balance.actions import locks
from evenbook.balance.actions import proposals as actions
from evenbook.balance.api import compared, structures
from evenbook.balance.api.headcount import HeadcountOut
from evenbook.balance.queries.ambiguity import unclear
from evenbook.balance.queries.asking import Wanted, may_ask
from evenbook.balance.queries.books import books_now
from evenbook.balance.queries.pricing import ids_of
from evenbook.balance.queries.proposals import ProposalRow, how_many_proposals, moves, proposal, proposals
from evenbook.balance.rules.asking import EXCEPTION, MODES, ONE, AskedWrong
from evenbook.balance.rules.pools import POOL
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Asked, Body, Day, Shape, instant, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Books")
router.add_router("", compared.router)
router.add_router("", structures.router)
MODE = "|".join(MODES)


class BookOut(Shape):
    """A person's or a pool's book: load over the hours of the quarter ahead, revenue in major units."""

    csm: str = Field(description="A person's key, or pool: and a pool's.")
    csm_name: str
    is_pool: bool
    capacity_hours: float = Field(description="Of a pool, its members together.")
    effort_hours: float = Field(description="With parts of pools; of a pool, what its members carry.")
    own_hours: float = Field(description="Of the accounts in the book.")
    load_percent: float | None
    arr: float
    accounts: int
    complexity: float
    red_yellow: int
    red_yellow_share: float


class UnclearOut(Shape):
    """An account of which it is not clear who answers: no_owner, two_owners (in a role) or silent_pool."""

    account: str
    account_name: str
    why: str
    role: str | None


class BooksOut(Shape):
    """The books of the people whom you may see, by name, and accounts without a clear owner."""

    as_of: date
    books: list[BookOut]
    unclear: list[UnclearOut]


class MoveOut(Shape):
    """An account that changes hands; ``improves`` are points by term that undoing it alone would cost."""

    account: str
    account_name: str
    from_person: str | None
    from_person_name: str | None
    from_pool: str | None = Field(description="Where a pool had it; then there is no person.")
    from_pool_name: str | None
    to_person: str | None
    to_person_name: str | None
    to_pool: str | None = Field(description="Where a pool gets it; then there is no person.")
    to_pool_name: str | None
    reason: str
    improves: dict[str, float]
    by_hand: bool
    applied_at: datetime | None


class BindingOut(Shape):
    """A rule that holds a proposal back, and what dropping it would give, in points by term."""

    rule: str
    rule_name: str
    relaxing_gives: dict[str, float]


class ConflictOut(Shape):
    """Rules that can't all hold; without any one of them the others can."""

    rules: list[str]
    text: str


class ProposalLine(Shape):
    """A proposal in the list."""

    id: int
    as_of: date
    mode: str
    state: str = Field(description="open, approved, undone or dropped.")
    made_at: datetime | None
    made_by: str
    decided_at: datetime | None
    decided_by: str | None
    note: str | None
    feasible: bool
    value: float = Field(description="Points; the smaller the better.")
    bound: float = Field(description="No plan within the rules has fewer points.")
    gap: float
    seconds: float
    seed: int
    move_count: int


class ProposalOut(ProposalLine):
    """A proposal with its moves, the books before and after, and what holds it back."""

    stopped_early: bool
    moves: list[MoveOut]
    before: list[BookOut]
    after: list[BookOut]
    binding: list[BindingOut]
    conflicts: list[ConflictOut]
    headcount: HeadcountOut | None = Field(description="Of the mode headcount.")


class Proposals(Page):
    """Proposals, the newest first."""

    items: list[ProposalLine]
    total: int


class BooksAsked(Asked):
    """Of which day."""

    as_of: Day | None = None


class Proposing(Body):
    """What is asked for: see the guide. A worker works it out."""

    mode: str = Field("incremental", pattern=f"^({MODE})$")
    moves: int | None = Field(None, ge=0, le=1_000_000)
    person: str = Field("", max_length=90, pattern=NO_NULL, description="By key, or pool: and a pool's key.")
    account: str = Field("", max_length=80, pattern=NO_NULL)
    seconds: float | None = Field(None, gt=0, le=600)
    seed: int = Field(1, ge=0, le=2**31 - 1)


class ProposalRun(Shape):
    """The run that works it out."""

    run: int


class Approving(Body):
    """Which accounts of the proposal go, by key; all of them where none is named."""

    accounts: list[str] = Field(default_factory=list, max_length=10_000)
    note: str = Field("", max_length=actions.LONGEST_NOTE, pattern=NO_NULL)


class Dropping(Body):
    """Why."""

    note: str = Field(min_length=1, max_length=actions.LONGEST_NOTE, pattern=NO_NULL)


class Undoing(Body):
    """Undoing takes nothing but the number of the proposal."""


class ByHandMove(Body):
    """Who gets an account in the place of whom was proposed; its owner takes it out."""

    account: str = Field(max_length=80, pattern=NO_NULL)
    person: str = Field(max_length=90, pattern=NO_NULL, description="By key, or pool: and a pool's key.")


class AppliedOut(Shape):
    """How many accounts went, and which somebody had moved in the meantime."""

    gone: int
    skipped: list[str]


class Locking(Body):
    """Why an account stays with its owner; an empty reason withdraws the lock."""

    account: str = Field(max_length=80, pattern=NO_NULL)
    reason: str = Field("", max_length=300, pattern=NO_NULL)


class LockOut(Shape):
    """Whether an account is locked now."""

    account: str
    locked: bool


@router.reads("/books", BooksOut)
def get_books(request: HttpRequest, asked: Query[BooksAsked]) -> BooksOut:
    """Give the books of the people whom you may see."""
    viewer = asking(request)
    found = week_asked(viewer, asked.as_of)
    return BooksOut(
        as_of=found.run.as_of,
        books=[_book(each) for each in books_now(viewer, found)],
        unclear=[UnclearOut(**each.document) for each in unclear(viewer, found)],
    )


@router.reads("/proposals", Proposals)
def list_proposals(request: HttpRequest, asked: Query[Paged]) -> Proposals:
    """List the proposals, the newest first."""
    viewer = asking(request)
    total = how_many_proposals(viewer)
    place = Place.of(request, asked, basis=total)
    rows = proposals(viewer, offset=place.offset, limit=place.more)
    return Proposals(items=[_line(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.reads("/proposals/{int:number}", ProposalOut)
def get_proposal(request: HttpRequest, number: int) -> ProposalOut:
    """Give one proposal."""
    return _out(asking(request), number)


@router.writes("POST", "/proposals", ProposalRun, status=202)
def ask_for_proposal(request: HttpRequest, given: Proposing) -> ProposalRun:
    """Ask for a proposal over the books of those whom you lead; a worker works it out and keeps it."""
    viewer = asking(request)
    if not may_ask(viewer):
        raise actions.ProposalNotYours(
            "Proposals are made by operations and leaders.", fix="Ask one of them."
        )
    if given.mode == ONE and not given.account:
        raise AskedWrong("No account is named.", fix="Name the account by its key.")
    if given.mode == EXCEPTION and not (given.person or given.account):
        raise AskedWrong("An exception is about somebody or an account.", fix="Name a person or an account.")
    return ProposalRun(run=jobs.ask(Wanted(**given.model_dump()), by=viewer, now=timezone.now()))


@router.writes("POST", "/proposals/{int:number}/approve", AppliedOut)
def approve_proposal(request: HttpRequest, number: int, given: Approving) -> AppliedOut:
    """Let the moves of a proposal take place, all or those of the accounts named."""
    viewer = asking(request)
    wanted = None
    if given.accounts:
        known = {each.account_key: each.account_id for each in moves(viewer, number)}
        if missing := [key for key in given.accounts if key not in known]:
            raise AskedWrong(f"It does not move {missing[0][:40]}.", fix="Name accounts that it moves.")
        wanted = [known[key] for key in given.accounts]
    done = actions.approve(number, by=viewer, now=timezone.now(), note=given.note, accounts=wanted)
    return AppliedOut(gone=done.gone, skipped=list(done.skipped))


@router.writes("POST", "/proposals/{int:number}/undo", AppliedOut)
def undo_proposal(request: HttpRequest, number: int, given: Undoing) -> AppliedOut:
    """Give back what a proposal moved, within the hours that policy gives."""
    done = actions.undo(number, by=asking(request), now=timezone.now())
    return AppliedOut(gone=done.gone, skipped=list(done.skipped))


@router.writes("POST", "/proposals/{int:number}/drop", ProposalOut)
def drop_proposal(request: HttpRequest, number: int, given: Dropping) -> ProposalOut:
    """Decide against a proposal."""
    actions.drop(number, by=asking(request), now=timezone.now(), note=given.note)
    return _out(asking(request), number)


@router.writes("POST", "/proposals/{int:number}/moves", ProposalOut)
def move_by_hand(request: HttpRequest, number: int, given: ByHandMove) -> ProposalOut:
    """Give an account of an open proposal to somebody else than it proposed."""
    viewer = asking(request)
    if proposal(viewer, number) is None:
        raise _gone(number)
    account, person = ids_of(viewer, number, given.account, given.person)
    actions.move_by_hand(number, account, person, by=viewer, now=timezone.now())
    return _out(viewer, number)


@router.writes("POST", "/owner-locks", LockOut)
def lock_account(request: HttpRequest, given: Locking) -> LockOut:
    """Keep an account with its owner in every proposal, or no longer."""
    viewer, now = asking(request), timezone.now()
    if given.reason.strip():
        locks.lock(given.account, given.reason, by=viewer, now=now)
    else:
        locks.unlock(given.account, by=viewer, now=now)
    return LockOut(account=given.account, locked=bool(given.reason.strip()))


def _gone(number: int) -> actions.ProposalGone:
    return actions.ProposalGone(f"There is no proposal {number}.", fix="List them: GET /api/v1/proposals.")


def _book(each: dict[str, Any]) -> BookOut:
    plain = {"load_percent": None, "is_pool": False, "own_hours": each["effort_hours"]}
    return BookOut(**{**plain, **each})


def _side(side: str, key: str, name: str) -> dict[str, str | None]:
    """Return who gives or gets an account: a person or a pool, each in fields of its own."""
    kind, other = ("pool", "person") if key.startswith(POOL) else ("person", "pool")
    return {
        f"{side}_{kind}": said_or_none(key.removeprefix(POOL)),
        f"{side}_{kind}_name": said_or_none(name),
        f"{side}_{other}": None,
        f"{side}_{other}_name": None,
    }


def _line(row: ProposalRow) -> ProposalLine:
    said = row.contents
    return ProposalLine(
        id=row.id,
        as_of=row.as_of,
        mode=row.mode,
        state=row.state,
        made_at=instant(row.made_at),
        made_by=row.made_by,
        decided_at=instant(row.decided_at),
        decided_by=said_or_none(row.decided_by),
        note=said_or_none(row.note),
        feasible=said["feasible"],
        value=said["value"],
        bound=said["bound"],
        gap=said["gap"],
        seconds=row.seconds,
        seed=row.seed,
        move_count=len(said["moves"]),
    )


def _out(viewer: Viewer, number: int) -> ProposalOut:
    row = proposal(viewer, number)
    if row is None:
        raise _gone(number)
    said = row.contents
    return ProposalOut(
        **_line(row).model_dump(),
        stopped_early=said["stopped_early"],
        moves=[
            MoveOut(
                account=each.account_key,
                account_name=each.account_name,
                **_side("from", each.giver_key, each.giver_name),
                **_side("to", each.receiver_key, each.receiver_name),
                reason=each.reason,
                improves=dict(each.improves),
                by_hand=each.by_hand,
                applied_at=instant(each.applied_at),
            )
            for each in moves(viewer, number)
        ],
        before=[_book(each) for each in said["before"]],
        after=[_book(each) for each in said["after"]],
        binding=[BindingOut(**each) for each in said["binding"]],
        conflicts=[ConflictOut(**each) for each in said["conflicts"]],
        headcount=HeadcountOut(**said["headcount"]) if "headcount" in said else None,
    )
