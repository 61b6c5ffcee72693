"""The measures of the invented team's week: the rows behind each, and the values that they fold into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from evenbook.book.models import Person
from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Requirement
from evenbook.measures.models import MeasureValue
from evenbook.measures.restricted import parts
from evenbook.runs.models import Run

AS_OF = date(2026, 3, 9)
CAPACITY = 20.0
MEASURES = ("effort_load", "unmonitored", "covered", "nrr", "grr", "logo")
RETAINED = ("expansion", "contraction", "churned", "new_logos", "returned", "revenue_per_customer", "green")
SEVEN = ("strategic", "ceiling", "time_to_detect", "sentiment", "follow_ups", "quality")
CEILING, HORIZON = 12.0, 30.0
DETAIL = pa.schema(
    [
        ("as_of", pa.date32()),
        ("account", pa.int64()),
        ("person", pa.int64()),
        ("pool", pa.int64()),
        ("tier", pa.int64()),
        ("segment", pa.string()),
        ("part", pa.float64()),
        ("whole", pa.float64()),
        ("days", pa.float64()),
        ("answered", pa.bool_()),
        ("horizon_days", pa.float64()),
    ]
)


COHORT = pa.schema(
    [
        ("as_of", pa.date32()),
        ("account", pa.int64()),
        ("person", pa.int64()),
        ("pool", pa.int64()),
        ("tier", pa.int64()),
        ("segment", pa.string()),
        ("quarter_on", pa.date32()),
        ("age", pa.int64()),
        ("until_on", pa.date32()),
        ("start_cents", pa.int64()),
        ("end_cents", pa.int64()),
        ("kept_cents", pa.int64()),
        ("stayed", pa.bool_()),
    ]
)


def _folded(name: str, rows: list[dict[str, Any]]) -> float | None:
    """Return what rows fold into."""
    if name == "time_to_detect":
        counted = parts([row["days"] for row in rows], [row["answered"] for row in rows], horizon=HORIZON)
        return sum(counted) / len(rows) if rows else None
    whole = sum(row["whole"] or 0 for row in rows)
    return sum(row["part"] or 0 for row in rows) / whole if whole else None


def keep_measures(run: Run, people: dict[str, Person]) -> None:
    """Keep the rows behind each measure as a run does, and the values that they fold into."""
    folder = Path(settings.EVENBOOK_HOME) / "cache" / "figures" / str(run.pk)
    folder.mkdir(parents=True, exist_ok=True)
    _keep_cohorts(run, folder)
    values = []
    for name, rows in _details(run, people).items():
        pq.write_table(pa.Table.from_pylist(rows, schema=DETAIL), folder / f"{name}.parquet")
        for kind, subject, chosen in _subjects(rows, people):
            counted = sum(row["account"] is not None for row in chosen) if name in SEVEN else len(chosen)
            values.append(_value(run, name, kind, subject, value=_folded(name, chosen), count=counted))
    MeasureValue.objects.bulk_create([*values, *_weeks_before(run, values)])


def _weeks_before(run: Run, values: list[MeasureValue]) -> Iterator[MeasureValue]:
    """Yield the load of the twelve weeks before the day's: two of them were not stored."""
    for value in values:
        if value.measure != "effort_load" or value.subject_kind not in {"csm", "team"}:
            continue
        for weeks in set(range(1, 13)) - {4, 5}:
            yield _value(
                run,
                value.measure,
                value.subject_kind,
                value.subject,
                value=(value.value or 0) - 0.02 * weeks,
                count=value.count,
                day=AS_OF - timedelta(weeks=weeks),
            )


def _value(
    run: Run, measure: str, kind: str, subject: str, *, value: float | None, count: int, day: date = AS_OF
) -> MeasureValue:
    return MeasureValue(
        run=run, measure=measure, as_of=day, subject_kind=kind, subject=subject, value=value, count=count
    )


