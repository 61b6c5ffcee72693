"""The durable work that reads many slices: the week, and the refresh of what rests on what happened.

The refresh chain stands here, in river order. Each link names what it refreshes on; a slice that
has something to refresh at once adds its link, and nothing upstream is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from evenbook.book.queries import has_accounts
from evenbook.hotsheet.actions.replays import NOW, THEN
from evenbook.people.viewer import SYSTEM
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import history, latest
from evenbook.records.checks import usage_feeds
from evenbook.runs import actions as runs
from evenbook.runs.declared import WEEKS, Doing, Round, Work
from evenbook.runs.jobs.doing import Watched, numbers_in, perform
from evenbook.runs.numbers import RunsNumbers
from evenbook.runs.queries import (
    happened_up_to,
    happenings_waiting,
    has_happened,
    latest_week,
    worker_is_here,
)
from evenbook.runs.rules import last_due
from evenbook.site.jobs import run_week
from evenbook.site.registry import work


@dataclass(frozen=True)
class Link:
    """One link of the refresh chain.

    Args:
        title: what it refreshes, for people.
        kinds: the happenings it refreshes on.
        does: called with the accounts touched, None where it may be any; returns a sentence.
    """

    title: str
    kinds: frozenset[str]
    does: Callable[[Doing, frozenset[int] | None], str]


def do_week(doing: Doing, *, as_of: str) -> str:
    """Work out the week as of a day and store it."""
    return doing.step("Work out the week and store it", lambda: _stored(doing, date.fromisoformat(as_of)))


def refresh(doing: Doing, *, newest: int) -> str:
    """Refresh what rests on what happened, up to the happening ``newest``, in river order.

    What happened is seen in a step of its own: a link may settle it, and who goes on after a crash
    has to see the same.
    """
    kinds, named = doing.step("See what happened", lambda: _seen(newest))
    accounts = None if named is None else frozenset(named)
    links = [link for link in CHAIN if link.kinds & set(kinds)]
    says = [doing.step(link.title, lambda link=link: link.does(doing, accounts)) for link in links]  # type: ignore[misc]
    doing.step("Settle", lambda: runs.settle(newest=newest, now=doing.began_at))
    return " ".join(says) or "Nothing rests on what happened."


def _seen(newest: int) -> tuple[list[str], list[int] | None]:
    happened = happened_up_to(SYSTEM, newest)
    named = None if happened.accounts is None else sorted(happened.accounts)
    return sorted(happened.kinds), named


def _todays_week(doing: Doing, accounts: frozenset[int] | None) -> str:
    return _stored(doing, _day_in_zone(doing.began_at))


POLICY = "policy.adopted"
REFRESHED_ON = frozenset(
    {
        POLICY,
        "facts.landed",
        "loop.closed",
        "escalation.opened",
        "escalation.resolved",
        "handoff.announced",
        "handoff.called-off",
        "owners.changed",
        "tier.moved",
        "tier.marked",
    }
)
AHEAD = frozenset(
    {"leave.typed", "leave.withdrawn", "leave.imported", "adjustment.set", "adjustment.withdrawn"}
)
"""Known from now on: they change the weeks ahead of a week whose day is not over."""


def _weeks_ahead(doing: Doing, accounts: frozenset[int] | None) -> str:
    from evenbook.desk.actions.ahead import keep_ahead

    run = latest_week(SYSTEM)
    many = keep_ahead(run.id) if run else 0
    return f"The weeks ahead of {many:,} people are worked out again." if many else ""


CHAIN = (
    Link("Run today's week", REFRESHED_ON, _todays_week),
    Link("Work out the weeks ahead", AHEAD, _weeks_ahead),
)


def do_calibration(doing: Doing) -> str:
    """Work out what hours and weeks say of the policy, and keep it as a proposal."""
    return doing.step("Learn from hours and weeks, and keep what they say", lambda: _calibrated(doing))


def _calibrated(doing: Doing) -> str:
    from evenbook.site.calibrating import calibrate, day_for

    by, day = replace(SYSTEM, name=doing.by), day_for(None, today=_day_in_zone(doing.began_at))
    calibrate(day, by=by, now=doing.began_at, home=Path(settings.EVENBOOK_HOME))
    return f"The calibration as of {day:%d %B %Y} is kept; see the page Calibration."


def do_replay(doing: Doing) -> str:
    """Draw up the sheets of all past weeks, and keep how they did."""
    return doing.step(
        "Draw up the sheets of all past weeks, and see what became of them", lambda: _replayed(doing)
    )


def _replayed(doing: Doing, *, by_policy: str = NOW) -> str:
    from evenbook.site.calibrating import day_for
    from evenbook.site.replaying import replay

    by, day = replace(SYSTEM, name=doing.by), day_for(None, today=_day_in_zone(doing.began_at))
    home = Path(settings.EVENBOOK_HOME)
    replay(day, by=by, now=doing.began_at, home=home, by_policy=by_policy)
    return f"The replay as of {day:%d %B %Y} is kept; see the page Replay."


def do_replay_then(doing: Doing) -> str:
    """Draw up the sheet of each past week by the policy in force then, and keep how they did."""
    return doing.step(
        "Draw up each past sheet by its own policy, and see what became of it",
        lambda: _replayed(doing, by_policy=THEN),
    )


WEEK = Work("week", "Weekly run", WEEKS, do_week)
REFRESH = Work("refresh", "Refresh", WEEKS, refresh)
CALIBRATION = Work("calibrate", "Calibration", WEEKS, do_calibration)
REPLAY = Work("replay", "Replay of the hot sheet", WEEKS, do_replay)
REPLAY_THEN = Work("replay-then", "Replay of the hot sheet by each week's policy", WEEKS, do_replay_then)
WORKS = (WEEK, REFRESH, CALIBRATION, REPLAY, REPLAY_THEN)


def when_the_week_is_due(now: datetime) -> None:
    """Ask for the week once a week. A demo stays as it was made: nobody feeds it."""
    numbers, zone = _numbers(), _zone()
    if not numbers.weekly or settings.EVENBOOK_DEMO or not has_accounts(SYSTEM):
        return
    due = last_due(now, day=numbers.weekly_day, hour=numbers.weekly_hour, zone=zone).date()
    run = latest_week(SYSTEM)
    if run is None or run.as_of < due:
        runs.begin_week(WEEK, key=f"week:{due.isoformat()}", by=SYSTEM.name, now=now)


def when_something_happened(now: datetime) -> None:
    """Ask for one refresh of everything that happened and has been quiet."""
    numbers = _numbers()
    if numbers.refresh:
        note_policy()
        quiet = timedelta(minutes=numbers.refresh_after_minutes)
        runs.take_happenings(REFRESH, now=now, quiet=quiet)


def note_policy() -> None:
    """Write down, once, that the policy was changed since the last week was worked out.

    The policy lies below the runs and calls none of them; so it is seen here.
    """
    run = latest_week(SYSTEM)
    if run is None or latest().number <= run.policy_version:
        return
    newest = history(SYSTEM, limit=1)[0]
    if not has_happened(SYSTEM, POLICY, since=newest.adopted_at):
        runs.happened(POLICY, by=newest.author_name, now=newest.adopted_at)


ROUNDS = (Round("week", 20, when_the_week_is_due), Round("refresh", 2, when_something_happened))


def follow_up(now: datetime) -> Iterable[str]:
    """Refresh on what happened where no worker will: the command that acted does it, and says so.

    Nothing is done before the first week: there is no page that could be out of date.
    """
    if latest_week(SYSTEM) is None or not _numbers().refresh or not happenings_waiting(SYSTEM):
        return
    if worker_is_here(SYSTEM, now=now):
        yield "The worker refreshes the figures in a few minutes."
        return
    job = runs.take_happenings(REFRESH, now=now, quiet=timedelta(0), handed=True)
    if job is None:
        return
    yield "No worker runs, so the figures are refreshed here."
    perform(job, 1, declared=work(), remember=lambda title, does: does(), watched=Watched())
    yield runs.said(job)


def _stored(doing: Doing, day: date) -> str:
    home = Path(settings.EVENBOOK_HOME)
    says = run_week(day, by=replace(SYSTEM, name=doing.by), home=home, store=True, told=doing.count).says
    missing = usage_feeds(doing.began_at)
    if missing is not None:
        doing.say(f"Data: {missing.what}")
    return says


def _numbers() -> RunsNumbers:
    return numbers_in(latest().policy)


def _zone() -> str:
    return latest().policy.of(OrganizationNumbers).time_zone


def _day_in_zone(at: datetime) -> date:
    return at.astimezone(ZoneInfo(_zone())).date()
