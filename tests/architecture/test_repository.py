"""The repository can be taken anywhere: no addresses in locks, no paths of the machine it grew on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from river import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.+!]*")
HERE = re.compile(r"(?<![\w.~}])/(work|root|Users)/[\w.-]")


def tracked() -> list[Path]:
    """Return the files of the repository; all files where git is not at hand."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_names_and_exact_versions_and_nothing_else(lock):
    lines = [line for line in lock.read_text(encoding="ascii").splitlines() if not line.startswith("#")]

    assert lines and [line for line in lines if not PIN.fullmatch(line)] == []


def test_what_the_project_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", each)[0]).lower() for each in asked}
    locked = {line.split("==")[0] for lock in LOCKS for line in lock.read_text().splitlines()}

    assert names <= locked


def test_no_file_names_a_folder_of_the_machine_it_was_written_on():
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked()
        if path.name != "LICENSE" and (match := HERE.search(text_of(path)))
    }

    assert found == {}


def test_the_version_is_stated_once():
    version = re.search(r'__version__ = "([^"]+)"', text_of(ROOT / "src" / "evenbook" / "__init__.py"))

    assert version and 'dynamic = ["version"]' in text_of(ROOT / "pyproject.toml")
