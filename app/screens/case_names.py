"""Cases on administrators' pages: by number and with a link where the person may see them, else by their kind only."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core import access, pages, values
from app.core.db import session
from app.core.register import registers

Names = dict[tuple[str, int], Markup]


def names(pairs: Iterable[tuple[str, int]]) -> Names:
    """What to call rows of registers, with one statement for each register."""
    by_slug: dict[str, set[int]] = {}
    for slug, key in pairs:
        by_slug.setdefault(slug, set()).add(key)
    found: Names = {}
    for slug, keys in by_slug.items():
        register = registers()[slug]
        hidden = escape(_("%(register)s (not yours to see)", register=register.label))
        found |= dict.fromkeys(((slug, key) for key in keys), hidden)
        if access.current().can(register.guarded_by, "read"):
            table = register.model.__table__
            seen = sa.select(table.c.id, table.c[register.title]).where(
                table.c.id.in_(sorted(keys)), access.rows(register, "read")
            )
            found |= {
                (slug, key): pages.link(slug, key, values.title_text(slug, title) or f"{register.label} #{key}")
                for key, title in session.execute(seen)
            }
    return found
