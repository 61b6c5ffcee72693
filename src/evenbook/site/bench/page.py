"""The page of benchmarks: one section a bench, the newest in place of the one before."""

from __future__ import annotations

import platform
from pathlib import Path

from evenbook import __version__


def write_section(page: Path, section: str) -> None:
    """Put a section into the page; one whose heading begins with the same words makes room for it.

    Args:
        page: the page, made if need be.
        section: Markdown that opens with ``## Words, date``.
    """
    words = section.split(",", 1)[0]
    before = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    opening, *others = before.split("\n## ")
    kept = [f"## {each.rstrip()}" for each in others if not f"## {each}".startswith(words)]
    page.write_text("\n\n".join([opening.rstrip(), section.rstrip(), *kept]) + "\n", encoding="utf-8")


def measured_with() -> str:
    """Return what was measured on what: the version, the kind of machine, Python."""
    return f"Evenbook {__version__}, {platform.machine()}, Python {platform.python_version()}"
