"""Landing accounts, attributes, owners, people and revenue: dated, and without harm when repeated."""

from datetime import UTC, date, datetime

import pytest

from evenbook.book import directory
from evenbook.book.actions.accounts import (
    AccountChange,
    MergeRefused,
    NewAccount,
    add_accounts,
    add_aliases,
    change_accounts,
    link_parents,
    merge,
    split,
    start_accounts,
    undo_merge,
)
from evenbook.book.actions.histories import Owned, Said, own, say
from evenbook.book.actions.people import PersonSaid, add_person, change_person
from evenbook.book.actions.revenue import Booking, Movement, add_movements, book_terms, state_revenue
from evenbook.book.actions.versions import land_facts
from evenbook.book.actions.writing import Written
from evenbook.book.models import Account, AccountValue, Contact, Ownership, Person, RevenueMovement
from evenbook.book.rules.revenue import Terms
from evenbook.book.rules.versions import Fact, Shape
from evenbook.frames.models import Write
from evenbook.kit.dates import BEGINNING
from evenbook.people.viewer import SYSTEM, Viewer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 4, 6, 9, tzinfo=UTC)


def an_account(name="Fern & Vale", started_at=None) -> int:
    new = NewAccount(key=name, name=name, matched=name.casefold(), domain="", started_at=started_at)
    return add_accounts([new], taken=set(), now=NOW, written=Written())[0][0]


def rank(source):
    return {"person": 0, "crm": 1, "support": 2}.get(source, 9)


def say_once(said, *, fresh=frozenset(), now=NOW):
    return say([said], fresh=fresh, rank=rank, now=now, written=Written())


def test_an_account_is_known_from_its_start_or_from_the_beginning():
    started = datetime(2024, 5, 1, tzinfo=UTC)
    with_start, without = an_account("Fern", started), an_account("Otter")

    assert Account.objects.get(pk=with_start).known_at == started
    assert Account.objects.get(pk=without).known_at == BEGINNING


def test_two_accounts_never_share_a_key():
    taken: set[str] = set()
    new = NewAccount(key="", name="Fern & Vale", matched="fern and vale", domain="", started_at=None)
    keys = [key for _, key in add_accounts([new, new], taken=taken, now=NOW, written=Written())]

    assert keys == ["fern-vale", "fern-vale-2"]


def test_the_register_finds_an_account_by_the_ids_that_sources_use():
    account = an_account()
    add_aliases([(account, "crm", "001", "f")])

    assert directory.register().by_id["crm", "001"] == account
    assert directory.fingerprints("crm") == {"001": "f"}


def test_a_start_only_fills_a_missing_one():
    account = an_account(started_at=datetime(2024, 5, 1, tzinfo=UTC))
    bare = an_account("Otter")
    first = datetime(2023, 1, 1, tzinfo=UTC)
    start_accounts([(account, first), (bare, LATER), (bare, first)], written=Written())

    assert Account.objects.get(pk=account).started_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert Account.objects.get(pk=bare).started_at == first


def test_custom_fields_add_up():
    account = an_account()
    change_accounts([AccountChange(account, custom={"a": 1})], written=Written())
    change_accounts([AccountChange(account, custom={"b": 2})], written=Written())

    assert Account.objects.get(pk=account).custom == {"a": 1, "b": 2}


def test_a_circle_of_parents_is_refused_at_the_link_that_closes_it():
    one, two, three = an_account("One"), an_account("Two"), an_account("Three")
    refused, changed = link_parents([(one, two), (two, three), (three, one)], parents={}, written=Written())

    assert (refused, changed) == ([2], [0, 1])
    assert Account.objects.get(pk=three).parent_id is None


def test_a_merge_can_be_undone_and_both_keep_their_records():
    one, two = an_account("One"), an_account("Two")
    merge(one, two, by=SYSTEM, now=NOW)
    merge(one, two, by=SYSTEM, now=NOW)
    assert Account.objects.get(pk=one).merged_into_id == two

    undo_merge(one, by=SYSTEM, now=NOW)
    assert Account.objects.get(pk=one).merged_into_id is None


def test_merges_in_a_circle_and_by_others_than_operations_are_refused():
    one, two = an_account("One"), an_account("Two")
    merge(one, two, by=SYSTEM, now=NOW)

    with pytest.raises(MergeRefused):
        merge(two, one, by=SYSTEM, now=NOW)
    with pytest.raises(MergeRefused):
        merge(one, two, by=Viewer(1, "ben@northgate.example", "Ben", "csm"), now=NOW)


