"""Who of the team a name, address or id means."""

import pytest

from evenbook.book.rules.staff import Known, Staff, is_nobody, looks_like_no_person, name_from_mail, plain

AMARA = Known(1, "amara-obi", "Amara Obi", "amara@north.example")
BEN = Known(2, "ben-hale", "Ben Hale", "")


def team(*people: Known) -> Staff:
    staff = Staff()
    for person in people:
        staff.add(person)
    return staff


def test_an_id_decides_before_an_address_and_an_address_before_a_name():
    staff = team(AMARA, BEN)
    staff.alias(2, "crm", "005")

    assert staff.find(source="crm", external_id="005", mail="amara@north.example") == 2
    assert staff.find(mail="AMARA@north.example", name="Ben Hale") == 1
    assert staff.find(name="Obi, Amara") == 1


def test_a_name_with_another_address_or_another_id_of_the_source_is_somebody_else():
    staff = team(AMARA, BEN)
    staff.alias(2, "crm", "005")

    assert staff.find(mail="amara@south.example", name="Amara Obi") is None
    assert staff.find(source="crm", external_id="006", name="Ben Hale") is None
    assert staff.find(source="desk", external_id="006", name="Ben Hale") == 2


def test_a_name_that_two_people_have_means_neither():
    assert team(AMARA, Known(3, "amara-obi-2", "Amara Obi", "")).find(name="Amara Obi") is None


@pytest.mark.parametrize(
    "name", ["Integration User", "EMEA Queue", "System Admin", "CS Pool", "Support Team", "API"]
)
def test_queues_and_robots_are_told_by_their_names(name):
    assert looks_like_no_person(name)


@pytest.mark.parametrize("name", ["Amara Obi", "Roberta Teamson", "Apia Botha", "Poole Adminson"])
def test_people_whose_names_hold_such_words_are_people(name):
    assert not looks_like_no_person(name)


def test_a_shared_mailbox_is_no_person_and_a_name_is_made_of_an_address():
    assert looks_like_no_person("", "support@north.example") and not looks_like_no_person(
        "", "sam@north.example"
    )
    assert name_from_mail("amara.obi@north.example") == "Amara Obi"


def test_the_words_for_nobody():
    assert is_nobody("Unassigned") and is_nobody("n/a") and not is_nobody("Noone Person")
    assert plain(" O'Brien,  Pat ") == "pat o'brien"
