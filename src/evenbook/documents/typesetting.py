"""The process that sets the pages of one PDF and ends. ``pdf`` starts it and nobody imports it.

On its input stands one JSON value: ``document``, the text that the template reads; ``made_at_s``, the
instant of the file's own data, 0 for none; ``is_tagged``, whether screen readers find their marks. On
its output stands the file. The template may open nothing: its root is an empty folder, and so are
those of packages.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

TEMPLATE = Path(__file__).with_name("pdf.typ")


def main() -> None:
    """Read the order, write the file."""
    order = json.load(sys.stdin.buffer)
    with TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            TEMPLATE.read_bytes(),
            root=empty,
            sys_inputs={"document": order["document"]},
            package_path=empty,
            package_cache_path=empty,
        )
        made = compiler.compile(
            format="pdf", timestamp=order["made_at_s"], pdf_tags=order["is_tagged"], pdf_standards="1.7"
        )
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
