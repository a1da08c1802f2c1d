"""Times and decisions: settings, posts, clocks, slips, authority, approvals, recurring work."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.wording import listed, pair
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import PERIODS, Wording, bounds, plain
from app.packs.entries import Allowance, Approval, Clock, Parameter, Slip, Station
from app.packs.schema import Pack

KINDS = {"one": "", "all": _l("all of"), "any": _l("any of")}
PICKS = {"max": _l("the largest of"), "min": _l("the smallest of"), "sum": _l("the sum of")}
RESETS = {"never": _l("never"), "day": _l("every day"), "month": _l("every month"), "year": _l("every year")}
OUTCOMES = {"approve": _l("approved"), "reject": _l("rejected"), "return": _l("returned")}
TRIGGERS = {"late_open": _l("a step is late"), "late_closed": _l("a step was late and the case is closed")}


# -- settings and posts ----------------------------------------------------------------------------------------------


def settings(words: Wording) -> Section:
    """What an adopting unit may set otherwise."""
    columns = (Column(_("Setting")), Column(_("Value"), end=True), Column(_("May be")))
    rows = (
        Row(f"parameters.{key}", p.clause, p.basis, (str(p.label), value_of(p, p.value), limits_of(p)), (1,))
        for key, p in words.pack.parameters.items()
    )
    return Section("parameters", _("Settings"), (Table(columns, tuple(rows)),), _("a unit may set other values"))


def value_of(parameter: Parameter, text: str) -> str:
    """The value of a setting in words, with its unit."""
    if parameter.type == "choice":
        return str(parameter.choices.get(text, text))
    if parameter.type == "flag":
        return _("yes") if text == "yes" else _("no")
    number = plain(Decimal(text)) if parameter.type == "money" else text
    return f"{number} {parameter.unit}" if parameter.unit else number


def limits_of(parameter: Parameter) -> str:
    """What a setting may be."""
    if parameter.type == "choice":
        return _(" or ").join(str(label) for label in parameter.choices.values())
    if parameter.type == "flag":
        return _("yes or no")
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        return f"{plain(low)} – {plain(high)}"
    return f"≥ {plain(low)}" if low is not None else f"≤ {plain(high)}" if high is not None else ""


def posts(words: Wording) -> Section:
    """Who acts."""
    columns = (Column(_("Post")), Column(_("Duties")))
    rows = (
        Row(f"posts.{key}", post.clause, post.basis, (str(post.label), str(post.duties)))
        for key, post in words.pack.posts.items()
    )
    return Section("posts", _("Posts"), (Table(columns, tuple(rows)),))


def calendar(pack: Pack) -> Section:
    """By which days and hours limits are counted."""
    kept = pack.calendar
    row = Row("calendar.code", kept.clause, kept.basis, (kept.code, kept.hours), (0, 1))
    table = Table((Column(_("Calendar")), Column(_("Office hours"))), (row,))
    return Section("calendar", _("Working calendar"), (table,), half=True)


# -- clocks ----------------------------------------------------------------------------------------------------------


def clocks(words: Wording) -> Section:
    """Every time limit, a row for each allowance."""
    columns = (
        Column(_("Time limit")), Column(_("Applies when")), Column(_("Time"), end=True), Column(_("Counted")),
        Column(_("Responsible")), Column(_("When late")),
    )  # fmt: skip
    rows = (
        _clock(words, spec, place, allowance)
        for spec in words.pack.clocks.values() for place, allowance in enumerate(spec.allowances)
    )
    return Section("clocks", _("Time limits"), (Table(columns, tuple(rows)),))


def _clock(words: Wording, spec: Clock, place: int, given: Allowance) -> Row:
    slug, path = spec.register_, f"clocks.{spec.key}"
    taken = words.from_settings(given.number, given.unit)
    return Row(
        f"{path}.{place}" if place else path, given.clause, given.basis,
        (
            [str(spec.label), words.register(slug)], words.conditions(slug, given.when) or _("always"),
            _time(words, slug, given), list(_runs(words, spec, given)), words.posts([spec.responsible]),
            list(_late(words, spec)),
        ),
        (2,), taken, 2,
    )  # fmt: skip


def _time(words: Wording, slug: str, given: Allowance) -> list[str]:
    found = [words.span(given.number, given.unit)] if given.number is not None else []
    if given.until_field:
        found.append(_("until “%(field)s”", field=words.field(slug, given.until_field)))
    return found


def _runs(words: Wording, spec: Clock, given: Allowance) -> Iterator[str]:
    slug = spec.register_
    yield from words.moments(slug, spec.start)
    if spec.stop:
        yield from words.stops(slug, spec.stop)
    if spec.from_field:
        yield _("counted from “%(field)s”", field=words.field(slug, spec.from_field))
    if given.count_first_day:
        yield _("the first day counts")
    if given.to_the_minute:
        yield _("ends to the minute")
    if given.at:
        yield _("ends at %(time)s", time=given.at)
    if given.roll_forward:
        yield _("a rest day moves the end to the next working day")
    if spec.cap:
        yield _("no longer than “%(clock)s”", clock=words.pack.clocks[spec.cap].label)


def _late(words: Wording, spec: Clock) -> Iterator[str]:
    if spec.warn_before:
        yield _("warned %(span)s before", span=words.span(spec.warn_before.number, spec.warn_before.unit))
    for rung in spec.escalation:
        told = {"posts": words.posts(rung.posts), "span": words.span(rung.after.number, rung.after.unit)}
        yield _("%(span)s late: %(posts)s is told", **told)
    if spec.breach == "warning":
        yield _("only a warning")


def slips(words: Wording) -> Section:
    """Documents that lateness brings about."""
    columns = (Column(_("Slip")), Column(_("When")), Column(_("About")), Column(_("Issued by")), Column(_("Says")))
    rows = (Row(f"slips.{key}", slip.clause, slip.basis, _slip(words, slip)) for key, slip in words.pack.slips.items())
    return Section("slips", _("Slips"), (Table(columns, tuple(rows)),))


def _slip(words: Wording, slip: Slip) -> tuple[object, ...]:
    when = [str(TRIGGERS[slip.trigger])]
    if slip.within:
        when.append(_("answered within %(span)s", span=words.span(slip.within.number, slip.within.unit)))
    if slip.confirm:
        when.append(_("proposed, and issued by hand"))
    about = listed(words.pack.clocks[key].label for key in slip.clocks)
    return (str(slip.label), when, about, words.posts([slip.issued_by]), _said(slip))


def _said(slip: Slip) -> str:
    """The text of a slip, with what each place in it is filled by."""
    places = {"case": _("[case]"), "step": _("[step]"), "due": _("[due time]"), "late": _("[how late]")}
    return str(slip.body) % places


# -- decisions -------------------------------------------------------------------------------------------------------


def authority(words: Wording) -> Section:
    """Who decides up to which amount."""
    columns = (Column(_("Who decides")), Column(_("Amount (yuan)"), end=True))
    tables = []
    for key, table in words.pack.authority.items():
        rows = (
            Row(f"{path}.{place}", band.clause, band.basis, (words.posts([band.post]), bounds(band)), (1,))
            for path in [f"authority.{key}.bands"] for place, band in enumerate(table.bands)
        )
        looked = f"{PICKS[table.pick]} {words.fields(table.register_, table.amounts)}"
        if table.previous_field:
            looked = _("%(amounts)s, of this form and those before it", amounts=looked)
        tables.append(Table(columns, tuple(rows), f"{table.label} · {looked}", f"authority.{key}"))
    return Section("authority", _("Authority"), tuple(tables))


def approvals(words: Wording) -> Section:
    """Which decisions are asked of whom, and what follows."""
    columns = (Column(_("Decision")), Column(_("Begins")), Column(_("Asked in order")), Column(_("Then")))
    rows = (
        Row(f"approvals.{key}", route.clause, route.basis, _route(words, route))
        for key, route in words.pack.approvals.items()
    )
    return Section("approvals", _("Approvals"), (Table(columns, tuple(rows)),))


def _route(words: Wording, route: Approval) -> tuple[object, ...]:
    slug = route.register_
    begins = words.moments(slug, route.start)
    if route.when:
        begins.append(_("only when %(conditions)s", conditions=words.conditions(slug, route.when)))
    asked = [_station(words, slug, station) for station in route.stations]
    after = [pair(OUTCOMES[outcome], words.moves(slug, [move])) for outcome, move in route.outcomes.items()]
    if route.recusal:
        after.append(_recused(words, slug, route))
    if route.own_request:
        after.append(_("may be one's own request"))
    return ([str(route.subject), words.register(slug)], begins, asked, after)


def _station(words: Wording, slug: str, station: Station) -> str:
    if station.authority:
        named = _("whom “%(table)s” names", table=words.pack.authority[station.authority].label)
    else:
        named = " ".join(filter(None, (str(KINDS[station.kind]), words.posts(station.posts))))
    if station.when:
        return _("%(who)s, when %(conditions)s", who=named, conditions=words.conditions(slug, station.when))
    return named


def _recused(words: Wording, slug: str, route: Approval) -> str:
    assert route.recusal is not None
    parts = [words.moves(slug, route.recusal.moves), words.fields(slug, route.recusal.fields)]
    return _("not by whoever did or is named in: %(what)s", what=listed(filter(None, parts)))


def tasks(words: Wording) -> Section:
    """Work that returns."""
    columns = (Column(_("Work")), Column(_("How often")), Column(_("Due")), Column(_("Who")), Column(_("What")))
    rows = (
        Row(
            f"tasks.{key}", task.clause, task.basis,
            (str(task.label), str(PERIODS[task.period]), words.span(task.due.number, task.due.unit),
             words.posts(task.posts), str(task.what)),
            (2,), words.from_settings(task.due.number, task.due.unit), 2,
        )
        for key, task in words.pack.tasks.items()
    )  # fmt: skip
    return Section("tasks", _("Recurring work"), (Table(columns, tuple(rows)),))
