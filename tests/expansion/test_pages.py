"""The pages of expansion: what opens in two clicks, every figure opens, bad input keeps what was typed."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any

import pytest
from tests.closures.owing import owed
from tests.expansion.test_opening import calm, hand, staff_to_expansion
from tests.pages import reading
from tests.pages.company import AS_OF, NOW
from tests.pages.reading import A_NUMBER
from tests.pages.test_figures import PLAIN

from evenbook.book.actions.machines import say_machine
from evenbook.expansion.actions.opening import Wanted, open_for
from evenbook.expansion.actions.working import move
from evenbook.expansion.models import AddonRow, ListRow, MentionRow, Opening, Trial
from evenbook.expansion.rules.moving import Move
from evenbook.people.queries import viewer_of

PAGES = (
    "/expansion",
    "/expansion?state=won",
    "/expansion/list",
    "/expansion/ladder",
    "/expansion/scoreboards",
    "/expansion/pipeline",
    "/expansion/pipeline?by=role&of=support",
)


def viewer(team: Any, name: str) -> Any:
    return viewer_of(team.users[name], surface="page")


@pytest.fixture
def lived_in(team: Any) -> Any:
    """Return the team with openings in every state, a list, a ladder and a trial."""
    staff_to_expansion(team)
    closer, account = viewer(team, "chidi"), calm(team)
    for number, end in enumerate(("won", "won", "lost", "dropped", "talks", "answered", "")):
        at = NOW - timedelta(days=20 - number)
        wanted = Wanted("ticket", "support", "Insights", f"Note {number}")
        opened = open_for(account.key, wanted, key=f"k{number}", by=viewer(team, "ben"), now=at)
        if end:
            said = Move(
                end, 100_00 * number if end == "won" else None, "USD" if end == "won" else "", "Because."
            )
            move(opened.id, said, by=closer, now=at + timedelta(days=1))
    hand(team.accounts[0])
    for rank, each in enumerate(team.accounts[:3], start=1):
        ListRow.objects.create(
            run=team.run, account=each, rank=rank, points=35.5 - rank, arr_cents=None, products=1, whitespace=3,
            reached_on=AS_OF if rank == 1 else None, is_held=rank == 2, hands=0,
            reasons=[{"signal": "whitespace", "points": 35.5 - rank, "text": "has 1 of our 4 products"}], flags=["An escalation is open."],
        )  # fmt: skip
    MentionRow.objects.create(
        run=team.run,
        account=team.accounts[0],
        product="Flows",
        who="support",
        says="Say so.",
        because="it is so",
    )
    AddonRow.objects.create(run=team.run, product="Insights", accounts=3, hours_with=2.0, others=4)
    Trial.objects.create(
        account=account,
        product="Flows",
        first_on=AS_OF,
        last_on=AS_OF,
        recorded_by="Ben Adler",
        recorded_at=NOW,
    )
    return team


@pytest.mark.parametrize("name", ["lena", "chidi", "ben", "edda", "olu"])
@pytest.mark.parametrize("page", PAGES)
def test_every_figure_opens_into_rows_that_add_up_to_it(lived_in, as_user, name, page):
    client = as_user(name)

    @cache
    def fetch(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, address
        return answer.content.decode()

    assert list(reading.problems(fetch, page)) == []
    loose = reading.read(fetch(page)).loose
    assert [text for text in loose if A_NUMBER.search(PLAIN.sub("", text))] == []


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_helps(team, as_user, page):
    answer = as_user("lena").get(page)

    assert answer.status_code == 200 and 'class="empty"' in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(team, client, page):
    assert client.get(page)["Location"].startswith("/sign-in")


LINK = re.compile(r'href="(/accounts/[^"?]+\?source=[^"]+)#expand" aria-label="Open expansion at')


def opened_from(client: Any, page: str) -> set[str]:
    """Click every link of a page that opens an expansion, and then the button; return where it was seen."""
    seen = set()
    links = sorted(set(LINK.findall(client.get(page).content.decode())))
    for link in links:
        form = client.get(unescape(link)).content.decode()
        assert '<details class="more" open><summary>Open expansion' in form, link
        names = ("account", "key", "source", "about")
        given = {name: unescape(re.search(f'name="{name}" value="([^"]*)"', form)[1]) for name in names}
        answer = client.post("/expansion/open", {**given, "role": "csm", "back": page})
        assert answer["Location"] == page, link
        row = Opening.objects.get(key=given["key"])
        assert (row.account.key, row.source, row.about) == (given["account"], given["source"], given["about"])
        seen.add(row.source)
    return seen


def test_an_expansion_opens_in_two_clicks_from_my_week_a_loop_an_issue_and_the_search(team, as_user):
    staff_to_expansion(team)
    ben, edda = as_user("ben"), as_user("edda")
    loop = f"/loops/{owed(team.of('ben')[0], by=team.people['ben']).pk}"

    assert {"artifact", "account"} <= opened_from(ben, "/my-week")
    assert opened_from(ben, loop) == {"artifact"}
    found = ben.get("/find?q=a&format=json").json()["results"]
    actions = [each for each in found if each["kind"] == "action"]
    assert 1 <= len(actions) <= 3 and all(each["href"].endswith("?source=account#expand") for each in actions)
    assert "Open expansion" in ben.get(actions[0]["href"].partition("#")[0]).content.decode()
    assert not LINK.findall(edda.get("/my-week?person=ben").content.decode()), "who only reads opens nothing"
    assert not [
        each for each in edda.get("/find?q=a&format=json").json()["results"] if each["kind"] == "action"
    ]


def test_an_account_opens_an_expansion_in_two_clicks_and_sending_twice_is_one(team, as_user):
    staff_to_expansion(team)
    account, client = team.of("ben")[0], as_user("ben")
    page = client.get(f"/accounts/{account.key}?source=ticket&about=T-17#expand").content.decode()
    assert 'name="about" value="T-17"' in page and 'name="source" value="ticket"' in page
    key = page.split('name="key" value="')[1].split('"')[0]
    typed = {
        "account": account.key,
        "key": key,
        "source": "ticket",
        "about": "T-17",
        "role": "support",
        "product": "Insights",
    }

    for _ in range(2):
        answer = client.post("/expansion/open", {**typed, "back": f"/accounts/{account.key}"})
        assert answer["Location"] == f"/accounts/{account.key}"

    row = Opening.objects.get()
    assert (row.role, row.source, row.about, row.product) == ("support", "ticket", "T-17", "Insights")
    assert "Insights" in client.get(f"/accounts/{account.key}").content.decode()


def test_a_reader_has_no_form_and_opens_nothing(team, as_user):
    account = team.accounts[0]

    assert "Open expansion" not in as_user("rea").get(f"/accounts/{account.key}").content.decode()
    as_user("rea").post(
        "/expansion/open", {"account": account.key, "key": "k", "source": "account", "role": "csm"}
    )
    assert not Opening.objects.exists()


def test_what_is_refused_keeps_what_was_typed(team, as_user):
    staff_to_expansion(team)
    number, client = hand(calm(team)).id, as_user("chidi")
    typed = {"do": "move", "to": "lost", "amount": "12,00x", "currency": "USD", "reason": "Too dear"}

    answer = client.post(f"/expansion/openings/{number}", typed)

    said = answer.content.decode()
    assert answer.status_code == 422 and 'value="Too dear"' in said and 'value="12,00x"' in said
    assert "no amount" in said and Opening.objects.get().state == "opened"


def test_its_owner_wins_it_on_the_page(team, as_user):
    staff_to_expansion(team)
    number, client = hand(calm(team)).id, as_user("chidi")

    client.post(f"/expansion/openings/{number}", {"do": "move", "to": "answered"})
    typed = {"do": "move", "to": "won", "amount": "12 000.5", "currency": "USD", "back": "/expansion"}
    assert client.post(f"/expansion/openings/{number}", typed)["Location"] == "/expansion"

    assert Opening.objects.get().amount_cents == 1_200_050


def test_a_colleague_gets_no_opening_of_others(team, as_user):
    staff_to_expansion(team)
    number = hand(next(each for each in team.of("chidi"))).id

    assert as_user("ben").get(f"/expansion/openings/{number}").status_code == 404
    assert as_user("ben").get("/expansion/openings/99999999999999999999").status_code == 404


def test_somebody_says_what_they_are_made_for_and_their_leader_staffs_them(team, as_user):
    ben = team.people["ben"].key
    assert (
        as_user("ben")
        .post("/expansion/machines", {"person": ben, "kind": "stated", "value": "seller"})
        .status_code
        == 302
    )
    as_user("ben").post("/expansion/machines", {"person": ben, "kind": "staffed", "value": "expansion"})
    said = as_user("lena").get("/expansion/scoreboards").content.decode()
    assert "Seller" in said and "Seller, expansion" not in said

    as_user("amara").post("/expansion/machines", {"person": ben, "kind": "staffed", "value": "retention"})

    assert "does not suit" in as_user("lena").get("/expansion/scoreboards").content.decode()


def test_what_somebody_is_staffed_to_holds_from_its_day_on(team):
    from evenbook.book.machines import machines

    by, ben = viewer(team, "olu"), team.people["ben"]
    say_machine(ben.key, "staffed", "expansion", first_on=AS_OF, by=by, now=NOW)
    say_machine(ben.key, "staffed", "retention", first_on=AS_OF + timedelta(days=7), by=by, now=NOW)

    assert ben.pk not in machines(by, AS_OF - timedelta(days=1))
    assert machines(by, AS_OF)[ben.pk].staffed == "expansion"
    assert machines(by, AS_OF + timedelta(days=7))[ben.pk].staffed == "retention"
    assert machines(by, AS_OF, before=NOW - timedelta(days=1)) == {}


def test_a_trial_is_recorded_and_its_outcome_is_final(team, as_user):
    account, client = team.of("ben")[0], as_user("ben")
    typed = {"account": account.key, "product": "Flows", "first_on": "2026-03-01", "last_on": "2026-03-31"}
    client.post("/expansion/trials", typed)
    row = Trial.objects.get()

    client.post(f"/expansion/trials/{row.pk}", {"outcome": "kept"})
    client.post(f"/expansion/trials/{row.pk}", {"outcome": "opted_out"})

    row.refresh_from_db()
    assert row.outcome == "kept"
    client.post("/expansion/trials", {**typed, "first_on": "2026-04-01"})
    assert Trial.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/expansion", "/expansion/list", "/expansion/ladder", "/expansion/scoreboards"]
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_table_is_taken_away_as_a_file(lived_in, as_user, address, form):
    answer = as_user("lena").get(f"{address}?export={form}")

    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    if form == "csv":
        assert len(answer.content.decode().splitlines()) > 1
