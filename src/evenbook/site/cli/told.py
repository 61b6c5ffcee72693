"""How the answers of ``look`` read on a terminal: tables, and an account's chain in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.table import Table

from evenbook.closures.queries.audit import Missing
from evenbook.closures.rules.diagnosis import Diagnosed
from evenbook.site.cli.printed import plain, safe

FIGURES = ("ARR", "At risk", "Points")
SHORTEST = 12
"""Columns that an account's name always has."""

CHANGES_SHOWN = 6
DAY_WORDS = {"current": "until", "expired": "since", "missing": "since", "not_yet_due": "on"}
NEAR = 0.001
MISPRINT = 0.051
"""Terms are printed to a tenth; what they leave of a score beyond this is named."""


def said_share(share: float | None) -> str:
    """Return a share in words."""
    return "no value" if share is None else f"{share:.1%}"


def amount(value: float | None) -> str:
    """Return money in whole units, in words where it is not known."""
    return "not known" if value is None else f"{value:,.0f}"


def sheet_lines(rows: Sequence[Mapping[str, Any]], *, width: int) -> Iterator[str]:
    """Yield the hot sheet as lines: each account with its figures, under it the owner and the reasons."""
    figures = [
        (amount(row["arr"]), amount(row["expected_arr_at_risk"]), f"{row['points']:.0f}") for row in rows
    ]
    rank, sizes = (
        len(str(len(rows))),
        [max(map(len, column)) for column in zip(FIGURES, *figures, strict=True)],
    )
    name = max(SHORTEST, width - rank - sum(sizes) - 2 * (len(sizes) + 1))

    def line(first: str, account: str, cells: Sequence[str]) -> str:
        padded = "".join(f"  {cell:>{size}}" for cell, size in zip(cells, sizes, strict=True))
        return f"{first:>{rank}}  {set_cell_size(account, name)}{padded}"

    yield line("#", "Account", FIGURES)
    indent = " " * (rank + 2)
    for number, (row, cells) in enumerate(zip(rows, figures, strict=True), start=1):
        yield line(str(number), shortened(safe(row["account_name"]), name), cells)
        reasons = "; ".join(reason["text"] for reason in row["reasons"][:3]) or "nothing stands out"
        owner = f"{row['owner_name'] or 'nobody'}: " if "owner_name" in row else ""
        yield from wrap(safe(f"{owner}{reasons}"), width, initial_indent=indent, subsequent_indent=indent)


def shortened(text: str, cells: int) -> str:
    """Return ``text`` within so many columns of the terminal, marked where its end was cut off."""
    return text if cell_len(text) <= cells else set_cell_size(text, cells - 1).rstrip() + "…"


def missing_table(
    rows: Sequence[Missing],
    names: Mapping[str, str],
    currency: str,
    suggested: Mapping[tuple[int, str], Diagnosed],
) -> Table:
    """Return what is missing as a table, each with the diagnosis suggested."""
    arr = f"ARR, {currency}"
    table = bare_table(numbers=(arr,), heads=("Account", "Owner", arr, "Missing", "Since", "Suggested"))
    for each in rows:
        row = each.account
        table.add_row(
            plain(row.name),
            plain(row.owner_name or "nobody"),
            amount(None if row.arr_cents is None else row.arr_cents / 100),
            f"{names.get(each.kind, each.kind)}{' (expired)' if each.status == 'expired' else ''}",
            each.since.isoformat() if each.since else "",
            suggested[each.gap].title,
        )
    return table


