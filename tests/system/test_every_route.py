"""Every route asks who is there; nothing is written by GET."""

from __future__ import annotations

import pytest

from tests.portal import portal, seeded

PUBLIC = {
    "static",
    "appbuilder.static",
    "LoginView.login",
    "LocaleView.index",
    "UtilView.back",
    "SecurityApi.login",
    "SecurityApi.refresh",
}
SAFE = {"GET", "HEAD", "OPTIONS"}
WORDS = {"delete", "move", "acknowledge", "reset", "drop"}

__all__ = ["portal", "seeded"]


def addresses(app):
    """One address per rule, its gaps filled."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            gaps = {
                name: "1" if "int" in type(known).__name__.lower() else "x" for name, known in rule._converters.items()
            }
            values = {name: int(value) if value == "1" else value for name, value in gaps.items()}
            yield rule, adapter.build(rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"})))


def test_a_visitor_gets_nothing_but_the_sign_in(portal):
    visitor, open_doors = portal.test_client(), []
    for rule, address in addresses(portal):
        if rule.endpoint in PUBLIC:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = visitor.open(address, method=method)
            turned_away = answer.status_code in {401, 403, 404, 405} or "/login" in answer.headers.get("Location", "")
            if not turned_away:
                open_doors.append(f"{method} {rule} {answer.status_code}")
    assert open_doors == []


def test_nothing_that_changes_answers_to_get(portal):
    wrong = [
        str(rule)
        for rule, _address in addresses(portal)
        if rule.methods & {"GET"} and rule.methods <= SAFE and WORDS & set(str(rule).split("/"))
    ]
    assert wrong == []


@pytest.mark.parametrize("slug", ["ab_user", "password", "account_session"])
def test_accounts_have_no_generated_screen(portal, slug):
    assert not [
        rule
        for rule in portal.url_map.iter_rules()
        if str(rule).startswith((f"/{slug}/", f"/api/v1/{slug}/")) and not rule.endpoint.startswith("PasswordView")
    ]
