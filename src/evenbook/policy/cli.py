"""``evenbook policy``: the organization's numbers on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenbook.people.viewer import Viewer
from evenbook.policy import queries
from evenbook.policy.actions import Adopted, adopt, import_yaml, proposed
from evenbook.policy.registry import sections
from evenbook.policy.rules.difference import Change, difference
from evenbook.policy.rules.document import to_document
from evenbook.policy.rules.paths import card_at, value_at, with_value
from evenbook.policy.rules.said import changed_from_default, said, said_value
from evenbook.policy.rules.yaml_file import file_heading, text_of, write_yaml
from evenbook.policy.schema import Policy, Section

WIDE = 140
DAY = click.DateTime(formats=["%Y-%m-%d"])
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
NOTE = click.option("--note", default="", help="Why, in a sentence; the history keeps it.")
EXPECT = click.option("--expect", type=int, help="Refuse if the version in force is no longer this one.")


class Acting(Protocol):
    """Who acts and when, as ``site`` hands it to commands."""

    @property
    def now(self) -> datetime: ...

    @property
    def viewer(self) -> Viewer: ...

    def writer(self) -> Viewer: ...

    def ready(self) -> None: ...


@click.group()
def policy() -> None:
    """The organization's own numbers: show, change, compare, carry as a file."""


COMMANDS = (policy,)


@policy.command()
@click.argument("path", default="")
@click.option("--as-of", type=DAY, help="The numbers in force on this day; without it, the newest.")
@AS_JSON
@click.pass_obj
def show(acting: Acting, path: str, *, as_of: datetime | None, as_json: bool) -> int:
    """Show all numbers, one section, or the one at PATH, such as capacity.monthly_hours."""
    acting.ready()
    number, found = queries.in_force(as_of.date()) if as_of else queries.latest()
    if path and path not in {section.name for section in found.sections}:
        return _show_one(acting.viewer, path, found, number=number, as_json=as_json)
    chosen = [section for section in found.sections if path in {"", section.name}]
    if as_json:
        document = {name: values for name, values in to_document(found).items() if path in {"", name}}
        return _print_json({"version": number, "policy": document})
    click.echo(f"Policy version {number}")
    for section in chosen:
        _print_section(section, changed_from_default(found))
    return 0


@policy.command("set")
@click.argument("path")
@click.argument("value")
@NOTE
@EXPECT
@AS_JSON
@click.pass_obj
def set_value(acting: Acting, path: str, value: str, *, note: str, expect: int | None, as_json: bool) -> int:
    """Set the value at PATH, such as capacity.base_hours[1].hours, as a new version."""
    acting.ready()
    by = acting.writer()
    number, current = queries.latest()
    document = with_value(current, path, value)
    expected = number if expect is None else expect
    adopted = adopt(document, by=by, note=note, now=acting.now, expected_version=expected)
    return _print_adopted(adopted, as_json=as_json)


@policy.command()
@AS_JSON
@click.pass_obj
def history(acting: Acting, *, as_json: bool) -> int:
    """List the versions: who adopted each, when, why, and what changed."""
    acting.ready()
    versions = queries.history(acting.viewer)
    if as_json:
        return _print_json(
            {
                "versions": [
                    {
                        "version": each.number,
                        "adopted_at": each.adopted_at.astimezone(UTC).isoformat(),
                        "author_name": each.author_name,
                        "note": each.note,
                        "changes": [change.as_json() for change in each.changes],
                    }
                    for each in versions
                ]
            }
        )
    for each in versions:
        click.echo(
            f"Version {each.number}, {each.adopted_at:%Y-%m-%d %H:%M} UTC, {each.author_name}: {each.note}"
        )
        _print_changes(each.changes)
    return 0


@policy.command()
@click.argument("old", required=False, type=int)
@click.argument("new", required=False, type=int)
@click.option("--file", "file", type=click.Path(path_type=Path), help="Compare with this YAML file instead.")
@AS_JSON
@click.pass_obj
def diff(acting: Acting, old: int | None, new: int | None, *, file: Path | None, as_json: bool) -> int:
    """Say what differs: OLD and NEW versions, the last two, or the newest and a file."""
    acting.ready()
    before, after = _compared(acting.viewer, old, new, file)
    changes = difference(before, after)
    if as_json:
        return _print_json({"changes": [change.as_json() for change in changes]})
    if not changes:
        click.echo("Nothing differs.")
    _print_changes(changes)
    return 0


