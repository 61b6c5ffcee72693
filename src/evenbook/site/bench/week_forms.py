"""One form of the weekly run in a bare process: what it costs, from Parquet frames to frames.

``python -m evenbook.site.bench.week_forms FORM FOLDER ACCOUNTS WEEKS`` prints one line of JSON:
processor seconds after everything is imported, the peak memory of the process, and what was made.

Forms: ``scan`` reads every column that the rules read, once, and sums it, and then those that the rules
of loops and coverage read; ``backfill`` works out the
measures of all weeks; ``week`` goes on from its carry and works out all of the next week, words and
hot sheet included; ``pandas`` is ``backfill`` as a notebook; ``database`` reads the frames out of an
instance and stores a week in it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

AS_OF = date(2026, 3, 9)
LOOPS_FROM = date(2024, 3, 11)
"""The sample company closes loops from its first day on."""

SEED = 1
CARRY = "carry"


def main(arguments: Sequence[str]) -> None:
    """Run one form and print what it cost."""
    form, folder, accounts, weeks = arguments[0], Path(arguments[1]), int(arguments[2]), int(arguments[3])
    _prepare(folder, form)
    work = FORMS[form](folder, accounts, weeks)
    begun = cpu_seconds()
    told = work()
    print(
        json.dumps({"form": form, "cpu_seconds": cpu_seconds() - begun, "peak_mb": peak_mb(), **(told or {})})
    )


def cpu_seconds() -> float:
    """Return the processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Return the largest memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Work = Callable[[], dict[str, Any] | None]


def _prepare(folder: Path, form: str) -> None:
    """Give the settings what they ask for; only ``database`` opens one, only the notebook has pandas."""
    if form != "pandas":
        sys.meta_path.insert(0, WithoutPandas())
    home = folder / "instance" if form == "database" else Path(tempfile.gettempdir())
    os.environ["EVENBOOK_HOME"] = str(home)
    os.environ.setdefault("EVENBOOK_SECRET_KEY", "only-for-a-benchmark")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    import django

    django.setup()


