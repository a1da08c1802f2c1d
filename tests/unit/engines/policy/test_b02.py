"""The shipped pack of B02 against its own text and against the program."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import discover
from app.engines.deadlines.allowance import Unit
from app.engines.people import catalogue
from app.engines.policy import calc, checking, versions
from app.engines.policy.coverage import coverages
from app.packs import schema
from app.packs.types import UNITS


@pytest.fixture(scope="module")
def pack():
    list(discover())
    return schema.build(schema.parse((schema.FOLDER / "B02.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", versions.pack_files(), ids=lambda file: file.stem)
def test_every_shipped_pack_fits_the_program(pack, file):
    read = schema.build(schema.parse(file.read_text(encoding="utf-8")))
    assert read.code == file.stem
    assert checking.misfits(read) == []
    assert checking.homeless(coverages()[read.code], read) == []


def test_a_misfit_is_found(pack):
    content = dict(schema.parse((schema.FOLDER / "B02.yaml").read_text(encoding="utf-8")))
    submit = content["cases"]["complaint"]["moves"]["submit"]
    submit["requires"], submit["guards"], submit["writes"] = ["nothing"], ["never"], ["case_no"]
    content["numbering"]["case_no"]["field"] = "nummer"
    found = {str(fault) for fault in checking.misfits(schema.build(content))}
    assert found == {
        "cases.complaint.moves.submit: there is no field “nothing”",
        "cases.complaint.moves.submit: there is no function “never”",
        "cases.complaint.moves.submit.writes: “case_no” is computed, nobody writes it",
        "numbering.case_no.field: there is no field “nummer”",
    }


def test_units_are_those_that_deadlines_count():
    assert set(UNITS) == set(Unit)


def test_the_parts_add_up_to_the_whole(pack):
    steps = [
        "step_register",
        "step_qc",
        "step_manufacturing",
        "step_rd",
        "step_sales_opinion",
        "step_combined",
        "step_execution",
    ]
    for market, whole in (("domestic", 13), ("overseas", 17)):
        given = [calc.granted(pack.clocks[key], calc.Settings(pack), {"market": market}.get).number for key in steps]
        assert given[0] == given[5] == Decimal("0.5")
        assert sum(given) == whole
        assert calc.granted(pack.clocks["case"], calc.Settings(pack), {"market": market}.get).number == whole
    assert all(pack.clocks[key].cap == "case" for key in steps)


def test_the_states_are_those_of_the_policy(pack):
    assert list(pack.cases["complaint"].states) == [
        "draft",
        "submitted",
        "registered",
        "qc",
        "production",
        "manager_office",
        "rd",
        "gm_check",
        "sales_opinion",
        "combined",
        "pending_decision",
        "decided",
        "negotiating",
        "result_combined",
        "pending_final",
        "closed",
        "refused",
        "unfounded",
    ]


def test_posts_use_the_screens_of_their_product_role(pack):
    assert {f"B02.{post.key}": post.role for post in pack.posts.values()} == {
        post: role for post, role in catalogue.role_of_post().items() if post.startswith("B02.")
    }


def test_sales_prints_nothing_and_five_units_keep_a_copy(pack):
    form = pack.prints["complaint_form"]
    assert form.no_print == ("sales_rep", "sales_manager")
    assert [(copy.number, copy.post) for copy in form.copies] == [
        (1, "qc"),
        (2, "manufacturing"),
        (3, "sales_manager"),
        (4, "accounting"),
        (5, "case_control"),
    ]


def test_case_control_and_administrators_decide_nothing(pack):
    deciders = {post for route in pack.approvals.values() for station in route.stations for post in station.posts}
    deciders |= {band.post for table in pack.authority.values() for band in table.bands}
    assert not deciders & {"case_control", "system_admin", "sales_rep"}
