"""The doors of documents cost a command nothing: what writes the files is loaded when one is written."""

from __future__ import annotations

import subprocess
import sys

DOORS = "calendar docx html parts pdf pptx wording".split()
HEAVY = "docx icalendar lxml pptx typst".split()


def test_the_doors_load_no_library_that_writes_files():
    asked = "; ".join([*(f"import evenbook.documents.{door}" for door in DOORS), "import sys, json"])
    asked += "; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert [name for name in HEAVY if f'"{name}"' in done.stdout] == []
    assert '"evenbook.documents.pdf"' in done.stdout
