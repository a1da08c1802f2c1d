"""Encrypted columns: AES-256-GCM under a key with an id, and a blind index that finds whole values."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import Column, Table, Text, event
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

KEY_BYTES, NONCE_BYTES = 32, 12
_HARMLESS = (operators.is_, operators.is_not)


class CryptoError(Exception):
    """Keys that are missing or unfit, or a stored value that they do not open."""


class UnknownKey(CryptoError):
    """A value was written under a key that the ring no longer holds."""


@dataclass(frozen=True)
class KeyRing:
    """Data keys by id, the id that new values are written under, and the key of the blind index."""

    active: str
    keys: Mapping[str, AESGCM]
    index_key: bytes

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> KeyRing:
        """The ring of ``KEZHI_DATA_KEYS`` (id to key), ``KEZHI_ACTIVE_KEY`` (an id) and ``KEZHI_INDEX_KEY``.

        Raises ``CryptoError`` when they cannot serve.
        """
        data: Mapping[str, bytes] = config.get("KEZHI_DATA_KEYS") or {}
        active, index = config.get("KEZHI_ACTIVE_KEY"), config.get("KEZHI_INDEX_KEY")
        if not active or active not in data or any(":" in name for name in data):
            raise CryptoError("KEZHI_ACTIVE_KEY must name one of KEZHI_DATA_KEYS, and no key id may hold a colon")
        if not index or any(len(key) != KEY_BYTES for key in (*data.values(), index)):
            raise CryptoError(f"every data key and KEZHI_INDEX_KEY must have {KEY_BYTES} bytes")
        return cls(active, {name: AESGCM(key) for name, key in data.items()}, index)


def ring() -> KeyRing:
    """The key ring of the running application, read once."""
    known = current_app.extensions.get("kezhi_keys")
    if not isinstance(known, KeyRing):
        known = current_app.extensions["kezhi_keys"] = KeyRing.read(current_app.config)
    return known


def encrypt(value: str, place: str = "") -> str:
    """``value`` under the active key, bound to ``place`` (table.column)."""
    keys, nonce = ring(), os.urandom(NONCE_BYTES)
    sealed = nonce + keys.keys[keys.active].encrypt(nonce, value.encode(), place.encode())
    return f"{keys.active}:{base64.b64encode(sealed).decode()}"


def decrypt(stored: str, place: str = "") -> str:
    """The value in ``stored``; raises ``UnknownKey``, or ``CryptoError`` when it was changed or moved."""
    name, _colon, text = stored.partition(":")
    if (key := ring().keys.get(name)) is None:
        raise UnknownKey(f"{place}: a value was encrypted under the key {name!r}, which is not in KEZHI_DATA_KEYS")
    try:
        sealed = base64.b64decode(text, validate=True)
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode()).decode()
    except (ValueError, InvalidTag):
        raise CryptoError(f"{place}: a value cannot be opened; it was changed, or belongs to another column") from None


def blind_index(value: str) -> str:
    """What equal values share: HMAC-SHA256 over the value in NFKC form, stripped, in capitals."""
    plain = unicodedata.normalize("NFKC", value).strip().upper()
    return hmac.new(ring().index_key, plain.encode(), hashlib.sha256).hexdigest()


class _Comparator(TypeDecorator.Comparator[str]):
    """Refuses comparisons: equal values have different ciphertexts, so a filter would silently find nothing."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        if op in _HARMLESS or other == (None,):
            return super().operate(op, *other, **options)
        raise TypeError("an encrypted column cannot be compared or sorted; filter by its blind index")


class Encrypted(TypeDecorator[str]):
    """Text that the database never sees; a new save writes it under the active key."""

    impl = Text
    cache_ok = True
    comparator_factory = _Comparator

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else encrypt(value, self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else decrypt(value, self.place)


@event.listens_for(Column, "after_parent_attach")
def _bind_place(column: Column[Any], table: Any) -> None:
    """Tie the values of an encrypted column to its table and name, so that a copied ciphertext does not open."""
    if isinstance(column.type, Encrypted) and isinstance(table, Table):
        column.type.place = f"{table.name}.{column.name}"
