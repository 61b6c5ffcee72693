"""Public instances of the generalized assignment problem: read, solved by the engine, beside the best known.

The format is OR-Library's: agents and jobs, then the costs, agent by agent, the weights, the capacities; a
file may also hold several, with their number first. Costs are minimized.
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from evenbook.engine.assignment import knapsacks, solve
from evenbook.engine.given_arrays import Floats
from evenbook.kit.errors import EvenbookError

BEST_KNOWN = ("best known solution value", "best known value", "best known", "optimum")
"""The columns of a table of best known values, the first that is there."""

TABLE = "data.csv"
WARM = (np.ones((2, 4)), np.ones((2, 4)), np.full(2, 3.0))
"""Solved before anything is measured, so that nothing waits for the compiler."""


class NoInstances(EvenbookError):
    """A folder holds no instance that can be read."""

    kind = "no-instances"


class NotAnInstance(ValueError):
    """A file is no instance; the words say why."""


@dataclass(frozen=True)
class Instance:
    """Costs and weights [agents, jobs], capacities [agents]; ``place`` is the file's place in its folder."""

    place: str
    costs: Floats
    weights: Floats
    capacity: Floats

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.place.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Answer:
    """What was found for one instance.

    Attributes:
        value: the costs of the plan; None where it breaks a limit or leaves a job.
        bound: no plan costs less; a whole number where all costs are.
        best_known: None where no table says it.
        gap: (value − bound) ÷ |bound|; None without a value.
        from_best_known: (value − best known) ÷ |best known|; None where one of them is not known.
        seconds: of the processor.
    """

    name: str
    agents: int
    jobs: int
    feasible: bool
    value: float | None
    bound: float
    best_known: float | None
    gap: float | None
    from_best_known: float | None
    seconds: float


def parsed(text: str, place: str) -> list[Instance]:
    """Return the instances of a file.

    Raises:
        NotAnInstance: it holds words, or another number of numbers than it says.
    """
    try:
        numbers = np.array(text.split(), dtype=np.float64)
    except ValueError as error:
        raise NotAnInstance("it holds words") from error
    if len(numbers) < 2 or not bool(np.isfinite(numbers).all()):
        raise NotAnInstance("it does not begin with how many agents and jobs there are")
    try:
        found, end = _one(numbers, 0, place)
        if end == len(numbers):
            return [found]
    except NotAnInstance:
        pass
    return _several(numbers, place)


def _several(numbers: Floats, place: str) -> list[Instance]:
    count, at, found = int(numbers[0]), 1, []
    for each in range(count):
        one, at = _one(numbers, at, f"{place}-{each + 1}")
        found.append(one)
    if at != len(numbers) or not found:
        raise NotAnInstance("it has another number of numbers than its first ones say")
    return found


def _one(numbers: Floats, at: int, place: str) -> tuple[Instance, int]:
    counts = numbers[at : at + 2]
    if len(counts) < 2 or bool((counts < 1).any()) or bool((counts % 1 != 0).any()):
        raise NotAnInstance("it does not begin with how many agents and jobs there are")
    agents, jobs = int(counts[0]), int(counts[1])
    size = agents * jobs
    first, end = at + 2, at + 2 + 2 * size + agents
    if end > len(numbers):
        raise NotAnInstance("it has another number of numbers than its first ones say")
    costs, weights = (numbers[first + size * k :][:size].reshape(agents, jobs) for k in (0, 1))
    capacity = numbers[end - agents : end]
    if bool((weights < 0).any()) or bool((capacity < 0).any()):
        raise NotAnInstance("a weight or a capacity is below 0")
    return Instance(place, costs, weights, capacity), end


def read_folder(folder: Path, say: Callable[[str], None]) -> list[Instance]:
    """Return all instances under a folder; of each other file it is said why it is none.

    Raises:
        NoInstances: there is none.
    """
    found: list[Instance] = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.name != TABLE):
        place = path.relative_to(folder).as_posix()
        try:
            found += parsed(path.read_text(encoding="utf-8"), place)
        except UnicodeDecodeError:
            say(f"{place} is left out: it is not text.")
        except NotAnInstance as reason:
            say(f"{place} is left out: {reason}.")
    if not found:
        raise NoInstances(
            f"{folder} holds no instance.", fix="Give a folder with files of costs, weights and capacities."
        )
    return found


