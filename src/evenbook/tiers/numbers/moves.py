"""When an account moves to another tier, when it may not yet, and what is done with the customer then."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text, words

DIRECTIONS = {"up": "Up", "down": "Down"}
OWNERS = {"owner": "Account's owner", "leader": "Owner's leader", "operations": "CS operations"}
PLACES = ("{account}", "{from}", "{to}", "{day}")
"""What a step's text may name; each is replaced where the plan is made."""


class PlanStep(Row):
    """A step of the plan that goes with a move."""

    key = ("direction", "step")

    direction: str = choice(
        options=DIRECTIONS, unit="direction", reason="Moving up is told otherwise than down."
    )
    step: int = number(
        unit="place in the plan", reason="Steps are shown in this order.", at_least=1, at_most=20
    )
    says: str = text(
        unit="words, with {account}, {from}, {to} and {day}",
        reason="Who tells the customer what; the names and the day are put in.",
        longest=300,
    )
    owner: str = choice(options=OWNERS, unit="role", reason="Somebody in particular does it.")
    days: int = number(
        unit="days after the move takes effect, below zero before",
        reason="A customer hears of a change before it is one.",
        at_least=-90,
        at_most=180,
    )


PLAN = (
    ("up", 1, "owner", -7, "Tell {account} who looks after them from {day} on, and what to expect of it"),
    ("up", 2, "leader", 0, "Name an executive sponsor or a second contact, as {to} asks for"),
    ("up", 3, "owner", 21, "Hold the first meeting at the rhythm of {to}: goals, risks, the next quarter"),
    ("down", 1, "owner", -10, "Check that nothing is open at {account}; write down what others must know"),
    ("down", 2, "owner", -7, "Tell {account} what stays the same from {day} on, what changes, whom to ask"),
    ("down", 3, "operations", 0, "Switch on the mails of {to}; take the meetings of {from} off the calendar"),
    ("down", 4, "leader", 30, "Look at usage and mood of {account} again, and say whether the move holds"),
)


class MovesNumbers(Section):
    """Moves between tiers."""

    name: ClassVar[str] = "moves"
    title: ClassVar[str] = "Moves between tiers"

    margin_share: float = number(
        0.10,
        unit="share of the border's ARR",
        reason="An account near a border stays where it is: it has to pass the border clearly.",
        at_least=0,
        at_most=0.9,
    )
    up_weeks: int = number(
        4,
        unit="weeks past the border without a break",
        reason="One good month is a fact; one good invoice may be a mistake.",
        at_least=0,
        at_most=52,
    )
    down_weeks: int = number(
        8,
        unit="weeks under the border without a break",
        reason="To take service away asks for more certainty than to add it.",
        at_least=0,
        at_most=52,
    )
    stay_days: int = number(
        90,
        unit="days in a tier before the next move",
        reason="A customer is told of a change once a quarter at most; a strategic mark goes before.",
        at_least=0,
        at_most=730,
    )
    expansion_days: int = number(
        180,
        unit="days since an expansion was opened",
        reason="An opportunity that has been open for longer is a wish, not a signal.",
        at_least=0,
        at_most=730,
    )
    stable_weeks: int = number(
        12,
        unit="weeks without red or yellow before a move down",
        reason="A quarter of green says that the account gets on without its CSM.",
        at_least=0,
        at_most=52,
    )
    simple_complexity: int = number(
        3,
        unit="level of complexity, 1 to 5, at the most",
        reason="What is more complex than usual needs a person; where no level was set, none is assumed.",
        at_least=1,
        at_most=5,
    )
    event_days: int = number(
        90,
        unit="days after an escalation, a red state, a contraction or a detractor's score",
        reason="A customer who has just been let down is not also given less.",
        at_least=0,
        at_most=365,
    )
    severe_priorities: tuple[str, ...] = words(
        ("urgent", "high"),
        unit="priorities of tickets",
        reason="While one of these is open, the account has an active issue.",
    )
    decline_days: int = number(
        90,
        unit="days that a declined proposal stays away",
        reason="A leader is not asked twice a quarter, unless the evidence changes.",
        at_least=0,
        at_most=730,
    )
    effect_days: int = number(
        14,
        unit="days from the approval to the first day of the new tier",
        reason="Time to tell the customer first.",
        at_least=0,
        at_most=180,
    )
    tail_from_tier: int = number(
        3,
        unit="tier from which on accounts are the long tail",
        reason="One figure of what pools and machines serve; 30 to 40% of ARR is common.",
        at_least=2,
        at_most=4,
    )
    plan: tuple[PlanStep, ...] = rows(
        tuple(
            PlanStep(direction=direction, step=step, says=says, owner=owner, days=days)
            for direction, step, owner, days, says in PLAN
        ),
        unit="steps by direction",
        reason="A move that nobody tells the customer about is found out by a customer.",
    )

    @model_validator(mode="after")
    def _texts_name_what_there_is(self) -> Self:
        for row in self.plan:
            rest = row.says
            for place in PLACES:
                rest = rest.replace(place, "")
            if "{" in rest or "}" in rest:
                raise ValueError(
                    f"a step may name {', '.join(PLACES)}; '{row.says[:60]}' names something else"
                )
        return self
