"""Proposals side by side, the weeks ahead with one, and how many people: pages, API, commands, access, as of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.balance.test_deciding import made, newest, viewer
from tests.pages.company import NOW
from tests.pages.measured import AS_OF

from evenbook.balance.actions.proposals import keep, move_by_hand
from evenbook.balance.models import Proposal
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.queries.comparing import side_by_side
from evenbook.book.models import Leave
from evenbook.desk.queries.ahead import known
from evenbook.desk.queries.proposed_weeks import WEEKS, proposed_weeks


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def asked(team: Any, mode: str, **more: Any) -> int:
    """Keep a proposal of Lena's."""
    found = propose_for(viewer(team, "lena"), newest(team), Wanted(mode, seconds=0.05, **more))
    return keep(found, seed=1, by=viewer(team, "lena"), now=NOW)


def test_two_proposals_stand_side_by_side_with_what_both_move_and_one_alone(as_user, team):
    one = made(team)
    both = ((team.of("ben")[0].key, "chidi"), (team.of("ben")[1].key, "chidi"))
    other = asked(team, "full", moves=0, pins=both)
    found = side_by_side(viewer(team, "lena"), one, other)
    said = page(as_user("lena"), f"/proposals/compare?one={one}&other={other}")

    assert [each.account for each in found.both] == [team.of("ben")[0].key] and found.both[0].agrees
    assert {each.account for each in found.other_only} >= {team.of("ben")[1].key}
    assert f"Only proposal {other} moves" in said and "the same" in said and "Ben Adler" in said
    assert "The fullest book is" in said and not found.incomparable


def test_a_change_by_hand_shows_in_its_books_and_points(as_user, team):
    one, other = made(team), made(team)
    before = side_by_side(viewer(team, "lena"), one, other)
    account = team.of("ben")[1]
    move_by_hand(other, account.pk, (team.people["chidi"].pk, None), by=viewer(team, "lena"), now=NOW)
    after = side_by_side(viewer(team, "lena"), one, other)

    assert not any(pair.differs for pair in before.pairs) and before.one.points == before.other.points
    assert {pair.csm for pair in after.pairs if pair.differs} == {"ben", "chidi", "pool:digital"}
    assert after.one.points != after.other.points
    assert [each.account for each in after.other_only] == [account.key]


def test_points_of_another_yardstick_are_not_compared(as_user, team):
    one, other = made(team), asked(team, "incremental")
    said = page(as_user("lena"), f"/proposals/compare?one={one}&other={other}")

    assert "can't be compared: where all books are placed anew a move counts for less" in said


@pytest.mark.parametrize("wrong", ["987654", "x", "-1", "1e3", "9" * 30, "%00", "²"])
def test_a_wrong_number_is_said_and_the_lists_stay(as_user, team, wrong):
    one = made(team)
    said = page(as_user("lena"), f"/proposals/compare?one={one}&other={wrong}", 404)

    assert "that you may see" in said and "Show side by side" in said


def test_without_numbers_one_chooses_and_without_proposals_the_page_says_how(as_user, team):
    assert "There is no proposal to look at yet." in page(as_user("lena"), "/proposals/compare")
    number = made(team)
    assert "Choose two proposals." in page(as_user("lena"), "/proposals/compare?one=&other=")
    assert "the same proposal twice" in page(
        as_user("lena"), f"/proposals/compare?one={number}&other={number}"
    )


@pytest.mark.parametrize("name", ["ben", "amara", "edda"])
def test_who_does_not_see_a_proposal_sees_neither_it_beside_another_nor_its_weeks(as_user, team, name):
    one, other = made(team), made(team)
    client = as_user(name)

    said = page(client, f"/proposals/compare?one={one}&other={other}", 404)
    assert "Ben Adler" not in said or name == "ben"
    assert "Only proposal" not in said
    assert client.get(f"/proposals/{one}/weeks").status_code == 404
    for address in (f"/api/v1/proposals/{one}/weeks", f"/api/v1/proposals/{one}/beside/{other}"):
        assert client.get(address).status_code in {403, 404}


def test_the_weeks_before_are_those_of_the_calendar_and_those_after_follow_the_moves(as_user, team):
    number, account = made(team), team.of("ben")[0]
    found = proposed_weeks(viewer(team, "lena"), number)
    calendar = known(viewer(team, "lena"), newest(team))
    rows = {row.key: row for row in found.rows}
    ahead = calendar.by_account[account.pk]

    cells = calendar.weeks([team.people["ben"].pk]).cells[team.people["ben"].pk]
    assert [week.load_before for week in rows["ben"].weeks] == [
        pytest.approx(each.load) for each in cells[:WEEKS]
    ]
    assert len(rows["ben"].weeks) == WEEKS and found.moved == 1
    for place, week in enumerate(rows["ben"].weeks):
        assert week.before - week.after == pytest.approx(ahead.hours[place])
    for place, week in enumerate(rows["chidi"].weeks):
        assert week.after - week.before == pytest.approx(ahead.hours[place])


