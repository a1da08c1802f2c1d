"""E-mail: one connection for a batch of letters; TLS with a checked certificate, sign-in, plain text beside HTML."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from app.core import clock
from app.engines.notifications import letters
from app.engines.notifications.attaching import XLSX
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.letters import Letter
from app.engines.notifications.ways import STARTTLS, TLS

NOBODY = (".invalid", ".example", ".test")
"""Endings that no mail reaches (RFC 2606): accounts without an address of their own have one."""


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over and whom they come from."""

    host: str
    port: int
    guard: str
    username: str
    password: str
    sender: str
    sender_name: str
    timeout: float


def reaches(address: str | None) -> bool:
    """Whether an address is one of somebody."""
    name, at, domain = (address or "").strip().rpartition("@")
    fits = at and name and "." in domain and not any(sign.isspace() for sign in f"{name}{domain}")
    return bool(fits) and not domain.lower().endswith(NOBODY)


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection that has signed in; raises ``CannotSend`` with the reason."""
    try:
        line = _line(server)
    except smtplib.SMTPAuthenticationError as error:
        raise CannotSend("sign_in", _said(error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise CannotSend("connect", _said(error)) from None
    except UnicodeError:  # whose words would show the password
        raise CannotSend("setting", "user name or password beyond ASCII") from None
    try:
        yield line
    finally:
        _leave(line)


def _line(server: MailServer) -> smtplib.SMTP:
    checked = ssl.create_default_context()
    if server.guard == TLS:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=checked)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.guard == STARTTLS:
            line.starttls(context=checked)
        if server.username:
            line.login(server.username, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _leave(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (smtplib.SMTPException, OSError):
        line.close()


def send(line: smtplib.SMTP, server: MailServer, to: str, letter: Letter) -> None:
    """Hand over one letter; raises ``CannotSend``, for good when the server refuses the address itself."""
    try:
        line.send_message(composed(server, to, letter), server.sender, [to])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise CannotSend("address", f"{code} {_text(said)}", for_good=500 <= code < 600) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise CannotSend("answer", _said(error)) from None


def composed(server: MailServer, to: str, letter: Letter) -> EmailMessage:
    """The message: HTML with the same as plain text."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Subject"] = letter.subject
    message["From"] = Address(server.sender_name, addr_spec=server.sender)
    message["To"] = Address(addr_spec=to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(letters.plain(letter))
    message.add_alternative(letters.html(letter), subtype="html")
    for file in letter.files:
        message.add_attachment(file.content, maintype="application", subtype=XLSX, filename=file.name)
    return message


def _said(error: Exception) -> str:
    """What went wrong, without anything of the sign-in."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
