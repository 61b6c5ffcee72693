"""The weekly audit as a document: what a leader prints, or sends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.gaps import GapRow, GapsWanted, gaps, how_many_gaps
from evenbook.closures.queries.report import report
from evenbook.closures.rules.diagnosis import DIAGNOSES
from evenbook.closures.rules.report import Report, summary
from evenbook.documents.parts import Column, Document, Fact, Facts, Heading, Paragraph, Part, Table
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week
from evenbook.screens.shown import day_text

MOST_ROWS = 500
"""Of the artifacts that are missing; a longer list is read as a table file."""


@dataclass(frozen=True)
class AuditFile:
    """The document, and how many missing artifacts it lists."""

    document: Document
    rows: int


def audit_document(viewer: Viewer, week: Week, wanted: GapsWanted) -> AuditFile:
    """Return the audit of a week as a document, as far as the viewer may see it."""
    found = report(viewer, week, whose=wanted.whose)
    titles = {row.kind: row.title for row in week.policy.of(ClosuresNumbers).kinds}
    total = how_many_gaps(viewer, week, wanted=wanted)
    rows = gaps(viewer, week, wanted=wanted, limit=MOST_ROWS)
    parts = [
        Paragraph(summary(found, titles, waiting=0)),
        *_counts(found, titles),
        *_judged(found),
        *_listed(rows, total, titles),
    ]
    under = f"As of {day_text(found.as_of)}, policy version {found.policy_version}, for {viewer.name}"
    return AuditFile(Document("Weekly audit", under, parts, made_at=week.run.ended_at), len(rows))


def _counts(found: Report, titles: Mapping[str, str]) -> Iterator[Part]:
    became = found.became
    yield Heading("Requirements by tier")
    columns = ("Tier", "Current", "Missing", "Expired", "Not yet due")
    yield Table(
        [Column(name, "text" if name == "Tier" else "whole") for name in columns],
        [[f"T{row.tier}", row.current, row.missing, row.expired, row.not_yet_due] for row in found.tiers],
        empty="No tier asks for an artifact.",
    )
    yield Heading("Loops in the week")
    facts = {
        "Closed": became.closed,
        "of them late": became.late,
        "Acknowledged in a batch": became.batch,
        "Waived: the person is overloaded": became.overloaded,
        "Waived: the requirement is wrong": became.requirement,
        "Waived: the interaction should not have happened": became.interaction,
        "Withdrawn": became.withdrawn,
        "Overdue at its end": became.overdue,
    }
    yield Facts([Fact(name, count, "whole") for name, count in facts.items()])
    yield Heading("Writing time")
    yield Table(
        [
            Column("Artifact"),
            Column("Median, minutes", "number"),
            Column("Artifacts", "whole"),
            Column("Form"),
        ],
        [
            [titles.get(row.kind, row.kind), row.minutes, row.artifacts, "at fault" if row.is_fault else ""]
            for row in found.written
        ],
        empty="No artifact was written in a form yet.",
    )


def _judged(found: Report) -> Iterator[Part]:
    yield Heading("Diagnoses decided")
    names = ("Suggested", "Confirmed in the week", "Overruled", "Confirmed ever", "Overruled ever")
    yield Table(
        [Column(name, "text" if name == "Suggested" else "whole") for name in names],
        [
            [DIAGNOSES[now.diagnosis], now.confirmed, now.overruled, ever.confirmed, ever.overruled]
            for now, ever in found.judged
        ],
    )


def _listed(rows: tuple[GapRow, ...], total: int, titles: Mapping[str, str]) -> Iterator[Part]:
    yield Heading("Missing or expired")
    if total > len(rows):
        yield Paragraph(f"The first {len(rows)} of {total}; the table file has them all.", is_quiet=True)
    yield Table(
        [Column(name) for name in ("Owner", "Account", "Artifact", "Since", "Suggested", "Decided")],
        [_line(each, titles) for each in rows],
        empty="Nothing is missing, and nothing has expired.",
    )


def _line(each: GapRow, titles: Mapping[str, str]) -> list[str]:
    missing = each.missing
    since = f"{missing.status}, {day_text(missing.since)}" if missing.since else missing.status
    decided = DIAGNOSES[each.decided.decided] if each.decided else ""
    note = f": {each.decided.note}" if each.decided and each.decided.note else ""
    return [
        each.account.owner_name or "Nobody",
        each.account.name,
        titles.get(missing.kind, missing.kind),
        since,
        f"{each.suggested.title}. {each.suggested.evidence}",
        f"{decided}{note}",
    ]
