"""Commands that look and change nothing: the hot sheet, the audit, why an account stands where it does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from evenbook.book.queries import members, pools
from evenbook.capacity.queries import Wanted, account_rows
from evenbook.closures.queries.audit import Audit, Missing
from evenbook.closures.queries.audit import audit as audited
from evenbook.closures.queries.diagnoses import Decision, Gap, decisions, diagnoses
from evenbook.closures.queries.gaps import GapsWanted
from evenbook.closures.rules.diagnosis import Diagnosed
from evenbook.hotsheet.queries import OfWhom, accounts_on, sheet, sheet_totals
from evenbook.hotsheet.queries.work import work_of
from evenbook.hotsheet.rules.cases import MARKS, SAID
from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import counted
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.queries import Week, week_on_or_before
from evenbook.site.actor import Acting
from evenbook.site.chain import document, major, requirement_names, sheet_row, sheet_work, who
from evenbook.site.chain import why as chain_of
from evenbook.site.cli.days import NotYet, day_given, today_of
from evenbook.site.cli.printed import safe, screen
from evenbook.site.cli.told import missing_table, said_share, sheet_lines, told, wrapped
from evenbook.site.replay import day_of, week_of

AS_OF = click.option(
    "--as-of", "day", metavar="DATE", default="", help="As of this day; else the last weekly run."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SHOWN = 40
OFFERED = 4


class NotKnown(EvenbookError):
    """An option names something that is not there."""

    kind = "not-known"


@click.group(invoke_without_command=True)
@AS_OF
@click.option("--top", type=click.IntRange(1), help="Only so many rows, from the first.")
@AS_JSON
@click.pass_context
def hotsheet(ctx: click.Context, *, day: str, top: int | None, as_json: bool) -> int:
    """Print the Monday list: the accounts most at risk, and why each is on it.

    `hotsheet mark` says how the work on one stands.
    """
    return 0 if ctx.invoked_subcommand else _hot_sheet(ctx.obj, day=day, top=top, as_json=as_json)


def _hot_sheet(acting: Acting, *, day: str, top: int | None, as_json: bool) -> int:
    with _week(acting, day) as (viewer, week):
        rows = sheet(viewer, week.run.id, of=OfWhom(), limit=top)
        total = sheet_totals(viewer, week.run.id, of=OfWhom()).rows
        on_it = Wanted(among=(accounts_on(viewer, week.run.id),))
        owners = {row.id: row.owner_key for row in account_rows(viewer, week.run.id, wanted=on_it)}
        work = work_of(viewer, [row.account_id for row in rows], week.run.as_of)
    listed = [
        {
            **sheet_row(row),
            **sheet_work(row, work.get(row.account_id)),
            "owner": owners.get(row.account_id) or None,
        }
        for row in rows
    ]
    as_of, version = week.run.as_of.isoformat(), week.run.policy_version
    if as_json:
        said = {"as_of": as_of, "policy_version": version, "currency": week.currency, "hotsheet": listed}
        click.echo(json.dumps(said, ensure_ascii=False))
        return 0
    click.echo(f"Hot sheet as of {as_of}, policy version {version}, money in {week.currency}.")
    shown = listed if top else listed[:SHOWN]
    if shown:
        click.echo("\n".join(sheet_lines(shown, width=screen().width)))
    if len(listed) > len(shown):
        click.echo(f"… and {len(listed) - len(shown)} more; --top {len(listed)} or --json lists all.")
    click.echo(f"hotsheet: {counted(total, 'account is on it', 'accounts are on it')}.")
    return 0


@hotsheet.command(name="mark")
@click.argument("account")
@click.argument("choice", type=click.Choice(list(MARKS)))
@click.option("--note", default="", help="What was done, or why it is a false alarm.")
@click.pass_obj
def mark_work(acting: Acting, account: str, choice: str, *, note: str) -> int:
    """Say how the work on ACCOUNT, by its key, stands; saved shows as claimed until facts confirm it."""
    from evenbook.hotsheet.actions.marks import mark

    acting.ready()
    by = acting.writer()
    row = mark(account, choice, by=by, now=acting.now, day=today_of(acting), note=note)
    click.echo(f"hotsheet: {safe(row.account.name)}: {SAID[choice]}.")
    return 0


@click.command()
@click.option("--tier", type=click.IntRange(1, 4), help="One tier.")
@click.option("--owner", metavar="KEY", default="", help="A person's key or name, pool:KEY, or nobody.")
@click.option(
    "--requires", "kind", metavar="KIND", default="", help="One kind of artifact; else all that tiers ask."
)
@click.option(
    "--report",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write it as a document into this PDF file.",
)
@AS_OF
@AS_JSON
@click.pass_obj
def audit(
    acting: Acting, *, tier: int | None, owner: str, kind: str, path: Path | None, day: str, as_json: bool
) -> int:
    """Say which accounts hold the artifacts that their tier asks for, and which do not."""
    with _coverage(acting, day) as (viewer, week):
        found = audited(
            viewer,
            week.run.id,
            kind=_kind(week, kind),
            tier=str(tier or ""),
            owner=_owner(viewer, owner),
        )
        listed = found.missing if as_json else found.missing[:SHOWN]
        suggested, decided = diagnoses(viewer, week, listed), decisions(viewer, listed)
        asked = GapsWanted(kind=kind, tier=str(tier or ""), owner=_owner(viewer, owner))
        if path is not None:
            _write_report(viewer, week, asked, path)
    if as_json:
        click.echo(json.dumps(_audit_document(found, week, suggested, decided), ensure_ascii=False))
    else:
        _print_audit(found, week, kind, suggested)
    return 1 if found.missing else 0


@click.command()
@click.argument("account")
@AS_OF
@AS_JSON
@click.pass_obj
def why(acting: Acting, account: str, *, day: str, as_json: bool) -> int:
    """Say why ACCOUNT stands where it stands, from its owner down to the last facts.

    ACCOUNT is a key, an id of the source it came from, a domain or the exact name.
    """
    acting.ready()
    today, asked = today_of(acting), _asked(acting, day)
    meant = who(acting.viewer, account)
    if meant.account is None:
        return _which(account, [(each.key, each.name) for each in meant.candidates], as_json=as_json)
    chain = chain_of(acting.viewer, meant.account, asked, today=today, now=acting.now, home=acting.home)
    said = document(chain)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("\n".join(wrapped(told(said), width=screen().width)))
    return 0


COMMANDS = (hotsheet, audit, why)


@contextmanager
def _week(acting: Acting, day: str) -> Iterator[tuple[Viewer, Week]]:
    acting.ready()
    asked = _asked(acting, day)
    with week_of(acting.viewer, asked, today=today_of(acting), now=acting.now, home=acting.home) as found:
        yield acting.viewer, found.week


@contextmanager
def _coverage(acting: Acting, day: str) -> Iterator[tuple[Viewer, Week]]:
    """Give the week of a day as far as coverage goes, which rests on no week before: it is soon there."""
    acting.ready()
    viewer, asked = acting.viewer, _asked(acting, day)
    on = day_of(viewer, asked, today=today_of(acting))
    run = week_on_or_before(viewer, on)
    if run is not None and run.as_of == on:
        yield viewer, Week(run, in_force(on).policy, asked)
        return
    from evenbook.site.past import coverage_of

    with coverage_of(viewer, on, now=acting.now, home=acting.home):
        run = week_on_or_before(viewer, on)
        assert run is not None and run.as_of == on
        yield viewer, Week(run, in_force(on).policy, asked)


def _write_report(viewer: Viewer, week: Week, asked: GapsWanted, path: Path) -> None:
    from evenbook.closures.queries.audit_file import audit_document
    from evenbook.documents.pdf import as_pdf

    try:
        path.write_bytes(as_pdf(audit_document(viewer, week, asked).document))
    except OSError as error:
        raise NotKnown(f"{path} can't be written: {error.strerror}.", fix="Choose another file.") from None


def _asked(acting: Acting, day: str) -> date | None:
    asked = day_given(day)
    if asked and asked > today_of(acting):
        raise NotYet(f"{asked:%d %B %Y} has not come yet.", fix="Choose today or an earlier day.")
    return asked


def _kind(week: Week, kind: str) -> str:
    kinds = requirement_names(week.policy)
    if kind and kind not in kinds:
        raise NotKnown(f"There is no artifact '{kind}'.", fix=f"Choose from {', '.join(kinds)}.")
    return kind


def _owner(viewer: Viewer, given: str) -> str:
    """Return the key of an owner who was given by key or by name."""
    names = {each.key: each.name for each in members(viewer)} | {"nobody": "accounts without an owner"}
    names |= {f"pool:{each.key}": f"pool {each.name}" for each in pools(viewer)}
    if not given or given in names:
        return given
    called = [key for key, name in names.items() if name.casefold() == given.strip().casefold()]
    if len(called) == 1:
        return called[0]
    near = [key for key, name in names.items() if get_close_matches(given, [key, *name.split()], n=1)]
    offered = ", ".join(f"{key} ({names[key]})" for key in (near or list(names))[:OFFERED])
    raise NotKnown(
        f"Nobody who owns accounts is called '{given}'.", fix=f"Give a key, for instance {offered}."
    )


def _audit_document(
    found: Audit, week: Week, suggested: Mapping[Gap, Diagnosed], decided: Mapping[Gap, Decision]
) -> dict[str, Any]:
    return {
        "as_of": week.run.as_of.isoformat(),
        "policy_version": week.run.policy_version,
        "accounts": found.accounts,
        "required": found.required,
        "current": found.current,
        "not_yet_due": found.not_yet_due,
        "covered": found.covered,
        "share_by_count": _rounded(found.share_by_count),
        "share_by_arr": _rounded(found.share_by_arr),
        "missing": [
            _missing_document(each, week, suggested[each.gap], decided.get(each.gap))
            for each in found.missing
        ],
    }


def _missing_document(
    each: Missing, week: Week, suggested: Diagnosed, decided: Decision | None
) -> dict[str, Any]:
    return {
        "account": each.account.key,
        "account_name": each.account.name,
        "arr": major(each.account.arr_cents),
        "currency": week.currency,
        "owner": each.account.owner_key or None,
        "owner_name": each.account.owner_name or None,
        "requirement": each.kind,
        "since": each.since.isoformat() if each.since else None,
        "diagnosis": suggested.diagnosis,
        "evidence": suggested.evidence,
        "decided": decided.decided if decided else None,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _print_audit(found: Audit, week: Week, kind: str, suggested: Mapping[Gap, Diagnosed]) -> None:
    names = requirement_names(week.policy)
    asked = names[kind] if kind else "All that the tier asks for"
    click.echo(f"{asked}, as of {week.run.as_of.isoformat()}, policy version {week.run.policy_version}.")
    click.echo(
        f"{found.accounts} accounts: {found.current} current, {found.required - found.current} with gaps, "
        f"{found.not_yet_due} not yet due."
    )
    by_count, by_arr = said_share(found.share_by_count), said_share(found.share_by_arr)
    click.echo(f"Covered: {found.covered}; {by_count} by count, {by_arr} by revenue.")
    if found.missing:
        screen().print(missing_table(found.missing[:SHOWN], names, week.currency, suggested))
    if len(found.missing) > SHOWN:
        click.echo(f"… and {len(found.missing) - SHOWN} more; --json lists all.")
    gaps = counted(len(found.missing), "artifact is missing", "artifacts are missing")
    click.echo(f"audit: {gaps}." if found.missing else "audit: nothing is missing.")


def _which(text: str, candidates: list[tuple[str, str]], *, as_json: bool) -> int:
    if as_json:
        rows = [{"account": key, "account_name": name} for key, name in candidates]
        click.echo(json.dumps({"candidates": rows}, ensure_ascii=False))
        return 1
    click.echo(f"'{safe(text)}' is not exactly one account. Which of these?")
    for key, name in candidates:
        click.echo(f"  {safe(key)}  {safe(name)}")
    click.echo("why: say which, by the key in front.")
    return 1
