"""The weeks ahead on a terminal: each person's load week by week, and what stands out."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.desk.queries.weeks_ahead import Row, StandsOut, WeekCell, WeeksAhead, weeks_ahead
from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.told import bare_table

SHOWN = 40
LISTED = 20


def say_ahead(viewer: Viewer, week: Week, *, as_json: bool) -> int:
    """Print the weeks ahead of whom the viewer may see."""
    found = weeks_ahead(viewer, week)
    if as_json:
        click.echo(json.dumps(_document(found, week), ensure_ascii=False))
        return 0
    click.echo(
        f"The weeks ahead as of {week.run.as_of}, policy version {week.run.policy_version}: load in %."
    )
    rows = sorted(found.rows, key=lambda row: (-row.peak, row.name))
    if rows:
        screen().print(_table(found, rows[:SHOWN]))
    if len(rows) > SHOWN:
        click.echo(f"… and {len(rows) - SHOWN} more; --json lists all.")
    for each in found.stands_out[:LISTED]:
        days = f"{each.first_on} to {each.last_on}"
        click.echo(f"{each.kind}: {plain(each.of)}, {days} ({each.count}, {each.share:.0%})")
    click.echo(f"capacity: {counted(len(found.stands_out), 'thing stands', 'things stand')} out ahead.")
    return 0


def _table(found: WeeksAhead, rows: list[Row]) -> Table:
    heads = ("CSM" if found.by == "csm" else "Team", *(f"{day:%d %b}" for day in found.days))
    table = bare_table(heads=heads, numbers=heads[1:])
    for row in rows:
        table.add_row(plain(row.name), *map(_cell, row.cells))
    return table


def _cell(cell: WeekCell) -> str:
    if cell.can is None:
        return "–"
    if cell.is_away or cell.load is None:
        return "away" if cell.is_away else "none"
    return f"{100 * cell.load:.0f}{'!' if cell.tone == 'bad' else ''}"


def _document(found: WeeksAhead, week: Week) -> dict[str, Any]:
    return {
        "as_of": week.run.as_of.isoformat(),
        "policy_version": week.run.policy_version,
        "by": found.by,
        "rows": [
            {"id": row.key, "name": row.name, "team": row.team or None, "weeks": list(map(_week, row.cells))}
            for row in found.rows
        ],
        "stands_out": list(map(_standing, found.stands_out)),
    }


def _week(cell: WeekCell) -> dict[str, Any]:
    return {
        "week_up_to": cell.last_on.isoformat(),
        "load_percent": None if cell.load is None else round(100 * cell.load, 2),
        "effort_hours": round(cell.effort, 4),
        "capacity_hours": None if cell.can is None else round(cell.can, 4),
        "working_days": cell.days,
        "days_on_leave": cell.away,
        "public_holidays": cell.off,
        "uncovered_hours": round(cell.uncovered, 4),
        "renewals": cell.renewals,
    }


def _standing(each: StandsOut) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "id": each.key,
        "name": each.of,
        "first_on": each.first_on.isoformat(),
        "last_on": each.last_on.isoformat(),
        "count": each.count,
        "share": round(each.share, 4),
    }
