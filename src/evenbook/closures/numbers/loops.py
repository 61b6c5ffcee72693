"""Which events open a loop, what closes it, and when it is due."""

from __future__ import annotations

from evenbook.policy.schema import Row, choice, number, text

OPENED_BY = {
    "contact": "A completed meaningful interaction that no other kind of loop is opened by",
    "interaction": "A completed interaction of the kind named",
    "ticket": "An escalated ticket; where a kind is named, of that kind",
    "cadence": "So many days after the last artifact, by tier",
    "silence": "So many days without meaningful contact, or without usage, by tier",
    "renewal": "The approach of a renewal, and each refresh of its brief",
    "owner": "A change of owner, or a long leave",
}
DUE_IN = {"working": "Working days of the owner's region", "calendar": "Calendar days"}
JUDGED_BY = {
    "contact": "No meaningful contact",
    "usage": "No usage",
    "either": "Neither usage nor meaningful contact",
}
COHORTS = {
    "week": "The silent accounts of one pool, or owner, whose loops opened in the same week",
    "month": "Those whose loops opened in the same month",
}
BY_TIER = ("cadence", "silence")
"""Kinds of opening whose spans stand in ``cadences``."""


class Loop(Row):
    """A kind of loop."""

    key = ("loop",)

    loop: str = text(
        unit="kind of loop", reason="As files and programs name it.", pattern="[a-z][a-z0-9_]*", longest=40
    )
    title: str = text(unit="words", reason="How pages and files call it.", longest=60)
    opened_by: str = choice(options=OPENED_BY, reason="Which event in the records opens it.")
    named: str = text(
        "",
        unit="kind of interaction or ticket, or empty",
        reason="One event opens one loop, that of the most specific kind.",
        longest=60,
    )
    artifact: str = text(unit="kind of artifact", reason="Nothing else closes it.", longest=40)
    due_days: int = number(
        unit="days after it opens",
        reason="What is not written down soon is not written down.",
        at_least=0,
        at_most=365,
    )
    due_in: str = choice("working", options=DUE_IN, reason="Nobody owes anything on a holiday.")
    tiers: str = text(
        "1, 2, 3, 4",
        unit="tiers, with commas between",
        reason="Not every tier is served by a person.",
        pattern="[1-4](, ?[1-4]){0,3}",
        longest=12,
    )

    @property
    def of_tiers(self) -> frozenset[int]:
        """Return the tiers in which it opens."""
        return frozenset(int(each) for each in self.tiers.split(","))


class Cadence(Row):
    """After how many days a loop opens again in a tier."""

    key = ("loop", "tier")

    loop: str = text(unit="kind of loop", reason="Which loop comes back.", longest=40)
    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    every_days: int = number(
        unit="days",
        reason="After the last artifact, or after the last meaningful contact, the next one is owed.",
        at_least=1,
        at_most=730,
    )
    judged_by: str = choice(
        "contact",
        options=JUDGED_BY,
        reason="For silence: where no person calls, usage says whether anybody is there.",
    )


class Severity(Row):
    """By when an escalation is handed over."""

    key = ("priority",)

    priority: str = text(unit="priority of a ticket", reason="As the records name it.", longest=20)
    days: int = number(unit="working days", reason="The worse it is, the sooner.", at_least=1, at_most=60)


LOOPS = tuple(
    Loop(
        loop=loop,
        title=title,
        opened_by=opened_by,
        named=named,
        artifact=artifact,
        due_days=days,
        due_in=unit,
        tiers=tiers,
    )
    for loop, title, opened_by, named, artifact, days, unit, tiers in (
        ("check_in", "Check-in", "contact", "", "check_in_note", 2, "working", "1, 2, 3, 4"),
        ("health_review", "Health review", "cadence", "", "health_review_log", 7, "calendar", "1, 2, 3"),
        ("renewal_risk", "Renewal risk", "renewal", "", "renewal_risk_brief", 5, "working", "1, 2, 3"),
        ("escalation", "Escalation", "ticket", "", "escalation_handoff", 5, "working", "1, 2, 3, 4"),
        ("silent_account", "Silent account", "silence", "", "silence_record", 5, "working", "1, 2, 3, 4"),
        (
            "business_review", "Business review", "interaction", "business_review", "decision_record", 3,
            "working", "1, 2, 3, 4",
        ),
        ("change_of_owner", "Change of owner", "owner", "", "transfer_brief", 5, "working", "1, 2, 3, 4"),
    )
)  # fmt: skip

CADENCES = tuple(
    Cadence(loop=loop, tier=tier, every_days=days, judged_by=judged_by)
    for loop, tier, days, judged_by in (
        ("health_review", 1, 14, "contact"),
        ("health_review", 2, 31, "contact"),
        ("health_review", 3, 92, "contact"),
        ("silent_account", 1, 45, "contact"),
        ("silent_account", 2, 45, "contact"),
        ("silent_account", 3, 90, "either"),
        ("silent_account", 4, 60, "usage"),
    )
)

SEVERITIES = tuple(
    Severity(priority=priority, days=days)
    for priority, days in (("urgent", 1), ("high", 3), ("normal", 5), ("low", 5))
)


def fault_of(loops: tuple[Loop, ...], cadences: tuple[Cadence, ...], artifacts: frozenset[str]) -> str:
    """Return what is wrong with the loops together, in words; empty where nothing is."""
    by_name = {row.loop: row for row in loops}
    for row in loops:
        if row.artifact not in artifacts:
            return f"the loop '{row.loop}' is closed by an artifact that kinds does not have: {row.artifact}"
        if row.opened_by == "interaction" and not row.named:
            return f"the loop '{row.loop}' must name the kind of interaction that opens it"
    named = [(row.opened_by, row.named) for row in loops if row.opened_by not in BY_TIER]
    twice = next((each for each in named if named.count(each) > 1), None)
    if twice is not None:
        return f"two loops are opened by the same event: {' '.join(twice).strip()}"
    for each in cadences:
        found = by_name.get(each.loop)
        if found is None or found.opened_by not in BY_TIER:
            return f"cadences names '{each.loop}', which is no loop that opens by cadence or silence"
    return ""
