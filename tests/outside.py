"""What stands outside the portal in tests: a real mail server and a double of the robots, both behind real TLS."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "portal@kezhi.cn", "geheim-Wort-1"


def certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine, which clients trust when ``SSL_CERT_FILE`` names its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2)).add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    known, secret = folder / "server.pem", folder / "server.key"
    known.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known, secret)
    return known, context


# -- mail --------------------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """A mail server in this process: what it took, whom it refuses and whether it answers at all."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str], bool]] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if "*" in self.refused:
            return self.refused["*"]
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        crypted = server.transport.get_extra_info("ssl_object") is not None
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos, crypted))
        return "250 Message accepted"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Let in whoever has the password."""
        fits = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        self.signed_in += [data.login.decode()] if fits else []
        return AuthResult(success=fits, handled=False) if not fits else AuthResult(success=True)


@contextmanager
def mail_server(context: ssl.SSLContext, guard: str) -> Iterator[Mailbox]:
    """A mail server that asks for TLS as ``guard`` says (plain, starttls, tls) and, then, for a sign-in."""
    box = Mailbox()
    options: dict[str, Any] = {"authenticator": box.authenticate, "auth_require_tls": guard == "starttls"}
    if guard == "starttls":
        options |= {"auth_required": True}

    class Server(Controller):
        def factory(self) -> SMTP:
            tls = {"tls_context": context, "require_starttls": True} if guard == "starttls" else {}
            return SMTP(self.handler, **options, **tls)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    server = Server(box, hostname="127.0.0.1", port=box.port, ssl_context=context if guard == "tls" else None)
    server.start()
    try:
        yield box
    finally:
        server.stop(no_assert=True)


# -- robots ------------------------------------------------------------------------------------------------------------


@dataclass
class Robots:
    """A double of the services behind robots: what was posted to it, and what it answers."""

    port: int = 0
    posts: list[tuple[str, dict[str, list[str]], dict[str, Any]]] = field(default_factory=list)
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def hook(self, path: str) -> str:
        """The address that a group would hand out."""
        return f"https://localhost:{self.port}{path}"


@contextmanager
def robots(context: ssl.SSLContext) -> Iterator[Robots]:
    """The double, listening."""
    double = Robots()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Content-Type"].startswith("application/json")
            double.posts.append((asked.path, parse_qs(asked.query), body))
            answer = double.answer if isinstance(double.answer, bytes) else json.dumps(double.answer).encode()
            self.send_response(double.status)
            for name, value in {**double.headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    double.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
