"""Sentences on pages: what is to be typed stands out as code, and everything is escaped."""

from __future__ import annotations

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`evenbook doctor` says why.", "<code>evenbook doctor</code> says why."),
        ("Ask <b>her</b> & `<i>`.", "Ask &lt;b&gt;her&lt;/b&gt; &amp; <code>&lt;i&gt;</code>."),
        ("", ""),
    ],
)
def test_a_command_in_a_sentence_stands_as_code_and_nothing_else_is_html(text, shown):
    assert Template("{{ text|typed }}").render(Context({"text": text})) == shown
