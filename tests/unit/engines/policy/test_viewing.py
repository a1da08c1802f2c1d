"""Rules of looking and of commission: names that lead nowhere are refused, and the register must be a watched one."""

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
CITED = {"clause": "x", "basis": "stated"}


@pytest.fixture
def pack() -> dict[str, Any]:
    return dict(schema.parse((FOLDER / "C01.yaml").read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def english():
    made = Flask("viewing")
    Babel(made, default_locale="en")
    with made.test_request_context():
        yield


def with_viewing(pack: dict[str, Any], **over: Any) -> dict[str, Any]:
    viewing = {**pack["viewing"]["key_account_file"], **over}
    return pack | {"viewing": {"key_account_file": viewing}}


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ({"register": "nowhere"}, "viewing.key_account_file.register"),
        ({"seen_by": [{"posts": ["nobody"], **CITED}]}, "viewing.key_account_file.seen_by.0"),
        (
            {"seen_by": [{"posts": ["file_custodian"], "states": ["nowhere"], **CITED}]},
            "viewing.key_account_file.seen_by.0",
        ),
    ],
)
def test_names_that_lead_nowhere_are_refused(pack, over, path):
    with pytest.raises(PackError) as refused:
        schema.build(with_viewing(pack, **over))
    assert path in {fault.path for fault in refused.value.faults}


def test_requests_and_the_pool_name_what_is_there(pack):
    asking = {**pack["viewing"]["key_account_file"]["requests"], "states": ["nowhere"]}
    wrong = with_viewing(pack, requests=asking) | {"commission": {**pack["commission"], "pool": ["nobody"]}}
    with pytest.raises(PackError) as refused:
        schema.build(wrong)
    assert {fault.path for fault in refused.value.faults} == {"viewing.key_account_file.requests", "commission.pool"}


def test_only_a_watched_register_is_opened_this_way(pack):
    wrong = with_viewing(pack, register="sales_lead")
    assert {fault.path for fault in checking.misfits(schema.build(wrong))} == {"viewing.key_account_file.register"}
    asking = {**pack["viewing"]["key_account_file"]["requests"], "to_field": "nowhere"}
    fields = checking.misfits(schema.build(with_viewing(pack, requests=asking)))
    assert {fault.path for fault in fields} == {"viewing.key_account_file.requests"}
    assert checking.misfits(schema.build(pack)) == []
