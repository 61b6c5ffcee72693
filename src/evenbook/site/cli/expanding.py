"""``evenbook expansion``: openings, the list, the scoreboards, and the keys that products sign hands with."""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import uuid4

import click
from rich.table import Table

from evenbook.book.actions.machines import say_machine
from evenbook.expansion.actions.hands import end_key, make_key
from evenbook.expansion.actions.opening import Opened, Wanted, open_for
from evenbook.expansion.actions.trials import begin_trial, end_trial
from evenbook.expansion.actions.working import give, move, release
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.keys import signing_keys
from evenbook.expansion.queries.ladder import TrialRow, trials
from evenbook.expansion.queries.listed import ListedRow, listed
from evenbook.expansion.queries.openings import (
    LATE,
    SHOWN,
    OpeningRow,
    OpeningsWanted,
    how_many_openings,
    openings,
)
from evenbook.expansion.queries.scoreboards import scoreboards
from evenbook.expansion.rules.moving import CALLED, HUMAN, Move
from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
AS_OF = click.option("--as-of", metavar="DATE", default="", help="The last week stored by this day.")
SHOWN_ROWS = 40
MOST_AMOUNT = 10**12


@click.group()
def expansion() -> None:
    """Many openers, one closer: openings, the expansion list, the scoreboards, keys of products."""


COMMANDS = (expansion,)


@expansion.command("openings")
@click.option("--state", type=click.Choice(tuple(SHOWN)), default="open", help="How they stand.")
@AS_JSON
@click.pass_obj
def listing(acting: Acting, *, state: str, as_json: bool) -> int:
    """List openings, those that wait first. Ends with 1 where one waits past its day."""
    acting.ready()
    viewer, clock = acting.viewer, clock_now(acting.viewer, acting.now)
    late = how_many_openings(viewer, clock, wanted=OpeningsWanted(state=LATE))
    wanted = OpeningsWanted(state=state)
    if as_json:
        rows = openings(viewer, clock, wanted=wanted)
        click.echo(json.dumps([_opening(row) for row in rows], ensure_ascii=False))
        return 1 if late else 0
    rows = openings(viewer, clock, wanted=wanted, limit=SHOWN_ROWS)
    table = _table("Id", "Account", "Wants", "Opener", "Stands", "Closes")
    for row in rows:
        stands = f"{row.state_name}{', late' if row.is_late else ''}{', held' if row.is_held else ''}"
        cells = (row.account_name, row.wants_name, row.role_name, stands, row.owner_name or "nobody")
        table.add_row(str(row.id), *map(plain, cells))
    if rows:
        screen().print(table)
    total = how_many_openings(viewer, clock, wanted=wanted)
    if total > len(rows):
        click.echo(f"… and {total - len(rows)} more; --json lists all.")
    click.echo(f"expansion: {counted(late, 'opening waits', 'openings wait')} past the day.")
    return 1 if late else 0


@expansion.command("list")
@AS_OF
@AS_JSON
@click.pass_obj
def expansion_list(acting: Acting, *, as_of: str, as_json: bool) -> int:
    """Print the expansion list: most room and proven value first, and what to mention."""
    acting.ready()
    week = week_asked(acting.viewer, day_given(as_of))
    rows = listed(acting.viewer, week.run.id, limit=None if as_json else SHOWN_ROWS)
    if as_json:
        document = {
            "as_of": week.run.as_of.isoformat(), "policy_version": week.run.policy_version,
            "currency": week.currency, "expansion_list": [_listed(row) for row in rows],
        }  # fmt: skip
        click.echo(json.dumps(document, ensure_ascii=False))
        return 0
    table = _table("Rank", "Account", "Points", "Why")
    for row in rows:
        why = "; ".join((*(each.text for each in row.reasons), *row.flags))
        table.add_row(str(row.rank), plain(row.account_name), f"{row.points:g}", plain(why))
    screen().print(table)
    click.echo(f"expansion: as of {week.run.as_of.isoformat()}.")
    return 0


