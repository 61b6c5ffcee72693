"""The limits of an import: what is too large, too old, or too doubtful to load unasked."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Section, number, words


class SourcesNumbers(Section):
    """Imports."""

    name: ClassVar[str] = "sources"
    title: ClassVar[str] = "Imports"

    max_upload_mb: int = number(
        512,
        unit="megabytes a file in the browser",
        reason="Larger files load from the command line, where nobody waits for a page.",
        at_least=1,
        at_most=10_000,
    )
    max_columns: int = number(
        1000,
        unit="columns a row",
        reason="No export of a tool has more; a wider row is a broken delimiter.",
        at_least=1,
        at_most=16_384,
    )
    max_cell_characters: int = number(
        100_000,
        unit="characters a cell",
        reason="A longer cell is an unclosed quote that swallowed the file.",
        at_least=100,
        at_most=10_000_000,
    )
    zip_max_files: int = number(
        500, unit="files an archive", reason="An export holds tens of files, an attack thousands.", at_least=1
    )
    zip_max_mb: int = number(
        4096,
        unit="megabytes unpacked",
        reason="An archive is refused before it fills the disk.",
        at_least=1,
        at_most=1_000_000,
    )
    zip_max_ratio: float = number(
        200,
        unit="times its packed size",
        reason="Text packs 5 to 30 times smaller; beyond this an archive is made to do harm.",
        at_least=1,
    )
    earliest_year: int = number(
        1900, unit="year", reason="An older date is a placeholder or a slip.", at_least=1, at_most=2100
    )
    latest_year: int = number(
        2100, unit="year", reason="A later date stands for never and is said so.", at_least=1900, at_most=9998
    )
    sample_rows: int = number(
        2000,
        unit="rows",
        reason="Enough to tell the order of dates and the scale of a score, little enough to be at once.",
        at_least=1,
        at_most=1_000_000,
    )
    preview_rows: int = number(
        20, unit="rows", reason="What a person can check by eye before they load.", at_least=1, at_most=1000
    )
    similar_name_share: float = number(
        0.88,
        unit="share of the name's characters",
        reason="Names this alike are asked about: neither one company nor two without a person's word.",
        at_least=0.5,
        at_most=1,
    )
    public_domains: tuple[str, ...] = words(
        (
            "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
            "icloud.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "web.de",
            "mail.ru", "qq.com", "163.com",
        ),
        unit="mail domains",
        reason="A shared mail domain says nothing of the company behind an address.",
    )  # fmt: skip
    source_order: tuple[str, ...] = words(
        (
            "person",
            "salesforce",
            "hubspot",
            "zoho",
            "pipedrive",
            "freshsales",
            "gainsight",
            "zendesk",
            "generic",
        ),
        unit="sources, the one that wins first",
        reason="Where two sources disagree on a field, one wins and the other's value is kept.",
    )

    @model_validator(mode="after")
    def _years_are_in_order(self) -> Self:
        if self.earliest_year >= self.latest_year:
            raise ValueError("the earliest year must lie before the latest year")
        return self
