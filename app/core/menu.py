"""The side menu: areas in a fixed order, and in each the registers and screens that the person may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from flask import get_template_attribute, request
from flask_appbuilder.menu import Menu, MenuItem
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import words
from app.core.access import SIGNED_IN, Access
from app.core.register import registers
from app.core.screen import Screen

AREAS: dict[str, Any] = {
    "": "",
    "complaints": _l("Complaints"),
    "consequences": _l("Consequences"),
    "customers": _l("Customers"),
    "credit": _l("Credit"),
    "service": _l("Service"),
    "visits": _l("Visits"),
    "membership": _l("Membership"),
    "retail": _l("Retail"),
    "property": _l("Property"),
    "heating": _l("Heating"),
    "staff": _l("Staff"),
    "security_posts": _l("Guarding"),
    "privacy": _l("Data protection"),
    "governance": _l("Governance"),
    "procurement": _l("Procurement"),
    "futures": _l("Futures"),
    "policies": _l("Policies"),
    "organisation": _l("Organisation"),
    "platform": _l("Operation"),
}
HOUSE = frozenset({"platform", "organisation", "policies"})


class Entry(NamedTuple):
    """One line of the menu."""

    area: str
    order: int
    key: str
    label: str
    path: str
    icon: str
    counted_by: str = ""


class PortalMenu(Menu):
    """FAB's menu, whose list of names doubles with every category."""

    def get_flat_name_list(self, menu: list[MenuItem] | None = None, result: list[str] | None = None) -> list[str]:
        """The names of all entries and of those one level below, each once."""
        items = self.menu if menu is None else menu
        return [name for item in items for name in (item.name, *(child.name for child in item.childs))]


class Group(NamedTuple):
    """An area of the menu with its entries in order."""

    label: str
    entries: tuple[Entry, ...]


def menu_for(access: Access, counts: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """The groups of the side menu, ``[{label, items: [{key, label, url, icon, active, count}]}]``, none empty.

    ``counts`` holds numbers by the fact that a screen counts; those of registers the page asks for by itself.
    """
    groups = _groups(str(get_locale()), _open_to(access))
    return _shown(groups, _here(groups), request.script_root, dict(counts or {}))


def drawn(access: Access, counts: Mapping[str, int]) -> Markup:
    """The side menu as the page holds it, drawn once for all who may use the same."""
    locale, opened = str(get_locale()), _open_to(access)
    here = _here(_groups(locale, opened))
    return _drawn(locale, opened, here, request.script_root, tuple(counts.items()))


@lru_cache(maxsize=256)
def _drawn(locale: str, opened: frozenset[str], here: str, root: str, counts: tuple[tuple[str, int], ...]) -> Markup:
    draw = get_template_attribute("macros.html", "menu")
    return Markup(draw(_shown(_groups(locale, opened), here, root, dict(counts))))  # noqa: S704 -- the macro escapes


def _open_to(access: Access) -> frozenset[str]:
    """The keys of what the person may use; of what policies ask for, that of the policies of his posts."""
    strange = words.strange_to(post.code for post in access.posts)
    slugs = {
        slug for slug, one in registers().items()
        if one.menu and not one.detail_of and (one.area in HOUSE or slug not in strange) and access.can(slug, "read")
    }
    return frozenset(slugs | {screen.__name__ for screen in Screen.__subclasses__() if _offered(screen, access)})


def _offered(screen: type[Screen], access: Access) -> bool:
    name = screen.class_permission_name or screen.__name__
    open_to = name in SIGNED_IN or access.can(name, "read")
    return open_to and screen.in_menu and screen.meant_for(access)


@lru_cache(maxsize=256)
def _groups(_locale: str, opened: frozenset[str]) -> tuple[Group, ...]:
    """Worded in the language of the request, which the key names."""
    areas: dict[str, list[Entry]] = {area: [] for area in AREAS}
    for entry in (*_screens(opened), *_registers(opened)):
        areas.setdefault(entry.area, []).append(entry)
    return tuple(Group(str(AREAS.get(area, area)), tuple(sorted(found))) for area, found in areas.items() if found)


def _registers(opened: frozenset[str]) -> Iterator[Entry]:
    for position, (slug, register) in enumerate(registers().items()):
        if slug in opened:
            yield Entry(register.area, 100 + position, slug, str(register.label), f"/{slug}/", register.icon)


def _screens(opened: frozenset[str]) -> Iterator[Entry]:
    for screen in Screen.__subclasses__():
        if screen.__name__ in opened:
            path = f"{screen.route_base or ''}/"
            yield Entry(
                screen.menu_area, screen.menu_order, screen.__name__, str(screen.menu_label), path, screen.menu_icon,
                screen.menu_count,
            )


def _here(groups: tuple[Group, ...]) -> str:
    """The path of the entry that the present page belongs to: the longest that begins the address."""
    paths = (entry.path for group in groups for entry in group.entries if request.path.startswith(entry.path))
    found = max(paths, key=len, default="")
    return "" if found == "/" != request.path else found


def _shown(groups: tuple[Group, ...], here: str, root: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": group.label,
            "items": [
                {
                    "key": entry.key, "label": entry.label, "icon": entry.icon, "url": root + entry.path,
                    "active": entry.path == here, "count": counts.get(entry.counted_by, 0),
                }
                for entry in group.entries
            ],
        }
        for group in groups
    ]
