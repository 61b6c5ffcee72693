"""Which columns of all tables can hold what is personal, gathered from the slices.

Words for a column:

``text``    may name somebody: their name, mail address and key are taken out of it;
``own``     is about the person of the row, and is replaced when they are forgotten;
``trail``   of the audit trail, which nobody changes: names are veiled where it is read;
``secret``  opens a door: told to nobody, not even to whom it belongs;
``free``    names nobody: kinds, states, digests, names of products and companies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import models

TEXT, OWN, TRAIL, SECRET, FREE = WORDS = ("text", "own", "trail", "secret", "free")
TEXTUAL = (models.CharField, models.TextField, models.JSONField)

OF_OTHERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "auth": {"Permission": {"free": "name codename"}, "Group": {"free": "name"}},
    "contenttypes": {"ContentType": {"free": "app_label model"}},
    "sessions": {"Session": {"secret": "session_key session_data"}},
    "account": {"EmailAddress": {"own": "email"}, "EmailConfirmation": {"secret": "key"}},
    "socialaccount": {
        "SocialApp": {"free": "provider provider_id name", "secret": "client_id secret key settings"},
        "SocialAccount": {"free": "provider", "own": "uid extra_data"},
        "SocialToken": {"secret": "token token_secret"},
    },
    "mfa": {"Authenticator": {"free": "type", "secret": "data"}},
    "admin": {"LogEntry": {"free": "object_id", "text": "object_repr change_message"}},
}
"""The tables of packages that we use, by their label."""


@dataclass(frozen=True)
class Kept:
    """One table, and the word of each of its text columns; ``goes`` is the key of whom it goes with."""

    model: type[models.Model]
    words: Mapping[str, str]
    goes: str = ""

    @property
    def table(self) -> str:
        """Its name in the database."""
        return str(self.model._meta.db_table)

    @property
    def label(self) -> str:
        """Its name in files and reports."""
        return f"{self.model._meta.app_label}.{self.model.__name__}"

    @property
    def called(self) -> str:
        """What its rows are called on screens."""
        name = str(self.model._meta.verbose_name_plural)
        return name[:1].upper() + name[1:]

    def having(self, *words: str) -> tuple[str, ...]:
        """Return the columns with one of these words."""
        return tuple(name for name, word in self.words.items() if word in words)


@cache
def kept_tables() -> tuple[Kept, ...]:
    """Return every table, low slices first."""
    return tuple(_kept(model) for model in apps.get_models())


def undeclared() -> Iterator[str]:
    """Yield what a declaration lacks, or names though it is not there."""
    for each in kept_tables():
        there = {field.name for field in each.model._meta.concrete_fields if isinstance(field, TEXTUAL)}
        yield from (f"{each.label}.{name} has no word" for name in sorted(there - set(each.words)))
        yield from (f"{each.label}.{name} is no text column" for name in sorted(set(each.words) - there))
        yield from (f"{each.label}: {word}" for word in sorted(set(each.words.values()) - set(WORDS)))


def _kept(model: type[models.Model]) -> Kept:
    said, goes = _declared(model)
    words = {name: word for word, names in said.items() for name in names.split()}
    return Kept(model, words, goes)


def _declared(model: type[models.Model]) -> tuple[Mapping[str, str], str]:
    slice_, _, _ = model.__module__.removeprefix("evenbook.").partition(".")
    if not model.__module__.startswith("evenbook."):
        return OF_OTHERS.get(model._meta.app_label, {}).get(model.__name__, {}), ""
    if not find_spec(f"evenbook.{slice_}.personal"):
        return {}, ""
    module: Any = import_module(f"evenbook.{slice_}.personal")
    goes = getattr(module, "GOES", {}).get(model.__name__, "")
    return module.PERSONAL.get(model.__name__, {}), goes
