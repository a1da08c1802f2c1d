import pytest

import config


@pytest.mark.parametrize(
    "given", ["postgres://u:p@db/kezhi", "postgresql://u:p@db/kezhi", "postgresql+psycopg2://u:p@db/kezhi"]
)
def test_postgresql_always_goes_through_psycopg_3(given):
    assert config.database_url(given) == "postgresql+psycopg://u:p@db/kezhi"


def test_sqlite_in_the_instance_folder_is_the_default(tmp_path):
    here = config.settings({"KEZHI_INSTANCE": str(tmp_path)})
    assert here.sqlite_file == tmp_path / "kezhi.db"
    assert (here.host, here.port, here.https) == ("127.0.0.1", 8080, False)


def test_postgresql_has_no_database_file():
    assert config.settings({"DATABASE_URL": "postgresql://db/kezhi"}).sqlite_file is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/kezhi"),
        ("DATABASE_URL", "kezhi"),
        ("KEZHI_PORT", "80a"),
        ("KEZHI_PORT", "65536"),
        ("KEZHI_PUBLIC_URL", "kezhi.example.com"),
        ("KEZHI_PROXIES", "yes"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name, value):
    with pytest.raises(config.ConfigError, match=name):
        config.settings({name: value})


@pytest.mark.parametrize(("url", "secure"), [("https://kezhi.example.com/", True), ("http://127.0.0.1:8080", False)])
def test_cookies_are_secure_only_over_https(monkeypatch, url, secure):
    monkeypatch.setenv("KEZHI_PUBLIC_URL", url)
    loaded = config.load(TESTING=True)
    assert loaded["SESSION_COOKIE_SECURE"] is secure
    assert loaded["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert loaded["KEZHI_PUBLIC_URL"] == url.rstrip("/")


def test_an_override_wins_and_is_normalised():
    loaded = config.load(TESTING=True, SQLALCHEMY_DATABASE_URI="postgresql://db/kezhi", APP_NAME="other")
    assert loaded["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://db/kezhi"
    assert loaded["SQLALCHEMY_ENGINE_OPTIONS"]["pool_pre_ping"] is True
    assert loaded["APP_NAME"] == "other"


def test_without_keys_nothing_is_loaded(monkeypatch, tmp_path):
    monkeypatch.setenv("KEZHI_INSTANCE", str(tmp_path))
    with pytest.raises(Exception, match="missing keys KEZHI_DATA_KEYS, KEZHI_INDEX_KEY, KEZHI_SECRET_KEY"):
        config.load()
