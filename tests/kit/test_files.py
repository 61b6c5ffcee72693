"""Files that are there whole or not at all."""

from __future__ import annotations

import threading

import pytest

from evenbook.kit.files import written_whole


def test_a_file_is_in_its_place_only_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "rows.txt"

    with written_whole(path) as part:
        part.write_text("whole")
        assert not path.exists()

    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


def test_what_could_not_be_written_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "rows.txt"
    path.write_text("old")

    with pytest.raises(ValueError), written_whole(path) as part:
        part.write_text("half")
        raise ValueError

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_many_that_write_one_file_at_once_never_show_it_in_part(tmp_path):
    path, seen = tmp_path / "rows.txt", set()

    def write(letter: str) -> None:
        for _ in range(50):
            with written_whole(path) as part:
                part.write_text(letter * 10_000)
            seen.add(path.stat().st_size)

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert seen == {10_000}
