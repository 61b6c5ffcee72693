"""Commands of the executive page: retention with what moved it, and the metrics in three tiers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from evenbook.desk.rules.metrics import GOALS
from evenbook.kit.findings import counted
from evenbook.measures.rules.retention import quarter_name
from evenbook.runs.asked import week_asked
from evenbook.screens.shown import shown
from evenbook.site.actor import Acting
from evenbook.site.cli.days import day_given
from evenbook.site.cli.printed import plain, safe, screen
from evenbook.site.cli.told import bare_table

if TYPE_CHECKING:
    from evenbook.desk.queries.executive import Executive
    from evenbook.desk.queries.metrics import MetricNow, Tiers


@click.command()
@click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
@click.option("--team", default="", help="A team; else all that you lead, or your own book.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def executive(acting: Acting, *, day: str, team: str, as_json: bool) -> int:
    """Show NRR and GRR with what moved them, how they are misread, and cohorts."""
    from evenbook.desk.queries.executive import executive as executive_of
    from evenbook.desk.queries.executive_told import ExecutiveTold

    acting.ready()
    found = executive_of(acting.viewer, week_asked(acting.viewer, day_given(day)), team=team)
    if as_json:
        click.echo(json.dumps(ExecutiveTold(found).values, ensure_ascii=False, default=str))
        return 0
    run = found.week.run
    click.echo(safe(f"Retention of {found.of} as of {run.as_of}, policy version {run.policy_version}."))
    _print_figures(found)
    _print_bridge(found)
    for each in found.pairs:
        wrong, right = f"{100 * each.lazy:.1f}%", f"{100 * each.right:.1f}%"
        click.echo(f"{each.title}: {wrong}, right is {right}. {each.why}")
    for row in found.cohorts:
        last = row[-1]
        kept = shown(last.shares["revenue"], "share").text
        click.echo(
            f"Cohort of {quarter_name(last.quarter_on)}: {last.stayed} of {last.customers} customers and "
            f"{kept} of the revenue kept by {last.until_on}."
        )
    nrr, grr = (shown(found.figures[name].now, "share").text for name in ("nrr", "grr"))
    click.echo(f"executive: NRR {nrr}, GRR {grr}.")
    return 0


@click.command()
@click.option(
    "--as-of", "day", metavar="DATE", default="", help="The week stored by this day; else the newest."
)
@click.option("--team", default="", help="A team; else all that you lead, or your own book.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def metrics(acting: Acting, *, day: str, team: str, as_json: bool) -> int:
    """Show the metrics in three tiers, each against its target; what is not recorded is named."""
    from evenbook.desk.queries.executive_told import MetricsTold
    from evenbook.desk.queries.metrics import metrics as metrics_of

    acting.ready()
    found = metrics_of(acting.viewer, week_asked(acting.viewer, day_given(day)), team=team)
    if as_json:
        click.echo(json.dumps(MetricsTold(found).values, ensure_ascii=False, default=str))
        return 0
    _print_metrics(found)
    for each in (*found.executive, *found.operational):
        if each.metric.missing:
            click.echo(f"{each.metric.title}: {each.metric.missing}")
    for metric in found.individual:
        if metric.missing:
            click.echo(f"{metric.title}: {metric.missing}")
    click.echo(f"metrics: {counted(len(found.missed), 'metric is', 'metrics are')} not where they should be.")
    return 0


COMMANDS = (executive, metrics)


def _print_figures(found: Executive) -> None:
    table = bare_table(
        heads=("Figure", "Now", "A quarter ago", "Target"), numbers=("Now", "A quarter ago", "Target")
    )
    for each in found.shown:
        table.add_row(
            each.title, *(shown(value, each.unit).text for value in (each.now, each.before, each.target))
        )
    screen().print(table)


def _print_bridge(found: Executive) -> None:
    bridge = found.bridge
    rows = {
        "Start": bridge.start, "+ expansion": bridge.expansion, "- contraction": bridge.contraction,
        "- churn": bridge.churned, "End of the cohort": bridge.end, "New customers, apart": bridge.new,
        "Reactivation, apart": bridge.returned, "All revenue now": bridge.total,
    }  # fmt: skip
    amount = f"{found.week.currency} a year"
    table = bare_table(heads=("Step", amount), numbers=(amount,))
    for title, cents in rows.items():
        table.add_row(title, f"{cents / 100:,.0f}")
    screen().print(table)


def _print_metrics(found: Tiers) -> None:
    table = bare_table(heads=("Metric", "Now", "Target", "Place"), numbers=("Now",))
    for each in (*found.executive, *found.operational):
        metric = each.metric
        place = f"under {metric.under.upper()}" if metric.under else "leads"
        now = "not recorded" if metric.missing else shown(each.now, metric.unit).text
        table.add_row(plain(metric.title), now, _target(each), place)
    screen().print(table)


def _target(each: MetricNow) -> str:
    goal = GOALS[each.metric.goal]
    return goal if each.target is None else f"{goal} {shown(each.target, each.metric.unit).text}"
