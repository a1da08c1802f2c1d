"""Paper: every record prints; engines add copies, watermark, log and PDF, and may refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import access, forms, moves, values
from app.core.errors import Forbidden, NotFound
from app.core.register import Record, Register, register_of
from app.core.remarks import remarks
from app.core.whole import Whole


@dataclass
class PrintPage:
    """One printed form while it is being put together."""

    whole: Whole
    title: Any
    number: str
    sections: list[dict[str, Any]]
    args: Mapping[str, str]
    template: str = "register/print.html"
    company: str = ""
    copy: str = ""
    copies: list[dict[str, Any]] = field(default_factory=list)
    opinions: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    watermark: str = ""
    printed: str = ""
    wide: bool = False
    traces: list[Callable[[], None]] = field(default_factory=list)
    """What is written once the paper is there: the logs of prints."""

    def keep_traces(self) -> None:
        """Write who has printed what."""
        for trace in self.traces:
            trace()


_hooks: list[tuple[int, Callable[[PrintPage], None]]] = []
_pdf: Callable[[str], bytes] | None = None


def on_print(function: Callable[[PrintPage], None], order: int = 50) -> Callable[[PrintPage], None]:
    """Let ``function`` complete a print or refuse it with ``Forbidden``."""
    if all(known is not function for _order, known in _hooks):
        _hooks.append((order, function))
        _hooks.sort(key=lambda entry: entry[0])
    return function


def set_pdf(function: Callable[[str], bytes]) -> None:
    """Tell core who turns a page of HTML into PDF."""
    global _pdf
    _pdf = function


def offered(register: Register) -> bool:
    """Whether the person may print any row of a register; nobody prints a sealed one."""
    return not register.sealed and access.current().can(register.guarded_by, "print")


def may(record: Record) -> bool:
    """Whether the person, who reads the row, may print it: a right of its own, with a reach of its own."""
    register, person = register_of(record), access.current()
    guard = register.guarded_by
    if not offered(register):
        return False
    if register.closed or person.reaches(guard, "print") >= person.reaches(guard, "read"):
        return True
    return access.may(record, "print")


def check(record: Record) -> None:
    """Refuse with 403 a print that no role of the person gives."""
    register = register_of(record)
    access.require(register.guarded_by, "print")
    if not may(record):
        raise Forbidden(_("Your roles do not let you print this record of “%(name)s”.", name=register.label))


def answer(record: Record, args: Mapping[str, str]) -> str | Response:
    """The print page as HTML, or as PDF with ``?format=pdf``."""
    page = build(record, args)
    html = render_template(page.template, page=page)
    if args.get("format") != "pdf":
        page.keep_traces()
        return html
    if _pdf is None:
        raise NotFound(_("PDF is not available on this server; print the page from the browser."))
    disposition = f'inline; filename="{page.whole.register.slug}-{record.id}.pdf"'
    made = Response(_pdf(html), mimetype="application/pdf", headers={"Content-Disposition": disposition})
    page.keep_traces()
    return made


def build(record: Record, args: Mapping[str, str]) -> PrintPage:
    """The content of a print: every filled field in words, personal ones masked; raises ``Forbidden``."""
    check(record)
    life, whole = moves.lifecycle_of(record), moves.whole_of(record)
    specs = [spec for spec in whole.fields.values() if spec.stored]
    names = values.names_of(values.wanted_names(specs, whole.get))
    sections, said = [], remarks(life, whole.get)
    for section in forms.layout_of(whole.register, whole.detail_register):
        fields = [
            {
                "label": spec.label,
                "value": str(said.get(spec.name) or values.text(spec, whole.get(spec.name), names, life)),
                "wide": spec.width == 3,
                "width": spec.width,
                "name": spec.name,
            }
            for spec in map(whole.fields.__getitem__, forms.concerned(whole, section, life))
            if spec.stored
        ]
        if fields:
            sections.append({"title": section.title, "fields": fields})
    head = whole.register.title
    said_by = whole.get(head) if head in whole.fields else None
    number = values.text(whole.register.fields[head], said_by, names, life)
    page = PrintPage(whole, whole.register.label, number, sections, args)
    for _order, function in _hooks:
        function(page)
    return page
