"""The foot of a list: where one is, the pages near by, the first and the last one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import paging
from app.core.query import PAGE_LIMIT, SIZES, Criteria, Page, read_criteria
from app.core.register import Register

PLACES = ("page", "after", "before", "end")


def address(**changes: Any) -> str:
    """The address of this list with some of its parameters changed; what says where one is goes unless it is given."""
    args = MultiDict(request.args)
    for key, value in changes.items():
        args.poplist(key)
        if value is not None:
            args[key] = value
    for key in PLACES:
        if key not in changes:
            args.poplist(key)
    query = urlencode(list(args.items(multi=True)))
    return f"{request.script_root}{request.path}{'?' + query if query else ''}"


def all_of(register: Register) -> Criteria:
    """What the list finds that the request comes from, wherever in it one stands."""
    args = ((key, value) for key, value in request.args.items(multi=True) if key not in PLACES)
    return read_criteria(register, MultiDict(args))


def pager(criteria: Criteria, page: Page) -> dict[str, Any]:
    """What the foot shows; far from the beginning rows are met by their neighbours, without counting."""
    last_page = min(max(1, -(-page.total // criteria.size)), PAGE_LIMIT)
    far, total = paging.is_far(criteria), f"{page.total:,}"
    near = {1, last_page} if far else {1, *_around(criteria.page, last_page), last_page}
    ends = not page.exact or page.total > PAGE_LIMIT * criteria.size
    return {
        "text": _range(criteria, page, far, total if page.exact else _("more than %(count)s", count=total)),
        "prev_url": _earlier(criteria, page, far), "next_url": _further(criteria, page, far),
        "last_url": address(end=1) if ends and page.more else None, "far_end": ends,
        "pages": [{"n": n, "url": address(page=n), "active": n == criteria.page and not far} for n in sorted(near)],
        "size": criteria.size, "size_urls": [(n, address(size=n)) for n in SIZES],
    }  # fmt: skip


def _around(page: int, last: int) -> range:
    return range(max(1, page - 2), min(last, page + 2) + 1)


def _range(criteria: Criteria, page: Page, far: bool, total: str) -> str:
    if far:
        return _("%(count)s rows of %(total)s", count=len(page.rows), total=total)
    first = (criteria.page - 1) * criteria.size + 1 if page.rows else 0
    return _("%(first)s–%(last)s of %(total)s", first=first, last=max(0, first + len(page.rows) - 1), total=total)


def _earlier(criteria: Criteria, page: Page, far: bool) -> str | None:
    if not page.earlier or not page.rows:
        return None
    return address(before=page.rows[0].id) if far else address(page=criteria.page - 1)


def _further(criteria: Criteria, page: Page, far: bool) -> str | None:
    if not page.more or not page.rows:
        return None
    by_row = far or criteria.page >= PAGE_LIMIT
    return address(after=page.rows[-1].id) if by_row else address(page=criteria.page + 1)
