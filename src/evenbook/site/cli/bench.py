"""``evenbook bench``: what the product costs and how well it detects, measured here and now."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evenbook.site.actor import Acting
from evenbook.site.bench import detection as detection_bench
from evenbook.site.bench import week as week_bench

PAGE = click.Path(path_type=Path, dir_okay=False)
SMALLEST = 100
F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def bench() -> None:
    """Measure speed, memory and detection, as ratios within one run."""


@bench.command()
@click.option("--seeds", type=click.IntRange(1, 1000), default=80, help="How many fleets are made up.")
@click.option("--accounts", type=click.IntRange(200), default=3000, help="Accounts in each fleet.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def detection(acting: Acting, *, seeds: int, accounts: int, page: Path | None) -> int:
    """How late a fall in usage is found, at a stated rate of false alarms."""
    first = detection_bench.TUNED_BELOW
    detection_bench.main(
        range(first, first + seeds),
        accounts=accounts,
        on=acting.now.date(),
        page=page,
        say=click.echo,
    )
    return 0


def _sizes(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        sizes = tuple(int(part.replace("_", "")) for part in value.split(","))
    except ValueError as error:
        raise click.BadParameter("give whole numbers with commas between them: 1000,10000") from error
    if min(sizes) < SMALLEST:
        raise click.BadParameter(f"the sample company has at least {SMALLEST} accounts")
    return sizes


@bench.command()
@click.option(
    "--accounts", default="1000,10000,100000", callback=_sizes, metavar="N,N", help="Sizes of the company."
)
@click.option("--weeks", type=click.IntRange(1, 104), default=104, help="How much history is worked out.")
@click.option("--database/--no-database", default=True, help="Measure reading and storing as well.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def week(acting: Acting, *, accounts: tuple[int, ...], weeks: int, database: bool, page: Path | None) -> int:
    """What the weekly run costs, beside a bare scan and beside a notebook."""
    week_bench.main(
        accounts, weeks=weeks, with_database=database, on=acting.now.date(), page=page, say=click.echo
    )
    return 0


@bench.command()
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def pages(acting: Acting, *, page: Path | None) -> int:
    """What the first pages cost the server, on the accounts of this instance."""
    from evenbook.site.bench import pages as pages_bench

    pages_bench.main(on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command()
@click.option("--seeds", type=click.IntRange(1, 1000), default=10, help="How many times years are made up.")
@click.option("--people", type=click.IntRange(10), default=100, help="People each time.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def warning(acting: Acting, *, seeds: int, people: int, page: Path | None) -> int:
    """How early the warning of overload comes, and how often it is wrong."""
    from evenbook.site.bench import warning as warning_bench

    first = warning_bench.TUNED_BELOW
    warning_bench.main(
        range(first, first + seeds), people=people, on=acting.now.date(), page=page, say=click.echo
    )
    return 0


def _seeded(default: int, what: str) -> Callable[[F], F]:
    """Return the option of how many seeds a bench uses."""
    return click.option("--seeds", type=click.IntRange(1, 1000), default=default, help=what)


@bench.command()
@_seeded(32, "How many companies of each sort are made up.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def calibration(acting: Acting, *, seeds: int, page: Path | None) -> int:
    """How near effort weights learned from logged hours come to the true ones."""
    from evenbook.site.bench import calibration as calibration_bench

    first = calibration_bench.TUNED_BELOW
    calibration_bench.main(range(first, first + seeds), on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command()
@_seeded(40, "How many teams of each sort are made up.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def ceiling(acting: Acting, *, seeds: int, page: Path | None) -> int:
    """How near a fitted ceiling comes to the true one, and how often one is seen where there is none."""
    from evenbook.site.bench import ceiling as ceiling_bench

    first = ceiling_bench.TUNED_BELOW
    ceiling_bench.main(range(first, first + seeds), on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command("time-to-event")
@_seeded(400, "How many times episodes of each number are made up.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def time_to_event(acting: Acting, *, seeds: int, page: Path | None) -> int:
    """How near the mean time to an event comes to the truth while many are still open."""
    from evenbook.site.bench import time_to_event as time_bench

    first = time_bench.TUNED_BELOW
    time_bench.main(range(first, first + seeds), on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command()
@_seeded(200, "How many teams of each sort are made up.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def effects(acting: Acting, *, seeds: int, page: Path | None) -> int:
    """How near the effect of an event comes to the true one, though events answer bad weeks."""
    from evenbook.site.bench import effects as effects_bench

    first = effects_bench.TUNED_BELOW
    effects_bench.main(range(first, first + seeds), on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command("reviews")
@click.option("--decks", type=click.IntRange(1), default=1000, help="How many reviews are made.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def of_reviews(acting: Acting, *, decks: int, page: Path | None) -> int:
    """What business reviews cost: decks a second on one core, memory at its highest."""
    from evenbook.site.bench import reviews as reviews_bench

    reviews_bench.main(decks, on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command(name="replay")
@_seeded(10, "How many companies are made up, with that of a demo first.")
@click.option("--accounts", type=click.IntRange(60), default=1000, help="Of each.")
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def replay_bench(acting: Acting, *, seeds: int, accounts: int, page: Path | None) -> int:
    """What the hot sheet would have seen on made-up companies, beside simpler sheets."""
    from evenbook.site.bench import replay as bench_of_replay

    first = bench_of_replay.FIRST_SEED
    seeded = range(first, first + seeds)
    bench_of_replay.main(seeded, accounts=accounts, on=acting.now.date(), page=page, say=click.echo)
    return 0


@bench.command()
@click.option(
    "--accounts", default="250,2000,20000", callback=_sizes, metavar="N,N", help="Sizes of the company."
)
@click.option("--write", "page", type=PAGE, help="Put the table into this page of benchmarks.")
@click.pass_obj
def sizing(acting: Acting, *, accounts: tuple[int, ...], page: Path | None) -> int:
    """What a headcount plan costs, and how near its simulated years come to the closed form."""
    from evenbook.site.bench import sizing as sizing_bench

    sizing_bench.main(accounts, on=acting.now.date(), page=page, say=click.echo)
    return 0


FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@bench.command()
@click.option("--instances", type=FOLDER, help="Solve the instances in this folder instead of made-up books.")
@click.option("--seconds", type=click.FloatRange(0.05), help="CPU seconds for each; 10 for instances.")
@click.option("--seed", type=click.IntRange(0), default=1, help="Of the search among the instances.")
@click.option("--json", "as_json", is_flag=True, help="Print what is found for the instances as JSON.")
@click.option("--large", is_flag=True, help="The book of 50,000 accounts and 500 people as well.")
@click.option(
    "--write", "page", type=PAGE, help="Put the table of made-up books into this page of benchmarks."
)
@click.pass_obj
def assignment(
    acting: Acting, *, instances: Path | None, seconds: float | None, seed: int, as_json: bool, large: bool,
    page: Path | None,
) -> int:  # fmt: skip
    """How near to the best accounts are placed, beside other solvers or on public instances."""
    if instances is not None:
        if page is not None or large:
            raise click.UsageError("--write and --large go with made-up books, not with --instances.")
        _instances(instances, seconds or 10.0, seed, as_json)
        return 0
    if as_json:
        raise click.UsageError("--json goes with --instances.")
    from evenbook.site.bench import assignment as assignment_bench

    assignment_bench.main(large=large, seconds=seconds, on=acting.now.date(), page=page, say=click.echo)
    return 0


def _instances(folder: Path, seconds: float, seed: int, as_json: bool) -> None:
    from evenbook.site.bench import assignment_files

    def aside(text: str) -> None:
        click.echo(text, err=True)

    answers = assignment_files.measure(folder, seconds=seconds, seed=seed, say=aside)
    if as_json:
        click.echo(json.dumps(assignment_files.rows(answers), indent=2))
        return
    click.echo("\n".join(assignment_files.lines(answers, seconds)))


COMMANDS = (bench,)
