"""A base of reviews on a real instance: sent by a worker that is killed, then guessed at and read over the wire."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import secrets
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_string
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from tests.faults.served import LONGEST, Instance, Served, serving, until
from tests.messages.mail_server import Mailbox

BASE = "https://evenbook.example"
LINK = re.compile(rf"{BASE}/r/([\w-]+)")
READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


@dataclass(frozen=True)
class Base:
    """An instance that is no demo, its keeper, and the mailbox that its mails go to."""

    instance: Instance
    keeper: str
    box: Mailbox

    def asked(self, *words: str) -> Any:
        """Return what a command of reviews says, as operations."""
        code, said = self.instance.run("--as", self.keeper, "reviews", *words, "--json")
        assert code in {0, 1}, said
        return json.loads(said.splitlines()[-1])

    def counted(self, sql: str) -> int:
        """Return a count from the database."""
        return int(self.instance.rows(sql)[0][0])


def base(home: Path, box: Mailbox, *, accounts: int) -> Base:
    """Return a sample company that mails: its mark as a demo is taken away."""
    instance = Instance(home)
    code, said = instance.run("demo", "--no-serve", "--accounts", str(accounts))
    assert code == 0, said
    keeper = instance.keeper[0]
    (home / "demo.json").unlink()
    instance.environment |= {
        "EVENBOOK_MAIL_URL": f"smtp://127.0.0.1:{box.port}",
        "EVENBOOK_MAIL_FROM": "reviews@evenbook.example",
        "EVENBOOK_URL": BASE,
    }
    return Base(instance, keeper, box)


def approved(found: Base) -> int:
    """Return a batch of the whole base whose sample was looked at, approved while a worker is there to send it."""
    number = int(found.asked("batch", "--title", "Everybody")["id"])
    sample = (each["account"] for each in found.asked("log", str(number))["reviews"] if each["in_sample"])
    for account in sample:
        found.asked("preview", account, "--batch", str(number), "--looked")
    found.asked("approve", str(number))
    return number


@dataclass(frozen=True)
class Sent:
    """What became of a batch whose worker was killed in its midst.

    Attributes:
        batch: its number.
        went: reviews that went out.
        kills: how often the worker was killed with signal 9.
        after: how many had gone at each kill.
        seconds: by the clock, from the first worker to the last mail.
        decks, links, mails: how many there are; each is one a review where nothing was lost or done twice.
        read: mails that arrived, by their own name: one whose delivery was cut off is told apart by nobody else.
        twice: accounts, addresses or mails that are there more than once.
    """

    batch: int
    went: int
    kills: int
    after: tuple[int, ...]
    seconds: float
    decks: int
    links: int
    mails: int
    read: int
    twice: int

    @property
    def is_once(self) -> bool:
        """Return whether each review has one deck, one link and one mail."""
        return {self.decks, self.links, self.mails, self.read} == {self.went} and not self.twice


WENT = "select count(*) from reviews_review where state in ('sent', 'made')"


def sent(found: Base, *, kills: int) -> Sent:
    """Send the whole base with workers, all but the last of which are killed by signal 9 at even parts of the work."""
    began, after = time.monotonic(), []
    process = found.instance.begin("worker")
    try:
        time.sleep(3)
        number = approved(found)
        ready = found.counted("select count(*) from reviews_review where state in ('ready', 'sent', 'made')")
        for kill in range(kills):
            aim = ready * (kill + 1) // (kills + 1)
            until(partial(_has_gone, found, aim), seconds=LONGEST)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)
            after.append(found.counted(WENT))
            process = found.instance.begin("worker")
        ended = "select count(*) from reviews_reviewbatch where state = 'sent'"
        until(lambda: found.counted(ended) == 1, seconds=LONGEST)
        waits = "select count(*) from mails_mail where standing = 'waiting'"
        until(lambda: found.counted(waits) == 0, seconds=2 * LONGEST)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
    return _told(found, number, tuple(after), time.monotonic() - began)


def _has_gone(found: Base, count: int) -> bool:
    return found.counted(WENT) >= count


def _told(found: Base, number: int, after: tuple[int, ...], seconds: float) -> Sent:
    letters = [message_from_string(each) for each in found.box.mails]
    ours = {str(each["Message-ID"]): str(each["To"]) for each in letters if LINK.search(text_of(each))}
    accounts = found.instance.rows("select account_id from reviews_review where state in ('sent', 'made')")
    open_ = found.instance.rows("select review_id from reviews_reviewlink where revoked_at is null")
    decks = sorted(each.name for each in (found.instance.home / "cache" / "reviews" / str(number)).iterdir())
    again = [Counter(accounts), Counter(open_)]
    return Sent(
        batch=number,
        went=found.counted(WENT),
        kills=len(after),
        after=after,
        seconds=seconds,
        decks=len([each for each in decks if each.endswith(".pptx")]),
        links=len(open_),
        mails=found.counted("select count(*) from mails_mail where key like 'review-%' and standing = 'sent'"),
        read=len(ours),
        twice=sum(count - 1 for each in again for count in each.values()),
    )  # fmt: skip


def text_of(letter: Any) -> str:
    """Return the text of a mail as its reader sees it."""
    part = next(each for each in letter.walk() if each.get_content_type() == "text/plain")
    return str(part.get_payload(decode=True).decode())


def links_of(found: Base) -> list[str]:
    """Return what stands in the links that were mailed."""
    return [each[1] for mail in found.box.mails if (each := LINK.search(text_of(message_from_string(mail))))]


@dataclass(frozen=True)
class Guessed:
    """What became of links that were tried at random, while readers read.

    Attributes:
        tries: links tried, a thousandth of them a right one but for its last character.
        addresses: of this machine, from which they came at once.
        opened: tries that opened anything.
        answers: status to how often.
        kept: attempts that the instance wrote down.
        read, refused: readers with a right link meanwhile, from the same addresses; those who were not let in.
        seconds: by the clock.
    """

    tries: int
    addresses: int
    opened: int
    answers: dict[int, int]
    kept: int
    read: int
    refused: int
    seconds: float


def guessed(server: Served, right: list[str], *, tries: int, addresses: int) -> Guessed:
    """Try links at random from several addresses of this machine at once, each with a reader beside."""
    answers: Counter[int] = Counter()
    readers: Counter[int] = Counter()
    lock, began = threading.Lock(), time.monotonic()

    def trying(number: int) -> None:
        mine: Counter[int] = Counter()
        read: Counter[int] = Counter()
        with _client(server, number) as client:
            for at, token in enumerate(_guesses(right, tries // addresses, seed=number)):
                mine[client.get(f"/r/{token}").status_code] += 1
                if at % 500 == 250:
                    read[client.get(f"/r/{right[number % len(right)]}").status_code] += 1
        with lock:
            answers.update(mine)
            readers.update(read)

    threads = [threading.Thread(target=trying, args=(number,)) for number in range(addresses)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kept = server.instance.rows("select count(*) from people_signinattempt where door = 'review'")[0][0]
    return Guessed(
        tries=sum(answers.values()),
        addresses=addresses,
        opened=answers[200],
        answers=dict(answers),
        kept=kept,
        read=readers[200],
        refused=sum(readers.values()) - readers[200],
        seconds=time.monotonic() - began,
    )


def _client(server: Served, number: int) -> httpx.Client:
    way = httpx.HTTPTransport(local_address=f"127.0.0.{number + 1}", retries=2)
    return httpx.Client(base_url=server.address, transport=way, timeout=60, headers=READER, trust_env=False)


def _guesses(right: list[str], count: int, *, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for at in range(count):
        yield _near(right[at % len(right)], chance) if at % 1_000 == 7 else secrets.token_urlsafe(32)


def _near(token: str, chance: random.Random) -> str:
    """Return a link that is right but for its last character."""
    others = [each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if each != token[-1]]
    return token[:-1] + chance.choice(others)


@dataclass(frozen=True)
class Timed:
    """How long the server took to say no, as ratios of medians to that of links that are wrong from the first character.

    Attributes:
        rounds: answers of each sort, one after the other in turn.
        milliseconds: the median of wrong ones.
        near: right but for the last character. ``again``: wrong ones once more, which shows how far chance goes.
        ended: links that were taken back.
    """

    rounds: int
    milliseconds: float
    near: float
    again: float
    ended: float


def timed(server: Served, right: list[str], ended: list[str], *, rounds: int) -> Timed:
    """Ask for four sorts of links in turn, in an order drawn anew each time, from an address that is held off."""
    chance = random.Random(1)
    sorts: dict[str, Callable[[int], str]] = {
        "wrong": lambda at: secrets.token_urlsafe(32),
        "again": lambda at: secrets.token_urlsafe(32),
        "near": lambda at: _near(right[at % len(right)], chance),
        "ended": lambda at: ended[at % len(ended)],
    }
    took: dict[str, list[float]] = {name: [] for name in sorts}
    with _client(server, 0) as client:
        for at in range(rounds):
            for name in chance.sample(sorted(sorts), len(sorts)):
                address, began = f"/r/{sorts[name](at)}", time.perf_counter()
                status = client.get(address).status_code
                took[name].append(time.perf_counter() - began)
                assert status in {404, 429}, f"{name}: {status}"
    middle = {name: statistics.median(each) for name, each in took.items()}
    ratio = {name: middle[name] / middle["wrong"] for name in sorts}
    return Timed(rounds, 1000 * middle["wrong"], ratio["near"], ratio["again"], ratio["ended"])


def tried(found: Base, number: int, *, tries: int, addresses: int, rounds: int) -> tuple[Guessed, Timed]:
    """Serve the base, and try its links: at random, then nearly right ones and ended ones against the clock."""
    right = links_of(found)
    ended, open_ = right[:5], right[5:]
    with serving(found.instance) as server:
        guesses = guessed(server, open_, tries=tries, addresses=addresses)
        for token in ended:
            found.asked("revoke", str(number), "--account", _account_of(found, token))
        return guesses, timed(server, open_, ended, rounds=rounds)


def _account_of(found: Base, token: str) -> str:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return str(
        found.instance.rows(
            "select a.key from reviews_reviewlink l join reviews_review r on r.id = l.review_id"
            f" join book_account a on a.id = r.account_id where l.digest = '{digest}'"
        )[0][0]
    )
