import base64
import json

import pytest

from app.bootstrap import keys
from app.bootstrap.console import SetupError
from app.core.crypto import KeyRing

DATA = base64.b64encode(keys.TEST_KEYS.data["test"]).decode()
INDEX = base64.b64encode(keys.TEST_KEYS.index).decode()
GOOD = {
    "KEZHI_SECRET_KEY": keys.TEST_KEYS.secret,
    "KEZHI_DATA_KEYS": json.dumps({"active": "test", "keys": {"test": DATA}}),
    "KEZHI_INDEX_KEY": INDEX,
}
ZEROES = base64.b64encode(bytes(32)).decode()
SHORT = base64.b64encode(bytes(range(16))).decode()


def test_keys_are_made_once_and_only_for_their_owner(tmp_path):
    folder = tmp_path / "keys"
    assert keys.make_missing(folder, {}) == list(keys.FILES)
    first = keys.read(folder, {})
    assert keys.make_missing(folder, {}) == []
    assert keys.read(folder, {}) == first
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_made_keys_open_the_encrypted_columns(tmp_path):
    keys.make_missing(tmp_path / "keys", {})
    found = keys.read(tmp_path / "keys", {})
    named = {"KEZHI_DATA_KEYS": found.data, "KEZHI_ACTIVE_KEY": found.active, "KEZHI_INDEX_KEY": found.index}
    assert KeyRing.read(named).active == "1"


def test_the_environment_comes_first_and_leaves_no_file(tmp_path):
    assert keys.read(tmp_path, GOOD) == keys.TEST_KEYS
    assert keys.make_missing(tmp_path / "keys", GOOD) == []
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEZHI_SECRET_KEY", "short"),
        ("KEZHI_SECRET_KEY", "x" * 64),
        ("KEZHI_SECRET_KEY", "change-me-before-going-to-production!"),
        ("KEZHI_DATA_KEYS", "not json"),
        ("KEZHI_DATA_KEYS", "[]"),
        ("KEZHI_DATA_KEYS", json.dumps({"active": "2", "keys": {"test": DATA}})),
        ("KEZHI_DATA_KEYS", json.dumps({"active": "a:b", "keys": {"a:b": INDEX}})),
        ("KEZHI_DATA_KEYS", json.dumps({"active": "1", "keys": {"1": ZEROES}})),
        ("KEZHI_DATA_KEYS", json.dumps({"active": "1", "keys": {"1": 7}})),
        ("KEZHI_INDEX_KEY", SHORT),
        ("KEZHI_INDEX_KEY", "§"),
    ],
)
def test_a_weak_or_malformed_key_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(SetupError, match=name) as refused:
        keys.read(tmp_path, GOOD | {name: value})
    assert value not in str(refused.value)


def test_a_ring_may_grow_but_not_change():
    recorded = keys.TEST_KEYS.fingerprints()
    grown = keys.Keys("", {**keys.TEST_KEYS.data, "2": bytes(32)}, "2", keys.TEST_KEYS.index)
    keys.check(grown, recorded)
    with pytest.raises(SetupError, match=r"data:2"):
        keys.check(keys.TEST_KEYS, grown.fingerprints())
    with pytest.raises(SetupError, match=r"\(index\)"):
        keys.check(keys.Keys("", keys.TEST_KEYS.data, "test", bytes(32)), recorded)


def test_a_key_file_is_never_overwritten(tmp_path):
    keys.write_private(tmp_path / "key", "one")
    with pytest.raises(FileExistsError):
        keys.write_private(tmp_path / "key", "two")
