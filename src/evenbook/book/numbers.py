"""The numbers of the book: whose holidays, who works an account in which stage, who sees it."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import field_validator

from evenbook.policy.schema import Row, Section, choice, flag, number, rows, text, words

STAGES = {
    "onboarding": "Onboarding",
    "adoption": "Adoption",
    "value": "Value",
    "renewal": "Renewal",
}


class HolidayRegion(Row):
    """Which public holidays a region keeps."""

    key = ("region",)

    region: str = text(unit="region of a person", reason="As it stands in the team's file.", longest=60)
    country: str = text(
        unit="ISO 3166 code", reason="Whose public holidays are kept.", pattern="[A-Z]{2}", longest=2
    )
    subdivision: str = text(
        "",
        unit="subdivision code, or empty",
        reason="Some countries keep other days in each state.",
        longest=6,
    )


class StageRole(Row):
    """Who works an account while it is in a stage."""

    key = ("stage",)

    stage: str = choice(unit="stage", options=STAGES, reason="Where the account is in its contract life.")
    role: str = text(
        unit="role on the account", reason="Load and coverage follow this role, else the owner.", longest=40
    )


OWNER = "owner"
"""The role of whom an account belongs to."""

DECIDED = "evenbook"
"""The source of what people decided here. A source that says again what it said before a decision does not
take it back; one that says something new does."""

ROLES = {
    "onboarding": "Onboarding owner",
    "adoption": "Adoption owner",
    "expansion": "Expansion owner",
    "renewal": "Renewal owner",
}
"""The roles on an account besides its owner's, as people read them."""


def role_title(role: str) -> str:
    """Return a role on an account as people read it."""
    return ROLES.get(role) or role.replace("_", " ").capitalize()


class RoleShare(Row):
    """What of an account's hours a role takes in a stage, beside whoever works the account."""

    key = ("stage", "role")

    stage: str = choice(unit="stage", options=STAGES, reason="Where the account is in its contract life.")
    role: str = choice(unit="role on the account", options=ROLES, reason="Whoever has it takes the part.")
    share: float = number(
        unit="share of the account's hours, 0 to 1",
        reason="What is left is theirs who works the account; where nobody has the role, nothing is taken.",
        at_least=0,
        at_most=1,
    )


class BookNumbers(Section):
    """Accounts and the people who own them."""

    name: ClassVar[str] = "book"
    title: ClassVar[str] = "Accounts and owners"

    holiday_regions: tuple[HolidayRegion, ...] = rows(
        tuple(
            HolidayRegion(region=region, country=country)
            for region, country in (
                ("AU", "AU"), ("BR", "BR"), ("CA", "CA"), ("DE", "DE"), ("ES", "ES"), ("FR", "FR"),
                ("GB", "GB"), ("IE", "IE"), ("IN", "IN"), ("IT", "IT"), ("JP", "JP"), ("NL", "NL"),
                ("SG", "SG"), ("US", "US"),
            )
        ),
        unit="holiday calendar by region",
        reason="Nobody has capacity on a public holiday of the region that they work in.",
    )  # fmt: skip
    stage_roles: tuple[StageRole, ...] = rows(
        (
            StageRole(stage="onboarding", role="onboarding"),
            StageRole(stage="adoption", role="adoption"),
            StageRole(stage="value", role="adoption"),
            StageRole(stage="renewal", role="owner"),
        ),
        unit="role by stage",
        reason="An account may have several owners; its load belongs to the one who works it now.",
        fixed=True,
    )
    role_shares: tuple[RoleShare, ...] = rows(
        tuple(
            RoleShare(stage=stage, role=role, share=0.15)
            for stage in ("adoption", "value", "renewal")
            for role in ("expansion", "renewal")
        ),
        unit="share of the hours by stage and role",
        reason="A specialist of a pooled team takes as much of an account after its onboarding.",
    )
    onboarding_days: int = number(
        90,
        unit="days from the account's start",
        reason="Stands in for the stage where no source gives one: most first value is reached by then.",
        at_least=0,
        at_most=1000,
    )
    adoption_days: int = number(
        270,
        unit="days from the account's start",
        reason="Stands in for the stage where no source gives one: after it, the value stage.",
        at_least=0,
        at_most=2000,
    )
    leave_words: tuple[str, ...] = words(
        (
            "vacation", "holiday", "holidays", "annual leave", "parental leave", "sick leave", "on leave",
            "out of office", "ooo", "pto", "day off", "days off", "time off", "sabbatical",
            "urlaub", "elternzeit", "krank", "congé", "congés", "vacances", "vacaciones", "ferie",
        ),
        unit="words in the name or the categories of a calendar's event",
        reason="What a calendar calls an absence; whatever it shows as out of office counts anyway.",
    )  # fmt: skip
    leave_day_hours: float = number(
        6,
        unit="hours of a day",
        reason="Half an afternoon at the dentist is no day away; an event that fills the day is.",
        above=0,
        at_most=24,
    )
    others_accounts_open: bool = flag(
        True,
        reason="Artifacts and coverage are a shared place: a CSM may read those of colleagues' accounts.",
    )

    @field_validator("role_shares", mode="after")
    @classmethod
    def _no_hour_twice(cls, value: tuple[RoleShare, ...]) -> tuple[RoleShare, ...]:
        shares: dict[str, float] = defaultdict(float)
        for each in value:
            shares[each.stage] += each.share
        over = next((stage for stage, share in shares.items() if share > 1 + 1e-9), None)
        if over is not None:
            raise ValueError(f"the roles take more than all hours in the stage '{over}'")
        return value
