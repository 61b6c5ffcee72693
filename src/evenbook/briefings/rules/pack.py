"""The handoff pack and the transfer brief as documents: what each page says, and what it says is missing.

A reader who does not know the accounts takes them over from it alone, so nothing is left out in silence:
what is not known stands as missing, with who could say it.

Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from evenbook.briefings.rules.told import (
    DATES,
    DECISIONS,
    PEOPLE,
    STATE,
    WRITTEN,
    AccountTold,
    Contact,
    HandoffTold,
    Owed,
    Said,
)
from evenbook.documents.parts import (
    Bullets,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Part,
    Table,
)
from evenbook.documents.wording import day_text

MOST_OPEN = 20
"""Accounts on the first page: those with most open."""
MOST_PEOPLE = 6
MOST_OWED = 15
LONGEST_ANSWER = 1_500
"""Characters of an answer: a page an account, not a book."""


def book_document(
    head: HandoffTold, accounts: Sequence[AccountTold], *, made_at: datetime | None = None
) -> Document:
    """Return the pack of a whole book: the first page, then a page an account."""
    parts = [*overview(head, accounts)]
    for each in accounts:
        parts += [PageBreak(), *account_parts(head, each)]
    return Document(f"Handoff of {head.giver}", under(head), parts, made_at=made_at)


def brief_document(head: HandoffTold, account: AccountTold, *, made_at: datetime | None = None) -> Document:
    """Return the transfer brief of one account."""
    first, *rest = account_parts(head, account)
    return Document(f"Transfer brief: {account.name}", under(head), rest, made_at=made_at)


def under(head: HandoffTold) -> str:
    """Return the line under a pack's title."""
    return f"{when(head)}. As of {day_text(head.as_of)}."


def when(head: HandoffTold) -> str:
    """Return why and when, in words."""
    back = f", back on {day_text(head.back_on)}" if head.back_on else ""
    return f"{head.reason} from {day_text(head.first_on)}{back}"


def overview(head: HandoffTold, accounts: Sequence[AccountTold]) -> list[Part]:
    """Return the first page: who, when, how much, what is missing, and where most is open."""
    known = [each.arr_cents for each in accounts if each.arr_cents is not None]
    receivers = "; ".join(f"{name} ({count})" for name, count in head.receivers)
    pairs = [
        Fact("Hands over", head.giver),
        Fact("Receives", receivers),
        Fact("When", when(head)),
        Fact("Announced on", head.announced_on),
        Fact("Accounts", len(accounts) + len(head.closed)),
        Fact(f"ARR, {head.currency}", sum(known) if known else None, "money"),
        Fact("Confirmed", f"{sum(each.is_confirmed for each in accounts)} of {len(accounts)}"),
    ]
    return [
        Facts(pairs),
        *_note(head),
        *_closed(head),
        *_roles(head),
        Heading("What is missing"),
        _missing_table(accounts),
        Heading("Where most is open"),
        _open_table(accounts),
    ]


def account_parts(head: HandoffTold, account: AccountTold) -> list[Part]:
    """Return the page of one account."""
    return [
        Heading(account.name),
        Facts(_facts(head, account)),
        Heading("Where it stands", 2),
        *_state(head, account),
        Heading("Last decisions", 2),
        *_decisions(head, account.decisions),
        Heading("People", 2),
        *_people(head, account.people),
        Heading("Promises open", 2),
        *_owed(account.promises, "Promise", "No promise is open."),
        Heading("Open loops", 2),
        *_owed(account.loops, "Loop", "No loop is open."),
        Heading("Next dates", 2),
        *_dates(head, account),
        Heading("Written last", 2),
        _lines_of(account.written) if account.written else _nothing(head, WRITTEN),
    ]


def _note(head: HandoffTold) -> list[Part]:
    if head.note:
        return [Heading("Cover note"), *(Paragraph(line) for line in head.note.split("\n") if line.strip())]
    return [Missing("The cover note is not written.", f"Ask {head.giver}.")] if head.note_owed else []


