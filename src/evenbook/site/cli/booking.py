"""Commands of books: how even they are, proposals of who should own what, approving and undoing them."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from evenbook.balance.actions import locks
from evenbook.balance.actions import proposals as actions
from evenbook.balance.queries.ambiguity import unclear
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.queries.books import books_now
from evenbook.balance.queries.comparing import side_by_side
from evenbook.balance.queries.proposals import ProposalRow, moves, proposals
from evenbook.balance.queries.structures import structures_of
from evenbook.balance.rules.asking import INCREMENTAL, MODES, AskedWrong
from evenbook.balance.rules.compared import compared_document
from evenbook.book.numbers import ROLES
from evenbook.briefings.actions.passing_on import pass_role
from evenbook.desk.queries.proposed_weeks import proposed_weeks
from evenbook.kit.findings import counted
from evenbook.runs.asked import week_asked
from evenbook.site.actor import Acting
from evenbook.site.cli.comparing import say_compared, say_headcount, say_structures, say_weeks
from evenbook.site.cli.days import day_given, today_of
from evenbook.site.cli.printed import plain, screen

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
PAIR = "ACCOUNT=PERSON"
SHOWN = 40


ASKS = (
    click.option("--mode", type=click.Choice(list(MODES)), default=INCREMENTAL, help="What may move."),
    click.option("--moves", type=click.IntRange(0), help="The most moves, beside those that must be."),
    click.option(
        "--person", default="", help="Whom an exception is about, by key; of a pool, pool: and its key."
    ),
    click.option("--account", default="", help="The account it is about, by key."),
    click.option("--pin", "pins", multiple=True, metavar=PAIR, help="This account goes to this person."),
    click.option("--forbid", "forbidden", multiple=True, metavar=PAIR, help="This account does not."),
    click.option("--seconds", type=click.FloatRange(0, 3600, min_open=True), help="How long to look."),
    click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, help="Same seed, same answer."),
)


def _asks(command: Any) -> Any:
    """Give a command the options of a question."""
    for option in reversed(ASKS):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@AS_JSON
@click.pass_context
def book(context: click.Context, *, as_json: bool) -> int:
    """Show each person's book; propose who should own what, approve it, undo it."""
    if context.invoked_subcommand is not None:
        return 0
    acting: Acting = context.obj
    acting.ready()
    week = week_asked(acting.viewer, None)
    found, nobodys = books_now(acting.viewer, week), unclear(acting.viewer, week)
    if as_json:
        said = {"as_of": week.run.as_of.isoformat(), "books": found}
        said["unclear"] = [_known(each.document) for each in nobodys]
        click.echo(json.dumps(said, ensure_ascii=False))
        return 0
    screen().print(_books(found, found))
    if nobodys:
        click.echo(f"book: of {counted(len(nobodys), 'account', 'accounts')} it is not clear who answers.")
    click.echo(f"book: {counted(len(found), 'book', 'books')} as of {week.run.as_of.isoformat()}.")
    return 0


@book.command()
@_asks
@click.option("--keep", is_flag=True, help="Keep it, so that it can be applied.")
@AS_JSON
@click.pass_obj
def propose(acting: Acting, /, *, keep: bool, as_json: bool, pins: tuple[str, ...], **asked: Any) -> int:
    """Propose who should own what. Ends with 1 where not every rule can hold."""
    acting.ready()
    viewer = acting.writer() if keep else acting.viewer
    forbidden = _pairs(asked.pop("forbidden"))
    wanted = Wanted(**asked, pins=_pairs(pins), forbidden=forbidden)
    found = propose_for(viewer, week_asked(viewer, None), wanted)
    number = actions.keep(found, seed=wanted.seed, by=viewer, now=acting.now) if keep else None
    said = found.document
    if as_json:
        click.echo(json.dumps({**said, **({"id": number} if number else {})}, ensure_ascii=False))
        return 0 if said["feasible"] else 1
    _print(said)
    if "headcount" in said:
        say_headcount(said["headcount"])
    click.echo(f"book: {_sentence(said)}")
    if number:
        click.echo(f"book: kept as proposal {number}. Approve it with: evenbook book apply {number}")
    return 0 if said["feasible"] else 1


