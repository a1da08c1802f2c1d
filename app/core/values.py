"""How values look: on screens, in prints and in exports; references are named in batches."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core import clock, masking, words
from app.core.db import Model, session
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.register import registers
from app.core.remembering import on_page
from app.core.wording import listed

DASH = Markup('<span class="kz-xs">—</span>')
Names = Mapping[tuple[str, int], str]


def names_of(wanted: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], str]:
    """Titles of referred rows, with one statement."""
    pairs = {(slug, key) for slug, key in wanted if key is not None}
    known: dict[tuple[str, int], str] = on_page(names_of)
    by_slug: dict[str, set[int]] = defaultdict(set)
    for slug, key in pairs - known.keys():
        by_slug[slug].add(key)
    if by_slug:
        slugs = tuple(sorted(by_slug))
        rows = session.execute(_title_query(slugs), {f"of_{slug}": sorted(by_slug[slug]) for slug in slugs})
        known |= {(slug, key): title_text(slug, title) for slug, key, title in _read(slugs, rows)}
    return {pair: known[pair] for pair in pairs if pair in known}


def _read(slugs: tuple[str, ...], rows: Iterable[Any]) -> Iterable[tuple[str, int, Any]]:
    """The rows with the register they are of; a title is in the column that its register has."""
    for at, key, *titles in rows:
        yield slugs[at], key, titles[at]


@lru_cache(maxsize=1000)
def _title_query(slugs: tuple[str, ...]) -> sa.CompoundSelect[Any] | sa.Select[Any]:
    """Each register's titles in a column of their own, since they may be of different types (a personal one)."""
    parts = []
    for at, slug in enumerate(slugs):
        table = Model.metadata.tables["ab_user" if slug == "account" else slug]
        title = table.c["username" if slug == "account" else registers()[slug].title]
        held = [title if here == at else _nothing(other) for here, other in enumerate(slugs)]
        wanted = table.c.id.in_(sa.bindparam(f"of_{slug}", expanding=True))
        parts.append(sa.select(sa.literal_column(str(at), sa.Integer), table.c.id, *held).where(wanted))
    return parts[0] if len(parts) == 1 else sa.union_all(*parts)


def _nothing(slug: str) -> Any:
    """No title, of the type that the titles of a register have."""
    table = Model.metadata.tables["ab_user" if slug == "account" else slug]
    return sa.cast(sa.null(), table.c["username" if slug == "account" else registers()[slug].title].type)


def title_text(slug: str, title: Any) -> str:
    """The title of a row; a personal title stays masked."""
    register = registers().get(slug)
    spec = register.fields.get(register.title) if register else None
    if spec and spec.kind.name == "personal":
        return masking.mask(spec.mask, title or "")
    if spec and spec.words and title:
        return spec.words(title)
    if spec and spec.choices and title:
        return str(spec.choices.get(title, title))
    return str(title or "")


def wanted_names(specs: Iterable[FieldSpec], read: Any) -> Iterable[tuple[str, int]]:
    """The (register, id) pairs that a row's fields refer to; ``read(name)`` gives a value."""
    for spec in specs:
        if spec.target and spec.stored:
            value = read(spec.name)
            for key in value if isinstance(value, list) else [value]:
                if key is not None:
                    yield spec.target, key


def text(spec: FieldSpec, value: Any, names: Names, life: Lifecycle | None = None) -> str:
    """A value in words, for prints, exports and messages."""
    if value is None or value == []:
        return ""
    kind = spec.kind.name
    if spec.words:
        return spec.words(value)
    if spec.target:
        keys = value if isinstance(value, list) else [value]
        return listed(names.get((spec.target, key), str(key)) for key in keys)
    if kind in ("choice", "choices"):
        keys = value if isinstance(value, list) else [value]
        return listed(spec.choices.get(key, key) for key in keys)
    if kind == "state" and life:
        return str(life.states[value].label) if value in life.states else str(value)
    if kind == "post":
        return words.post_label(value if "." in value or not life else f"{life.policy}.{value}")
    if kind == "personal":
        return masking.mask(spec.mask, value)
    return _simple(kind, value)


def _simple(kind: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if kind == "money" else f"{value.normalize():,f}{' %' if kind == 'percent' else ''}"
    if isinstance(value, int) and kind == "integer":
        return f"{value:,}"
    if isinstance(value, dt.datetime):
        return clock.to_local(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def html(spec: FieldSpec, value: Any, names: Names, life: Lifecycle | None = None) -> Markup:
    """A value on a page: badge, number, short date with the exact one on hover, or text."""
    if value is None or value in ("", []):
        return DASH
    kind = spec.kind.name
    if kind == "state":
        return badge(life, value)
    words = text(spec, value, names, life)
    if kind in ("date", "datetime"):
        return Markup(f'<time class="kz-num" title="{words}">{short(value)}</time>')  # noqa: S704 -- digits only
    if kind in ("money", "integer", "percent", "decimal"):
        return Markup(f'<span class="kz-num">{words}</span>')  # noqa: S704 -- digits only
    if kind == "longtext":
        return Markup("<br>").join(escape(line) for line in words.splitlines())
    return escape(words)


def short(value: dt.date | dt.datetime) -> str:
    """A date of this year as MM-DD, with the time for instants."""
    local: Any = clock.to_local(value) if isinstance(value, dt.datetime) else value
    day = local.strftime("%m-%d" if local.year == clock.today().year else "%Y-%m-%d")
    return day + local.strftime(" %H:%M") if isinstance(value, dt.datetime) else day


def badge(life: Lifecycle | None, state: str) -> Markup:
    """The state badge of a row."""
    known = life.states.get(state) if life else None
    return _badge(known.tone if known else "mute", str(known.label) if known else state)


@lru_cache(maxsize=1000)
def _badge(tone: str, label: str) -> Markup:
    return Markup('<span class="kz-state is-{}">{}</span>').format(tone, label)
