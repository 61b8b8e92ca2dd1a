"""Owns the Altair source text that draws a declared chart on the user's own frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Above this Altair refuses to embed a frame unless told otherwise.
ALTAIR_MAX_ROWS = 5_000
#: What a step of a spec's transform is called by.
STEPS = ("filter", "fold", "joinaggregate", "window", "calculate", "timeUnit", "impute")


def altair_code(
    spec: Mapping[str, Any],
    title: str | Mapping[str, Any],
    n_rows: int,
    source: str = "df",
    needs: str = "",
) -> str:
    """Return source text that draws a declared spec with Altair.

    Parameters
    ----------
    spec
        As `Chart.to_vegalite(data="none")`.
    title
        Of the chart, or all that is told of it as a whole, such as its size.
    n_rows
        Rows of the table; large ones need Altair's row limit lifted.
    source
        What makes the columns of the spec of the person's own table, `df`; see `OwnFrame.source`.
    needs
        What that table has to hold, as a comment; nothing where it is the person's own.

    Examples
    --------
    >>> print(altair_code({"mark": "bar", "encoding": {"x": {"field": "a"}}}, "T", 10))
    import altair as alt
    <BLANKLINE>
    chart = alt.Chart(df, title='T').mark_bar().encode(
        x=alt.X(field='a'),
    )
    chart
    """
    frames = ["import pandas as pd"] if source.startswith("pd.") else []
    lines = ["import altair as alt", *frames, "", *([f"# {needs}"] if needs else [])]
    if n_rows > ALTAIR_MAX_ROWS:
        lines += ["alt.data_transformers.disable_max_rows()", ""]
    frame = "df" if source == "df" else "data"
    if frame != source:
        # Under a name of its own: the code of the next chart starts from the same `df`.
        lines += [f"{frame} = {source}", ""]
    elif any(name.isdecimal() for name in _names(spec)):
        # Headers such as 2020 are numbers in many a pandas frame, and Altair takes text only.
        lines += [f'if hasattr({frame}, "iloc"):', f"    {frame} = {frame}.rename(columns=str)", ""]
    whole = title if isinstance(title, Mapping) else {"title": title}
    if "layer" in spec:
        return "\n".join(
            [*lines, *_layers(spec, f"alt.Chart({frame}, {arguments(whole)})"), "chart"]
        )
    mark = spec["mark"] if isinstance(spec["mark"], Mapping) else {"type": spec["mark"]}
    options = arguments({name: value for name, value in mark.items() if name != "type"})
    lines.append(
        f"chart = alt.Chart({frame}, {arguments(whole)}).mark_{mark['type']}({options}).encode("
    )
    for channel, definition in _with_colors(spec.get("encoding", {})).items():
        lines.append(f"    {channel}={_channel(channel, definition)},")
    options = arguments(spec.get("projection", {}))
    lines.append(")" + "".join(_transforms(spec)) + (f".project({options})" if options else ""))
    lines[-1] += own_scales(spec)
    return "\n".join([*lines, "chart"])


def _layers(spec: Mapping[str, Any], chart: str) -> list[str]:
    """Return the lines that draw marks over each other, on what all of them share."""
    lines = [f"shared = {chart}.encode("]
    lines += [f"    {name}={_channel(name, one)}," for name, one in spec["encoding"].items()]
    lines.append(")" + "".join(_transforms(spec)))
    for at, layer in enumerate(spec["layer"]):
        mark = dict(layer["mark"])
        kind = mark.pop("type")
        lines.append(
            f"{'chart +' if at else 'chart '}= shared.mark_{kind}({arguments(mark)}).encode("
        )
        lines += [f"    {name}={_channel(name, one)}," for name, one in layer["encoding"].items()]
        lines.append(")")
    return lines


def own_scales(spec: Mapping[str, Any]) -> str:
    """Return what gives each panel a scale of its own; nothing where all share one."""
    scales = spec.get("resolve", {}).get("scale")
    return f".resolve_scale({arguments(scales)})" if scales else ""


def _names(spec: Mapping[str, Any]) -> list[str]:
    """Return the names of the columns that a spec reads."""
    views = [spec, *spec.get("layer", ())]
    fields = [one.get("field") for view in views for one in view.get("encoding", {}).values()]
    folded = [name for step in spec.get("transform", []) for name in step.get("fold", [])]
    return [name for name in (*fields, *folded) if isinstance(name, str)]


def _with_colors(encoding: Mapping[str, Any]) -> Mapping[str, Any]:
    """Colour bars and boxes that stand side by side, as the gallery draws them."""
    offset = encoding.get("xOffset") or encoding.get("yOffset")
    return encoding if offset is None or "color" in encoding else {**encoding, "color": offset}


def _channel(channel: str, definition: Any) -> str:
    if isinstance(definition, list):
        return "[" + ", ".join(_channel(channel, one) for one in definition) + "]"
    name = channel[0].upper() + channel[1:]
    if "value" in definition and "field" not in definition:
        return f"alt.{name}Value({definition['value']!r})"
    return f"alt.{name}({arguments(definition)})"


def arguments(options: Mapping[str, Any]) -> str:
    """Return options as a call has them.

    Examples
    --------
    >>> arguments({"width": 320, "title": "T"})
    "width=320, title='T'"
    """
    return ", ".join(f"{name}={value!r}" for name, value in options.items())


def _transforms(spec: Mapping[str, Any]) -> list[str]:
    """Return what is gathered, ranked and calculated before it is shown, in order."""
    return [_transform(step) for step in spec.get("transform", [])]


def _transform(step: Mapping[str, Any]) -> str:
    kind = next(name for name in STEPS if name in step)
    if kind == "filter":
        return f".transform_filter(\n    {step['filter']!r}\n)"
    # "as" is a word of Python's own.
    named = {"as_" if name == "as" else name: value for name, value in sorted(step.items())}
    return f".transform_{kind.lower()}(\n    {arguments(named)}\n)"
