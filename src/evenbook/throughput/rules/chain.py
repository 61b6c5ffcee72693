"""The first links of the burnout chain: what each figure is called, and what it can and cannot say.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """One figure of the chain: its measure, its title, of what it is counted, and what it says."""

    measure: str
    title: str
    of: str
    says: str


LINKS = (
    Link(
        "reactive",
        "Reactive share of minutes",
        "interactions",
        "Minutes of kinds that policy calls reactive, of all on record. Tickets carry no minutes.",
    ),
    Link(
        "reviews_skipped",
        "Business reviews skipped",
        "reviews due",
        "Due by the days of the account's tier, and not held. Late is held.",
    ),
    Link(
        "onboarding_skipped",
        "Onboarding steps skipped",
        "steps due",
        "The records hold no list of steps: a step is a session held or an artifact written by its day.",
    ),
)
"""A person's own, in the order in which the links give way."""
