"""Which account a record speaks of, and who a name means; what nobody can tell is asked or refused."""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.book.actions.people import PersonSaid, add_person, add_pool, change_person, give_role
from evenbook.book.rules.matching import Candidate, is_near, near
from evenbook.book.rules.staff import Known, is_nobody, looks_like_no_person, name_from_mail
from evenbook.sources.actions.context import Loading
from evenbook.sources.rules import matches
from evenbook.sources.rules import people as asking
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.rows import Held, Record, Refusal
from evenbook.sources.values import company_domain, match_name

SOMEBODY, NOBODY = "person", ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns an account: a person, a pool, or nobody."""

    person: int | None = None
    pool: int | None = None


def account_of(
    record: Record, source: str, loading: Loading, *, file: str, linked: str = ""
) -> int | Held | Refusal:
    """Return the account that a record speaks of, or what to wait for, or why there is none.

    Args:
        record: the record.
        source: whose ids it uses.
        loading: the state of the import.
        file: for questions.
        linked: the kind of link and the record's id there, as ``engagement/123``.
    """
    link = _linked(linked, source, loading)
    external_id = link or record.text("account_id").partition(";")[0].strip()
    name, domain = record.text("account_name"), _domain(record, loading)
    if external_id:
        found = _by_id(external_id, source, loading)
        if found is not None:
            return found
    hits = [each for each in loading.register.by_domain.get(domain, ()) if domain]
    if len(hits) == 1:
        return hits[0]
    if name:
        return _by_name(name, source, loading, file=file)
    by_contact = _by_contact(record, source, loading)
    if by_contact is not None:
        return by_contact
    return _unknown(record, external_id, linked)


def _linked(linked: str, source: str, loading: Loading) -> str:
    kind, _, external_id = linked.partition("/")
    if not external_id:
        return ""
    return str(loading.lookup(source, f"{kind}-account").get(external_id, {}).get("account", ""))


def _by_id(external_id: str, source: str, loading: Loading) -> int | Held | Refusal | None:
    found = loading.register.by_any_id(source, external_id)
    if found is not None:
        return found
    if (source, external_id) in loading.held:
        return Held(loading.held[source, external_id])
    if (source, external_id) in loading.refused:
        where = loading.refused[source, external_id]
        return Refusal("account_id", f"its account '{external_id}' was rejected itself ({where})")
    return None


def _by_name(name: str, source: str, loading: Loading, *, file: str) -> int | Held | Refusal:
    matched = match_name(name) or name
    hits = loading.register.by_exact_name(matched)
    if len(hits) == 1:
        return hits[0]
    key = ("name", matched)
    if key in loading.held:
        return Held(loading.held[key])
    if key in loading.refused:
        return Refusal("account_name", f"its account '{name}' was rejected itself ({loading.refused[key]})")
    likeness = loading.numbers.similar_name_share
    others = hits or near(matched, loading.register, likeness=likeness)
    waiting = (question for (kind, held), question in loading.held.items()
               if kind == "name" and is_near(matched, held, likeness=likeness))  # fmt: skip
    if not others and (question_id := next(waiting, None)):
        return Held(question_id)
    if not others:
        return Refusal("account_name", f"no account is called '{name}'")
    candidate = Candidate(source, "", name, matched, "")
    named = [loading.register.named[each] for each in others]
    question = matches.reference(file, "", candidate, named)
    answer = loading.questions.ask(question)
    if answer is None:
        return Held(question.id)
    chosen = next((each.account for each in named if matches.SAME + each.key == answer), None)
    return chosen if chosen is not None else Refusal("account_name", f"no account is called '{name}'")


def _by_contact(record: Record, source: str, loading: Loading) -> int | None:
    contact = record.text("contact_id")
    if contact and (source, contact) in loading.contacts:
        return loading.contacts[source, contact]
    for mail in (record.text("contact_mail"), record.text("mail")):
        if mail in loading.contacts_by_mail:
            return loading.contacts_by_mail[mail]
        domain = company_domain(mail, loading.public_domains) if mail else None
        hits = loading.register.by_domain.get(domain, []) if isinstance(domain, str) else []
        if len(hits) == 1:
            return hits[0]
    return None


def _unknown(record: Record, external_id: str, linked: str) -> Refusal:
    if external_id:
        return Refusal("account_id", f"no account has the id '{external_id}'")
    if record.text("account_domain"):
        return Refusal("account_domain", f"no account has the domain '{record.text('account_domain')}'")
    if linked:
        kind = linked.partition("/")[0]
        return Refusal("", f"no account is named: its {kind} is linked to no company that is known")
    return Refusal("", "no account is named")


def _domain(record: Record, loading: Loading) -> str:
    found = company_domain(record.text("account_domain"), loading.public_domains)
    return found if isinstance(found, str) else ""


def owner_of(
    record: Record, source: str, loading: Loading, *, file: str, column: str, prefix: str = "owner"
) -> Owner | Held:
    """Return who owns an account by a record's owner fields, or what to wait for."""
    external_id, mail, name = known_as = _named(record, prefix)
    pool = record.text("pool_name")
    if pool and not any(known_as):
        return Owner(pool=_pool(pool, loading))
    if not any(known_as) or is_nobody(name):
        return Owner()
    found = loading.staff.find(source=source, external_id=external_id, mail=mail, name=name)
    if found is not None:
        _learn(found, source, external_id, mail=mail, loading=loading)
        give_role([found], old="user", new="csm", written=loading.written)
        return Owner(person=found)
    said = name or mail or external_id
    question = _owner_question(source, known_as, loading, file=file, column=column)
    if question is None:
        return Owner(person=_added(said, source, external_id, mail, loading=loading, role="csm"))
    return _answered(question, said, source, known_as, loading=loading)