def _details(run: Run, people: dict[str, Person]) -> dict[str, list[dict[str, Any]]]:
    gaps = set(
        Requirement.objects.filter(run=run, status__in=["missing", "expired"]).values_list(
            "account", flat=True
        )
    )
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*MEASURES, *RETAINED, *SEVEN)}
    for row in AccountWeek.objects.filter(run=run):
        base = {
            "as_of": AS_OF,
            "account": row.account_id,
            "person": row.person_id,
            "pool": row.pool_id,
            "tier": row.tier,
            "segment": row.segment,
        }
        arr = row.arr_cents or 0
        if row.person_id:
            found["effort_load"].append({**base, "part": row.effort_hours, "whole": None})
        found["unmonitored"].append({**base, "part": float(bool(row.is_unmonitored)), "whole": 1.0})
        found["covered"].append({**base, "part": float(row.account_id not in gaps), "whole": 1.0})
        found["nrr"].append({**base, "part": arr * 1.074, "whole": float(arr)})
        found["grr"].append({**base, "part": arr * 0.912, "whole": float(arr)})
        _retained(found, base, float(arr))
        found["logo"].append({**base, "part": float(row.account_id % 17 != 0), "whole": 1.0})
        if row.person_id:
            _seven(found, base)
    for key in ("ben", "chidi"):
        person = {"as_of": AS_OF, "person": people[key].pk}
        found["effort_load"].append({**person, "whole": CAPACITY})
        found["strategic"].append({**person, "part": 0.0, "whole": CEILING})
        found["ceiling"].append({**person, "part": CEILING, "whole": 1.0})
    return {name: [dict.fromkeys(DETAIL.names) | row for row in rows] for name, rows in found.items()}


def _retained(found: dict[str, list[dict[str, Any]]], base: dict[str, Any], arr: float) -> None:
    """Add what an account brings to the bridge: NRR of 107.4% is GRR of 91.2% and 16.2% of expansion."""
    if arr:
        steps = {"expansion": 0.162, "contraction": 0.088, "churned": 0.0, "new_logos": 0.0, "returned": 0.0}
        for name, share in steps.items():
            found[name].append({**base, "part": arr * share, "whole": arr})
        found["revenue_per_customer"].append({**base, "part": arr * 1.074, "whole": 1.0})
    found["green"].append({**base, "part": float(base["account"] % 3 > 0), "whole": 1.0})


def _keep_cohorts(run: Run, folder: Path) -> None:
    """Keep the cohort of the quarter in which all of them came, at two ages."""
    rows = [
        {
            "as_of": AS_OF, "account": row.account_id, "person": row.person_id, "pool": row.pool_id,
            "tier": row.tier, "segment": row.segment, "quarter_on": date(2024, 1, 1), "age": age,
            "until_on": until_on, "start_cents": row.arr_cents, "end_cents": row.arr_cents + age * 50_000,
            "kept_cents": row.arr_cents - age * 100, "stayed": True,
        }
        for row in AccountWeek.objects.filter(run=run, arr_cents__gt=0)
        for age, until_on in ((0, date(2024, 3, 31)), (1, date(2024, 6, 30)))
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema=COHORT), folder / "cohort_as_of.parquet")


def _seven(found: dict[str, list[dict[str, Any]]], base: dict[str, Any]) -> None:
    """Add what an account brings to the figures of its owner's week: a call, a risk, scores."""
    number = base["account"]
    found["strategic"].append({**base, "part": 1.0, "whole": 0.0})
    days = {"days": float(number % 9), "answered": number % 3 > 0, "horizon_days": HORIZON}
    found["time_to_detect"].append({**base, **days, "part": days["days"], "whole": 1.0})
    found["sentiment"].append({**base, "part": 0.1 * (number % 7) - 0.2, "whole": 1.0})
    found["follow_ups"].append({**base, "part": float(number % 4), "whole": 1.0})
    found["quality"].append({**base, "part": 70.0 + number % 11, "whole": 1.0})


def _subjects(
    rows: list[dict[str, Any]], people: dict[str, Person]
) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    yield "all", "all", rows
    for key in ("ben", "chidi"):
        own = [row for row in rows if row["person"] == people[key].pk]
        yield "csm", key, own
        yield "team", people[key].team, own
    pooled = [row for row in rows if row["pool"] is not None]
    if pooled:
        yield "pool", "digital", pooled
