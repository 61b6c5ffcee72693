"""The parts of the reports: each a sentence, its first rows, and the page that has all.

What waits, is owed or is open is as of now, so a report of a past week leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from evenbook.closures.queries.loops import LoopsWanted, how_many_loops, loops
from evenbook.decisions.queries import DecisionsWanted, decisions, how_many_decisions
from evenbook.decisions.rules import OPEN
from evenbook.desk.numbers import ReportsNumbers
from evenbook.desk.queries.executive import Executive, executive
from evenbook.desk.queries.metrics import MetricNow, metrics
from evenbook.desk.queries.team_week import team_week
from evenbook.desk.rules.metrics import GOALS
from evenbook.hotsheet.queries import OfWhom, sheet, sheet_totals
from evenbook.measures.rules.retention import quarter_name
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import history
from evenbook.records.queries import all_open_issues
from evenbook.runs.queries import Week
from evenbook.screens.places import address, figure_address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import day_text, number_word, plural, shown
from evenbook.states.queries import changes
from evenbook.throughput.queries.outcomes import found_effects

BAD = ("at_risk", "silent", "declining", "churned")
STATES = {name: name.replace("_", " ") for name in BAD}
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Row:
    """A row of a part: its cells as they are said; the first leads to ``opens``."""

    cells: tuple[str, ...]
    opens: str = ""


@dataclass(frozen=True)
class ReportPart:
    """A part of a report: its sentence, the first rows, and where all of them are.

    ``said`` is the sentence with figures that open, where it has such.
    """

    key: str
    title: str
    sentence: str
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    opens: str = ""
    said: tuple[Part, ...] = ()

    @property
    def labelled(self) -> tuple[tuple[Row, str, tuple[tuple[str, str], ...]], ...]:
        """Each row with its first cell, and the others with their headings."""
        return tuple(
            (row, row.cells[0], tuple(zip(self.heads[1:], row.cells[1:], strict=True))) for row in self.rows
        )


@dataclass(frozen=True)
class Gathering:
    """For whom a report of a week is gathered; what two parts need is worked out once."""

    viewer: Viewer
    week: Week

    @property
    def most(self) -> int:
        """How many rows a part has."""
        return self.week.policy.of(ReportsNumbers).part_rows

    @property
    def day(self) -> date:
        """The day of the week shown."""
        return self.week.run.as_of

    @property
    def is_past(self) -> bool:
        """Whether a past day was asked for."""
        return self.week.asked is not None

    @cached_property
    def executive(self) -> Executive:
        """Retention of what the viewer leads."""
        return executive(self.viewer, self.week)


def _count(count: int, one: str, many: str) -> str:
    """Return a count at the start of a sentence."""
    return f"{number_word(count, start=True)} {plural(count, one, many)}"


def _waiting(given: Gathering) -> ReportPart | None:
    if given.is_past:
        return None
    wanted = DecisionsWanted(state=OPEN)
    rows = decisions(given.viewer, wanted=wanted, limit=given.most)
    count = how_many_decisions(given.viewer, wanted=wanted)
    waits = _count(count, "decision waits", "decisions wait")
    return ReportPart(
        "waiting", "Alerts that wait for a decision", f"{waits}.",
        ("About", "What", "Waits since", "Why"),
        tuple(
            Row(
                (row.subject, row.title, _day(row.waits_from_on), row.sentence),
                address("decision", row.id),
            )
            for row in rows
        ),
        address("decisions"),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day_text(day) if day else ""


def _escalated(given: Gathering) -> ReportPart | None:
    if given.is_past:
        return None
    rows = all_open_issues(given.viewer, limit=given.most)
    many = f"{len(rows)} or more escalations are open" if len(rows) == given.most else ""
    said = many or (_count(len(rows), "escalation is", "escalations are") + " open")
    return ReportPart(
        "escalated", "Escalations", f"{said}.", ("Account", "What", "Severity", "Since"),
        tuple(
            Row(
                (row.account_name, row.cause, row.severity, day_text(row.escalated_at.date())),
                address("account", row.account_key),
            )
            for row in rows
        ),
    )  # fmt: skip


def _moved(given: Gathering, days: int) -> ReportPart:
    found = [
        each
        for each in changes(given.viewer, after=given.day - timedelta(days=days), until=given.day)
        if each.to_state in BAD
    ]
    when = "since the day before" if days == 1 else f"in {days} days"
    said = _count(len(found), "account moved", "accounts moved")
    return ReportPart(
        "moved", "Accounts that moved to a worse state",
        f"{said} to a worse state {when}.", ("Account", "To", "On", "Why"),
        tuple(
            Row(
                (each.account_name, STATES[each.to_state], day_text(each.on), "; ".join(each.causes[:2])),
                address("account", each.account_key),
            )
            for each in found[: given.most]
        ),
        address("accounts"),
    )  # fmt: skip


def _owed(given: Gathering) -> ReportPart | None:
    if given.is_past:
        return None
    policy, wanted = given.week.policy, LoopsWanted()
    count = how_many_loops(given.viewer, policy, given.day, wanted=wanted)
    rows = loops(given.viewer, policy, given.day, wanted=wanted, limit=given.most)
    said = _count(count, "loop is", "loops are")
    return ReportPart(
        "owed", "Loops that are owed", f"{said} open; those due first stand here.",
        ("Account", "Artifact", "Due", "Owner"),
        tuple(
            Row(
                (row.account_name, row.artifact_title, day_text(row.due_on), row.owner_name or "nobody"),
                address("loop", row.id),
            )
            for row in rows
        ),
        address("coverage"),
    )  # fmt: skip


def _standup(given: Gathering) -> ReportPart:
    found = team_week(given.viewer, given.week)
    lines = [line for line in found.lines if line.kind != "pool" and line.load.value is not None]
    over = len(found.over)
    noun = ("person is", "people are") if found.by == "csm" else ("team is", "teams are")
    said = _count(over, *noun)
    return ReportPart(
        "standup", "Stand-up",
        f"{said} over what they can sustain." if lines else "No load is known yet.",
        ("Who", "Accounts", "Load", "Unmonitored", "Covered"),
        tuple(
            Row(
                (
                    line.name, str(line.accounts), shown(line.load.value, "share").text,
                    shown(line.unmonitored.value, "share").text, shown(line.covered.value, "share").text,
                ),
                address("seven", line.key) if line.kind == "csm" else "",
            )
            for line in lines[: given.most]
        ),
        address("team-week"),
    )  # fmt: skip


def _at_risk(given: Gathering) -> ReportPart:
    run, currency = given.week.run, given.week.currency
    rows = sheet(given.viewer, run.id, of=OfWhom(), limit=given.most)
    sums = sheet_totals(given.viewer, run.id, of=OfWhom())
    amount = shown(sums.expected_cents, "money").text
    said = _count(sums.rows, "account is", "accounts are")
    return ReportPart(
        "at_risk", "Customers most at risk",
        f"{said} on the hot sheet, with {amount} {currency} expected at risk."
        if sums.rows else "The hot sheet is empty.",
        ("Account", "Owner", f"Expected at risk, {currency}", "Why"),
        tuple(
            Row(
                (
                    row.account_name, row.owner_name or "nobody", shown(row.expected_cents, "money").text,
                    "; ".join(each.text for each in row.reasons[:2]),
                ),
                address("account", row.account_key),
            )
            for row in rows
        ),
        address("hot-sheet"),
    )  # fmt: skip


def _retention(given: Gathering) -> ReportPart:
    found = given.executive
    bridge, weeks = found.bridge, found.numbers.retention_weeks
    nrr, grr = (shown(found.figures[name].now, "share").text for name in ("nrr", "grr"))
    known = bridge.start > 0
    steps = (
        ("Start", bridge.start), ("Expansion", bridge.expansion), ("Contraction", -bridge.contraction),
        ("Churn", -bridge.churned), ("End of the cohort", bridge.end), ("New customers, apart", bridge.new),
        ("Reactivation, apart", bridge.returned),
    )  # fmt: skip
    return ReportPart(
        "retention", "What moved retention",
        f"Over {weeks} weeks NRR is {nrr} and GRR {grr}, of {found.of}."
        if known else f"Of {found.of} nobody paid {weeks} weeks ago, so there is no retention yet.",
        ("Step", f"{given.week.currency} a year") if known else (),
        tuple(Row((title, shown(cents, "money").text)) for title, cents in steps) if known else (),
        address("executive"),
        _figures(found) if known else (),
    )  # fmt: skip


def _figures(found: Executive) -> tuple[Part, ...]:
    """Return the sentence of retention with its figures."""
    day, (kind, subject) = found.week.run.as_of, found.subject
    nrr, grr = (
        Figure(name, found.figures[name].now, "share", figure_address(name, kind, subject, as_of=day))
        for name in ("nrr", "grr")
    )
    weeks = found.numbers.retention_weeks
    return (f"Over {weeks} weeks NRR is ", nrr, " and GRR ", grr, f", of {found.of}.")


def _cohorts(given: Gathering) -> ReportPart | None:
    rows = given.executive.cohorts
    if not rows:
        return None
    ends = [row[-1] for row in reversed(rows)]
    worst = min((each for each in ends if each.start), key=lambda each: each.kept / each.start, default=None)
    if worst is None:
        return None
    kept = shown(worst.shares["revenue"], "share").text
    return ReportPart(
        "cohorts", "Cohorts",
        f"The customers of {quarter_name(worst.quarter_on)} are kept least: {kept} of what they bought.",
        ("Came in", "Customers", "Stayed", "Revenue kept", "With growth"),
        tuple(
            Row(
                (
                    quarter_name(each.quarter_on), str(each.customers), str(each.stayed),
                    shown(each.shares["revenue"], "share").text, shown(each.shares["net"], "share").text,
                ),
                address("executive-cohort", each.quarter_on.isoformat(), each.age),
            )
            for each in ends
        ),
        f"{address('executive')}#cohorts",
    )  # fmt: skip


def _metrics(given: Gathering) -> ReportPart:
    found = metrics(given.viewer, given.week)
    known, missed = found.known, found.missed
    said = _count(len(missed), "metric is", "metrics are")
    return ReportPart(
        "metrics", "Metrics against their targets",
        f"{said} not where they should be, of {len(known)} that can be told.",
        ("Metric", "Now", "Target", "Where it should be", "What to do"),
        tuple(
            Row(
                (
                    each.metric.title, shown(each.now, each.metric.unit).text,
                    _aim(each),
                    {True: "yes", False: "no", None: "can't be told"}[each.is_met], each.metric.action,
                )
            )
            for each in known
        ),
        address("metric-tiers"),
    )  # fmt: skip


def _aim(each: MetricNow) -> str:
    return GOALS[each.metric.goal] if each.target is None else shown(each.target, each.metric.unit).text


def _effects(given: Gathering) -> ReportPart | None:
    found = [each for each in found_effects(given.viewer, given.week) if each.is_seen and each.was_comparable]
    if not found:
        return None
    said = _count(len(found), "change was", "changes were")
    return ReportPart(
        "effects", "What came of what was done",
        f"{said} seen beside comparable people; they went together, which is no proof.",
        ("What was done", "Figure", "Moved", "What that says"),
        tuple(
            Row((each.title, each.outcome.title, each.moved or "–", each.said))
            for each in found[: given.most]
        ),
        address("outcomes"),
    )  # fmt: skip


def _policy(given: Gathering) -> ReportPart:
    since = given.day - YEAR
    rows = [
        each for each in history(given.viewer) if each.changes and since < each.adopted_at.date() <= given.day
    ]
    said = _count(len(rows), "version of the policy was", "versions of the policy were")
    return ReportPart(
        "policy", "What changed in the policy", f"{said} adopted in a year.",
        ("Version", "On", "By", "Values", "Why"),
        tuple(
            Row(
                (
                    str(each.number), day_text(each.adopted_at.date()), each.author_name,
                    str(len(each.changes)), each.note,
                )
            )
            for each in rows[: given.most]
        ),
        address("policy-history"),
    )  # fmt: skip


PARTS: dict[str, Callable[[Gathering], ReportPart | None]] = {
    "waiting": _waiting,
    "escalated": _escalated,
    "moved_day": lambda given: _moved(given, 1),
    "moved_week": lambda given: _moved(given, 7),
    "owed": _owed,
    "standup": _standup,
    "at_risk": _at_risk,
    "retention": _retention,
    "cohorts": _cohorts,
    "metrics": _metrics,
    "effects": _effects,
    "policy": _policy,
}
"""What gathers each part; None where there is nothing that it could say."""
