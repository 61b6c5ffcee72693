"""Write docs/reference from the code: commands, settings, numbers of the policy, measures, errors.

What can be read from the code is not written by hand. ``--check`` writes nothing and fails when a
page is stale.

    make docs
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from evenbook.kit.errors import EvenbookError
    from evenbook.measures.card import Card
    from evenbook.policy.schema import FieldCard
    from evenbook.sources.rules.exports import Export
    from evenbook.sources.rules.fields import Table

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
SAID = "<!-- Written by `make docs` from the code. Do not edit. -->\n"


def commands() -> str:
    """Return the page of the command line: every command with what ``--help`` prints."""
    from evenbook.site.cli import COMMANDS, evenbook

    given = {"info_name": "evenbook", "max_content_width": 100, "terminal_width": 100}
    root = click.Context(evenbook, **given, **evenbook.context_settings)  # type: ignore[arg-type]
    parts = [f"# Commands\n\n{SAID}\n```text\n{evenbook.get_help(root)}\n```\n\n{ENDS}"]
    parts += [f"| `{name}` | {known.waits or 'never'} |\n" for name, known in sorted(COMMANDS.items())]
    parts += [f"\n## {name}\n\n```text\n{text}\n```\n" for name, text in _helps(evenbook, root, "evenbook")]
    return "".join(parts)


ENDS = """## How a command ends

Every command ends with 0, 1 or 2. 2: it could not run, nothing was changed, and two sentences say why and
how to mend it; with `--json` they are a document. 1: it ran, and something waits for a person. 0: it ran,
and nothing does. What a command is for is no finding: a hot sheet with rows and a week with red accounts
end with 0.

| command | ends with 1 when |
|---|---|
"""


def _helps(group: click.Group, within: click.Context, path: str) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(within):
        command = group.get_command(within, name)
        if command is None or command.hidden:
            continue
        context = click.Context(
            command, info_name=name, parent=within, max_content_width=100, terminal_width=100
        )
        yield f"{path} {name}", command.get_help(context)
        if isinstance(command, click.Group):
            yield from _helps(command, context, f"{path} {name}")


def settings() -> str:
    """Return the page of the environment variables."""
    from evenbook.site.variables import VARIABLES

    rows = [f"| `{each.name}` | {each.default} | {each.meaning} |" for each in VARIABLES]
    lead = "An instance is a folder. What else can be set is an environment variable; what an organization"
    return "\n".join(
        [
            "# Settings",
            "",
            SAID,
            f"{lead} would argue about is in the [policy](policy.md) instead.",
            "",
            "| variable | without it | what it decides |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def doctor() -> str:
    """Return the page of the doctor: every look, by its id."""
    from evenbook.site import checks
    from evenbook.site.doctor import slice_checks

    every = (*checks.OF_THE_MACHINE, *checks.OF_THE_DATABASE, *checks.CHECKS, *slice_checks())
    rows = [f"| `{each.id}` | {_first_line(each.look)} | {each.fine} |" for each in every]
    return "\n".join(["# Checks of the doctor", "", SAID, DOCTOR, *rows, ""])


DOCTOR = """`evenbook doctor` takes these looks in this order and prints what needs a person first, each with
how to mend it; `--json` is for alarms. It changes nothing. It ends with 0 when all is well, with 1 when one
found something, with 2 when one could not be taken. An id never changes its meaning; `/ready` names the same.

| id | what it looks for | what it says when there is none |
|---|---|---|"""


def _first_line(look: Callable[..., object]) -> str:
    return (look.__doc__ or "").strip().splitlines()[0]


def errors() -> str:
    """Return the page of refusals: every kind with its status and what it is for."""
    rows: dict[str, list[type[EvenbookError]]] = {}
    for refusal in refusals():
        rows.setdefault(refusal.kind, []).append(refusal)
    lines = [_refusal(kind, of) for kind, of in sorted(rows.items())]
    return "".join([f"# Errors\n\n{SAID}\n{ERRORS}", *lines])


ERRORS = """Whatever a person can mend is refused in one shape on every surface: its kind, one sentence that
says what happened, one that says how to mend it. A command prints both and ends with 2, and `--json` gives
`error`, `what` and `fix`; the API answers a problem document whose `type` is `/errors/` and the kind, with
the status of this table; a page says it where it happened. A kind never changes its meaning. Where *again*
says yes, the same request may be sent again a little later. What is not in this table is a bug.

