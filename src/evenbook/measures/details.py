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

COHORTS = "cohort_as_of"
BESIDE = (COHORTS,)
"""Tables that are kept beside the rows of measures: more than one figure is made of each of their rows."""


def keep(session: Session, cards: Iterable[Card], *, run: int, as_of: date, home: Path) -> None:
    """Keep the rows of every measure as of a run's day, and the tables beside them.

    Args:
        session: holds the tables of all steps for that day.
        cards: the measures.
        run: the run that the figures are stored under.
        as_of: its day.
        home: the instance's folder.
    """
    folder = _folder(run, home)
    asked = {card.name: rows_sql(card, "all") for card in cards}
    asked |= {name: f"select * from {name} where as_of = $as_of" for name in BESIDE}
    for name, sql in asked.items():
        rows = session.rows(sql, {"as_of": as_of})
        with written_whole(folder / f"{name}.parquet") as part:
            pq.write_table(rows, part, compression="zstd")


def read(name: str, *, run: int, home: Path) -> pa.Table | None:
    """Return the rows of a measure or a table as a run found them, or None where they are no longer kept."""
    path = _folder(run, home) / f"{name}.parquet"
    return pq.read_table(path) if path.exists() else None


def _folder(run: int, home: Path) -> Path:
    return home / "cache" / "figures" / str(run)
