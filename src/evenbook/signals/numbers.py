"""When a change is worth a look: how far, how long, and at what rate of false alarms."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text

JUDGED_BY = {
    "contact": "Meaningful interactions",
    "either": "Usage or meaningful interactions",
    "usage": "Usage",
}
DIRECTIONS = {"risk": "A risk", "chance": "A chance", "data": "A fault of the data"}


class Kind(Row):
    """One kind of signal: what it is called and what it speaks of."""

    key = ("kind",)

    kind: str = text(unit="kind of signal", reason="As the records of signals name it.", longest=40)
    title: str = text(unit="words", reason="How pages and files call it.", longest=80)
    direction: str = choice(
        options=DIRECTIONS, reason="A fault of the data is never held against an account."
    )


class QuietLimit(Row):
    """How long an account of a tier may go without being heard of, and what counts as being heard of."""

    key = ("tier",)

    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    judged_by: str = choice(
        options=JUDGED_BY, reason="Where nobody calls, usage or a reply says that the account is there."
    )
    days: int = number(unit="days", reason="The tier's cadence, half as long again.", at_least=1, at_most=730)


class SignalsNumbers(Section):
    """Signals."""

    name: ClassVar[str] = "signals"
    title: ClassVar[str] = "Signals"

    kinds: tuple[Kind, ...] = rows(
        (
            Kind(kind="usage_drop", title="Usage fell", direction="risk"),
            Kind(kind="usage_silent", title="No usage", direction="risk"),
            Kind(kind="seats_unused", title="Paid seats unused", direction="risk"),
            Kind(kind="ticket_escalated", title="Ticket escalated", direction="risk"),
            Kind(kind="ticket_volume", title="More tickets than usual", direction="risk"),
            Kind(kind="champion_silent", title="Champion silent", direction="risk"),
            Kind(kind="champion_left", title="Champion left", direction="risk"),
            Kind(kind="contact_gap", title="Not heard of for too long", direction="risk"),
            Kind(kind="sentiment_falling", title="Sentiment falling", direction="risk"),
            Kind(kind="sentiment_negative", title="Sentiment negative", direction="risk"),
            Kind(kind="renewal_near", title="Renewal near, not talked about", direction="risk"),
            Kind(kind="contraction", title="Revenue contracted", direction="risk"),
            Kind(kind="detractor", title="Detractor score", direction="risk"),
            Kind(kind="health_low", title="Outside health score low", direction="risk"),
            Kind(kind="feed_stopped", title="Usage feed stopped", direction="data"),
        ),
        unit="title and direction by kind of signal",
        reason="A signal is a dated fact; it stands while what raised it holds.",
        fixed=True,
    )
    usage_false_alarms: float = number(
        0.25,
        unit="false alarms per account and year",
        reason="A book of 40 sees ten false alarms a year; the threshold is set on the fleet's own noise.",
        at_least=0.01,
        at_most=4,
    )
    usage_short_weeks: int = number(
        4, unit="weeks", reason="Finds a deep fall within the month.", at_least=1, at_most=14
    )
    usage_long_weeks: int = number(
        8,
        unit="weeks",
        reason="Finds a milder or slower fall; older weeks are the account's normal.",
        at_least=2,
        at_most=15,
    )
    usage_warmup_weeks: int = number(
        12,
        unit="weeks of usage",
        reason="Before it, a normal is not known and no alarm is raised.",
        at_least=3,
        at_most=104,
    )
    usage_rearm_weeks: int = number(
        8,
        unit="weeks",
        reason="One fall raises one alarm, unless the account was back in between.",
        at_least=1,
        at_most=52,
    )
    usage_drop_days: int = number(
        56,
        unit="days after the alarm",
        reason="A fall that lasts longer is a matter of the state, which remembers the level.",
        at_least=1,
        at_most=730,
    )
    hollow_accounts: int = number(
        5,
        unit="accounts of one feed",
        reason="When so many stop in the same week and nobody is left, the feed broke; fewer may be chance.",
        at_least=2,
        at_most=1000,
    )
    silent_weeks: int = number(
        3, unit="weeks without usage", reason="Shorter gaps are holidays.", at_least=1, at_most=26
    )
    silent_weeks_small: int = number(
        8,
        unit="weeks without usage",
        reason="An account with few users is quiet for weeks in the best of health.",
        at_least=1,
        at_most=52,
    )
    small_users: float = number(
        2,
        unit="weekly users, mean of the long window",
        reason="Below it an account counts as small.",
        at_least=0,
    )
    seats_used_below: float = number(
        0.4,
        unit="share of paid seats",
        reason="Unused seats are what a customer cuts first.",
        at_least=0,
        at_most=1,
    )
    ticket_weeks: int = number(
        4, unit="weeks", reason="Support volume is judged over a month.", at_least=1, at_most=13
    )
    ticket_normal_weeks: int = number(
        26, unit="weeks", reason="The account's own normal volume.", at_least=4, at_most=104
    )
    ticket_volume_ratio: float = number(
        2,
        unit="times the normal volume",
        reason="Twice the usual is more than a bad day.",
        above=1,
        at_most=20,
    )
    ticket_volume_least: int = number(
        4, unit="tickets in the weeks above", reason="Two tickets instead of one are chance.", at_least=1
    )
    champion_silent_days: int = number(
        90,
        unit="days",
        reason="A champion who says nothing for a quarter may have stopped being one.",
        at_least=7,
    )
    champion_left_days: int = number(
        90,
        unit="days after the departure",
        reason="By then a new champion is there, or the lack of one shows elsewhere.",
        at_least=1,
        at_most=730,
    )
    quiet_limits: tuple[QuietLimit, ...] = rows(
        (
            QuietLimit(tier=1, judged_by="contact", days=45),
            QuietLimit(tier=2, judged_by="contact", days=45),
            QuietLimit(tier=3, judged_by="either", days=90),
            QuietLimit(tier=4, judged_by="usage", days=60),
        ),
        unit="days by tier",
        reason="The limits of a silent account: one and a half times the cadence of its tier.",
        fixed=True,
    )
    sentiment_calls: int = number(
        3,
        unit="scored calls",
        reason="One bad call is a mood, three are a direction.",
        at_least=1,
        at_most=20,
    )
    sentiment_negative_below: float = number(
        -0.2, unit="mean sentiment, -1 to 1", reason="Clearly on the negative side.", at_least=-1, at_most=0
    )
    sentiment_fall: float = number(
        0.3,
        unit="sentiment, on the scale -1 to 1",
        reason="The last calls against those before them; less is noise between calls.",
        above=0,
        at_most=2,
    )
    sentiment_days: int = number(
        180, unit="days", reason="Older calls say nothing of how things stand.", at_least=14, at_most=730
    )
    renewal_near_days: int = number(
        60,
        unit="days before the renewal",
        reason="A first talk later than this leaves no time to mend.",
        at_least=1,
    )
    contraction_share: float = number(
        0.05,
        unit="share of the ARR",
        reason="Smaller cuts are rounding and seat hygiene.",
        at_least=0,
        at_most=1,
    )
    contraction_days: int = number(
        90,
        unit="days after the cut",
        reason="For a quarter a cut says more than what is left.",
        at_least=1,
        at_most=730,
    )
    detractor_at_most: float = number(
        60, unit="score, 0 to 100", reason="0 to 6 of 10 is a detractor.", at_least=0, at_most=100
    )
    health_low_below: float = number(
        40,
        unit="score, 0 to 100",
        reason="Red in the usual bands of outside scores.",
        at_least=0,
        at_most=100,
    )
    score_fresh_days: int = number(
        90,
        unit="days",
        reason="An older survey or outside score no longer speaks for the account.",
        at_least=7,
    )

    @model_validator(mode="after")
    def _windows_are_in_order(self) -> Self:
        if self.usage_short_weeks >= self.usage_long_weeks:
            raise ValueError("usage_short_weeks must be less than usage_long_weeks")
        if self.usage_long_weeks >= self.usage_warmup_weeks:
            raise ValueError("usage_long_weeks must be less than usage_warmup_weeks")
        if self.ticket_weeks >= self.ticket_normal_weeks:
            raise ValueError("ticket_weeks must be less than ticket_normal_weeks")
        return self