def test_a_wrong_match_across_sources_is_undone_by_splitting_what_one_source_said_off():
    account = an_account()
    add_aliases([(account, "crm", "001", "f"), (account, "desk", "77", "f")])
    say_once(Said(account, "region", "EMEA", "crm"), fresh={account})
    say_once(Said(account, "plan", "Pro", "desk"))

    other = split(account, "desk", by=SYSTEM, now=LATER)

    assert directory.register().by_id == {("crm", "001"): account, ("desk", "77"): other}
    assert [row.name for row in AccountValue.objects.filter(account_id=other)] == ["plan"]
    with pytest.raises(MergeRefused):
        split(account, "crm", by=SYSTEM, now=LATER)


def test_a_structural_value_is_back_filled_on_the_accounts_first_load_only():
    account = an_account()
    assert say_once(Said(account, "tier", "2", "crm"), fresh={account}) == [True]
    assert say_once(Said(account, "tier", "2", "crm"), now=LATER) == [False]
    assert say_once(Said(account, "tier", "1", "crm"), now=LATER) == [True]

    rows = list(
        AccountValue.objects.order_by("pk").values_list("value", "happened_at", "known_at", "assumed")
    )
    assert rows == [("2", BEGINNING, BEGINNING, True), ("1", LATER, LATER, False)]


def test_what_smells_of_the_outcome_is_unknown_before_the_load():
    account = an_account()
    say_once(Said(account, "status", "churned", "crm"), fresh={account})

    assert AccountValue.objects.get().known_at == NOW


def test_a_dated_value_counts_from_its_own_day_and_lands_once():
    account = an_account()
    churned = datetime(2025, 9, 1, tzinfo=UTC)
    said = Said(account, "status", "churned", "crm", at=churned)

    assert [say_once(said), say_once(said, now=LATER)] == [[True], [False]]
    assert (AccountValue.objects.get().known_at, AccountValue.objects.get().assumed) == (churned, True)


def test_a_change_counts_from_when_the_source_made_it():
    account = an_account()
    say_once(Said(account, "region", "EMEA", "crm"), fresh={account})
    changed = datetime(2026, 3, 20, tzinfo=UTC)
    say_once(Said(account, "region", "APAC", "crm", modified_at=changed), now=LATER)

    assert AccountValue.objects.get(value="APAC").known_at == changed


def test_where_two_sources_disagree_policy_says_who_wins_and_the_loser_is_kept():
    account = an_account()
    say_once(Said(account, "region", "EMEA", "crm"), fresh={account})
    assert say_once(Said(account, "region", "Europe", "support"), now=LATER) == [False]

    assert AccountValue.objects.count() == 1
    assert Account.objects.get(pk=account).custom == {"also_said": {"region": {"support": "Europe"}}}


def test_an_owner_is_back_filled_once_and_changes_count_from_the_load():
    account = an_account()
    amara = add_person(PersonSaid("Amara Obi"), taken=set(), written=Written())
    ben = add_person(PersonSaid("Ben Hale"), taken=set(), written=Written())
    by_amara = Owned(account, "owner", amara.pk, None, "crm")
    by_ben = Owned(account, "owner", ben.pk, None, "crm")

    own([by_amara], fresh={account}, rank=rank, now=NOW, written=Written())
    own([by_amara, by_ben, by_ben], fresh=set(), rank=rank, now=LATER, written=Written())

    rows = list(Ownership.objects.order_by("pk").values_list("person_id", "known_at"))
    assert rows == [(amara.pk, BEGINNING), (ben.pk, LATER)]


def test_no_owner_is_only_written_where_there_was_one():
    account = an_account()
    nobody = Owned(account, "owner", None, None, "crm")

    assert own([nobody], fresh={account}, rank=rank, now=NOW, written=Written()) == [False]


def test_a_person_is_brought_up_to_date_and_nothing_is_taken_away():
    person = add_person(PersonSaid("Amara Obi", "", {"region": "EMEA"}), taken=set(), written=Written())
    said = PersonSaid("Amara Obi", "amara@northgate.example", {"team": "North"}, (("crm", "005"),))

    assert change_person(person.pk, said, now=NOW, written=Written())
    assert not change_person(person.pk, said, now=LATER, written=Written())
    row = Person.objects.get()
    assert (row.mail, row.team, row.region) == ("amara@northgate.example", "North", "EMEA")
    assert directory.staff().find(source="crm", external_id="005") == person.pk


