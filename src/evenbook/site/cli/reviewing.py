"""Commands of business reviews: preview, draw a batch up, look at a sample, approve, send, log, end links."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress
from rich.table import Table

from evenbook.book.lookup import account_of_key
from evenbook.capacity.queries import account_row
from evenbook.kit.findings import counted
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.reviews.actions import deciding, links
from evenbook.reviews.actions.drawing import Chosen, draw_up, fill
from evenbook.reviews.actions.refusals import ReviewGone, ReviewsRefused
from evenbook.reviews.actions.sending import send as send_batch
from evenbook.reviews.actions.sending import sending
from evenbook.reviews.decks import DeckFile, file_of, file_of_review, master_of
from evenbook.reviews.jobs import SENDING, new_token
from evenbook.reviews.queries.batches import (
    BatchRow,
    ReviewRow,
    batch,
    batches,
    deck,
    hands,
    how_many_hands_wait,
    review_called,
    reviews_of,
)
from evenbook.reviews.queries.coverage import reviewed
from evenbook.reviews.queries.gathering import drawn_reviews
from evenbook.reviews.queries.written import master
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import worker_is_here
from evenbook.site.actor import Acting
from evenbook.site.cli.handing import NoSuchFile
from evenbook.site.cli.printed import plain, safe, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
NUMBER = click.argument("number", type=click.IntRange(1), metavar="BATCH")
SHOWN = 40


@click.group()
def reviews() -> None:
    """Business reviews that customers read without a meeting: preview, batch, approve, send, log."""


@reviews.command("list")
@AS_JSON
@click.pass_obj
def listed(acting: Acting, *, as_json: bool) -> int:
    """List batches, and how much of the base was reviewed. Ends with 1 where a batch or a hand waits."""
    acting.ready()
    viewer = acting.viewer
    rows, waiting = batches(viewer), how_many_hands_wait(viewer)
    found = reviewed(viewer, week_asked(viewer, None), now=acting.now)
    if as_json:
        said = {"reviewed_share": found.share, "cycle_days": found.days, "hands_waiting": waiting}
        click.echo(json.dumps({**said, "batches": [_document(row) for row in rows]}, ensure_ascii=False))
    else:
        _print(rows)
        many = counted(found.accounts, "account", "accounts")
        click.echo(f"reviews: {found.went} of {many} had one in {found.days} days; {waiting} hands wait.")
    return 1 if waiting or any(row.waits for row in rows) else 0


@reviews.command()
@click.argument("account")
@click.option(
    "--batch", "number", type=click.IntRange(1), help="As this batch has it; else as of the last week."
)
@click.option("--looked", is_flag=True, help="Say that you have looked at it, where it is of the sample.")
@click.option("--format", "kind", type=click.Choice(["pptx", "pdf"]), default="pptx", help="Of the file.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it into this file.")
@AS_JSON
@click.pass_obj
def preview(
    acting: Acting, account: str, *, number: int | None, looked: bool, kind: str, out: Path | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Show what the review of ACCOUNT, by its key, says, or write it as slides or PDF."""
    acting.ready()
    says, made = _previewed(acting, account, number, looked=looked, kind=kind if out else "")
    if out is not None and made is not None:
        _write(acting, out, made)
    if as_json:
        click.echo(json.dumps(says, ensure_ascii=False))
        return 0
    for slide in says["slides"]:
        click.echo(safe(f"{slide['title']}: {slide['sentence']}"))
    where = f" It is in {out}." if out else ""
    click.echo(f"reviews: {counted(len(says['slides']) + 1, 'slide', 'slides')}.{where}")
    return 0


@reviews.command("batch")
@click.option("--title", default="", help="What it is called.")
@click.option("--tier", type=click.Choice(["1", "2", "3", "4"]), help="Accounts of this tier alone.")
@click.option("--owner", default="", help="Of this person, by key; `pool:` and a pool's key.")
@click.option("--team", default="", help="Of this team.")
@AS_JSON
@click.pass_obj
def draw(acting: Acting, *, title: str, tier: str | None, owner: str, team: str, as_json: bool) -> int:
    """Draw the reviews of the whole base up, or of some accounts. Ends with 1: a person approves it."""
    acting.ready()
    by = acting.writer()
    week, chosen = week_asked(by, None), Chosen(tier=tier or "", owner=owner, team=team)
    number = draw_up(chosen, week=week, by=by, now=acting.now, title=title)
    with _bar(as_json) as told:
        fill(number, week=week, by=by, now=acting.now, told=told)
    _said(by, number, as_json=as_json)
    if not as_json:
        for each in reviews_of(by, number, state="sample"):
            click.echo(f"  look at: evenbook reviews preview {each.account_key} --batch {number} --looked")
    return 1


