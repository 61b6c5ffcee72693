"""From facts to signals: what changed at an account, since when, and the evidence for it."""

from __future__ import annotations

from evenbook.frames.step import Step, rule_step, sql_step
from evenbook.signals.rules.usage import usage_reading

SOURCES = {
    "account": "BIGINT",
    "source": "VARCHAR",
    "place": "BIGINT",
    "week": "INTEGER",
    "known_from": "INTEGER",
}

STEPS: tuple[Step, ...] = (
    *(
        sql_step("evenbook.signals", name)
        for name in (
            "sentiment_as_of",
            "champion_as_of",
            "support_as_of",
            "opinion_as_of",
            "contraction_as_of",
            "usage_measure",
            "usage_taken",
            "usage_merged",
            "usage_carried",
        )
    ),
    sql_step("evenbook.signals", "usage_source", carried=SOURCES),
    rule_step(
        "usage_reading",
        ("usage_taken", "usage_merged", "usage_source", "usage_measure", "feed", "weeks", "usage_carried"),
        usage_reading,
        also=("feed_reading", "usage_state"),
    ),
    *(sql_step("evenbook.signals", name) for name in ("feed_as_of", "condition_as_of", "signal_as_of")),
)
