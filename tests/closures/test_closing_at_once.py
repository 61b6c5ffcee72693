"""Closing while others close, while an import runs, and while a weekly run stores what it derived before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from tests.closures.owing import answers, viewer
from tests.site.test_weekly import NOW, TODAY
from tests.sources.importing import Instance

from evenbook.closures.actions import deriving
from evenbook.closures.actions.closing import close
from evenbook.closures.models import Loop
from evenbook.closures.queries.loops import LoopsWanted, loops
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.records.models import Artifact
from evenbook.site.jobs import run_week
from evenbook.sources.sample.actions import load

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Return what each came to, all begun at the same instant, each in a thread with its own connection."""
    barrier, found = Barrier(len(doings)), [None] * len(doings)

    def do(place: int, doing: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[place] = doing()
        except EvenbookError as refused:
            found[place] = refused.kind
        finally:
            connection.close()

    threads = [Thread(target=do, args=each) for each in enumerate(doings)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return found


def test_of_two_who_close_at_once_one_does() -> None:
    from tests.closures.owing import NOW as then
    from tests.closures.owing import owed
    from tests.pages import company

    team = company.build(4)
    loop = owed(team.of("ben")[0], by=team.people["ben"])

    def closing(name: str) -> Callable[[], Any]:
        return lambda: close(loop.key, answers("check_in_note"), by=viewer(name), tier=1, now=then).is_closed

    found = at_once(closing("ben"), closing("amara"), closing("ben"))
    assert sorted(map(str, found)) == ["True", "loop-done", "loop-done"]
    assert Artifact.objects.filter(closes=loop.key).count() == 1


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return an instance whose loops a weekly run opened."""
    start_on = (TODAY - timedelta(days=120)).isoformat()
    ensure_first(NOW - timedelta(days=900), but={"closures": {"start_on": start_on}})
    load(as_of=TODAY, now=NOW, accounts=40, csms=None, seed=5, users={})
    run_week(TODAY - timedelta(weeks=1), by=SYSTEM, home=tmp_path, store=True)
    return tmp_path


def closed_in_the_product() -> tuple[Loop, list[int]]:
    """Return an open loop that was closed now, and those of its account that stay open."""
    open_now = Loop.objects.filter(closed_at=None, withdrawn_at=None, waived_at=None)
    loop = next(
        each
        for each in open_now.filter(kind="check_in").order_by("pk")
        if open_now.filter(account=each.account).exclude(pk=each.pk).exists()
    )
    others = list(open_now.filter(account=loop.account).exclude(pk=loop.pk).values_list("pk", flat=True))
    at = NOW + timedelta(microseconds=123_456)
    given = answers("check_in_note", today=TODAY)
    assert close(loop.key, given, by=SYSTEM, tier=1, now=at).is_closed
    loop.refresh_from_db()
    return loop, others


def test_a_run_derives_what_was_closed_here_as_closed_by_its_artifact_and_leaves_others_open(
    home: Path,
) -> None:
    loop, others = closed_in_the_product()
    Loop.objects.filter(pk=loop.pk).update(closed_at=None, closed_by=None)
    run_week(TODAY, by=SYSTEM, home=home, store=True)

    derived = Loop.objects.get(pk=loop.pk)
    assert (derived.closed_at, derived.closed_by_id) == (loop.closed_at, loop.closed_by_id)
    assert not Loop.objects.filter(pk__in=others, closed_by=loop.closed_by).exists()
    assert list(Loop.objects.filter(pk__in=others, closed_at=None).values_list("pk", flat=True)) == others


def test_a_run_that_derived_before_a_closing_does_not_open_it_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[Loop, list[int]]] = []
    keep = deriving.keep_loops

    def keep_after_a_closing(*given: Any) -> int:
        found.append(closed_in_the_product())
        return keep(*given)

    monkeypatch.setattr("evenbook.closures.actions.keep_loops", keep_after_a_closing)
    run_week(TODAY, by=SYSTEM, home=home, store=True)

    ((loop, _),) = found
    kept = Loop.objects.get(pk=loop.pk)
    assert (kept.closed_at, kept.closed_by_id) == (loop.closed_at, loop.closed_by_id)
    owed = loops(SYSTEM, latest().policy, TODAY, wanted=LoopsWanted(as_they_are=True))
    assert loop.key not in {each.key for each in owed} and owed


def test_a_loop_is_closed_while_an_import_runs_and_both_are_kept(tmp_path: Path) -> None:
    from tests.closures.owing import NOW as then
    from tests.closures.owing import owed
    from tests.pages import company

    made = company.build(4)
    loop = owed(made.of("ben")[0], by=made.people["ben"])
    instance = Instance(tmp_path)
    head = "interaction_id,account_name,type,status,happened_at,duration_minutes,customer_present"
    rows = [
        f"n-{number},Northwind Foods,meeting,completed,2026-03-0{number % 8 + 1}T10:00,30,yes"
        for number in range(3_000)
    ]
    path = instance.write("interactions.csv", head, *rows)

    def loaded() -> int:
        return instance.load(path, now=then).files[0].created

    def closing() -> bool:
        return close(loop.key, answers("check_in_note"), by=viewer("ben"), tier=1, now=then).is_closed

    assert at_once(loaded, closing) == [3_000, True]
    assert Artifact.objects.filter(closes=loop.key).count() == 1
