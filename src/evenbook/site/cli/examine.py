"""Commands that say what there is: what needs a person, and what is measured."""

from __future__ import annotations

import json

import click
from rich.table import Table

from evenbook.kit.findings import counted
from evenbook.measures.card import Card
from evenbook.site import doctor as examined
from evenbook.site import registry
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, screen

LARGEST_TABLES = 5
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
MARKS = {
    "ok": "[green]ok[/]",
    "attention": "[yellow]look[/]",
    "skipped": "[dim]skip[/]",
    "failed": "[red]fail[/]",
}


@click.command()
@click.option("--at", "at", metavar="TIMES", help="Say what breaks at so many times the accounts, as 10x.")
@AS_JSON
@click.pass_obj
def doctor(acting: Acting, *, at: str | None, as_json: bool) -> int:
    """Say what needs a person: the machine, the database, the data, each with how to mend it.

    With --at say which step of the policy, queue, cap or limit breaks first when there are more accounts:
    figures of this instance, scaled as they grow, beside their limits.
    """
    if at is not None:
        return _ahead(acting, at, as_json=as_json)
    lines = examined.examine(acting.now)
    code = examined.exit_code(lines)
    if as_json:
        document = {
            "home": str(acting.home),
            "versions": examined.versions(),
            "checks": [line.as_json() for line in lines],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return code
    _print_lines(lines)
    told = ", ".join(f"{name} {version}" for name, version in examined.versions().items())
    click.echo(f"{acting.home}: {told}")
    waiting = sum(line.status not in {examined.OK, examined.SKIPPED} for line in lines)
    asks = counted(waiting, "check asks for a person", "checks ask for a person")
    click.echo(f"doctor: {asks}." if waiting else "doctor: all is well.")
    return code


@click.command()
@click.argument("name", required=False)
@AS_JSON
def measures(name: str | None, *, as_json: bool) -> int:
    """List what is measured, or show the card of the measure NAME."""
    catalogue = registry.catalogue()
    if name is None:
        if as_json:
            click.echo(json.dumps([_card(card) for card in catalogue.cards], ensure_ascii=False))
        else:
            screen().print(_cards(catalogue.cards))
        return 0
    card = catalogue.card(name)
    if as_json:
        click.echo(json.dumps(_card(card), ensure_ascii=False))
        return 0
    click.echo(f"{card.label} ({card.name})")
    for title, said in _card(card).items():
        if title not in {"measure", "label"}:
            click.echo(f"  {title:<8}{', '.join(said) if isinstance(said, list) else said}")
    return 0


COMMANDS = (doctor, measures)


def _ahead(acting: Acting, at: str, *, as_json: bool) -> int:
    from evenbook.site.ahead.scaled import factor_of, look_ahead, table_rows

    factor = factor_of(at)
    acting.there()
    found, rows = look_ahead(acting.now, factor), table_rows(factor)
    lines = tuple(each.line for each in found)
    if as_json:
        tables = {table: {"now": now, "then": then} for table, (now, then) in rows.items()}
        document = {"at": factor, "checks": [each.as_json() for each in found], "rows": tables}
        click.echo(json.dumps(document, ensure_ascii=False))
        return examined.exit_code(lines)
    _print_lines(lines)
    for table, (now, then) in list(rows.items())[:LARGEST_TABLES]:
        click.echo(f"{table}: {now:,} rows now, {then:,} at {factor:g} times.")
    broken = sum(line.status == examined.ATTENTION for line in lines)
    breaks = counted(broken, "limit breaks", "limits break")
    click.echo(f"doctor: at {factor:g} times {breaks if broken else 'nothing that was measured breaks'}.")
    return examined.exit_code(lines)


def _print_lines(lines: tuple[examined.Line, ...]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for line in lines:
        fix = f"\nFix: {line.fix}" if line.fix else ""
        table.add_row(MARKS[line.status], line.id, plain(f"{line.what}{fix}"))
    screen().print(table)


def _card(card: Card) -> dict[str, str | list[str]]:
    return {
        "measure": card.name,
        "label": card.label,
        "unit": card.unit,
        "better": card.better,
        "window": card.window,
        "fold": card.fold,
        "empty": card.empty,
        "edges": card.edges,
        "by": [*card.by, "all"],
    }


def _cards(cards: tuple[Card, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Measure", "Label", "Unit", "Better", "By"):
        table.add_column(head, overflow="fold")
    for card in cards:
        table.add_row(card.name, card.label, card.unit, card.better, ", ".join([*card.by, "all"]))
    return table