@expansion.command("open")
@click.argument("account")
@click.option("--product", default="", help="What it is for.")
@click.option("--role", type=click.Choice(sorted(HUMAN)), default="csm", help="As what you saw it.")
@click.option(
    "--source", type=click.Choice(("account", "ticket", "call", "artifact", "hot_sheet", "list")),
    default="account", help="Where you saw it.",
)  # fmt: skip
@click.option("--note", default="", help="What you saw.")
@click.option("--about", default="", help="What it was seen in, such as a ticket's id.")
@click.option("--key", default="", help="Names it for ever: the same again is the same opening.")
@AS_JSON
@click.pass_obj
def open_one(
    acting: Acting,
    account: str,
    *,
    product: str,
    role: str,
    source: str,
    note: str,
    about: str,
    key: str,
    as_json: bool,
) -> int:
    """Open an expansion at ACCOUNT, a key: it goes at once to the one who closes."""
    acting.ready()
    wanted = Wanted(source, role, product, note, about=about)
    opened = open_for(account, wanted, key=key or uuid4().hex, by=acting.writer(), now=acting.now)
    if as_json:
        click.echo(json.dumps(_opened(opened)))
        return 0
    held = "; it is held until the save is closed" if opened.held else ""
    whose = f"{opened.owner} takes it to yes or no" if opened.owner else "nobody is there to close it yet"
    click.echo(f"expansion: opening {opened.id}: {whose}{held}.")
    return 0


@expansion.command()
@click.argument("number", type=click.IntRange(1, 2**31))
@click.option("--talks", is_flag=True, help="It is in talks already.")
@click.pass_obj
def answer(acting: Acting, number: int, *, talks: bool) -> int:
    """Say that NUMBER was answered, or is in talks."""
    acting.ready()
    to = "talks" if talks else "answered"
    move(number, Move(to), by=acting.writer(), now=acting.now)
    click.echo(f"expansion: {CALLED[to].lower()}.")
    return 0


@expansion.command()
@click.argument("number", type=click.IntRange(1, 2**31))
@click.argument("outcome", type=click.Choice(("won", "lost", "dropped")))
@click.option("--amount", type=click.FloatRange(0, MOST_AMOUNT), help="What it brings a year, where won.")
@click.option("--currency", default="", help="Its currency, as USD.")
@click.option("--reason", default="", help="Why, where lost or dropped.")
@click.pass_obj
def close(
    acting: Acting, number: int, outcome: str, *, amount: float | None, currency: str, reason: str
) -> int:
    """Take NUMBER to its end: won, lost or dropped. An end is final."""
    acting.ready()
    cents = None if amount is None else round(amount * 100)
    move(number, Move(outcome, cents, currency, reason), by=acting.writer(), now=acting.now)
    click.echo(f"expansion: {CALLED[outcome].lower()}.")
    return 0


@expansion.command("give")
@click.argument("number", type=click.IntRange(1, 2**31))
@click.argument("person")
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def give_on(acting: Acting, number: int, person: str, *, reason: str) -> int:
    """Give NUMBER to PERSON, a key, who closes it from now on."""
    acting.ready()
    give(number, person, reason, by=acting.writer(), now=acting.now)
    click.echo("expansion: it is given on.")
    return 0


@expansion.command("release")
@click.argument("number", type=click.IntRange(1, 2**31))
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def release_one(acting: Acting, number: int, *, reason: str) -> int:
    """Let outreach for NUMBER begin though its account is on the hot sheet."""
    acting.ready()
    release(number, reason, by=acting.writer(), now=acting.now)
    click.echo("expansion: it is released.")
    return 0


@expansion.command("trials")
@AS_JSON
@click.pass_obj
def listed_trials(acting: Acting, *, as_json: bool) -> int:
    """List opt-out trials. Ends with 1 where one is over and nobody has said what came of it."""
    acting.ready()
    viewer = acting.viewer
    rows = trials(viewer, clock_now(viewer, acting.now).today)
    over = sum(row.is_over for row in rows)
    if as_json:
        click.echo(json.dumps([_trial(row) for row in rows], ensure_ascii=False))
        return 1 if over else 0
    table = _table("Id", "Account", "Product", "From", "To", "Came of it")
    for row in rows[:SHOWN_ROWS]:
        came = f"{row.outcome_name}{', over' if row.is_over else ''}{f': {row.note}' if row.note else ''}"
        days = (row.first_on.isoformat(), row.last_on.isoformat())
        table.add_row(str(row.id), *map(plain, (row.account_name, row.product, *days, came)))
    if rows:
        screen().print(table)
    click.echo(
        f"expansion: {counted(over, 'trial is', 'trials are')} over without a word of what came of it."
    )
    return 1 if over else 0


