"""What is true of the whole organization: its money, its clock, its working days."""

from __future__ import annotations

from typing import ClassVar
from zoneinfo import ZoneInfo

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, number, rows, text, words

CURRENCY = "[A-Z]{3}"
WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


class ExchangeRate(Row):
    """What one unit of another currency is worth."""

    key = ("currency",)

    currency: str = text(
        unit="ISO 4217 code", reason="The currency as files name it.", pattern=CURRENCY, longest=3
    )
    rate: float = number(
        unit="units of the organization's currency for one of this currency",
        reason="One fixed rate keeps retention free of exchange-rate noise.",
        above=0,
    )


class OrganizationNumbers(Section):
    """The organization."""

    name: ClassVar[str] = "organization"
    title: ClassVar[str] = "The organization"

    called: str = text(
        "",
        unit="name of the organization",
        reason="A backup says whose it is before anybody restores it.",
        longest=120,
    )
    currency: str = text(
        "USD",
        unit="ISO 4217 code",
        reason="Sums need one currency; amounts in others are converted when they are loaded.",
        pattern=CURRENCY,
        longest=3,
    )
    exchange_rates: tuple[ExchangeRate, ...] = rows(
        (),
        unit="rate by currency",
        reason="An amount in a currency without a rate is asked about, never summed as it stands.",
    )
    time_zone: str = text(
        "UTC",
        unit="IANA time zone",
        reason="A day ends when it is over where the organization works.",
        longest=60,
    )
    working_days: tuple[str, ...] = words(
        ("mon", "tue", "wed", "thu", "fri"),
        unit="days of the week",
        reason="What a person can sustain is counted over working days only.",
        options=WEEKDAYS,
    )

    @field_validator("time_zone", mode="after")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError) as error:
            raise ValueError(f"'{value}' is not a time zone such as Europe/Paris") from error
        return value

    @field_validator("working_days", mode="after")
    @classmethod
    def _has_a_working_day(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("must name at least one working day")
        return value
