"""A pack's route as it stands for one record: its stations with real posts, and why it leads to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.lifecycle import Words
from app.core.register import register_of
from app.core.wording import listed
from app.core.words import post_label
from app.engines.approvals.calc import Station
from app.engines.people import operations as people
from app.engines.people.seats import units_above
from app.engines.policy import calc as rules
from app.engines.policy import operations as policy
from app.engines.policy.calc import Ruling

if TYPE_CHECKING:
    from app.packs import entries as e
    from app.packs.entries import Approval as Route
    from app.packs.schema import Pack

Read = Callable[[str], Any]


def route_of(case: Any, key: str) -> Route:
    """A route of the pack version that a case runs under; raises ``KeyError`` for an unknown one."""
    return policy.pack_for(case.pack_version_id).approvals[key]


def routes_of(case: Any) -> list[Route]:
    """Every route for the register of a case."""
    slug = register_of(case).slug
    return [r for r in policy.pack_for(case.pack_version_id).approvals.values() if r.register_ == slug]


def authority_of(route: Route) -> str | None:
    """The authority table that names the last decider of a route."""
    return next((station.authority for station in reversed(route.stations) if station.authority), None)


def ruling_of(case: Any, route: Route, read: Read, amount: Decimal | None = None) -> Ruling | None:
    """Who decides by amount: by the given one, or by the fields that the pack looks at."""
    key = authority_of(route)
    if key is None:
        return None
    if amount is None:
        return policy.rule_authority(case, key, read)
    pack = policy.pack_for(case.pack_version_id)
    return rules.decide_authority(pack, key, {pack.authority[key].amounts[0]: amount})


def stations_of(case: Any, route: Route, ruling: Ruling | None, read: Read) -> list[Station]:
    """The stations that count for this record, with full post codes."""
    code = policy.pack_for(case.pack_version_id).code
    found = []
    for station in route.stations:
        if rules.meets(station.when, read):
            posts = (ruling.post,) if station.authority and ruling else station.posts
            full = tuple(f"{code}.{post}" for post in posts)
            found.append(Station(station.kind, full, _unit_of(case, station, full, read)))
    return found


def _unit_of(case: Any, station: e.Station, posts: tuple[str, ...], read: Read) -> int | None:
    """Where a station's posts are asked: in the unit that its field names or the nearest above it where one is held."""
    named = read(station.unit_field) if station.unit_field else None
    if named is None:
        return None
    above = units_above(int(named), within=people.path_of(case.adopter_id))
    held = {seat.unit_id for seat in people.holders_many(posts, [people.path_of(case.adopter_id)])}
    return next((unit_id for unit_id in above if unit_id in held), None)


def freeze(case: Any, route: Route, stations: list[Station], ruling: Ruling | None) -> dict[str, Any]:
    """The route as a request keeps it: later versions of the pack do not change what it says."""
    pack = policy.pack_for(case.pack_version_id)
    return {
        "subject": {"zh": route.subject.zh, "en": route.subject.en}, "clause": _clause(pack, route, ruling),
        "stations": [asdict(station) | {"posts": list(station.posts)} for station in stations],
        "outcomes": dict(route.outcomes), "own_request": route.own_request,
        "authority": frozen_ruling(pack, authority_of(route), ruling) if ruling else None,
    }


def _clause(pack: Pack, route: Route, ruling: Ruling | None) -> str:
    if ruling is None:
        return route.clause
    return next(band.clause for band in ruling.bands if band.applies)


def frozen_ruling(pack: Pack, key: str | None, ruling: Ruling) -> dict[str, Any]:
    """A judged authority table as it is kept and told: amounts, posts with full codes, every band."""

    def code(post: str) -> str:
        return f"{pack.code}.{post}"

    return {
        "key": key, "post": code(ruling.post), "pick": ruling.pick, "clause": ruling.clause,
        "amounts": {name: f"{amount:.2f}" for name, amount in ruling.amounts.items()},
        "ladder": [code(post) for post in ruling.ladder],
        "bands": [
            asdict(band) | {"post": code(band.post)}
            | {bound: _plain(getattr(band, bound)) for bound in ("above", "start", "up_to", "below")}
            for band in ruling.bands
        ],
    }


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def subject(frozen: Mapping[str, Any]) -> Words:
    """What a request asks for, in both languages."""
    return Words(frozen["subject"]["zh"], frozen["subject"]["en"])


def reasons(frozen: Mapping[str, Any], amount: Decimal | None) -> str:
    """Why the request came to its decider, as one sentence."""
    found = frozen.get("authority")
    if not found or amount is None:
        posts = listed(post_label(post) for station in frozen["stations"] for post in station["posts"])
        return _("The policy names %(posts)s for this decision.", posts=posts)
    band = next(line for line in found["bands"] if line["applies"])
    lower, upper = band["above"] or band["start"], band["up_to"] or band["below"]
    bounds = {"lower": _money(lower), "upper": _money(upper)}
    said = {"amount": f"{amount:,.2f}", "post": post_label(band["post"])} | bounds
    if lower and upper:
        return _("%(amount)s yuan is above %(lower)s and within the %(upper)s yuan that %(post)s decides.", **said)
    if upper:
        return _("%(amount)s yuan is within the %(upper)s yuan that %(post)s decides.", **said)
    return _("%(amount)s yuan is above %(lower)s yuan, so %(post)s decides.", **said)


def _money(text: str | None) -> str:
    return f"{Decimal(text):,.2f}" if text else ""
