"""Owns which names are those of one thing in two states: women and men, before and after.

They differ in nothing but words that are set against each other, or one of them is the other with
a word that says how it was come by: `loss` and `val_loss`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import TypeAlias

from msgspec import Struct

from vizmodel.patterns import late_pattern
from vizmodel.profile.expected import CAME, EXPECTED, FORESEEN, PLANNED, PRIOR, singular
from vizmodel.profile.words import split_name

#: Words that are set against each other, one side and the other; plurals are as their singulars.
OPPOSITES: tuple[tuple[str, str], ...] = (
    (
        "male|man|men|boy|m|männlich|männer|mann|jungen|hombre|homme|uomo|uomini|maschi|homem"
        "|homens|masculino|masculin|män|mænd|menn|mannen|mężczyźni|miehet|muži",
        "female|woman|women|girl|f|w|weiblich|frauen|frau|mädchen|mujer|mujeres|femme|donna|donne"
        "|femmine|mulher|mulheres|femenino|feminino|féminin|kvinnor|kvinder|kvinner|vrouwen"
        "|kobiety|naiset|ženy",
    ),
    (
        "before|pre|vorher|vor|avant|antes|prima|före|før|voor|initial|baseline|old|earlier",
        "after|post|nachher|nach|après|después|dopo|depois|efter|etter|final|endline|follow up"
        "|followup|new|later",
    ),
    (
        "previous|prior|last year|prev|last month|last week|vorjahr|py|ly|past",
        "current|now|this year|this month|this week|actual|latest|cy|ty|today|present",
    ),
    ("train|training", "test|testing|val|valid|validation|dev|eval|evaluation|holdout|held out"),
    ("train|training|in sample|insample", "oof|out of sample|oos"),
    ("val|valid|validation|dev", "test|testing"),
    ("|".join(CAME), "|".join(EXPECTED | PLANNED)),
    ("|".join(PLANNED), "|".join(FORESEEN)),
    ("yes|ja|sí|oui|pro|for", "no|nein|non|nej|contra|against"),
    ("approve|favor|favour|agree|support|remain", "oppose|reject|leave|against"),
    ("positive|positiv|win|won", "negative|negativ|loss|losses|lost"),
    ("increase|gain|up|rise", "decrease|loss|losses|down|fall|drop|decline"),
    ("import|einfuhr|importation", "export|ausfuhr|exportation"),
    (
        "birth|live birth|geburten|lebendgeborene|naissance|nacimiento|nati|nascita|födda",
        "death|sterbefälle|gestorbene|décès|defunciones|morti|döda",
    ),
    (
        "in|inflow|inbound|incoming|received|bought",
        "out|outflow|outbound|outgoing|sent|sold",
    ),
    (
        "income|revenue|receipt|einnahmen|ingreso|recette|earning|umsatz|entrate",
        "expense|expenditure|cost|spending|outlay|ausgaben|gasto|dépense|kosten|spese",
    ),
    ("immigration|immigrant|zuzüge|arrival", "emigration|emigrant|fortzüge|departure"),
    ("supply|production|generation|erzeugung", "demand|consumption|verbrauch"),
    ("credit|charge|upload|tx|write|asset", "debit|discharge|download|rx|read|liability"),
    ("opened|created|hired|joiner|boarding", "closed|resolved|left|leaver|alighting"),
    ("home|heim", "away|auswärts|visitor|guest"),
    ("urban|city|stadt", "rural|highway|hwy|country|land"),
    ("left|inside|indoor|inner|north|east", "right|outside|outdoor|outer|south|west"),
    ("domestic|native|national|inland", "foreign|international|ausland"),
    ("public|owner|owned|own", "private|renter|rented|rent|tenant"),
    ("day|daytime|morning|am|summer|weekday", "night|nighttime|evening|pm|winter|weekend"),
    ("casual|guest|occasional|new|first time", "registered|member|subscriber|returning|existing"),
    ("full time|fulltime|vollzeit", "part time|parttime|teilzeit"),
    ("control|placebo|untreated", "treatment|treated|intervention"),
    ("nominal|gross|brutto|raw|original", "real|net|netto|adjusted|corrected|smoothed"),
    ("systolic|sys|sbp", "diastolic|dia|dbp"),
    ("direct|online|mobile|with", "indirect|offline|desktop|without"),
    ("democrat|dem", "republican|rep|gop"),
)
#: What one of two names has more than the other.
MARKS = (
    "val|valid|validation|test|testing|train|training|dev|eval|holdout|prev|last year|before|after"
    "|old|new|baseline|sa|seasonally adjusted|corrected|smooth|filtered|raw|unadjusted|trend"
    "|rolling|ma|ema|real|nominal"
)
#: Words for a time, which what was planned and what came of it need not share.
_PERIOD = late_pattern(r"(19|20)\d\d|fy\d*|[ymq]td|q[1-4]|h[12]")
#: Of these the data are that a model was not fitted to.
HELD_OUT = frozenset(("val", "valid", "validation", "test", "testing", "dev", "eval"))
#: An average over some time, whatever is averaged.
AVERAGE = late_pattern(
    r"(?=.*\d|.*(moving|rolling|running|trailing|smooth|gleitend))(\d+ ?(d|days?|weeks?|wk|mo"
    r"|months?|periods?|tage?|jours?|días?) ?)?((moving|rolling|running|trailing|centered"
    r"|gleitende[rs]?) ?)?(average|avg|mean|median|s?ma|ema|smoothed|durchschnitt|mittel|moyenne"
    r"|media)( ?\d+)?( ?d(ays?)?)?"
)
#: What says which state of one figure is meant, and fewest of these that are one group.
_FIGURES, _LEAST_PLANS = CAME | PLANNED | EXPECTED | PRIOR, 3
#: What turns a word into its contrary, and beginnings that are set against each other; least
#: letters of what follows, and most words of a state.
_CONTRARY, _STARTS = ("un", "dis", "non"), ("pre", "post")
_MIN_REST, _MAX_WORDS = 3, 3
#: Words that begin so and are no contrary of what follows.
_NO_CONTRARY = frozenset({"discount", "display", "disease", "dispatch", "discharge", "uniform"})


class Couple(Struct, frozen=True):
    """Two names of one thing in two states.

    Parameters
    ----------
    first, second
        The names, in their order.
    shared
        The words that both have; nothing where they are the states and nothing else.
    """

    first: str
    second: str
    shared: str = ""


def couples(names: Sequence[str]) -> Iterator[Couple]:
    """Yield the pairs of names that are one thing in two states; a name may be in several.

    Examples
    --------
    >>> [found.shared for found in couples(["mae", "val_mae", "pay_men", "pay_women", "size"])]
    ['mae', 'pay']
    >>> [(one.first, one.second) for one in couples(["price", "approve", "weight", "disapprove"])]
    [('approve', 'disapprove')]
    >>> [*couples(["height", "weight", "q1_before", "q2_after"])]
    []
    """
    places = {name: at for at, name in enumerate(names)}
    spoken = {name: singular(split_name(name)).split() for name in names}
    found = _paired(spoken, places)
    alone = spoken.keys() - {name for pair in found for name in pair}
    # The budget of a year is set against what there is of it to date.
    undated = {name: [w for w in spoken[name] if not _PERIOD.fullmatch(w)] for name in alone}
    for pair, couple in _paired(undated, places).items():
        if any(PLANNED.intersection(undated[name]) for name in pair):
            found[pair] = couple
    yield from sorted(found.values(), key=lambda c: (places[c.first], places[c.second]))


def plans(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield names of one thing as it was planned, as it came, and as it is expected by now.

    Examples
    --------
    >>> [*plans(["cost budget", "cost actual", "cost forecast", "price"])]
    [('cost budget', 'cost actual', 'cost forecast')]
    >>> [*plans(["budget", "forecast", "target"]), *plans(["men", "women", "actual"])]
    []
    """
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in names:
        words = [w for w in singular(split_name(name)).split() if not _PERIOD.fullmatch(w)]
        words = words[:-1] if words[-1:] == ["year"] else words
        states = [word for word in words if word in _FIGURES]
        if len(states) == 1:
            rest = " ".join(word for word in words if word != states[0])
            groups[rest].append((name, states[0]))
    for group in groups.values():
        came = [state in CAME for _, state in group]
        if len(group) >= _LEAST_PLANS and any(came) and not all(came):
            yield tuple(name for name, _ in group)


