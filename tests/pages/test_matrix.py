"""Who may open what: every address × every role × GET and POST, and every command, in one golden file.

Addresses are taken from the resolver, those of the API too, and commands from the command itself, so that
a new one is in the matrix or fails the test. A line says what each role gets: a status, or *sign-in* where
they are asked to. Among the records of operations one role stands for all the others: one door keeps them. Nothing that a request does stays: each runs in a transaction that is undone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus

import click
import pytest
from django.db import transaction
from django.test import Client
from tests.addresses import routes
from tests.pages import company
from tests.pages.matrix_world import OTHER_LEADER, world

from evenbook.people.actions import NewToken, make_token
from evenbook.people.viewer import SCOPES, SYSTEM
from evenbook.site.cli import COMMANDS, command_called

ROLES = ("stranger", "edda", "lena", "amara", OTHER_LEADER, "ben", "chidi", "olu", "rea")
CALLED = {
    "stranger": "stranger", "edda": "executive", "lena": "leads all", "amara": "leads Ben",
    OTHER_LEADER: "leads Chidi", "ben": "CSM Ben", "chidi": "CSM Chidi", "olu": "operations", "rea": "reader",
}  # fmt: skip

OPENED = {
    "account": ["accounts/a-00000", "accounts/a-00001", "accounts/nobody"],
    "account-role": ["account-roles/a-00000", "account-roles/a-00001", "account-roles/nobody"],
    "list_roles": ["api/v1/accounts/a-00000/roles", "api/v1/accounts/nobody/roles"],
    "give_role": ["api/v1/accounts/a-00000/roles"],
    "figure": [
        "figures/nrr",
        "figures/effort_load?kind=csm&subject=ben",
        "figures/effort_load?kind=team&subject=South",
        "figures/covered?kind=pool&subject=digital",
    ],
    "my-week": ["my-week", "my-week?person=ben", "my-week?person=chidi"],
    "view-save": ["views/accounts"],
    "view-drop": ["views/{view}/drop"],
    "person-who-signs-in": ["people/{ben}"],
    "person-act": ["people/{ben}/deactivate"],
    "get_account": ["api/v1/accounts/a-00000", "api/v1/accounts/nobody"],
    "get_measure": ["api/v1/measures/nrr"],
    "list_values": ["api/v1/measures/nrr/values"],
    "open_measure": ["api/v1/measures/nrr/figure"],
    "get_version": ["api/v1/policy/versions/1"],
    "team": ["people/teams/{north}"],
    "weekly-audit": ["coverage/audit", "coverage/audit?whose=all"],
    "audit-decide": ["coverage/audit/{gap_of_ben}", "coverage/audit/{gap_of_chidi}", "coverage/audit/987654"],
    "closing": ["closing/ben", "closing/chidi", "closing/nobody"],
    "profile": ["profiles/ben", "profiles/chidi", "profiles/nobody"],
    "profile-change": [
        "profile-change/leave/ben",
        "profile-change/leave/chidi",
        "profile-change/adjustment/ben",
        "profile-change/nothing/ben",
    ],
    "weeks-ahead": ["weeks-ahead"],
    "week-ahead": [
        "weeks-ahead/2026-03-16/ben",
        "weeks-ahead/2026-03-16/chidi",
        "weeks-ahead/2026-03-16/North?kind=team",
    ],
    "get_profile": ["api/v1/profiles/ben", "api/v1/profiles/chidi", "api/v1/profiles/nobody"],
    "first-weeks": ["first-weeks"],
    "first-weeks-baseline": ["first-weeks/baseline"],
    "first-weeks-sign": ["first-weeks/sign"],
    "executive": ["executive", "executive?team=North", "executive?team=South"],
    "executive-cohort": ["executive/cohorts/2024-01-01/0", "executive/cohorts/2024-01-01/0?team=South"],
    "metric-tiers": ["metric-tiers", "metric-tiers?team=North", "metric-tiers?team=South"],
    "get_executive": ["api/v1/executive", "api/v1/executive?team=North", "api/v1/executive?team=South"],
    "get_metrics": ["api/v1/metrics", "api/v1/metrics?team=North", "api/v1/metrics?team=South"],
    "sizing": ["sizing", "sizing?scope=tier:1", "sizing?scope=segment:nothing"],
    "sizing-rows": ["sizing/rows/accounts", "sizing/rows/csms", "sizing/rows/work", "sizing/rows/nothing"],
    "sizing-step": ["sizing/steps/measure", "sizing/steps/nothing"],
    "get_sizing": ["api/v1/sizing", "api/v1/sizing?csms=0", "api/v1/sizing?tier=4"],
    "mark_rollout_step": ["api/v1/sizing/steps/measure", "api/v1/sizing/steps/nothing"],
    "reports": ["reports"],
    "report": ["reports/weekly", "reports/monthly", "reports/nothing"],
    "report-pdf": ["reports/daily/pdf", "reports/nothing/pdf"],
    "report-decided": ["reports/weekly/decided", "reports/nothing/decided"],
    "list_reports": ["api/v1/reports"],
    "get_report": ["api/v1/reports/weekly", "api/v1/reports/nothing"],
    "monthly": ["monthly", "monthly?team=North", "monthly?team=South"],
    "monthly-file": ["monthly/pdf", "monthly/pptx?team=South", "monthly/nothing"],
    "get_month": ["api/v1/monthly", "api/v1/monthly?team=North", "api/v1/monthly?team=South"],
    "take_month": ["api/v1/monthly/file?format=pptx", "api/v1/monthly/file?team=South"],
    "outcomes": ["outcomes"],
    "pulse": ["pulse"],
    "review-preview": ["reviews/accounts/a-00000", "reviews/accounts/a-00001", "reviews/accounts/nobody"],
    "reviews-withdraw": ["reviews/written/news/987654/withdraw"],
    "seven": ["seven/ben", "seven/chidi", "seven/nobody"],
    "calibration-of": ["calibration/{calibration}", "calibration/987654"],
    "calibration-adopt": ["calibration/{calibration}/adopt", "calibration/987654/adopt"],
    "hot-sheet-mark": ["hot-sheet/accounts/a-00002/mark", "hot-sheet/accounts/nobody/mark"],
    "replay": ["hot-sheet/replay"],
    "structures": ["book/structures"],
    "structures-compare": ["book/structures/compare"],
    "replay-run": ["hot-sheet/replay/run"],
    "replay-adopt": ["hot-sheet/replay/{replay}/adopt", "hot-sheet/replay/987654/adopt"],
    "book-of": ["books/ben", "books/chidi", "books/nobody"],
    "proposal": ["proposals/{proposal}", "proposals/987654"],
    "proposals-compare": [
        "proposals/compare",
        "proposals/compare?one={proposal}&other={proposal}",
        "proposals/compare?one={proposal}&other=987654",
    ],
    "proposal-weeks": ["proposals/{proposal}/weeks", "proposals/987654/weeks"],
    "get_proposed_weeks": ["api/v1/proposals/{proposal}/weeks", "api/v1/proposals/987654/weeks"],
    "compare_proposals": [
        "api/v1/proposals/{proposal}/beside/{proposal}",
        "api/v1/proposals/{proposal}/beside/987654",
    ],
    "proposal-price": ["proposals/{proposal}/price", "proposals/987654/price"],
    "proposal-move": ["proposals/{proposal}/move"],
    "proposal-approve": ["proposals/{proposal}/approve", "proposals/987654/approve"],
    "proposal-drop": ["proposals/{proposal}/drop"],
    "proposal-undo": ["proposals/{proposal}/undo", "proposals/987654/undo"],
    "get_proposal": ["api/v1/proposals/{proposal}", "api/v1/proposals/987654"],
    "tier-move": ["tiers/moves/{move_of_ben}", "tiers/moves/{move_of_chidi}", "tiers/moves/987654"],
    "tier-step-done": ["tiers/steps/{step_of_ben}/done", "tiers/steps/987654/done"],
    "tier-mark-withdraw": ["tiers/marks/{mark_of_ben}/withdraw", "tiers/marks/987654/withdraw"],
    "decision": ["decisions/{warned_ben}", "decisions/{warned_chidi}", "decisions/987654"],
    "decision-done": ["decisions/{warned_ben}/done", "decisions/987654/done"],
    "decision-take-back": ["decisions/{warned_ben}/take-back", "decisions/987654/take-back"],
    "loop": ["loops/{of_ben}", "loops/{of_chidi}", "loops/987654"],
    "loop-draft": ["loops/{of_ben}/draft", "loops/{of_chidi}/draft"],
    "loop-waive": ["loops/{of_ben}/waive", "loops/987654/waive"],
    "brief-acknowledge": ["loops/{brief}/acknowledge", "loops/987654/acknowledge"],
    "loop-correct": ["loops/{of_ben}/correct"],
    "loop-touchpoint": ["loops/{of_ben}/touchpoint.ics"],
    "loop-take": ["loops/{of_pool}/take"],
    "cohort": ["silent/silent_account:pool:digital:2026-03-02"],
    "escalations": ["escalations?account=a-00000", "escalations?account=nobody"],
    "follow-up": ["follow-ups/{promised}", "follow-ups/987654"],
    "handoff": ["handoffs/{handoff}", "handoffs/987654"],
    "handoff-start": ["handoffs/new"],
    "handoff-confirm": ["handoffs/{handoff}/confirm"],
    "handoff-redirect": ["handoffs/{handoff}/receiver"],
    "handoff-note": ["handoffs/{handoff}/note"],
    "handoff-call-off": ["handoffs/{handoff}/call-off"],
    "handoff-pack": ["handoffs/{handoff}/pack"],
    "handoff-brief": ["handoffs/{handoff}/briefs/a-00000", "handoffs/{handoff}/briefs/a-00001"],
    "get_handoff": ["api/v1/handoffs/{handoff}", "api/v1/handoffs/987654"],
    "list_handed_accounts": ["api/v1/handoffs/{handoff}/accounts"],
    "take_pack": ["api/v1/handoffs/{handoff}/pack?format=html"],
    "personal-data-of": [
        "personal-data/user/{ben}",
        "personal-data/person/ben",
        "personal-data/contact/987654",
    ],
    "personal-data-file": ["personal-data/user/{ben}/file", "personal-data/user/987654/file"],
    "take_personal_data": ["api/v1/personal-data?who=ben", "api/v1/personal-data?who=nobody"],
    "policy-section": ["policy/numbers/capacity"],
    "policy-version": ["policy/versions/1"],
    "policy-file": ["policy/versions/1/file"],
}
"""What an address is opened with: an object of Ben's, one of Chidi's, one that there is not."""

NOTHING = {"int": "987654", "str": "nothing", "slug": "nothing", "path": "nothing", "uuid": "0" * 32}
"""Every other parameter names what is not there: an id of nobody's object, for everybody."""

