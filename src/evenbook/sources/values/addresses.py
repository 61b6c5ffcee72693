"""Mail addresses and web domains, brought to one form so that they can be compared.

A domain is a host name in lower case and ASCII (IDNA), without scheme, path, port and a leading
"www.". It is not cut to its registrable part: "eu.acme.example" stays apart from "acme.example",
because only a list of public suffixes could tell a branch from a landlord.

The domains of free mail say nothing about a company.
"""

from __future__ import annotations

import re

from evenbook.sources.values.blanks import is_blank
from evenbook.sources.values.problem import Problem, quoted

FREE_MAIL = frozenset(
    """gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk hotmail.fr
    hotmail.de hotmail.it live.com live.co.uk live.nl msn.com yahoo.com yahoo.co.uk yahoo.co.in
    yahoo.co.jp yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.com.br ymail.com rocketmail.com aol.com
    icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com zoho.com zohomail.com
    fastmail.com hey.com gmx.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com
    email.com mail.ru yandex.ru yandex.com bk.ru inbox.ru list.ru rambler.ru qq.com 163.com 126.com
    sina.com foxmail.com naver.com daum.net hanmail.net rediffmail.com orange.fr wanadoo.fr free.fr
    laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it uol.com.br bol.com.br terra.com.br
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com
    sky.com virginmedia.com ntlworld.com bigpond.com optusnet.com.au shaw.ca rogers.com sympatico.ca
    bluewin.ch telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl wp.pl o2.pl interia.pl onet.pl
    seznam.cz centrum.cz""".split()
)
"""Mail domains that anybody can have. An organisation may add its own."""

LONGEST_DOMAIN = 253
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$")
_MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}$")
_NUMERIC_HOST = re.compile(r"[\d.]+$")


def parse_email(value: object) -> str | Problem | None:
    """Return one address in lower case, its domain in ASCII; None for a blank cell.

    "mailto:" and "Name <address>" are taken off; a list of addresses is a problem.
    """
    if is_blank(value):
        return None
    text = str(value).strip()
    inner = re.fullmatch(r"[^<>]*<([^<>]+)>", text)
    address = (inner[1] if inner else text).strip().removeprefix("mailto:")
    mailbox, at, host = address.rpartition("@")
    if not at or not _MAILBOX.match(mailbox):
        return Problem(f"{quoted(text)} is not a mail address")
    domain = _host(host)
    return f"{mailbox.lower()}@{domain}" if domain else Problem(f"{quoted(text)} is not a mail address")


def parse_domain(value: object) -> str | Problem | None:
    """Return the domain of a web address, a host name or a mail address; None for a blank cell."""
    if is_blank(value):
        return None
    text = str(value).strip()
    rest = re.sub(r"^(?:[a-z][a-z0-9+.-]*:)?//|^mailto:", "", text, flags=re.IGNORECASE)
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    domain = _host(re.sub(r":\d*$", "", host))
    if domain is None:
        return Problem(f"{quoted(text)} is not a web domain")
    return domain.removeprefix("www.") if domain.count(".") > 1 else domain


def company_domain(value: object, free_mail: frozenset[str] = FREE_MAIL) -> str | Problem | None:
    """Return the domain that tells a company; None for a blank cell and for free mail."""
    domain = parse_domain(value)
    return None if isinstance(domain, str) and domain in free_mail else domain


def _host(text: str) -> str | None:
    host = text.strip().rstrip(".").lower()
    if not host or len(host) > LONGEST_DOMAIN or "." not in host or _NUMERIC_HOST.match(host):
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    labels = host.split(".")
    return host if all(_LABEL.match(label) for label in labels) and not labels[-1].isdecimal() else None
