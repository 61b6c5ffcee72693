"""``evenbook trail``: the audit trail on the command line, for operations."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from evenbook.people.trail import Entry, Wanted
from evenbook.people.trail import trail as entries_of
from evenbook.people.viewer import SURFACES
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.told import bare_table

DAY = "%Y-%m-%d %H:%M"


@click.command()
@click.option(
    "--who", metavar="MAIL", default="", help="What this person did; evenbook for the product itself."
)
@click.option("--what", metavar="KIND", default="", help="One kind of entry, such as policy.adopted.")
@click.option("--thing", metavar="TEXT", default="", help="The id of a thing, or a part of its name.")
@click.option("--surface", type=click.Choice(tuple(SURFACES)), help="Through what they acted.")
@click.option("--from", "first", metavar="DATE", default="", help="From this day on.")
@click.option("--to", "last", metavar="DATE", default="", help="Up to this day.")
@click.option(
    "--top",
    type=click.IntRange(1, 100_000),
    default=50,
    show_default=True,
    help="How many, the newest first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def trail(acting: Acting, /, *, top: int, as_json: bool, **asked: str | None) -> int:
    """Say who changed what, and who took which file away. For operations."""
    acting.ready()
    zone = ZoneInfo(latest().policy.of(OrganizationNumbers).time_zone)
    page = entries_of(acting.viewer, _wanted(asked, zone), limit=top)
    if as_json:
        document = {"entries": [_row(each) for each in page.entries], "has_more": page.older is not None}
        click.echo(json.dumps(document, ensure_ascii=False))
        return 0
    table = bare_table(heads=("When", "Who", "What", "From → to", "Rows"), numbers=("Rows",))
    for each in page.entries:
        changes = "; ".join(
            f"{one.name}: {f'{one.before} → ' if one.before else ''}{one.after}" for one in each.changes
        )
        what = f"{each.said}: {each.thing_name or each.thing_id}"
        cells = (f"{each.at.astimezone(zone):{DAY}}", each.by_name, what, changes, f"{each.rows:,}")
        table.add_row(*map(plain, cells))
    if page.entries:
        screen().print(table)
    more = ", and older ones: --top for more" if page.older else ""
    click.echo(
        f"trail: {len(page.entries):,} shown, the newest first{more}." if page.entries else "trail: nothing."
    )
    return 0


def _wanted(asked: dict[str, Any], zone: ZoneInfo) -> Wanted:
    first, last = day_given(asked["first"]), day_given(asked["last"])
    return Wanted(
        who=asked["who"],
        what=asked["what"],
        thing=asked["thing"],
        surface=asked["surface"] or "",
        since=_start(first, zone) if first else None,
        until=_start(last + timedelta(days=1), zone) if last else None,
    )


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _row(each: Entry) -> dict[str, Any]:
    return {
        "entry": each.id,
        "at": each.at.isoformat(),
        "by": each.by_user,
        "by_name": each.by_name,
        "token": each.by_token,
        "surface": each.surface,
        "what": each.what,
        "thing": {"kind": each.thing_kind, "id": each.thing_id, "name": each.thing_name or None},
        "before": each.before,
        "after": each.after,
        "rows": each.rows,
    }


COMMANDS = (trail,)