def test_without_moves_nothing_differs(as_user, team):
    number = made(team)
    Proposal.objects.get(pk=number).moves.all().delete()
    found = proposed_weeks(viewer(team, "lena"), number)

    assert found.moved == 0 and not any(row.differs for row in found.rows)
    assert "moves nothing, so the weeks ahead stay as they are" in page(
        as_user("lena"), f"/proposals/{number}/weeks"
    )


def test_what_is_learned_later_changes_no_week_of_an_earlier_proposal(as_user, team):
    number = made(team)
    before = proposed_weeks(viewer(team, "lena"), number).document()
    first = AS_OF + timedelta(days=8)
    Leave.objects.create(
        person=team.people["ben"], first_on=first, last_on=first + timedelta(days=20),
        happened_at=NOW + timedelta(days=5), known_at=NOW + timedelta(days=5),
    )  # fmt: skip

    assert proposed_weeks(viewer(team, "lena"), number).document() == before


def test_leave_known_then_counts_and_the_page_says_who_is_away(as_user, team):
    first = AS_OF + timedelta(days=1)
    Leave.objects.create(
        person=team.people["ben"], first_on=first, last_on=first + timedelta(days=6),
        happened_at=NOW - timedelta(days=20), known_at=NOW - timedelta(days=20),
    )  # fmt: skip
    number = made(team)
    found = proposed_weeks(viewer(team, "lena"), number)
    said = page(as_user("lena"), f"/proposals/{number}/weeks")

    assert {row.key: row for row in found.rows}["ben"].weeks[0].is_away
    assert found.covered[0].after > found.covered[0].before
    assert ">away<" in said and "With a person there" in said and "with the proposal" in said


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_the_weeks_can_be_taken_away_as_a_file(as_user, team, kind):
    answer = as_user("lena").get(f"/proposals/{made(team)}/weeks?export={kind}")
    assert answer.status_code == 200 and len(b"".join(answer)) > 50


def test_the_page_of_a_proposal_leads_to_both(as_user, team):
    number = made(team)
    said = page(as_user("lena"), f"/proposals/{number}")

    assert f'href="/proposals/{number}/weeks"' in said
    assert f'href="/proposals/compare?one={number}"' in said


def test_how_many_people_stands_first_on_its_page_and_nobody_is_named_as_spare(as_user, team):
    number = asked(team, "headcount")
    said = page(as_user("lena"), f"/proposals/{number}")
    document = Proposal.objects.get(pk=number).contents["headcount"]

    assert document["text"].split(".")[0] in said and "What one person is worth" in said
    assert "team" not in document
    api = as_user("lena").get(f"/api/v1/proposals/{number}").json()
    assert api["headcount"]["needed"] == document["needed"] and api["headcount"]["text"] == document["text"]
    assert as_user("lena").get(f"/api/v1/proposals/{made(team)}").json()["headcount"] is None


def test_the_book_offers_to_ask_how_many_people(as_user, team):
    assert "How many people are needed" in page(as_user("lena"), "/book")
    assert as_user("lena").post("/book/propose", {"mode": "headcount"}).status_code == 302


def test_the_api_and_the_commands_say_the_same(as_user, team, capsys, settings):
    from evenbook.site.cli import run

    one, other = made(team), made(team)
    client, mail = as_user("lena"), team.users["lena"].mail
    for words, address in (
        (["book", "compare", str(one), str(other)], f"/api/v1/proposals/{one}/beside/{other}"),
        (["book", "weeks", str(one)], f"/api/v1/proposals/{one}/weeks"),
    ):
        assert run([*words, "--json", "--as", mail]) == 0
        assert json.loads(capsys.readouterr().out) == client.get(address).json()
        assert run([*words, "--as", mail]) == 0
        assert "Ben Adler" in capsys.readouterr().out
    assert run(["book", "compare", str(one), "987654", "--as", mail]) == 2
    assert run(["book", "weeks", "987654", "--as", mail]) == 2
    assert run(["book", "propose", "--mode", "headcount", "--seconds", "0.05", "--as", mail]) in {0, 1}
    assert "There now" in capsys.readouterr().out
