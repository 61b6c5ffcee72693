"""A measure takes two edits: its SQL file and its name in the steps. All that follows finds it there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import evenbook
from evenbook.book.models import Account, AccountValue
from evenbook.frames.actions import note_write
from evenbook.measures import details
from evenbook.measures.models import MeasureValue
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run
from evenbook.site import registry
from evenbook.site.cli.examine import measures
from evenbook.site.jobs import run_week
from evenbook.sources.sample.actions import load

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)

MEASURE = """\
-- measure: renewing
-- label:   Renewing within 90 days
-- unit:    share of the accounts, 0 to 1
-- better:  neither
-- window:  90 days from the day
-- empty:   no active account gives no value, not zero
-- edges:   an account without a known renewal counts as not renewing
-- fold:    accounts that renew within 90 days over active accounts
-- by:      csm, tier
with detail as (
  select
    a.as_of, a.account, a.person, t.tier,
    coalesce(a.renews_on between a.as_of and a.as_of + 90, false)::int as part, 1 as whole
  from account_as_of a
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  where a.active
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
"""

STEPS = """\
from evenbook.measures.card import measure_step

STEPS = (measure_step("evenbook.renewals", "renewing"),)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def renewals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a slice with one measure beside the others, as the two edits would."""
    rules = tmp_path / "slices" / "renewals" / "rules"
    rules.mkdir(parents=True)
    (rules.parent / "__init__.py").write_text("")
    (rules / "renewing.sql").write_text(MEASURE)
    (rules / "__init__.py").write_text(STEPS)
    monkeypatch.setattr(evenbook, "__path__", [*evenbook.__path__, str(tmp_path / "slices")])
    monkeypatch.setattr(registry, "RIVER", (*registry.RIVER, "renewals"))
    _forget()
    yield
    _forget()


def _forget() -> None:
    for each in (registry.steps, registry.steps_for, registry.catalogue):
        each.cache_clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=TODAY, now=NOW, accounts=60, csms=None, seed=5, users={})
    return tmp_path / "instance"


def test_a_new_measure_is_run_stored_listed_and_opens_into_its_rows(renewals: None, home: Path) -> None:
    run = run_week(TODAY, by=SYSTEM, home=home, store=True).run
    found = MeasureValue.objects.filter(measure="renewing", run=run, as_of=TODAY)
    whole = found.get(subject_kind="all")
    rows = details.read("renewing", run=run or 0, home=home)
    assert {each.subject_kind for each in found} == {"all", "csm", "tier"}
    assert rows is not None and whole.count == rows.num_rows > 0
    assert whole.value == pytest.approx(sum(rows["part"].to_pylist()) / sum(rows["whole"].to_pylist()))
    shown = CliRunner().invoke(measures, ["renewing", "--json"], standalone_mode=False)
    assert json.loads(shown.output)["label"] == "Renewing within 90 days"


def test_every_slice_that_keeps_answers_says_which_tables(home: Path) -> None:
    keepers = [keeper.__name__.split(".")[1] for keeper in registry.keepers()]  # type: ignore[attr-defined]
    assert keepers == [
        "measures", "signals", "states", "tiers", "capacity", "closures", "hotsheet",
        "expansion", "throughput",
    ]  # fmt: skip
    written = {name for step in registry.steps() for name in (step.writes, *step.also)}
    assert set(registry.kept_tables()) <= written


def test_a_day_whose_rows_alone_differ_is_stored_again(home: Path) -> None:
    """A region moves no load, state or place on the sheet; pages show it all the same."""
    first = run_week(TODAY, by=SYSTEM, home=home, store=True).run
    AccountValue.objects.create(
        account=Account.objects.order_by("pk")[0],
        name="region",
        value="Elsewhere",
        source="test",
        happened_at=NOW - timedelta(days=30),
        known_at=NOW - timedelta(days=30),
    )
    note_write("book_accountvalue", 1, earliest_at=NOW - timedelta(days=30), now=NOW)
    again = run_week(TODAY, by=SYSTEM, home=home, store=True)
    assert again.run != first and again.says.endswith("is stored.")
    assert Run.objects.count() == 1
