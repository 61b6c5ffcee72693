"""``evenbook bench``: what the product costs and how well it detects, measured here and now."""

from __future__ import annotations

from pathlib import Path

import click

from evenbook.site.actor import Acting
from evenbook.site.bench import detection as detection_bench

PAGE = click.Path(path_type=Path, dir_okay=False)


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


COMMANDS = (bench,)
