"""Pictures as their users get them: whole, legible, made without network, whatever text holds."""

from __future__ import annotations

import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from exported import HOSTILE, HOSTILE_NAMES, charts
from made_charts import chart_of
from msgspec.structs import replace
from PIL import Image

from erp_widget.chart import Chart
from erp_widget.drawing.plain_texts import MARK, NAMES
from erp_widget.errors import ExportError
from erp_widget.export.image import png, svg

SVG = "{http://www.w3.org/2000/svg}"


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGBA")


def texts(picture: str) -> str:
    return " ".join(element.text or "" for element in ET.fromstring(picture).iter(f"{SVG}text"))


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.mark)
def test_each_mark_is_drawn_on_white(chart: Chart) -> None:
    image = opened(chart.to_png())
    assert image.getpixel((0, 0)) == (255, 255, 255, 255)
    colors = image.getcolors(image.width * image.height)
    assert colors is not None
    assert max(count for count, _ in colors) < 0.995 * image.width * image.height
    assert len(colors) > 10
    words = chart.title.split()
    assert words[0] in texts(chart.to_svg())


def test_scale_is_pixels_per_unit() -> None:
    one, three = (opened(charts()[0].to_png(scale=scale)) for scale in (1, 3))
    assert three.width == pytest.approx(3 * one.width, abs=3)


def test_pictures_are_written(tmp_path: Path) -> None:
    chart = charts()[0]
    assert (chart.to_png(tmp_path / "a.png")) == (tmp_path / "a.png").read_bytes()
    assert (chart.to_svg(tmp_path / "a.svg")) == (tmp_path / "a.svg").read_text("utf-8")
    with pytest.raises(ExportError, match="choose another place"):
        chart.to_png(tmp_path / "no" / "a.png")


def test_text_stays_text() -> None:
    spec = charts()[0].drawn | {"title": HOSTILE}
    root = ET.fromstring(svg(spec))
    assert {element.tag for element in root.iter()} <= {f"{SVG}{t}" for t in TAGS}
    assert HOSTILE.split()[0] in texts(svg(spec))
    assert png(spec)


TAGS = ("svg", "g", "path", "text", "line", "rect", "defs", "clipPath", "linearGradient", "stop")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_drawn(name: str) -> None:
    data = {name: ["p", "q", "r"] * 20, "y": list(range(60))}
    chart = chart_of(data, "bar", f"x=category {name}", "y=mean y")
    root = ET.fromstring(chart.to_svg())
    groups = [e for e in root.iter() if "mark-rect role-mark" in e.get("class", "")]
    assert [len(group) for group in groups] == [3]
    assert name.split()[0] in texts(chart.to_svg())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_names_that_vega_knows_are_texts(name: str) -> None:
    data = {name: [name, "q", "if"] * 20, "y": list(range(60))}
    for channels in (
        ("bar", f"x=category {name}", "y=mean y", f"color=category {name}"),
        ("point", "x=value y", "y=value y", f"color=category {name}", f"column=category {name}"),
        ("boxplot", f"x=category {name}", "y=value y"),
    ):
        chart = chart_of(data, *channels)
        shown = [word.removesuffix(MARK) for word in texts(chart.to_svg()).split()]
        # As a title and as a label.
        assert shown.count(name) >= 2 and "if" in shown and "q" in shown
        assert name in chart.description


def test_what_no_picture_can_hold_never_ends_the_process() -> None:
    # In a process of its own: the renderer aborts on these, past every handler.
    code = """
from exported import charts
from erp_widget.export.image import png, svg
spec = charts()[0].drawn | {"title": "a\\x00b\\x07c\\ud800d\\ufffee"}
assert png(spec) and "a\\ufffdb\\ufffdc\\ufffdd\\ufffde" in svg(spec)
print("alive")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(p for p in sys.path if p), "PATH": ""},
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "alive\n", done.stderr[-2000:]


@pytest.mark.parametrize(
    "spec",
    [
        {"data": {"url": "http://127.0.0.1:9/a.csv"}, "mark": "bar", "encoding": {}},
        {"data": {"url": "file:///etc/hostname"}, "mark": "bar", "encoding": {}},
        {"data": {"values": []}, "mark": {"type": "image", "url": "file:///a.png"}},
        {"layer": [{"data": {"values": []}, "mark": "bar", "encoding": {"href": {"value": "x"}}}]},
    ],
)
def test_a_spec_reaches_for_nothing(spec: dict[str, object]) -> None:
    with pytest.raises(ExportError, match="address"):
        svg(spec)


def test_what_cannot_be_drawn_is_one_line_with_a_fix() -> None:
    broken = replace(charts()[0], drawn={"data": {"values": []}, "mark": "nonsense"})
    values = replace(charts()[0], drawn={"data": {"values": [{"a": float("nan")}]}, "mark": "bar"})
    for chart in (broken, values):
        with pytest.raises(ExportError) as caught:
            chart.to_svg()
        assert "recommend it again" in str(caught.value)
        assert "\n" not in str(caught.value)
    for scale in (0, -1, 11, float("nan"), "2", True):
        with pytest.raises(ExportError, match="scale"):
            charts()[0].to_png(scale=scale)  # type: ignore[arg-type]
