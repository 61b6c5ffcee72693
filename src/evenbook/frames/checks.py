"""What the doctor looks at in the column engine: that it answers, here and now."""

from __future__ import annotations

from datetime import datetime

import duckdb

from evenbook.kit.findings import Check, Finding


def column_engine(now: datetime) -> Finding | None:
    """Find a column engine that can't be started, or that gives a wrong answer."""
    try:
        with duckdb.connect(":memory:") as engine:
            found = engine.execute("select sum(n) from range(4) as t(n)").fetchone()
    except duckdb.Error as error:
        return Finding(
            f"The column engine does not start: {type(error).__name__}.",
            "Make room in memory and on the disk of the temporary folder, or install Evenbook again.",
        )
    if found is not None and int(found[0]) == 6:
        return None
    return Finding("The column engine gives a wrong answer.", "Install Evenbook again.")


CHECKS = (Check("column-engine", "The column engine answers.", column_engine),)
