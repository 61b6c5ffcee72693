"""The words of a review: built in, and as the organization writes them for a tier and a segment.

Places in a text are written in braces, as {account}; what is no place stays as it is typed.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.kit.errors import EvenbookError
from evenbook.reviews.rules.deck import NEXT, SLIDES

PLACES = {
    "account": "the customer's name",
    "reader": "whom the mail goes to",
    "since": "the day from which the review tells",
    "until": "the day up to which it tells",
    "by": "who of us answers for the account",
    "link": "the link to the review; a mail needs it",
    "ends": "the last day of the link",
}
TITLES = {
    "usage": "Use of what you have",
    "outcomes": "What happened since the last review",
    "unused": "Not used yet",
    "news": "What is new",
    "shipped": "You asked, it shipped",
    "people": "People",
    "next": "What we suggest",
}
BUILT_IN: Mapping[str, str] = {
    "title": "Business review",
    "greeting": "From {since} to {until}. Nothing to prepare: read it when it suits you.",
    "ask": "Raise a hand",
    "subject": "Your business review: {account}",
    "mail": (
        "Hello {reader},\n\nhere is the business review of {account} from {since} to {until}: how you use "
        "what you have, what happened, what is new, and what we suggest. No meeting is needed to read it.\n\n"
        "{link}\n\nThe link is for you and your colleagues, asks for no password, and opens until {ends}. "
        "If you would like to talk, or want more, the page has a button for it.\n\n{by}\n"
    ),
    **{f"title_{kind}": title for kind, title in TITLES.items()},
}
LONGEST = {"title": 80, "greeting": 300, "ask": 40, "subject": 150, "mail": 5_000}
LONGEST_TITLE = 60
PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


class WordingRefused(EvenbookError):
    """Words of a review that can't be used: too long, without the link, or with a place that is none."""

    kind = "wording-refused"
    status = 422


@dataclass(frozen=True)
class Words:
    """The words that a review is written with; ``left_out`` are the slides that are not wanted."""

    texts: Mapping[str, str]
    left_out: frozenset[str] = frozenset()

    def says(self, name: str, places: Mapping[str, str]) -> str:
        """Return a text with its places filled in."""
        return filled(self.texts[name], places)

    def title(self, kind: str) -> str:
        """Return the title of a slide."""
        return self.texts[f"title_{kind}"]


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return a text with its places filled in; those that are not given stay as they are written."""
    return PLACE.sub(lambda found: places.get(found[1], found[0]), text)


def words_of(kept: Mapping[str, Any] | None) -> Words:
    """Return the words of a version as it was kept; what it does not say is built in."""
    given = kept or {}
    texts = {name: str(given.get(name) or text) for name, text in BUILT_IN.items()}
    left_out = frozenset(kind for kind in given.get("left_out", ()) if kind in SLIDES and kind != NEXT)
    return Words(texts, left_out)


def checked(given: Mapping[str, str], left_out: Iterable[str] = ()) -> dict[str, Any]:
    """Return words as they are kept: those that differ from what is built in.

    Raises:
        WordingRefused: one is too long, names a place that is none, or the mail has no link.
    """
    kept: dict[str, Any] = {}
    for name, text in BUILT_IN.items():
        said = given.get(name, "").replace("\r\n", "\n").strip()
        if not said or said == text.strip():
            continue
        _check(name, said)
        kept[name] = said
    unknown = sorted(set(left_out) - set(SLIDES) | {NEXT} & set(left_out))
    if unknown:
        raise WordingRefused(
            f"The slide '{unknown[0][:40]}' can't be left out.", fix=f"Choose among {', '.join(SLIDES[:-1])}."
        )
    return {**kept, **({"left_out": sorted(set(left_out))} if left_out else {})}


def chosen(rows: Iterable[tuple[int, str, int]], *, tier: int, segment: str) -> tuple[int, str, int] | None:
    """Return which version words an account: the most fitting one, and of it the newest.

    Tier and segment before tier, tier before segment, that before the one for all.

    Args:
        rows: tier, segment and number of each version; 0 and an empty text mean any.
        tier: of the account.
        segment: of the account.
    """
    fitting = [row for row in rows if row[0] in (0, tier) and row[1] in ("", segment)]
    return max(fitting, key=lambda row: (row[0] != 0, row[1] != "", row[2]), default=None)


def _check(name: str, said: str) -> None:
    longest = LONGEST.get(name, LONGEST_TITLE)
    if len(said) > longest:
        raise WordingRefused(
            f"'{name.replace('_', ' ')}' has {len(said)} characters.", fix=f"At most {longest} fit."
        )
    if name != "mail" and "\n" in said:
        raise WordingRefused(f"'{name.replace('_', ' ')}' is one line.", fix="Take the line breaks out.")
    for place in PLACE.findall(said):
        if place not in PLACES:
            raise WordingRefused(
                f"There is no place '{{{place}}}'.",
                fix=f"Places are {', '.join('{' + each + '}' for each in PLACES)}.",
            )
    if name == "mail" and "{link}" not in said:
        raise WordingRefused("The mail does not hold the link.", fix="Write {link} where it should stand.")
