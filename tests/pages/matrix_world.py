"""What the matrix of access opens: an object of Ben's, one of Chidi's, of every kind."""

from __future__ import annotations

from datetime import timedelta

from tests.briefings.handing import announced
from tests.capacity.test_calibrating import REGULATED, proposed
from tests.closures.owing import owed
from tests.hotsheet.kept import begun, replay
from tests.pages import company

from evenbook.capacity.actions.calibration import Found, keep
from evenbook.capacity.rules.proposal import Effect
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest

OTHER_LEADER = "chiara"


def world() -> tuple[company.Company, dict[str, int]]:
    from evenbook.people.models import Team, User
    from evenbook.screens.models import SavedView

    made = company.build(8)
    ensure_first(company.NOW)
    south = Team.objects.get(name="South")
    made.users[OTHER_LEADER] = User.objects.create(
        mail="chiara@example.com", name="Chiara Voss", role="leader", joined_at=company.LONG_AGO, team=south
    )
    view = SavedView.objects.create(
        user=made.users["ben"], table="accounts", name="Mine", query="tier=1", saved_at=company.NOW
    )
    ids = {"view": view.pk, "ben": made.users["ben"].pk, "north": Team.objects.get(name="North").pk}
    handoff = announced(first_on=company.AS_OF + timedelta(days=9), now=company.NOW).pk
    return made, {
        **ids,
        **loops(made),
        "handoff": handoff,
        "calibration": calibration_of(made),
        "replay": replay_of(made),
        "proposal": proposal_of(made),
        **moving(made),
    }


def loops(made: company.Company) -> dict[str, int]:
    """Return a loop of Ben's, one of Chidi's and one of the pool's, and a follow-up of Ben's."""
    from evenbook.closures.models import FollowUp
    from evenbook.records.models import Artifact

    ben, chidi = made.people["ben"], made.people["chidi"]
    note = Artifact.objects.filter(account=made.accounts[0]).latest("pk")
    promised = FollowUp.objects.create(
        artifact=note, what="Send it", who=ben.name, person=ben, due_on=company.AS_OF
    )
    return {
        **warned(made),
        "of_ben": owed(made.of("ben")[0], by=ben).pk,
        "of_chidi": owed(made.of("chidi")[0], by=chidi).pk,
        "brief": brief(made),
        "of_pool": owed(made.accounts[7], by=made.pool).pk,
        "promised": promised.pk,
    }


def moving(made: company.Company) -> dict[str, int]:
    """Return a move of Ben's account and one of Chidi's, a step of a plan and a mark at Ben's."""
    from evenbook.runs.queries import week
    from evenbook.tiers.actions.deciding import approve
    from evenbook.tiers.actions.marks import set_mark
    from evenbook.tiers.models import Move, Step

    numbers = {each.account_id: each.pk for each in Move.objects.all()}
    shown = week(SYSTEM)
    plan = approve(numbers[made.accounts[4].pk], shown=shown, by=SYSTEM, now=company.NOW)
    return {
        "move_of_ben": numbers[made.accounts[2].pk],
        "move_of_chidi": numbers[made.accounts[5].pk],
        "step_of_ben": Step.objects.filter(ruling=plan).first().pk,
        "mark_of_ben": set_mark("a-00006", "lock", "As agreed.", by=SYSTEM, now=company.NOW),
    }


def proposal_of(made: company.Company) -> int:
    """Return a proposal that gives an account of Ben's to Chidi."""
    from evenbook.balance.actions.proposals import keep as keep_proposal
    from evenbook.balance.queries.asking import Wanted, propose_for
    from evenbook.runs.queries import week

    shown = week(SYSTEM)
    pins = ((made.of("ben")[0].key, "chidi"),)
    found = propose_for(SYSTEM, shown, Wanted("full", moves=0, seconds=0.05, pins=pins))
    return keep_proposal(found, seed=1, by=SYSTEM, now=company.NOW)


def replay_of(made: company.Company) -> int:
    """Return a replay that waits, with a loss at Ben's and one at Chidi's; the work on the sheet has begun."""
    begun()
    return replay(made)


def calibration_of(made: company.Company) -> int:
    """Return a calibration that waits, with an effect on Ben's load and on Chidi's."""
    effects = [Effect(made.people[name].pk, 4, 20.0, 18.0, 19.0) for name in ("ben", "chidi")]
    return keep(
        Found(company.AS_OF, latest().number, proposed(REGULATED), tuple(effects)), by=SYSTEM, now=company.NOW
    )


def warned(made: company.Company) -> dict[str, int]:
    """Return a decision about Ben's load and one about Chidi's, and something that is missing at each."""
    from evenbook.closures.models import Requirement
    from evenbook.decisions.actions import keep_causes
    from evenbook.decisions.rules import EARLY_WARNING, Cause

    people = {name: made.people[name] for name in ("ben", "chidi")}
    causes = [Cause("Too much.", (), (), person_id=each.pk) for each in people.values()]
    kept = keep_causes(EARLY_WARNING, causes, as_of=company.AS_OF)
    found = {}
    for name, number in zip(people, kept.noticed, strict=True):
        need = Requirement.objects.filter(account__in=made.of(name)).first()
        Requirement.objects.filter(pk=need.pk).update(status="missing")
        found |= {f"warned_{name}": number, f"gap_of_{name}": need.pk}
    return found


def brief(made: company.Company) -> int:
    """Return a loop of Ben's whose brief waits for the leaders above him."""
    from evenbook.closures.models import Brief

    ben = made.people["ben"]
    found = owed(made.of("ben")[1], by=ben, kind="renewal_risk")
    Brief.objects.create(
        loop=found, author=ben, writer=made.users["ben"], written_by=ben.name, written_at=company.NOW
    )
    return found.pk