@book.command(name="list")
@AS_JSON
@click.pass_obj
def listing(acting: Acting, *, as_json: bool) -> int:
    """List the proposals that were kept. Ends with 1 where one waits."""
    acting.ready()
    rows = proposals(acting.viewer)
    if as_json:
        click.echo(json.dumps([_document(acting, row) for row in rows], ensure_ascii=False))
    else:
        table = Table("No.", "As of", "Asked", "Moves", "State", box=None)
        for row in rows[:SHOWN]:
            many = str(len(row.contents["moves"]))
            table.add_row(str(row.id), row.as_of.isoformat(), plain(row.title), many, plain(row.state_text))
        if rows:
            screen().print(table)
        click.echo(f"book: {counted(len(rows), 'proposal', 'proposals')}.")
    return 1 if any(row.is_open for row in rows) else 0


@book.command()
@click.argument("one", type=click.IntRange(1))
@click.argument("other", type=click.IntRange(1))
@AS_JSON
@click.pass_obj
def compare(acting: Acting, one: int, other: int, *, as_json: bool) -> int:
    """Show the proposals ONE and OTHER side by side, by every criterion."""
    acting.ready()
    found = side_by_side(acting.viewer, one, other)
    if found is None:
        raise actions.ProposalGone("There is no such pair of proposals.", fix="See `evenbook book list`.")
    if as_json:
        click.echo(json.dumps(compared_document(found), ensure_ascii=False))
    else:
        say_compared(found)
    return 0


@book.command()
@AS_JSON
@click.pass_obj
def structures(acting: Acting, *, as_json: bool) -> int:
    """Compare the four structures of a team on the accounts that you may see."""
    acting.ready()
    found = structures_of(acting.viewer, week_asked(acting.viewer, None))
    if as_json:
        click.echo(json.dumps(found.document, ensure_ascii=False))
    else:
        say_structures(found)
    return 0


@book.command()
@click.argument("number", type=click.IntRange(1))
@AS_JSON
@click.pass_obj
def weeks(acting: Acting, number: int, *, as_json: bool) -> int:
    """Show the weeks ahead with the owners that proposal NUMBER gives, beside the present ones."""
    acting.ready()
    found = proposed_weeks(acting.viewer, number)
    if found is None:
        raise actions.ProposalGone(f"There is no proposal {number}.", fix="See `evenbook book list`.")
    say_weeks(found, as_json=as_json)
    return 0


@book.command(name="apply")
@click.argument("number", type=click.IntRange(1))
@click.option("--account", "accounts", multiple=True, help="Only these accounts, by key.")
@click.option("--note", default="", help="What others should know.")
@click.pass_obj
def apply_(acting: Acting, number: int, *, accounts: tuple[str, ...], note: str) -> int:
    """Approve the proposal NUMBER: its accounts change hands now. Ends with 1 where one has moved on."""
    acting.ready()
    by = acting.writer()
    wanted = _ids(acting, number, accounts) if accounts else None
    done = actions.approve(number, by=by, now=acting.now, note=note, accounts=wanted)
    return _applied(done, "changed hands")


@book.command()
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def undo(acting: Acting, number: int) -> int:
    """Give back what proposal NUMBER moved, within a day. Ends with 1 where one has moved on."""
    acting.ready()
    return _applied(actions.undo(number, by=acting.writer(), now=acting.now), "went back")


@book.command()
@click.argument("number", type=click.IntRange(1))
@click.option("--note", required=True, help="Why.")
@click.pass_obj
def drop(acting: Acting, number: int, *, note: str) -> int:
    """Decide against the proposal NUMBER."""
    acting.ready()
    actions.drop(number, by=acting.writer(), now=acting.now, note=note)
    click.echo("book: it is dropped.")
    return 0


@book.command()
@click.argument("account")
@click.option("--reason", required=True, help="Why it stays, such as who asked for it.")
@click.pass_obj
def lock(acting: Acting, account: str, *, reason: str) -> int:
    """Keep ACCOUNT with its owner in every proposal."""
    acting.ready()
    locks.lock(account, reason, by=acting.writer(), now=acting.now)
    click.echo("book: it is locked.")
    return 0


@book.command()
@click.argument("account")
@click.pass_obj
def unlock(acting: Acting, account: str) -> int:
    """Let ACCOUNT be proposed to others again."""
    acting.ready()
    locks.unlock(account, by=acting.writer(), now=acting.now)
    click.echo("book: it is not locked any more.")
    return 0


