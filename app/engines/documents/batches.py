"""Many rows on paper at once: every copy that the policy names, each print kept in the history of its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.core import pages, printing, query
from app.core.errors import BadRequest, Problem, Refusal
from app.core.pages import ListPage
from app.core.register import Register
from app.engines.documents import operations, pdf

MOST = 50
PDF = {"format": "pdf"}


def printed(register: Register, ids: Sequence[int]) -> bytes:
    """The rows as one PDF, in the order asked for; the caller commits.

    Raises ``NotFound`` for a row out of reach, ``Forbidden`` where the policy keeps the person from printing one.
    """
    if not ids:
        raise BadRequest(_("Choose at least one record."))
    if len(ids) > MOST:
        raise Refusal(Problem(_("At most %(most)s records are printed at once; these are %(count)s.", most=MOST,
                                count=len(ids)), "id", "most"))  # fmt: skip
    records = [query.find(register, key) for key in dict.fromkeys(ids)]
    return pdf.render_many([sheet for record in records for sheet in _copies(record)])


def _copies(record: Any) -> Iterator[str]:
    """The form once for each copy that the policy names, once where it names none."""
    rules = operations.print_rules(record)
    numbers = [str(copy.number) for copy in rules.copies] if rules is not None else []
    for number in numbers or [""]:
        page = printing.build(record, PDF | {"copy": number})
        yield render_template(page.template, page=page)


def offer(page: ListPage, _found: Any) -> None:
    """A button for the rows that are picked in a list."""
    if not page.register.sealed and page.rows:
        address = url_for("PrintsView.batch", slug=page.register.slug)
        page.bulk.append({"key": "print", "label": _("Print as one PDF"), "icon": "printer", "url": address})


pages.on_list(offer, order=80)