def _closed(head: HandoffTold) -> list[Part]:
    if not head.closed:
        return []
    names = ", ".join(head.closed[:MOST_OPEN])
    more = f" and {len(head.closed) - MOST_OPEN} more" if len(head.closed) > MOST_OPEN else ""
    return [Missing(f"Not yours to open, and left out here: {names}{more}.")]


def _roles(head: HandoffTold) -> list[Part]:
    """Return the roles that the giver has on accounts of others: nobody receives them yet."""
    if not head.roles:
        return []
    rows = [(each.account, each.title, each.owner or "nobody", each.works) for each in head.roles[:MOST_OPEN]]
    columns = (Column("Account"), Column("Role"), Column("Owner"), Column("Works it now", "flag"))
    return [
        Heading("Roles on accounts of others"),
        Missing(
            f"Nobody receives what {head.giver} has on these accounts.",
            f"Name who has each role from {day_text(head.first_on)} on.",
        ),
        Table(columns, rows),
        *_more(len(head.roles), MOST_OPEN),
    ]


def _missing_table(accounts: Sequence[AccountTold]) -> Table:
    counted = Counter(name for each in accounts for name in each.missing)
    lacking = sum(bool(each.lacking) for each in accounts)
    rows: list[tuple[str, int]] = [(name.capitalize(), count) for name, count in counted.most_common()]
    if lacking:
        rows.append(("An artifact that the tier requires", lacking))
    columns = (Column("Missing"), Column("Accounts", "whole"))
    return Table(columns, rows, empty="Nothing is missing.")


def _open_table(accounts: Iterable[AccountTold]) -> Table:
    most = sorted(accounts, key=lambda each: (-each.open_count, each.name))
    rows = [
        (
            each.name,
            each.receiver,
            len(each.loops),
            sum(loop.is_overdue for loop in each.loops),
            len(each.promises),
            each.arr_cents,
        )
        for each in most[:MOST_OPEN]
        if each.open_count
    ]
    columns = (
        Column("Account"),
        Column("Receives"),
        Column("Loops", "whole"),
        Column("Overdue", "whole"),
        Column("Promises", "whole"),
        Column("ARR", "money"),
    )
    return Table(columns, rows, empty="Nothing is open at any account.")


def _facts(head: HandoffTold, account: AccountTold) -> list[Fact]:
    return [
        Fact(
            "Receives",
            f"{account.receiver}{', confirmed' if account.is_confirmed else ', not confirmed yet'}",
        ),
        *([Fact("As", account.passes)] if account.passes else []),
        Fact("Tier", ", ".join(filter(None, (account.tier, *account.attributes))) or "Missing"),
        Fact(f"ARR, {head.currency}", "Missing" if account.arr_cents is None else account.arr_cents, "money"),
        Fact("Renews on", account.renews_on or "Missing"),
        Fact("Last meaningful contact", account.last_contact_on or "Missing"),
        *([Fact("Other roles", "; ".join(account.roles))] if account.roles else []),
    ]


def _state(head: HandoffTold, account: AccountTold) -> Iterator[Part]:
    if not account.state:
        yield _nothing(head, STATE)
    else:
        since = f" since {day_text(account.state_since_on)}" if account.state_since_on else ""
        score = f" Health {account.score:.0f} of 100." if account.score is not None else ""
        yield Paragraph(f"{account.state.capitalize()}{since}.{score}")
        if account.reasons:
            yield Bullets(account.reasons)
    for each in account.lacking:
        yield Missing(f"{each}.")


def _decisions(head: HandoffTold, listed: Iterable[Said]) -> Iterator[Part]:
    is_empty = True
    for each in listed:
        is_empty = False
        yield Paragraph(_heading_of(each), is_quiet=True)
        yield Facts([Fact(title, _shortened(answer)) for title, answer in each.answers])
    if is_empty:
        yield _nothing(head, DECISIONS)


