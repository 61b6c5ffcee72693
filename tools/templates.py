"""Check every template: it compiles, says what it takes, and asks nothing of another host.

A template is read by people who look for the names they may use, so it opens with a comment
that says what it takes. Pages run under a strict content policy, so scripts, styles and
handlers written into a page would do nothing: they are refused here, where they can be seen.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "evenbook"

REFUSED = {
    r"<script(?![^>]*\b(?:src=|type=\"application/json\"))": "a script in the page: use a static file",
    r"\son[a-z]+\s*=\s*[\"']": "a handler in the page: put it into a static file",
    r"<style[\s>]": "a style in the page: put it into a static file",
    r"\sstyle\s*=\s*[\"']": "a style on an element: the content policy drops it; use a class or an attribute",
    r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//": "an address of another host",
    r"\|safe\b": "text marked as safe: build it with format_html where it is made",
}


def problems(path: Path) -> Iterator[str]:
    """Yield what is wrong with one template, with its line."""
    text = path.read_text(encoding="utf-8")
    if not re.match(r"(\{% extends [^%]+%\}\s*|\{% load [^%]+%\}\s*)*\{% comment %\}", text):
        yield "1: does not open with a comment that says what it takes"
    elif "Takes" not in text.split("{% endcomment %}")[0]:
        yield "1: its opening comment has no line `Takes:`"
    for pattern, why in REFUSED.items():
        for found in re.finditer(pattern, text):
            yield f"{text.count(chr(10), 0, found.start()) + 1}: {why}"
    try:
        engines["django"].from_string(text)
    except TemplateSyntaxError as error:
        yield f"1: does not compile: {error}"


def main() -> int:
    """Print every problem and return how the check went."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    django.setup()
    found = [
        f"{path.relative_to(ROOT)}:{problem}"
        for path in sorted(PACKAGE.glob("*/templates/**/*.html"))
        for problem in problems(path)
    ]
    print("\n".join(found) or "templates: all is well.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
