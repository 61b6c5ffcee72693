"""When a change is worth a look: how far, how long, and at what rate of false alarms."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from evenbook.policy.schema import Row, Section, choice, number, rows, text

DIRECTIONS = {"risk": "A risk", "chance": "A chance", "data": "A fault of the data"}


class Kind(Row):
    """One kind of signal: what it is called and how long it stands."""

    key = ("kind",)

    kind: str = text(unit="kind of signal", reason="As the records of signals name it.", longest=40)
    title: str = text(unit="words", reason="How pages and files call it.", longest=80)
    direction: str = choice(
        options=DIRECTIONS, reason="A fault of the data is never held against an account."
    )
    days: int = number(
        unit="days a signal stays current",
        reason="Without a fresh cause it says nothing of today.",
        at_least=1,
        at_most=730,
    )


class QuietLimit(Row):
    """How long an account of a tier may go without contact."""

    key = ("tier",)

    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    days: int = number(unit="days", reason="The tier's cadence, half as long again.", at_least=1, at_most=730)


class SignalsNumbers(Section):
    """Signals."""

    name: ClassVar[str] = "signals"
    title: ClassVar[str] = "Signals"

    kinds: tuple[Kind, ...] = rows(
        (
            Kind(kind="usage_drop", title="Usage fell", direction="risk", days=56),
            Kind(kind="usage_silent", title="No usage", direction="risk", days=56),
            Kind(kind="seats_unused", title="Paid seats unused", direction="risk", days=35),
            Kind(kind="ticket_escalated", title="Ticket escalated", direction="risk", days=42),
            Kind(kind="ticket_volume", title="More tickets than usual", direction="risk", days=35),
            Kind(kind="champion_silent", title="Champion silent", direction="risk", days=90),
            Kind(kind="champion_left", title="Champion left", direction="risk", days=90),
            Kind(kind="contact_gap", title="No meaningful contact", direction="risk", days=90),
            Kind(kind="sentiment_falling", title="Sentiment falling", direction="risk", days=60),
            Kind(kind="sentiment_negative", title="Sentiment negative", direction="risk", days=60),
            Kind(kind="renewal_near", title="Renewal near, not talked about", direction="risk", days=120),
            Kind(kind="contraction", title="Revenue contracted", direction="risk", days=90),
            Kind(kind="detractor", title="Detractor score", direction="risk", days=90),
            Kind(kind="health_low", title="Outside health score low", direction="risk", days=90),
            Kind(kind="feed_stopped", title="Usage feed stopped", direction="data", days=14),
        ),
        unit="title, direction and days by kind of signal",
        reason="A signal is a dated fact; it counts while it can still be acted on.",
        fixed=True,
    )
    merge_days: int = number(
        14,
        unit="days",
        reason="Two signals of one kind so close together are one episode, not two.",
        at_least=0,
        at_most=180,
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
    quiet_limits: tuple[QuietLimit, ...] = rows(
        (
            QuietLimit(tier=1, days=45),
            QuietLimit(tier=2, days=45),
            QuietLimit(tier=3, days=90),
            QuietLimit(tier=4, days=60),
        ),
        unit="days by tier",
        reason="Contact is meaningful interaction in tiers 1 and 2, usage or a reply in 3, usage in 4.",
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
