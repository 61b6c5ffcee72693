"""Write the lock files: every package that Evenbook runs on, at one exact version.

What is asked for stands in ``pyproject.toml``; what is taken stands in ``requirements/``. The
lock holds names and versions and no addresses, so it works with whatever index pip is set to.
``--upgrade`` lets versions move; without it what is locked stays as far as it still fits.

    .venv/bin/python tools/lock.py [--upgrade]
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
HEAD = "# Written by tools/lock.py from pyproject.toml. {what}\n"


def resolve(wanted: list[str], kept: dict[str, str]) -> dict[str, str]:
    """Return name to version for all that ``wanted`` pulls in, holding on to ``kept``."""
    with tempfile.TemporaryDirectory() as folder:
        constraints, report = Path(folder) / "kept.txt", Path(folder) / "report.json"
        constraints.write_text(as_lines(kept), encoding="ascii")
        asked = [*wanted, "--constraint", str(constraints), "--report", str(report)]
        quiet = ["--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([sys.executable, "-m", "pip", "install", *quiet, *asked], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {plain(each["metadata"]["name"]): each["metadata"]["version"] for each in found}


def plain(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def as_lines(versions: dict[str, str]) -> str:
    """Return the lock's lines, sorted by name."""
    return "".join(f"{name}=={version}\n" for name, version in sorted(versions.items()))


def read(path: Path) -> dict[str, str]:
    """Return what a lock file holds; nothing where there is none yet."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="ascii").splitlines()
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def write(name: str, what: str, versions: dict[str, str]) -> None:
    """Write one lock file and say so."""
    LOCKS.mkdir(exist_ok=True)
    (LOCKS / name).write_text(HEAD.format(what=what) + as_lines(versions), encoding="ascii")
    print(f"requirements/{name}: {len(versions)} packages")


def main(*, upgrade: bool) -> None:
    """Resolve what runs first, then what builds and tests on top of exactly that."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    builder = project["build-system"]["requires"]
    runtime, dev = project["project"]["dependencies"], project["project"]["optional-dependencies"]["dev"]
    kept = {} if upgrade else {**read(LOCKS / "dev.txt"), **read(LOCKS / "runtime.txt")}
    runs = resolve([*builder, *runtime], kept)
    tests = resolve([*builder, *runtime, *dev], {**kept, **runs})
    write("runtime.txt", "What `make demo` installs.", runs)
    more = {name: version for name, version in tests.items() if name not in runs}
    write("dev.txt", "What checks and tests need on top of runtime.txt.", more)


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv[1:])
