"""The sample company that faults are tried on, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.faults.served import Instance


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """Return a sample company with a stored week. Never written to: tests take copies."""
    from tests.faults.served import Instance

    instance = Instance(tmp_path_factory.mktemp("faults") / "made")
    code, said = instance.run("demo", "--no-serve", "--accounts", "60")
    assert code == 0, said
    return instance


@pytest.fixture
def instance(made: Instance, tmp_path: Path) -> Instance:
    """Return an instance of the test's own."""
    return made.copied(tmp_path / "home")


@pytest.fixture
def company_files(tmp_path: Path) -> Callable[[int], list[str]]:
    """Return a function that writes files of many new accounts and their calls."""

    def written(accounts: int) -> list[str]:
        keys = [f"N-{number:06d}" for number in range(accounts)]
        made = {
            "accounts.csv": ["Account ID,Account Name", *(f"{key},New Company {key}" for key in keys)],
            "tickets.csv": [
                "Ticket ID,Account ID,Created,Subject,Priority",
                *(f"T-{key}-{n},{key},2026-01-{n + 1:02d},Export {n},high" for key in keys for n in range(4)),
            ],
        }
        paths = []
        for name, lines in made.items():
            path = tmp_path / name
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            paths.append(str(path))
        return paths

    return written
