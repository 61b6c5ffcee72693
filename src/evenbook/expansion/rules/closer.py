"""When what is opened pays for somebody who does nothing but close it.

What came in by openings in the months of the policy is taken to a year. A dedicated closer may cost the
policy's share of what they close.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.pipeline import Rate


@dataclass(frozen=True)
class Dedicated:
    """What openings bring a year, what they would have to bring, and how many openings a month that takes.

    Money in minor units. ``openings_a_month`` is None where nothing was won yet.
    """

    brings_cents: int
    needs_cents: int
    openings_a_month: float | None

    @property
    def is_funded(self) -> bool:
        """Whether the volume funds a dedicated closer."""
        return self.brings_cents >= self.needs_cents


def dedicated(found: Rate, numbers: ExpansionNumbers) -> Dedicated:
    """Return whether what was opened within the months of the policy funds a dedicated closer."""
    months = numbers.rate_months
    brings = round(found.won_cents * 12 / months)
    needs = round(numbers.closer_cost * 100 / numbers.closer_share)
    each = found.won_cents / found.opened if found.opened and found.won_cents else 0
    return Dedicated(brings, needs, needs / each / 12 if each else None)
