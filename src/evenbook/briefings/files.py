"""The pack of a handoff, or the transfer brief of one account, as pages, API and commands give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from evenbook.briefings.actions.announcing import NoSuchHandoff
from evenbook.briefings.queries.assembled import assembled
from evenbook.briefings.queries.handoffs import HandoffRow, handoff
from evenbook.briefings.queries.passing import PassingWanted
from evenbook.briefings.rules.pack import book_document, brief_document
from evenbook.documents.docx import as_docx
from evenbook.documents.html import as_html
from evenbook.documents.parts import Document
from evenbook.documents.pdf import as_pdf
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import slug
from evenbook.people.viewer import Viewer
from evenbook.runs.asked import week_asked

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
    "html": ("text/html; charset=utf-8", lambda document: as_html(document).encode()),
}


class NoSuchFormat(EvenbookError):
    """A pack asked for in a form that it is not written in."""

    kind = "no-such-format"


@dataclass(frozen=True)
class Paper:
    """A document about accounts of a handoff, the name of its file, and how many accounts it tells of."""

    document: Document
    name: str
    accounts: int

    def written(self, kind: str) -> bytes:
        """Return it as a file.

        Raises:
            NoSuchFormat: ``kind`` is none of ``FORMATS``.
            TooLongForPdf: its pages were not set in time.
        """
        if kind not in FORMATS:
            raise NoSuchFormat(
                f"There is no pack as '{kind[:40]}'.", fix=f"The formats are: {', '.join(FORMATS)}."
            )
        return FORMATS[kind][1](self.document)


def paper(viewer: Viewer, number: int, *, account: str = "", now: datetime) -> Paper:
    """Return the pack of a handoff, or with an account's key the transfer brief of that account.

    Raises:
        NoSuchHandoff: there is no such handoff, or no such account in it that the viewer may open.
        NoWeek: no week is stored yet, so nothing is known of where accounts stand.
    """
    shown = found(viewer, number)
    wanted = PassingWanted(account=account, sort="account")
    told = assembled(viewer, week_asked(viewer, None), shown, now=now, wanted=wanted)
    name = f"handoff-{slug(shown.giver_key)}-{shown.first_on.isoformat()}"
    if not account:
        document = book_document(told.head, told.accounts, made_at=now)
        return Paper(document, name, len(told.accounts))
    if not told.accounts:
        raise NoSuchHandoff(
            f"The account '{account[:80]}' is not in this handoff, or not yours to open.",
            fix="Look at its list of accounts.",
        )
    (each,) = told.accounts
    return Paper(brief_document(told.head, each, made_at=now), f"{name}-{slug(account)}", 1)


def found(viewer: Viewer, number: int) -> HandoffRow:
    """Return a handoff that the viewer may see.

    Raises:
        NoSuchHandoff: there is none of this number.
    """
    shown = handoff(viewer, number)
    if shown is None:
        raise NoSuchHandoff(
            f"There is no handoff {number} that you may see.", fix="List them: evenbook handoff list"
        )
    return shown
