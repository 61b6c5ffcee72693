"""Commands of the team's pace: people's weeks against what they can sustain, what came of what was done."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.decisions.queries import DecisionRow, DecisionsWanted
from evenbook.decisions.queries import decisions as decisions_of
from evenbook.decisions.rules import OPEN
from evenbook.desk.queries.team_week import Line, paces_of, team_week
from evenbook.kit.findings import counted
from evenbook.measures.values import Measured
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import week as newest
from evenbook.site.actor import Acting
from evenbook.site.cli.coming import say_ahead
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.told import bare_table, said_share
from evenbook.throughput.actions.pulse import say_pulse
from evenbook.throughput.queries.outcomes import BondRow, found_bonds, found_effects
from evenbook.throughput.rules.outcomes import Bond, Found
from evenbook.throughput.rules.pulse import FELT

SHOWN = 40
HEADS = ("CSM", "Load", "Strategic", "Ceiling", "Weeks over", "Detect, days", "Sentiment", "Follow-ups",
         "Unmonitored", "Quality")  # fmt: skip


@click.command()
@click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
@click.option("--ahead", "looks_ahead", is_flag=True, help="Each person's load in the weeks to come instead.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def capacity(acting: Acting, *, day: str, looks_ahead: bool, as_json: bool) -> int:
    """Show the weekly seven of each person: load, strategic interactions, detection, calls."""
    acting.ready()
    viewer = acting.viewer
    week = week_asked(viewer, day_given(day))
    if looks_ahead:
        return say_ahead(viewer, week, as_json=as_json)
    lines = [line for line in team_week(viewer, week).lines if line.kind == "csm"]
    paces = paces_of(viewer, week, lines)
    weeks = {line.key: paces[line.subject].weeks_over for line in lines}
    waiting = [
        row for row in decisions_of(viewer, wanted=DecisionsWanted(state=OPEN)) if row.person_key in weeks
    ]
    if as_json:
        csms = [_document(line, weeks[line.key]) for line in lines]
        found = {
            "as_of": week.run.as_of.isoformat(),
            "csms": csms,
            "decisions": list(map(_decision, waiting)),
        }
        click.echo(json.dumps(found, ensure_ascii=False))
        return 0
    click.echo(f"The weekly seven as of {week.run.as_of}, policy version {week.run.policy_version}.")
    if lines:
        screen().print(_table(lines[:SHOWN], weeks))
    if len(lines) > SHOWN:
        click.echo(f"… and {len(lines) - SHOWN} more; --json lists all.")
    click.echo(f"capacity: {counted(len(waiting), 'decision waits', 'decisions wait')} about these people.")
    return 0


@click.command()
@click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def outcomes(acting: Acting, *, day: str, as_json: bool) -> int:
    """Say what came of interventions, beside comparable people, and what follows what."""
    acting.ready()
    week = week_asked(acting.viewer, day_given(day))
    found, bonds = found_effects(acting.viewer, week), found_bonds(acting.viewer, week)
    if as_json:
        told = {
            "as_of": week.run.as_of.isoformat(),
            "effects": [_effect(each) for each in found],
            "bonds": [_lag(row, each) for row in bonds for each in row.bonds],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return 0
    if found:
        table = bare_table(
            heads=("What was done", "Figure", "Times", "Moved", "What that says"), numbers=("Times",)
        )
        for each in found:
            table.add_row(each.title, each.outcome.title, str(each.events), each.moved or "–", each.said)
        screen().print(table)
    seen = [
        f"{row.outcome_title}, {each.weeks} weeks after {row.cause_title.lower()}: {each.said}."
        for row in bonds
        for each in row.bonds
        if each.is_seen
    ]
    for line in seen:
        click.echo(line)
    kinds = len({each.event for each in found})
    click.echo(f"outcomes: {counted(kinds, 'kind of intervention', 'kinds of interventions')} looked at.")
    return 0


@click.command()
@click.argument("felt", type=click.IntRange(1, 5))
@click.option("--word", default="", help="Why, in a word.")
@click.pass_obj
def pulse(acting: Acting, felt: int, *, word: str) -> int:
    """Say how your own load FELT this week, from 1 (light) to 5 (too much)."""
    acting.ready()
    by = acting.writer()
    shown = newest(by)
    today = shown.today(acting.now) if shown else acting.now.date()
    say_pulse(felt, word, by=by, today=today, now=acting.now)
    click.echo(f"pulse: {FELT[felt].lower()}. You and who leads you see it, nobody else.")
    return 0


COMMANDS = (capacity, outcomes, pulse)


def _effect(found: Found) -> dict[str, Any]:
    return {
        "event": found.event,
        "measure": found.measure,
        "estimate": _rounded(found.estimate, 6),
        "interval_80": found.interval_80 and [round(end, 6) for end in found.interval_80],
        "is_seen": found.is_seen,
        "was_comparable": found.was_comparable,
        "events": found.events,
        "treated": found.treated,
        "compared": found.compared,
        "said": found.said,
    }


def _lag(row: BondRow, bond: Bond) -> dict[str, Any]:
    return {
        "cause": row.cause,
        "outcome": row.outcome,
        "weeks": bond.weeks,
        "correlation": _rounded(bond.correlation, 4),
        "interval_80": bond.interval_80 and [round(end, 4) for end in bond.interval_80],
        "is_seen": bond.is_seen,
        "people": bond.people,
    }


def _document(line: Line, weeks_over: int) -> dict[str, Any]:
    strategic = line.strategic
    return {
        "id": line.key,
        "name": line.name,
        "load_percent": _rounded(line.load_percent, 2),
        "strategic": None if strategic.value is None else strategic.count,
        "ceiling": line.ceiling.value,
        "weeks_over": weeks_over,
        "time_to_detect_days": _rounded(line.time_to_detect.value, 2),
        "sentiment": _rounded(line.sentiment.value, 4),
        "followups_per_meeting": _rounded(line.follow_ups.value, 4),
        "unmonitored_ratio": _rounded(line.unmonitored.value, 6),
        "quality": _rounded(line.quality.value, 2),
        "n": {
            "load": line.load.count,
            "strategic": strategic.count,
            "time_to_detect": line.time_to_detect.count,
            "sentiment": line.sentiment.count,
            "followups_per_meeting": line.follow_ups.count,
            "unmonitored": line.unmonitored.count,
            "quality": line.quality.count,
        },
    }


def _decision(row: DecisionRow) -> dict[str, Any]:
    said = {"id": row.id, "kind": row.kind, "csm": row.person_key}
    return said | {"evidence": [row.sentence, *row.reasons], "state": row.state}


def _table(lines: list[Line], weeks: dict[str, int]) -> Table:
    table = bare_table(heads=HEADS, numbers=HEADS[1:])
    for line in lines:
        table.add_row(
            plain(line.name),
            "no capacity" if line.load_percent is None else f"{line.load_percent:.0f}%",
            "–" if line.strategic.value is None else str(line.strategic.count),
            _said(line.ceiling, "g"),
            str(weeks[line.key]),
            _said(line.time_to_detect, ".1f"),
            _said(line.sentiment, "+.2f"),
            _said(line.follow_ups, ".2f"),
            said_share(line.unmonitored.value),
            _said(line.quality, ".0f"),
        )
    return table


def _said(found: Measured, how: str) -> str:
    return "–" if found.value is None else format(found.value, how)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
