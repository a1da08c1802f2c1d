"""The company's own forms: taken in after a check, versioned, filled from a row; its history keeps each filling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.core import access, attachments, filetypes, moves, pages, printing, query, reading
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.pages import ShowPage
from app.core.register import Register, registers
from app.core.together import MY_TURN, Rows, Talk
from app.engines.documents import excel, filling, office, operations, word
from app.engines.documents.models import PrintTemplate
from app.engines.documents.placeholders import Given, spelt

FILLERS: dict[str, ModuleType] = {"docx": word, "xlsx": excel}
SLUG = PrintTemplate.__tablename__


@dataclass(frozen=True)
class Filled:
    """A template filled from a row."""

    name: str
    media_type: str
    content: bytes


def printable(slug: str) -> Register:
    """A register whose rows fill templates; raises ``NotFound``."""
    register = registers().get(slug)
    if register is None or register.detail_of or register.sealed:
        raise NotFound()
    return register


def of_register(slug: str) -> Sequence[PrintTemplate]:
    """The templates of a register, those in use first by name, the newest version first."""
    order = (PrintTemplate.in_use.desc(), PrintTemplate.name, PrintTemplate.version_no.desc())
    return session.scalars(sa.select(PrintTemplate).where(PrintTemplate.of_register == slug).order_by(*order)).all()


def counted() -> dict[str, int]:
    """How many templates in use each register has."""
    numbers = sa.select(PrintTemplate.of_register, sa.func.count()).where(PrintTemplate.in_use)
    found = session.execute(numbers.group_by(PrintTemplate.of_register))
    return {row[0]: row[1] for row in found}


def take_in(slug: str, name: str, upload: FileStorage | None, previous: PrintTemplate | None = None) -> PrintTemplate:
    """Check and keep a template; a new version puts the earlier one out of use. The caller commits.

    Raises ``Refusal`` with every problem: no name, no such file, a placeholder that does not exist.
    """
    register, name = printable(slug), name.strip() or (previous.name if previous else "")
    Refusal.when(_faults(name, upload))
    assert upload is not None
    clean = filetypes.clean_name(upload.filename or "")
    kind, content = office.kind_of(clean), upload.stream.read(office.LARGEST + 1)
    said = list(dict.fromkeys(FILLERS[kind].places(office.parts_of(kind, content))))
    Refusal.when(_judged(register, said))
    made = PrintTemplate(
        name=name, of_register=slug, kind=kind, version_no=previous.version_no + 1 if previous else 1, in_use=True,
        previous_id=previous.id if previous else None, places=said,
    )  # fmt: skip
    if previous is not None:
        previous.in_use = False
    session.add(made)
    session.flush()
    upload.stream.seek(0)
    attachments.receive(SLUG, made.id, "file", [upload])
    return made


def _faults(name: str, upload: FileStorage | None) -> list[Problem]:
    found = []
    if not name:
        found.append(Problem(_("“%(field)s” is needed.", field=_("Name of the template")), "name", "required"))
    elif len(name) > 120 or not reading.is_shown(name):
        found.append(Problem(_("The name has at most 120 characters."), "name", "text"))
    if upload is None or not upload.filename:
        found.append(Problem(_("Please choose a file."), "file", "required"))
    return found


def _judged(register: Register, said: Sequence[str]) -> list[Problem]:
    if not said:
        text = _("The file has no placeholder such as {{ number }}; it would be the same for every record.")
        return [Problem(text, "file", "placeholder")]
    return [
        Problem(_("There is no placeholder “%(name)s”; the list beside says which there are.", name=name), "file",
                "placeholder")
        for name in filling.unknown(register, said)
    ]  # fmt: skip


def find(slug: str, template_id: int) -> PrintTemplate:
    """A template of a register; raises ``NotFound``."""
    found = session.get(PrintTemplate, template_id) if template_id < 2**53 else None
    if found is None or found.of_register != slug:
        raise NotFound()
    return found


def fill(template: PrintTemplate, record: Any) -> Filled:
    """A row as the template writes it; personal data masked, the print kept in the row's history. The caller commits.

    Raises ``Forbidden`` where the policy keeps the person from printing.
    """
    printing.check(record)
    operations.check_may_print(record)
    given = filling.given(moves.whole_of(record), template.places or [])
    made = _made(template, given, given.texts["number"] or f"{record.id}")
    operations.log_print(record, f"{template.name} v{template.version_no}", template.kind.upper())
    return made


def sample(template: PrintTemplate) -> Filled:
    """The template with the name of each placeholder in its place, for whoever may see no row."""
    register = printable(template.of_register)
    texts = {place.key: f"〔{place.label}〕" for place in filling.known(register)}
    there = filling.names(register)
    slugs = {key.partition(".")[0] for said in template.places or () if (key := there.get(spelt(said), said))}
    lines = {
        slug: [Given({key.partition(".")[2]: text for key, text in texts.items() if key.startswith(f"{slug}.")})]
        for slug in slugs & {entry.partition(".")[0] for entry in register.lines}
    }  # fmt: skip
    return _made(template, Given(texts, {}, lines, there), _("sample"))


def _made(template: PrintTemplate, given: Given, number: str) -> Filled:
    kept = attachments.of_row(SLUG, template.id)
    if not kept:
        raise NotFound(_("The file is missing from the store."))
    with attachments.open_file(kept[-1].storage_key) as file:
        parts = office.parts_of(template.kind, file.read())
    content = office.packed(FILLERS[template.kind].fill(parts, given))
    name = filetypes.clean_name(f"{template.name}-{number}.{template.kind}")
    return Filled(name, office.MEDIA[template.kind], content)


def newest(register: Register) -> Any:
    """The newest row that the person may read, to try a template with; ``None`` if there is none."""
    if not access.current().can(register.guarded_by, "read") or not printing.offered(register):
        return None
    acts = ("read",) if register.closed else ("read", "print")
    model, rows = register.model, [access.rows(register, act) for act in acts]
    key = session.scalar(sa.select(model.id).where(*rows).order_by(model.id.desc()).limit(1))
    return query.find(register, key) if key is not None else None


def offer(page: ShowPage) -> Talk:
    """The templates of its register among the actions of a row's page, unless the policy forbids the print."""
    register = page.whole.register
    if not printing.may(page.record):
        return
    in_use = (PrintTemplate.of_register == register.slug, PrintTemplate.in_use)
    [found] = yield Rows([sa.select(PrintTemplate.id, PrintTemplate.name).where(*in_use).order_by(PrintTemplate.name)])
    yield MY_TURN
    try:
        operations.check_may_print(page.record)
    except Forbidden:
        return
    for one in found:
        address = url_for("FillView.fill", slug=register.slug, pk=page.record.id, template_id=one.id)
        page.header["more"].append({"label": one.name, "url": address, "icon": "download"})


pages.on_show(offer, order=62)
