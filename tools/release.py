"""Make a release: gather the fragments of changes/ into CHANGELOG.md, set the version, build.

    make release VERSION=0.2.0

Nothing is uploaded and nothing is committed: read the difference, then commit and tag it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READERS = {
    "use": "For people who use it",
    "run": "For people who run it",
    "extend": "For people who extend it",
}
MARK = "<!-- releases -->\n"


def fragments() -> dict[str, list[Path]]:
    """Return the fragments by reader, in the order of the file names."""
    files = sorted(path for path in (ROOT / "changes").glob("*.md") if path.name != "README.md")
    unknown = [path.name for path in files if path.name.split("-")[0] not in READERS]
    if unknown:
        sys.exit(f"release: {', '.join(unknown)}: a fragment's name begins with one of {', '.join(READERS)}.")
    return {reader: [path for path in files if path.name.startswith(f"{reader}-")] for reader in READERS}


def entry(version: str, found: dict[str, list[Path]], day: date) -> str:
    """Return the changelog's text for one release."""
    parts = [f"\n## {version}, {day.isoformat()}\n"]
    for reader, paths in found.items():
        if paths:
            said = [" ".join(path.read_text(encoding="utf-8").split()) for path in paths]
            parts += [f"\n### {READERS[reader]}\n\n", *(f"- {text}\n" for text in said)]
    return "".join(parts)


def set_version(version: str) -> None:
    """State the version in the one place where it stands."""
    path = ROOT / "src" / "evenbook" / "__init__.py"
    text = re.sub(r'__version__ = "[^"]+"', f'__version__ = "{version}"', path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


def build() -> None:
    """Build the wheel into dist/ with the locked build tools."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(ROOT / "dist"), str(ROOT)], check=True)


def main(version: str) -> None:
    """Gather, state, build, say."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit("release: say which: make release VERSION=0.2.0")
    found = fragments()
    if not any(found.values()):
        sys.exit("release: changes/ holds no fragment, so there is nothing to tell.")
    changelog = ROOT / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    head, rest = text.split(MARK)
    changelog.write_text(head + MARK + entry(version, found, date.today()) + rest, encoding="utf-8")
    set_version(version)
    build()
    for paths in found.values():
        for path in paths:
            path.unlink()
    print(f"release: {version} is in dist/. Read git diff, then commit and tag it.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