@expansion.command("try")
@click.argument("account")
@click.argument("product")
@click.option("--from", "first", metavar="DATE", required=True, help="Its first day.")
@click.option("--to", "last", metavar="DATE", required=True, help="Its last day.")
@AS_JSON
@click.pass_obj
def try_one(acting: Acting, account: str, product: str, *, first: str, last: str, as_json: bool) -> int:
    """Record that ACCOUNT, a key, has PRODUCT on trial unless it opts out."""
    acting.ready()
    by, days = acting.writer(), (day_given(first), day_given(last))
    today = clock_now(by, acting.now).today
    assert days[0] and days[1], "both are required"
    number = begin_trial(
        account, product, first_on=days[0], last_on=days[1], today=today, by=by, now=acting.now
    )
    click.echo(json.dumps({"trial": number}) if as_json else f"expansion: trial {number} is recorded.")
    return 0


@expansion.command("end-trial")
@click.argument("number", type=click.IntRange(1, 2**31))
@click.argument("outcome", type=click.Choice(("kept", "opted_out")))
@click.option("--note", default="", help="Why, in a sentence.")
@AS_JSON
@click.pass_obj
def end_one(acting: Acting, number: int, outcome: str, *, note: str, as_json: bool) -> int:
    """Say what came of a trial; that is final."""
    acting.ready()
    by = acting.writer()
    today = clock_now(by, acting.now).today
    is_new = end_trial(number, outcome, note, today=today, by=by, now=acting.now)
    said = "" if is_new else " already"
    click.echo(
        json.dumps({"trial": number, "outcome": outcome, "is_new": is_new})
        if as_json
        else f"expansion: trial {number} is{said} {outcome.replace('_', ' ')}."
    )
    return 0


def _trial(row: TrialRow) -> dict[str, Any]:
    days = {name: getattr(row, name) for name in ("first_on", "last_on", "ended_on")}
    return {
        "id": row.id,
        "account": row.account_key,
        "account_name": row.account_name,
        "product": row.product,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "outcome": row.outcome or None,
        "is_over": row.is_over,
        "note": row.note or None,
        "recorded_by": row.recorded_by,
        "decided_by": row.decided_by or None,
    }


@expansion.command("scoreboards")
@AS_OF
@AS_JSON
@click.pass_obj
def boards(acting: Acting, *, as_of: str, as_json: bool) -> int:
    """Print both scoreboards of the quarter, of the people whose work you may see."""
    acting.ready()
    today = clock_now(acting.viewer, acting.now).today
    found = scoreboards(acting.viewer, week_asked(acting.viewer, day_given(as_of)), today=today)
    retention = [
        {
            "person": each.person.key, "person_name": each.person.name, "saves": len(each.saves),
            "grr": each.grr, "opened": each.opened.opened, "customers_opened": each.opened.customers,
        }
        for each in found.retention
    ]  # fmt: skip
    closers = [
        {
            "person": each.person.key, "person_name": each.person.name, "answered": each.closed.answered,
            "answered_in_time": each.closed.in_time, "ended": each.closed.ended, "won": each.closed.won,
            "won_amount": each.closed.won_cents / 100, "currency": found.week.currency,
        }
        for each in found.expansion
    ]  # fmt: skip
    if as_json:
        document = {
            "first_on": found.first_on.isoformat(), "as_of": found.week.run.as_of.isoformat(),
            "retention": retention, "expansion": closers, "customers_helped": found.helped,
        }  # fmt: skip
        click.echo(json.dumps(document, ensure_ascii=False))
        return 0
    for title, rows in (("Retention", retention), ("Expansion", closers)):
        if rows:
            click.echo(f"{title}, from {found.first_on.isoformat()}")
            table = _table(*(name.replace("_", " ") for name in rows[0] if name != "person"))
            for row in rows:
                table.add_row(*(plain(_cell(value)) for name, value in row.items() if name != "person"))
            screen().print(table)
    return 0


