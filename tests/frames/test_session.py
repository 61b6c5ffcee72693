"""A session over the column engine."""

from __future__ import annotations

import subprocess
import sys


def test_no_bar_of_the_engine_stands_in_what_a_program_prints():
    """The engine shows one where it takes the process for a person at a prompt, as a program given by ``-c``."""
    asked = (
        "from evenbook.frames.session import Session\n"
        "with Session() as session:\n"
        "    print(session.rows(\"select current_setting('enable_progress_bar') as bar\").to_pylist())"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[{'bar': False}]\n"
