"""What the calculator shows of an authority, a class, an amount or a bound: the answer, why, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import forms
from app.core.values import text as in_words
from app.core.wording import listed, pair
from app.core.words import post_label
from app.engines.approvals import routes
from app.engines.calculating.calc import written
from app.engines.limits import operations as limits
from app.engines.policy import inputs
from app.engines.policy.calc import Ruling
from app.engines.policy.reading.words import value_words
from app.engines.tiering import operations as tiering
from app.engines.tiering.calc import Classified
from app.screens import trial_words as words
from app.screens import trying
from app.screens.policy_words import named
from app.screens.trying import Chosen

Raw = Mapping[str, Any]
Result = dict[str, Any]
CENT = Decimal("0.01")
STATE = Markup('<span class="kz-state is-{}">{}</span>')


def authority(chosen: Chosen, key: str, raw: Raw) -> Result:
    """Who decides, every band, and how far it is to the next one."""
    table, ruling = chosen.pack.authority[key], trying.authority(chosen, key, raw)
    frozen = routes.frozen_ruling(chosen.pack, key, ruling)
    at = next(place for place, band in enumerate(ruling.bands) if band.applies)
    said = _("; ").join(
        pair(chosen.words.field(table.register_, name), f"{amount:,.2f}") for name, amount in ruling.amounts.items()
    )
    picks = {"max": _("the larger counts"), "min": _("the smaller counts"), "sum": _("the sum counts")}
    return {
        "label": _("Decided by"), "what": str(table.label), "big": post_label(frozen["post"]),
        "small": _("%(amount)s yuan", amount=f"{ruling.amount:,.2f}"),
        "clause": forms.clause_link(chosen.page, ruling.bands[at].clause),
        "rule": [routes.reasons({"authority": frozen}, ruling.amount), said, *_asked(chosen, key)]
        + ([picks[ruling.pick]] if len(ruling.amounts) > 1 else []),
        "columns": _heads(_("Who decides"), _("Amount (yuan)"), _("Basis"), _("Verdict")),
        "rows": [_band(chosen, band, place, at) for place, band in enumerate(ruling.bands)],
        "notes": _assumed(ruling.bands[at].basis, ruling.bands[at].clause),
        "otherwise": list(_next_deciders(chosen, ruling, at)),
    }  # fmt: skip


def _asked(chosen: Chosen, key: str) -> Iterator[str]:
    """Whom the routes ask before the decider, in order."""
    for route in chosen.pack.approvals.values():
        if routes.authority_of(route) == key and len(route.stations) > 1:
            asked = (_("the decider") if one.authority else chosen.words.posts(one.posts) for one in route.stations)
            yield _("“%(subject)s” asks in order: %(posts)s.", subject=route.subject, posts=listed(asked))


def _band(chosen: Chosen, band: Any, place: int, applies: int) -> dict[str, Any]:
    tone, state = ("ok", _("applies")) if place == applies else (
        ("mute", _("exceeded")) if place < applies else ("mute", _("not needed"))
    )
    post = chosen.pack.posts[band.post].label if hasattr(band, "post") else band.label
    return {
        "cells": [post, Markup('<span class="kz-num">{}</span>').format(words.stretch(band)),
                  forms.clause_link(chosen.page, band.clause) or "", STATE.format(tone, state)],
        "picked": place == applies,
    }  # fmt: skip


def _next_deciders(chosen: Chosen, ruling: Ruling, at: int) -> Iterator[dict[str, Any]]:
    """From which amount another post decides: the next lower and the next higher one."""
    if at > 0 and (upper := _last(ruling.bands[at - 1])) is not None:
        yield _step(_("Up to %(amount)s yuan", amount=f"{upper:,.2f}"), ruling.amount - upper,
                    chosen.pack.posts[ruling.bands[at - 1].post].label, less=True)
    if at + 1 < len(ruling.bands) and (lower := _first(ruling.bands[at + 1])) is not None:
        yield _step(_("From %(amount)s yuan", amount=f"{lower:,.2f}"), lower - ruling.amount,
                    chosen.pack.posts[ruling.bands[at + 1].post].label)


def _step(label: str, far: Decimal, value: Any, *, less: bool = False) -> dict[str, Any]:
    told = f"{far:,.2f}"
    hint = _("%(amount)s yuan less", amount=told) if less else _("%(amount)s yuan more", amount=told)
    return {"label": label, "hint": hint, "value": str(value)}


def _first(band: Any) -> Decimal | None:
    """The least amount to the fen that a band holds."""
    return band.start if band.above is None else band.above + CENT


def _last(band: Any) -> Decimal | None:
    """The largest amount to the fen that a band holds."""
    return band.up_to if band.below is None else band.below - CENT


# -- classes -----------------------------------------------------------------------------------------------------------


def tier(chosen: Chosen, key: str, raw: Raw) -> Result:
    """The class, what goes with it, every band or criterion that was tried, and what other facts would lead to."""
    table, found = chosen.pack.tiers[key], trying.classify(chosen, key, raw)
    figures = [
        {"label": str(named(name)), "value": str(table.classes.get(str(value), words.figure(value)))}
        for name, value in found.figures.items()
    ]
    taken = (one for band in table.bands or () if band.tier == found.tier for one in words.refs(band.figures.values()))
    return {
        "label": _("Class"), "what": str(table.label), "big": str(found.label or _("No class")), "small": "",
        "clause": forms.clause_link(chosen.page, found.clause), "rule": [tiering.reason(found)],
        "figures": figures, "notes": _assumed(found.basis, found.clause),
        "columns": _heads(_("Class"), _("Applies when"), _("Basis"), _("Verdict")),
        "rows": list(_lines(chosen, table, found)), "used": list(words.settings_used(chosen, taken)),
        "otherwise": list(_next_classes(found) if table.bands else _other_facts(chosen, key, raw, found)),
    }  # fmt: skip


def _lines(chosen: Chosen, table: Any, found: Classified) -> Iterator[dict[str, Any]]:
    if table.bands:
        at = next((place for place, line in enumerate(found.lines) if line.applies), -1)
        yield from (_band(chosen, line, place, at) for place, line in enumerate(found.lines))
        return
    for line in found.lines:
        state = STATE.format("ok", _("holds")) if line.applies else STATE.format("mute", _("does not hold"))
        cells = [line.label, line.rule, forms.clause_link(chosen.page, line.clause) or "", state]
        yield {"cells": cells, "picked": line.applies}
    if found.why is None and found.tier is not None:
        cells = [found.label, _("otherwise"), forms.clause_link(chosen.page, table.clause) or "",
                 STATE.format("ok", _("applies"))]
        yield {"cells": cells, "picked": True}


def _next_classes(found: Classified) -> Iterator[dict[str, Any]]:
    at = next((place for place, line in enumerate(found.lines) if line.applies), None)
    number = found.fact or Decimal(0)
    if at and (upper := _last(found.lines[at - 1])) is not None:
        yield _step(_("Up to %(amount)s yuan", amount=f"{upper:,.2f}"), number - upper, found.lines[at - 1].label,
                    less=True)
    after = 0 if at is None else at + 1
    if after < len(found.lines) and (lower := _first(found.lines[after])) is not None:
        yield _step(_("From %(amount)s yuan", amount=f"{lower:,.2f}"), lower - number, found.lines[after].label)


def _other_facts(chosen: Chosen, key: str, raw: Raw, found: Classified) -> Iterator[dict[str, Any]]:
    """One fact otherwise: what leads to another class, once for each fact and class."""
    table, said = chosen.pack.tiers[key], set()
    fields = inputs.of_tier(chosen.words, table)
    given = trying.read(fields, raw, table.clause)
    for name, spec in fields.items():
        options = (True, False) if spec.kind.name == "boolean" else tuple(spec.choices)
        for value in (value for value in options if value != given.get(name)):
            other = tiering.classify_by(chosen.settings, key, (given | {name: value}).get)
            if other.tier != found.tier and (name, other.tier) not in said:
                said.add((name, other.tier))
                told = value_words(spec, value)
                label = _("If “%(field)s” were “%(value)s”", field=spec.label, value=told)
                yield {"label": label, "hint": "", "value": str(other.label or _("No class"))}


# -- amounts -----------------------------------------------------------------------------------------------------------


def amount(chosen: Chosen, key: str, raw: Raw) -> Result:
    """What a formula comes to, with its numbers put in."""
    formula, found = chosen.pack.calculations[key], trying.calculate(chosen, key, raw)
    return {
        "label": str(found.label), "what": "", "big": written(found.amount, formula.result),
        "small": _("yuan") if formula.result == "money" else "",
        "clause": forms.clause_link(chosen.page, found.clause), "rule": [str(found.words), found.text],
        "notes": _assumed(found.basis, found.clause), **_taken(chosen, formula, raw),
        "otherwise": list(_by_the_policy(chosen, formula, lambda bare: trying.calculate(bare, key, raw).amount)),
    }  # fmt: skip


def bound(chosen: Chosen, key: str, raw: Raw) -> Result:
    """Whether a bound holds, what is left of it, and by how much it is missed."""
    limit, found = chosen.pack.limits[key], trying.measure(chosen, key, raw)
    kind = limit.result
    tiles = [
        {"value": written(getattr(found, name), kind), "label": label, "tone": tone}
        for name, label, tone in (
            ("limit", _("Ceiling"), ""), ("used", _("Used already"), "fg-mute"), ("requested", _("Requested now"), ""),
            *([("headroom", _("Headroom"), "")] if found.bound == "at_most" else []),
        )
    ]
    return {
        "label": str(found.label), "what": "", "big": _("Kept") if found.holds else _("Not kept"), "small": "",
        "tone": "" if found.holds else "fg-late", "tiles": tiles,
        "clause": forms.clause_link(chosen.page, found.clause), "rule": [str(limit.formula), found.text],
        "notes": [*([] if found.holds else [{"tone": "late", "text": limits.sentence(found)}]),
                  *_assumed(found.basis, found.clause)],
        **_taken(chosen, limit, raw, limit=True),
        "otherwise": list(_by_the_policy(chosen, limit, lambda bare: trying.measure(bare, key, raw).limit)),
    }  # fmt: skip


def _taken(chosen: Chosen, formula: Any, raw: Raw, *, limit: bool = False) -> Result:
    """The facts and settings that went into a formula."""
    fields = trying.formula_fields(chosen, formula, limit=limit)
    given = trying.read(fields, raw, formula.clause)
    rows = [
        {"cells": [spec.label, in_words(spec, given.get(name), {}) or _("not given, counts as nothing"),
                   forms.clause_link(chosen.page, formula.clause) or ""]}
        for name, spec in fields.items()
    ]
    used = list(words.settings_used(chosen, formula.uses))
    rows += [{"cells": [one["label"], f"{one['value']} · {one['whose']}",
                        forms.clause_link(chosen.page, one["clause"]) or ""]} for one in used]
    return {"columns": _heads(_("Taken"), _("Value"), _("Basis")), "rows": rows, "used": used}


def _by_the_policy(chosen: Chosen, formula: Any, again: Callable[[Chosen], Decimal]) -> Iterator[dict[str, Any]]:
    """The same by the policy's own settings, where the unit has others."""
    if any(chosen.settings.given.get(name) for name in formula.uses):
        value = written(again(trying.bare(chosen.version)), formula.result)
        yield {"label": _("By the policy's own settings"), "hint": "", "value": value}


def _heads(*labels: str) -> list[dict[str, str]]:
    return [{"label": label} for label in labels]


def _assumed(basis: str, clause: str) -> list[dict[str, str]]:
    text = _("The policy does not say this; it is assumed (%(clause)s).", clause=clause)
    return [{"tone": "warn", "text": text}] if basis == "assumed" else []
