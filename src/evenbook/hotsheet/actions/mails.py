"""The mail that tells owners of their rows of a new sheet, and leaders of what does not fit into hours."""

from __future__ import annotations

from collections.abc import Iterator

from evenbook.book.access import person_of, pools_of
from evenbook.closures.actions.sending import Sending, readers, sending, week_of
from evenbook.hotsheet.queries import OfWhom, SheetRow, sheet, sheet_totals
from evenbook.hotsheet.queries.mails import HOT_SHEET, mail_kinds
from evenbook.hotsheet.queries.work import work_of
from evenbook.hotsheet.rules.letters import Line, of_rows, of_what_does_not_fit
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.runs.queries import Week
from evenbook.screens.places import address
from evenbook.screens.shown import day_text

LISTED = 10


def tell_of_the_sheet(shown: Week) -> None:
    """Post to each owner their rows, and to each leader what does not fit, once a calendar week.

    Whoever has no row, or leads nobody with one that does not fit, gets no mail.
    """
    sender = sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at)
    if sender is None:
        return
    for viewer in readers({"csm"}):
        _tell_owner(sender, viewer, shown)
    for viewer in readers({"leader"}):
        _tell_leader(sender, viewer, shown)


def _tell_owner(sender: Sending, viewer: Viewer, shown: Week) -> None:
    person = person_of(viewer)
    if person is None or not sender.wanted(HOT_SHEET, viewer.mail):
        return
    mine = OfWhom(book_of=person.pk, book_pools=frozenset(pools_of(person)))
    rows = sheet(viewer, shown.run.id, of=mine, limit=LISTED)
    if rows:
        total = sheet_totals(viewer, shown.run.id, of=mine).rows
        told = {"day": day_text(shown.run.as_of), "link": _link(sender)}
        letter = of_rows(viewer.name, list(_lines(viewer, rows, shown)), total=total, **told)
        sender.send(HOT_SHEET, viewer.mail, letter, key=_key(viewer, shown))


def _tell_leader(sender: Sending, viewer: Viewer, shown: Week) -> None:
    over = OfWhom(overflow=True)
    rows = sheet(viewer, shown.run.id, of=over, limit=LISTED)
    if rows:
        totals = sheet_totals(viewer, shown.run.id, of=OfWhom())
        listed = [(row.account_name, row.owner_name, row.overflow_said) for row in rows]
        told = {"day": day_text(shown.run.as_of), "link": f"{_link(sender)}?fits=overflow"}
        letter = of_what_does_not_fit(viewer.name, listed, total=totals.overflow, of_rows=totals.rows, **told)
        sender.send(HOT_SHEET, viewer.mail, letter, key=_key(viewer, shown))


def _lines(viewer: Viewer, rows: tuple[SheetRow, ...], shown: Week) -> Iterator[Line]:
    work = work_of(viewer, [row.account_id for row in rows], shown.run.as_of)
    for row in rows:
        found = work.get(row.account_id)
        due_on = day_text(found.due_on) if found and found.acted_on is None and found.is_open else ""
        yield Line(row.account_name, tuple(each.text for each in row.reasons), row.play, row.change, due_on)


def _link(sender: Sending) -> str:
    return f"{sender.base}{address('hot-sheet')}"


def _key(viewer: Viewer, shown: Week) -> str:
    return f"hot-sheet-{week_of(shown)}-{viewer.user_id}"
