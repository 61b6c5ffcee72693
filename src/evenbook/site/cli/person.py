"""``evenbook person``: what is stored of one person, taken out as a file or forgotten."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import click

from evenbook.kit.errors import EvenbookError
from evenbook.kit.files import written_whole
from evenbook.kit.findings import counted
from evenbook.people.veil import CONTACT, PERSON
from evenbook.site.actor import Acting
from evenbook.site.cli.printed import plain, screen
from evenbook.site.cli.told import bare_table
from evenbook.site.personal.forgetting import Outcome, forget
from evenbook.site.personal.subject import subject
from evenbook.site.personal.taking import take

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
IS_CONTACT = click.option(
    "--contact", "is_contact", is_flag=True, help="WHO is a customer's contact, not of the team."
)


class FileThere(EvenbookError):
    """A file would be written over."""

    kind = "file-there"
    status = 409


@click.group()
def person() -> None:
    """What is stored of one person: take it out for them, or forget them."""


COMMANDS = (person,)


@person.command()
@click.argument("who")
@IS_CONTACT
@click.option("--to", required=True, type=click.Path(path_type=Path), help="The ZIP file to write.")
@AS_JSON
@click.pass_obj
def export(acting: Acting, who: str, *, is_contact: bool, to: Path, as_json: bool) -> int:
    """Write everything stored of WHO, a key or a mail address, into one ZIP file. For operations."""
    acting.ready()
    by = acting.writer()
    whom = subject(by, who, kind=CONTACT if is_contact else PERSON)
    if to.exists():
        raise FileThere(f"{to} is there already.", fix="Name another file.")
    with written_whole(to) as part, part.open("wb") as file:
        taken = take(by, whom, file, now=acting.now)
    to.chmod(0o600)
    if as_json:
        click.echo(json.dumps({"file": str(to), "rows": dict(taken.rows)}, ensure_ascii=False))
        return 0
    _print_rows(taken.rows)
    click.echo(f"person: {taken.total:,} rows of {plain(whom.name)} are in {to}.")
    return 0


@person.command("forget")
@click.argument("who")
@IS_CONTACT
@click.option(
    "--also", multiple=True, metavar="TEXT", help="Another way in which texts call them; again for more."
)
@click.option("--dry-run", is_flag=True, help="Say what would be changed, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@AS_JSON
@click.pass_obj
def forget_person(
    acting: Acting,
    who: str,
    *,
    is_contact: bool,
    also: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Take the name of WHO out of everything, for good; what they did stays. For operations.

    Their name, mail address and key are replaced by a pseudonym wherever they stand, they can't sign in any
    more, and what is imported again does not bring them back. Figures stay as they are.
    """
    acting.ready()
    by = acting.writer()
    whom = subject(by, who, kind=CONTACT if is_contact else PERSON)
    given: dict[str, Any] = {
        "also": also,
        "salt": secrets.token_hex(16),
        "home": acting.home,
        "now": acting.now,
    }
    if not (dry_run or yes):
        _print(forget(by, whom, **given, dry_run=True))
        click.confirm(f"Forget {plain(whom.name)}? This can't be undone.", abort=True)
    outcome = forget(by, whom, **given, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(as_document(outcome), ensure_ascii=False))
    else:
        _print(outcome)
    return 0


def as_document(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as it is printed for programs."""
    return {
        "called": outcome.called.name,
        "key": outcome.called.key,
        "is_dry_run": outcome.is_dry_run,
        "rows": {each.table: each.rows for each in outcome.changed},
        "name_is_shared": outcome.subject.is_shared,
        "files": list(outcome.files),
    }


def _print(outcome: Outcome) -> None:
    _print_rows({each.table: each.rows for each in outcome.changed})
    whom = outcome.subject
    if whom.is_shared:
        click.echo(
            f"Somebody else here is called {plain(whom.name)}: where the name stands alone it is left."
        )
    for name in outcome.files:
        click.echo(f"Left as it is, look into it yourself: {plain(name)}")
    rows, dry = counted(outcome.rows, "row", "rows"), outcome.is_dry_run
    done, now = ("would be changed", "would be") if dry else ("changed", "is")
    click.echo(f"person: {rows} {done}; {plain(whom.name)} {now} called {outcome.called.name}.")


def _print_rows(rows: Any) -> None:
    table = bare_table(heads=("Table", "Rows"), numbers=("Rows",))
    for name, count in rows.items():
        table.add_row(name, f"{count:,}")
    screen().print(table)
