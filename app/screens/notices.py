"""A person's notices: found by kind, read one by one or all at once; and what else reaches him by which way."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, attachments, clock, reading, shell, values
from app.core.access import Access
from app.core.db import writes
from app.core.errors import BadRequest, NotFound, Problem, Refusal
from app.core.forms import clause_link
from app.core.kinds import LARGEST
from app.core.screen import Screen
from app.engines.notifications import announcement, mail, settings, wishes
from app.engines.notifications import operations as notifications
from app.engines.notifications.kinds import KINDS, MODES, NOW, OFF
from app.engines.notifications.models import IN_APP, MAIL

SIZE = 50
HOURS = ("digest_at", "quiet_from", "quiet_to")


class NoticesView(Screen):
    """What the bell leads to."""

    route_base = "/notices"
    default_view = "list"
    everyone = True

    @expose("/")
    @has_access
    def list(self) -> str:
        """The newest notices, by day; with ``?unread=1`` the unread ones, with ``?kind=`` those of a kind."""
        person, asked = access.current().employee_id, _asked()
        unread, kind, before = asked["unread"] == "1", asked["kind"], asked["before"]
        found = notifications.notices(
            person, unread_only=unread, limit=SIZE + 1, kind=kind, before=before
        ) if person else []  # fmt: skip
        waiting = notifications.unread_by_kind(person) if person else {}
        page = {
            "views": [
                {"label": _("All"), "url": _here(asked, unread=""), "count": None, "active": not unread},
                {"label": _("Unread"), "url": _here(asked, unread="1"), "count": sum(waiting.values()),
                 "active": unread},
            ],
            "kinds": _kinds(asked, waiting),
            "days": [
                {"label": str(day), "items": [_entry(notice) for notice in notices]}
                for day, notices in groupby(found[:SIZE], key=lambda notice: clock.to_local(notice.at).date())
            ],
            "read_all_url": url_for(".read") if waiting else None, "wishes_url": url_for(".wishes") if person else None,
            "older": _here(asked, before=found[SIZE - 1].id) if len(found) > SIZE else "",
            "newest": _here(asked) if before else "", "empty": None,
        }
        return render_template("notices.html", page=page)

    @expose("/read", methods=["POST"])
    @has_access
    def read(self) -> Response:
        """Mark everything as read, but for announcements that were not opened."""
        if person := access.current().employee_id:
            notifications.mark_read(person)
            if notifications.unread_count(person):
                flash(_("Announcements count as read once they have been opened."), "info")
        return redirect(url_for(".list"))

    @expose("/<int:notice_id>/open")
    @has_access
    @writes
    def open(self, notice_id: int) -> Response:
        """Go to what a notice is about, which is read from now on."""
        person = access.current().employee_id
        url = notifications.opened(person, notice_id) if person and notice_id < LARGEST else None
        if url is None:
            raise NotFound()
        return redirect(f"{request.script_root}{url}" if url else url_for(".list"))

    @expose("/announcement/<int:announcement_id>")
    @has_access
    @writes
    def announcement(self, announcement_id: int) -> str:
        """An announcement, which is read from now on."""
        found = announcement.read_by(announcement_id if announcement_id < LARGEST else 0)
        names = values.names_of([("employee", found.owner_id), ("org_unit", found.unit_id)])
        of = (names.get(("org_unit", found.unit_id)), names.get(("employee", found.owner_id or 0)))
        by = " · ".join(filter(None, of))
        page = {
            "title": found.title, "subtitle": f"{by} · {clock.to_local(found.created_at):%Y-%m-%d %H:%M}",
            "breadcrumbs": [{"label": _("Notices"), "url": url_for(".list")}], "text": found.text,
            "files": [
                one | {"url": url_for(".attached", announcement_id=found.id, attachment_id=one["id"])}
                for one in attachments.listed(notifications.ANNOUNCEMENT, found.id, announcement.FILES)
            ],
        }
        return render_template("messages/announcement.html", page=page)

    @expose("/announcement/<int:announcement_id>/file/<int:attachment_id>")
    @has_access
    @writes
    def attached(self, announcement_id: int, attachment_id: int) -> Response:
        """A file of an announcement, for whoever was told of it."""
        found = announcement.read_by(announcement_id if announcement_id < LARGEST else 0)
        return attachments.download(notifications.ANNOUNCEMENT, found.id, min(attachment_id, LARGEST))

    @expose("/wishes", methods=["GET", "POST"])
    @has_access
    def wishes(self) -> Any:
        """What is sent to me, by which way and when."""
        person = access.current().employee_id
        if person is None:
            raise NotFound()
        if request.method == "GET":
            return _wishes_page(person, wishes.wishes_of(person), _own_hours(person))
        chosen = {(kind, way): mode for kind in KINDS for way in (IN_APP, MAIL) if (mode := _mode(way, kind))}
        hours = {name: request.form.get(name, "").strip() for name in HOURS}
        try:
            wishes.choose(person, chosen, hours)
        except Refusal as refusal:
            return _wishes_page(person, chosen, hours, refusal), 422
        flash(_("Your wishes are kept."), "success")
        return redirect(url_for(".wishes"))


def _mode(way: str, kind: str) -> str:
    return request.form.get(f"{way}.{kind}", "")


def _asked() -> dict[str, Any]:
    """What the address asks for; raises ``BadRequest`` for a kind or a page that does not exist."""
    given: dict[str, Any] = {name: request.args.get(name, "") for name in ("unread", "kind", "before")}
    given["before"] = reading.number(given["before"]) if given["before"] else None
    if given["kind"] and given["kind"] not in KINDS:
        raise BadRequest(Problem(_("“%(key)s” is not known here.", key="kind"), "kind", "choice"))
    if request.args.get("before") and given["before"] is None:
        raise BadRequest(Problem(_("“%(key)s” must be a whole number.", key="before"), "before", "range"))
    return given


def _here(asked: dict[str, Any], **other: Any) -> str:
    wanted = asked | {"before": None} | other
    return url_for(".list", **{name: value for name, value in wanted.items() if value})


def _kinds(asked: dict[str, Any], waiting: dict[str, int]) -> list[tuple[str, str, bool]]:
    """The filter of kinds with its addresses; how many of each are unread."""
    every = [(_here(asked, kind=""), _("Every kind"), not asked["kind"])]
    for key, kind in KINDS.items():
        count = f" ({waiting[key]})" if waiting.get(key) else ""
        every.append((_here(asked, kind=key), f"{kind.label}{count}", asked["kind"] == key))
    return every


def _entry(notice: Any) -> dict[str, Any]:
    read = _("read %(when)s", when=values.short(notice.read_at)) if notice.read_at else ""
    return {
        "tone": "mute" if notice.read else "info", "when": values.short(notice.at), "what": notice.sentence,
        "when_exact": clock.to_local(notice.at).strftime("%Y-%m-%d %H:%M"), "kind": KINDS[notice.kind].label,
        "url": url_for(".open", notice_id=notice.id) if notice.url or not notice.read else "",
        "clause": clause_link("", notice.clause or ""), "unread": not notice.read, "read": read,
    }


# -- wishes ------------------------------------------------------------------------------------------------------------


def _own_hours(person: int) -> dict[str, str]:
    kept = wishes.hours_of(person)
    return {name: getattr(kept, name, None) or "" for name in HOURS}


def _wishes_page(person: int, chosen: Any, hours: dict[str, str], refusal: Refusal | None = None) -> str:
    setting = settings.current()
    rows = [
        {
            "key": key, "label": kind.label, "fixed": kind.fixed, "urgent": setting.urgent(key),
            "in_app": chosen.get((key, IN_APP), NOW), "mail": chosen.get((key, MAIL), setting.mode(key, MAIL)),
            "default": MODES[setting.mode(key, MAIL)],
        }
        for key, kind in KINDS.items()
    ]
    address = current_user.email if mail.reaches(current_user.email) else ""
    errors = {problem.field: problem.message for problem in refusal.problems} if refusal else {}
    quiet = f"{setting.quiet_from}–{setting.quiet_to}" if setting.quiet_from else _("none")
    page = {
        "rows": rows, "hours": hours, "address": address, "errors": errors, "action": url_for(".wishes"),
        "problems": refusal.problems if refusal else [], "modes": list(MODES.items()),
        "shown": [(NOW, _("Shown")), (OFF, _("Not shown"))], "portal": {"digest_at": setting.digest_at, "quiet": quiet},
        "breadcrumbs": [{"label": _("Notices"), "url": url_for(".list")}],
    }
    return render_template("messages/wishes.html", page=page)


@shell.counted("notice_count")
def notice_count(person: Access) -> sa.Select[int] | None:
    """How many notices wait, for the bell."""
    return notifications.unread_query(person.employee_id) if person.employee_id else None
