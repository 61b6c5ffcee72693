"""How books are balanced: what counts how much, what must hold, how many moves there may be."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, number, rows, text, words


class RegionHours(Row):
    """How far a region of accounts is from UTC."""

    key = ("region",)

    region: str = text(unit="region of accounts", reason="As accounts have it.", longest=60)
    hours: float = number(
        unit="hours from UTC",
        reason="A customer in another time zone is met early or late.",
        at_least=-12,
        at_most=14,
    )


class ServedTiers(Row):
    """Which tiers a role may own by name."""

    key = ("role",)

    role: str = text(unit="role in the team", reason="As people have it.", longest=40)
    lowest_tier: int = number(
        unit="tier", reason="Down to it this role owns accounts by name.", at_least=1, at_most=4
    )


class BalanceNumbers(Section):
    """Balancing."""

    name: ClassVar[str] = "balance"
    title: ClassVar[str] = "Balancing"

    even_load: float = number(
        3.0,
        unit="points for a load 100% off the mean, for each account of a mean book",
        reason="Even hours come first: they are what people sustain.",
        at_least=0,
        at_most=100,
    )
    even_arr: float = number(
        1.5,
        unit="points, as for load",
        reason="Nobody should carry the revenue of two.",
        at_least=0,
        at_most=100,
    )
    even_accounts: float = number(
        1.0, unit="points, as for load", reason="Each account costs attention.", at_least=0, at_most=100
    )
    even_complexity: float = number(
        1.0,
        unit="points, as for load",
        reason="The hard customers are shared out.",
        at_least=0,
        at_most=100,
    )
    industry: float = number(
        1.0,
        unit="points for an account in an industry that its owner does not know",
        reason="Who knows the business asks better questions. All other points are measured by this one.",
        at_least=0,
        at_most=100,
    )
    time_zone: float = number(
        1.0,
        unit="points for each 4 hours beyond those that are easily bridged",
        reason="Half a working day in common is enough to meet.",
        at_least=0,
        at_most=100,
    )
    time_zone_free: float = number(
        2.0, unit="hours", reason="So far apart is no matter.", at_least=0, at_most=12
    )
    experience: float = number(
        1.0,
        unit="points for each level of complexity that its owner is too new for",
        reason="A hard customer is not learned on.",
        at_least=0,
        at_most=100,
    )
    experienced_days: int = number(
        365,
        unit="days in the team",
        reason="After a year somebody has seen each kind of week once.",
        at_least=0,
        at_most=3650,
    )
    simple_complexity: int = number(
        3, unit="complexity, 1 to 5", reason="Up to it anybody can learn.", at_least=1, at_most=5
    )
    move: float = number(
        1.0,
        unit="points for a move, times how much is lost with it",
        reason="A customer who changes hands loses what its owner knew.",
        at_least=0,
        at_most=100,
    )
    move_in_full: float = number(
        0.6,
        unit="share of the points for a move",
        reason="Once a year everything may be placed anew, and moves count for less.",
        at_least=0,
        at_most=1,
    )
    move_months: float = number(
        24.0,
        unit="months with an owner after which nothing more is lost",
        reason="Trust grows for two years or so.",
        above=0,
        at_most=120,
    )
    quarter_moves: float = number(
        0.03,
        unit="share of the accounts, 0 to 1",
        reason="So many changes a quarter a team can hand over well.",
        at_least=0,
        at_most=1,
    )
    quarter_least: int = number(
        5, unit="moves", reason="A small team may move a handful.", at_least=0, at_most=100
    )
    handover: float = number(
        2.0,
        unit="points for any move",
        reason="A move that makes less better is not worth its handover.",
        at_least=0,
        at_most=100,
    )
    keep_days: int = number(
        180,
        unit="days after a change of owner",
        reason="A customer that changes hands twice in half a year trusts nobody.",
        at_least=0,
        at_most=1095,
    )
    renewal_days: int = number(
        90,
        unit="days before a renewal",
        reason="Who has led the talks ends them.",
        at_least=0,
        at_most=365,
    )
    ahead_weeks: int = number(
        13,
        unit="weeks",
        reason="A book is given for a quarter at least: leave, ramp and departures of the quarter count.",
        at_least=1,
        at_most=52,
    )
    tiers_by_role: tuple[ServedTiers, ...] = rows(
        (ServedTiers(role="csm", lowest_tier=3),),
        unit="lowest tier by role",
        reason="Only these roles are given accounts; below that tier a pool serves.",
    )
    pool_tier: int = number(
        3,
        unit="tier",
        reason="From it down a pool may own accounts; a strategic customer is not put into a queue.",
        at_least=1,
        at_most=4,
    )
    tier_served: float = number(
        5.0,
        unit="points for an account held by name that only pools serve, or by a pool above its tiers",
        reason="It outweighs a handover, so that such accounts go first; nothing forces them all at once.",
        at_least=0,
        at_most=100,
    )
    operations_from: int = number(
        5,
        unit="people who own accounts",
        reason="With five of them somebody has to keep records, rules and reports, or each does it alone.",
        at_least=1,
        at_most=1000,
    )
    region_hours: tuple[RegionHours, ...] = rows(
        (
            RegionHours(region="Americas", hours=-6),
            RegionHours(region="Europe", hours=1),
            RegionHours(region="Asia-Pacific", hours=8),
        ),
        unit="hours from UTC by region",
        reason="Where no time zone of the account itself is known.",
    )
    spoken_by_all: tuple[str, ...] = words(
        ("en", "english"),
        unit="languages",
        reason="An account in one of these needs nobody in particular.",
    )
    seconds: float = number(
        5.0,
        unit="seconds",
        reason="So long a proposal is looked for where nobody says otherwise.",
        above=0,
        at_most=600,
    )
    undo_hours: int = number(
        24,
        unit="hours after approval",
        reason="For a day nobody has told the customer yet.",
        at_least=0,
        at_most=168,
    )
