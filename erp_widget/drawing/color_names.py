"""Owns the colours that labels name, in nine languages: "red" is red, "dark blue" a dark blue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from erp_widget.context import looks
from vizmodel.patterns import late_pattern

#: A colour that is seen on white and on black -> what it is called in English, German, French,
#: Spanish, Italian, Portuguese, Dutch, Polish and Swedish.
_NAMES: dict[str, str] = {
    "#D62728": "red rot rote roter rouge rojo roja rosso rossa vermelho vermelha rood rode czerwony"
    " czerwona röd scarlet",
    "#2E9E44": "green grün grüne grüner gruen vert verte verde groen groene zielony zielona grön",
    "#2166C4": "blue blau blaue blauer bleu bleue azul blu azzurro blauw blauwe niebieski"
    " niebieska blå",
    "#DDB800": "yellow gelb gelbe gelber jaune amarillo amarilla giallo gialla amarelo amarela geel"
    " gele żółty żółta gul",
    "#EE7F22": "orange oranje naranja arancione arancio laranja pomarańczowy",
    "#7B3FA0": "purple violet lila violett violette morado morada viola roxo roxa paars fioletowy"
    " púrpura pourpre purpura lilac",
    "#EF79B4": "pink rosa rose roze różowy",
    "#8B5A2B": "brown braun braune brauner brun brune marron marrón marrone castaño castanho"
    " marrom bruin bruine brązowy brunette brunet chestnut",
    "#3D3D3D": "black schwarz schwarze schwarzer noir noire negro negra nero nera preto preta zwart"
    " zwarte czarny czarna svart ebony",
    "#DADADA": "white weiß weiss weiße weißer blanc blanche blanco blanca bianco bianca branco"
    " branca wit witte biały biała vit snow",
    "#8A8A8A": "grey gray grau graue grauer gris grigio grigia cinza cinzento grijs grijze szary"
    " szara grå graphite",
    "#B3BAC0": "silver silber argent argenté plata plateado argento prata zilver srebrny srebro"
    " platinum platin",
    "#C99700": "gold golden gouden or doré oro dorado dorato ouro dourado goud złoty złoto guld",
    "#A8743A": "bronze bronce bronzo brons brąz copper kupfer cuivre cobre",
    "#CDBB95": "beige cream creme crème crema ivory elfenbein sand tan beżowy",
    "#2FB3AE": "turquoise türkis turquesa turchese turkoois turkusowy teal aqua petrol",
    "#17A2C8": "cyan",
    "#D02090": "magenta fuchsia fuschia",
    "#1F3A7A": "navy marine granatowy",
    "#7D1F2D": "maroon burgundy bordeaux bordowy bordo weinrot claret",
    "#7A7A20": "olive oliv khaki",
    "#86C232": "lime limette",
    "#4B3FA8": "indigo",
    "#9A7B4F": "hazel haselnuss noisette",
    "#D9BC6B": "blond blonde blondine rubio rubia biondo loiro",
    "#8C3B20": "auburn ginger",
    "#E0A100": "amber bernstein ambre",
    "#EE9FB0": "rosé",
    "#F0705A": "coral salmon",
}
_BY_NAME = {name: color for color, names in _NAMES.items() for name in names.split()}
#: Those that are no hue: alone they rather name people or pieces of chess.
_PLAIN = frozenset({"#3D3D3D", "#DADADA", "#8A8A8A", "#CDBB95", "#B3BAC0", "#D9BC6B", "#8B5A2B"})
#: Those that hardly differ from a white or a black ground, and what they are where no edge is
#: around them.
EDGED, EDGE = {"#DADADA": "#BDBDBD", "#3D3D3D": "#5A5A5A"}, "#7F7F7F"
_DARK = late_pattern(
    r"\b(dark|deep|dunkel|tief|foncée?|oscur[oa]|scur[oa]|escur[oa]|donker|ciemny?|mörk)\b"
)
_LIGHT = late_pattern(
    r"\b(light|pale|bright|hell|blass|claire?|clar[oa]|chiar[oa]|licht|jasny?|ljus|sky|baby)\b"
)
#: Those that are written as one word: dunkelblau, lightgreen.
_JOINED = late_pattern(
    r"\b(dark|deep|light|pale|dunkel|hell|donker|licht|ciemno|jasno|sky)(?=[^\W\d]{3})"
)
_NOTHING = late_pattern(
    r"(no |non[e-]?).*|unknown|other|others|various|multi.*|mixed|n/?a|unbekannt|sonstige"
)
#: How far dark and light ones are towards black and white.
DARKER, PALER = 0.4, 0.5
#: Fewest labels, and share of them that name colours.
MIN_NAMED, NEARLY_ALL = 2, 0.8


def meant_colors(labels: Sequence[object]) -> list[str] | None:
    """Return the colours that labels name; None where some name none, or two the same.

    Parameters
    ----------
    labels
        Of a legend, without the missing one.

    Examples
    --------
    >>> meant_colors(["red", "Dark blue"]), meant_colors(["Rome", "Oslo"])
    (['#D62728', '#143D76'], None)
    >>> meant_colors(["white", "black"]) is None
    True
    """
    found = [named_color(str(label)) for label in labels]
    known = [color for color in found if color is not None]
    if len(known) < max(MIN_NAMED, NEARLY_ALL * len(labels)) or len(set(known)) < len(known):
        return None
    if not set(known) - _PLAIN:
        return None
    others = [label for label, color in zip(labels, found, strict=True) if color is None]
    if len(others) > 1 or not all(_NOTHING.fullmatch(str(other).lower()) for other in others):
        return None
    return [color or looks.MISSING_COLOR for color in found]


def named_color(label: str) -> str | None:
    """Return the colour that a label names: one, a shade of it, or two mixed.

    Examples
    --------
    >>> named_color("Grün"), named_color("lightgreen"), named_color("greenhouse")
    ('#2E9E44', '#96CEA2', None)
    """
    text = _JOINED.sub(r"\1 ", label.strip().lower())
    dark, light = _DARK.search(text), _LIGHT.search(text)
    left = re.findall(r"[^\W\d_]+", _LIGHT.sub(" ", _DARK.sub(" ", text)))
    if not 1 <= len(left) <= 2 or not all(word in _BY_NAME for word in left):
        return None
    color = _BY_NAME[left[0]]
    if len(left) == 2:
        color = looks.between(color, _BY_NAME[left[1]], 0.5)
    if dark:
        return looks.between(color, "#000000", DARKER)
    return looks.between(color, "#FFFFFF", PALER) if light else color
