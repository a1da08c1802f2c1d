"""The side menu: areas in a fixed order, and in each the registers and screens that the person may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import request
from flask_appbuilder.menu import Menu, MenuItem
from flask_babel import lazy_gettext as _l

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


def menu_for(access: Access, counts: Mapping[str, tuple[Any, bool]] | None = None) -> list[dict[str, Any]]:
    """The groups of the side menu, ``[{label, items: [{key, label, url, icon, active, count, hot}]}]``, none empty.

    ``counts`` holds, by register or by the fact that a screen counts, a number and whether it is urgent.
    """
    groups: dict[str, list[Entry]] = {area: [] for area in AREAS}
    for entry in (*_screens(access), *_registers(access)):
        groups.setdefault(entry.area, []).append(entry)
    here = _here(entry.path for entries in groups.values() for entry in entries)
    return [
        {"label": str(AREAS.get(area, area)), "items": [_item(entry, here, counts or {}) for entry in sorted(entries)]}
        for area, entries in groups.items()
        if entries
    ]


def _registers(access: Access) -> Iterator[Entry]:
    for position, (slug, register) in enumerate(registers().items()):
        if register.menu and not register.detail_of and access.can(slug, "read"):
            yield Entry(register.area, 100 + position, slug, str(register.label), f"/{slug}/", register.icon)


def _screens(access: Access) -> Iterator[Entry]:
    for screen in Screen.__subclasses__():
        name = screen.class_permission_name or screen.__name__
        if screen.menu_label and (name in SIGNED_IN or access.can(name, "read")):
            path = f"{screen.route_base or ''}/"
            yield Entry(
                screen.menu_area, screen.menu_order, screen.__name__, str(screen.menu_label), path, screen.menu_icon,
                screen.menu_count,
            )


def _here(paths: Iterator[str]) -> str:
    """The path of the entry that the present page belongs to: the longest that begins the address."""
    return max((path for path in paths if request.path.startswith(path)), key=len, default="")


def _item(entry: Entry, here: str, counts: Mapping[str, tuple[Any, bool]]) -> dict[str, Any]:
    number, hot = counts.get(entry.counted_by or entry.key, (0, False))
    return {
        "key": entry.key, "label": entry.label, "icon": entry.icon, "url": request.script_root + entry.path,
        "active": entry.path == here and (here != "/" or request.path == "/"),
        "count": number, "hot": hot,
    }
