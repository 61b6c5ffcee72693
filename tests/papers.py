"""One document with every kind of part, and texts that somebody means to break a file with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from evenbook.documents.parts import (
    Bullets,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Link,
    Missing,
    PageBreak,
    Paragraph,
    Table,
)

MADE_AT = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
COLUMNS = (
    Column("Account"),
    Column("Open", "whole"),
    Column("Hours", "number"),
    Column("Kept", "share", 0),
    Column("ARR, EUR", "money"),
    Column("Renews on", "day"),
    Column("Covered", "flag"),
)
KESTREL = (
    Link("Kestrel Bio", "https://evenbook.example/accounts/1"),
    1234,
    -2.25,
    0.905,
    1_240_050,
    date(2026, 6, 30),
    True,
)
KESTREL_SAID = ("Kestrel Bio", "1,234", "−2.2", "90%", "12,400.50", "30 Jun 2026", "yes")
NOTHING_KNOWN = ("Northwind", None, None, None, None, None, None)

WEEK = Document(
    "Weekly audit",
    "Amara's team · as of 9 Mar 2026",
    (
        Heading("What the week says"),
        Paragraph(("Of 42 promises, ", Link("38 were kept", "https://evenbook.example/closures"), ".")),
        Facts((Fact("Accounts", 310), Fact("Kept", 0.905, "share"), Fact("Sponsor", None))),
        Heading("To look at", 2),
        Bullets(("The plan has no date.", "Two tickets wait.")),
        Missing("No success plan is written down.", "Ask Amara."),
        Table(COLUMNS, (KESTREL, NOTHING_KNOWN), "Accounts by size"),
        PageBreak(),
        Heading("By team", 3),
        Table((Column("Team"),), (), empty="No team has asked."),
        Paragraph("Figures are those of 9 March.", is_quiet=True),
    ),
    footer="Evenbook",
    made_at=MADE_AT,
)

HOSTILE = (
    '#include "/etc/passwd" #read("/etc/passwd") #panic() ]#panic()[',
    "$x^2$ [a] @b <c> `d` *e* _f_ = g /* h */ // i \\u{41} \\",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;",
    "</style></title>]]><!-- %PDF-1.7 endobj {{ 7*7 }} {% x %}",
    "=HYPERLINK(1) @SUM(A1) \\input{x} %n%s${jndi:x}",
    "; , : BEGIN:VEVENT END:VCALENDAR",
)
NOT_TEXT = "a\x00b\x08c\x1bd\x7fe\x9ff\ud800g\ufffeh\u202ei\u2066j"
NOT_TEXT_SAID = "abcdefghij"


def everywhere(text: str) -> Document:
    """Return a document that holds ``text`` in each place that takes one."""
    return Document(
        text,
        text,
        (
            Heading(text),
            Paragraph((text, Link(text, "https://evenbook.example"))),
            Paragraph(text, is_quiet=True),
            Facts((Fact(text, text),)),
            Bullets((text,)),
            Missing(text, text),
            Table((Column(text), Column("n", "whole")), ((text, text),), text),
            Table((Column(text),), (), text, text),
        ),
        footer=text,
    )


PLACES = 15
"""How many texts ``everywhere`` sets, apart from the footer and the file's own title."""


def long_table(rows: int) -> Document:
    """Return a document with a table of that many rows, each with a name of its own."""
    listed = tuple((f"Account-{number}-end", number, number / 7, date(2026, 3, 9)) for number in range(rows))
    columns = (Column("Customer"), Column("Seats", "whole"), Column("Hours", "number"), Column("On", "day"))
    return Document("Book", "", (Table(columns, listed),))
