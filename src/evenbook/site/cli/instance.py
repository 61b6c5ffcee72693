"""Commands of the instance: make a demo, serve."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from evenbook.kit.errors import EvenbookError
from evenbook.people.queries import has_users
from evenbook.people.viewer import SYSTEM
from evenbook.site import demo as sample
from evenbook.site.actor import Acting
from evenbook.site.checks import database_moved, database_version
from evenbook.site.cli.printed import screen
from evenbook.site.jobs import run_week
from evenbook.site.serve import is_loopback, open_port, url_of
from evenbook.site.serve import serve as run_server
from evenbook.site.web.set_up import new_code

PORTS = click.IntRange(0, 65535)
LOOPBACK = "127.0.0.1"


class CannotServe(EvenbookError):
    """The instance can't be served as asked."""

    kind = "cannot-serve"


@click.command()
@click.option("--accounts", type=click.IntRange(1, 1_000_000), help="How many customers; else 320.")
@click.option("--seed", type=click.IntRange(0), help="Another seed is another company; else 1.")
@click.option(
    "--home", type=click.Path(path_type=Path, file_okay=False), help="Make it in this folder instead."
)
@click.option("--reset", is_flag=True, help="Throw away the sample that is there and make it anew.")
@click.option("--no-serve", is_flag=True, help="Make it and stop there.")
@click.option("--port", type=PORTS, default=0, help="Serve on this port; else on a free one.")
@click.pass_obj
def demo(
    acting: Acting,
    *,
    accounts: int | None,
    seed: int | None,
    home: Path | None,
    reset: bool,
    no_serve: bool,
    port: int,
) -> int:
    """Make the sample company with two years of history, run its week, and open it.

    A sample that is there is opened again as it is. It is served to this machine alone.
    """
    _is_chosen(acting, home)
    found = sample.demo_in(acting.home)
    if found is None or reset:
        found = _made(acting, accounts=accounts or 320, seed=1 if seed is None else seed, reset=reset)
        click.echo(f"The sample company is made: {found.accounts:,} accounts, as of {found.as_of}.")
    else:
        _is_as_asked(found, accounts, seed)
        click.echo(f"The sample company of {found.as_of} is there: {found.accounts:,} accounts.")
    if not no_serve:
        _serve_anew(port)
    screen().print(_sign_ins(found.sign_ins))
    click.echo(f"demo: ready in {acting.home}. Next: EVENBOOK_HOME={acting.home} evenbook serve")
    return 0


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="The address to serve at.")
@click.option("--port", type=PORTS, default=8000, show_default=True, help="0 takes any free one.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer."
)
@click.option("--no-worker", is_flag=True, help="Start no worker: one runs elsewhere (evenbook worker).")
@click.pass_obj
def serve(acting: Acting, *, host: str, port: int, workers: int, no_worker: bool) -> int:
    """Serve the pages until stopped, with a worker beside.

    To this machine only, unless --host says otherwise. For others, put a proxy with HTTPS in front
    and set EVENBOOK_HTTPS=1 and EVENBOOK_HOSTS.
    """
    found = sample.demo_in(acting.home)
    if found is not None and not is_loopback(host):
        raise CannotServe(
            "This is a demo: its passwords are known to everybody, so it is served to this machine alone.",
            fix="Leave out --host, or serve an instance of your own.",
        )
    opened = open_port(host, port)
    _bring_up_to_date(acting)
    if not is_loopback(host):
        _warn_of_others(host)
    address, is_empty = url_of(opened), not has_users()
    opens = new_code() if is_empty else ""

    def started() -> None:
        if found is not None:
            screen().print(_sign_ins(found.sign_ins))
        elif is_empty:
            click.echo(f"Nobody can sign in yet. Set it up at {address}set-up?code={opens}")
        click.echo(f"serve: Evenbook is open at {address} (Ctrl+C stops it).")
        sys.stdout.flush()

    code = run_server(opened, workers=workers, started=started, with_worker=not no_worker)
    click.echo("serve: stopped." if code == 0 else "serve: could not start; see above.", err=code != 0)
    return code


COMMANDS = (demo, serve)


def _is_chosen(acting: Acting, home: Path | None) -> None:
    """Refuse a folder that came too late to be the instance: its settings are read at the start."""
    if home is not None and home.expanduser().resolve() != acting.home:
        raise CannotServe(
            f"The instance is {acting.home} already.", fix=f"Set EVENBOOK_HOME={home} before Evenbook starts."
        )


def _is_as_asked(found: sample.Demo, accounts: int | None, seed: int | None) -> None:
    if (accounts or found.accounts, found.seed if seed is None else seed) == (found.accounts, found.seed):
        return
    raise sample.DemoRefused(
        f"The sample company that is there has {found.accounts:,} accounts and the seed {found.seed}.",
        fix="Throw it away and make another with --reset, or choose another folder with --home.",
    )


def _made(acting: Acting, *, accounts: int, seed: int, reset: bool) -> sample.Demo:
    """Make the demo with a bar that moves; where nobody watches, with a line a step."""
    console = Console(stderr=True)

    def first_run(as_of: date) -> None:
        run_week(as_of, by=replace(SYSTEM, name="Evenbook demo"), home=acting.home, store=True)

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task, last = bar.add_task("", total=1.0), ""

        def tell(what: str, share: float) -> None:
            nonlocal last
            bar.update(task, description=what, completed=share)
            step = what.partition(":")[0]
            if step != last and share < 1 and not console.is_terminal:
                click.echo(f"{step} …", err=True)
            last = step

        return sample.make_demo(
            acting.home,
            as_of=acting.now.date(),
            now=acting.now,
            accounts=accounts,
            seed=seed,
            progress=tell,
            first_run=first_run,
            reset=reset,
        )


def _serve_anew(port: int) -> NoReturn:
    """Become the server: a fresh process, with nothing left of what the making needed."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ["EVENBOOK_HOME"] = str(settings.EVENBOOK_HOME)
    start = "from evenbook.site.cli import main; main()"
    os.execv(sys.executable, [sys.executable, "-c", start, "serve", "--port", str(port)])


def _bring_up_to_date(acting: Acting) -> None:
    """Make or mend the database, or refuse: one of a later version, or one that was moved away from."""
    acting.ready()
    for look in (database_version, database_moved):
        found = look(acting.now)
        if found is not None:
            raise CannotServe(found.what, fix=found.fix)


def _warn_of_others(host: str) -> None:
    if os.environ.get("EVENBOOK_HTTPS") != "1":
        click.echo(
            f"Warning: {host} can be reached by others, and passwords travel readably. "
            "Put a proxy with HTTPS in front and set EVENBOOK_HTTPS=1.",
            err=True,
        )
    if not os.environ.get("EVENBOOK_HOSTS"):
        click.echo(
            "Warning: pages are served under 127.0.0.1 and localhost alone. "
            "Set EVENBOOK_HOSTS to the names that others use.",
            err=True,
        )


def _sign_ins(people: tuple[sample.SignIn, ...]) -> Table:
    table = Table(title="Sign in as", title_justify="left", box=None, pad_edge=False)
    for head in ("Role", "Name", "Mail", "Password"):
        table.add_column(head, no_wrap=True)
    for each in people:
        table.add_row(each.role, each.name, each.mail, each.password)
    return table
