"""The one module that speaks to a mail server.

``EVENBOOK_MAIL_URL`` names it: ``smtp://user:password@host:587`` asks for encryption (STARTTLS)
before it says a password, ``smtps://…:465`` is encrypted from the start. To a server on this
machine alone, ``smtp://`` speaks plainly.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from evenbook.kit.errors import EvenbookError

PORTS = {"smtp": 587, "smtps": 465}
PATIENCE_SECONDS = 20
REFUSED_FROM = 500
"""A mail server's answers from here on are for good."""


class MailSettingsRefused(EvenbookError):
    """The address of the mail server can't be read."""

    kind = "mail-settings-refused"


class NotSent(Exception):
    """A mail was not sent; ``why`` says so without a word of the mail.

    Args:
        why: what the mail server did, in words of ours.
        is_final: trying again is of no use.
        is_everybodys: no other mail would go out now either.
    """

    def __init__(self, why: str, *, is_final: bool = False, is_everybodys: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_final, self.is_everybodys = why, is_final, is_everybodys


@dataclass(frozen=True)
class Server:
    """A mail server: where it is, who we are there, whom mails come from."""

    host: str
    port: int
    is_encrypted: bool
    user: str
    password: str = field(repr=False)
    sender: str


def server_of(url: str, sender: str) -> Server | None:
    """Return the mail server that the settings name, or None where they name none.

    Raises:
        MailSettingsRefused: they can't be read.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in PORTS or not parts.hostname or not port:
        raise MailSettingsRefused(
            "EVENBOOK_MAIL_URL names no mail server.",
            fix="Write it as smtps://user:password@mail.company.example:465.",
        )
    user = unquote(parts.username or "")
    sender = sender or (user if "@" in user else "")
    if "@" not in sender:
        raise MailSettingsRefused(
            "Nobody is named whom mails come from.", fix="Set EVENBOOK_MAIL_FROM to an address of yours."
        )
    return Server(
        parts.hostname, port, parts.scheme == "smtps", user, unquote(parts.password or ""), sender.strip()
    )


class Connection:
    """A conversation with a mail server, for as many mails as there are."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()

    def send(self, mail: EmailMessage) -> None:
        """Send one mail.

        Raises:
            NotSent: the server is not there, or does not want it.
        """
        try:
            self._smtp = self._smtp or self._open()
            self._smtp.send_message(mail)
        except smtplib.SMTPException as error:
            raise _said(error) from None
        except ssl.SSLError:
            raise NotSent("the mail server's certificate is not trusted", is_everybodys=True) from None
        except OSError:
            self._smtp = None
            raise NotSent("the mail server could not be reached", is_everybodys=True) from None

    def _open(self) -> smtplib.SMTP:
        server = self._server
        secure = ssl.create_default_context()
        opened: smtplib.SMTP
        if server.is_encrypted:
            opened = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=secure)
        else:
            opened = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
            if not _is_here(server.host):
                opened.starttls(context=secure)
        if server.user:
            opened.login(server.user, server.password)
        return opened


def _said(error: smtplib.SMTPException) -> NotSent:
    """Return what a mail server's answer means for the mail, and for the others."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotSent("the mail server does not take user and password", is_everybodys=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotSent("the mail server offers no encryption", is_everybodys=True)
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return NotSent("the mail server broke off", is_everybodys=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return NotSent(
            "the mail server does not know the address", is_final=min(codes, default=0) >= REFUSED_FROM
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return NotSent("the mail server does not take mails from our address", is_everybodys=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return NotSent("the mail server refused the mail", is_final=error.smtp_code >= REFUSED_FROM)
    return NotSent("the mail server refused the mail")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
