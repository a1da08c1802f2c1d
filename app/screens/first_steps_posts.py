"""The posts of the first steps: every adopted policy, as many open as a page holds, and who may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.core import reading, words
from app.core.errors import BadRequest, Problem
from app.engines.founding import candidates, posts
from app.engines.people.models import OrgUnit
from app.screens.first_steps_pages import MANY, VIEW, all_units, choices, unit_names

MOST, HEAD, PLACE, OPTION, LOOKED_UP = 40_000, 420, 700, 62, 900


def opened(weights: Sequence[tuple[Hashable, int]], asked: Collection[Hashable], most: int) -> set[Hashable]:
    """Which of several sections stand open: those that were asked for, else as many as are light enough, in order."""
    found = {key for key, _weight in weights if key in asked}
    if found:
        return found
    left = most
    for key, weight in weights:
        if weight <= left or not found:
            found.add(key)
            left -= weight
    return found


def posts_page(typed: Mapping[str, str]) -> dict[str, Any]:
    """Every adopted policy with its posts: held, proposed, free."""
    adopted, units = posts.overview(), all_units()
    lists = {id(one): Lists.of(one, units) for one in adopted}
    urgent = sorted(adopted, key=lambda one: not one.missing)
    asked = {request.args.get("policy", ""), *(name.removeprefix("who:").partition(".")[0] for name, text in
                                               typed.items() if text and name.startswith("who:"))}  # fmt: skip
    weights = [(one.policy, lists[id(one)].weight) for one in urgent]
    open_ = opened(weights, asked, MOST - HEAD * len(adopted))
    return {"policies": [_adopted(one, lists[id(one)], typed, one.policy in open_) for one in adopted]}


@dataclass(frozen=True)
class Lists:
    """What stands in the lists of a policy; ``None`` where it is too much for as many lists, and looked up."""

    places: int
    people: Sequence[posts.Person] | None
    units: Sequence[OrgUnit] | None

    @classmethod
    def of(cls, one: posts.Adopted, units: Sequence[OrgUnit]) -> Lists:
        """The people and units inside, if a list of them at each place is not too much for a page."""
        places = sum(place.counts for place in one.places)
        inside = [unit for unit in units if unit.path.startswith(one.path)]
        listed = cls(places, one.people, inside)
        if listed.weight > MOST:
            return cls(places, None, None)
        return listed if len(units) < MANY else cls(places, one.people, None)

    @property
    def weight(self) -> int:
        """About how many bytes the places become."""
        lists = sum(LOOKED_UP if found is None else OPTION * len(found) for found in (self.people, self.units))
        return self.places * (PLACE + lists)


def _adopted(one: posts.Adopted, lists: Lists, typed: Mapping[str, str], open_: bool) -> dict[str, Any]:
    counting = [place for place in one.places if place.counts]
    free = sum(place.free for place in counting)
    lines = [_place(place, one, typed) for place in counting] if open_ else []
    return {
        "code": one.policy, "title": one.title, "unit": one.unit, "url": url_for("PolicyView.show", code=one.policy),
        "open_url": "" if open_ else url_for(f"{VIEW}.posts", policy=one.policy, _anchor=f"p-{one.policy}"),
        "count": _("%(count)s posts", count=len(counting)),
        "first": [line for line in lines if line["first"]], "later": [line for line in lines if not line["first"]],
        "state": {"tone": "warn", "label": _("%(count)s free", count=free)} if free else
        {"tone": "ok", "label": _("All held")},
        "people": None if lists.people is None else [_choice(person) for person in lists.people],
        "units": None if lists.units is None else choices(lists.units),
        "units_url": url_for(f"{VIEW}.candidates", unit=one.unit_id),
    }  # fmt: skip


def _choice(person: posts.Person) -> dict[str, str]:
    return {"id": str(person.id), "label": f"{person.name} · {person.unit}"}


def _place(place: posts.Place, one: posts.Adopted, typed: Mapping[str, str]) -> dict[str, Any]:
    code, fitting = place.desk.code, place.fitting
    proposed = str(fitting[0].id) if len(fitting) == 1 and place.free else ""
    who, where = typed.get(f"who:{code}", proposed), typed.get(f"where:{code}", "")
    return {
        "code": code, "label": place.desk.label, "duties": place.desk.duties, "free": place.free,
        "first": place.desk.first,
        "seats": [
            {"name": seat.person.name, "unit": seat.unit, "account": seat.person.account_id is not None,
             "url": url_for("PeopleView.show", pk=seat.person.id)}
            for seat in place.seats
        ],
        "fitting": [_choice(person) for person in fitting], "who": who, "where": where,
        "who_said": next((_choice(person)["label"] for person in one.people if str(person.id) == who), ""),
        "where_said": _unit_name(where),
        "people_url": url_for(f"{VIEW}.candidates", unit=one.unit_id, post=code),
        "proposed": bool(proposed) and f"who:{code}" not in typed,
    }  # fmt: skip


def _unit_name(typed: str) -> str:
    key = reading.number(typed)
    return unit_names([key]).get(key, "") if key is not None else ""


def about_post(code: str, problem: Problem) -> Problem:
    """A problem with the name of the post in front."""
    text = _("%(post)s: %(why)s", post=f"{code.partition('.')[0]} {words.post_label(code)}", why=problem.message)
    return replace(problem, message=text, field=f"who:{code}")


def looked_up() -> dict[str, Any]:
    """People for a post, or units where none is named: ``{results: [{id, text, sub}], more}``."""
    unit, page = reading.number(request.args.get("unit", "")), reading.number(request.args.get("page", "1"))
    text, post = reading.query_text("q"), reading.query_text("post")
    if unit is None or page is None or not 1 <= page <= candidates.LAST_PAGE:
        raise BadRequest(_("“%(key)s” must be a whole number from %(low)s to %(high)s.",
                           key="unit" if unit is None else "page", low=1, high=candidates.LAST_PAGE))  # fmt: skip
    if not post:
        rows, more = candidates.units(unit, text, page)
        return {"results": [{"id": row.id, "text": row.name, "sub": row.code} for row in rows], "more": more}
    rows, more = candidates.people(post, unit, text, page)
    return {"results": [{"id": row.id, "text": f"{row.name} · {row.unit}", "sub": _sub(row)} for row in rows],
            "more": more}  # fmt: skip


def _sub(row: Any) -> str:
    return f"{row.number} · {_('has the role')}" if row.fits else str(row.number)
