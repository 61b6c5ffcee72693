"""How the usage detector is set.

What a fleet looks like (its season, its noise, how its accounts wander) is never set
here; it is estimated from the fleet itself.
"""

from __future__ import annotations

from dataclasses import dataclass

RING_WEEKS = 16
"""Weeks of counts that are carried: the last four, and the twelve before them."""


@dataclass(frozen=True, slots=True)
class DetectorParams:
    """How the detector is set. What a fleet looks like is not set here, it is estimated.

    Attributes:
        target: false alarms per account-year that are accepted.
        short_share, long_share: part of the budget that each window alone may spend;
            together more than 1, since their alarms overlap.
        short_weeks, long_weeks: the two windows; the long one is also the age at which
            a week enters the usual level.
        warmup_weeks: weeks an account must have been seen before it can alarm.
        rearm_weeks: weeks without a second alarm after one, unless the account was back.
        back_score: deviations off its level within which an account is back.
        lasting_score: deviations off its level after the re-arm that count as "stayed".
        memory_weeks: weeks over which noise and wander are averaged.
        seed: of the simulation that sets the thresholds.
    """

    target: float = 0.25
    short_share: float = 0.93
    long_share: float = 0.21
    short_weeks: int = 4
    long_weeks: int = 8
    warmup_weeks: int = 12
    rearm_weeks: int = 8
    back_score: float = 1.0
    lasting_score: float = 2.5
    memory_weeks: float = 52.0
    seed: int = 20

    def __post_init__(self) -> None:
        if not 0.0 < self.target <= 12.0:
            raise ValueError("target must lie above 0 and be at most 12 false alarms per account-year.")
        if not 0 < self.short_weeks < self.long_weeks < RING_WEEKS:
            raise ValueError(f"Windows must be 0 < short_weeks < long_weeks < {RING_WEEKS}.")
        if self.warmup_weeks <= self.long_weeks:
            raise ValueError("warmup_weeks must be longer than long_weeks.")
