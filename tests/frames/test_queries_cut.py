"""What a week may see is cut anew for the weeks that are held, not only for the last day of all."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evenbook.frames.queries import hold_weeks
from evenbook.frames.session import Session

FACTS = pa.table(
    {"visible_at": pa.array([datetime(2026, 3, day) for day in (1, 5, 10)], type=pa.timestamp("us"))}
)
SEEN = "visible_at < timestamp '2026-03-20 00:00:00'"


def test_facts_known_after_the_weeks_that_are_held_are_not_there(tmp_path: Path) -> None:
    pq.write_table(FACTS, tmp_path / "facts.parquet")
    with Session() as session:
        session.hold_file("filed", tmp_path / "facts.parquet", where=SEEN)
        session.hold_cut("held", FACTS, where=SEEN)
        session.hold_file("uncut", tmp_path / "facts.parquet")

        def seen() -> list[int]:
            return [session.table(name).num_rows for name in ("filed", "held", "uncut")]

        assert seen() == [3, 3, 3]
        for day, there in ((date(2026, 3, 4), 1), (date(2026, 3, 5), 2), (date(2026, 3, 11), 3)):
            hold_weeks(session, [date(2026, 3, 1), day], "UTC")
            assert seen() == [there, there, 3]
