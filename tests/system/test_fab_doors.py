"""What the framework gets wrong at the door: permissions, sign-in, tokens and forgery."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder import BaseView, ModelView
from flask_appbuilder.menu import MenuItem
from flask_appbuilder.security.sqla.models import (
    ApiKey,
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy.exc import IntegrityError

from app.areas.customers.customer import Customer
from app.core import access, checks
from app.core.db import session
from app.core.menu import PortalMenu
from app.engines.people import operations as people
from tests.portal import PASSWORD, enter, portal, row_id, token
from tests.system.rows_of import CUSTOMER, of, rows

__all__ = ["portal"]


# -- permissions -------------------------------------------------------------------------------------------------------


def test_d6_a_permission_opens_exactly_its_register(portal):
    with portal.test_request_context(), portal.app_context():
        manager, person = portal.appbuilder.sm, access.Access(1, 1, grants={("customer", "read"): frozenset()})
        from flask import g

        g.access, g._login_user = {1: person}, session.get_one(User, 1)
        assert manager.has_access("can_read", "customer")
        for view, permission in (
            ("customer_reply", "can_read"), ("custom", "can_read"), (".*", "can_read"), ("customer", "can_read_all"),
            ("customer", "can_re"), ("UserDBModelView", "can_list"), ("RoleModelView", "can_list"),
        ):
            assert not manager.has_access(permission, view), (view, permission)


def test_d6_the_program_does_not_start_with_open_patterns_or_fab_views(portal):
    bare = Flask("bare")
    bare.config["FAB_ROLES"] = {"Viewer": [[".*View", "can_list"]]}
    assert list(checks._patterns(bare))

    class LooseView(ModelView):
        def __init__(self):
            pass

    class Builder:
        baseviews = (LooseView(),)

    assert list(checks._views(Builder()))
    for view in portal.appbuilder.baseviews:
        assert not isinstance(view, ModelView)
        assert isinstance(view, BaseView) or type(view).__module__.startswith("app.")


def test_d14_what_the_program_drops_is_not_granted_when_it_returns(portal):
    with portal.app_context():
        session.execute(sa.insert(ViewMenu.__table__), [{"name": "dropped"}])
        pair = PermissionView(
            permission_id=row_id(Permission, name="can_read"), view_menu_id=row_id(ViewMenu, name="dropped")
        )
        session.add(pair)
        session.flush()
        guard = row_id(Role, name="guard")
        given = assoc_permissionview_role
        count = sa.select(sa.func.count()).select_from(given).where(given.c.role_id == guard)
        before = session.scalar(count)
        session.execute(sa.insert(given), [{"role_id": guard, "permission_view_id": pair.id}])
        assert people.sync_roles()["removed"] == 1
        assert session.scalar(count) == before
        assert session.get(PermissionView, pair.id, populate_existing=True) is None


def test_d11_the_names_of_a_menu_are_listed_once(portal):
    menu = PortalMenu()
    menu.menu = [
        MenuItem(name=f"area {n}", childs=[MenuItem(name=f"entry {n}.{m}") for m in range(5)]) for n in range(20)
    ]
    assert len(menu.get_flat_name_list()) == 20 * 6


def test_d17_keys_for_programs_open_nothing(portal):
    assert not [rule for rule in portal.url_map.iter_rules() if "api_key" in rule.rule or "apikey" in rule.rule]
    with portal.app_context():
        amy = session.get_one(User, row_id(User, username="amy"))
        session.add(ApiKey(name="k", key_hash="x", key_prefix="sst_abcd", user_id=amy.id, scopes="all"))
        session.commit()
    answer = portal.test_client().get("/api/v1/customer/", headers={"Authorization": "Bearer sst_abcdefgh"})
    assert answer.status_code == 401


# -- sign-in and forgery -----------------------------------------------------------------------------------------------


def test_d5_tokens_are_not_guessed_at_leisure(portal):
    client = portal.test_client()
    answers = [
        client.post("/api/v1/security/login", json={"username": "amy", "password": str(n)}).status_code
        for n in range(12)
    ]
    assert answers == [401] * 5 + [429] * 7


def test_d9_nothing_changes_by_following_a_link(portal):
    client, own = enter(portal, "bob"), of(portal, Customer, customer_no="C-S")
    for path in (f"/customer/{own}/delete", "/logout/"):
        assert client.get(path).status_code == 405
    assert rows(portal) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/customer/{id}/delete"), ("post", "/customer/add"), ("post", "/logout/"), ("post", "/password/"),
     ("delete", "/api/v1/customer/{id}"), ("put", "/api/v1/customer/{id}"), ("post", "/api/v1/customer/")],
)
def test_d9_d10_a_cookie_alone_changes_nothing(portal, method, path):
    own = of(portal, Customer, customer_no="C-S")
    client = enter(portal, "bob")
    portal.config["WTF_CSRF_ENABLED"] = True
    answer = getattr(client, method)(path.format(id=own), **({"json": CUSTOMER} if "/api/" in path else {}))
    assert answer.status_code == 400
    assert rows(portal) == 2
    assert client.get("/profile/").status_code == 200


def test_d10_bearers_and_pages_with_their_token_go_on(portal):
    portal.config["WTF_CSRF_ENABLED"] = False
    client, header = enter(portal, "bob"), token(portal, "bob")
    portal.config["WTF_CSRF_ENABLED"] = True
    assert portal.test_client().post("/api/v1/customer/", json=CUSTOMER, headers=header).status_code == 201
    page = client.get("/customer/add").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    own = {"json": CUSTOMER | {"customer_no": "C-10"}, "headers": {"X-CSRFToken": found}}
    assert client.post("/api/v1/customer/", **own).status_code == 201


def test_d10_a_bearer_beside_a_cookie_speaks_for_itself_only(portal):
    client, header = enter(portal, "root"), token(portal, "ann")
    own = of(portal, Customer, customer_no="C-S")
    assert client.put(f"/api/v1/customer/{own}", json={"name": "x"}, headers=header).status_code == 404


def test_d15_no_second_account_in_another_case(portal):
    with portal.app_context():
        with pytest.raises(IntegrityError):
            session.execute(
                sa.insert(User.__table__),
                [{"username": "AMY", "first_name": "A", "last_name": "A", "email": "a@example.com"}],
            )
        session.rollback()
        assert portal.appbuilder.sm.add_user("Amy", "A", "A", "b@example.com", hashed_password="x") is False
    assert enter(portal, "AMY").get("/profile/").status_code == 200


def test_d16_signing_out_and_new_passwords_end_cookies_and_tokens(portal):
    client, header = enter(portal, "amy"), token(portal, "amy")
    cookie = client.get_cookie("kezhi").value
    client.post("/logout/")
    replay = portal.test_client()
    replay.set_cookie("kezhi", cookie)
    assert replay.get("/profile/").status_code == 302
    with portal.app_context():
        portal.appbuilder.sm.reset_password(row_id(User, username="amy"), PASSWORD + "!")
    assert portal.test_client().get("/api/v1/customer/", headers=header).status_code == 401