@reviews.command()
@NUMBER
@AS_JSON
@click.pass_obj
def approve(acting: Acting, number: int, *, as_json: bool) -> int:
    """Approve BATCH, whose sample was looked at; a worker sends it, or `evenbook reviews send` does."""
    acting.ready()
    by = acting.writer()
    here = worker_is_here(by, now=acting.now)
    deciding.approve(number, by=by, now=acting.now, work=SENDING if here else None)
    return _said(by, number, as_json=as_json)


@reviews.command()
@NUMBER
@AS_JSON
@click.pass_obj
def send(acting: Acting, number: int, *, as_json: bool) -> int:
    """Send what of an approved BATCH has not gone out; broken off, it goes on where it stopped."""
    acting.ready()
    by = acting.writer()
    found = _found(by, number)
    if found.state not in {"approved", "sent"}:
        raise ReviewsRefused(
            f"It is {found.state_name.lower()}: no person has approved it.",
            fix=f"Look at its sample, then: evenbook reviews approve {number}",
        )
    order = sending(number, by=by, home=acting.home, token=new_token, clock=lambda: datetime.now(UTC))
    with _bar(as_json) as told:
        says = send_batch(order, told=told)
    if not as_json:
        click.echo(f"reviews: {says}")
    return _said(by, number, as_json=as_json)


@reviews.command()
@NUMBER
@AS_JSON
@click.pass_obj
def cancel(acting: Acting, number: int, *, as_json: bool) -> int:
    """Cancel what of BATCH has not gone out."""
    acting.ready()
    by = acting.writer()
    deciding.cancel(number, by=by, now=acting.now)
    return _said(by, number, as_json=as_json)


@reviews.command()
@NUMBER
@click.option("--account", default="", help="The account's key; without it, the links of all.")
@AS_JSON
@click.pass_obj
def revoke(acting: Acting, number: int, *, account: str, as_json: bool) -> int:
    """End the links of BATCH, or of one account in it."""
    acting.ready()
    by = acting.writer()
    if account:
        ended = links.revoke(_review(by, number, account).id, by=by, now=acting.now)
    else:
        ended = links.revoke_all(number, by=by, now=acting.now)
    if as_json:
        click.echo(json.dumps({"id": number, "ended": ended}))
    else:
        click.echo(f"reviews: {counted(ended, 'link has', 'links have')} ended.")
    return 0


@reviews.command()
@NUMBER
@click.argument("account")
@click.argument("reason")
@AS_JSON
@click.pass_obj
def override(acting: Acting, number: int, account: str, reason: str, *, as_json: bool) -> int:
    """Let the review of ACCOUNT in BATCH go though it is held back, for a REASON."""
    acting.ready()
    by = acting.writer()
    deciding.override(_review(by, number, account).id, reason, by=by, now=acting.now)
    return _said(by, number, as_json=as_json)


@reviews.command()
@NUMBER
@AS_JSON
@click.pass_obj
def log(acting: Acting, number: int, *, as_json: bool) -> int:
    """Say of each account of BATCH what became of its review, who opened it, who raised a hand."""
    acting.ready()
    viewer = acting.viewer
    found = _found(viewer, number)
    rows = reviews_of(viewer, number)
    if as_json:
        said = {**_document(found), "reviews": [_review_document(row) for row in rows]}
        click.echo(json.dumps(said, ensure_ascii=False))
        return 0
    table = Table("Account", "State", "Went", "Opened", "Hand", "Why", box=None)
    for row in rows:
        went = row.done_at.isoformat(timespec="minutes") if row.done_at else ""
        why = row.why or " ".join(row.holds)
        days = str(row.opened_days or "")
        table.add_row(plain(row.account_name), row.state_name, went, days, plain(row.hand), plain(why))
    screen().print(table)
    return _said(viewer, number, as_json=False)


@reviews.command("hands")
@AS_JSON
@click.pass_obj
def raised(acting: Acting, *, as_json: bool) -> int:
    """List raised hands. Ends with 1 where one waits."""
    acting.ready()
    rows = hands(acting.viewer)
    if as_json:
        names = ("id", "batch_id", "account_key", "account_name", "wants", "note", "contact", "routed")
        said = [
            {name: getattr(row, name) or None for name in names} | {"raised_at": row.raised_at.isoformat()}
            for row in rows
        ]
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        for row in rows[:SHOWN]:
            click.echo(safe(f"{row.account_name}: {row.wants_name.lower()}. {row.note}".rstrip()))
        click.echo(f"reviews: {counted(len(rows), 'hand was', 'hands were')} raised.")
    return 1 if any(row.answered_at is None for row in rows) else 0