def _lines_of(listed: Iterable[Said]) -> Bullets:
    """Return one line an artifact, so that an account stays on its page."""
    return Bullets([" ".join([f"{_heading_of(each)}.", *map(_answered, each.answers)]) for each in listed])


def _answered(asked: tuple[str, str]) -> str:
    title, answer = asked
    return f"{title}{'' if title.endswith('?') else ':'} {_shortened(answer).rstrip('.')}."


def _heading_of(each: Said) -> str:
    return f"{each.title}, {day_text(each.on)}{f' by {each.by}' if each.by else ''}"


def _people(head: HandoffTold, people: Sequence[Contact]) -> Iterator[Part]:
    if not people:
        yield _nothing(head, PEOPLE)
        return
    columns = (Column("Name"), Column("Title"), Column("Role"), Column("Mail"))
    rows = [
        (f"{each.name}{' (champion)' if each.is_champion else ''}", each.title, each.role, each.mail)
        for each in people[:MOST_PEOPLE]
    ]
    yield Table(columns, rows)
    yield from _more(len(people), MOST_PEOPLE)


def _owed(listed: Sequence[Owed], name: str, none: str) -> Iterator[Part]:
    if not listed:
        yield Paragraph(none)
        return
    columns = (Column(name), Column("Who"), Column("By", "day"), Column("Overdue", "flag"))
    rows = [(each.what, each.who or "nobody", each.by, each.is_overdue) for each in listed[:MOST_OWED]]
    yield Table(columns, rows)
    yield from _more(len(listed), MOST_OWED)


def _dates(head: HandoffTold, account: AccountTold) -> Iterator[Part]:
    if not account.dates:
        yield _nothing(head, DATES)
    else:
        yield Table((Column("On", "day"), Column("What")), [(each.on, each.what) for each in account.dates])


def _more(total: int, shown: int) -> Iterator[Part]:
    if total > shown:
        yield Paragraph(f"And {total - shown} more, on the account’s own page.", is_quiet=True)


def _nothing(head: HandoffTold, what: str) -> Missing:
    said = {
        STATE: "No weekly run has seen where it stands.",
        DECISIONS: "No decision is recorded.",
        PEOPLE: "Nobody on the customer’s side is known.",
        DATES: "Neither a renewal nor a meeting nor a next touchpoint is ahead.",
        WRITTEN: "Nothing was written of this account.",
    }
    return Missing(said[what], f"Ask {head.giver} before {day_text(head.first_on)}.")


def _shortened(answer: str) -> str:
    return answer if len(answer) <= LONGEST_ANSWER else f"{answer[: LONGEST_ANSWER - 1].rstrip()}…"


def note_of(head: HandoffTold, accounts: Sequence[AccountTold]) -> str:
    """Return a cover note with what is known: who covers, open loops, dates within the days away."""
    covers = "; ".join(f"{name} for {count}" for name, count in head.receivers)
    loops = [
        (loop.by, f"{loop.what} for {each.name}, by {day_text(loop.by)}")
        for each in accounts
        for loop in each.loops
        if head.back_on is None or loop.by < head.back_on
    ]
    dates = [
        (day.on, f"{day.what} at {each.name} on {day_text(day.on)}")
        for each in accounts
        for day in each.dates
        if head.first_on <= day.on and (head.back_on is None or day.on < head.back_on)
    ]
    lines = [
        f"{when(head)}. Who covers how many accounts: {covers}.",
        _listed("Open loops", loops, "No loop is due by then."),
        _listed("Dates in these days", dates, "No renewal, meeting or touchpoint falls into these days."),
    ]
    return "\n".join(lines)


def _listed(title: str, dated: Iterable[tuple[date, str]], none: str) -> str:
    said = [text for _, text in sorted(dated)]
    if not said:
        return none
    more = f"; and {len(said) - MOST_OPEN} more, which the pack lists" if len(said) > MOST_OPEN else ""
    return f"{title}: {'; '.join(said[:MOST_OPEN])}{more}."
