"""The command of calibrations: what logged hours say of the policy's weights, and adopting it."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.capacity.actions.calibration import Found, adopt, keep
from evenbook.capacity.queries.calibration import CalibrationRow, Load, calibration, effects
from evenbook.capacity.rules.proposal import Proposal
from evenbook.capacity.rules.told import QUALITIES, conversations, sentence
from evenbook.kit.errors import EvenbookError
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.policy.queries import may_change
from evenbook.site.actor import Acting
from evenbook.site.calibrating import day_for, work_out
from evenbook.site.cli.days import NotYet, day_given, today_of
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.told import bare_table

WEIGHTS = ("Weight", "Accounts", "In force", "Hours say", "80% interval", "Pull", "Proposed")
LOADS = ("Person", "Hours now", "Then", "Load now", "Load then")


class NotOfTheDay(EvenbookError):
    """A calibration of an earlier day was to be adopted."""

    kind = "not-of-the-day"


@click.command()
@click.option("--adopt", "adopts", is_flag=True, help="Adopt it as the next version of the policy.")
@click.option("--note", metavar="TEXT", default="", help="Why it is adopted; else from what it was learned.")
@click.option("--as-of", "day", metavar="DATE", default="", help="As of this day, to look; nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def calibrate(acting: Acting, *, adopts: bool, note: str, day: str, as_json: bool) -> int:
    """Learn the weights of effort from logged hours, and ceilings from weeks of work.

    Operations keep what is found as a proposal; with --adopt it becomes the next version of the policy. Ends
    with 1 where a proposal waits to be adopted.
    """
    acting.ready()
    asked, today = day_given(day), today_of(acting)
    if asked and asked > today:
        raise NotYet(f"{asked:%d %B %Y} has not come yet.", fix="Choose today or an earlier day.")
    if asked and adopts:
        raise NotOfTheDay(
            "Only what the newest week says can be adopted.", fix="Leave --as-of or --adopt out."
        )
    by = acting.writer() if adopts else acting.viewer
    found = work_out(day_for(asked, today=today), home=acting.home)
    keeps = adopts or (asked is None and may_change(by) and by.may_write)
    number = keep(found, by=by, now=acting.now) if keeps else None
    version = adopt(number, by=by, now=acting.now, note=note[:LONGEST_NOTE]) if adopts and number else None
    row = calibration(by, number) if number else None
    if as_json:
        click.echo(json.dumps(_document(acting, found, row), ensure_ascii=False))
    else:
        _print(acting, found, row, version)
    return 1 if row is not None and row.waits else 0


COMMANDS = (calibrate,)


def _document(acting: Acting, found: Found, row: CalibrationRow | None) -> dict[str, Any]:
    said = found.proposal.as_json()
    loads = effects(acting.viewer, row.id).people if row else ()
    return {
        "as_of": found.as_of.isoformat(),
        "policy_version": found.policy_version,
        "sentence": sentence(found.proposal),
        "id": row.id if row else None,
        "state": row.state if row else None,
        "adopted_version": row.adopted_version if row else None,
        **{name: part for name, part in said.items() if name not in {"why", "left_out"}},
        "why": found.proposal.why or None,
        "left_out": dict(found.proposal.left_out or {}),
        "changes": found.proposal.changes(),
        "loads": [_load(each) for each in loads],
    }


def _load(each: Load) -> dict[str, Any]:
    return {
        "csm": each.key,
        "csm_name": each.name,
        "hours_now": each.hours_now,
        "hours_then": each.hours_then,
        "load_now": each.now,
        "load_then": each.then,
    }


def _print(acting: Acting, found: Found, row: CalibrationRow | None, version: int | None) -> None:
    proposal = found.proposal
    click.echo(f"Calibration as of {found.as_of}, from policy version {found.policy_version}.")
    click.echo(sentence(proposal))
    if proposal.weights:
        screen().print(_weights(proposal))
        click.echo(conversations(proposal.errors))
    _print_rest(proposal)
    if row is not None:
        people = effects(acting.viewer, row.id).people
        if people:
            screen().print(_loads(people))
    click.echo(f"calibrate: {_end(row, version)}")


def _print_rest(proposal: Proposal) -> None:
    for tier in proposal.base_hours:
        if tier.is_changed:
            click.echo(f"Base hours of tier {tier.tier}: {tier.in_force:g} → {tier.proposed:g}.")
    for each in proposal.ceilings:
        found_at = "" if each.found is None else f" {each.found:.1f} ({each.low:.1f} to {each.high:.1f})."
        named = f"{plain(each.role)}, {QUALITIES[each.quality].lower()}"
        click.echo(f"Ceiling of {named}:{found_at} {each.why or f'{each.in_force:g} → {each.proposed:g}.'}")


def _end(row: CalibrationRow | None, version: int | None) -> str:
    if version is not None:
        return f"version {version} of the policy is in force; the next run counts with it."
    if row is None:
        return "nothing is kept."
    if row.waits:
        return "a proposal waits; --adopt makes it the next version of the policy."
    return "there is nothing to adopt."


def _weights(found: Proposal) -> Table:
    table = bare_table(heads=WEIGHTS, numbers=WEIGHTS[1:])
    for each in found.weights:
        if each.is_reference:
            continue
        table.add_row(
            f"{each.title}: {plain(each.level)}",
            str(each.accounts),
            f"{each.in_force:g}",
            f"{each.fitted:.2f}",
            f"{each.low:.2f} to {each.high:.2f}",
            f"{each.pulled:.0%}",
            f"{each.proposed:g}" if each.is_changed else "stays",
        )
    return table


def _loads(people: tuple[Load, ...]) -> Table:
    table = bare_table(heads=LOADS, numbers=LOADS[1:])
    for each in people:
        table.add_row(
            plain(each.name),
            f"{each.hours_now:.0f}",
            f"{each.hours_then:.0f}",
            "no capacity" if each.now is None else f"{each.now:.0%}",
            "–" if each.then is None else f"{each.then:.0%}",
        )
    return table