def told(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that tell an account's chain, from the document of ``why --json``."""
    yield f"{said['account_name']} ({said['account']})"
    yield f"As of {said['as_of']}, policy version {said['policy_version']}."
    yield ""
    yield from _owner(said)
    yield from _state(said["state"])
    yield from _score(said["score"])
    yield from _effort(said["effort"])
    yield from _coverage(said["coverage"])
    yield from _sheet(said["hotsheet"], said["currency"])
    yield from _listed(
        "Signals",
        [f"{each['signal_name']} since {each['observed_on']}: {each['text']}" for each in said["signals"]],
    )
    yield from _listed(
        "Last facts", [f"{each['on']}  {each['kind']:<12}{each['text']}" for each in said["facts"]]
    )


def wrapped(lines: Iterable[str], *, width: int) -> Iterator[str]:
    """Yield lines within so many columns; what goes on stands further in than what begins."""
    for line in lines:
        yield from wrap(safe(line), width, subsequent_indent=" " * 13) or [""]


def _owner(said: Mapping[str, Any]) -> Iterator[str]:
    if said["tier"] is None:
        yield "Owner      not in the book of this day"
        return
    yield f"Owner      {said['owner_name'] or 'nobody'}"
    assumed = ", assumed" if said["tier_assumed"] else ""
    kept = [said["segment"], said["stage"], said["region"]]
    more = "".join(f"; {each.replace('_', ' ')}" for each in kept if each)
    yield f"Tier       {said['tier']} {said['tier_name'] or ''}{assumed}{more}"
    renews = f", renews on {said['renews_on']}" if said["renews_on"] else ""
    yield f"Revenue    {amount(said['arr'])} {said['currency']} a year{renews}"


def _state(state: Mapping[str, Any] | None) -> Iterator[str]:
    if state is None:
        yield "State      not known"
        return
    since = f" since {state['since_on']}" if state["since_on"] else ""
    yield f"State      {state['state'].replace('_', ' ')}{since} ({state['color']})"
    for each in state["transitions"][:CHANGES_SHOWN]:
        causes = "; ".join(each["causes"])
        states = [state for state in (each["from_state"], each["to_state"]) if state]
        change = " → ".join(states).replace("_", " ")
        yield f"           {each['on']}  {change}{f': {causes}' if causes else ''}"
    rest = len(state["transitions"]) - CHANGES_SHOWN
    if rest > 0:
        yield f"           … and {rest} earlier"


def _score(score: Mapping[str, Any] | None) -> Iterator[str]:
    if score is None or score["value"] is None:
        yield "Score      no value"
        return
    yield f"Score      {score['value']:g} of 100"
    for each in score["terms"]:
        points = f"{each['points']:+.1f}" if each["points"] else "    –"
        yield f"           {points}  {each['term']}: {each['text']}"
    left = score["value"] - score["start"] - sum(each["points"] for each in score["terms"])
    if abs(left) > MISPRINT:
        yield f"           {left:+.1f}  rounding, and the limits 0 and 100"


def _effort(effort: Mapping[str, Any] | None) -> Iterator[str]:
    if effort is None:
        yield "Effort     none: it is not served"
        return
    yield f"Effort     {effort['hours']:g} hours a month"
    yield f"           {effort['base_hours']:g} hours: the tier's base"
    for each in effort["factors"]:
        cause = f": {each['cause']}" if each["cause"] else ""
        factor = f"{each['factor']} {each['level']}".replace("_", " ")
        yield f"           × {each['multiplier']:<7g}{factor}{cause}"
    left = effort["cap_and_centering"]
    if left is not None and abs(left - 1) > NEAR:
        yield f"           × {left:<7g}cap and centering, as the policy has them"
    for each in effort["roles"]:
        who = f"{each['role_name'].lower()} {each['holder_name']}"
        yield f"           {each['hours']:g} of them: {who}{', works it now' if each['works'] else ''}"


def _coverage(needs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    lines = [
        f"{each['requirement_name']}: {each['status'].replace('_', ' ')}"
        + (f" {DAY_WORDS[each['status']]} {each['on']}" if each["on"] else "")
        for each in needs
    ]
    yield from _listed("Coverage", lines)


def _sheet(row: Mapping[str, Any] | None, currency: str) -> Iterator[str]:
    if row is None:
        yield "Hot sheet  not on it"
        return
    risk = f"{amount(row['expected_arr_at_risk'])} {currency} at risk"
    yield f"Hot sheet  {row['rank']} of {row['of']}, {row['points']:g} points, {risk}"
    for each in row["reasons"]:
        yield f"           {each['points']:+.1f}  {each['signal']}: {each['text']}"
    for word, text in (("changed", row["change"]), ("next", row["play"])):
        if text:
            yield f"           {word}: {text}"


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{title:<11}{lines[0] if lines else 'none'}"
    yield from (f"{'':<11}{line}" for line in lines[1:])


def bare_table(*, heads: Sequence[str], numbers: Sequence[str]) -> Table:
    """Return an empty table without lines; the columns of ``numbers`` stand to the right."""
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
    return table
