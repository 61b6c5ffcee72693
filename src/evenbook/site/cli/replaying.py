"""The command of replays: how the hot sheet would have done, and adopting what was learned."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.hotsheet.actions.replays import NOW, THEN, Found, adopt, keep
from evenbook.hotsheet.rules.replayed import BASELINES, LISTS, Fared, Replayed
from evenbook.hotsheet.rules.told import compared, each_week_by, headline, learned_sentence
from evenbook.kit.errors import EvenbookError
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.policy.queries import may_change
from evenbook.site.actor import Acting
from evenbook.site.calibrating import day_for
from evenbook.site.cli.days import NotYet, day_given, today_of
from evenbook.site.cli.printed import screen
from evenbook.site.cli.told import bare_table
from evenbook.site.replaying import work_out

HEADS = ("Drawn up", "Right of 100", "Losses held", "Revenue held", "Seen", "Weeks before")
NAMED = {"points": "points", "revenue": "arr_order", "contact": "last_touch", "chance": "random"}
"""The simpler sheets, as JSON calls them."""


class NotOfTheNewest(EvenbookError):
    """A replay of an earlier day was to be adopted."""

    kind = "not-of-the-newest"


@click.command()
@click.option(
    "--adopt", "adopts", is_flag=True, help="Adopt what it learned as the next version of the policy."
)
@click.option("--note", metavar="TEXT", default="", help="Why it is adopted; else from what it was learned.")
@click.option("--as-of", "day", metavar="DATE", default="", help="Up to this day, to look; nothing is kept.")
@click.option(
    "--by-policy",
    type=click.Choice([NOW, THEN]),
    default=NOW,
    show_default=True,
    help="Draw up all sheets by the policy in force now, or each by that of its own week.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def replay(acting: Acting, *, adopts: bool, note: str, day: str, by_policy: str, as_json: bool) -> int:
    """Say how the hot sheet would have done on every past Monday, beside simpler sheets.

    Operations keep what is found; with --adopt the points that were learned become the next version of the
    policy. Ends with 1 where they wait to be adopted.
    """
    acting.ready()
    asked, today = day_given(day), today_of(acting)
    if asked and asked > today:
        raise NotYet(f"{asked:%d %B %Y} has not come yet.", fix="Choose today or an earlier day.")
    if asked and adopts:
        raise NotOfTheNewest(
            "Only what the newest week says can be adopted.", fix="Leave --as-of or --adopt out."
        )
    by = acting.writer() if adopts else acting.viewer
    found = work_out(day_for(asked, today=today), home=acting.home, by_policy=by_policy)
    keeps = adopts or (asked is None and may_change(by) and by.may_write)
    number = keep(found, by=by, now=acting.now) if keeps else None
    version = adopt(number, by=by, now=acting.now, note=note[:LONGEST_NOTE]) if adopts and number else None
    if as_json:
        click.echo(json.dumps(_document(found, version), ensure_ascii=False))
    else:
        _print(found, version)
    return 1 if number and version is None and found.learned.proposes else 0


COMMANDS = (replay,)


def _document(found: Found, version: int | None) -> dict[str, Any]:
    said = found.replayed
    by_name = {each.list: each for each in said.fared} if said else {}
    return {
        "as_of": found.as_of.isoformat(),
        "policy_version": found.policy_version,
        "by_policy": found.by_policy,
        "versions": [{"policy_version": number, "weeks": weeks} for number, weeks in found.versions],
        "first_on": said.first_on.isoformat() if said else None,
        "weeks": said.weeks if said else 0,
        "k": said.rows if said else 0,
        **_fared(said.sheet if said else None),
        "baselines": {NAMED[name]: _fared(by_name.get(name)) for name in BASELINES},
        "learned": {"sentence": learned_sentence(found.learned), **found.learned.as_json()},
        "adopted_version": version,
    }


def _fared(each: Fared | None) -> dict[str, Any]:
    low, middle, high = (each and each.lead_weeks) or (None, None, None)
    return {
        "precision": each and each.precision,
        "recall": each and each.recall,
        "revenue_recall": each and each.revenue_recall,
        "losses": each.losses if each else 0,
        "seen": each.seen if each else 0,
        "lead_weeks": {"median": middle, "p25": low, "p75": high},
    }


def _print(found: Found, version: int | None) -> None:
    said = found.replayed
    if said is None:
        click.echo("replay: there was no week with an account in it, so there was no sheet.")
        return
    drawn = each_week_by(found.versions) or f"policy version {found.policy_version}"
    click.echo(f"Replay of {said.weeks:,} sheets, {said.first_on} to {said.as_of}, {drawn}.")
    screen().print(_table(said))
    click.echo(compared(said.fared))
    click.echo(learned_sentence(found.learned))
    if version is not None:
        click.echo(f"Version {version} of the policy is in force; the next run counts with it.")
    click.echo(f"replay: {headline(said.fared)}")


def _table(said: Replayed) -> Table:
    table = bare_table(heads=HEADS, numbers=HEADS[1:])
    for each in said.fared:
        lead = each.lead_weeks
        table.add_row(
            LISTS[each.list],
            _share(each.precision),
            _share(each.recall),
            _share(each.revenue_recall),
            f"{each.seen:,} of {each.losses:,}",
            f"{lead[1]:.0f} ({lead[0]:.0f} to {lead[2]:.0f})" if lead else "–",
        )
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