BENCHES = "calibration ceiling detection effects pages replay reviews sizing time-to-event warning week"
CLOSED = {
    "backup": "whoever runs commands keeps the machine",
    "restore": "whoever runs commands keeps the machine",
    "move-database": "whoever runs commands keeps the machine",
    "token make": "operations",
    **{f"bench {name}": "made-up companies" for name in BENCHES.split()},
    **dict.fromkeys(("reviews list", "reviews log", "reviews hands"), "accounts that they may open"),
    "reviews preview": "accounts that they may open; leaders and operations say that they have looked",
    "reviews batch": "leaders and operations, accounts that they may open",
    **dict.fromkeys(("reviews approve", "reviews cancel"), "leaders and operations who may open all of it"),
    "reviews send": "whoever runs commands, what a person has approved",
    "reviews revoke": "leaders and operations; of one account whoever answers for it",
    "reviews override": "leaders and operations",
    "token list": "operations",
    "token end": "operations",
    "person export": "operations",
    "person forget": "operations",
    "demo": "makes an instance where nothing else is",
    "serve": "serves this machine; pages ask who signs in",
    "worker": "does the work that others asked for",
    "bench assignment": "made-up companies and files that whoever runs commands gives",
    "runs cancel": "operations",
    "runs list": "everybody reads",
    "runs retry": "operations",
    "runs show": "everybody reads",
    "user end-sessions": "operations",
    "doctor": "whoever runs commands keeps the machine",
    "measures": "cards, the same for everybody",
    "import": "operations",
    "leave import": "their own, of whom they lead, operations everybody's",
    "leave type": "they themselves, who leads them, operations",
    "leave withdraw": "they themselves, who leads them, operations",
    "policy show": "everybody reads",
    "policy diff": "everybody reads",
    "policy history": "everybody reads",
    "policy export": "everybody reads",
    "policy set": "operations",
    "policy import": "operations",
    "user add": "operations",
    "user invite": "operations",
    "user list": "names and roles for everybody, the rest for operations",
    "user reset": "operations",
    "user deactivate": "operations",
    "user reactivate": "operations",
    "book apply": "operations, and leaders of everybody concerned",
    "book compare": "proposals about people whom they see",
    "book structures": "whoever may see a team, on the accounts that they may open",
    "book weeks": "proposals about people whom they see",
    "book drop": "operations, and leaders of everybody concerned",
    "book list": "whoever sees everybody in the proposal",
    "book propose": "people whom they may see; --keep: operations, and leaders of everybody concerned",
    "book lock": "whoever answers for the account",
    "book role": "operations, and leaders of the account's owner and of whoever receives it",
    "book undo": "operations, and leaders of everybody concerned",
    "book unlock": "whoever answers for the account",
    "tiers approve": "leaders who open the account in full, operations",
    "tiers decline": "leaders who open the account in full, operations",
    "tiers mark": "leaders who open the account in full, operations",
    "tiers take-back": "leaders who open the account in full, operations",
    "tiers unmark": "leaders who open the account in full, operations",
    "trail": "operations",
    "acknowledge": "the leaders above the owner, and whoever covers one who is away",
    "acknowledge-reviews": "whoever owes the loops, leads them, or keeps the records",
    "record-cohort": "whoever owes the loops, leads them, or keeps the records",
    "audit": "accounts that they may open",
    "pulse": "somebody of the team, of their own load",
    "calibrate": "operations keep and adopt it; loads of people they may see",
    "executive": "teams whose figures they may see, or their own book",
    "metrics": "teams whose figures they may see, or their own book; people whose load they may see",
    "reports": "whoever leads, keeps the records or reads of everybody; in them what they may see",
    "size": "whoever leads, keeps the records or reads of everybody; accounts that they may open",
    "size plan": "as size; --keep: leaders and operations",
    "size scenarios": "of everybody's base: who sees it; their own: a leader of a team",
    "size save": "leaders and operations",
    "size drop": "leaders and operations",
    "size steps": "whoever sees sizing; --done and --undo: operations, and who leads everybody",
    "monthly": "teams whose figures they may see, people whose load they may see",
    "outcomes": "everybody who may read: it is of many people at once",
    "capacity": "people whose load they may see",
    "decisions decide": "a leader above whom it is about",
    "decisions list": "decisions that they may see",
    "decisions done": "a leader above whom it is about",
    "decisions take-back": "a leader above whom it is about",
    "diagnose": "a leader of whoever owns the account",
    "close": "whoever owes the loop, leads them, or keeps the records",
    "escalate": "whoever answers for the account: its owner, their cover, who leads them, operations",
    "loops": "loops that they may see; policy opens those of others",
    "waive": "the leader of whoever owes the loop",
    "handoff list": "handoffs that they may see; policy opens those of others",
    "handoff start": "the giver, who leads them, operations",
    "handoff confirm": "whoever receives the account",
    "handoff call-off": "the giver, who leads them, operations",
    "handoff pack": "handoffs that they may see, with the accounts that they may open",
    "expansion openings": "openings at accounts that they open, those that they close or opened",
    "expansion list": "accounts that they may open",
    "expansion open": "whoever may write, at any account whose name they may know",
    "expansion answer": "whoever closes it, leaders who open the account in full, operations",
    "expansion close": "whoever closes it, leaders who open the account in full, operations",
    "expansion give": "leaders who open the account in full, operations",
    "expansion release": "leaders who open the account in full, operations",
    "expansion trials": "accounts that they may open",
    "expansion try": "whoever answers for the account",
    "expansion end-trial": "whoever answers for the account",
    "expansion scoreboards": "people whose work they may see",
    "expansion machine": "stated: they themselves, who leads them, operations; staffed: who leads them, operations",
    "expansion key": "operations",
    "expansion keys": "operations",
    "hotsheet mark": "whoever answers for the account",
    "replay": "how the sheets did, which names no account; kept and adopted by operations",
    "mails": "each their own",
    "why": "accounts that they may open",
    "week": "people and accounts that they may see; stored by who may write",
}


