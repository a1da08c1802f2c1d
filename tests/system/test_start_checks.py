"""The program does not start with a hole in it: each kind is planted, in a process of its own, and named."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from config import ROOT

PLANTING = '''
import json, sys
from types import SimpleNamespace
from app import create_app
from app.core import checks, fields
from app.core.register import Record, Register, Section, registers
from app.core.screen import Screen, ScreenApi
from app.areas.customers.customer import Customer
from flask_appbuilder import BaseView, ModelView, expose
from flask_appbuilder.api import BaseApi, ModelRestApi, protect
from flask_appbuilder.baseviews import BaseFormView, BaseModelView
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

app = create_app(TESTING=True, SQLALCHEMY_DATABASE_URI="sqlite://", KEZHI_INSTANCE=sys.argv[1])
builder = app.appbuilder
told = {}

def planted(name, view):
    class Bare(view):
        __init__ = lambda self: setattr(self, "class_permission_name", "planted")
    with_it = SimpleNamespace(baseviews=[*builder.baseviews, Bare()])
    told[name] = refusal(lambda: checks.refuse_unsafe(app, with_it))

def refusal(act):
    try:
        act()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""

told["nothing"] = refusal(lambda: checks.refuse_unsafe(app, builder))
planted("a model view of FAB", ModelView)
planted("a REST resource of FAB", ModelRestApi)
planted("a list without editing of FAB", BaseModelView)
planted("a form of FAB", BaseFormView)
planted("a view of one's own", type("Loose", (BaseView,), {}))

class Open(Screen):
    @expose("/")
    def index(self):
        return ""

planted("a screen without a permission", Open)

class Cookie(ScreenApi):
    csrf_exempt = True

planted("an API that a cookie alone commands", Cookie)
planted("an API of one's own", type("LooseApi", (BaseApi,), {"csrf_exempt": False}))

related = SimpleNamespace(class_=Customer, relationships=["owner"])
told["a bare relation"] = "; ".join(checks._records([related]))
from dataclasses import replace
told["default columns"] = "; ".join(checks._registers({"customer": replace(Customer.register, list=())}))
told["a reference to nothing"] = "; ".join(checks._registers({"customer": Customer.register}))
for name, pattern in {
    "an open pattern": ".*View", "a prefix": "^can_list", "a choice past its bounds": "^can_list|can_show$",
    "a suffix": "can_list$", "a bound pattern": "^(?:can_list|can_show)$",
}.items():
    app.config["FAB_ROLES"] = {"Viewer": [[pattern, "^can_list$"]]}
    told[name] = refusal(lambda: checks.refuse_unsafe(app, builder))
app.config["FAB_ROLES"] = {}
for name in checks.DANGEROUS:
    app.config[name] = True
    told[name] = refusal(lambda: checks.refuse_unsafe(app, builder))
    app.config[name] = False

def described(name, **over):
    words = dict(area="customers", label="x", title="name", list=("name",), sections=(Section("x", ("name",)),)) | over
    described_, columns = Register, {"name": fields.text("Name"), "__annotations__": {"name": Mapped[str]}}
    told[name] = refusal(lambda: type(f"Trial{len(told)}", (Record,), columns | {
        "register": described_(**words), "__module__": __name__,
    }))

described("a field that no section shows", sections=())
described("a column that does not exist", list=("nam",))
described("an action that does not exist", actions=frozenset({"erase"}))
described("a permission that does not exist", permissions=("erase",))
told["a misspelt key"] = refusal(lambda: Register(area="x", label="x", titel="name", list=(), sections=()))
told["a model without description"] = refusal(lambda: type("Undescribed", (Record,), {
    "name": mapped_column(Integer), "__annotations__": {"name": Mapped[int]}, "__module__": __name__,
}))
print(json.dumps(told))
'''

EXPECTED = {
    "a model view of FAB": "built on FAB's model views", "a REST resource of FAB": "built on FAB's model views",
    "a list without editing of FAB": "built on FAB's model views",
    "a form of FAB": "past Screen, ScreenApi and Register",
    "a view of one's own": "past Screen, ScreenApi and Register",
    "an API of one's own": "past Screen, ScreenApi and Register",
    "a screen without a permission": "Bare.index asks for no permission",
    "an API that a cookie alone commands": "takes a cookie without its CSRF token",
    "a bare relation": "has a bare relation", "default columns": "names no list columns",
    "a reference to nothing": "refers to an unknown register", "an open pattern": "'.*View' is not anchored",
    "a prefix": "is not anchored", "a suffix": "is not anchored", "a choice past its bounds": "is not anchored",
    "a field that no section shows": "no section shows ['name']", "a column that does not exist": "no field 'nam'",
    "an action that does not exist": "unknown ['erase']", "a permission that does not exist": "unknown ['erase']",
    "a misspelt key": "titel", "a model without description": "needs a Register description",
}
FINE = ("nothing", "a bound pattern")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a start says to each plant."""
    command = [sys.executable, "-c", PLANTING, str(tmp_path_factory.mktemp("planted"))]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize("plant", sorted(EXPECTED))
def test_a_hole_is_named(told, plant):
    assert EXPECTED[plant] in told[plant]


@pytest.mark.parametrize("plant", FINE)
def test_what_is_in_order_starts(told, plant):
    assert told[plant] == ""


def test_no_setting_of_fab_opens_its_views(told):
    from app.core.checks import DANGEROUS

    assert len(DANGEROUS) > 5
    for name in DANGEROUS:
        assert f"{name} opens views of FAB" in told[name]
