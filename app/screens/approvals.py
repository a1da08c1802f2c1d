"""The approvals inbox: one place to read a case, see why it came here, and decide; singly or several at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import access, attachments, forms, moves, pages, reading, shell, values
from app.core.access import Access
from app.core.db import session
from app.core.errors import BadRequest, Refusal
from app.core.pages import ShowPage
from app.core.register import registers
from app.core.screen import Screen
from app.core.together import Names, Talk
from app.engines.approvals import calc, inbox
from app.engines.approvals import operations as approvals
from app.engines.approvals.inbox import COPIES, DONE, MINE, TO_DO, VIEWS, Filters, Item
from app.engines.approvals.models import STEP_STATES
from app.screens import approval_several as several
from app.screens.approval_acts import ACTS, perform
from app.screens.approval_pane import FILES, TONES, Pane, lines

TABS = {TO_DO: _l("For me"), DONE: _l("Done"), MINE: _l("Sent"), COPIES: _l("Copied to me")}
EMPTY = {
    TO_DO: (_l("Nothing waits for your decision"), _l("What is put forward to a post of yours comes here.")),
    DONE: (_l("You have answered nothing yet"), _l("Your answers are kept here, with the case as it is now.")),
    MINE: (_l("You have put nothing forward yet"), _l("What you send for a decision is followed here.")),
    COPIES: (_l("No copies for you"), _l("Deciders send copies to whoever ought to know.")),
}
NARROWING = ("register", "policy", "text")
FEW = 4


def asked_filters() -> Filters:
    """What narrows the lines of a view."""
    return Filters(*(reading.query_text(name, 60) for name in NARROWING))


def asked_view() -> str:
    """The view that the address names; raises ``BadRequest`` for another."""
    view = request.args.get("view", TO_DO)
    if view not in VIEWS:
        raise BadRequest(_("There is no view “%(name)s”.", name=view[:40]))
    return view


class ApprovalsView(Screen):
    """To do, done, started by me, copied to me."""

    route_base = "/approvals"
    default_view = "index"
    everyone = True
    menu_label, menu_icon, menu_order = _l("Approvals"), "checkbox", 5
    menu_count = "inbox_count"

    @expose("/")
    @has_access
    def index(self) -> str:
        """The inbox with its first line opened."""
        person, view = access.current(), asked_view()
        found = inbox.items(view, person, asked_filters())
        first = found[0].step if found else None
        pane = Pane(*inbox.look_at(first.id, person)) if first is not None else None
        return self._render(person, view, found, pane, opened=False)

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int) -> str:
        """One step, read and decided."""
        person, view = access.current(), asked_view()
        pane = Pane(*inbox.look_at(pk, person))
        return self._render(person, view, inbox.items(view, person, asked_filters()), pane, opened=True)

    @expose("/<int:pk>", methods=["POST"])
    @has_access
    def act(self, pk: int) -> str | Response | tuple[str, int]:
        """Approve, reject, return and the rest; a refusal keeps what was typed."""
        action, comment = request.form.get("action", ""), request.form.get("comment", "")
        raw = _typed(pk, action)
        try:
            answered = perform(pk, action, raw, comment, _version())
            attachments.receive(FILES, answered, "comment", request.files.getlist("files"))
        except Refusal as error:
            session.rollback()
            if error.status in (403, 404):
                raise
            return self._again(pk, raw, comment, error)
        flash(_("Done."), "success")
        return redirect(url_for("ApprovalsView.index"))

    @expose("/<int:pk>/file/<int:attachment_id>")
    @has_access
    def file(self, pk: int, attachment_id: int) -> Response:
        """A file that somebody put beside his opinion, for who may read the step."""
        step, _asked, _record = inbox.look_at(pk, access.current())
        return attachments.download(FILES, step.id, attachment_id)

    def _again(self, pk: int, raw: Mapping[str, Any], comment: str, error: Refusal) -> tuple[str, int]:
        person = access.current()
        kept = {**raw, **request.form.to_dict()}
        pane = Pane(*inbox.look_at(pk, person), typed=kept, comment=comment, problems=error.problems)
        return self._render(person, TO_DO, inbox.items(TO_DO, person), pane, opened=True), error.status

    def _render(self, person: Access, view: str, found: list[Item], pane: Pane | None, *, opened: bool) -> str:
        kept: dict[str, Any] = {key: request.args[key] for key in NARROWING if key in request.args}

        def address(step_id: int) -> str:
            return url_for("ApprovalsView.show", pk=step_id, view=view, **kept)

        page = {
            "open": opened, "tabs": self._tabs(person, view), "view": view, "find": _find(found),
            "several": url_for("ApprovalsView.several") if view == TO_DO and len(found) > 1 else "",
            "items": lines(found, pane.step.id if pane else None, address),
            "back_text": TABS[view], "back_url": url_for("ApprovalsView.index", view=view, **kept),
            "empty": None if found else _nothing(view, bool(kept)),
            "item": pane.item() if pane else None, "aside": pane.aside() if pane else None,
        }
        return render_template("inbox.html", page=page)

    def _tabs(self, person: Access, view: str) -> list[dict[str, Any]]:
        counts = inbox.counts(person, TO_DO, COPIES)
        return [
            {"key": key, "label": label, "count": counts.get(key), "active": key == view,
             "url": url_for("ApprovalsView.index", view=key)}
            for key, label in TABS.items()
        ]

    # -- several at once ---------------------------------------------------------------------------------------------

    @expose("/several", methods=["GET", "POST"])
    @has_access
    def several(self) -> str | Response | tuple[str, int]:
        """Choose steps, look at what will happen, fill in once what they lack, approve them together."""
        waiting, form = inbox.items(TO_DO, access.current(), asked_filters()), request.form
        keys, comment = set(reading.numbers(form.getlist("step"))), form.get("comment", "")
        picked = [item for item in waiting if item.step and item.step.id in keys]
        chosen = list(several.chosen_of(picked or waiting))
        groups = several.groups_of(chosen, form) if picked else []
        confirmed = bool(form.get("confirmed") and groups)
        for group in groups if confirmed else ():
            group.check(comment)
        if confirmed and not any(group.problems for group in groups):
            several.approve_all(groups, comment)
            return redirect(url_for("ApprovalsView.index"))
        page = several.page_of(chosen, groups, comment)
        return render_template("approvals/several.html", page=page), 422 if page["problems"] else 200


def _nothing(view: str, narrowed: bool) -> dict[str, Any]:
    """What an empty view says, why, and one way on."""
    if narrowed:
        whole = {"label": _("Show all"), "url": url_for("ApprovalsView.index", view=view)}
        return {"title": _("Nothing matches"), "text": _("Another number or register may."), "action": whole}
    home = {"label": _("To the workbench"), "url": f"{request.root_path}/"}
    return {"title": EMPTY[view][0], "text": EMPTY[view][1], "action": home}


def _find(found: list[Item]) -> dict[str, Any] | None:
    """What narrows the lines: the beginning of a number, and a register when there are several; none for a few."""
    asked = asked_filters()
    slugs = sorted({*(item.request.of_register for item in found), *filter(None, [asked.register])} & set(registers()))
    narrowed = bool(asked.text or asked.register or asked.policy)
    if len(found) < FEW and not narrowed:
        return None
    choices = [(slug, registers()[slug].label) for slug in slugs]
    return {"text": asked.text, "register": asked.register, "registers": choices, "narrowed": narrowed}


def _typed(pk: int, action: str) -> dict[str, Any]:
    """The fields of the pressed button out of the one form that all share."""
    if action in ACTS or action == "return":
        marked = {key.removeprefix(f"{action}__"): key for key in request.form if key.startswith(f"{action}__")}
        several = ACTS[action].fields if action in ACTS else {}
        found: dict[str, Any] = {}
        for name, key in marked.items():
            many = name in several and several[name].kind.widget == "multiref"
            found[name] = request.form.getlist(key) if many else request.form[key]
        return found
    _step, asked, record = inbox.look_at(pk, access.current())
    move = approvals.move_for(record, asked, action)
    return forms.typed(request.form, moves.fields_of_move(moves.whole_of(record), move)) if move else {}


def _version() -> int | None:
    return reading.number(request.form.get("row_version", ""))


# -- elsewhere ---------------------------------------------------------------------------------------------------------


@shell.counted("inbox_count")
def inbox_count(person: Access) -> sa.Select[int] | None:
    """How many decisions wait, for the frame."""
    return inbox.count_query(TO_DO, person)


def show_course(page: ShowPage) -> Talk:
    """On a record's page: who has to decide or decided, and the way to one's own step."""
    found = inbox.course(page.whole.register.slug, page.record.id)
    if not found:
        return
    names = yield Names([("employee", step.decided_by_id or step.employee_id) for _asked, step in found])
    mine = inbox.waiting_on(page.whole.register.slug, page.record.id, access.current())
    if mine is not None:
        # the inbox offers every answer, so the moves behind them would be the same button twice
        others = [action for action in page.header["actions"] if not action.get("approval")]
        here = {"label": _("Decide"), "url": url_for("ApprovalsView.show", pk=mine.id), "icon": "gavel"}
        page.header["actions"] = [here | {"primary": True}, *others]
    heads = (_("Request"), _("Order"), _("Who decides"), _("State"), _("Answered"), _("Opinion"))
    rows = [{"cells": _course_cells(asked, step, names)} for asked, step in found]
    table = {"columns": [{"label": head} for head in heads], "rows": rows}
    page.tabs.append({"key": "approvals", "label": _("Approvals"), "count": len(rows), "table": table})


def _course_cells(asked: Any, step: Any, names: values.Names) -> list[Any]:
    badge = Markup('<span class="kz-state is-{}">{}</span>').format(TONES[step.status], STEP_STATES[step.status])
    remarked = step.kind == calc.REMARK
    decided = names.get(("employee", (step.employee_id if remarked else step.decided_by_id) or 0), "")
    at = step.opened_at if remarked else step.decided_at
    when = values.short(at) if at else ""
    who = approvals.asked(step, asked) if step.status == "open" else approvals.post_words(step.post)
    return [str(approvals.subject(asked.frozen)), step.position, who, badge, f"{decided} {when}".strip() or values.DASH,
            step.comment or values.DASH]


pages.on_show(show_course, order=20)
