"""Leave that is typed or comes from a calendar: judged by policy's words, told apart by id, as of its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from evenbook.book.actions.absences import land_calendar, land_calendars, type_leave, withdraw_leave
from evenbook.book.actions.people import Absence, add_absences
from evenbook.book.actions.sustaining import adjust_hours, set_ceiling, withdraw_adjustment, withdraw_ceiling
from evenbook.book.actions.writing import Written
from evenbook.book.models import CapacityAdjustment, Leave, OwnCeiling, Person
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import NoSuchEntry, ProfileNotYours, ProfileRefused, leave_rows, profile
from evenbook.book.rules.absences import Kept, Told, change, judged
from evenbook.documents.calendar import Days, Span
from evenbook.documents.calendar_reading import Written as Event
from evenbook.frames.models import Write
from evenbook.people.models import AuditEntry, Team, User
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.runs.models import Happening

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 9)
WORDS = BookNumbers().leave_words


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def event(summary: str = "Vacation", **more: Any) -> Event:
    usual = {"uid": "1@x", "occurrence": "", "when": Days(on(7), on(11))}
    return Event(summary=summary, **{**usual, **more})


def why(
    *events: Event, mail: str = "ben@example.com", team: Any = ("ben@example.com", "amara@example.com")
) -> list[str]:
    found = judged(events, words=WORDS, zone="UTC", hours=6, mail=mail, team=frozenset(team))
    return [reason for _, reason in found.left_out]


@pytest.mark.parametrize(
    "said", ["Vacation", "ann: OOO!", "Urlaub (Ben)", "On leave", "PTO", "Company holiday"]
)
def test_what_is_called_leave_is_leave_in_any_letters(said: str):
    assert why(event(said)) == why(event(said.upper())) == []


@pytest.mark.parametrize("said", ["Ptolemy talk", "Leaver's party", "QBR Kestrel", "", "Preleave"])
def test_what_only_holds_the_letters_is_none(said: str):
    assert why(event(said)) == ["it is not called leave"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"summary": "Anything", "busy": "oof"}, None),
        ({"busy": "workingelsewhere"}, "its calendar shows them at work"),
        ({"busy": "tentative"}, "its calendar shows them at work"),
        ({"busy": "free"}, None),
        ({"is_free": True}, None),
        ({"is_free": True, "when": Span(NOW, NOW + timedelta(hours=9))}, "its calendar shows them as free"),
        ({"when": Span(NOW, NOW + timedelta(hours=9))}, None),
        ({"when": Span(NOW, NOW + timedelta(hours=1))}, "it fills no day"),
        ({"when": Days(on(0), on(4000))}, "it is longer than any leave"),
        ({"organizer": "amara@example.com", "asked": ("ben@example.com",)}, "it is somebody else's"),
        ({"organizer": "hr@example.com", "asked": ("ben@example.com",)}, None),
        ({"organizer": "ben@example.com", "asked": ("amara@example.com",)}, None),
        ({"asked": ("chidi@example.com",)}, "it is somebody else's"),
    ],
)
def test_how_a_calendar_shows_an_event_and_whose_it_is_decides(more: dict[str, Any], reason: str | None):
    assert why(event(**more)) == ([reason] if reason else [])


def told(number: str = "1@x", first: int = 7, last: int = 11, revision: int = 0) -> Told:
    return Told(number, (on(first), on(last)), revision)


def kept(number: str = "1@x", first: int = 7, last: int = 11, revision: int = 0, row: int = 5) -> Kept:
    return Kept(row, number, on(first), on(last), revision)


def test_a_file_adds_what_is_new_and_replaces_what_moved_and_leaves_the_rest():
    assert change([told()], [], first=TODAY).added == (told(),)
    assert change([told()], [kept()], first=TODAY).unchanged == 1
    assert change([told(last=12, revision=1)], [kept()], first=TODAY).replaced == (
        (5, told(last=12, revision=1)),
    )
    assert change([told(last=12)], [kept(revision=1)], first=TODAY).unchanged == 1
    assert change([], [kept()], first=TODAY).withdrawn == ()


def test_what_is_cancelled_or_is_none_any_more_is_withdrawn_if_it_was_known():
    gone = Told("1@x", None, 1)
    assert change([gone], [kept()], first=TODAY).withdrawn == (5,)
    assert change([gone], [], first=TODAY) == change([], [], first=TODAY)


def test_occurrences_that_a_series_no_longer_has_are_withdrawn_and_past_ones_stay():
    known = [
        kept("s@x#2026-03-16", row=1),
        kept("s@x#2026-03-23", row=2),
        kept("s@x#2026-01-01", -60, -60, row=3),
    ]
    found = change([told("s@x#2026-03-16")], known, first=TODAY)
    assert (found.unchanged, found.withdrawn) == (1, (2,))


# --------------------------------------------------------------------------- on the database


@pytest.fixture
def team(db: None) -> dict[str, Viewer]:
    """Amara leads Ben in North; Chidi is in South; Olu keeps the records, Rea reads."""
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    roles = {
        "amara": ("leader", north), "ben": ("csm", north), "chidi": ("csm", south), "olu": ("operations", None),
        "rea": ("reader", None),
    }  # fmt: skip
    viewers = {}
    for key, (role, of) in roles.items():
        user = User.objects.create(
            mail=f"{key}@example.com", name=key.title(), role=role, team=of, joined_at=NOW
        )
        if of:
            Person.objects.create(
                key=key, name=key.title(), mail=user.mail, user=user, role=role, team=of.name
            )
        viewers[key] = viewer_of(user)
    return viewers


def typed(team: dict[str, Viewer], by: str = "ben", **more: Any) -> int:
    given: dict[str, Any] = {"first_on": on(7), "last_on": on(11), **more}
    return type_leave(
        given.pop("person", "ben"), given.pop("first_on"), given.pop("last_on"), by=team[by], now=NOW, **given
    )


def standing() -> list[tuple[date, date]]:
    return list(
        Leave.objects.filter(withdrawn_at=None).order_by("first_on").values_list("first_on", "last_on")
    )


@pytest.mark.parametrize("name", ["ben", "amara", "olu"])
def test_a_person_who_leads_them_and_operations_type_a_leave_and_it_is_told(team, name):
    number = typed(team, name, cover="amara")

    row = Leave.objects.get(pk=number)
    assert (row.known_at, row.kind, row.cover.key) == (NOW, "leave", "amara")
    (entry,) = AuditEntry.objects.filter(what="leave.typed")
    assert entry.by_name == name.title() and entry.after["first_on"] == "2026-03-16"
    assert Happening.objects.filter(kind="leave.typed").exists()
    assert Write.objects.filter(table="book_leave", earliest_at=NOW).exists()


@pytest.mark.parametrize("name", ["chidi", "rea"])
def test_nobody_else_types_or_takes_back(team, name):
    with pytest.raises(ProfileNotYours):
        typed(team, name)
    number = typed(team)
    with pytest.raises(NoSuchEntry):
        withdraw_leave(number, by=team[name], now=NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"last_on": on(6)}, "ends before it begins"),
        ({"last_on": on(4000)}, "is none"),
        ({"first_on": date(9, 1, 1)}, "can't be meant"),
        ({"kind": "party"}, "no kind of leave"),
        ({"cover": "ben"}, "Nobody covers for themselves"),
        ({"cover": "nobody"}, "There is nobody 'nobody'"),
        ({"cover": "a\x00"}, "There is nobody"),
        ({"person": "nobody"}, "There is nobody"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_changes_nothing(team, more, said):
    with pytest.raises(ProfileRefused, match=said):
        typed(team, "olu", **more)
    assert not Leave.objects.exists() and not AuditEntry.objects.exists()


def test_the_same_leave_again_changes_nothing_and_taking_back_twice_does_no_harm(team):
    number = typed(team)
    assert typed(team) == number and Leave.objects.count() == 1
    for _ in range(2):
        withdraw_leave(number, by=team["ben"], now=NOW + timedelta(days=1))
    assert standing() == [] and AuditEntry.objects.filter(what="leave.withdrawn").count() == 1


def test_of_a_leave_that_has_begun_the_days_up_to_yesterday_stay(team):
    number = typed(team, first_on=on(-3), last_on=on(3))
    withdraw_leave(number, by=team["ben"], now=NOW)
    assert standing() == [(on(-3), on(-1))]


def test_what_was_known_on_a_day_stays_known_on_it(team):
    typed(team)
    later = NOW + timedelta(days=2)
    before = leave_rows(team["olu"], None, before=NOW + timedelta(days=1))
    withdraw_leave(before[0].id, by=team["ben"], now=later)
    typed(team, first_on=on(20), last_on=on(21))
    Leave.objects.filter(first_on=on(20)).update(known_at=later)

    assert leave_rows(team["olu"], None, before=NOW + timedelta(days=1)) == before
    assert [row.first_on for row in leave_rows(team["olu"], None, before=later + timedelta(days=1))] == [
        on(20)
    ]
    assert leave_rows(team["olu"], None, before=NOW) == ()


def absent(last: int, cover: int | None = None) -> list[bool]:
    person = Person.objects.get(key="ben").pk
    return add_absences([Absence(person, on(7), on(last), "leave", cover)], now=NOW, written=Written())


def test_an_import_that_gives_another_last_day_keeps_the_version_before(team):
    assert absent(11) == [True] and absent(11) == [False]
    assert absent(14) == [True]
    assert standing() == [(on(7), on(14))] and Leave.objects.filter(withdrawn_at=NOW).count() == 1


def test_what_a_person_took_back_stays_so_while_a_file_says_the_same(team):
    absent(11)
    withdraw_leave(Leave.objects.get().pk, by=team["ben"], now=NOW)
    assert absent(11) == [False] and standing() == []
    assert absent(12) == [True] and standing() == [(on(7), on(12))]


def ics(*events: str) -> bytes:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{each}\r\nEND:VEVENT" for each in events)
    return f"BEGIN:VCALENDAR\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def vacation(first: str = "20260316", end: str = "20260321", uid: str = "1@x", **more: Any) -> str:
    lines = [f"UID:{uid}", f"DTSTART;VALUE=DATE:{first}", f"DTEND;VALUE=DATE:{end}"]
    return "\r\n".join(
        [*lines, *(f"{name.upper()}:{value}" for name, value in ({"summary": "Vacation"} | more).items())]
    )


def land(team: dict[str, Viewer], *events: str, by: str = "ben") -> Any:
    return land_calendar("ben", ics(*events), by=team[by], now=NOW)


def test_a_calendar_brings_leave_in_once_and_a_new_version_takes_its_place(team):
    assert land(team, vacation(), vacation(uid="2@x", summary="QBR")).added == 1
    assert land(team, vacation()).unchanged == 1 and Leave.objects.count() == 1
    moved = land(team, vacation(end="20260324", sequence=1))
    assert (moved.changed, standing()) == (1, [(on(7), on(14))])
    assert land(team, vacation()).unchanged == 1 and standing() == [(on(7), on(14))]
    assert land(team, vacation(sequence=2, status="CANCELLED")).withdrawn == 1 and standing() == []
    assert AuditEntry.objects.filter(what="leave.imported").count() == 3


def test_no_word_of_an_event_is_kept(team):
    found = land(team, vacation(summary="Vacation: surgery"))
    assert found.added == 1
    for row in (*Leave.objects.values(), *AuditEntry.objects.values("after", "before", "thing_name")):
        assert "surgery" not in str(row)


def test_leave_that_began_before_is_known_from_when_its_calendar_had_it_else_from_its_first_day(team):
    land(
        team,
        vacation("20260202", "20260204", created="20260115T090000Z"),
        vacation("20260209", "20260210", uid="2@x"),
    )
    assert [row.known_at.date() for row in Leave.objects.order_by("first_on")] == [
        date(2026, 1, 15),
        date(2026, 2, 9),
    ]


def test_a_calendar_of_everybody_is_dealt_out_by_address_and_strangers_are_left_out(team):
    landed, left_out = land_calendars(
        ics(
            vacation(organizer="mailto:ben@example.com", attendee="mailto:amara@example.com"),
            vacation(uid="2@x", attendee="mailto:CHIDI@example.com"),
            vacation(uid="3@x", organizer="mailto:who@else.example"),
        ),
        by=team["olu"],
        now=NOW,
    )
    assert [(row.person, row.added) for row in landed] == [("ben", 1), ("chidi", 1)]
    assert left_out == [("Vacation", "it names nobody of the team")]
    with pytest.raises(ProfileNotYours):
        land_calendars(ics(vacation()), by=team["amara"], now=NOW)


@pytest.mark.parametrize("name", ["amara", "olu"])
def test_hours_and_a_ceiling_are_set_by_leaders_and_operations_and_taken_back(team, name):
    by = team[name]
    days = {"first_on": on(0), "last_on": None}
    more = adjust_hours("ben", -12, "Trains a colleague", **days, by=by, now=NOW)
    most = set_ceiling("ben", 9, "Two escalations", **days, by=by, now=NOW)
    assert adjust_hours("ben", -12, "Trains  a colleague", **days, by=by, now=NOW) == more
    assert set_ceiling("ben", 9, "Two escalations", **days, by=by, now=NOW) == most

    found = profile(by, "ben", before=NOW + timedelta(seconds=1))
    assert (
        found is not None
        and found.ceiling_on(TODAY).a_week == 9
        and found.adjustments_on(TODAY)[0].hours == -12
    )
    for _ in range(2):
        withdraw_adjustment(more, by=by, now=NOW + timedelta(days=1))
        withdraw_ceiling(most, by=by, now=NOW + timedelta(days=1))
    assert profile(by, "ben", before=NOW + timedelta(seconds=1)) == found
    later = profile(by, "ben", before=NOW + timedelta(days=2))
    assert later is not None and (later.ceilings, later.adjustments) == ((), ())
    assert AuditEntry.objects.count() == 4


@pytest.mark.parametrize("name", ["ben", "chidi", "rea"])
def test_nobody_says_of_themselves_or_of_others_what_they_can_sustain(team, name):
    with pytest.raises(ProfileNotYours):
        adjust_hours("ben", -12, "Why", first_on=on(0), last_on=None, by=team[name], now=NOW)
    row = OwnCeiling.objects.create(
        person=Person.objects.get(key="ben"), first_on=on(0), a_week=9, happened_at=NOW, known_at=NOW
    )
    with pytest.raises(NoSuchEntry):
        withdraw_ceiling(row.pk, by=team[name], now=NOW)


@pytest.mark.parametrize(
    ("hours", "reason", "last", "said"),
    [
        (0, "Why", None, "can't be meant"),
        (float("nan"), "Why", None, "can't be meant"),
        (float("inf"), "Why", None, "can't be meant"),
        (500, "Why", None, "can't be meant"),
        (5, "  ", None, "no reason"),
        (5, "x" * 301, None, "too long"),
        (5, "Why", -1, "ends before it begins"),
    ],
)
def test_hours_that_cannot_be_are_refused(team, hours, reason, last, said):
    until = None if last is None else on(last)
    with pytest.raises(ProfileRefused, match=said):
        adjust_hours("ben", hours, reason, first_on=on(0), last_on=until, by=team["olu"], now=NOW)
    assert not CapacityAdjustment.objects.exists()