def test_a_contract_is_booked_once_and_a_lost_one_counts_down_on_its_own_day():
    account = an_account()
    booking = Booking(account, "crm", "USD")
    running = Terms("c-1", 12_000_00, date(2024, 1, 1), None)
    lost = Terms("c-1", 12_000_00, date(2024, 1, 1), datetime(2026, 3, 20, tzinfo=UTC))

    book_terms([(booking, running, None)], now=NOW, written=Written())
    assert book_terms([(booking, running, None)], now=LATER, written=Written()) == [False]
    book_terms([(booking, lost, None)], now=LATER, written=Written())

    rows = list(RevenueMovement.objects.order_by("pk").values_list("kind", "change_cents", "known_at"))
    assert rows == [
        ("new", 12_000_00, datetime(2024, 1, 1, tzinfo=UTC)),
        ("churn", -12_000_00, datetime(2026, 3, 20, tzinfo=UTC)),
    ]


def test_stated_revenue_books_the_difference_at_the_load():
    account = an_account()
    booking = Booking(account, "crm", "USD")

    assert state_revenue([(booking, 100)], now=NOW, written=Written()) == [True]
    assert state_revenue([(booking, 100)], now=LATER, written=Written()) == [False]
    assert state_revenue([(booking, 130)], now=LATER, written=Written()) == [True]
    rows = list(RevenueMovement.objects.order_by("pk").values_list("kind", "change_cents", "known_at"))
    assert rows == [("stated", 100, NOW), ("stated", 30, LATER)]


def test_no_revenue_is_something_else_than_unknown_revenue():
    account = an_account()

    assert state_revenue([(Booking(account, "crm", "USD"), 0)], now=NOW, written=Written()) == [True]
    assert RevenueMovement.objects.get().change_cents == 0


def test_a_movement_lands_once():
    happened = datetime(2025, 1, 1, tzinfo=UTC)
    movement = Movement(Booking(an_account(), "crm", "USD"), "m-1", "expansion", 500, happened)

    assert add_movements([movement, movement], now=NOW, written=Written()) == [True, False]


def test_a_changed_contact_gets_a_new_version_and_a_deleted_one_ends():
    account = an_account()

    def land(fingerprint, now, *, title="", is_deleted=False):
        values = {"account_id": account, "name": "Iris Moss", "title": title}
        fact = Fact("crm", "003", values, NOW, None, None, fingerprint, is_deleted)
        return land_facts(Contact, [fact], shape=Shape(), now=now, written=Written())[0]

    assert [land("a", NOW), land("a", LATER), land("b", LATER, title="CTO")] == [
        "created",
        "unchanged",
        "changed",
    ]
    assert list(Contact.objects.order_by("pk").values_list("title", "known_at", "known_until")) == [
        ("", NOW, LATER),
        ("CTO", LATER, None),
    ]
    assert [land("c", LATER, is_deleted=True), land("c", LATER, is_deleted=True)] == ["changed", "absent"]
    assert not Contact.objects.filter(known_until__isnull=True).exists()


def test_a_record_that_speaks_of_some_fields_only_leaves_the_others():
    account = an_account()
    full = Fact(
        "crm", "003", {"account_id": account, "name": "Iris Moss", "title": "CTO"}, NOW, None, None, "a"
    )
    part = Fact(
        "crm", "003", {"role": "sponsor", "title": "CEO"}, NOW, None, None, "b", weak=frozenset({"title"})
    )
    land_facts(Contact, [full], shape=Shape(), now=NOW, written=Written())
    land_facts(Contact, [part], shape=Shape(), now=LATER, written=Written())
    assert land_facts(Contact, [full], shape=Shape(), now=LATER, written=Written()) == ["unchanged"]

    row = Contact.objects.get(known_until=None)
    assert (row.name, row.title, row.role) == ("Iris Moss", "CTO", "sponsor")


def test_an_import_leaves_one_note_a_table_with_the_earliest_instant_it_touches():
    written = Written()
    written.add(Account, [LATER, NOW])
    written.count(Person, 5, NOW)
    written.flush(LATER)

    notes = {note.table: (note.rows, note.earliest_at) for note in Write.objects.all()}
    assert notes == {"book_account": (2, NOW), "book_person": (5, NOW)}
