"""The matrix of one role, an area or what was found at a time; a sent form speaks of the registers shown alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for

from app.core import menu, reading
from app.core.register import ACTIONS
from app.engines.people import shipped
from app.engines.people.shipped import Pair
from app.screens import log_pages, role_words
from app.screens.role_words import ACTION_HEADS

Offered = tuple[str, Any, frozenset[str]]
MOST = 40


def shown(slug: str) -> dict[str, Any]:
    """The registers of the area that was asked for, or of any area that hold the text looked for."""
    held, default = shipped.pairs_of(slug), shipped.default_pairs(slug)
    offering, text = list(role_words.offering()), reading.query_text("q")
    places = {register.area for _slug, register, _acts in offering}
    areas = [*(area for area in menu.AREAS if area in places), *sorted(places - set(menu.AREAS))]
    area = "" if text else log_pages.choice("area", areas) or areas[0]
    fits = [one for one in offering if (text.lower() in str(one[1].label).lower() if text else one[1].area == area)]
    found = fits[:MOST] if text else fits
    return {
        "heads": [(action, ACTION_HEADS[action]) for action in ACTIONS], "groups": _groups(found, held, default),
        "differs": len(held ^ default), "q": text, "area": area, "of": ",".join(one[0] for one in found),
        "left": len(fits) - len(found), "find_url": url_for("RolesView.show", slug=slug),
        "views": _views(slug, areas, area, offering, held ^ default),
    }


def _views(
    slug: str, areas: Collection[str], chosen: str, offering: Collection[Offered], other: Collection[Pair]
) -> list[dict[str, Any]]:
    """The areas, each with how many permissions are other than shipped."""
    homes = {one: register.area for one, register, _acts in offering}
    counts = Counter(homes.get(register, "") for register, _action in other)
    return [
        {"label": menu.AREAS.get(area, area), "count": counts[area] or "", "active": area == chosen,
         "url": url_for("RolesView.show", slug=slug, area=area)}
        for area in areas
    ]  # fmt: skip


def _groups(found: Collection[Offered], held: set[Pair], default: set[Pair]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {area: [] for area in menu.AREAS}
    for slug, register, offered in found:
        cells = [
            {"value": f"{slug}:{action}", "on": (slug, action) in held, "shipped": (slug, action) in default}
            if action in offered else None for action in ACTIONS
        ]
        groups.setdefault(register.area, []).append({"label": register.label, "cells": cells})
    return [{"label": menu.AREAS.get(area, area), "rows": rows} for area, rows in groups.items() if rows]


def wanted(slug: str, form: Any) -> set[Pair]:
    """What a sent form means: the ticks for the registers that it shows, for others what is held; or the default."""
    if form.get("default"):
        return shipped.default_pairs(slug)
    parts = (ticked.partition(":") for ticked in form.getlist("grant"))
    ticked = {(register, action) for register, _colon, action in parts}
    if not form.get("of"):
        return ticked
    of = set(form["of"].split(","))
    return {pair for pair in shipped.pairs_of(slug) if pair[0] not in of} | {pair for pair in ticked if pair[0] in of}


def sent_on(form: Mapping[str, str], pairs: Collection[Pair]) -> dict[str, Any]:
    """What a look ahead keeps of the form for saving: no more than the form itself spoke of."""
    of = set(form["of"].split(",")) if form.get("of") else None
    grants = () if form.get("default") else (pair for pair in pairs if of is None or pair[0] in of)
    return {"default": bool(form.get("default")), "of": form.get("of", ""), "area": form.get("area", ""),
            "grants": sorted(f"{register}:{action}" for register, action in grants)}  # fmt: skip


def back(form: Mapping[str, str]) -> dict[str, Any]:
    """The area to show again."""
    area = reading.plain(form.get("area", ""), 60)
    return {"area": area} if area in {register.area for _slug, register, _acts in role_words.offering()} else {}