@book.command()
@click.argument("account")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--to", default="", metavar="PERSON|pool:POOL", help="Who receives it, by key; nobody without.")
@click.option("--reason", required=True, help="Why it changes hands.")
@click.option("--from", "from_day", default="", metavar="DAY", help="From which day on; at once without.")
@click.pass_obj
def role(acting: Acting, account: str, *, role: str, to: str, reason: str, from_day: str) -> int:
    """Give a ROLE on ACCOUNT to somebody else, or to nobody. Who had it owes a transfer brief."""
    acting.ready()
    title, day = ROLES[role].lower(), day_given(from_day)
    by, now = acting.writer(), acting.now
    passed = pass_role(account, role, to=to, reason=reason, first_on=day, by=by, now=now)
    if passed is None:
        click.echo(f"book: its {title} stays.")
        return 0
    change, is_later = passed.given.change, passed.given.first_on > today_of(acting)
    when = f"from {passed.given.first_on.isoformat()} on" if is_later else "now"
    click.echo(f"book: {title}: {change.before_name}, {when} {change.after_name}.")
    if passed.handoff:
        click.echo(f"book: handoff {passed.handoff} is announced: a transfer brief is owed.")
    return 0


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _pairs(given: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = [tuple(each.split("=", 1)) for each in given]
    for each in found:
        if len(each) != 2 or not all(each):
            raise AskedWrong(f"'{each[0][:40]}' is not {PAIR}.", fix=f"Write {PAIR}, such as A-00012=P-003.")
    return tuple((each[0], each[1]) for each in found)


def _ids(acting: Acting, number: int, keys: tuple[str, ...]) -> list[int]:
    known = {each.account_key: each.account_id for each in moves(acting.viewer, number)}
    missing = [key for key in keys if key not in known]
    if missing:
        raise AskedWrong(
            f"Proposal {number} does not move {missing[0][:40]}.", fix="Name accounts that it moves."
        )
    return [known[key] for key in keys]


def _applied(done: actions.Applied, what: str) -> int:
    click.echo(f"book: {counted(done.gone, 'account', 'accounts')} {what}.")
    if done.skipped:
        click.echo(f"book: somebody has moved these since, they stay: {', '.join(done.skipped)}")
    return 1 if done.skipped else 0


def _sentence(said: dict[str, Any]) -> str:
    if "headcount" in said:
        return str(said["headcount"]["text"])
    if not said["feasible"]:
        return " ".join(each["text"] for each in said["conflicts"])
    many = counted(len(said["moves"]), "move", "moves")
    return f"{many}; at most {said['gap']:.1%} from the best possible plan."


def _print(said: dict[str, Any]) -> None:
    if said["moves"]:
        table = Table("Account", "From", "To", "Because", "Points", box=None)
        for each in said["moves"][:SHOWN]:
            gain = f"{sum(each['improves'].values()):.1f}"
            table.add_row(
                plain(each["account_name"]), plain(each.get("from_name", "nobody")),
                plain(each.get("to_name", "nobody")), plain(each["reason_text"]), gain,
            )  # fmt: skip
        screen().print(table)
    for each in said["candidates"]:
        click.echo(f"{each['csm_name']}: {each['points_more']:.1f} points more than the best")
    screen().print(_books(said["before"], said["after"]))
    for each in said["binding"]:
        points = sum(each["relaxing_gives"].values())
        click.echo(f"{each['rule_name']}: without it {points:.1f} points better.")


def _books(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Table:
    table = Table("Person or pool", "Load", "ARR", "Accounts", "Complexity", "Red or yellow", box=None)
    for was, now in zip(before, after, strict=True):
        cells = [
            _change(f"{was.get('load_percent', 0):.0f}%", f"{now.get('load_percent', 0):.0f}%"),
            _change(f"{was['arr']:,.0f}", f"{now['arr']:,.0f}"),
            _change(str(was["accounts"]), str(now["accounts"])),
            _change(f"{was['complexity']:.1f}", f"{now['complexity']:.1f}"),
            _change(f"{was['red_yellow_share']:.0%}", f"{now['red_yellow_share']:.0%}"),
        ]
        table.add_row(plain(was["csm_name"]), *cells)
    return table


def _change(was: str, now: str) -> str:
    return now if was == now else f"{was} > {now}"


def _document(acting: Acting, row: ProposalRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "as_of": row.as_of.isoformat(),
        "mode": row.mode,
        "state": row.state,
        "made_by": row.made_by,
        "moves": len(row.contents["moves"]),
        "gap": row.contents["gap"],
        "feasible": row.contents["feasible"],
    }


COMMANDS = (book,)
