"""The sheets of several versions of the policy in one pass: the same as each by itself, for less work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from evenbook.people.models import User
from evenbook.people.queries import viewer_of
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.site import sheets, weekly
from evenbook.site.sheets import Version, draw, steps_of_sheets
from evenbook.site.weekly import say_nothing
from evenbook.sources.sample.actions import load

TODAY = date(2026, 3, 9)
LAST = TODAY - timedelta(weeks=70)
"""Early in the history of the sample company, which is two years long: 36 weeks are enough here."""

pytestmark = pytest.mark.django_db(transaction=True)


def shorter(document: dict[str, Any]) -> None:
    document["hotsheet"]["share"] = 0.3


def nearer(document: dict[str, Any]) -> None:
    document["signals"]["usage_short_weeks"] = 3


def stricter(document: dict[str, Any]) -> None:
    document["records"]["meaningful_minutes"] = 25
    document["states"]["hold_weeks"] = 3


def sharper(document: dict[str, Any]) -> None:
    document["hotsheet"]["terms"][0]["max_points"] -= 5
    document["hotsheet"]["terms"][1]["max_points"] += 5


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the home of a small sample company whose policy was changed four times."""
    ensure_first(datetime(2023, 1, 2, tzinfo=UTC))
    load(as_of=TODAY, now=datetime(2026, 3, 9, 8, tzinfo=UTC), accounts=40, csms=None, seed=5, users={})
    user = User.objects.create(
        mail="olu@example.com", name="Olu", role="operations", joined_at=datetime(2023, 1, 2, tzinfo=UTC)
    )
    for weeks, changes in ((24, shorter), (18, nearer), (12, stricter), (6, sharper)):
        document = to_document(latest().policy)
        changes(document)
        at = datetime.combine(LAST - timedelta(weeks=weeks), datetime.min.time(), UTC)
        adopt(document, by=viewer_of(user), note="Changed.", now=at)
    return tmp_path


def rows(found: pa.Table, days: tuple[date, ...]) -> list[dict[str, Any]]:
    told = sorted(found.to_pylist(), key=lambda row: (row["as_of"], row["account"]))
    return [row for row in told if row["as_of"] in days]


@pytest.mark.parametrize("part", [None, 400], ids=["in one part", "in many parts"])
def test_each_version_draws_the_sheets_that_it_draws_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch, part: int | None
) -> None:
    if part:
        monkeypatch.setattr(weekly, "SMALL_ROWS", 0)
        monkeypatch.setattr(weekly, "part_rows", lambda: part)
    together = draw(LAST, home=home, by_each_week=True, told=say_nothing)

    assert list(together.days) == [1, 2, 3, 4, 5] and together.policy_version == 5
    for number, days in together.days.items():
        alone = draw(days[-1], home=home, by_each_week=False, told=say_nothing)
        assert rows(together.listed[number], days) == rows(alone.listed[number], days), number
    first = together.days[1]
    drawn = {number: rows(each, first) for number, each in together.listed.items() if number < 3}
    assert drawn[1] != drawn[2], "the versions do differ"


def test_a_version_whose_own_history_begins_on_another_day_is_drawn_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[date] = []
    alone = sheets._alone
    monkeypatch.setattr(
        sheets, "_alone", lambda each, **how: told.append(each.days[-1]) or alone(each, **how)
    )
    monkeypatch.setattr(weekly, "HISTORY_WEEKS", 10)
    found = draw(LAST, home=home, by_each_week=True, told=say_nothing)

    (days,) = [found.days[number] for number in found.days if number != found.policy_version]
    assert told == [days[-1]]
    assert rows(found.listed[4], days) == rows(
        draw(days[-1], home=home, by_each_week=False, told=say_nothing).listed[4], days
    )


def touched(changes: Callable[[dict[str, Any]], None], heard: dict[str, set[str]]) -> set[str]:
    """Return what a change of the policy in force touches."""
    document = to_document(latest().policy)
    changes(document)
    now = latest()
    user = User.objects.create(
        mail="rolf@example.com", name="Rolf", role="operations", joined_at=datetime(2023, 1, 2, tzinfo=UTC)
    )
    adopt(document, by=viewer_of(user), note="Again.", now=datetime(2026, 3, 9, tzinfo=UTC))
    then = Version(2, latest().policy, (TODAY,))
    changed = sheets._Changed(Version(1, now.policy, (TODAY,)), then)
    return {step.writes for step in changed.steps(steps_of_sheets(), heard)}


NUMBERS = {
    "usage_reading": {"signals_usage_short_weeks", "records_feed_complete_share"},
    "state_as_of": {"states_hold_weeks"},
}


@pytest.mark.parametrize(
    ("changes", "holds", "spares"),
    [
        (shorter, {"hot_rank", "replay_listed"}, {"hot_point", "state_as_of", "usage_reading"}),
        (sharper, {"hot_point", "hot_rank", "replay_listed"}, {"state_as_of", "usage_reading"}),
        (nearer, {"usage_carried", "usage_reading", "state_as_of", "hot_rank"}, {"heard", "account_as_of"}),
        (stricter, {"heard", "state_as_of", "hot_rank"}, {"usage_reading", "account_as_of"}),
    ],
)
def test_only_what_rests_on_a_changed_number_is_worked_out_again(
    db: None, changes: Any, holds: set[str], spares: set[str]
) -> None:
    ensure_first(datetime(2023, 1, 2, tzinfo=UTC))
    found = touched(changes, NUMBERS)

    assert holds <= found and not spares & found


def test_a_function_that_has_not_run_may_rest_on_any_number(db: None) -> None:
    ensure_first(datetime(2023, 1, 2, tzinfo=UTC))

    assert {"usage_reading", "state_as_of"} <= touched(shorter, {})
