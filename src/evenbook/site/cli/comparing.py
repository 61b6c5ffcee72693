"""Proposals side by side, the weeks ahead with one, and how many people are needed, on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click
from rich.table import Table

from evenbook.balance.queries.structures import StructuresShown
from evenbook.balance.rules.compared import Compared, Moved, Spread
from evenbook.balance.rules.headcount_told import role_name
from evenbook.desk.queries.proposed_weeks import ProposedWeeks
from evenbook.kit.findings import counted
from evenbook.site.cli.printed import plain, safe, screen
from evenbook.site.cli.told import bare_table
from evenbook.throughput.rules.ahead_beside import BesideWeek

SHOWN = 40
NAMED = 8
SPREADS = {
    "load_percent": ("Load, %", 0),
    "arr": ("ARR", 0),
    "accounts": ("Accounts", 0),
    "complexity": ("Complexity", 1),
    "red_yellow_share": ("Red or yellow, share", 2),
}


def say_headcount(said: Mapping[str, Any]) -> None:
    """Print how many people are needed, and what one more and one less is worth."""
    table = Table("Role", "There now", "Needed", "No fewer than", box=None)
    for row in said["roles"]:
        counts = ("–" if row[name] is None else str(row[name]) for name in ("have", "needed", "lower_bound"))
        table.add_row(plain(role_name(row["role"])), *counts)
    screen().print(table)
    loads = said["highest_load_percent"]
    for name, words in (("one_more", "One more"), ("one_less", "One less")):
        if said[name] is not None:
            then = "" if loads[name] is None else f"; the fullest book is then at {loads[name]:.0f}%"
            gained = sum(said[name].values())
            how = "better" if gained >= 0 else "worse, handovers included"
            click.echo(f"{words}: {abs(gained):.1f} points {how}{then}.")


def say_compared(found: Compared) -> None:
    """Print two proposals side by side."""
    heads = [f"Proposal {side.number}" for side in (found.one, found.other)]
    table = Table("", *heads, box=None)
    for name, cells in _rows(found):
        table.add_row(plain(name), *cells)
    screen().print(table)
    if found.pairs:
        screen().print(_people(found, heads))
    for words, moved in (
        ("Both move", found.both),
        (f"Only proposal {found.one.number} moves", found.one_only),
        (f"Only proposal {found.other.number} moves", found.other_only),
    ):
        named = ", ".join(_to(each) for each in moved[:NAMED])
        more = f" and {len(moved) - NAMED} more" if len(moved) > NAMED else ""
        click.echo(f"{words} {len(moved)}{f': {named}{more}' if named else ''}.")
    if found.incomparable:
        click.echo(f"book: their points can't be compared: {found.incomparable}.")


def say_weeks(found: ProposedWeeks, *, as_json: bool) -> None:
    """Print the weeks ahead under the present owners and under a proposal, load in percent."""
    if as_json:
        click.echo(json.dumps(found.document(), ensure_ascii=False))
        return
    days = [f"{each.last_on:%d %b}" for each in found.covered]
    table = Table("CSM" if found.by == "csm" else "Team", "", *days, box=None)
    for row in found.rows[:SHOWN]:
        before = [_week(each, each.load_before, found.limit) for each in row.weeks]
        table.add_row(plain(row.name), "now", *before)
        if row.differs:
            table.add_row("", "then", *(_week(each, each.load_after, found.limit) for each in row.weeks))
    screen().print(table)
    for words, shares in (
        ("now", [each.before for each in found.covered]),
        ("then", [each.after for each in found.covered]),
    ):
        known = [each for each in shares if each is not None]
        if known:
            click.echo(f"With a person there, {words}: {min(known):.0%} of the effort in each week at least.")
    many = counted(found.moved, "move", "moves")
    click.echo(f"book: the weeks ahead with proposal {found.proposal.id}, {many}; ! is over.")


def _week(each: BesideWeek, load: float | None, limit: float) -> str:
    if each.can is None:
        return "–"
    if load is None or each.is_away:
        return "away" if each.is_away else "none"
    return f"{100 * load:.0f}{'!' if load > limit else ''}"


def _people(found: Compared, heads: list[str]) -> Table:
    table = Table("Person", *(f"{head}: load" for head in heads), "accounts", "accounts", box=None)
    for pair in found.pairs[:SHOWN]:
        books = (pair.one, pair.other)
        many = ("–" if each is None else str(each["accounts"]) for each in books)
        table.add_row(plain(pair.csm_name), *(_load(each) for each in books), *many)
    return table


def _rows(found: Compared) -> Iterator[tuple[str, tuple[str, ...]]]:
    sides = (found.one, found.other)
    yield "As of", tuple(side.as_of.isoformat() for side in sides)
    yield "Moves", tuple(str(len(side.moves)) for side in sides)
    yield "Points", tuple(f"{side.points:.1f}" for side in sides)
    yield "At most from the best", tuple(f"{side.contents['gap']:.1%}" for side in sides)
    yield "Every rule holds", tuple("yes" if side.contents["feasible"] else "no" for side in sides)
    for pair in found.spreads:
        yield SPREADS[pair[0].criterion][0], tuple(map(_spread, pair))
    for _, name, *gives in found.binding:
        yield f"Without: {name}", tuple("–" if each is None else f"{each:.1f} better" for each in gives)


def _spread(each: Spread) -> str:
    if each.least is None or each.most is None:
        return "–"
    digits = SPREADS[each.criterion][1]
    return f"{each.least:,.{digits}f} to {each.most:,.{digits}f}"


def _load(book: Mapping[str, Any] | None) -> str:
    return "–" if book is None or book.get("load_percent") is None else f"{book['load_percent']:.0f}%"


def _to(each: Moved) -> str:
    if each.one_name is None or each.other_name is None or each.agrees:
        to = each.other_name if each.one_name is None else each.one_name
        return safe(f"{each.account_name} to {to or 'nobody'}")
    return safe(f"{each.account_name} to {each.one_name or 'nobody'} or {each.other_name or 'nobody'}")


STRUCTURE_HEADS = ("Structure", "People", "Cost a year", "Load", "Handoffs")


def say_structures(found: StructuresShown) -> None:
    """Print the four structures, and which one fits."""
    table = bare_table(heads=STRUCTURE_HEADS, numbers=STRUCTURE_HEADS[1:])
    for each in found.each:
        low, high = each.spread or (None, None)
        table.add_row(
            each.title,
            "–" if each.people is None else f"{each.people:,}",
            f"{each.cost:,.0f}",
            "–" if low is None or high is None else f"{low:.0%} to {high:.0%}",
            f"{each.handoffs:.1f}",
        )
    screen().print(table)
    if found.fits is None or found.fitting is None:
        click.echo("book: there is no account to compare structures on.")
        return
    click.echo(f"book: {found.fitting.title}, for {'; '.join(found.fits.because)}.")