def opened(pattern: str, name: str) -> list[str]:
    """Return the addresses by which a pattern is opened; ids stand in them by name."""
    if name in OPENED:
        return [f"/{address}" for address in OPENED[name]]
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda found: NOTHING[found[1] or "str"], pattern)
    return [f"/{re.sub(r'[(^][^/]*[)$]', 'book', plain).rstrip('$')}"]


def outcome(response) -> str:
    if response.status_code == HTTPStatus.FOUND and response["Location"].startswith("/sign-in?next="):
        return "sign-in"
    return str(response.status_code)


def asked(cookie: str, method: str, address: str, **headers: str) -> str:
    """Return what an address answers; whatever it did is undone."""
    client = Client(raise_request_exception=False, headers=headers)
    if cookie:
        client.cookies["sessionid"] = cookie
    with transaction.atomic():
        said = outcome(client.generic(method, address))
        transaction.set_rollback(True)
    return said


def cookies(made: company.Company) -> dict[str, str]:
    found = {"stranger": ""}
    for name, user in made.users.items():
        client = Client()
        client.force_login(user)
        found[name] = client.cookies["sessionid"].value
    return found


def tokens() -> dict[str, str]:
    """Return a token of operations for each scope alone."""
    later = company.NOW.replace(year=2099)
    made = {}
    for scope in SCOPES:
        secret = f"secret-of-{scope}"
        until = company.NOW + timedelta(days=300)
        make_token(SYSTEM, NewToken(scope, "operations", [scope], until), secret=secret, now=company.NOW)
        made[scope] = secret
    from evenbook.people.models import ServiceToken

    ServiceToken.objects.update(expires_at=later)
    return made


