"""The scripts beside the product: templates are checked, releases are told, locks are read."""

from __future__ import annotations

from datetime import date

import pytest

from tools import lock, release, templates

TOLD = "{% comment %}\nA page.\n\nTakes:  rows   list of rows\n{% endcomment %}\n"


def problems(tmp_path, text):
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    return list(templates.problems(path))


def test_a_template_that_says_what_it_takes_passes(tmp_path):
    assert problems(tmp_path, TOLD + "<p>{{ rows|length }}</p>") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>no head</p>", "does not open with a comment"),
        (TOLD + "<script>go()</script>", "a script in the page"),
        (TOLD + '<p onclick="go()">', "a handler in the page"),
        (TOLD + '<p style="color: red">', "a style on an element"),
        (TOLD + '<img src="https://other.example/a.png">', "an address of another host"),
        (TOLD + "{{ rows|safe }}", "text marked as safe"),
        (TOLD + "{% if rows %}", "does not compile"),
    ],
)
def test_a_template_is_told_what_is_wrong_with_it(tmp_path, text, said):
    assert any(said in problem for problem in problems(tmp_path, text))


def test_a_release_tells_each_reader_what_changed_for_them(tmp_path):
    fragment = tmp_path / "use-hot-sheet.md"
    fragment.write_text("The hot sheet\nshows reasons.\n", encoding="utf-8")

    text = release.entry("0.2.0", {"use": [fragment], "run": []}, date(2026, 3, 2))

    assert text == "\n## 0.2.0, 2026-03-02\n\n### For people who use it\n\n- The hot sheet shows reasons.\n"


def test_the_names_of_packages_are_compared_as_indexes_do():
    assert lock.plain("Types_PyYAML") == "types-pyyaml"


def test_a_lock_reads_back_what_it_writes(tmp_path):
    path = tmp_path / "lock.txt"
    path.write_text("# head\n" + lock.as_lines({"b": "2.0", "a": "1.5"}), encoding="ascii")

    assert lock.read(path) == {"a": "1.5", "b": "2.0"}
    assert lock.read(tmp_path / "absent.txt") == {}
