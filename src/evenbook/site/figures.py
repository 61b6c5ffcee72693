"""Working out again the rows behind a week's figures, where the cache that kept them was deleted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from evenbook.measures import details
from evenbook.site import registry
from evenbook.site.weekly import compute


def keep_again(*, run: int, as_of: date, home: Path) -> None:
    """Work out a stored week again and keep the rows behind its figures; nothing else is stored.

    Facts that became known after ``as_of`` change nothing, so the rows are those of the run.
    """
    with compute(as_of, home=home).session as session:
        details.keep(session, registry.catalogue().cards, run=run, as_of=as_of, home=home)
