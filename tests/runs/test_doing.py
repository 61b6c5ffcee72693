"""A piece of work without the engine: steps, tries with their cap, refusals, halts; when what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.paths import with_value
from evenbook.runs import actions, queries
from evenbook.runs.declared import IMPORTS, Declared, Doing, Work
from evenbook.runs.jobs.doing import Watched, perform
from evenbook.runs.models import Job, JobStep
from evenbook.runs.rules import is_ripe, last_due, next_due

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)


@pytest.fixture
def done(db: None, tmp_path: Path, settings: Any) -> Callable[..., Job]:
    """Return a function that does a piece of work and gives its row."""
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW)
    for path, value in (("runs.first_pause_seconds", "0"), ("runs.step_tries", "3")):
        adopt(with_value(latest().policy, path, value), by=SYSTEM, now=NOW, note="Quick.")

    def do(does: Callable[[Doing], str], watched: Watched | None = None) -> Job:
        work = Work("act", "An act", IMPORTS, does)
        job = actions.begin(work, key=f"act:{Job.objects.count()}", by="Amara", now=NOW)
        perform(
            job,
            1,
            declared=Declared((work,), ()),
            remember=lambda title, step: step(),
            watched=watched or Watched(),
        )
        return Job.objects.get(pk=job)

    return do


def test_a_step_that_fails_for_a_while_is_tried_again_and_the_log_says_so(done: Any) -> None:
    tries = iter([OperationalError("database is locked"), OSError(28, "No space left on device"), None])

    def flaky() -> int:
        if (error := next(tries)) is not None:
            raise error
        return 7

    row = done(lambda doing: f"Got {doing.step('Try', flaky)}.")
    said = [line.says for line in queries.lines_of(SYSTEM, queries.job(SYSTEM, row.pk))]
    assert (row.state, row.says) == ("done", "Got 7.")
    assert said == [
        "Asked for by Amara.",
        "The database was locked or away. Tried again in 0 s.",
        "The disk or the network failed: No space left on device. Tried again in 0 s.",
        "Got 7.",
    ]


def test_tries_have_a_cap_and_a_refusal_is_not_tried_again(done: Any) -> None:
    tries: list[int] = []

    def away() -> None:
        tries.append(1)
        raise OperationalError("gone")

    def refused() -> None:
        tries.append(1)
        raise EvenbookError("There is no rate.", fix="Set one.")

    row = done(lambda doing: str(doing.step("Try", away)))
    assert (row.state, row.says, len(tries)) == ("failed", "The database was locked or away.", 3)
    row = done(lambda doing: str(doing.step("Try", refused)))
    assert (row.state, row.says, row.fix, len(tries)) == ("failed", "There is no rate.", "Set one.", 4)
    assert JobStep.objects.filter(job=row, ended_at=None).count() == 1


def test_a_slip_in_the_work_fails_the_run_in_plain_words_and_is_logged_without_them(
    done: Any, caplog: pytest.LogCaptureFixture
) -> None:
    row = done(lambda doing: {}["amara@example.com"])  # type: ignore[misc]

    assert row.state == "failed" and row.says.startswith("It broke off")
    assert caplog.records[0].getMessage() == "A run broke off."


def test_a_run_that_should_stop_stops_at_the_next_count_and_undoes_nothing_that_ended(done: Any) -> None:
    watched = Watched()
    seen: list[str] = []

    def does(doing: Doing) -> str:
        doing.step("First", lambda: seen.append("first"))
        job = Job.objects.get()
        actions.cancel(job.pk, by=SYSTEM, now=NOW)
        watched.look()
        doing.step("Second", lambda: seen.append("second"))
        return "never"

    row = done(does, watched)
    assert (row.state, row.says, seen) == ("cancelled", "Cancelled by Evenbook.", ["first"])


def test_work_that_nobody_knows_any_more_says_so_and_what_ended_is_not_done_again(done: Any) -> None:
    row = done(lambda doing: "Done.")
    perform(row.pk, 1, declared=Declared((), ()), remember=lambda title, step: step(), watched=Watched())
    assert Job.objects.get(pk=row.pk).says == "Done."
    actions.record_end(row.pk, 1, "failed", says="Late.", now=NOW)
    assert Job.objects.get(pk=row.pk).state == "done", "the first end stands"
    other = actions.begin(Work("old", "Old", IMPORTS, lambda doing: ""), key="old", by="Amara", now=NOW)
    perform(other, 1, declared=Declared((), ()), remember=lambda title, step: step(), watched=Watched())
    assert "knows no work called 'old'" in Job.objects.get(pk=other).says


def test_the_week_is_due_at_the_hour_where_the_organization_is_through_changes_of_the_clock() -> None:
    at: dict[str, Any] = {"day": "mon", "hour": 5, "zone": "Europe/Berlin"}

    assert last_due(datetime(2026, 3, 9, 4, 0, tzinfo=UTC), **at).isoformat() == "2026-03-09T05:00:00+01:00"
    assert last_due(datetime(2026, 3, 9, 3, 59, tzinfo=UTC), **at).isoformat() == "2026-03-02T05:00:00+01:00"
    assert next_due(datetime(2026, 3, 24, 12, tzinfo=UTC), **at).isoformat() == "2026-03-30T05:00:00+02:00"
    assert last_due(datetime(2026, 3, 30, 2, 59, tzinfo=UTC), **at).day == 23
    assert last_due(datetime(2026, 3, 8, 23, tzinfo=UTC), day="sun", hour=0, zone="UTC").day == 8


def test_what_happened_is_ripe_once_it_is_quiet_or_has_gone_on_for_half_an_hour() -> None:
    quiet, minute = timedelta(minutes=2), timedelta(minutes=1)

    assert not is_ripe(NOW, NOW + minute, now=NOW + 2 * minute, quiet=quiet)
    assert is_ripe(NOW, NOW + minute, now=NOW + 3 * minute, quiet=quiet)
    assert is_ripe(NOW, NOW + 30 * minute, now=NOW + 30 * minute, quiet=quiet)
