"""The metrics in three tiers: what each asks, what to do about it, and through what it moves NRR and GRR.

NRR and GRR lead. Everything else stands under one of them, with the step of the bridge through which it acts:
a metric without such a place would be a number that nobody has to act on. What the records do not hold is
listed with what is missing, never shown as 0.

Pure. Source: the specification of the book, *Metrics in three tiers*.
"""

from __future__ import annotations

from dataclasses import dataclass

EXECUTIVE, OPERATIONAL, INDIVIDUAL = "executive", "operational", "individual"
TIERS = {
    EXECUTIVE: ("Executive", "Executives and the leader of all", "once a month and a quarter"),
    OPERATIONAL: ("Operational", "Leaders and operations", "every week"),
    INDIVIDUAL: ("Individual", "Each person, and who leads them", "in their own week"),
}
"""The tiers: title, audience, when it is looked at."""

AT_LEAST, AT_MOST, RISING, FALLING = "at_least", "at_most", "rising", "falling"
GOALS = {AT_LEAST: "at least", AT_MOST: "at most", RISING: "rising", FALLING: "falling"}


@dataclass(frozen=True)
class Metric:
    """A metric of a tier.

    Attributes:
        key: its name; that of the measure where there is one.
        tier: one of ``TIERS``.
        title: as pages call it.
        question: what it answers.
        action: what to do where it misses its target.
        under: ``nrr`` or ``grr``, the figure that it moves; empty for these two.
        acts: how it moves it.
        goal: one of ``GOALS``.
        target: what policy aims for, by name; empty without one.
        measure: the measure that it is read from; empty where it is worked out otherwise or not at all.
        turned: whether it is what the measure leaves of 1.
        unit: how it is said.
        missing: what is not recorded, so that it has no figure; empty where it has.
    """

    key: str
    tier: str
    title: str
    question: str
    action: str
    under: str
    acts: str
    goal: str
    target: str = ""
    measure: str = ""
    turned: bool = False
    unit: str = "share"
    missing: str = ""


