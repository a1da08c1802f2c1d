"""Many rows on paper at once: every copy that the policy names, each print kept in the history of its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.core import pages, printing, query
from app.core.errors import BadRequest
from app.core.pages import ListPage
from app.core.printing import PrintPage
from app.core.register import Register
from app.engines.documents import operations, pdf

AT_ONCE = 10
"""So many rows are printed while one waits; more of them by a thread."""
PDF = {"format": "pdf"}


def printed(register: Register, ids: Sequence[int]) -> bytes:
    """The rows as one PDF, in the order asked for; the caller commits.

    Raises ``NotFound`` for a row out of reach, ``Forbidden`` where the role or the policy lets print none.
    """
    if not ids:
        raise BadRequest(_("Choose at least one record."))
    records = [query.find(register, key) for key in dict.fromkeys(ids)]
    made = [page for record in records for page in copies(record)]
    content = pdf.render_many([html_of(page) for page in made])
    for page in made:
        page.keep_traces()
    return content


def copies(record: Any) -> Iterator[PrintPage]:
    """The form once for each copy that the policy names, once where it names none."""
    rules = operations.print_rules(record)
    numbers = [str(copy.number) for copy in rules.copies] if rules is not None else []
    return (printing.build(record, PDF | {"copy": number}) for number in numbers or [""])


def html_of(page: PrintPage) -> str:
    """A form as the page that becomes a sheet."""
    return render_template(page.template, page=page)


def offer(page: ListPage, found: Any) -> None:
    """Buttons for the rows that are picked in a list, and for all that it finds."""
    if not printing.offered(page.register) or not page.rows:
        return
    there = url_for("PrintsView.batch", slug=page.register.slug)
    page.bulk.append({"key": "print", "label": _("Print as one PDF"), "icon": "printer", "url": there})
    if found.more or found.earlier:
        total = f"{found.total:,}" if found.exact else _("more than %(count)s", count=f"{found.total:,}")
        asked = request.query_string.decode(errors="replace")
        page.bulk.append({"key": "print_all", "label": _("Print all %(total)s found", total=total), "icon": "printer",
                          "url": f"{there}?{asked}" if asked else there})  # fmt: skip


pages.on_list(offer, order=80)