| kind | status | again | what happened |
|---|---|---|---|
"""


def _refusal(kind: str, of: list[type[EvenbookError]]) -> str:
    meanings = list(dict.fromkeys((each.__doc__ or "").strip().splitlines()[0] for each in of))
    statuses = ", ".join(str(each) for each in sorted({each.status for each in of}))
    again = "yes" if any(each.retry for each in of) else ""
    return f"| `{kind}` | {statuses} | {again} | {_cell(' '.join(meanings))} |\n"


def refusals() -> list[type[EvenbookError]]:
    """Return every refusal that the product names, found by loading all of it; the client repeats them."""
    import evenbook
    from evenbook.kit.errors import EvenbookError

    for found in pkgutil.walk_packages(evenbook.__path__, "evenbook."):
        if not found.name.endswith((".wsgi", ".__main__")) and ".migrations" not in found.name:
            importlib.import_module(found.name)
    found_all = EvenbookError.__subclasses__()
    for each in found_all:
        found_all += each.__subclasses__()
    ours = [each for each in found_all if not each.__module__.startswith("evenbook.client")]
    return sorted(ours, key=lambda each: (each.__module__, each.__name__))


def policy() -> str:
    """Return the page of the policy: every number with default, unit and reason."""
    from evenbook.policy.registry import sections

    parts = [f"# Numbers of the policy\n\n{SAID}\n"]
    parts.append("Every number has a default, a unit and a reason. Change them on the Policy page, or as a\n")
    parts.append(
        "file: see [the guide](../guides/policy.md). Each change is a new version with its author.\n"
    )
    for section in sections():
        cards = section.cards()
        parts.append(f"\n## {section.title}\n\nSection `{section.name}`.\n\n{NUMBERS}")
        parts += [_number(card) for card in cards]
        parts += [_rows(card) for card in cards if card.kind == "rows"]
    return "".join(parts)


NUMBERS = "| number | default | unit | reason |\n|---|---|---|---|\n"


def _number(card: FieldCard) -> str:
    default = "see below" if card.kind == "rows" else _cell(card.default)
    bounds = f" ({card.bounds})" if card.bounds else ""
    return f"| `{card.name}` | {default} | {_cell(card.unit)}{bounds} | {_cell(card.reason)} |\n"


def _rows(card: FieldCard) -> str:
    """Return a table of the policy with its default rows, then what its columns mean."""
    names = [column.name for column in card.columns]
    lines = [f"\n### `{card.name}`: {card.title}\n", f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for row in card.default or ():
        lines.append("| " + " | ".join(_cell(getattr(row, name)) for name in names) + " |")
    said = [f"- `{column.name}`: {_cell(column.unit)}. {_cell(column.reason)}" for column in card.columns]
    return "\n".join([*lines, "", *said, ""])


def _cell(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list):
        return ", ".join(_cell(each) for each in value) or "none"
    return str(value).replace("|", "\\|").replace("\n", " ")


def measures() -> str:
    """Return the page of measures, from their cards."""
    from evenbook.measures.catalogue import catalogue_of
    from evenbook.site.registry import RIVER

    catalogue = catalogue_of(f"evenbook.{name}" for name in RIVER)
    parts = [f"# Measures\n\n{SAID}\n"]
    parts.append(
        "A measure is one SQL file with a card. Every figure is a sum of parts over a sum of wholes, so it\n"
    )
    parts.append(
        "opens into the rows that add up to it: [why](../decisions/0003-measures-as-sql-with-cards.md).\n"
    )
    return "".join([*parts, *(_measure(card) for card in catalogue.cards)])


def _measure(card: Card) -> str:
    folder = card.package.replace(".", "/")
    said = {
        "unit": card.unit,
        "better": card.better,
        "window": card.window,
        "no value": card.empty,
        "edges": card.edges,
        "formula": card.fold,
        "given for": ", ".join([*card.by, "all"]),
        "file": f"`src/{folder}/rules/{card.name}.sql`",
    }
    rows = [f"| {name} | {_cell(text)} |" for name, text in said.items()]
    return "\n".join([f"\n## {card.label}", "", f"| `{card.name}` | |", "|---|---|", *rows, ""])


TYPES = {
    "id": "id",
    "name": "name",
    "text": "text",
    "mail": "mail address",
    "mails": "mail addresses",
    "domain": "domain",
    "past": "time, not ahead",
    "plan": "day",
    "booked": "time of a meeting",
    "week": "week",
    "money": "amount",
    "rate": "amount a month",
    "boolean": "yes or no",
    "json": "as it is",
}


def imports() -> str:
    """Return the page of what imports recognize: exports of tools, and tables with their fields."""
    from evenbook.sources.rules.generic_facts import all_tables
    from evenbook.sources.rules.recognition import CATALOGUE

    parts = [f"# What imports recognize\n\n{SAID}\nHow importing works: [the guide](../guides/import.md).\n"]
    parts.append(
        "\n## Exports of tools\n\nField names and report labels are both known. *Tried on* says whether a\n"
    )
    parts.append("file that we did not write was at hand, or only the tool's documentation.\n")
    parts.append("\n| export | becomes | recognized by | tried on |\n|---|---|---|---|\n")
    parts += [_export(export) for export in CATALOGUE]
    parts.append(
        "\n## Tables of any origin\n\nA mapping file names these fields; headers that say the same\n"
    )
    parts.append("are proposed.\n")
    return "".join([*parts, *(_table(table) for table in all_tables().values())])


def _export(export: Export) -> str:
    tried = "a file of others" if export.label in TRIED_ON_A_FILE else "*from documentation*"
    headers = ", ".join(f"`{header}`" for header in export.needs) or "its name or its columns"
    return f"| {export.label} | {export.table or 'not used'} | {headers} | {tried} |\n"


def _table(table: Table) -> str:
    groups = [" or ".join(f"`{name}`" for name in group) for group in table.needs]
    seen: dict[str, str] = {}
    for field in table.fields:
        seen.setdefault(field.name, TYPES.get(field.type, field.type))
    fields = ", ".join(f"`{name}` ({kind})" for name, kind in seen.items())
    needs = "; ".join(groups) or "nothing in particular"
    title = table.label[:1].upper() + table.label[1:]
    return f"\n### {title}\n\nTable `{table.name}`. Needs {needs}.\n\nFields: {fields}.\n"


TRIED_ON_A_FILE = frozenset(
    {
        "HubSpot call table",
        "HubSpot communications",
        "HubSpot companies",
        "HubSpot contacts",
        "HubSpot deal stages",
        "HubSpot deals",
        "HubSpot emails",
        "HubSpot links of deals to companies",
        "HubSpot links of engagements to companies",
        "HubSpot links of tickets to companies",
        "HubSpot meeting table",
        "HubSpot notes",
        "HubSpot owners",
        "HubSpot tasks",
        "HubSpot ticket stages",
        "HubSpot tickets",
        "Salesforce account history",
        "Salesforce accounts",
        "Salesforce cases",
        "Salesforce contacts",
        "Salesforce events",
        "Salesforce opportunities",
        "Salesforce tasks",
        "Salesforce users",
        "Zendesk organization domains",
        "Zendesk organizations",
        "Zendesk satisfaction ratings",
        "Zendesk ticket metrics",
        "Zendesk ticket search",
        "Zendesk tickets",
        "Zendesk users",
    }
)
"""Exports that were recognized on a published file that we did not write."""


def api() -> str:
    """Return the page of the endpoints, from the description that programs read."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    from evenbook.site.urls import API

    rows: dict[str, list[str]] = {}
    for path, methods in API.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            scope = said["security"][0].get("token", ["signature"])[0]
            more = f" {said['description']}" if said.get("description") else ""
            asked = [f"`{each['name']}`" for each in said["parameters"] if each["in"] == "query"]
            line = (
                f"| `{method.upper()} {path}` | {said['summary']}.{more} | {', '.join(asked)} | `{scope}` |\n"
            )
            rows.setdefault(said["tags"][0], []).append(line)
    parts = [
        f"# Endpoints\n\n{SAID}\nHow to use them: [the guide](../guides/api.md). The shapes of bodies and\n"
    ]
    parts.append("answers are in the description that an instance gives at `/api/v1/openapi.json`.\n")
    parts += [f"\n## {heading}\n\n{ENDPOINTS}{''.join(lines)}" for heading, lines in sorted(rows.items())]
    return "".join(parts)


ENDPOINTS = "| endpoint | what it does | parameters | scope |\n|---|---|---|---|\n"

PAGES: dict[str, Callable[[], str]] = {
    "api.md": api,
    "commands.md": commands,
    "doctor.md": doctor,
    "errors.md": errors,
    "settings.md": settings,
    "policy.md": policy,
    "measures.md": measures,
    "imports.md": imports,
}


def stale() -> list[str]:
    """Return the pages that the code would write differently."""
    return [name for name, page in PAGES.items() if _kept(name) != page()]


def _kept(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(*, check: bool) -> int:
    """Write the pages, or say which are stale, and return how it went."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    django.setup()
    old = stale()
    if check:
        print(f"stale: {', '.join(old)}. Run make docs." if old else "reference: all pages are fresh.")
        return 1 if old else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in old:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
    print(f"docs: wrote {', '.join(old)}." if old else "docs: all pages were fresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