def row(who: dict[str, str], method: str, address: str, *, is_admin: bool, is_api: bool) -> list[str]:
    """Return what each role gets. A method that there is not is so for everybody who is signed in."""
    if is_api:
        return [asked("", method, address), *["·"] * (len(ROLES) - 1)]
    found = {"stranger": asked("", method, address), "olu": asked(who["olu"], method, address)}
    if found["olu"] == "405":
        return [found["stranger"], *["405"] * (len(ROLES) - 1)]
    if is_admin:
        found["ben"] = asked(who["ben"], method, address)
        return [found.get(role, found["ben"]) for role in ROLES]
    return [found.get(role) or asked(who[role], method, address) for role in ROLES]


def commands() -> list[str]:
    found = []
    for name in COMMANDS:
        command = command_called(name)
        is_group = isinstance(command, click.Group)
        found += [f"{name} {sub}" for sub in command.commands] if is_group else [name]
    return sorted(found)


@pytest.mark.golden
def test_what_each_role_gets_at_every_address_and_command_is_as_agreed(db, golden, settings):
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    made, ids = world()
    who, lines = cookies(made), []
    scoped = tokens()
    for pattern, name in routes():
        is_admin, is_api = pattern.startswith("admin/"), pattern.startswith("api/")
        if is_admin and "<path:object_id>" in pattern:
            continue
        for named in opened(pattern, name):
            address = named.format(**ids)
            for method in (
                ("GET",) if is_admin else ("GET", "POST", "PATCH", "DELETE") if is_api else ("GET", "POST")
            ):
                said = row(who, method, address, is_admin=is_admin, is_api=is_api)
                if is_api and said[0] != "405":
                    said += [
                        asked("", method, address, authorization=f"Bearer {secret}")
                        for secret in scoped.values()
                    ]
                lines.append(f"{method:4} {named:52} {' '.join(f'{each:8}' for each in said)}")
    head = [*(CALLED[role] for role in ROLES), *(f"token {scope}" for scope in scoped)]
    known = [f"{name:20} {CLOSED.get(name, 'NOT IN THE MATRIX')}" for name in commands()]
    size = f"{len(lines)} lines × {len(ROLES)} roles, {len(known)} commands"
    text = [
        f"Columns: {', '.join(head)} (tokens of operations, at addresses of the API alone; people use it with a token).",
        size,
        "",
        *lines,
        "",
    ]
    golden("access_matrix.txt", "\n".join(line.rstrip() for line in [*text, "Commands", *known]) + "\n")

    assert [line for line in lines if " 500" in line] == []
    assert [name for name in commands() if name not in CLOSED] == []
