"""The command that records a cohort of silent accounts with one artifact."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evenbook.book.queries import me
from evenbook.closures.actions.cohorts import Recorded, record_cohort
from evenbook.closures.queries.cohorts import Cohort, cohorts_owed
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.closing import AS_JSON, BadArtifactFile, answers_in


@click.command(name="record-cohort")
@click.argument("cohort", default="")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
    help="The record's answers by field, as YAML or JSON.",
)  # fmt: skip
@click.option(
    "--without", "without", metavar="LOOP", multiple=True, help="An account that stands out stays open."
)
@AS_JSON
@click.pass_obj
def record(acting: Acting, cohort: str, *, path: Path | None, without: tuple[str, ...], as_json: bool) -> int:
    """Record the silent accounts of COHORT with one artifact; without it, list the cohorts that you owe.

    Each account is checked and recorded by itself. Ends with 1 where one was refused, the record does not
    meet its standard (nothing was changed), or a cohort waits.
    """
    acting.ready()
    by = acting.writer()
    shown = week_asked(by, None)
    today, own = shown.today(acting.now), me(by)
    if not cohort:
        wanted = LoopsWanted(
            person_id=own.id if own else 0,
            pools=own.pools if own else frozenset(),
            in_cohorts=True,
            as_they_are=True,
        )
        return _listed(cohorts_owed(by, shown, wanted=wanted, today=today), as_json=as_json)
    if path is None:
        raise BadArtifactFile("A cohort is recorded with an artifact.", fix="Name its file: --file F.yaml")
    found = record_cohort(
        cohort, answers_in(path), without=without, by=by, week=shown, today=today, now=acting.now
    )
    return _recorded(found, as_json=as_json)


def _listed(rows: tuple[Cohort, ...], *, as_json: bool) -> int:
    if as_json:
        told = [
            {
                "cohort": each.key,
                "whose": each.whose,
                "due_on": each.due_on.isoformat(),
                "loops": [row.key for row in each.silent],
            }
            for each in rows
        ]
        click.echo(json.dumps(told, ensure_ascii=False))
        return 1 if rows else 0
    for each in rows:
        click.echo(f"  {each.due_on.isoformat()}  {each.said}; {each.key}")
    click.echo(f"record-cohort: {counted(len(rows), 'cohort waits', 'cohorts wait')} for you.")
    return 1 if rows else 0


def _recorded(found: Recorded, *, as_json: bool) -> int:
    waits = 1 if found.others or found.refusals else 0
    if as_json:
        signed = [
            {"loop": each.key, "closed": each.is_closed, "why_not": each.why_not} for each in found.signed
        ]
        refusals = [{"field": each.field, "reason": each.reason} for each in found.refusals]
        click.echo(json.dumps({"loops": signed, "refusals": refusals}, ensure_ascii=False))
        return waits
    for refusal in found.refusals:
        click.echo(f"  {refusal.field}: {refusal.reason}")
    if found.refusals:
        click.echo("record-cohort: not recorded; nothing was changed.")
        return waits
    for each in found.others:
        click.echo(f"  {each.account or each.key}: {each.why_not}")
    closed = counted(found.closed, "account is", "accounts are")
    click.echo(f"record-cohort: {closed} recorded and closed, {len(found.others)} refused.")
    return waits


COMMANDS = (record,)
