"""The rows behind the figures of a run, kept beside the database so that a figure opens at once.

One Parquet file a run and measure, in the instance's cache: it may be deleted at any time and is
then worked out again. Who may see which row is decided where a figure is opened, not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenbook.frames.session import Session
from evenbook.kit.files import written_whole
from evenbook.measures.card import Card, rows_sql


def keep(session: Session, cards: Iterable[Card], *, run: int, as_of: date, home: Path) -> None:
    """Keep the rows of every measure as of a run's day.

    Args:
        session: holds the tables of all steps for that day.
        cards: the measures.
        run: the run that the figures are stored under.
        as_of: its day.
        home: the instance's folder.
    """
    folder = _folder(run, home)
    for card in cards:
        rows = session.rows(rows_sql(card, "all"), {"as_of": as_of})
        with written_whole(folder / f"{card.name}.parquet") as part:
            pq.write_table(rows, part, compression="zstd")


def read(name: str, *, run: int, home: Path) -> pa.Table | None:
    """Return the rows of a measure as a run found them, or None where they are no longer kept."""
    path = _folder(run, home) / f"{name}.parquet"
    return pq.read_table(path) if path.exists() else None


def _folder(run: int, home: Path) -> Path:
    return home / "cache" / "figures" / str(run)
