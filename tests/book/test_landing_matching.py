"""Which account a record speaks of: id, domain, exact name; anything less is a question."""

from evenbook.book.rules.matching import Candidate, Named, Register, core, match, near

LIKENESS = 0.88


def register(*accounts: Named, **aliases: tuple[int, str]) -> Register:
    made = Register()
    for account in accounts:
        made.add(account)
    for source, (account, external_id) in aliases.items():
        made.alias(account, source, external_id)
    return made


FERN = Named(1, "fern", "Fern & Vale Ltd", "fern and vale ltd", "fernvale.example")
OTTER = Named(2, "otter", "Otter Works", "otter works", "")


def said(source="zendesk", external_id="", name="", domain=""):
    return Candidate(source, external_id, name, name.lower(), domain)


def test_the_id_of_a_source_decides_whatever_the_name_says():
    found = match(said("crm", "77", "Renamed Since"), register(FERN, crm=(1, "77")), likeness=LIKENESS)

    assert (found.kind, found.account) == ("same", 1)


def test_an_unmistakable_id_of_another_source_is_taken_over_if_the_name_agrees():
    known = register(FERN, crm=(1, "ACC-00917"))

    assert match(said("usage", "ACC-00917"), known, likeness=LIKENESS).account == 1
    assert match(said("usage", "ACC-00917", "Otter Works"), known, likeness=LIKENESS).kind == "doubt"


def test_a_small_number_used_by_two_sources_proves_nothing():
    found = match(said("usage", "17", "Heron Maps"), register(FERN, crm=(1, "17")), likeness=LIKENESS)

    assert found.kind == "new"


def test_the_domain_decides_before_the_name():
    known = register(FERN, OTTER, crm=(1, "77"))
    found = match(said(name="fern and vale ltd", domain="fernvale.example"), known, likeness=LIKENESS)

    assert found.account == 1


def test_the_same_domain_under_another_name_is_asked():
    found = match(said(name="Vale Holdings", domain="fernvale.example"), register(FERN), likeness=LIKENESS)

    assert (found.kind, found.others) == ("doubt", (1,))


def test_subsidiaries_that_share_a_domain_in_one_source_are_not_asked_about():
    known = register(FERN, crm=(1, "77"))
    found = match(said("crm", "78", "Fern Iberia", "fernvale.example"), known, likeness=LIKENESS)

    assert found.kind == "new"


def test_an_exact_name_is_a_match_and_a_name_with_another_domain_is_asked():
    assert match(said(name="Otter Works"), register(OTTER), likeness=LIKENESS).account == 2
    other = match(said(name="fern and vale ltd", domain="other.example"), register(FERN), likeness=LIKENESS)
    assert other.kind == "doubt"


def test_the_same_name_twice_in_one_source_is_asked():
    found = match(said("crm", "3", "Otter Works"), register(OTTER, crm=(2, "2")), likeness=LIKENESS)

    assert (found.kind, found.why) == ("doubt", "the same name under another id")


def test_a_name_that_only_lacks_its_legal_form_is_asked():
    found = match(said(name="Fern and Vale"), register(FERN), likeness=LIKENESS)

    assert (found.kind, found.others) == ("doubt", (1,))


def test_a_typing_slip_is_asked_and_a_different_name_is_new():
    assert match(said(name="Otter Wroks"), register(OTTER), likeness=LIKENESS).kind == "doubt"
    assert match(said(name="Heron Maps"), register(OTTER), likeness=LIKENESS).kind == "new"


def test_names_that_differ_in_a_number_are_two_companies():
    known = register(Named(1, "c1", "Company_10", "company 10", ""))

    assert match(said(name="company 100"), known, likeness=LIKENESS).kind == "new"


def test_names_of_one_list_are_not_compared_with_each_other():
    known = register(OTTER)

    assert match(said(name="Otter Wroks"), known, likeness=LIKENESS, beside={2}).kind == "new"


def test_two_accounts_of_one_name_are_not_chosen_between():
    known = register(OTTER, Named(3, "otter-2", "Otter Works", "otter works", ""))

    assert match(said(name="Otter Works"), known, likeness=LIKENESS).others == (2, 3)


def test_the_nearest_names_come_first():
    known = register(OTTER, Named(3, "o3", "Otter Worksop", "otter worksop", ""))

    assert near("otter wrks", known, likeness=0.8)[0] == 2


def test_a_name_that_is_only_a_legal_form_keeps_it():
    assert core("the company") == "the company"
    assert core("sp zoo") == "sp zoo"
