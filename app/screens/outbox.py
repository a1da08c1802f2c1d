"""The outbox: what leaves the portal by mail and robots, what could not and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, reading, values
from app.core.errors import BadRequest, Problem
from app.core.register import registers
from app.core.screen import Screen
from app.engines.notifications import kinds, outbox, setting_up
from app.engines.notifications.models import FAILED, MAIL, QUEUED, ROBOT, SENT
from app.engines.notifications.outbox import Leaving
from app.engines.notifications.ways import SORTS

SIZE = 50
STATES = {QUEUED: ("info", _l("Queued")), FAILED: ("late", _l("Given up")), SENT: ("ok", _l("Sent"))}


class OutboxView(Screen):
    """Messages by state, way and kind; those given up may be tried again."""

    route_base = "/outbox"
    class_permission_name = "message_channel"
    method_permission_name = {"list": "read", "retry": "write", "retry_all": "write"}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Outbox"), "mail", 21

    @expose("/")
    @has_access
    def list(self) -> str:
        """What leaves, newest first."""
        asked = _asked()
        found = outbox.leaving(asked["state"], asked["way"], asked["kind"], asked["before"], SIZE + 1)
        writes, counted = access.current().can("message_channel", "write"), outbox.counts()
        page = {
            "views": _views(asked, counted), "rows": [_row(one, writes) for one in found[:SIZE]], "writes": writes,
            "ways": _choices("way", asked, _ways()), "kinds": _choices("kind", asked, kinds.Labels()),
            "older": _here(asked, before=found[SIZE - 1].id) if len(found) > SIZE else "",
            "newest": _here(asked, before=None) if asked["before"] else "",
            "retry_all": url_for(".retry_all") if writes and counted[FAILED] else "",
        }
        return render_template("messages/outbox.html", page=page)

    @expose("/<int:message_id>/retry", methods=["POST"])
    @has_access
    def retry(self, message_id: int) -> Response:
        """Let one message try again."""
        outbox.retry(message_id)
        flash(_("It leaves with the next sweep."), "success")
        return redirect(url_for(".list", state=FAILED))

    @expose("/retry", methods=["POST"])
    @has_access
    def retry_all(self) -> Response:
        """Let everything that was given up try again."""
        number = outbox.retry()
        flash(_("Messages that try again with the next sweep: %(number)s.", number=number), "success")
        return redirect(url_for(".list", state=QUEUED))


def _asked() -> dict[str, Any]:
    """What the address asks for; raises ``BadRequest`` for what does not exist."""
    given = {name: request.args.get(name, "") for name in ("state", "way", "kind", "before")}
    known = {"state": STATES, "way": _ways(), "kind": kinds.KINDS}
    wrong = [name for name, choices in known.items() if given[name] and given[name] not in choices]
    before = reading.number(given["before"]) if given["before"] else None
    if given["before"] and before is None:
        wrong.append("before")
    if wrong:
        raise BadRequest(*(Problem(_("“%(key)s” is not known here.", key=name), name, "choice") for name in wrong))
    return given | {"before": before}


def _ways() -> dict[str, Any]:
    robots = {f"{ROBOT}:{way.id}": way.name for way in setting_up.ways() if way.sort != MAIL}
    return {MAIL: SORTS[MAIL], **robots}


def _here(asked: dict[str, Any], **other: Any) -> str:
    wanted = asked | {"before": None} | other
    return url_for(".list", **{name: value for name, value in wanted.items() if value})


def _views(asked: dict[str, Any], counted: dict[str, int]) -> list[dict[str, Any]]:
    every = {"label": _("All"), "url": _here(asked, state=""), "count": None, "active": not asked["state"]}
    rest = [
        {"label": label, "url": _here(asked, state=state), "count": _many(counted.get(state, 0)),
         "active": asked["state"] == state}
        for state, (_tone, label) in STATES.items()
    ]
    return [every, *rest]


def _many(count: int) -> str:
    return f"{count}+" if count >= outbox.MANY else str(count or "")


def _choices(name: str, asked: dict[str, Any], known: Mapping[str, Any]) -> list[tuple[str, Any, bool]]:
    """The choices of a filter with their addresses."""
    return [(_here(asked, **{name: key}), label, asked[name] == key) for key, label in [("", ""), *known.items()]]


def _row(one: Leaving, writes: bool) -> dict[str, Any]:
    tone, label = STATES[one.state]
    again = one.state == QUEUED and one.attempts > 0
    return {
        "when": values.short(one.created_at), "kind": kinds.KINDS.get(one.kind, kinds.KINDS[kinds.OTHER]).label,
        "about": _about(one), "to": one.to or one.way or "—", "unit": one.unit,
        "way": SORTS[MAIL] if one.to else _("Group chat"),
        "state": {"tone": "warn", "label": _("Trying again")} if again else {"tone": tone, "label": label},
        "attempts": one.attempts, "error": one.error,
        "at": values.short(at) if (at := one.sent_at or one.next_at) else "",
        "retry_url": url_for(".retry", message_id=one.id) if writes and one.state == FAILED else "",
    }


def _about(one: Leaving) -> str:
    """Which register a message is about; what the row is called stays where the row may be read."""
    if one.place is None or one.place[0] not in registers():
        return ""
    return f"{registers()[one.place[0]].label} #{one.place[1]}"


