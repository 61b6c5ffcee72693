"""What came of interventions, on its page, as a file and for programs."""

from __future__ import annotations

from typing import Any

from tests.pages.company import Company
from tests.throughput.many import kept, many

from evenbook.throughput.rules.outcomes import MOVED


def test_the_page_the_file_and_the_program_say_the_same(team: Company, as_user: Any):
    assert "Nothing was done yet" in as_user("lena").get("/outcomes").content.decode()
    many(team, effect=-0.2)
    row = kept()
    page = as_user("lena").get("/outcomes").content.decode()

    assert "Accounts given away: load fell beside that of comparable people." in page
    assert "It went with what was done" in page and "p-01" not in page
    file = as_user("lena").get("/outcomes?export=csv").content.decode("utf-8-sig")
    assert f"moved,effort_load,{row.estimate}" in file
    answer = as_user("olu").get("/api/v1/outcomes").json()
    (effect,) = [
        each for each in answer["effects"] if (each["event"], each["measure"]) == (MOVED, "effort_load")
    ]
    assert effect["estimate"] == row.estimate and effect["is_seen"] and len(answer["bonds"]) > 0


def test_a_run_without_effects_of_its_own_shows_none(team: Company, as_user: Any):
    many(team, effect=-0.2)

    assert "Nothing to compare yet." in as_user("olu").get("/outcomes").content.decode()
