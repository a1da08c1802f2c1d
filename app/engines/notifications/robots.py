"""Robots of group chats: one documented JSON post each, signed where the group asks for it.

The services answer HTTP 200 also when they refuse; only the code in the answer tells.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.letters import Letter
from app.engines.notifications.ways import DINGTALK, FEISHU, WECOM

WECOM_BYTES, DINGTALK_BYTES, FEISHU_BYTES = 2048, 18_000, 18_000  # what the services take, with room for the rest
LONGEST = 400
ANSWER = 64_000


@dataclass(frozen=True)
class Robot:
    """A group's robot: its address, and the key that signs, if the group asks for that."""

    sort: str
    hook: str
    secret: str
    timeout: float


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address holds a token."""

    def redirect_request(self, *_args: Any) -> None:
        return None


def send(robot: Robot, letter: Letter) -> None:
    """Post a letter to the group; raises ``CannotSend``, whose words never hold the token or the key."""
    address, body = posted(robot, letter, clock.now())
    asked = urllib.request.Request(  # noqa: S310 -- the scheme is checked when the address is given
        address, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.build_opener(_Stay).open(asked, timeout=robot.timeout) as answer:
            said = answer.read(ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        raise CannotSend("robot", f"HTTP {error.code}") from None
    except (OSError, ValueError) as error:
        raise CannotSend("connect", _hidden(robot, _said_by(getattr(error, "reason", error)))) from None
    _judge(robot, said)


def _said_by(error: Any) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _judge(robot: Robot, said: bytes) -> None:
    try:
        answer = json.loads(said)
        code = next(answer[name] for name in ("errcode", "code", "StatusCode") if name in answer)
    except (ValueError, TypeError, StopIteration):
        raise CannotSend("robot", _hidden(robot, said[:100].decode("utf-8", "replace"))) from None
    if code != 0:
        why = answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or ""
        raise CannotSend("robot", _hidden(robot, f"{code} {why}"))


def _hidden(robot: Robot, text: str) -> str:
    """A text without the address, the token in it and the key, should a service repeat them."""
    parts = urlsplit(robot.hook)
    for secret in (robot.hook, parts.query, parts.path.rsplit("/", 1)[-1], parts.query.partition("=")[2], robot.secret):
        text = text.replace(secret, "***") if len(secret) > 5 else text
    return text


def posted(robot: Robot, letter: Letter, at: dt.datetime) -> tuple[str, dict[str, Any]]:
    """The address and body of a post."""
    return _POSTS[robot.sort](robot, letter, at)


def _wecom(robot: Robot, letter: Letter, _at: dt.datetime) -> tuple[str, dict[str, Any]]:
    return robot.hook, {"msgtype": "text", "text": {"content": _text(letter, WECOM_BYTES)}}


def _dingtalk(robot: Robot, letter: Letter, at: dt.datetime) -> tuple[str, dict[str, Any]]:
    body = {"msgtype": "text", "text": {"content": _text(letter, DINGTALK_BYTES)}}
    if not robot.secret:
        return robot.hook, body
    stamp = str(int(at.timestamp() * 1000))
    signed = _signed(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode())
    return f"{robot.hook}&{urlencode({'timestamp': stamp, 'sign': signed})}", body


def _feishu(robot: Robot, letter: Letter, at: dt.datetime) -> tuple[str, dict[str, Any]]:
    """A post of rich text: one paragraph for each message, its link beside it."""
    paragraphs, left = [], FEISHU_BYTES
    for line in letter.lines:
        paragraph = [{"tag": "text", "text": _said(line)}]
        if line.url:
            paragraph.append({"tag": "a", "text": _open(letter), "href": line.url})
        left -= len(json.dumps(paragraph, ensure_ascii=False).encode())
        if left < 0:
            break
        paragraphs.append(paragraph)
    if hidden := letter.more + len(letter.lines) - len(paragraphs):
        paragraphs.append([{"tag": "a", "text": _more(letter, hidden), "href": letter.notices}])
    locale = "zh_cn" if letter.language == "zh" else "en_us"
    body: dict[str, Any] = {
        "msg_type": "post", "content": {"post": {locale: {"title": letter.subject, "content": paragraphs}}}
    }
    if robot.secret:
        stamp = str(int(at.timestamp()))
        body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{robot.secret}".encode(), b"")}
    return robot.hook, body


_POSTS: Mapping[str, Any] = {WECOM: _wecom, DINGTALK: _dingtalk, FEISHU: _feishu}


def _signed(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _text(letter: Letter, most: int) -> str:
    """The lines with their addresses, as many as fit into so many bytes."""
    shown: list[str] = []
    for number, line in enumerate(letter.lines):
        piece = "\n".join(filter(None, (_said(line), line.url)))
        rest = letter.more + len(letter.lines) - number - 1
        tail = [_more(letter, rest)] if rest else []
        if len("\n\n".join([*shown, piece, *tail]).encode()) > most:
            rest += 1
            break
        shown.append(piece)
    else:
        rest = letter.more
    if rest:
        shown.append(_more(letter, rest))
    return "\n\n".join(shown)


def _said(line: Any) -> str:
    sentence = line.sentence if len(line.sentence) <= LONGEST else f"{line.sentence[: LONGEST - 1]}…"
    return f"{sentence} · {line.clause}" if line.clause else str(sentence)


def _open(letter: Letter) -> str:
    with force_locale(letter.language):
        return f" {_('Open')}"


def _more(letter: Letter, count: int) -> str:
    with force_locale(letter.language):
        return _("And %(count)s more in the portal.", count=count)
