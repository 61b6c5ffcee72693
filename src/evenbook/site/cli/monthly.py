"""The command of the monthly calibration pack."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.kit.months import Month
from evenbook.people.viewer import Viewer
from evenbook.screens.shown import difference, shown
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, safe, screen
from evenbook.site.cli.told import bare_table
from evenbook.throughput.queries.monthly import NoPack, Pack, pack
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.queries.monthly_told import Told


class NotWritten(EvenbookError):
    """A file that can't be written."""

    kind = "not-written"


@click.command()
@click.option("--month", "text", metavar="MONTH", default="", help="A month as 2026-11; else the newest.")
@click.option("--team", default="", help="A team; else all that you lead.")
@click.option(
    "--pdf", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write the pack as a PDF."
)
@click.option(
    "--pptx", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write the pack as slides."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def monthly(
    acting: Acting, *, text: str, team: str, pdf: Path | None, pptx: Path | None, as_json: bool
) -> int:
    """Show the pack of a month for the calibration meeting, or write it as PDF or slides."""
    acting.ready()
    month = Month.read(text) if text else None
    if text and month is None:
        raise NoPack(f"'{text[:20]}' is not a month.", fix="Write it as 2026-11.")
    found = pack(acting.viewer, month, team=team)
    for kind, path in (("pdf", pdf), ("pptx", pptx)):
        if path is not None:
            _write(acting.viewer, found, kind, path)
    if as_json:
        click.echo(json.dumps(Told(found).values, ensure_ascii=False, default=str))
        return 0
    said = Said(found)
    click.echo(safe(said.headline))
    click.echo(safe(f"{said.when}."))
    for section in said.sections:
        click.echo(safe(f"\n{section.title}: {section.sentence}"))
    _print_figures(found)
    asked = counted(len(found.asked), "thing is", "things are")
    click.echo(f"monthly: {asked} asked of you.")
    return 0


COMMANDS = (monthly,)


def _write(viewer: Viewer, found: Pack, kind: str, path: Path) -> None:
    from evenbook.throughput.queries.monthly_file import written

    try:
        path.write_bytes(written(viewer, found, kind))
    except OSError as error:
        raise NotWritten(f"{path} can't be written: {error.strerror}.", fix="Choose another file.") from None


def _print_figures(found: Pack) -> None:
    table = bare_table(
        heads=("Figure", "Now", "Month before", "Change", "Baseline"),
        numbers=("Now", "Month before", "Change", "Baseline"),
    )
    for each in (*found.seven, *found.chain, *found.lagging):
        table.add_row(
            plain(each.title),
            shown(each.now, each.unit).text,
            shown(each.before, each.unit).text,
            "–" if each.change is None else difference(each.change, each.unit),
            shown(each.baseline, each.unit).text,
        )
    screen().print(table)
