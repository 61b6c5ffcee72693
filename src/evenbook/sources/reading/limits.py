"""How much of a file is read before it is refused.

Limits protect the machine, not the taste of the reader: a zip bomb, a workbook that unfolds
to gigabytes or a line without an end is refused in a sentence before it is unpacked.
The numbers come from the organisation's policy; these are only their defaults.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one import. Every bound is at least one.

    Args:
        columns: most columns a table may have.
        cell_characters: most characters one cell may have.
        line_bytes: longest line of a text file.
        files: most files read from a folder.
        sheets: most tables read from one workbook or JSON file.
        batch_rows: rows handed over at once.
        sample_rows: rows looked at to find delimiter, header and title lines.
        archive_members: most files in a zip.
        archive_bytes: most bytes all files of a zip may unfold to.
        archive_ratio: most bytes one packed byte may unfold to, for files over 16 MB.
        archive_depth: how many zips may be nested in each other; 1 is a zip without a zip.
        workbook_bytes: most bytes the parts of one workbook may unfold to.
        record_bytes: longest record of a JSON file.
        rows: most rows of one table.
    """

    columns: int = 2_000
    cell_characters: int = MEGABYTE
    line_bytes: int = 16 * MEGABYTE
    files: int = 5_000
    sheets: int = 50
    batch_rows: int = 5_000
    sample_rows: int = 200
    archive_members: int = 2_000
    archive_bytes: int = 8 * GIGABYTE
    archive_ratio: int = 200
    archive_depth: int = 2
    workbook_bytes: int = GIGABYTE
    record_bytes: int = 16 * MEGABYTE
    rows: int = 500_000_000

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(f"The limit {field.name} must be at least 1.")
