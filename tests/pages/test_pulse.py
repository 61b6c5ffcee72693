"""How a load feels, on My week, on a person's weeks, and for programs."""

from __future__ import annotations

from typing import Any

from evenbook.throughput.models import Pulse


def test_one_click_says_it_and_the_leader_reads_it_beside_the_load(as_user: Any) -> None:
    ben = as_user("ben")
    assert "How does this week’s load feel?" in ben.get("/my-week").content.decode()
    answer = ben.post("/pulse", {"felt": "4", "word": "Two <b>renewals</b>."}, follow=True)

    assert "This week: heavy." in answer.content.decode()
    assert "This week feels heavy: Two &lt;b&gt;renewals&lt;/b&gt;." in ben.get("/my-week").content.decode()
    page = as_user("amara").get("/seven/ben").content.decode()
    assert "Two &lt;b&gt;renewals" in page and "Heavy" in page
    assert "Two &lt;b&gt;renewals" not in as_user("olu").get("/seven/ben").content.decode()


def test_a_leader_who_looks_at_a_week_is_not_asked_for_it(as_user: Any) -> None:
    assert "load feel?" not in as_user("amara").get("/my-week?person=ben").content.decode()
    assert "load feel?" not in as_user("ben").get("/my-week?as_of=2026-03-09").content.decode()


def test_nonsense_is_said_and_changes_nothing(as_user: Any) -> None:
    for felt in ("", "9", "x", "٤"):
        answer = as_user("ben").post("/pulse", {"felt": felt}, follow=True)
        assert "Choose one of the five." in answer.content.decode()
    assert not Pulse.objects.exists()
    assert as_user("ben").get("/pulse").status_code == 405


def test_programs_are_told_of_teams_alone(as_user: Any) -> None:
    as_user("ben").post("/pulse", {"felt": "4", "word": "Mine."})
    answer = as_user("lena").get("/api/v1/pulse")

    assert answer.status_code == 200 and answer.json()["teams"] == [] and b"Mine." not in answer.content
