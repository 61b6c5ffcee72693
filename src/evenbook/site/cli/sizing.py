"""Commands of sizing: the equation on what is typed, measured or assumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import click

from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week, week
from evenbook.site.actor import READER, Acting, NoInstance
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, safe, screen
from evenbook.site.cli.told import bare_table, said_share
from evenbook.sizing.actions import scenarios as actions
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.actions.plans import keep_plan
from evenbook.sizing.actions.rollout import mark, unmark
from evenbook.sizing.queries.rollout import rollout
from evenbook.sizing.queries.scenarios import ScenarioRow, scenarios
from evenbook.sizing.queries.sized import Sized, full_document, sized
from evenbook.sizing.rules.bases import SEGMENT, TIER, WHOLE, Scope
from evenbook.sizing.rules.inputs import INPUTS, number_typed
from evenbook.sizing.rules.pushed import push_typed
from evenbook.sizing.rules.rollout import STEPS, Step
from evenbook.sizing.rules.told import amount, of_input

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
AS_OF = click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
F = TypeVar("F", bound=Callable[..., Any])


def typed_inputs(command: F) -> F:
    """Give a command an option for each input of the equation."""
    for name, what in reversed(list(INPUTS.items())):
        said = f"{what.title}, {what.explained}; else measured, else policy's."
        command = click.option(what.option, name, default="", metavar="NUMBER", help=said)(command)
    return command


def typed_given(asked: Mapping[str, str]) -> dict[str, float]:
    """Return what was typed, by the name of the input.

    Raises:
        InputRefused: it can't be.
    """
    return {name: number_typed(name, text) for name, text in asked.items() if text}


@click.group(invoke_without_command=True)
@typed_inputs
@click.option("--segment", default="", help="Only this segment.")
@click.option("--tier", type=click.IntRange(1, 4), help="Only this tier.")
@AS_OF
@AS_JSON
@click.pass_context
def size(
    context: click.Context, /, *, segment: str, tier: int | None, day: str, as_json: bool, **asked: str
) -> int:
    """Say what team the base can fund, and what it does all day; what would change that."""
    if context.invoked_subcommand is not None:
        return 0
    if segment and tier:
        raise click.UsageError("--segment and --tier are two questions: ask one.")
    acting: Acting = context.obj
    typed = typed_given(asked)
    scope = Scope(SEGMENT, segment) if segment else Scope(TIER, str(tier)) if tier else Scope()
    viewer, shown, policy, version = basis(acting, day_given(day), alone=len(typed) == len(INPUTS))
    answer = sized(viewer, shown, policy, typed, scope=scope)
    said = full_document(viewer, answer, policy, version=version)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return 0
    _print(answer, said)
    return 0


def basis(acting: Acting, day: date | None, *, alone: bool) -> tuple[Viewer, Week | None, Policy, int]:
    """Return who asks, the week and the policy; with everything typed also where nothing is, or no week."""
    try:
        acting.ready()
    except NoInstance:
        if not alone:
            raise
        return READER, None, Policy.defaults(sections()), 0
    viewer = acting.viewer
    shown = week_asked(viewer, day) if day else week(viewer)
    if shown is None:
        newest = latest()
        return viewer, None, newest.policy, newest.number
    return viewer, shown, shown.policy, shown.run.policy_version


def _print(answer: Sized, said: Mapping[str, Any]) -> None:
    of = "the whole base" if answer.scope.kind == WHOLE else f"{answer.scope.kind} {answer.scope.key}"
    when = f"as of {said['as_of']}" if said["as_of"] else "with no week on record"
    click.echo(safe(f"Sizing of {of}, {when}, policy version {said['policy_version']}, {said['currency']}."))
    table = bare_table(
        heads=("Input", "Value", "", "Measured", "Policy"), numbers=("Value", "Measured", "Policy")
    )
    for row in said["inputs"]:
        cells = [row[name] for name in ("value", "measured", "default")]
        value, measured, default = ("–" if each is None else of_input(row["input"], each) for each in cells)
        table.add_row(plain(row["input_name"]), value, plain(row["provenance_name"]), measured, default)
    screen().print(table)
    click.echo(said["meetings_text"])
    money = f"{amount(said['cost_per_account'])} an account that pays {amount(said['acv'])}"
    if said["cost_per_account"]:
        click.echo(f"Coverage costs {said_share(said['cost_share_of_arr'])} of ARR, {money}.")
    for each in said["reasons"]:
        click.echo(f"  {each['text']}")
    for each in said["verdicts"]:
        click.echo(f"{each['verdict_name']}: {each['text']}")
    for row in said["boundaries"]:
        click.echo(f"  {row['text']}")
    for row in (*said["segments"], *said["tiers"]):
        click.echo(safe(f"  {row['name']}: {row['verdict_name']} ({row['accounts']} accounts)"))
    click.echo(f"size: {said['verdict_text']}")


@size.command()
@click.option("--hires", type=click.IntRange(0, 1000), default=1, help="What if so many more start.")
@click.option(
    "--hired-in", type=click.IntRange(0, 23), default=0, help="In this month ahead; 0 is the first."
)
@click.option("--leaver", metavar="KEY", default="", help="What if this person leaves; else a usual one.")
@click.option(
    "--digital-tier", "from_tier", type=click.IntRange(1, 4), help="What if this tier goes digital."
)
@click.option(
    "--layer-share", type=click.FloatRange(0, 0.99), help="What if a layer down takes this share of hours."
)
@click.option(
    "--push",
    "pushes",
    multiple=True,
    metavar="KIND[:TIER]=SHARE[@HOURS]",
    help="What if a layer down takes this share of a kind of work; HOURS a month, else as on record.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, help="Same seed, same answer.")
@click.option("--keep", is_flag=True, help="Keep it, so that the page shows it.")
@AS_OF
@AS_JSON
@click.pass_obj
def plan(
    acting: Acting, /, *, keep: bool, day: str, as_json: bool, pushes: tuple[str, ...], **asked: Any
) -> int:
    """Plan the headcount: hours that the months ahead need and have, hires and by when they must start."""
    from evenbook.sizing.queries.planned import Asked, planned

    acting.ready()
    viewer = acting.writer() if keep else acting.viewer
    shown = week_asked(viewer, day_given(day))
    said = planned(viewer, shown, Asked(**asked, pushes=tuple(push_typed(each) for each in pushes)))
    if keep:
        said["id"] = keep_plan(said, by=viewer, now=acting.now)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return 0
    _print_plan(said)
    return 0


def _print_plan(said: Mapping[str, Any]) -> None:
    years, share = f"{said['runs']:,} simulated years, seed {said['seed']}", f"{said['interval_share']:.0%}"
    click.echo(f"Headcount plan as of {said['as_of']}: hours a month, {share} of {years}.")
    table = bare_table(
        heads=("Month", "Needed", "", "There", " ", "Short"), numbers=("Needed", "There", "Short")
    )
    for row in said["months"]:
        need, there = (row[name] for name in ("need", "capacity"))
        table.add_row(row["first_on"][:7], *_spread(need), *_spread(there), said_share(row["short_share"]))
    screen().print(table)
    click.echo(said["text"])
    for each in said["starts"]:
        late = " (late)" if each["is_late"] else ""
        click.echo(
            f"  needed from {each['needed_from']}: start by {each['start_by']}, "
            f"decide by {each['decide_by']}{late}"
        )
    for each in said["work"]["kinds"]:
        takes = "not on record" if each["hours"] is None else f"{each['hours']:,.0f} hours a month"
        click.echo(safe(f"  {each['kind']}: {takes} ({each['recorded_hours']:,.0f} on record)"))
    for each in said["what_ifs"]:
        click.echo(safe(f"What if: {each['what']}: {each['text']}"))
    click.echo(f"size: {said['hires_text']}")


def _spread(given: Mapping[str, float]) -> tuple[str, str]:
    return f"{given['middle']:,.0f}", f"{given['low']:,.0f} to {given['high']:,.0f}"


@size.command(name="scenarios")
@AS_JSON
@click.pass_obj
def listing(acting: Acting, *, as_json: bool) -> int:
    """List the saved scenarios side by side, each with the answer that it had."""
    acting.ready()
    rows = scenarios(acting.viewer)
    if as_json:
        click.echo(json.dumps([_scenario(row) for row in rows], ensure_ascii=False))
        return 0
    heads = ("No.", "Scenario", "Verdict", "Accounts", "CSMs", "Come", "ACV", "Hours used", "Cost of ARR")
    table = bare_table(heads=heads, numbers=(heads[0], *heads[3:]))
    for row in rows:
        given, said = row.inputs, row.answer
        table.add_row(
            str(row.id), plain(row.name), said["verdict_name"], amount(given["accounts"]),
            amount(given["csms"]), said_share(given["completed_share"]), amount(given["acv"]),
            said_share(said["hours_share"]["reachable"]), said_share(said["cost_share_of_arr"]),
        )  # fmt: skip
    if rows:
        screen().print(table)
    click.echo(f"size: {counted(len(rows), 'scenario', 'scenarios')}.")
    return 0


@size.command()
@click.argument("name")
@typed_inputs
@click.pass_obj
def save(acting: Acting, /, name: str, **asked: str) -> int:
    """Save inputs as the scenario NAME, with the answer that they have now."""
    acting.ready()
    by = acting.writer()
    require_keeper(by)
    viewer, shown, policy, version = basis(acting, None, alone=False)
    answer = sized(viewer, shown, policy, typed_given(asked))
    number = actions.save(name, answer, policy_version=version, by=by, now=acting.now)
    click.echo(safe(f"size: scenario {number} is saved: {answer.said['verdict_text']}"))
    return 0


@size.command()
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def drop(acting: Acting, number: int) -> int:
    """Take the scenario NUMBER out of the list."""
    acting.ready()
    actions.drop(number, by=acting.writer(), now=acting.now)
    click.echo(f"size: scenario {number} is dropped.")
    return 0


@size.command()
@click.option("--done", type=click.Choice(STEPS), help="Say that this step is done.")
@click.option("--undo", type=click.Choice(STEPS), help="Take back that this step is done.")
@click.option("--choice", default="", help="The model picked, or who closes.")
@click.option("--note", default="", help="What others should know.")
@AS_JSON
@click.pass_obj
def steps(
    acting: Acting, *, done: str | None, undo: str | None, choice: str, note: str, as_json: bool
) -> int:
    """Show the seven steps of the roll-out, each with what the records show of it."""
    acting.ready()
    if done:
        mark(done, choice=choice, note=note, by=acting.writer(), now=acting.now)
    if undo:
        unmark(undo, by=acting.writer(), now=acting.now)
    viewer, shown = acting.viewer, week_asked(acting.viewer, None)
    found = rollout(viewer, shown, sized(viewer, shown, shown.policy, {}))
    if as_json:
        click.echo(json.dumps([_step(each) for each in found], ensure_ascii=False))
        return 0
    for each in found:
        state = "done" if each.is_done else "seen" if each.is_seen else "to do"
        click.echo(safe(f"{state:<6}{each.title}: {each.said}"))
    click.echo(f"size: {sum(each.is_done for each in found)} of {len(found)} steps are done.")
    return 0


def _scenario(row: ScenarioRow) -> dict[str, Any]:
    kept = ("verdict", "verdict_name", "accounts_per_csm", "hours_share", "cost_share_of_arr")
    return {
        "id": row.id,
        "name": row.name,
        "inputs": dict(row.inputs),
        **{name: row.answer[name] for name in kept},
        "as_of": row.as_of.isoformat() if row.as_of else None,
        "policy_version": row.policy_version,
        "made_by": row.made_by,
    }


def _step(each: Step) -> dict[str, Any]:
    marked = each.marked
    return {
        "step": each.key,
        "step_name": each.title,
        "is_done": each.is_done,
        "is_seen": each.is_seen,
        "text": each.said,
        "choice": (marked.choice or None) if marked else None,
        "done_by": marked.done_by if marked else None,
    }


COMMANDS = (size,)