class WithoutPandas(MetaPathFinder):
    """Hides pandas, which other libraries load where they find it and the product does not install."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        """Refuse pandas, and leave every other module to the finders after this one."""
        if fullname == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'")


def days(weeks: int) -> list[date]:
    """Return the days of the history, a week apart; the day of the one week comes after the last."""
    return [AS_OF - timedelta(weeks=back) for back in range(weeks, 0, -1)]


def frames(folder: Path, accounts: int, weeks: int) -> Work:
    """Make the sample company as Parquet frames."""
    from evenbook.site import registry
    from evenbook.sources.sample.parquet import write_frames

    def work() -> dict[str, Any]:
        place, tables = folder / "frames", registry.tables()
        return {"rows": write_frames(place, as_of=AS_OF, accounts=accounts, seed=SEED, tables=tables)}

    return work


def scan(folder: Path, accounts: int, weeks: int) -> Work:
    """Sum every column that a rule reads, one pass a table; then those again that rules of loops read."""
    from evenbook.closures.rules import STEPS
    from evenbook.frames.session import Session
    from evenbook.site import registry
    from evenbook.site.weekly import WEEK_MEMORY

    def summed(session: Session, steps: Sequence[Any]) -> int:
        text, columns = " ".join(step.sql or " ".join(step.reads) for step in steps), 0
        read = {name for step in steps for name in step.reads}
        for table in registry.tables():
            asked = [name for name in table.columns if name in text] if table.name in read else []
            if asked:
                sums = ", ".join(_summed(name, table.columns[name]) for name in asked)
                session.rows(f"select {sums} from {table.name}")
                columns += len(asked)
        return columns

    def work() -> dict[str, Any]:
        with Session(threads=1, memory=WEEK_MEMORY) as session:
            for table in registry.tables():
                session.hold_file(table.name, folder / "frames" / f"{table.name}.parquet")
            begun = cpu_seconds()
            columns = summed(session, registry.steps())
            whole = cpu_seconds()
            summed(session, STEPS)
            again = cpu_seconds() - whole
        return {"columns": columns, "cpu_seconds": whole - begun, "loops_seconds": again}

    return work


def _summed(name: str, kind: str) -> str:
    return f'sum("{name}")' if kind in {"BIGINT", "DOUBLE"} else f'max("{name}")'


def backfill(folder: Path, accounts: int, weeks: int) -> Work:
    """Work out the measures of every week, in parts as the weekly run does, and keep the carry."""
    from evenbook.frames.queries import hold_weeks
    from evenbook.site import carry, registry
    from evenbook.site.weekly import history_megabytes, part_rows

    names = [card.name for card in registry.catalogue().cards]
    steps = registry.steps_for(*names, *carry.left())
    wanted = {*names, *carry.left()}
    every = days(weeks)
    policy = policy_tables(every[0], every[-1])

    def work() -> dict[str, Any]:
        kept, size, rows = None, max(1, part_rows() // accounts), 0
        with session_of(folder, every[-1], policy, f"{history_megabytes()}MB") as session:
            for part in _parts(every, size):
                hold_weeks(session, part, "UTC")
                carry.hold(session, kept)
                session.run_all(steps, keep=wanted)
                rows += sum(session.table(name).num_rows for name in names)
                if part[-1] != every[-1]:
                    kept = carry.onward(session, part[-1], zone="UTC")
            carry.put(session, folder / CARRY, before=None)
        return {"rows": rows}

    return work


def _parts(every: Sequence[date], size: int) -> Iterator[Sequence[date]]:
    """Yield the days in parts, the last day by itself, as the weekly run takes them."""
    before = every[:-1]
    yield from (before[at : at + size] for at in range(0, len(before), size))
    yield every[-1:]


def week(folder: Path, accounts: int, weeks: int) -> Work:
    """Go on from the carry of the history and work out everything for one day."""
    from evenbook.closures.rules import STEPS
    from evenbook.frames.queries import hold_weeks
    from evenbook.site import carry, registry
    from evenbook.site.weekly import WEEK_MEMORY

    steps = registry.steps()
    stored = [*(card.name for card in registry.catalogue().cards), *registry.kept_tables()]
    wanted = {*stored, *carry.left()}
    policy = policy_tables(AS_OF, AS_OF)

    def work() -> dict[str, Any]:
        with session_of(folder, AS_OF, policy, WEEK_MEMORY) as session:
            hold_weeks(session, [AS_OF], "UTC")
            carry.hold(session, _kept(folder))
            with _metered(session, {step.writes for step in STEPS}) as spent:
                session.run_all(steps, keep=wanted)
            rows = sum(batch.num_rows for name in stored for batch in session.stream(f"select * from {name}"))
            carry.put(session, folder / "next", before=folder / CARRY)
        return {"rows": rows, "loops_seconds": sum(spent)}

    return work


@contextmanager
def _metered(session: Any, names: Container[str]) -> Iterator[list[float]]:
    """Collect the processor seconds of the steps that write these tables."""
    spent: list[float] = []
    run = session.run

    def timed(step: Any) -> None:
        begun = cpu_seconds()
        run(step)
        if step.writes in names:
            spent.append(cpu_seconds() - begun)

    session.run = timed
    try:
        yield spent
    finally:
        session.run = run


def pandas(folder: Path, accounts: int, weeks: int) -> Work:
    """Work out the same measures of the same weeks as a notebook."""
    import pyarrow.parquet as parquet

    from evenbook.site.bench.notebook import measures

    policy, tables = policy_tables(days(weeks)[0], AS_OF)
    numbers = policy.params()

    def work() -> dict[str, Any]:
        read = {path.stem: parquet.read_table(path) for path in sorted((folder / "frames").glob("*.parquet"))}
        held = measures.as_frames({**read, **tables})
        rows = 0
        for found in measures.weeks(held, days(weeks), numbers):
            rows += len(found)
        return {"rows": rows}

    return work


def database(folder: Path, accounts: int, weeks: int) -> Work:
    """Read every frame out of an instance with the sample company, and store a week in it."""
    from evenbook.frames import cache
    from evenbook.frames.queries import hold_weeks, open_session
    from evenbook.policy.queries import in_force
    from evenbook.site import carry, registry
    from evenbook.site.demo import make_demo
    from evenbook.site.loop_rules import hold_loop_rules

    now = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC)
    make_demo(folder / "instance", as_of=AS_OF, now=now, accounts=accounts, seed=SEED)

    def work() -> dict[str, Any]:
        begun = cpu_seconds()
        for table in registry.tables():
            cache.file_of(table, folder / "read")
        read = cpu_seconds() - begun
        policy = in_force(AS_OF).policy
        with open_session(
            registry.tables(),
            (AS_OF,),
            zone="UTC",
            numbers=policy.params(),
            folder=folder / "read",
            threads=1,
        ) as session:
            for name, rows in policy_tables(AS_OF, AS_OF)[1].items():
                session.hold(name, rows)
            hold_loop_rules(session, policy, AS_OF)
            hold_weeks(session, [AS_OF], "UTC")
            carry.hold(session, None)
            session.run_all(registry.steps())
            session.tell(is_whole=True)
            begun = cpu_seconds()
            _store(session, now)
        return {"read_seconds": read, "store_seconds": cpu_seconds() - begun}

    return work


def _store(session: Any, now: datetime) -> None:
    from django.db import transaction

    from evenbook.runs.actions import open_run
    from evenbook.site import stores

    with transaction.atomic():
        opened = open_run(
            AS_OF,
            policy_version=1,
            fingerprint="",
            by="benchmark",
            started_at=now,
            ended_at=now,
            summary={},
            restate=False,
        )
        stores.store(session, opened, days=(AS_OF,), earlier=None)


Tables = dict[str, Any]


def session_of(folder: Path, last: date, given: tuple[Any, Tables], memory: str) -> Any:
    """Return a session over the frames as far as ``last`` may see them."""
    from evenbook.closures.numbers import ClosuresNumbers
    from evenbook.frames.session import Session
    from evenbook.site import registry
    from evenbook.site.loop_rules import ALWAYS, hold_dated

    policy, tables = given
    session = Session(policy.params(), threads=1, memory=memory)
    for name, rows in tables.items():
        session.hold(name, rows)
    hold_dated(session, [(ALWAYS, policy.of(ClosuresNumbers))], first=LOOPS_FROM, last=last, zone="UTC")
    for table in registry.tables():
        known = f"visible_at < timestamp '{last + timedelta(days=1)} 00:00:00'"
        path = folder / "frames" / f"{table.name}.parquet"
        session.hold_file(table.name, path, where=known if "visible_at" in table.columns else "")
    return session


def policy_tables(first: date, last: date) -> tuple[Any, Tables]:
    """Return the policy that a new organization starts with, and its tables with the holidays."""
    from evenbook.book.holidays import holiday_rows
    from evenbook.book.numbers import BookNumbers
    from evenbook.frames.session import from_rows
    from evenbook.policy.registry import sections
    from evenbook.policy.schema import Policy

    policy = Policy.defaults(sections())
    columns = policy.table_columns()
    tables = {name: from_rows(rows, columns[name]) for name, rows in policy.tables().items()}
    years = range(first.year - 1, last.year + 2)
    return policy, {**tables, "holiday": holiday_rows(policy.of(BookNumbers), years)}


def _kept(folder: Path) -> Any:
    from evenbook.kit.dates import day_ends_at
    from evenbook.site import carry

    last = days(1)[-1]
    return carry.taken(folder / CARRY, last, day_ends_at(last, "UTC"))


FORMS: dict[str, Callable[[Path, int, int], Work]] = {
    "frames": frames,
    "scan": scan,
    "backfill": backfill,
    "week": week,
    "pandas": pandas,
    "database": database,
}


if __name__ == "__main__":
    main(sys.argv[1:])
