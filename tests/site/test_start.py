"""A command starts soon: it loads what it needs, and ``--help`` loads nothing but itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import evenbook
from evenbook.site.cli import COMMANDS, command_called

HEAVY = {
    "adbc_driver_manager", "dbos", "django", "duckdb", "gunicorn", "holidays", "httpx", "ninja", "numpy", "openpyxl",
    "pandas", "pyarrow", "sqlalchemy", "xlsxwriter", "evenbook.engine", "evenbook.sources.reading",
    "evenbook.sources.sample", "evenbook.site.weekly",
}  # fmt: skip
"""What takes a tenth of a second or more to load, alone or with what it brings."""

ALLOWED = {
    "audit": {"django"},
    "bench": {"django", "numpy", "evenbook.engine"},
    "doctor": {"django"},
    "hotsheet": {"django"},
    "import": {"django", "evenbook.sources.reading", "numpy", "pyarrow"},
    "measures": {"django"},
    "monthly": {"django"},
    "executive": {"django"},
    "metrics": {"django"},
    "policy": {"django"},
    "reports": {"django"},
    "runs": {"django"},
    "size": {"django"},
    "token": {"django"},
    "user": {"django"},
    "why": {"django"},
    "worker": {"django"},
}


def loaded(code: str, home: Path) -> set[str]:
    """Return what of the heavy modules stands loaded in a fresh process after ``code`` ran."""
    asked = f"{code}\nimport json, sys\nprint(json.dumps([name for name in {sorted(HEAVY)} if name in sys.modules]))"
    environment = {"EVENBOOK_HOME": str(home), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("word", ["--help", "--version", "nonsense"])
def test_help_the_version_and_a_slip_load_nothing(word: str, tmp_path: Path) -> None:
    assert loaded(f"from evenbook.site.cli import run; run([{word!r}])", tmp_path) == set()


@pytest.mark.parametrize("name", ALLOWED)
def test_a_command_loads_what_it_needs_and_no_more(name: str, tmp_path: Path) -> None:
    code = f"from evenbook.site.cli import command_called; command_called({name!r})"
    assert loaded(code, tmp_path) <= ALLOWED[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    assert command_called(name).get_short_help_str(limit=200) == COMMANDS[name].help


def test_no_command_of_a_slice_is_left_out() -> None:
    from importlib import import_module

    brought = {
        command.name for known in COMMANDS.values() for command in import_module(known.module).COMMANDS
    }
    assert brought == set(COMMANDS)


def test_matrices_are_multiplied_on_one_core(tmp_path: Path) -> None:
    """More of them wait for each other longer than they work; it must be said before numpy is loaded."""
    asked = "import sys, evenbook; assert 'numpy' not in sys.modules; import evenbook.engine, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    ours = str(Path(evenbook.__file__).parent.parent)
    environment = {"EVENBOOK_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": ours}
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        done = subprocess.run(
            [sys.executable, "-c", asked],
            capture_output=True, text=True, check=True, env={**environment, **given}, timeout=60,
        )  # fmt: skip
        assert done.stdout.strip() == expected
