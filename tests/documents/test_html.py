"""A page asks for nothing outside, runs nothing, and says what the document says."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from evenbook.documents.html import STYLE, STYLE_HASH, as_html, as_html_part
from evenbook.documents.parts import Document
from papers import HOSTILE, KESTREL_SAID, NOT_TEXT, NOT_TEXT_SAID, WEEK, everywhere, long_table

OURS = set(
    "html head meta title style body article h1 h2 h3 h4 p br strong a dl dt dd ul li table caption thead"
    " tbody tr th td hr div".split()
)


class Read(HTMLParser):
    """What a page holds: its tags, their attributes, and its texts by tag."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, said) for name, said in attributes]

    def handle_data(self, data):
        if self.tags[-1:] != ["style"] and data.strip():
            self.texts.append(data.strip())

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def test_a_page_says_what_the_document_says_in_its_order():
    texts = Read(as_html(WEEK)).texts
    wanted = ["Weekly audit", "What the week says", "38 were kept", "310", "90.5%", "Two tickets wait."]
    wanted += ["Missing:", "No success plan is written down. Ask Amara.", "Accounts by size", *KESTREL_SAID]
    places = [texts.index(text) for text in [*wanted, "No team has asked.", "Evenbook"]]

    assert places == sorted(places)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_makes_no_element(text):
    read = Read(as_html(everywhere(text)))

    assert set(read.tags) <= OURS
    assert sum(text in shown for shown in read.texts) >= 15
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name in ("src", "style")]


def test_nothing_is_asked_of_another_place_but_links_that_a_person_follows():
    page = as_html(WEEK)
    urls = [said for tag, name, said in Read(page).attributes if name in ("href", "src", "action")]

    assert set(urls) == {"https://evenbook.example/closures", "https://evenbook.example/accounts/1"}
    assert "url(" not in STYLE and "@import" not in STYLE


def test_the_pages_own_policy_allows_its_style_and_nothing_else():
    page = as_html(WEEK)
    style = page.split("<style>")[1].split("</style>")[0]

    assert f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}" == STYLE_HASH
    assert f"default-src 'none'; style-src '{STYLE_HASH}'" in page


def test_headings_of_tables_are_repeated_in_print_and_numbers_stand_at_the_right():
    page = as_html(WEEK)

    assert "thead { display: table-header-group }" in page
    assert '<td dir="auto" class="right">1,234</td>' in page
    assert '<th dir="auto" scope="col" class="right">Open</th>' in page


def test_a_part_of_a_page_has_neither_title_nor_style_and_its_headings_begin_where_they_should():
    read = Read(as_html_part(WEEK, first_level=3))

    assert [tag for tag in read.tags if tag.startswith("h")] == ["h3", "h4", "hr", "h5"]
    assert {"style", "html", "title"}.isdisjoint(read.tags) and "Weekly audit" not in read.texts


def test_no_heading_is_lower_than_html_has_them():
    assert [tag for tag in Read(as_html_part(WEEK, first_level=5)).tags if tag.startswith("h")] == [
        *("h5", "h6", "hr", "h6")
    ]


def test_control_characters_are_left_out_and_lines_are_kept():
    assert NOT_TEXT_SAID in Read(as_html(Document(NOT_TEXT))).texts
    assert "a<br>b" in as_html(Document("x", "a\r\nb"))


def test_an_empty_document_says_so():
    assert Read(as_html(Document(""))).texts == ["There is nothing in this document."]


def test_thousands_of_rows_are_all_there():
    assert as_html(long_table(5_000)).count("<tr>") == 5_001
