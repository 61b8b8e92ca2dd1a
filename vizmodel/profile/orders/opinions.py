"""Owns scales of opinion: how strongly, and which way, answers say one thing."""

from __future__ import annotations

from collections.abc import Sequence

from vizmodel.patterns import late_pattern

#: How much words add to what they stand before: nothing at all, hardly, a little, ... entirely.
_DEGREES: tuple[tuple[float, str], ...] = (
    (-3, r"not( \w+)? at all|(über|ueber)haupt nicht|gar nicht|pas du tout|nada|not in the least"),
    (-3, r"per (niente|nulla)|helemaal niet"),
    (-1, r"not (very|so|really|particularly|that|too|much)|(eher|kaum) nicht|hardly|kaum|poco"),
    (-1, r"plutôt pas|pas (très|vraiment)"),
    (-2, r"not|nicht|pas|non"),
    (1, r"slightly|a (little|bit)( bit)?|etwas|un peu|un poco|algo"),
    (2, r"somewhat|moderately|fairly|rather|part(ial)?ly|tend to|probably|eher|teilweise|ziemlich"),
    (2, r"to some extent|plutôt|assez|bastante|mäßig|abbastanza|parcialmente|enigszins"),
    (3.5, r"mostly|largely|generally|quite|weitgehend|überwiegend|pretty"),
    (4, r"very( much)?|strongly|highly|much|greatly|definitely|sehr|stark|très|muy|a lot"),
    (4, r"molto|muito|zeer|certain(ly|ement)|bestimmt|seguramente|sicuramente"),
    (5, r"extremely|completely|totally|fully|absolutely|entirely|voll( und ganz)?|völlig"),
    (5, r"vollkommen|äußerst|tout à fait|entièrement|totalmente|far|completamente|del tutto"),
    (5, r"helemaal|volledig"),
)
_DEGREE = tuple((size, late_pattern(rf"(?<!\w)({words})(?!\w)")) for size, words in _DEGREES)
#: The middle of such a scale; what follows says neither of what.
_MIDDLE = late_pattern(
    r"(neither|weder|ni)\b.*|neutral(e|o)?|neutr[eo]|neutraal|undecided|unentschieden|indifferent|indécis|"
    r"teils[ ,/-]+teils|(about|roughly|stayed|remained)?\s?the same|same|unchanged|no change|"
    r"unverändert|gleich|(just )?(about )?right|genau richtig|half and half|average"
)
#: What turns a word into its contrary, and words that share no letters with theirs.
_CONTRARY = late_pattern(r"^(dis|un|in|im|ir|des|mé|ins)(?=\w{3})")
_OPPOSITES = {
    "difficult": ("easy",), "hard": ("easy",), "schwer": ("leicht",), "difficile": ("facile",),
    "bad": ("good",), "poor": ("good",), "schlecht": ("gut",), "mauvais": ("bon",),
    "malo": ("bueno",), "worse": ("better",), "schlechter": ("besser",),
    "negative": ("positive",), "negativ": ("positiv",),
    "oppose": ("support", "favor", "favour", "infavor", "infavour", "approve"),
    "against": ("for", "favor", "favour", "infavor", "infavour"),
    "weak": ("strong",), "thin": ("thick",), "soft": ("firm", "hard"), "short": ("long",),
    "small": ("large", "big"), "light": ("heavy", "dark"), "slow": ("fast",), "cold": ("hot",),
    "less": ("more",), "weniger": ("mehr",), "lower": ("higher",), "low": ("high",),
    "fewer": ("more",), "little": ("much",),
    "discordo": ("concordo",), "meeoneens": ("meeeens",), "ontevreden": ("tevreden",),
    "false": ("true",), "desacuerdo": ("acuerdo",), "unsafe": ("safe",),
}  # fmt: skip
#: Yes or no beside how surely: probably not; no, not at all.
_YES, _NO = "yes|oui|ja|s[íiì]|sim", "no|non|nein|not|nee|não"
_SAID = late_pattern(
    rf"(?P<yes>{_YES})|(?P<no>{_NO})|((?P<is_yes>{_YES})|(?P<is_no>{_NO}))\s?[,:;–-]\s?(?P<surely>.+)"
    rf"|(?P<how>.+?),?\s((?P<so>{_YES})|(?P<not_so>{_NO}))"
)
#: What such an answer is about.
_YES_OR_NO = "yes"
#: What is not so at all says so before and behind.
_AT_ALL = late_pattern(r"^not (\w+) at all$")
#: Words that say nothing of their own.
_FILLERS = late_pattern(
    r"(?<!\w)(to|the|with|about|at|all|of|is|am|i|it|ich|zu|de|en|je|suis|estoy|d|too)(?!\w)|[^\w ]"
)
#: Fewest answers of a scale, and fewest of them that say how strongly.
MIN_ANSWERS, MIN_DEGREES = 3, 2


