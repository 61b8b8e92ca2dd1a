"""Owns how text older than Unicode is read: what reads as words of some language was meant so."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: As much as an encoding is guessed from; more makes the guess slower, not better.
GUESSED_BYTES = 2**16
#: Share of the words beyond ASCII that are words of a language where an encoding is the right one.
READ_AS_WORDS = 0.8

#: Encodings that spreadsheets and databases still write; the first where nothing tells them apart.
LEGACY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp932",
    "cp949",
    "gb18030",
    "big5",
)

#: What languages have besides a to z, one after another; a word is in one of them.
_LATIN = {
    "cp1254": "âçğıîöşüûİ",
    "cp1252": "äöüß àâçéèêëîïôœùûüÿ áéíóúüñ áâãàçéêíóôõú àèéìòùî àçèéíïòóúü åäöæøéü áéíóúýþæöð"
    " éëïóöüèê äöüšž",
    "cp1250": "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž",
}
#: The same where a language has no letter from a to z.
_OTHER = {
    "cp1251": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
    " абвгдеёжзійклмнопрстуўфхцчшыьэюя абвгдђежзијклљмнњопрстћуфхцчџш",
    "cp1253": "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "cp1256": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",
}
#: Signs that stand before or after a word, or alone.
_SIGNS = "°€£¥§©®™–—‘’“”„‚…«»‹›¿¡ºªµ²³½¼¾·×±№"
_WORD = late_pattern(r"(?:[^\W\d_]|[^\x00-\x7f])+")


def legacy_encoding(start: bytes) -> str:
    """Return the encoding of a text that is not Unicode, by its beginning."""
    lines = b"".join(line for line in start.splitlines(keepends=True) if not line.isascii())
    if len(lines) > GUESSED_BYTES:  # up to the end of a line, so that no character is cut
        lines = lines[: lines.rfind(b"\n", 0, GUESSED_BYTES) + 1] or lines[:GUESSED_BYTES]
    readable = {name: text for name in LEGACY if (text := _readable(lines, name)) is not None}
    shares = {name: _share(name, readable[name]) for name in (*_LATIN, *_OTHER) if name in readable}
    most = max(shares.values(), default=0.0)
    if most < READ_AS_WORDS:
        return _guessed(lines, tuple(readable))
    alike = [name for name, share in shares.items() if share == most]
    found = alike[0] if alike[0] in _LATIN else _guessed(lines, alike)
    # Languages share letters, and encodings their places: where it is all one, the usual one.
    return next(name for name, text in readable.items() if text == readable[found])


def _readable(lines: bytes, encoding: str) -> str | None:
    """Return text without signs that no text has; None where there are some."""
    try:
        text = lines.decode(encoding)
    except UnicodeDecodeError as error:
        if error.end < len(lines) - 1:
            return None
        text = lines[: error.start].decode(encoding)  # a character that the end cuts
    kinds = {unicodedata.category(sign) for sign in {*text} - {*"\t\r\n\f\v"}}
    return None if kinds & {"Co", "Cn", "Cc"} else text


def _share(encoding: str, text: str) -> float:
    """Return the share of words that are of a language of an encoding."""
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    if encoding in _LATIN:
        letters = [{*alphabet, *alphabet.upper()} for alphabet in _LATIN[encoding].split()]
        fit = sum(_is_latin(word.strip(_SIGNS), letters) for word in words)
    else:
        letters = [{*alphabet} for alphabet in _OTHER[encoding].split()]
        fit = sum(_is_other(word.strip(_SIGNS), letters) for word in words)
    return fit / max(1, len(words))


def _is_latin(word: str, alphabets: Sequence[set[str]]) -> bool:
    beyond = {sign for sign in word if not sign.isascii()}
    return not beyond or any(beyond <= letters for letters in alphabets)


def _is_other(word: str, alphabets: Sequence[set[str]]) -> bool:
    plain = word.istitle() or word.isupper() or word == word.lower()
    return plain and any({*word.lower()} <= letters for letters in alphabets)


def _guessed(lines: bytes, encodings: Sequence[str]) -> str:
    """Return which encoding makes the least chaos; the usual one where several do."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(lines, cp_isolation=list(encodings))) if encodings else []
    found = [match for match in found if match.encoding in encodings]
    least = min((match.chaos for match in found), default=0.0)
    alike = [match for match in found if match.chaos == least]
    if any(LEGACY[0] in match.could_be_from_charset for match in alike):
        return LEGACY[0]
    return alike[0].encoding if alike else next(iter(encodings), "latin-1")