@expansion.command()
@click.argument("person")
@click.argument("value", type=click.Choice(("operator", "seller", "retention", "expansion", "nothing")))
@click.option("--kind", type=click.Choice(("stated", "staffed")), required=True, help="Said, or staffed to.")
@click.pass_obj
def machine(acting: Acting, person: str, value: str, *, kind: str) -> int:
    """Say that PERSON is made for VALUE (--kind stated), or staff them to it (--kind staffed), from today."""
    acting.ready()
    by = acting.writer()
    said = "" if value == "nothing" else value
    today = clock_now(by, acting.now).today
    is_new = say_machine(person, kind, said, first_on=today, by=by, now=acting.now)
    click.echo("expansion: it is kept." if is_new else "expansion: it was so already.")
    return 0


@expansion.command("key")
@click.argument("name")
@AS_JSON
@click.pass_obj
def new_key(acting: Acting, name: str, *, as_json: bool) -> int:
    """Make a key that the product called NAME signs hands with, and print its secret: once, kept nowhere."""
    acting.ready()
    key = f"hand_{secrets.token_hex(8)}"
    secret = make_key(name, key=key, salt=secrets.token_hex(16), by=acting.writer(), now=acting.now)
    if as_json:
        click.echo(json.dumps({"key": key, "key_name": name, "secret": secret}))
        return 0
    click.echo(f"{key} {secret}")
    click.echo("The key's id and its secret: the secret is shown this once, keep it now.", err=True)
    return 0


@expansion.command("keys")
@click.option("--end", "ended", metavar="KEY", default="", help="End this key from now on.")
@AS_JSON
@click.pass_obj
def list_keys(acting: Acting, *, ended: str, as_json: bool) -> int:
    """List the keys that products sign with, or end one."""
    acting.ready()
    by = acting.writer()
    if ended:
        end_key(ended, by=by, now=acting.now)
    rows = [
        {
            "key": each.key, "key_name": each.name, "made_at": each.made_at.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else None,
        }
        for each in signing_keys(by)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return 0
    table = _table("Key", "Name", "Made", "Ended")
    for row in rows:
        table.add_row(*(plain(_cell(row[name])) for name in ("key", "key_name", "made_at", "ended_at")))
    screen().print(table)
    return 0


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _cell(value: Any) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _opened(opened: Opened) -> dict[str, Any]:
    return {
        "opening": opened.id, "account": opened.account, "owner_name": opened.owner or None,
        "is_held": opened.held, "is_new": opened.is_new,
    }  # fmt: skip


def _listed(row: ListedRow) -> dict[str, Any]:
    why = [{"signal": each.signal, "points": each.points, "text": each.text} for each in row.reasons]
    said = [{"product": each.product, "who": each.who, "says": each.says} for each in row.mentions]
    return {
        "rank": row.rank, "account": row.account_key, "account_name": row.account_name,
        "points": row.points, "arr": None if row.arr_cents is None else row.arr_cents / 100,
        "last_meeting_on": row.reached_on.isoformat() if row.reached_on else None, "is_held": row.is_held,
        "openings": row.hands, "reasons": why, "flags": list(row.flags), "mentions": said,
    }  # fmt: skip


def _opening(row: OpeningRow) -> dict[str, Any]:
    return {
        "id": row.id, "account": row.account_key, "account_name": row.account_name, "state": row.state,
        "product": row.product or None, "wants": row.wants, "opener_role": row.role, "source": row.source,
        "note": row.note or None, "opened_by_name": row.opened_by, "opened_at": row.opened_at.isoformat(),
        "owner_name": row.owner_name or None, "is_held": row.is_held, "is_late": row.is_late,
        "answer_due_on": row.due_on.isoformat(),
        "amount": None if row.amount_cents is None else row.amount_cents / 100,
        "currency": row.currency or None, "reason": row.reason or None,
    }  # fmt: skip
