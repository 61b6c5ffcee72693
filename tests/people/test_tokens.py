"""Service tokens: a role narrowed by scopes, until a day; only a digest of the secret is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from evenbook.people.actions import NewToken, NotOperations, TokenNotMade, end_token, make_token
from evenbook.people.models import AuditEntry, ServiceToken, Team
from evenbook.people.queries import TokenRefused, viewer_by_token
from evenbook.people.viewer import Viewer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
OLU = Viewer(user_id=None, mail="", name="Olu", role="operations")
SECRET = "evb_for-tests-only-0123456789"
IN_A_MONTH = NOW + timedelta(days=30)


def asked(**given: object) -> NewToken:
    usual = {"name": "Nightly export", "role": "leader", "scopes": ("read",), "expires_at": IN_A_MONTH}
    return NewToken(**(usual | given))


def test_a_token_is_a_viewer_of_its_role_team_and_scopes():
    team = Team.objects.create(name="North")
    made = make_token(OLU, asked(team="North"), secret=SECRET, now=NOW)
    viewer = viewer_by_token(SECRET, now=NOW)

    assert (viewer.role, viewer.team_ids, viewer.surface, viewer.token_id) == (
        "leader",
        {team.pk},
        "api",
        made,
    )
    assert viewer.allows("read") and not viewer.allows("policy") and not viewer.may_write


def test_the_secret_is_nowhere_to_be_read():
    make_token(OLU, asked(), secret=SECRET, now=NOW)
    kept = str(ServiceToken.objects.values()) + str(AuditEntry.objects.values())

    assert SECRET not in kept and SECRET[8:] not in kept


def test_an_unknown_an_ended_and_an_expired_token_open_nothing():
    made = make_token(OLU, asked(), secret=SECRET, now=NOW)
    with pytest.raises(TokenRefused, match="not known"):
        viewer_by_token("evb_another", now=NOW)
    with pytest.raises(TokenRefused, match="has expired"):
        viewer_by_token(SECRET, now=IN_A_MONTH)
    assert end_token(OLU, made, now=NOW) and end_token(OLU, made, now=NOW) and not end_token(OLU, 99, now=NOW)
    with pytest.raises(TokenRefused, match="was ended"):
        viewer_by_token(SECRET, now=NOW)

    assert list(AuditEntry.objects.order_by("pk").values_list("what", flat=True)) == [
        "token.made",
        "token.ended",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": " "}, "name"),
        ({"role": "owner"}, "no role"),
        ({"scopes": ()}, "one scope"),
        ({"scopes": ("read", "everything")}, "known"),
        ({"team": "South"}, "no team"),
        ({"expires_at": NOW}, "within a year"),
        ({"expires_at": NOW + timedelta(days=400)}, "within a year"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused_in_words(given, says):
    with pytest.raises(TokenNotMade, match=says):
        make_token(OLU, asked(**given), secret=SECRET, now=NOW)
    assert not ServiceToken.objects.exists()


def test_only_operations_makes_and_ends_tokens():
    amara = Viewer(user_id=1, mail="", name="Amara", role="leader")
    narrow = Viewer(user_id=None, mail="", name="A token", role="operations", scopes=frozenset({"read"}))

    for by in (amara, narrow):
        with pytest.raises(NotOperations):
            make_token(by, asked(), secret=SECRET, now=NOW)
        with pytest.raises(NotOperations):
            end_token(by, 1, now=NOW)