def is_expected(name: str) -> bool:
    """Whether a name says that figures are what is expected, by somebody or by a model.

    Examples
    --------
    >>> is_expected("yhat_lower"), is_expected("Sales forecasts"), is_expected("sales")
    (True, True, False)
    """
    return not EXPECTED.isdisjoint(singular(split_name(name)).split())


def has_come(name: str) -> bool:
    """Whether a name says that figures are what came, whatever was expected.

    Examples
    --------
    >>> has_come("actuals"), has_come("sales")
    (True, False)
    """
    return not CAME.isdisjoint(singular(split_name(name)).split())


def are_foreseen(names: Sequence[str]) -> bool:
    """Whether names are what was planned or expected of one thing, beside what came of it.

    Examples
    --------
    >>> are_foreseen(["budget", "actual", "forecast"]), are_foreseen(["sales", "sales_forecast"])
    (True, True)
    >>> are_foreseen(["coal forecast", "gas forecast"]), are_foreseen(["coal", "gas"])
    (False, False)
    """
    expected = [is_expected(name) for name in names]
    return any(plans(names)) or (any(expected) and not all(expected))


def _paired(
    spoken: Mapping[str, Sequence[str]], places: Mapping[str, int]
) -> dict[tuple[str, str], Couple]:
    """Return the couples among names whose words are given, in the order of their places."""
    sides: dict[_Place, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for name in sorted(spoken, key=places.__getitem__):
        for place, side in _placed(spoken[name]):
            sides[place][side].append(name)
    found: dict[tuple[str, str], Couple] = {}
    for (shared, _, _), (ones, others) in sides.items():
        for pair in product(ones, others):
            first, second = sorted(pair, key=places.__getitem__)
            found.setdefault((first, second), Couple(first, second, shared))
    return found


def are_crossed(names: Sequence[str]) -> bool:
    """Whether names are states in two ways: women and men, each in towns and in villages.

    Examples
    --------
    >>> are_crossed(["rural men", "rural women", "urban men", "urban women"])
    True
    >>> are_crossed(["loss", "accuracy", "val_loss", "val_accuracy"])
    False
    """
    found = Counter(name for one in couples(names) for name in (one.first, one.second))
    return all(found[name] > 1 for name in names)


def trained_metrics(names: Sequence[str]) -> frozenset[str]:
    """Return the names that are of one metric in training and on other data: rows are epochs.

    Examples
    --------
    >>> sorted(trained_metrics(["loss", "val_loss", "lr"]))
    ['loss', 'val_loss']
    >>> sorted(trained_metrics(["sales", "sales_target"]))
    []
    """
    found = [(one.first, one.second) for one in couples(names)]
    told = [p for p in found if any(HELD_OUT.intersection(split_name(n).split()) for n in p)]
    return frozenset(name for pair in told for name in pair)


def _sides() -> dict[str, list[tuple[int, int]]]:
    """Return for each state in which rows of `OPPOSITES` it is, and on which side."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, sides in enumerate(OPPOSITES):
        for side, words in enumerate(sides):
            for word in words.split("|"):
                found[singular(word)].append((row, side))
    return found


_SIDES, _MARKED = _sides(), EXPECTED | PLANNED | PRIOR | {*map(singular, MARKS.split("|"))}
#: What names have in common, where in it the state stands, and what says that it is one.
_Place: TypeAlias = tuple[str, int, str]


def _placed(words: Sequence[str]) -> Iterator[tuple[_Place, int]]:
    """Yield what a name may be a state of, and on which side of it."""
    whole = " ".join(words)
    yield (whole, 0, "mark"), 0
    yield ("", 0, whole), 0
    for start, end in combinations(range(len(words) + 1), 2):
        state, rest = " ".join(words[start:end]), " ".join((*words[:start], *words[end:]))
        if end - start > _MAX_WORDS:
            continue
        for row, side in _SIDES.get(state, ()):
            if rest or len(state) > 1:  # m and f say little by themselves
                yield (rest, start, f"row {row}"), side
        if rest and state in _MARKED:
            yield (rest, 0, "mark"), 1
        if end - start == 1:
            yield from _begun(words, start)


def _begun(words: Sequence[str], at: int) -> Iterator[tuple[_Place, int]]:
    """Yield what a name may be a state of by how one of its words begins."""
    others = " ".join((*words[:at], *words[at + 1 :]))
    for side, start in enumerate(_STARTS):
        rest = words[at].removeprefix(start)
        if rest != words[at] and len(rest) >= _MIN_REST:
            yield (others, at, f"start {rest}"), side
    for start in _CONTRARY:
        rest = words[at].removeprefix(start)
        contrary = rest != words[at] and words[at] not in _NO_CONTRARY
        if contrary and len(rest) >= _MIN_REST:
            yield ("", 0, " ".join((*words[:at], rest, *words[at + 1 :]))), 1
