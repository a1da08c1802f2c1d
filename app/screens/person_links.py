"""Links by which people choose their password, as the page of a person shows them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import links, values
from app.engines.notifications import channels, inviting, mail
from app.engines.people import roster


def buttons(line: roster.Line) -> list[dict[str, Any]]:
    """By mail where one arrives; to hand over always."""
    assert line.user is not None
    hand = {"label": _("Sign-in link"), "url": url_for("PeopleView.link", pk=line.person.id), "icon": "link",
            "method": "post", "confirm": _("Links given before open nothing any more.")}  # fmt: skip
    if not (inviting.mail_in_use() and mail.reaches(line.user.email)):
        return [hand]
    url = url_for("PeopleView.link", pk=line.person.id, by="mail")
    post = hand | {"label": _("Send a link by mail"), "url": url, "icon": "mail"}
    return [post, hand]


def newest(line: roster.Line) -> dict[str, Any] | None:
    """The newest link of an account, and what became of it."""
    last = links.last(line.user.id) if line.user else None
    if last is None:
        return None
    open_ = links.is_open(last)
    text = _("used %(at)s", at=values.short(last.used_at)) if last.used_at else (
        _("good until %(at)s", at=values.short(last.expires_at)) if open_ else _("ended"))  # fmt: skip
    words = [text]
    if last.by_mail:
        words.append(_("sent %(at)s", at=values.short(last.sent_at)) if last.sent_at else _("waits to be sent"))
    if last.error:
        words.append(_("could not be sent: %(why)s", why=channels.sentence(last.error)))
    unlink = url_for("PeopleView.unlink", pk=line.person.id) if open_ else ""
    return {"text": " · ".join(words), "unlink_url": unlink}
