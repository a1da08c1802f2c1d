"""Shields of packs: names that lead nowhere are refused, and an identity must stand in a sealed register."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from app import discover
from app.engines.policy import checking
from app.packs import schema
from app.packs.schema import FOLDER, PackError

assert list(discover())


@pytest.fixture
def pack() -> dict[str, Any]:
    return dict(schema.parse((FOLDER / "B05.yaml").read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def english():
    made = Flask("shields")
    Babel(made, default_locale="en")
    with made.test_request_context():
        yield


def with_shield(pack: dict[str, Any], **over: Any) -> dict[str, Any]:
    shield = {**pack["shields"]["tip_off"], **over}
    return pack | {"shields": {"tip_off": shield}}


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ({"register": "nowhere"}, "shields.tip_off.register"),
        ({"seen_by": [{"posts": ["nobody"], "clause": "x", "basis": "stated"}]}, "shields.tip_off.seen_by.0"),
        (
            {"seen_by": [{"posts": ["handler"], "states": ["nowhere"], "clause": "x", "basis": "stated"}]},
            "shields.tip_off.seen_by.0",
        ),
    ],
)
def test_names_that_lead_nowhere_are_refused(pack, over, path):
    with pytest.raises(PackError) as refused:
        schema.build(with_shield(pack, **over))
    assert path in {fault.path for fault in refused.value.faults}


def test_fields_and_the_sealed_register_must_be_there(pack):
    wrong = with_shield(pack, identity="customer_reply", people=["nobody_there"])
    found = {fault.path for fault in checking.misfits(schema.build(wrong))}
    assert found == {"shields.tip_off.identity", "shields.tip_off"}
    assert checking.misfits(schema.build(pack)) == []


def test_a_number_is_counted_or_the_cases_own(pack):
    for pattern, fits in (("TZ-{case}", True), ("TZ-{case}-{seq}", True), ("TZ-{YYYY}", False)):
        numbering = {**pack["numbering"], "notice_no": {**pack["numbering"]["notice_no"], "pattern": pattern}}
        if fits:
            assert schema.build(pack | {"numbering": numbering})
            continue
        with pytest.raises(PackError):
            schema.build(pack | {"numbering": numbering})
