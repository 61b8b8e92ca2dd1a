"""Owns the Altair source text of plots whose points have names, drawn as the gallery draws them.

Vega-Lite places no names, so the code tells where each stands beside its point. That holds in a
plot of one size and with the same axes and points, which the code tells as well.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from erp_widget.drawing.altair_code import altair_code, arguments, own_scales
from erp_widget.drawing.point_names import MAX_ROOM, NAME_SIZE
from vizmodel.form.declared import escape_field

#: What of an axis and of points tells where they are drawn.
SCALE = ("type", "constant", "domain", "zero", "nice", "padding", "clamp", "range")
MARK = ("filled", "size", "opacity")
PANELS = ("facet", "row", "column")
MAX_LINE = 88

#: Which end of a name is told, and pixels of it from its point -> the names that stand so.
Placed = Mapping[tuple[str, int, int], Sequence[str]]


def placed_names(drawn: Mapping[str, Any]) -> dict[tuple[str, int, int], list[str]]:
    """Return the names that a drawn plot has room for, and where they stand.

    Parameters
    ----------
    drawn
        Its spec, with its rows.
    """
    width = drawn.get("spec", drawn).get("width", 0)
    found: dict[tuple[str, int, int], list[str]] = {}
    for row in drawn["data"]["values"]:
        label = row.get("label")
        name = row.get("name") or label
        # Of a name that is cut and told nowhere else nobody knows whose it is.
        if label and row["least"] <= width and not str(name).endswith("…"):
            found.setdefault((row["align"], row["dx"], row["dy"]), []).append(str(name))
    return found


def named_code(
    spec: Mapping[str, Any],
    drawn: Mapping[str, Any],
    placed: Placed,
    of: str,
    title: str,
    **table: Any,
) -> str:
    """Return source text that draws points with names beside them.

    Parameters
    ----------
    spec, drawn
        The declared and the drawn spec.
    placed
        From `placed_names`.
    of
        Column that holds the names.
    title
        Of the chart.
    table
        As `altair_code` takes it: `n_rows`, `source` and `needs`.
    """
    spec = _as_drawn(spec, drawn)
    panels = {name: part for name, part in spec["encoding"].items() if name in PANELS}
    plain = {name: part for name, part in spec["encoding"].items() if name not in PANELS}
    body = drawn.get("spec", drawn)
    options = {"width": body["width"], "height": body["height"]}
    options |= {} if panels else {"title": title}
    alone = {name: part for name, part in spec.items() if name != "resolve"}
    lines = altair_code(alone | {"encoding": plain}, options, **table).removesuffix("\nchart")
    whole = "chart = chart + names.properties(title='')"
    if panels:
        whole = f"chart = (chart + names).facet({panel_arguments(panels, drawn)}, title={title!r})"
        whole += own_scales(spec)
    fields = {str(part.get("field")) for part in plain.values() if isinstance(part, Mapping)}
    own = _free(("align", "dx", "dy"), {of, *fields})
    named = [*_places(placed), *_names(of, plain, own), whole, *_looked_up(of, own)]
    return "\n".join([lines, *named, "chart"])


def _as_drawn(spec: Mapping[str, Any], drawn: Mapping[str, Any]) -> dict[str, Any]:
    """Return a declared spec whose axes and points are those of the drawn one."""
    body = drawn.get("spec", drawn)
    layer = body["layer"][0]
    shown = body["encoding"] | layer.get("encoding", {})
    mark = {name: layer["mark"][name] for name in MARK if name in layer["mark"]}
    encoding = {}
    for name, part in spec["encoding"].items():
        scale = {k: v for k, v in (shown.get(name, {}).get("scale") or {}).items() if k in SCALE}
        numbers = all(isinstance(end, int | float) for end in scale.get("domain", ()))
        kept = part if name not in ("x", "y", "size") or not numbers else part | {"scale": scale}
        encoding[name] = kept
    return {**spec, "mark": spec["mark"] | mark, "encoding": encoding}


def _places(placed: Placed) -> list[str]:
    """Return the lines that tell where each name stands, those of one place together."""
    lines = ["", "# Which end of a name is told, and pixels of it from its point.", "places = {"]
    for place, names in placed.items():
        text = f"{place!r}: [{', '.join(map(repr, names))}],"
        if len(text) + 4 <= MAX_LINE:
            lines.append(f"    {text}")
            continue
        listed = textwrap.wrap(
            ", ".join(name.replace(" ", "\0") for name in map(repr, names)) + ",",
            MAX_LINE - 8,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [f"    {place!r}: [", *(f"        {one}" for one in listed), "    ],"]
    return [line.replace("\0", " ") for line in [*lines, "}"]]


def _names(of: str, encoding: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return the lines that write the names."""
    align, dx, dy = names
    shown = [f"text=alt.Text(field={escape_field(of)!r}, type='nominal')"]
    shown += ["size=alt.value(10)"] if "size" in encoding else []
    shown += ["color=alt.value('black')"] if "color" in encoding else []
    return [
        f"names = chart.transform_filter('isValid(datum.{align})').mark_text(",
        f"    fontSize={NAME_SIZE}, limit={MAX_ROOM}, baseline='middle', tooltip=False,",
        f"    align={{'expr': 'datum.{align}'}},",
        f"    dx={{'expr': 'datum.{dx}'}}, dy={{'expr': 'datum.{dy}'}},",
        f").encode({', '.join(shown)})",
    ]


def _looked_up(of: str, names: Sequence[str]) -> list[str]:
    """Return the lines that tell each row where its name stands.

    For the whole chart: within panels Vega-Lite does not find what is looked up.
    """
    align, dx, dy = names
    return [
        "rows = [",
        f"    {{'name': name, {align!r}: place[0], {dx!r}: place[1], {dy!r}: place[2]}}",
        "    for place, names in places.items()",
        "    for name in names",
        "]",
        "chart = chart.transform_lookup(",
        f"    {escape_field(of)!r},",
        f"    from_=alt.LookupData(alt.Data(values=rows), 'name', {list(names)!r}),",
        ")",
    ]


def _free(names: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    """Return names that no column of a chart has."""
    while taken.intersection(names):
        names = [f"name_{name}" for name in names]
    return tuple(names)


def panel_arguments(panels: Mapping[str, Any], drawn: Mapping[str, Any]) -> str:
    """Return the arguments that put a chart into panels."""
    if len(panels) == 1 and "columns" in drawn:
        (part,) = panels.values()
        return f"facet=alt.Facet({arguments(part)}), columns={drawn['columns']}"
    made = (f"{name}=alt.{name.capitalize()}({arguments(part)})" for name, part in panels.items())
    return ", ".join(made)
