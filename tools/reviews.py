"""A thousand reviews whose worker is killed in their midst, and a hundred thousand guesses at their links.

    python tools/reviews.py [--accounts 1450] [--kills 5] [--tries 100000] [--write docs/benchmarks.md]

Makes the sample company in a temporary folder, on SQLite, with a mail server on this machine; sends reviews
to all of it with real workers, which are killed by signal 9; then serves it and tries links from several
addresses of this machine. Ends with 1 where a review went twice or not at all, or where a guess opened one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tools"), str(ROOT / "src")]

from tests.faults import reviewed  # noqa: E402
from tests.messages.mail_server import mail_server  # noqa: E402


def main() -> int:
    """Measure, and return 1 if anything went wrong."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="evenbook-reviews-") as folder, mail_server() as box:
        base = reviewed.base(Path(folder) / "home", box, accounts=asked.accounts)
        sent = reviewed.sent(base, kills=asked.kills)
        sys.stdout.write("\n".join(_of_sending(sent)) + "\n")
        guessed, timed = reviewed.tried(
            base, sent.batch, tries=asked.tries, addresses=asked.addresses, rounds=asked.rounds
        )
    text = "\n".join([*_of_sending(sent), "", *_of_links(guessed, timed)])
    sys.stdout.write(text + "\n")
    page = import_module("evenbook.site.bench.page")
    if asked.write:
        head = f"## Reviews killed and guessed at, {date.today().isoformat()}\n\n"
        where = f"{os.cpu_count()} cores, shared with other work; {page.measured_with()}."
        page.write_section(Path(asked.write), f"{head}`make reviews`. {text}\n\n{where}")
    return 0 if sent.is_once and not guessed.opened and not guessed.refused else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=1450, help="former customers among them")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--tries", type=int, default=100_000)
    parser.add_argument("--addresses", type=int, default=20, help="from which links are tried at once")
    parser.add_argument("--rounds", type=int, default=3000, help="answers of each sort that are timed")
    parser.add_argument("--write", default="", help="put the tables into this page of benchmarks")
    return parser.parse_args()


SENT = """\
{0.went:,} reviews of one batch went out by mail; the worker was killed with signal 9 {0.kills} times (after \
{1} of them), and another went on. On SQLite, with a mail server that took every mail, {0.seconds:.0f} s \
from the first worker to the last mail, the drawing up and the starts of workers among them."""
TRIED = """\
{0.tries:,} links tried at the served instance from {0.addresses} addresses at once, 2 processes, \
{0.seconds:.0f} s ({1:.0f} a second); a thousandth of them right but for the last character. {2}; {0.opened} \
opened a review. {0.kept:,} attempts were written down, 30 an address or a few more where two processes \
count at once. Readers with a right link, meanwhile and from the same addresses: {0.read:,} let in, \
{0.refused} held off."""
COMPARED = """\
What is kept of a link is its SHA-256, and the database is asked for that of the guess; the two digests are \
compared by `hmac.compare_digest`. How long it takes, as a ratio of medians to links that are wrong from the \
first character ({0.milliseconds:.2f} ms over the wire, {0.rounds:,} answers of each sort in turn):"""


def _of_sending(sent: reviewed.Sent) -> Iterator[str]:
    yield SENT.format(sent, ", ".join(f"{each:,}" for each in sent.after))
    yield ""
    yield "| of each review | there are | asked |"
    yield "|---|---|---|"
    for name, count in [
        ("decks", sent.decks), ("links", sent.links), ("mails in the outbox", sent.mails),
        ("mails that arrived", sent.read),
    ]:  # fmt: skip
        yield f"| {name} | {count:,} | {sent.went:,} |"
    yield f"| accounts or links that are there twice | {sent.twice} | 0 |"


def _of_links(guessed: reviewed.Guessed, timed: reviewed.Timed) -> Iterator[str]:
    told = ", ".join(f"{count:,} were answered {status}" for status, count in sorted(guessed.answers.items()))
    yield TRIED.format(guessed, guessed.tries / guessed.seconds, told)
    yield ""
    yield COMPARED.format(timed)
    yield ""
    yield "| link | ratio |"
    yield "|---|---|"
    yield f"| wrong from the first character, once more (what chance does) | {timed.again:.3f} |"
    yield f"| right but for the last of 43 characters | {timed.near:.3f} |"
    yield f"| taken back | {timed.ended:.3f} |"


if __name__ == "__main__":
    sys.exit(main())
