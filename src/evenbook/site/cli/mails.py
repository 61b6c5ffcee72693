"""The command with which somebody chooses their mails."""

from __future__ import annotations

import json

import click

from evenbook.desk.actions import choose
from evenbook.desk.queries.mails import chosen_mails
from evenbook.site.actor import Acting


@click.command()
@click.option("--on", "on", metavar="KIND", multiple=True, help="A mail that you want.")
@click.option("--off", "off", metavar="KIND", multiple=True, help="A mail that you do not want.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def mails(acting: Acting, *, on: tuple[str, ...], off: tuple[str, ...], as_json: bool) -> int:
    """List the mails that may be chosen and which of them you get; choose with --on and --off."""
    acting.ready()
    by = acting.writer() if on or off else acting.viewer
    if on or off:
        choose(by, {**dict.fromkeys(on, True), **dict.fromkeys(off, False)}, now=acting.now)
    rows = chosen_mails(by)
    if as_json:
        told = [{"kind": each.of.kind, "wanted": each.is_wanted, "chosen": each.is_chosen} for each in rows]
        click.echo(json.dumps(told))
        return 0
    for each in rows:
        said = "sent" if each.is_wanted else "not sent"
        click.echo(
            f"  {each.of.kind}: {said}, {'your choice' if each.is_chosen else 'by policy'}. {each.of.says}"
        )
    click.echo("mails: what protects an account is always sent.")
    return 0


COMMANDS = (mails,)
