"""Every refusal has a kind of its own that programs can rely on, a status, and a sentence in the reference."""

from __future__ import annotations

from http import HTTPStatus

from tools.reference import refusals

from evenbook.kit.errors import EvenbookError
from river import ROOT

LISTED = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")


def test_no_two_refusals_share_a_kind():
    named: dict[str, type[EvenbookError]] = {}
    for each in refusals():
        assert named.setdefault(each.kind, each) is each, f"{each.__name__} takes a kind that is there"
    assert len(named) > 50


def test_every_refusal_says_what_it_is_for_and_which_status_it_has():
    for each in refusals():
        assert (each.__doc__ or "").splitlines()[0].endswith("."), each.__name__
        assert HTTPStatus(each.status) >= HTTPStatus.BAD_REQUEST, each.__name__
        assert f"| `{each.kind}` | {each.status} |" in LISTED, each.__name__
