"""How many people are needed, as programs read it."""

from __future__ import annotations

from pydantic import Field

from evenbook.rest.shapes import Shape


class HireOut(Shape):
    """Somebody to be hired: a full person of a role, past the ramp."""

    role: str
    languages: list[str]
    hours: float = Field(description="Hours a month.")


class RoleOut(Shape):
    """How many of a role there are and are needed."""

    role: str
    have: int
    needed: int | None
    lower_bound: int | None = Field(description="No team has fewer of the role.")


class LostOut(Shape):
    """An account that no number of people can own."""

    account: str
    account_name: str
    because: str = Field(description="too_large or no_role.")


class LockedOut(Shape):
    """Somebody whom accounts locked to them overload by themselves."""

    csm: str
    csm_name: str


class FullestOut(Shape):
    """The load of the fullest book, in percent; null where there is none."""

    now: float | None
    one_more: float | None
    one_less: float | None


class HeadcountOut(Shape):
    """How many people are needed. ``one_more`` and ``one_less`` are points gained, by term."""

    needed: int | None = Field(description="Null where no team that keeps every rule was found.")
    have: int
    lower_bound: int | None = Field(description="No smaller team can; null where no team can.")
    is_proven: bool
    hires: list[HireOut]
    roles: list[RoleOut]
    away_all_the_time: int
    one_more: dict[str, float] | None
    one_more_is: HireOut | None
    one_less: dict[str, float] | None
    highest_load_percent: FullestOut
    cannot_be_owned: list[LostOut]
    overloaded_by_locks: list[LockedOut]
    text: str
