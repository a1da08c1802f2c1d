"""Papers and rules: numbers, prints, statistics, prohibitions, classes, formulas, sentences, duties kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.lifecycle import Words
from app.core.wording import listed, pair
from app.engines.people import catalogue
from app.engines.policy.reading.limits import RESETS
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import PERIODS, Wording, bounds
from app.packs.cases import Conduct
from app.packs.entries import Copy, Moments, Print, Tier
from app.packs.formulas import Formula
from app.packs.leading import Fine
from app.packs.recurring import Report

SCOPES = {"person": _l("never held by one person"), "case": _l("not by one person in the same case")}


def numbering(words: Wording) -> Section:
    """Running numbers."""
    columns = (Column(_("Number of")), Column(_("Pattern")), Column(_("Begins anew")), Column(_("Example")))
    rows = (
        Row(
            f"numbering.{key}", one.clause, one.basis,
            ([words.register(one.register_), words.field(one.register_, one.field)], one.pattern,
             str(RESETS[one.reset]), one.example),
            (1,),
        )
        for key, one in words.pack.numbering.items()
    )  # fmt: skip
    return Section("numbering", _("Numbers"), (Table(columns, tuple(rows)),), half=True)


def prints(words: Wording) -> Section:
    """Printed forms and who keeps which copy."""
    columns = (Column(_("Form")), Column(_("Copies and who keeps them")), Column(_("Not printed by")))
    rows = (Row(f"prints.{key}", one.clause, one.basis, _print(words, one)) for key, one in words.pack.prints.items())
    return Section("prints", _("Prints and copies"), (Table(columns, tuple(rows)),))


def _print(words: Wording, form: Print) -> tuple[object, ...]:
    copies = [f"{copy.label} · {_keeper(words, form, copy)}" for copy in form.copies]
    barred = [words.posts(form.no_print)] if form.no_print else []
    return (str(form.title), copies, [*barred, *([str(form.no_print_text)] if form.no_print_text else [])])


def _keeper(words: Wording, form: Print, copy: Copy) -> str:
    post = words.posts([copy.post])
    if not copy.unit_field:
        return post
    return _("%(post)s in “%(field)s”", post=post, field=words.field(form.register_, copy.unit_field))


def reports(words: Wording) -> Section:
    """Statistics that the policy asks for."""
    heads = (_("Statistic"), _("How often"), _("Due"), _("For"), _("Shows"))
    rows = (
        Row(
            f"reports.{key}", one.clause, one.basis,
            (str(one.label), str(PERIODS[one.period]), str(one.due), words.posts(one.audience), _shown(one)),
        )
        for key, one in words.pack.reports.items()
    )  # fmt: skip
    return Section("reports", _("Statistics"), (Table(_heads(heads), tuple(rows)),))


def _shown(report: Report) -> str | list[str]:
    """What a report shows, and the figures that it counts."""
    if report.figures is None:
        return str(report.contents)
    counted = listed(measure.label for measure in report.figures.measures.values())
    return [str(report.contents), _("Counts: %(figures)s", figures=counted)]


def prohibitions(words: Wording) -> Section:
    """What is forbidden."""
    rows = (
        Row(f"prohibitions.{key}", one.clause, one.basis, (str(one.rule), str(one.enforcement)))
        for key, one in words.pack.prohibitions.items()
    )
    heads = (_("Forbidden"), _("How the program keeps it"))
    return Section("prohibitions", _("Prohibitions"), (Table(_heads(heads), tuple(rows)),))


def conduct(words: Wording) -> Section:
    """How people are to behave, and where they are reminded of it."""
    rows = (
        Row(
            f"conduct.{key}", one.clause, one.basis,
            (str(one.text), [words.register(one.register_), *_reminded(words, one)]),
        )
        for key, one in words.pack.conduct.items()
    )  # fmt: skip
    return Section("conduct", _("Rules of conduct"), (Table(_heads((_("Rule"), _("Reminded at"))), tuple(rows)),))


def _reminded(words: Wording, rule: Conduct) -> Iterator[str]:
    yield from words.moments(rule.register_, Moments(states=rule.states, moves=rule.moves))
    if rule.when:
        yield words.conditions(rule.register_, rule.when)


# -- classes and formulas --------------------------------------------------------------------------------------------


def tiers(words: Wording) -> Section:
    """Classes and how they are found."""
    tables = (_tier(words, key, tier) for key, tier in words.pack.tiers.items())
    return Section("tiers", _("Classes"), tuple(tables))


def _tier(words: Wording, key: str, tier: Tier) -> Table:
    rows = [*_bands(words, key, tier), *_criteria(words, key, tier)]
    if tier.default or not rows:
        rows.append(Row(f"tiers.{key}.default", tier.clause, tier.basis, _default(tier, bool(rows))))
    return Table(_heads((_("Class"), _("When"))), tuple(rows), str(tier.label), f"tiers.{key}")


def _default(tier: Tier, others: bool) -> tuple[object, ...]:
    """What a case is when nothing else holds; classes that people choose among are listed."""
    default = tier.classes[tier.default] if tier.default else ""
    if others:
        return (str(default), _("otherwise"))
    said = [_("otherwise “%(default)s”", default=default)] if default else []
    return ([str(label) for label in tier.classes.values()], [_("as people judge"), *said])


def _bands(words: Wording, key: str, tier: Tier) -> Iterator[Row]:
    for place, band in enumerate(tier.bands or ()):
        figures = [
            pair(words.named(name), tier.classes.get(str(value), words.figure(value)))
            for name, value in band.figures.items()
        ]
        cells = (str(tier.classes[band.tier]), [bounds(band), *figures])
        taken = words.from_settings(*band.figures.values())
        yield Row(f"tiers.{key}.bands.{place}", band.clause, band.basis, cells, (1,), taken, 1)


SIGNS = {"at_least": "≥", "at_most": "≤", "above": "＞", "below": "＜"}


def _criteria(words: Wording, key: str, tier: Tier) -> Iterator[Row]:
    for place, test in enumerate(tier.criteria):
        bounds_of = [
            _("“%(name)s” %(sign)s %(number)s", name=_fact(words, tier, name), sign=SIGNS[bound],
              number=words.figure(number))
            for name, bound, number in test.numbers
        ]  # fmt: skip
        cells = (str(tier.classes[test.tier]), [str(test.rule), *bounds_of])
        taken = words.from_settings(*(number for _name, _bound, number in test.numbers))
        yield Row(f"tiers.{key}.criteria.{place}", test.clause, test.basis, cells, (1,), taken, 1)


def _fact(words: Wording, tier: Tier, name: str) -> str:
    return words.field(tier.keeps.register_, name) if tier.keeps else str(words.named(name))


def fines(words: Wording) -> Section:
    """What a breach of a rule costs each time, and the late clocks that propose a fine by themselves."""
    columns = (Column(_("Breach")), Column(_("Each time, yuan"), end=True), Column(_("Proposed when late")))
    rows = (
        Row(f"fines.{key}", one.clause, one.basis, (str(one.label), _span(words, one), _proposed(words, one)), (1,),
            words.from_settings(*(n for n in (one.least, one.most) if n is not None)), 1)
        for key, one in words.pack.fines.items()
    )  # fmt: skip
    return Section("fines", _("Fines"), (Table(columns, tuple(rows)),), half=True)


def _proposed(words: Wording, fine: Fine) -> str:
    return listed(words.pack.clocks[key].label for key in fine.clocks)


def _span(words: Wording, fine: Fine) -> str:
    if fine.calculation:
        return str(words.pack.calculations[fine.calculation].formula)
    least, most = words.figure(fine.least), words.figure(fine.most)
    return least if least == most else f"{least} – {most}"


def formulas(words: Wording, section: str, title: str) -> Section:
    """Limits or calculations."""
    known: dict[str, Formula] = dict(getattr(words.pack, section))
    rows = (
        Row(
            f"{section}.{key}", one.clause, one.basis,
            (str(one.label), str(one.formula), listed(words.pack.parameters[name].label for name in one.uses)),
            (1,), frozenset(one.uses), 2,
        )
        for key, one in known.items()
    )  # fmt: skip
    return Section(section, title, (Table(_heads((_("Name"), _("Formula"), _("Takes the settings"))), tuple(rows)),))


# -- people kept apart -----------------------------------------------------------------------------------------------


def duties(words: Wording) -> Section:
    """Roles that the policy keeps apart."""
    labels = catalogue.role_labels()
    rows = tuple(
        Row(
            f"duties.{place}", duty.clause, "stated" if duty.basis == "stated" else "assumed",
            (listed(str(labels.get(role, role)) for role in duty.roles), str(SCOPES[duty.scope]), _why(duty)),
        )
        for place, duty in enumerate(catalogue.duties()) if words.pack.code in duty.policies
    )  # fmt: skip
    return Section("duties", _("Duties kept apart"), (Table(_heads((_("Roles"), _("How"), _("Why"))), rows),))


def _why(duty: catalogue.Duty) -> str:

    return str(Words(duty.why.zh, duty.why.en))


def texts(words: Wording) -> Section:
    """Sentences that forms and prints show; they stand under no clause of their own."""
    rows = (Row(f"texts.{key}", "", "", (str(text),)) for key, text in words.pack.texts.items())
    return Section("texts", _("Sentences shown"), (Table(_heads((_("Text"),)), tuple(rows)),), half=True)


def _heads(labels: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(label) for label in labels)
