"""The executive page and the metrics as plain values, the same for commands and programs.

Money in major units, days are days, what is not known is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evenbook.desk.queries.executive import Executive, Standing
from evenbook.desk.queries.metrics import MetricNow, Tiers
from evenbook.desk.rules.metrics import TIERS, Metric
from evenbook.measures.rules.retention import CohortCell, Lifetime, Pair


@dataclass(frozen=True)
class ExecutiveTold:
    """The executive page as a document."""

    found: Executive

    @property
    def values(self) -> dict[str, Any]:
        """Its values by name."""
        return _executive(self.found)


@dataclass(frozen=True)
class MetricsTold:
    """The metrics as a document: those of the subject, then each person's own."""

    found: Tiers

    @property
    def values(self) -> dict[str, Any]:
        """Its values by name."""
        return _metrics(self.found)


def _executive(found: Executive) -> dict[str, Any]:
    run, bridge = found.week.run, found.bridge
    return {
        "as_of": run.as_of,
        "policy_version": run.policy_version,
        "subject_kind": found.subject[0],
        "subject": found.subject[1],
        "currency": found.week.currency,
        "weeks": found.numbers.retention_weeks,
        "basis": found.numbers.retention_basis,
        "parents": found.numbers.retention_parents,
        "figures": [_standing(each) for each in found.shown],
        "bridge": {
            "start": bridge.start / 100,
            "expansion": bridge.expansion / 100,
            "contraction": bridge.contraction / 100,
            "churn": bridge.churned / 100,
            "end": bridge.end / 100,
            "new": bridge.new / 100,
            "reactivation": bridge.returned / 100,
            "total": bridge.total / 100,
            "customers": bridge.customers,
            "customers_stayed": bridge.stayed,
            "customers_paying": bridge.paying,
        },
        "lifetime": _lifetime(found.lifetime),
        "lifetime_before": _lifetime(found.lifetime_before),
        "misread": [_pair(each) for each in found.pairs],
        "cohorts": [
            {"quarter_on": row[0].quarter_on, "ages": [_cell(each) for each in row]} for row in found.cohorts
        ],
        "expected_arr_at_risk": found.at_risk.expected_cents / 100 if found.at_risk else None,
    }


def _standing(each: Standing) -> dict[str, Any]:
    return {
        "measure": each.measure,
        "measure_name": each.title,
        "now": each.now,
        "before": each.before,
        "target": each.target,
        "met": each.is_met,
        "n": each.count,
    }


def _lifetime(each: Lifetime | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"value": each.value / 100, "years": each.years, "capped": each.is_capped}


def _pair(each: Pair) -> dict[str, Any]:
    return {
        "key": each.key,
        "key_name": each.title,
        "lazy": each.lazy,
        "lazy_formula": each.lazy_says,
        "right": each.right,
        "right_formula": each.right_says,
        "measure": each.measure,
        "why": each.why,
    }


def _cell(each: CohortCell) -> dict[str, Any]:
    return {
        "age": each.age,
        "until_on": each.until_on,
        "customers": each.customers,
        "customers_stayed": each.stayed,
        "start": each.start / 100,
        "kept": each.kept / 100,
        "end": each.end / 100,
        **{f"{name}_share": share for name, share in each.shares.items()},
    }


def _metrics(found: Tiers) -> dict[str, Any]:
    run = found.week.run
    return {
        "as_of": run.as_of,
        "policy_version": run.policy_version,
        "subject_kind": found.subject[0],
        "subject": found.subject[1],
        "currency": found.week.currency,
        "metrics": [
            *(_now(each) for each in (*found.executive, *found.operational)),
            *(_now(MetricNow(each)) for each in found.individual),
        ],
        "people": [
            {"id": who.key, "id_name": who.name, "figures": [_figure(each) for each in who.figures.values()]}
            for who in found.people
        ],
    }


def _figure(each: MetricNow) -> dict[str, Any]:
    metric = each.metric
    return {
        "metric": metric.key,
        "metric_name": metric.title,
        "unit": metric.unit,
        "now": _major(metric, each.now),
        "before": _major(metric, each.before),
        "target": each.target,
        "met": each.is_met,
        "says": each.says,
    }


def _now(each: MetricNow) -> dict[str, Any]:
    metric = each.metric
    return {
        **_figure(each),
        "tier": metric.tier,
        "audience": TIERS[metric.tier][1],
        "question": metric.question,
        "action": metric.action,
        "under": metric.under,
        "acts": metric.acts,
        "goal": metric.goal,
        "missing": metric.missing,
    }


def _major(metric: Metric, value: float | None) -> float | None:
    return value / 100 if metric.unit == "money" and value is not None else value
