#!/usr/bin/env python
"""Write decks of business reviews with hard names, and render them to pictures where an office program is.

    tools/slides.py FOLDER

Each slide becomes a picture in FOLDER, to be looked at. Without an office program (soffice) and a renderer of
PDF (pdftoppm) on the machine only the decks are written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")


def main(folder: Path) -> None:
    """Write the decks, and their pictures where they can be made."""
    import django

    django.setup()
    folder.mkdir(parents=True, exist_ok=True)
    decks = [_written(folder, number) for number in range(0, 40, 8)]
    office, renders = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or renders is None:
        print(f"slides: {len(decks)} decks in {folder}; no office program is here to make pictures of them.")
        return
    with TemporaryDirectory() as profile:
        home = f"-env:UserInstallation=file://{profile}"
        words = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, decks)]
        subprocess.run(words, check=True, capture_output=True)
    for deck in decks:
        pdf = deck.with_suffix(".pdf")
        subprocess.run([renders, "-r", "60", "-png", str(pdf), str(deck.with_suffix(""))], check=True)
    print(f"slides: {len(list(folder.glob('*.png')))} pictures in {folder}. Look at them.")


def _written(folder: Path, number: int) -> Path:
    import numpy as np

    from evenbook.reviews.decks import file_of
    from evenbook.reviews.rules.content import drawn
    from evenbook.reviews.rules.wording import words_of
    from evenbook.site.bench.reviews import AS_OF, ENDS_AT, NUMBERS, facts_of

    facts = facts_of(number, np.random.default_rng(number))
    deck = drawn(facts, NUMBERS, words_of(None), as_of=AS_OF, ends_at=ENDS_AT, measure="active_users")
    place = folder / f"review-{number}.pptx"
    place.write_bytes(file_of(deck, "pptx", made_at=ENDS_AT, master=None).contents)
    return place


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "slides"))
