"""What the documents engine adds to record pages and prints."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, accounts, actor, clock, pages, printing, values
from app.core.errors import Forbidden
from app.core.lifecycle import Words
from app.core.pages import ShowPage, link
from app.core.printing import PrintPage
from app.core.together import Names, Rows, Talk
from app.core.words import post_label
from app.engines.documents import operations, pdf
from app.engines.documents.models import ACKNOWLEDGED, LIFE

printing.set_pdf(pdf.render)


def complete_print(page: PrintPage) -> None:
    """Refuse what the policy forbids; else add title, copy, watermark and log."""
    record: Any = page.whole.record
    operations.check_may_print(record)
    rules = operations.print_rules(record)
    wanted = page.args.get("copy", "")
    if rules is not None:
        page.title = rules.title
        chosen = next((copy for copy in rules.copies if str(copy.number) == wanted), None)
        page.copies = [{"label": str(copy.label), "number": copy.number} for copy in rules.copies]
        page.copy = str(chosen.label) if chosen else ""
    page.company = operations.company_of(record)
    _sign(page)
    stamp = clock.to_local(clock.now()).strftime("%Y-%m-%d %H:%M")
    who = accounts.name_of(actor.user_id())
    page.printed = _("Printed by %(who)s at %(when)s", who=who, when=stamp)
    page.watermark = f"{who} {stamp}"
    form = "PDF" if page.args.get("format") == "pdf" else "HTML"
    page.traces.append(lambda: operations.log_print(record, page.copy, form))


def _sign(page: PrintPage) -> None:
    """Put the opinions that belong to posts under each other, with whoever wrote them last, as on the paper form."""
    asked = operations.opinions_of(page.whole.record)
    specs = page.whole.fields
    signed = {name: posts for name, posts in asked.items() if name in specs and specs[name].kind.name == "longtext"}
    if not signed:
        return
    for section in page.sections:
        section["fields"] = [field for field in section["fields"] if field["name"] not in signed]
    page.sections = [section for section in page.sections if section["fields"]]
    writers = operations.writers_of(page.whole.record, signed)
    page.opinions = [
        {"role": f"{posts}\n{specs[name].label}", "text": page.whole.get(name) or "", **writers.get(name, {})}
        for name, posts in signed.items()
    ]


def forbid_print(page: ShowPage) -> None:
    """The print action disappears where the policy forbids it."""
    try:
        operations.check_may_print(page.record)
    except Forbidden:
        page.header["more"] = [entry for entry in page.header["more"] if entry.get("icon") != "printer"]


def show_copies(page: ShowPage) -> Talk:
    """A tab with the copies sent out."""
    if operations.print_rules(page.record) is None:
        return
    [copies] = yield Rows([operations.copies_query(page.record)])
    waiting = operations.copies_to_come(page.record, copies)
    if not copies and not waiting:
        return
    names = yield Names(operations.named_by(copies))
    rows = [{"cells": _cells(copy, names)} for copy in copies]
    rows += [{"cells": _waiting(copy)} for copy in waiting]
    heads = (_("Copy"), _("Unit"), _("Sent"), _("State"), _("Acknowledged"))
    table = {"columns": [{"label": head} for head in heads], "rows": rows}
    page.tabs.append({"key": "copies", "label": _("Copies"), "count": len(rows), "table": table})


def _waiting(copy: Any) -> list[Any]:
    """A copy that the policy names and that has not gone out."""
    badge = Markup('<span class="kz-state is-mute">{}</span>').format(_("Not sent yet"))
    return [copy.label, post_label(copy.post), values.DASH, badge, values.DASH]


def _cells(copy: Any, names: values.Names) -> list[Any]:
    words = str(Words(copy.label["zh"], copy.label["en"]))
    mine = access.current().can("delivery_receipt", "read")
    who = names.get(("employee", copy.acknowledged_by_id), "") if copy.status == ACKNOWLEDGED else ""
    when = values.short(copy.acknowledged_at) if copy.acknowledged_at else ""
    return [
        link("delivery_receipt", copy.id, words) if mine else words, names.get(("org_unit", copy.unit_id), ""),
        Markup('<span class="kz-num">{}</span>').format(values.short(copy.sent_at)), values.badge(LIFE, copy.status),
        f"{who} {when}".strip() or values.DASH,
    ]


printing.on_print(complete_print, order=10)
pages.on_show(forbid_print, order=60)
pages.on_show(show_copies, order=60)
