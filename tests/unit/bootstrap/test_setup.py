import shutil

import pytest

from app.bootstrap import database, setup
from app.bootstrap.console import SetupError
from app.core import installation


def backups(here):
    return sorted((here.instance / "backups").glob("*.zip"))


def test_a_new_installation_gets_keys_database_steps_demo_and_administrator(here, portal, calls):
    setup.ensure_keys(here)
    setup.set_up(portal(), here, demo_wanted=True)
    password = (here.instance / "demo.txt").read_text().strip()
    assert calls == ["first", "second", f"seed {password}", "administrator"]
    assert database.revision(here) == database.head() == "0001"
    assert backups(here) == []


def test_the_second_start_only_synchronises(filled, portal, calls):
    calls.clear()
    setup.ensure_keys(filled)
    setup.set_up(portal(), filled, demo_wanted=True)
    assert calls == ["first", "second", "administrator"]
    assert backups(filled) == []


def test_a_start_without_the_demo_decides_for_good(here, portal, calls):
    setup.ensure_keys(here)
    setup.set_up(portal(), here, demo_wanted=False)
    setup.set_up(portal(), here, demo_wanted=True)
    assert not any(call.startswith("seed") for call in calls)
    assert database.recall(here, installation.DEMO) == {"seeded": False}


def test_an_upgrade_backs_up_first(filled, portal, newer):
    newer()
    setup.set_up(portal(), filled, demo_wanted=True)
    assert database.revision(filled) == "0002"
    (made,) = backups(filled)
    assert made.name.endswith("-before-0002.zip")


def test_a_database_of_a_newer_program_is_left_alone(filled, portal, newer, migrations):
    newer()
    setup.set_up(portal(), filled, demo_wanted=True)
    (migrations / "versions" / "0002.py").unlink()
    with pytest.raises(SetupError, match="newer version"):
        setup.set_up(portal(), filled, demo_wanted=True)
    assert len(backups(filled)) == 1


def test_missing_keys_of_an_existing_database_are_not_replaced(filled):
    shutil.rmtree(filled.keys)
    with pytest.raises(SetupError, match="missing keys"):
        setup.ensure_keys(filled)
    assert not filled.keys.exists()


def test_foreign_keys_are_refused(filled):
    shutil.rmtree(filled.keys)
    setup.keys.make_missing(filled.keys, {})
    with pytest.raises(SetupError, match="do not fit this database"):
        setup.ensure_keys(filled)


def test_a_failing_step_stops_the_set_up(here, portal, calls, monkeypatch):
    monkeypatch.setattr("kezhi_fake.second", lambda: 1 / 0)
    setup.ensure_keys(here)
    with pytest.raises(ZeroDivisionError):
        setup.set_up(portal(), here, demo_wanted=True)
    assert database.recall(here, installation.DEMO) is None
