"""Texts taken apart: what a row is found by, and what is asked for.

A token begins with the letter of its class: ``c`` two Chinese characters in a row (the last one alone), ``p`` the
pinyin initials of two signs in a row, one token per reading, ``w`` a word or number from its beginning, ``h`` a
keyed hash.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

PAIR, GRAM, TAIL = 2, 2, 4
COMMON = 3
LONGEST_WORD, LONGEST_QUESTION = 38, 60
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_CJK}]+|[^{_CJK}]+")
_CHINESE = re.compile(f"[{_CJK}]")
_PARTS = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[()\[\]{}<>《》〈〉「」“”‘’\"'·]")
_NUMBER = re.compile(r"[\d\s+-]+")
Hash = Callable[[str], str]


@dataclass(frozen=True)
class Wanted:
    """One token that a row must have; an ``open`` one is only begun."""

    token: str
    open: bool = False


Ways = tuple[tuple[Wanted, ...], ...]
"""Ways to meet one word of a question: any of them, each with all of its tokens."""


def narrow(text: str) -> str:
    """A text as it is compared: full-width signs narrow, small letters, no brackets and quotes."""
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip().casefold()


@lru_cache(maxsize=30_000)
def initials(sign: str) -> tuple[str, ...]:
    """The first letters of the commonest readings of a Chinese character; any other sign stands for itself."""
    from pypinyin import Style, pinyin  # heavy: loaded when the first text is taken apart

    if not _CHINESE.match(sign):
        return (sign,)
    found = pinyin(sign, style=Style.FIRST_LETTER, heteronym=True)
    letters = dict.fromkeys(letter for letter in (found[0] if found else ()) if letter.isascii() and letter)
    return tuple(letters)[:COMMON]


def tokens_of(text: str) -> Iterator[str]:
    """What a row with this text is found by."""
    plain = narrow(text)
    for run in _RUNS.findall(plain):
        yield from _pairs(run) if _CHINESE.match(run) else _words(run)
    if _CHINESE.search(plain):
        yield from _grams([initials(sign) for sign in plain if sign.isalnum()])


def _pairs(run: str) -> Iterator[str]:
    return (f"c{run[at : at + PAIR]}" for at in range(len(run)))


def _words(run: str) -> Iterator[str]:
    parts = _PARTS.findall(run)
    for word in {"".join(parts), *parts, *(part.lstrip("0") for part in parts)} - {""}:
        yield f"w{word[:LONGEST_WORD]}"


def _grams(letters: list[tuple[str, ...]]) -> Iterator[str]:
    for at in range(len(letters)):
        yield from (f"p{''.join(reading)}" for reading in itertools.product(*letters[at : at + GRAM]))


def hashed(value: str, tail: bool, blind: Hash) -> Iterator[str]:
    """What a row with this personal value is found by: the value whole, and the last digits of a telephone."""
    yield whole(value, blind)
    digits = re.sub(r"\D", "", value)
    if tail and len(digits) > TAIL:
        yield last_digits(digits[-TAIL:], blind)


def whole(value: str, blind: Hash) -> str:
    """The token of a whole personal value."""
    return f"h{blind(f'whole:{value}')[:32]}"


def last_digits(digits: str, blind: Hash) -> str:
    """The token of the last digits of a telephone."""
    return f"h{blind(f'tail:{digits}')[:32]}"


def asked(text: str, blind: Hash, clean: tuple[Callable[[str], str], ...] = ()) -> list[Ways]:
    """What a question asks for: every word in one of its ways; nothing when it holds no letter, digit or character."""
    plain = narrow(text)[:LONGEST_QUESTION]
    words = [plain] if _NUMBER.fullmatch(plain) else plain.split()
    found = [ways for word in words for ways in _asked_word(word, blind, clean)]
    return found or ([((Wanted(whole(plain, blind)),),)] if plain else [])


def _asked_word(word: str, blind: Hash, clean: tuple[Callable[[str], str], ...]) -> Iterator[Ways]:
    runs = _RUNS.findall(word)
    for run in runs:
        if _CHINESE.match(run):
            secret = _secrets(run, blind, ()) if len(runs) == 1 else ()
            yield (_chinese(run), *secret)
        elif bare := "".join(_PARTS.findall(run)):
            yield (*_latin(bare), *(_secrets(run, blind, clean) if len(runs) == 1 else ()))


def _chinese(run: str) -> tuple[Wanted, ...]:
    if len(run) == 1:
        return (Wanted(f"c{run}", open=True),)
    return tuple(dict.fromkeys(Wanted(f"c{run[at : at + PAIR]}") for at in range(len(run) - 1)))


def _latin(bare: str) -> Iterator[tuple[Wanted, ...]]:
    yield (Wanted(f"w{bare[:LONGEST_WORD]}", open=True),)
    if bare.isdigit() or not bare.isascii():
        return
    if len(bare) <= GRAM:
        yield (Wanted(f"p{bare}", open=len(bare) < GRAM),)
    else:
        yield tuple(dict.fromkeys(Wanted(f"p{bare[at : at + GRAM]}") for at in range(len(bare) - GRAM + 1)))


def _secrets(run: str, blind: Hash, clean: tuple[Callable[[str], str], ...]) -> Iterator[tuple[Wanted, ...]]:
    """The ways by which a personal value is found: whole, however it was written, or by its last digits."""
    for value in dict.fromkeys((run, *(narrow(write(run)) for write in clean))):
        yield (Wanted(whole(value, blind)),)
    if len(run) == TAIL and run.isdigit():
        yield (Wanted(last_digits(run, blind)),)
