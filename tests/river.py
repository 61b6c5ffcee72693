"""The order of slices as `pyproject.toml` states it, for tests that hold other things to it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "evenbook"


@dataclass(frozen=True)
class Slice:
    """A slice as the contract lists it; ``depth`` grows from `site` down to `kit`."""

    name: str
    depth: int
    is_planned: bool


@cache
def slices() -> dict[str, Slice]:
    """Return the slices by name, in the order of the contract."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    rows = next(each["layers"] for each in contracts if each["id"] == "river")
    return {each.name: each for depth, row in enumerate(rows) for each in _row(row, depth)}


def may_use(user: str, used: str) -> bool:
    """Return whether slice ``user`` may know slice ``used``: itself, or one further down."""
    return user == used or slices()[user].depth < slices()[used].depth


def folders() -> set[str]:
    """Return the slices that have a folder with Python in it."""
    return {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def _row(row: str, depth: int) -> list[Slice]:
    names = [part.strip() for part in row.split("|")]
    return [Slice(name.strip("()"), depth, is_planned=name.startswith("(")) for name in names]
