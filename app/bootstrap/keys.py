"""The secrets of an installation: session key, data key ring and index key.

They lie in `instance/keys` (folder 0700, files 0600) and are made once; each can come from the environment
instead. The database remembers a fingerprint of every key that guards data, so that a start with missing or
foreign keys is refused before anything is written that the true keys cannot read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap.console import SetupError

SIZE = 32
FILES = {"KEZHI_SECRET_KEY": "secret_key", "KEZHI_DATA_KEYS": "data.json", "KEZHI_INDEX_KEY": "index_key"}
PLACEHOLDERS = ("secret", "change", "password", "example", "kezhi")


@dataclass(frozen=True)
class Keys:
    """One installation's keys; ``data`` maps key ids to AES-256 keys, ``active`` names the one that writes."""

    secret: str
    data: Mapping[str, bytes]
    active: str
    index: bytes

    def fingerprints(self) -> dict[str, str]:
        """A one-way mark per data key and for the index key."""
        marks = {f"data:{name}": _mark(key) for name, key in self.data.items()}
        return marks | {"index": _mark(self.index)}


TEST_KEYS = Keys(
    secret="a secret that only tests know" * 2,
    data={"test": bytes(range(SIZE))},
    active="test",
    index=bytes(range(SIZE, 2 * SIZE)),
)


def read(folder: Path, env: Mapping[str, str]) -> Keys:
    """The keys from the environment, else from their files.

    Raises ``SetupError`` if one is missing, malformed or weak.
    """
    texts = _texts(folder, env)
    if missing := sorted(name for name, text in texts.items() if text is None):
        raise SetupError(
            f"缺少密钥 {'、'.join(missing)}：请放回备份中的 {folder}；新装则运行 python3 run.py",
            f"missing keys {', '.join(missing)}: put {folder} back from a backup; a new one begins with python3 run.py",
        )
    secret, data, index = (texts[name] or "" for name in FILES)
    ring, active = _ring(data)
    return Keys(_strong(secret), ring, active, _bytes(index, "KEZHI_INDEX_KEY"))


def make_missing(folder: Path, env: Mapping[str, str]) -> list[str]:
    """Write a fresh key file for each key that is neither in the environment nor on disk; the names made."""
    missing = [name for name, text in _texts(folder, env).items() if text is None]
    if missing:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    for name in missing:
        write_private(folder / FILES[name], _fresh(name))
    return missing


def check(keys: Keys, recorded: Mapping[str, str]) -> None:
    """Refuse keys that are not those the database was written with; further keys may have been added since."""
    have = keys.fingerprints()
    if wrong := sorted(name for name, mark in recorded.items() if have.get(name) != mark):
        raise SetupError(
            f"密钥与数据库不符（{'、'.join(wrong)}）：请放回写入这些数据时的密钥",
            f"the keys do not fit this database ({', '.join(wrong)}): put back the keys it was written with",
        )


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; an existing one is never overwritten."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _texts(folder: Path, env: Mapping[str, str]) -> dict[str, str | None]:
    return {name: env.get(name) or _file(folder / file) for name, file in FILES.items()}


def _file(path: Path) -> str | None:
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def _fresh(name: str) -> str:
    if name == "KEZHI_SECRET_KEY":
        return secrets.token_urlsafe(48)
    key = base64.b64encode(secrets.token_bytes(SIZE)).decode()
    return key if name == "KEZHI_INDEX_KEY" else json.dumps({"active": "1", "keys": {"1": key}}, indent=2)


def _ring(text: str) -> tuple[dict[str, bytes], str]:
    try:
        described = json.loads(text)
        texts, active = dict(described["keys"]), str(described["active"])
    except (ValueError, TypeError, KeyError):
        texts, active = {}, ""
    if active not in texts or any(":" in name for name in texts):
        raise _malformed("KEZHI_DATA_KEYS", '{"active": ID, "keys": {ID: BASE64}}')
    return {name: _bytes(key, "KEZHI_DATA_KEYS") for name, key in texts.items()}, active


def _bytes(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        key = b""
    if len(key) != SIZE or len(set(key)) < SIZE // 4:
        raise _malformed(name, f"{SIZE} random bytes, base64")
    return key


def _strong(secret: str) -> str:
    lowered = secret.lower()
    if len(secret) < SIZE or len(set(secret)) < SIZE // 4 or lowered.startswith(PLACEHOLDERS):
        raise _malformed("KEZHI_SECRET_KEY", f"{SIZE}+ random characters")
    return secret


def _malformed(name: str, wanted: str) -> SetupError:
    return SetupError(f"{name} 无效或太弱，应为：{wanted}", f"{name} is malformed or too weak; wanted: {wanted}")


def _mark(key: bytes) -> str:
    return hmac.new(key, b"kezhi key check", hashlib.sha256).hexdigest()
