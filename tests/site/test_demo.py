"""A demo is made where nothing is, marked as one, and only a demo is thrown away.

Settings are read once, so each instance is made in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ready
from evenbook.site.demo import sign_ins

STORY = """
import django; django.setup()
from datetime import UTC, date, datetime
from pathlib import Path
from django.conf import settings
from evenbook.kit.errors import EvenbookError
from evenbook.site.demo import demo_in, make_demo

home, told, runs = Path(settings.EVENBOOK_HOME), [], []

def made(**more):
    day = date(2026, 3, 9)
    try:
        return make_demo(home, as_of=day, now=datetime(2026, 3, 9, 8, tzinfo=UTC), accounts=40,
                         progress=lambda *step: told.append(step), first_run=runs.append, **more)
    except EvenbookError as error:
        print(error.what)
"""


def run(home: Path, story: str) -> str:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    there = {**named, "EVENBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "evenbook.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", STORY + story],
        env=there,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def left_half_made(tmp_path: Path) -> Path:
    """Return a folder in which the making of a demo was stopped; what somebody put into it then was kept."""
    refused = run(
        ready.instance(tmp_path / "demo"),
        """
from evenbook.people.actions import add_user
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
def stops(day):
    raise RuntimeError("the lamp went out")
day, now = date(2026, 3, 9), datetime(2026, 3, 9, 8, tzinfo=UTC)
try:
    make_demo(home, as_of=day, now=now, accounts=40, first_run=stops)
except RuntimeError:
    own = add_user(SYSTEM, mail="olu@evenbook.example", name="Olu", role="operations", now=now)
assert demo_in(home) is None
made()
User.objects.filter(pk=own.pk).delete()
""",
    )
    assert "There is a sample company in" in refused, "what somebody else put into it is not thrown away"
    return tmp_path / "demo"


def test_a_demo_left_half_made_is_made_from_the_start_once_and_anew_only_when_asked(left_half_made):
    said = run(
        left_half_made,
        """
demo = made()
assert demo == demo_in(home) and settings.EVENBOOK_DEMO
assert runs == [date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9)] and told[0][1] == 0.0 and told[-1] == ("Done", 1.0)
assert [share for _, share in told] == sorted(share for _, share in told)
assert made() is None
assert made(reset=True) is not None and len(runs) == 8
from django.contrib.auth import authenticate
for who in demo.sign_ins:
    assert authenticate(username=who.mail, password=who.password).role == who.role
from django.apps import apps
linked = apps.get_model("book", "Person").objects.filter(user__isnull=False).count()
from evenbook.policy.queries import latest
waiting = apps.get_model("sources", "Question").objects.filter(answer="").get()
assert demo.story["duplicate"] in waiting.asks and waiting.rows_held == 15
print(linked, latest().number)
""",
    )

    assert "There is a sample company in" in said and said.endswith("4 1\n")
    mark = json.loads((left_half_made / "demo.json").read_text(encoding="utf-8"))
    assert mark["is_made"] and mark["story"]["quiet_churn"] == "A-00001"
    assert [(each["role"], each["name"].split()[0]) for each in mark["sign_ins"]] == [
        ("leader", "Ingrid"),
        ("csm", "Amara"),
        ("csm", "Dana"),
        ("operations", "Omar"),
    ]


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path):
    letters = tmp_path / "letters.txt"
    letters.write_text("mine", encoding="utf-8")

    assert "holds other things (letters.txt)" in run(tmp_path, "made()")
    assert "holds other things (letters.txt)" in run(tmp_path, "made(reset=True)")
    assert letters.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "demo.json").exists()


def test_an_instance_with_people_of_its_own_is_never_made_a_demo(tmp_path):
    said = run(
        ready.instance(tmp_path / "own"),
        """
from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
add_user(SYSTEM, mail="own@own.example", name="Own", role="operations", now=datetime(2026, 3, 9, tzinfo=UTC))
made(); made(reset=True)
from evenbook.people.queries import has_users
print(has_users(), demo_in(home))
""",
    )

    assert said.count("holds people or customers of its own") == 2 and said.endswith("True None\n")


def test_a_size_that_cannot_be_is_refused_before_anything_is_made(tmp_path):
    said = run(
        tmp_path / "demo",
        """
try:
    make_demo(home, as_of=date(2026, 3, 9), now=datetime(2026, 3, 9, 8, tzinfo=UTC), accounts=3)
except EvenbookError as error:
    print(error.what, error.fix)
""",
    )

    assert "not 3" in said
    assert [each.name for each in (tmp_path / "demo").iterdir()] == ["secret"]


def test_whoever_signs_in_has_a_password_that_the_product_would_accept():
    from django.contrib.auth.password_validation import validate_password

    for who in sign_ins():
        validate_password(who.password)


def test_the_sample_warns_of_who_carries_too_much_on_the_day_of_the_demo(tmp_path):
    """Dana's artifacts thin out weeks before her loops are overdue: a leader sees it, and she does too."""
    said = run(
        ready.instance(tmp_path / "demo"),
        """
from evenbook.people.viewer import SYSTEM
from evenbook.site.jobs import run_week
make_demo(home, as_of=date(2026, 3, 9), now=datetime(2026, 3, 9, 8, tzinfo=UTC), accounts=120,
          first_run=lambda day: run_week(day, by=SYSTEM, home=home, store=True))
from evenbook.decisions.queries import DecisionsWanted, decisions
from evenbook.people.queries import viewer_by_mail
from evenbook.sources.sample.people import mail_of
leader, dana = (viewer_by_mail(mail_of(name), surface="page") for name in ("Ingrid Solmede", "Dana Quillgrave"))
for viewer in (leader, dana):
    (row,) = [row for row in decisions(viewer, wanted=DecisionsWanted(state="open")) if row.person_name == "Dana Quillgrave" and row.kind == "early_warning"]
    print(row.state, row.may_decide, len(row.reasons) > 0)
from django.apps import apps
print(apps.get_model("mails", "Mail").objects.count(), apps.get_model("closures", "AuditBasis").objects.count())
""",
    )

    assert said.splitlines() == ["open True True", "open False True", "0 4"]
