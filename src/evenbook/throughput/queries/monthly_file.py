"""The monthly pack as a document: what a leader takes along as PDF or as slides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from evenbook.capacity.rules.proposal import Weight
from evenbook.documents.parts import (
    Chart,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Link,
    Paragraph,
    Part,
    Series,
    Table,
    Value,
)
from evenbook.documents.pdf import as_pdf
from evenbook.documents.pptx import as_pptx
from evenbook.documents.wording import shortened
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.viewer import Viewer
from evenbook.policy.registry import sections as policy_sections
from evenbook.policy.rules.said import ChangeLine, change_lines
from evenbook.screens.places import address
from evenbook.screens.shown import day_text, difference, shown
from evenbook.throughput.queries.monthly import Pack
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.rules.monthly import LOAD, PersonMonth, Stand

MOST_PEOPLE = 12
"""In a chart; the table has all."""
MOST_ROWS = 60
"""Of decisions and changes; the pages have all."""
LONGEST_VALUE = 60
"""Of a value of the policy; a table has its rows in the history."""
NOTE = "A ceiling broken is a problem to solve, never a score of the person."


FILES: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", as_pptx),
}
"""The forms of the pack: their media types and what writes them."""


def written(viewer: Viewer, pack: Pack, kind: str) -> bytes:
    """Return a pack as a file of one of ``FILES``."""
    return FILES[kind][1](monthly_document(viewer, pack))


def monthly_document(viewer: Viewer, pack: Pack) -> Document:
    """Return a pack as a document: its sentences with the figures, charts and tables under each."""
    said = Said(pack)
    parts: list[Part] = [Paragraph(said.headline)]
    for section in said.sections:
        parts += [Heading(section.title), Paragraph(section.sentence), *PARTS[section.key](pack)]
    return Document(
        f"Monthly calibration, {pack.month.title}",
        f"{said.when}, for {viewer.name}",
        parts,
        footer=f"Evenbook · {pack.of} · {pack.month.title}",
        made_at=pack.week.run.ended_at,
    )


def _load(pack: Pack) -> Iterator[Part]:
    load = pack.figures[LOAD]
    labels = [_label(day) for day in pack.days]
    if any(value is not None for value in load.trend):
        lines = [Series("Load", load.trend)]
        if load.baseline is not None:
            lines.append(Series("Baseline", [load.baseline] * len(labels)))
        yield Chart("line", "Load by week, share of capacity", labels, lines, "share", 0)
    if pack.people:
        shown_people = pack.people[:MOST_PEOPLE]
        bars = [Series("Now", [each.load.now for each in shown_people])]
        if pack.before_on is not None:
            bars.insert(0, Series("Month before", [each.load.before for each in shown_people]))
        title = "Load by person" if len(pack.people) <= MOST_PEOPLE else f"Load, the highest {MOST_PEOPLE}"
        yield Chart("bar", title, [each.name for each in shown_people], bars, "share", 0)
        yield Table(
            [
                Column("Person"), Column("Load before", "share", 0), Column("Load now", "share", 0),
                Column("Strategic, last week", "whole"), Column("Ceiling", "number"),
                Column("Weeks over it", "whole"),
            ],
            [_person(each) for each in pack.people],
        )  # fmt: skip
        yield Paragraph(NOTE, is_quiet=True)


def _person(each: PersonMonth) -> list[str | float | None]:
    return [each.name, each.load.before, each.load.now, each.held, each.ceiling, each.weeks_over]


def _stands(pack: Pack, stands_: Sequence[Stand]) -> Table:
    """Return figures as a table: each said in its own unit, so the cells are words."""
    names = ["Figure", "Now", "Month before", "Change", "Baseline"]
    columns = [Column(name, "text" if name == "Figure" else "number") for name in names]
    rows = [
        [
            each.title,
            shown(each.now, each.unit).text,
            shown(each.before, each.unit).text,
            "" if each.change is None else difference(each.change, each.unit),
            shown(each.baseline, each.unit).text,
        ]
        for each in stands_
    ]
    if not any(each.baseline is not None for each in stands_):
        return Table(columns[:-1], [row[:-1] for row in rows])
    return Table(columns, rows)


def _seven(pack: Pack) -> Iterator[Part]:
    for measure, title in (("strategic", "Strategic interactions ÷ ceiling"), ("unmonitored", "Unmonitored")):
        stand = pack.figures[measure]
        if sum(value is not None for value in stand.trend) > 1:
            labels = [_label(day) for day in pack.days]
            yield Chart("line", f"{title}, by week", labels, [Series(pack.of, stand.trend)], "share", 0)
    yield _stands(pack, pack.seven)


def _chain(pack: Pack) -> Iterator[Part]:
    yield _stands(pack, pack.chain)
    known = [each for each in pack.people if any(link.now is not None for link in each.chain)]
    if known:
        titles = [link.title for link in known[0].chain]
        yield Table(
            [Column("Person"), *(Column(title, "share", 0) for title in titles)],
            [[each.name, *(link.now for link in each.chain)] for each in known],
        )
    yield Paragraph(
        "They show where a week has no room left, not how well somebody works. The records hold no list of "
        "onboarding steps: a step is a session held or an artifact written by its day.",
        is_quiet=True,
    )


def _decisions(pack: Pack) -> Iterator[Part]:
    rows = pack.decided[:MOST_ROWS]
    yield Table(
        [Column(name) for name in ("About", "What", "Waits since", "State", "Decided", "What came of it")],
        [
            [
                row.subject,
                row.title,
                day_text(row.waits_from_on) if row.waits_from_on else "",
                row.state_name,
                ": ".join(each for each in (row.decided, row.note) if each),
                row.effect,
            ]
            for row in rows
        ],
    )
    if len(pack.decided) > len(rows):
        yield Paragraph(f"The first {len(rows)} of {len(pack.decided)}.", is_quiet=True)


def _felt(pack: Pack) -> Iterator[Part]:
    yield Table(
        [
            Column("Team"),
            Column("Week of", "day"),
            Column("Felt, 1 to 5", "number"),
            Column("Load", "share", 0),
        ],
        [[each.team, each.week_on, each.felt, each.load] for each in pack.felt],
    )
    yield Paragraph(
        "Of teams in which five people or more said it. What they wrote stays theirs.", is_quiet=True
    )


def _effects(pack: Pack) -> Iterator[Part]:
    yield Table(
        [Column(name) for name in ("What was done", "Figure", "Moved", "What that says")],
        [[each.title, each.outcome.title, each.moved, each.said] for each in pack.effects],
    )


def _calibration(pack: Pack) -> Iterator[Part]:
    row = pack.calibration
    assert row is not None
    found = row.proposal
    yield Facts(
        [
            Fact("Looked at on", row.as_of),
            Fact("Weeks of hours", found.weeks),
            Fact("Accounts with hours", f"{found.with_hours} of {found.accounts}"),
            Fact("Numbers that would change", row.changed),
            Fact("How it stands", Said(pack).stands),
        ]
    )
    changed = [each for each in found.weights if each.is_changed]
    if changed:
        numbers = ("In force", "Learned", "From", "To")
        yield Table(
            [
                Column("Factor"),
                Column("Level"),
                *(Column(name, "number", 2) for name in numbers),
                Column("Accounts", "whole"),
            ],
            [_weight(each) for each in changed],
            "Weights that would change, with their intervals of 80%",
        )


def _weight(each: Weight) -> list[Value]:
    level = each.level.replace("_", " ")
    return [each.title, level, each.in_force, each.proposed, each.low, each.high, each.accounts]


def _policy(pack: Pack) -> Iterator[Part]:
    rows: list[list[Value]] = [
        [
            each.number,
            each.adopted_at.date(),
            each.author_name,
            line.label,
            f"{line.old} → {line.new}",
            each.note,
        ]
        for each in pack.versions
        for line in change_lines(each.changes, policy_sections())
    ]
    yield Table(
        [Column("Version", "whole"), Column("Adopted", "day"), *map(Column, ("By", "What", "Change", "Why"))],
        rows[:MOST_ROWS],
    )
    if len(rows) > MOST_ROWS:
        yield Paragraph(f"The first {MOST_ROWS} of {len(rows)}.", is_quiet=True)


def _change(line: ChangeLine) -> str:
    return f"{shortened(line.old, LONGEST_VALUE)} → {shortened(line.new, LONGEST_VALUE)}"


def _lagging(pack: Pack) -> Iterator[Part]:
    yield _stands(pack, pack.lagging)
    yield Paragraph("They look back for months, so what is done now shows in them late.", is_quiet=True)


def _asked(pack: Pack) -> Iterator[Part]:
    base = _base()
    yield Table(
        [Column("What"), Column("Why")],
        [
            [Link(each.what, f"{base}{address(each.opens)}{each.asks}") if base else each.what, each.why]
            for each in pack.asked[:MOST_ROWS]
        ],
    )


def _base() -> str:
    try:
        return base_address()
    except NoAddress:
        return ""


def _label(day: date) -> str:
    return f"{day.day} {day:%b}"


PARTS: dict[str, Callable[[Pack], Iterator[Part]]] = {
    "load": _load,
    "seven": _seven,
    "chain": _chain,
    "decisions": _decisions,
    "felt": _felt,
    "effects": _effects,
    "calibration": _calibration,
    "policy": _policy,
    "lagging": _lagging,
    "asked": _asked,
}
