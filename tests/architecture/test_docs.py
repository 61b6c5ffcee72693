"""The documents tell what the code does: pages are fresh, links lead somewhere, commands exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from river import PACKAGE, ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
NAMED_FILE = re.compile(r"`((?:src|docs|tests|tools|requirements|changes)/[\w./-]+\w)`")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of_commands(path: Path) -> list[str]:
    """Return the commands in a page: from its code blocks, and from code in its sentences."""
    blocks = [line.strip() for block in FENCE.findall(text_of(path)) for line in block.splitlines()]
    inline = re.findall(r"`((?:make|evenbook)(?: [^`]+)?)`", FENCE.sub("", text_of(path)))
    bare = [re.sub(r"^\$ |^\.venv/bin/", "", line) for line in [*blocks, *inline]]
    return [line for line in bare if re.match(r"(make|evenbook) \S", line)]


def test_generated_pages_are_what_the_code_would_write():
    """In a process of its own: what help a command gives depends on how it was called first."""
    asked = [sys.executable, str(ROOT / "tools" / "reference.py"), "--check"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_links_to_files_lead_somewhere(path):
    targets = [first or second for first, second in LINK.findall(text_of(path))]
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]

    assert [target for target in local if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_files_named_in_a_page_exist(path):
    assert [name for name in NAMED_FILE.findall(text_of(path)) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_make_targets_named_in_a_page_exist(path):
    targets = set(TARGET.findall(text_of(ROOT / "Makefile")))
    named = [line.split()[1] for line in lines_of_commands(path) if line.startswith("make ")]

    assert [name for name in named if re.fullmatch(r"[a-z]+", name) and name not in targets] == []


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_evenbook_commands_named_in_a_page_exist_with_their_options(path):
    missing = [line for line in lines_of_commands(path) if line.startswith("evenbook ") and not known(line)]

    assert missing == []


def known(line: str) -> bool:
    """Return whether a command line names a command and options that exist."""
    import click

    from evenbook.site.cli import evenbook

    line = re.sub(r" --as \S+", "", line)
    words = re.sub(r"\s+#.*|[\[\]…]|\s*[|>&;].*", "", line).split()[1:]
    command, options = evenbook, {"--as", "--help", "--version", "-h"}
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            context = click.Context(command)
            if (found := command.get_command(context, word)) is None:
                return word.isupper()
            command = found
    options |= {option for parameter in command.params for option in parameter.opts}
    return all(word.split("=")[0] in options for word in words if word.startswith("--"))


def test_every_variable_that_the_code_reads_is_listed_and_none_is_listed_in_vain():
    from evenbook.site.variables import VARIABLES

    reads = re.compile(r"environ(?:\.get\(|\[)\s*\"(EVENBOOK_[A-Z_]+)\"")
    read = {name for path in PACKAGE.rglob("*.py") for name in reads.findall(text_of(path))}

    assert {each.name for each in VARIABLES} == read


def test_every_dependency_is_argued_for():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [re.match(r"[\w-]+", each)[0].lower() for each in asked]
    page = text_of(ROOT / "docs" / "decisions" / "0005-dependencies.md").lower()

    assert [name for name in names if name not in page and not name.startswith("types-")] == []


def test_every_decision_is_in_the_list_and_says_what_enforces_it():
    folder = ROOT / "docs" / "decisions"
    pages = [path for path in sorted(folder.glob("0*.md"))]
    listed = text_of(folder / "README.md")

    assert [path.name for path in pages if path.name not in listed] == []
    assert [path.name for path in pages if "## Enforced by" not in text_of(path)] == []


@pytest.mark.parametrize("path", PAGES, ids=ident)
def test_the_documents_are_in_american_spelling(path):
    stems = (
        "organis recognis(?!ed_as) summaris prioritis behaviour colour licence catalogue analyse centre\\b"
    )
    british = rf"\b({'|'.join(stems.split())})"

    assert re.findall(british, text_of(path), flags=re.IGNORECASE) == []
