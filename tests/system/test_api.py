"""The REST side against its own OpenAPI document: nothing thrown at it is a fault, every answer is a described one."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask_appbuilder.api import BaseApi
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from app import discover
from app.core.api_document import describe
from app.core.db import session
from app.core.register import registers
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.demo import demo, founded, shown
from tests.portal import find, token

__all__ = ["demo", "founded"]

assert list(discover())  # the program declares every register
LATER = {"/api/v1/exports/{slug}"}  # the file, or the request that has to be allowed first
THOROUGH = ("complaint", "customer", "calendar", "report_snapshot")
OTHERS = sorted({register.slug for register in shown()} - set(THOROUGH))
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]
QUIET = [
    HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example,
]
ROLES = (("salesperson", "HX-SA"), ("case_handler", "HX-SA"), ("system_admin", "HX"))
METHODS = ("get", "post", "put", "delete")


@pytest.fixture
def caller(demo):
    """The header of an ordinary person with some roles, and the document he reads."""
    with demo.app_context():
        person = find(Employee, number="ROOT")
        user = person.account_id
        for role, unit in ROLES:
            people.give(person, role, find(OrgUnit, code=unit))
        session.execute(sa.text("DELETE FROM ab_user_role WHERE user_id = :user"), {"user": user})
        session.commit()
    return token(demo, "root")


def schema_of(demo):
    with demo.test_request_context():
        made = openapi.from_dict(describe())
    made.app = demo
    return made


def operations(demo, place):
    """The operations under ``/api/v1/<place>``."""
    return [one for one in all_operations(demo) if one.path.split("/")[3] == place]


@cache
def all_operations(demo):
    """Every operation of the document, which is read once: it grows with every register."""
    return [result.ok() for result in schema_of(demo).get_all_operations()]


def known(demo, slug):
    """Ids that exist, and the moves of the packs."""
    with demo.app_context():
        model = registers()[slug].model if slug in registers() else Employee
        return list(session.scalars(sa.select(model.id).order_by(model.id.desc()).limit(3)))


MOVES = ("submit", "accept", "judge", "withdraw", "acknowledge", "nowhere")


def throw(operation, header, ids, mode, examples):
    """Call an operation with generated data; half of the ids and moves are ones that exist."""
    turn = iter(range(10**6))

    @settings(max_examples=examples, deadline=None, suppress_health_check=QUIET, derandomize=True, database=None,
              phases=[Phase.generate])
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        n = next(turn)
        if n % 2 == 0 and ids and "pk" in (case.path_parameters or {}):
            case.path_parameters["pk"] = ids[n // 2 % len(ids)]
            if "key" in case.path_parameters:
                case.path_parameters["key"] = MOVES[n // 2 % len(MOVES)]
        if n % 2 == 0 and "code" in (case.path_parameters or {}):
            _try(case, n // 2)
        if case.path_parameters:
            case.path_parameters = {
                name: value if isinstance(value, int) else quote(str(value), safe="") or "x"
                for name, value in case.path_parameters.items()
            }
        case.call_and_validate(headers=header, checks=CHECKS)

    run()


TRIALS = {
    "due": ("clock", ("case", "report", "resale_window")), "authority": ("table", ("decision", "excess")),
    "classify": ("tier", ("sanction_grade", "tracking", "market")),
    "calculate": ("calculation", ("loss_return", "recovery_rate")),
}


def _try(case, turn):
    """A trial of a policy that is there, of an entry that it has; what else is said stays as generated."""
    case.path_parameters["code"] = "B02"
    name, keys = TRIALS[case.operation.path.rpartition("/")[2]]
    if isinstance(case.body, dict):
        case.body = {key: value for key, value in case.body.items() if key not in ("register", "limit", "version")}
        case.body[name] = keys[turn % len(keys)]


@pytest.mark.parametrize("slug", THOROUGH)
def test_four_registers_thoroughly(demo, caller, slug):
    ids = known(demo, slug)
    for operation in operations(demo, slug):
        throw(operation, caller, ids, GenerationMode.POSITIVE, 20)
        if operation.query or operation.body:
            throw(operation, caller, ids, GenerationMode.NEGATIVE, 10)


@pytest.mark.parametrize("slug", OTHERS)
def test_every_other_register_a_little(demo, caller, slug):
    for operation in operations(demo, slug):
        throw(operation, caller, known(demo, slug), GenerationMode.POSITIVE, 3)


def by_hand(demo):
    """The calls that no register makes."""
    return [one for one in all_operations(demo) if one.path.split("/")[3] not in {*THOROUGH, *OTHERS}]


def test_every_call_made_by_hand_a_little(demo, caller):
    found = by_hand(demo)
    assert len(found) > 4
    for operation in found:
        throw(operation, caller, known(demo, "approval"), GenerationMode.POSITIVE, 5)
        throw(operation, caller, known(demo, "approval"), GenerationMode.NEGATIVE, 5)


@pytest.mark.slow
@pytest.mark.parametrize("place", [*THOROUGH, *OTHERS, "by hand"])
def test_every_call_at_length(demo, caller, place):
    for operation in by_hand(demo) if place == "by hand" else operations(demo, place):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.POSITIVE or operation.path_parameters or operation.query or operation.body:
                throw(operation, caller, known(demo, place), mode, 100)


# -- the document ------------------------------------------------------------------------------------------------------


def test_every_call_is_described_with_its_answer_and_body(demo):
    with demo.test_request_context():
        document = describe()
    described = {(path, method) for path, found in document["paths"].items() for method in found}
    served = set()
    for rule in demo.url_map.iter_rules():
        if str(rule).startswith("/api/"):
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", str(rule))
            served |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert served == described
    assert {path.split("/")[3] for path, _method in served} >= {*THOROUGH, *OTHERS}
    for path, method in described:
        found = document["paths"][path][method]
        good = [answer for code, answer in found["responses"].items() if code.startswith("2")]
        assert len(good) == 1 + (path in LATER), (path, method)
        assert all(next(iter(answer["content"].values()))["schema"] for answer in good), (path, method)
        assert ("requestBody" in found) == (method in ("post", "put")), (path, method)
        named = {parameter["name"] for parameter in found["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", path)), (path, method)
        assert found["summary"], (path, method)
        assert {"400", "401", "403", "404", "409", "422"} <= set(found["responses"]), (path, method)


def test_every_reference_of_the_document_leads_somewhere(demo):
    with demo.test_request_context():
        document = describe()

    def walk(part):
        if isinstance(part, dict):
            if "$ref" in part:
                found = document
                for step in part["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(document)


def test_the_document_is_for_people_who_signed_in(demo):
    assert demo.test_client().get("/api/v1/_openapi").status_code == 401
    answer = demo.test_client().get("/api/v1/_openapi", headers=token(demo, "xuwenjing"))
    assert answer.status_code == 200
    assert "/api/v1/complaint/{pk}/move/{key}" in answer.json["paths"]


def test_only_apis_of_ours_are_served(demo):
    assert all(type(v).__module__.startswith("app.") for v in demo.appbuilder.baseviews if isinstance(v, BaseApi))