def opinion_places(texts: Sequence[str]) -> list[tuple[float, ...]] | None:
    """Return where answers in small letters lie between one opinion and its contrary.

    Parameters
    ----------
    texts
        All different.

    Returns
    -------
    list of tuple or None
        None where they are not of one thing, or some lie in the same place.

    Examples
    --------
    >>> opinion_places(["very satisfied", "neither of them", "dissatisfied"])
    [(4.0,), (0.0,), (-3.0,)]
    >>> opinion_places(["stimme eher zu", "stimme gar nicht zu", "stimme voll zu"])
    [(2.0,), (-3.0,), (5.0,)]
    >>> opinion_places(["plutôt non", "tout à fait", "pas du tout", "plutôt oui"])
    [(-2.0,), (5.0,), (-3.0,), (2.0,)]
    >>> opinion_places(["employed", "unemployed", "retired"]) is None
    True
    """
    if len(texts) < MIN_ANSWERS:
        return None
    read = [_yes_or_no(text) or _read(text) for text in texts]
    cores = {core for _, core, _ in read if core is not None}
    if cores == {"", _YES_OR_NO}:
        read = [(size, None if core is None else _YES_OR_NO, told) for size, core, told in read]
        cores = {_YES_OR_NO}
    things = {_positive(core, cores)[0] for core in cores}
    sizes = [0.0 if core is None else _positive(core, cores)[1] * size for size, core, _ in read]
    # A contrary with a middle is as good as a second degree.
    contrary = len(cores) - len(things) + (len(cores) > len(things) and 0.0 in sizes)
    strong = sum(told for _, _, told in read) + contrary
    if len(things) != 1 or strong < MIN_DEGREES or len(set(sizes)) < len(sizes):
        return None
    return [(float(size),) for size in sizes]


def _yes_or_no(text: str) -> tuple[float, str | None, bool] | None:
    """Read an answer that says yes or no, and else only how surely; None of any other."""
    said = _SAID.fullmatch(text)
    if said is None:
        return None
    sign = 1.0 if said["yes"] or said["is_yes"] or said["so"] else -1.0
    how = said["surely"] or said["how"]
    if how is None:
        return sign * 3.0, _YES_OR_NO, False
    size, left, told = _read(how)
    return (sign * abs(size), _YES_OR_NO, True) if told and not left else None


def _read(text: str) -> tuple[float, str | None, bool]:
    """Return how strongly a text says something, what it says, and whether it tells a degree."""
    if _MIDDLE.fullmatch(text):
        return 0.0, None, False
    text = _AT_ALL.sub(r"not at all \1", text)
    found = 3.0
    for size, words in _DEGREE:
        left = words.sub(" ", text, count=1)
        if left != text:
            text, found = left, float(size)
            return found, _bare(text), True
    return found, _bare(text), False


def _bare(text: str) -> str:
    return "".join(_FILLERS.sub(" ", text).split())


def _positive(core: str, cores: set[str]) -> tuple[str, int]:
    """Return what a word is the contrary of, and -1; itself and 1 where it is none."""
    if core in _OPPOSITES:
        others = _OPPOSITES[core]
        return next((other for other in others if other in cores), others[0]), -1
    other = _CONTRARY.sub("", core, count=1)
    # Answers of one side alone leave open what they are the contrary of.
    return (other, -1) if other != core and other in cores else (core, 1)
