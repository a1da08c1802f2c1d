"""The same promises where the database is PostgreSQL."""

import threading

import pytest
from sqlalchemy import inspect, text

from app.bootstrap import archive, database, demo, locks, setup
from app.bootstrap.console import SetupError

pytestmark = pytest.mark.postgres


@pytest.fixture
def filled(postgres, portal, calls):
    app = portal(postgres)
    setup.ensure_keys(postgres)
    setup.set_up(app, postgres, demo_wanted=True)
    write(postgres, "收到")
    return postgres


def write(here, note):
    with database.engine_of(here).begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (:note)"), {"note": note})


def notes(here):
    with database.engine_of(here).connect() as connection:
        return list(connection.scalars(text("SELECT text FROM note")))


def test_set_up_upgrades_with_a_backup(filled, portal, newer):
    newer()
    setup.set_up(portal(filled), filled, demo_wanted=True)
    assert database.revision(filled) == "0002"
    assert len(list((filled.instance / "backups").glob("*-before-0002.zip"))) == 1


def test_backup_and_forced_restore(filled, tmp_path):
    archive.backup(filled, tmp_path / "kezhi.zip")
    write(filled, "备份之后")
    with pytest.raises(SetupError, match="--force"):
        archive.restore(filled, tmp_path / "kezhi.zip")
    archive.restore(filled, tmp_path / "kezhi.zip", force=True)
    assert notes(filled) == ["收到"]
    schemas = inspect(database.engine_of(filled)).get_schema_names()
    assert len([name for name in schemas if name.startswith("before-restore-")]) == 1


def test_a_restored_database_can_be_backed_up_and_restored_again(filled, tmp_path):
    archive.backup(filled, tmp_path / "one.zip")
    archive.restore(filled, tmp_path / "one.zip", force=True)
    archive.backup(filled, tmp_path / "two.zip")


def test_a_backup_of_the_other_kind_is_refused(filled, here, tmp_path):
    archive.backup(filled, tmp_path / "kezhi.zip")
    with pytest.raises(SetupError, match="another kind of database"):
        archive.restore(here, tmp_path / "kezhi.zip")


def test_an_empty_database_is_not_backed_up(postgres, migrations, tmp_path):
    with pytest.raises(SetupError, match="no database to back up"):
        archive.backup(postgres, tmp_path / "kezhi.zip")


def test_reset_is_for_sqlite_only(postgres):
    with pytest.raises(SetupError, match="SQLite only"):
        demo.reset(postgres, sure=True)


def test_one_set_up_at_a_time_and_any_number_of_servers(postgres):
    entered = threading.Event()

    def enter():
        with locks.setting_up(postgres):
            entered.set()

    with locks.alone(postgres), locks.alone(postgres):
        second = threading.Thread(target=enter)
        with locks.setting_up(postgres):
            second.start()
            assert not entered.wait(0.5)
        assert entered.wait(5)
        second.join()