@policy.command("export")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--version", "number", type=int, help="Which version; without it, the newest.")
@click.pass_obj
def export_file(acting: Acting, file: Path | None, *, number: int | None) -> int:
    """Write the policy as YAML that explains itself, to FILE or the terminal."""
    acting.ready()
    chosen = queries.version(acting.viewer, number or queries.latest().number)
    text = write_yaml(
        chosen.policy, heading=file_heading(chosen.number, chosen.adopted_at, chosen.author_name)
    )
    if file is None:
        click.echo(text, nl=False)
        return 0
    file.write_text(text, encoding="utf-8")
    click.echo(f"Wrote version {chosen.number} to {file}.")
    return 0


@policy.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@NOTE
@EXPECT
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@AS_JSON
@click.pass_obj
def import_file(
    acting: Acting, file: Path, *, note: str, expect: int | None, dry_run: bool, as_json: bool
) -> int:
    """Adopt what a YAML FILE names as a new version; what it leaves out stays as it is."""
    acting.ready()
    text = _read(file)
    if dry_run:
        changes = difference(queries.latest().policy, proposed(text))
        return _print_adopted(Adopted(queries.latest().number, changes), as_json=as_json, dry_run=True)
    by = acting.writer()
    adopted = import_yaml(text, by=by, note=note, now=acting.now, expected_version=expect)
    return _print_adopted(adopted, as_json=as_json)


def _compared(viewer: Viewer, old: int | None, new: int | None, file: Path | None) -> tuple[Policy, Policy]:
    newest = queries.latest()
    if file is not None:
        before = queries.version(viewer, old).policy if old else newest.policy
        return before, proposed(_read(file))
    after = queries.version(viewer, new or newest.number)
    before_number = old or max(1, after.number - 1)
    return queries.version(viewer, before_number).policy, after.policy


def _read(file: Path) -> str:
    try:
        return text_of(file.read_bytes())
    except FileNotFoundError as error:
        raise click.ClickException(f"There is no file {file}.\n  Fix:  Check the name.") from error
    except IsADirectoryError as error:
        raise click.ClickException(f"{file} is a folder.\n  Fix:  Name one YAML file.") from error


def _show_one(viewer: Viewer, path: str, found: Policy, *, number: int, as_json: bool) -> int:
    card, value = card_at(path, sections()), value_at(found, path)
    last = queries.last_changes(viewer).get(path)
    if as_json:
        row = {"version": number, "path": path, "value": value, "unit": card.unit, "reason": card.reason}
        changed = {"version": last.number, "author_name": last.author_name, "old": last.old} if last else None
        return _print_json({**row, "changed": changed})
    if card.kind == "rows":
        _print_table(path, [column.name for column in card.columns], [list(row.values()) for row in value])
    else:
        click.echo(f"{path} = {said(value)}  ({card.unit})")
    click.echo(card.reason)
    if last:
        click.echo(f"Changed from {said(last.old)} with version {last.number} by {last.author_name}.")
    return 0


def _print_section(section: Section, differs: dict[str, bool]) -> None:
    rows = [
        [
            f"{section.name}.{card.name}",
            said_value(getattr(section, card.name), card)
            + (" *" if differs[f"{section.name}.{card.name}"] else ""),
            card.unit,
        ]
        for card in section.cards()
    ]
    _print_table(f"{section.title} (* differs from the default)", ["number", "value", "unit"], rows)


def _print_adopted(adopted: Adopted, *, as_json: bool, dry_run: bool = False) -> int:
    if as_json:
        return _print_json(
            {"version": adopted.number, "changes": [change.as_json() for change in adopted.changes]}
        )
    if not adopted.changes:
        click.echo(f"Nothing differs from version {adopted.number}; nothing was changed.")
        return 0
    click.echo("This would change:" if dry_run else f"Version {adopted.number} is in force.")
    _print_changes(adopted.changes)
    return 0


def _print_changes(changes: Iterable[Change]) -> None:
    for change in changes:
        click.echo(f"  {change.path}: {said(change.old)} -> {said(change.new)}  ({change.unit})")


def _print_table(title: str, heads: list[str], rows: list[list[Any]]) -> None:
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*[Text(said(cell)) for cell in row])
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _print_json(document: dict[str, Any]) -> int:
    click.echo(json.dumps(document, ensure_ascii=False))
    return 0