COMMANDS = (reviews,)


def _previewed(
    acting: Acting, key: str, number: int | None, *, looked: bool, kind: str
) -> tuple[dict[str, Any], DeckFile | None]:
    """Return what a review says and, where a form is named, it as a file."""
    viewer = acting.writer() if looked else acting.viewer
    if number is not None:
        row = _review(viewer, number, key)
        if looked:
            deciding.look_at(row.id, by=viewer, now=acting.now)
        says = deck(viewer, row.id)
        assert says is not None
        return says.as_json(), file_of_review(row.id, kind) if kind else None
    week, called = week_asked(viewer, None), account_of_key(viewer, key)
    found = account_row(viewer, week.run.id, called.id) if called else None
    if found is None:
        raise ReviewGone(
            f"There is no account '{key[:80]}' in the base that you may open.", fix="Use its key."
        )
    (drawn,) = drawn_reviews(viewer, week, [found])
    own = master(viewer)
    file = master_of(own.id) if own else None
    made = file_of(drawn.deck, kind, made_at=acting.now, master=file) if kind else None
    return drawn.deck.as_json(), made


def _write(acting: Acting, out: Path, made: DeckFile) -> None:
    try:
        out.write_bytes(made.contents)
    except OSError as error:
        what = f"{out} can't be written: {error.strerror}."
        raise NoSuchFile(what, fix="Name a file in a folder that is there.") from error
    audit.record(acting.viewer, "export.taken", audit.Thing("export", made.name, made.name), at=acting.now)


class _bar:
    """A bar on the terminal; nothing where a program reads."""

    def __init__(self, is_quiet: bool) -> None:
        self._progress = Progress(console=screen(), disable=is_quiet, transient=True)

    def __enter__(self) -> Any:
        self._progress.start()
        task = self._progress.add_task("reviews")

        def told(done: int, total: int) -> None:
            self._progress.update(task, completed=done, total=max(total, 1))

        return told

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _found(viewer: Viewer, number: int) -> BatchRow:
    found = batch(viewer, number)
    if found is None:
        raise ReviewGone(f"There is no batch {number} of reviews.", fix="See `evenbook reviews list`.")
    return found


def _review(viewer: Viewer, number: int, key: str) -> ReviewRow:
    found = review_called(viewer, number, key)
    if found is None:
        raise ReviewGone(f"Batch {number} has no account '{key[:80]}' that you may open.", fix="See its log.")
    return found


def _said(viewer: Viewer, number: int, *, as_json: bool) -> int:
    row = _found(viewer, number)
    if as_json:
        click.echo(json.dumps(_document(row), ensure_ascii=False))
        return 0
    counts = row.counts
    click.echo(
        f"reviews: batch {row.id}, {row.state_name.lower()}: {counted(counts.total, 'review', 'reviews')}, "
        f"{counts.ready} ready, {counts.held} held back, {counts.went} went, {counts.opened} opened, "
        f"{counts.hands} hands raised; {counts.looked} of {counts.sampled} of the sample looked at."
    )
    return 0


def _document(row: BatchRow) -> dict[str, Any]:
    counts = row.counts
    return {
        "id": row.id,
        "title": row.title,
        "as_of": row.as_of.isoformat(),
        "policy_version": row.policy_version,
        "state": row.state,
        "approved_by": row.approved_by or None,
        "reviews": counts.total,
        "ready": counts.ready,
        "held": counts.held,
        "mailed": counts.sent,
        "made": counts.made,
        "cancelled": counts.dropped,
        "opened": counts.opened,
        "hands": counts.hands,
        "sample": counts.sampled,
        "looked_at": counts.looked,
        "attaches": row.attaches or None,
    }


def _review_document(row: ReviewRow) -> dict[str, Any]:
    return {
        "account": row.account_key,
        "account_name": row.account_name,
        "state": row.state,
        "slides": row.slides,
        "held_by": list(row.holds),
        "override": row.override or None,
        "in_sample": row.in_sample,
        "looked_at": row.looked_at.isoformat() if row.looked_at else None,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "why": row.why or None,
        "opened_days": row.opened_days,
        "hand": row.hand or None,
    }


def _print(rows: tuple[BatchRow, ...]) -> None:
    table = Table("No.", "Batch", "As of", "State", "Reviews", "Went", "Opened", "Hands", box=None)
    for row in rows[:SHOWN]:
        counts = (row.counts.total, row.counts.went, row.counts.opened, row.counts.hands)
        table.add_row(str(row.id), plain(row.title), row.as_of.isoformat(), row.state_name, *map(str, counts))
    if rows:
        screen().print(table)
