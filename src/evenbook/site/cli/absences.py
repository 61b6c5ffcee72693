"""Commands of leave: bring it in from a calendar's file, type one, take one back."""

from __future__ import annotations

from pathlib import Path

import click

from evenbook.book.actions.absences import (
    KINDS,
    CalendarLanded,
    land_calendar,
    land_calendars,
    type_leave,
    withdraw_leave,
)
from evenbook.documents.calendar_reading import MOST_BYTES, NotACalendar
from evenbook.kit.findings import counted
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain

SHOWN = 20


@click.group()
def leave() -> None:
    """Bring leave in from a calendar's file, type it, or take it back."""


@leave.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--person", metavar="KEY", default="", help="Whose calendar it is; else whoever its events name."
)
@click.pass_obj
def bring_in(acting: Acting, file: Path, *, person: str) -> int:
    """Take leave out of the calendar FILE (.ics). The same file again changes nothing.

    Without --person each event is of whoever of the team called for it, else of those asked, by address.
    """
    acting.ready()
    by = acting.writer()
    if file.stat().st_size > MOST_BYTES:
        raise NotACalendar(f"{file.name} is too large.", fix="Export fewer months of the calendar.")
    data = file.read_bytes()
    if person:
        found = land_calendar(person, data, by=by, now=acting.now)
        landed, left_out = [found], list(found.left_out)
    else:
        landed, strange = land_calendars(data, by=by, now=acting.now)
        left_out = [*(each for row in landed for each in row.left_out), *strange]
    for row in landed:
        click.echo(f"{plain(row.person_name)}: {_said(row)}.")
    for name, why in left_out[:SHOWN]:
        click.echo(f"left out: {plain(name)}: {why}.")
    if len(left_out) > SHOWN:
        click.echo(f"… and {len(left_out) - SHOWN} more are left out.")
    changed = sum(row.added + row.changed + row.withdrawn for row in landed)
    click.echo(f"leave: {counted(changed, 'leave is', 'leaves are')} new, changed or taken back.")
    return 0


@leave.command("type")
@click.argument("person")
@click.option("--from", "first_on", metavar="DATE", required=True, help="The first day away.")
@click.option("--until", "last_on", metavar="DATE", required=True, help="The last day away.")
@click.option("--kind", type=click.Choice(list(KINDS)), default="leave", help="What it is.")
@click.option("--cover", metavar="PERSON", default="", help="Who covers.")
@click.pass_obj
def typed(acting: Acting, person: str, *, first_on: str, last_on: str, kind: str, cover: str) -> int:
    """Write down that PERSON is away; people by their keys."""
    acting.ready()
    by, first, last = acting.writer(), day_given(first_on), day_given(last_on)
    if first is None or last is None:
        raise click.BadParameter("name both days, as 2026-03-09.")
    number = type_leave(person, first, last, kind=kind, cover=cover, by=by, now=acting.now)
    click.echo(f"leave: {number} is written down.")
    return 0


@leave.command("withdraw")
@click.argument("number", type=click.IntRange(1), metavar="ID")
@click.pass_obj
def withdraw(acting: Acting, number: int) -> int:
    """Take the leave ID back; of one that has begun the days up to yesterday stay."""
    acting.ready()
    withdraw_leave(number, by=acting.writer(), now=acting.now)
    click.echo("leave: it is taken back.")
    return 0


COMMANDS = (leave,)


def _said(row: CalendarLanded) -> str:
    return (
        f"{row.added} came in, {row.changed} changed, {row.withdrawn} taken back, {row.unchanged} as known"
        f"{f', {row.outside} too long ago or too far ahead' if row.outside else ''}"
    )
