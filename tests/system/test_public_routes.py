"""Routes that anybody reaches, and what no route does."""

from __future__ import annotations

import pytest

from app import discover
from app.core.access import SIGNED_IN
from tests.demo import demo, founded
from tests.system.visitors import PUBLIC

__all__ = ["demo", "founded"]

assert list(discover())  # the program declares every register
SAFE = {"GET", "HEAD", "OPTIONS"}
CHANGING = {"delete", "move", "acknowledge", "reset", "drop", "reveal", "files"}


def test_nothing_that_changes_answers_to_get(demo):
    wrong = [
        str(rule) for rule in demo.url_map.iter_rules()
        if "GET" in rule.methods and rule.methods <= SAFE and CHANGING & set(str(rule).split("/"))
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_the_public_routes_are_these_and_no_more(demo):
    views = {type(view).__name__: view for view in demo.appbuilder.baseviews}
    known = {rule.endpoint for rule in demo.url_map.iter_rules()}
    assert known >= PUBLIC
    for endpoint in known - PUBLIC:
        view, name = views[endpoint.split(".")[0]], endpoint.split(".")[1]
        assert view.class_permission_name in SIGNED_IN or hasattr(getattr(view, name), "_permission_name"), endpoint


@pytest.mark.parametrize("slug", ["ab_user", "password", "account_session"])
def test_accounts_have_no_generated_screen(demo, slug):
    assert not [
        rule for rule in demo.url_map.iter_rules()
        if str(rule).startswith((f"/{slug}/", f"/api/v1/{slug}/")) and not rule.endpoint.startswith("PasswordView")
    ]
