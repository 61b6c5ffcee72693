"""Commands of sizing: the equation on what is typed, measured or assumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import click

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
from evenbook.sizing.queries.sized import Sized, full_document, sized
from evenbook.sizing.rules.bases import SEGMENT, TIER, WHOLE, Scope
from evenbook.sizing.rules.inputs import INPUTS, number_typed
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


COMMANDS = (size,)