METRICS = (
    Metric(
        "nrr", EXECUTIVE, "NRR", "Does the base grow by itself?",
        "Look at the bridge: mend the step that took most.", "", "leads", AT_LEAST, "nrr",
        "nrr",
    ),
    Metric(
        "grr", EXECUTIVE, "GRR", "How much of the base is kept, growth aside?",
        "Open churn and contraction, and ask what was seen too late.", "", "leads", AT_LEAST,
        "grr", "grr",
    ),
    Metric(
        "logo", EXECUTIVE, "Logo retention", "How many customers stay, whatever they pay?",
        "Where it is far under GRR, look at how small customers are served.", "grr",
        "through churn: each customer who leaves takes its revenue", AT_LEAST, "logo", "logo",
    ),
    Metric(
        "lifetime", EXECUTIVE, "Lifetime value", "What is a customer worth while it stays?",
        "Keep longer before winning more: churn stands below the line.", "grr",
        "follows from churn and from revenue per customer", RISING, unit="money",
    ),
    Metric(
        "nps", EXECUTIVE, "NPS", "Would customers speak for us?",
        "Call detractors within the week; ask promoters for a reference.", "grr",
        "runs ahead of churn by months, weakly", AT_LEAST, "nps", "nps", unit="number",
    ),
    Metric(
        "first_value", OPERATIONAL, "Time to first value, days",
        "How soon does a new customer get what it bought?",
        "Shorten onboarding where the median is over the target.", "grr",
        "through churn: who never saw value leaves at the first renewal", AT_MOST, "first_value",
        unit="days", missing="No record says on which day a customer first got value: a milestone that the "
        "customer confirmed. A count without it would call every onboarding a success.",
    ),
    Metric(
        "green", OPERATIONAL, "Green accounts", "How much of the base is well?",
        "Work the red and yellow accounts with the most revenue first.", "grr",
        "through churn and contraction: both begin as yellow", AT_LEAST, "green", "green",
    ),
    Metric(
        "renewal_rate", OPERATIONAL, "Gross renewal rate", "Of what came due, how much was kept?",
        "Open the tier or the segment that renews least.", "grr",
        "is where churn and contraction are decided", AT_LEAST, "renewal_rate", "renewal_rate",
    ),
    Metric(
        "expansion", OPERATIONAL, "Expansion", "How much more do customers buy?",
        "Route openings; look for what those who grew have in common.", "nrr",
        "is the expansion of the bridge", AT_LEAST, "expansion", "expansion",
    ),
    Metric(
        "escalations", OPERATIONAL, "Escalations per account", "Do problems get out of hand?",
        "Read the last five together, and mend what they share.", "grr",
        "through churn: an escalation near a renewal costs most", FALLING, measure="escalations",
        unit="number",
    ),
    Metric(
        "onboarding", OPERATIONAL, "Onboarding steps done", "Are new customers brought in as promised?",
        "Find out who had no room for it, before asking why.", "grr",
        "through churn at the first renewal", AT_LEAST, "onboarding", "onboarding_skipped",
        turned=True,
    ),
    Metric(
        "reviews", OPERATIONAL, "Business reviews held", "Are the reviews held that are due?",
        "Hold the overdue ones by revenue; drop the cadence that nobody keeps.", "nrr",
        "through contraction and expansion: both are agreed there", AT_LEAST, "reviews",
        "reviews_skipped", turned=True,
    ),
    Metric(
        "own_grr", INDIVIDUAL, "GRR of the book", "How much of my book is kept?",
        "Take the account that contracts next to your leader.", "grr", "is a part of it", AT_LEAST,
        "grr", "grr",
    ),
    Metric(
        "own_nrr", INDIVIDUAL, "NRR of the book", "Does my book grow by itself?",
        "Look at which accounts have room to grow.", "nrr", "is a part of it", AT_LEAST,
        "nrr", "nrr",
    ),
    Metric(
        "own_expansion", INDIVIDUAL, "Expansion of the book", "How much more do my customers buy?",
        "Hand openings over, with what the customer said.", "nrr", "is a part of expansion", AT_LEAST,
        "expansion", "expansion",
    ),
    Metric(
        "influenced", INDIVIDUAL, "Expansion influenced", "What did I open that others closed?",
        "Open and route.", "nrr", "through expansion", RISING,
        missing="No record says who opened an expansion that somebody else closed.",
    ),
    Metric(
        "recovered", INDIVIDUAL, "Accounts brought back to green", "Which accounts did I bring back?",
        "Write down what worked, for the next one.", "grr", "through churn that did not happen", RISING,
        unit="count",
    ),
    Metric(
        "on_time", INDIVIDUAL, "Closed on time", "Do I close what I opened?",
        "Close or hand over what is overdue; say where there is no room.", "grr",
        "through risks that are written down in time", RISING,
    ),
    Metric(
        "own_csat", INDIVIDUAL, "CSAT", "Are my customers content?", "Call whoever answered low.", "grr",
        "runs ahead of churn by months, weakly", RISING, measure="csat", unit="number",
    ),
    Metric(
        "own_nps", INDIVIDUAL, "NPS", "Would my customers speak for us?",
        "Call detractors within the week.", "grr",
        "runs ahead of churn by months, weakly", AT_LEAST, "nps", "nps", unit="number",
    ),
    Metric(
        "forecast", INDIVIDUAL, "Renewal forecast accuracy", "Do I know my renewals?",
        "Compare what was said with what came.", "grr", "through surprises that are none", RISING,
        missing="No record says what a person expected of a renewal before it came.",
    ),
)  # fmt: skip


def of_tier(tier: str) -> tuple[Metric, ...]:
    """Return the metrics of a tier, those with a figure first."""
    return tuple(sorted((each for each in METRICS if each.tier == tier), key=lambda each: bool(each.missing)))


def is_met(goal: str, *, now: float | None, target: float | None, before: float | None) -> bool | None:
    """Return whether a figure is where it should be; None where that can't be told."""
    against = target if goal in {AT_LEAST, AT_MOST} else before
    if now is None or against is None:
        return None
    return {AT_LEAST: now >= against, AT_MOST: now <= against, RISING: now > against, FALLING: now < against}[
        goal
    ]