def best_known(folder: Path) -> dict[str, float]:
    """Return what tables of best known values say, by place, by the last folder and name, and by name.

    The tables are those under the folder, and the one beside it.
    """
    said: dict[str, set[float]] = {}
    for table in [*sorted(folder.rglob(TABLE)), folder.resolve().parent / TABLE]:
        if table.is_file():
            for place, value in _rows(table):
                parts = place.split("/")
                for key in {place, "/".join(parts[-2:]), parts[-1]}:
                    said.setdefault(key, set()).add(value)
    return {key: values.pop() for key, values in said.items() if len(values) == 1}


def _rows(table: Path) -> Iterator[tuple[str, float]]:
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            low = {str(name).strip().lower(): value for name, value in row.items()}
            given = next((low[name] for name in BEST_KNOWN if low.get(name)), None)
            place = low.get("path")
            try:
                if place and given is not None:
                    yield place.strip(), float(given)
            except ValueError:
                continue


def known_of(instance: Instance, folder: Path, known: dict[str, float]) -> float | None:
    """Return the best known value of an instance, looked for by its place, folder and name, and name."""
    full = f"{folder.resolve().name}/{instance.place}"
    parts = full.split("/")
    keys = (instance.place, "/".join(parts[-2:]), instance.name)
    return next((known[key] for key in keys if key in known), None)


def answer(instance: Instance, known: float | None, *, seconds: float, seed: int) -> Answer:
    """Return what the engine finds for an instance in so many seconds."""
    before = time.process_time()
    found = solve(knapsacks(instance.costs, instance.weights, instance.capacity), seconds=seconds, seed=seed)
    took = time.process_time() - before
    whole = bool((instance.costs % 1 == 0).all())
    value = found.value.arcs if found.value.feasible else None
    bound = float(math.ceil(found.bound - 1e-6)) if whole else found.bound
    agents, jobs = instance.costs.shape
    return Answer(
        instance.name, agents, jobs, value is not None,
        None if value is None else _plain(value, whole), _plain(bound, whole),
        None if known is None else _plain(known, known % 1 == 0),
        _from(value, bound), _from(value, known), round(took, 3),
    )  # fmt: skip


def _plain(number: float, whole: bool) -> float:
    return round(number) if whole else number


def _from(value: float | None, other: float | None) -> float | None:
    if value is None or other is None:
        return None
    away = value - other
    return away / abs(other) if other else (0.0 if away == 0 else None)


def rows(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return the answers as they go out as JSON."""
    return [asdict(each) for each in answers]


def lines(answers: Sequence[Answer], seconds: float) -> Iterator[str]:
    """Yield the answers as a Markdown table."""
    yield f"{len(answers)} instances, {seconds:g} CPU seconds asked for each; the least cost is sought."
    yield ""
    yield "| instance | agents × jobs | value | bound | best known | above best known | above bound | s |"
    yield "|---" * 8 + "|"
    for each in answers:
        yield (
            f"| {each.name} | {each.agents} × {each.jobs} | {_said(each.value)} | {_said(each.bound)} "
            f"| {_said(each.best_known)} | {_percent(each.from_best_known)} | {_percent(each.gap)} "
            f"| {each.seconds:.1f} |"
        )


def _said(number: float | None) -> str:
    return "none" if number is None else f"{number:,.10g}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.3%}"


def measure(folder: Path, *, seconds: float, seed: int, say: Callable[[str], None]) -> tuple[Answer, ...]:
    """Return what is found for every instance under a folder, sorted by name.

    Args:
        say: what is left out and why.

    Raises:
        NoInstances: there is none.
    """
    instances, known = read_folder(folder, say), best_known(folder)
    solve(knapsacks(*WARM), seconds=0.05, seed=0)
    found = [
        answer(each, known_of(each, folder, known), seconds=seconds, seed=seed)
        for each in sorted(instances, key=lambda each: (each.name, each.place))
    ]
    return tuple(found)