def owner_doubt(
    record: Record, source: str, loading: Loading, *, file: str, column: str, prefix: str = "owner"
) -> Held | None:
    """Return what to wait for before it is clear who owns an account; adds and learns nothing."""
    external_id, mail, name = known_as = _named(record, prefix)
    if not any(known_as) or is_nobody(name):
        return None
    if loading.staff.find(source=source, external_id=external_id, mail=mail, name=name) is not None:
        return None
    question = _owner_question(source, known_as, loading, file=file, column=column)
    return Held(question.id) if question and loading.questions.ask(question) is None else None


def _named(record: Record, prefix: str) -> tuple[str, str, str]:
    """Return how a record names somebody: id, mail address, name."""
    return record.text(f"{prefix}_id"), record.text(f"{prefix}_mail"), record.text(f"{prefix}_name")


def _owner_question(
    source: str, known_as: tuple[str, str, str], loading: Loading, *, file: str, column: str
) -> Question | None:
    """Return what to ask about an owner whom nobody knows; None for one who may just be added."""
    external_id, mail, name = known_as
    said = name or mail or external_id
    is_odd = looks_like_no_person(name, mail)
    lists = source if external_id and not (name or mail) else "generic"
    is_shared = len(loading.staff.named(name)) > 1 and not (external_id or mail)
    if not is_odd and not is_shared and lists not in loading.listed:
        return None
    return asking.owner(file, column, said, source, likely=_alike(said, loading), is_odd=is_odd)


def _answered(
    question: Question, said: str, source: str, known_as: tuple[str, str, str], *, loading: Loading
) -> Owner | Held:
    external_id, mail, _ = known_as
    answer = loading.questions.ask(question)
    if answer is None:
        return Held(question.id)
    if answer.startswith(asking.IS):
        person = loading.staff.by_key[answer.removeprefix(asking.IS)]
        _learn(person, source, external_id or said, mail="", loading=loading)
        loading.staff.by_name.setdefault(said.casefold(), set()).add(person)
        return Owner(person=person)
    if answer == asking.POOL:
        return Owner(pool=_pool(said, loading))
    if answer == asking.NOBODY:
        return Owner()
    role = "csm" if answer == asking.NEW else "robot"
    added = _added(
        said, source, external_id, mail, loading=loading, role=role, is_person=answer == asking.NEW
    )
    return Owner(person=added)


def _alike(said: str, loading: Loading) -> list[str]:
    """Return the keys of people whose names share a word with this one, or nearly do."""
    words = {word for word in said.casefold().replace(".", " ").split() if len(word) > 2}
    found = [
        person.key for person in loading.staff.known.values() if words & set(person.name.casefold().split())
    ]
    return sorted(found)[:3]


def person_of(record: Record, source: str, loading: Loading, *, prefix: str = "person") -> int | None:
    """Return the person that a record names, added where they are new; None for nobody and robots."""
    external_id, mail = record.text(f"{prefix}_id"), record.text(f"{prefix}_mail")
    name = record.text(f"{prefix}_name")
    if "@" in name and not mail:
        mail, name = name.lower(), ""
    if not (external_id or mail or name) or is_nobody(name):
        return None
    found = loading.staff.find(source=source, external_id=external_id, mail=mail, name=name)
    if found is not None:
        _learn(found, source, external_id, mail=mail, loading=loading)
        return found
    is_shared = len(loading.staff.named(name)) > 1 and not (external_id or mail)
    if is_shared or looks_like_no_person(name, mail) or not (mail or name):
        return None
    return _added(name or mail, source, external_id, mail, loading=loading, role="user")


def _learn(person: int, source: str, external_id: str, *, mail: str, loading: Loading) -> None:
    """Keep an id or address by which a person was not known before."""
    known = loading.staff.known[person]
    new_id = external_id if external_id and loading.staff.by_id.get((source, external_id)) != person else ""
    new_mail = mail if mail and not known.mail else ""
    if not (new_id or new_mail):
        return
    aliases = ((source, new_id),) if new_id else ()
    said = PersonSaid(name="", mail=new_mail, aliases=aliases)
    change_person(person, said, now=loading.now, written=loading.written)
    loading.staff.add(Known(person, known.key, known.name, new_mail or known.mail), aliases)


def _added(
    said: str,
    source: str,
    external_id: str,
    mail: str,
    *,
    loading: Loading,
    role: str,
    is_person: bool = True,
) -> int:
    name = name_from_mail(said) if "@" in said else said
    aliases = ((source, external_id),) if external_id else ()
    fields = {"role": role, "is_person": is_person}
    row = add_person(
        PersonSaid(name, mail, fields, aliases), taken=loading.person_keys, written=loading.written
    )
    loading.staff.add(Known(row.pk, row.key, row.name, row.mail), aliases)
    return row.pk


def _pool(name: str, loading: Loading) -> int:
    pool, _ = add_pool(name, lead=None, written=loading.written)
    return pool
