"""Owns the rules of the house: who may import whom, what is public, what an import loads."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys

import pytest
from import_graph import ROOT, imports, loops, sources

MODULES = sources()
EAGER = {
    name: imports(name, path, MODULES, at_import=True) & MODULES.keys()
    for name, path in MODULES.items()
}
ALL = {name: imports(name, path, MODULES, at_import=False) for name, path in MODULES.items()}

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40

PUBLIC = {
    "Chart",
    "ErpError",
    "Gallery",
    "Report",
    "__version__",
    "configure",
    "export_store",
    "forget",
    "history",
    "import_store",
    "recommend",
    "recommend_many",
    "report",
    "saved",
    "store_info",
    "upload",
}

#: What `import erp_widget` must leave alone: frameworks, chart libraries, databases, browsers.
HEAVY = (
    "ai_edge_litert",
    "altair",
    "anywidget",
    "duckdb",
    "ibis",
    "IPython",
    "jax",
    "keras",
    "pandas",
    "playwright",
    "polars",
    "pyarrow",
    "pymongo",
    "tensorflow",
    "torch",
    "typst",
    "vl_convert",
)


def _inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_the_arrow_goes_from_the_widget_to_the_network() -> None:
    wrong = [
        (name, target)
        for name, targets in ALL.items()
        if _inside(name, "vizmodel")
        for target in targets
        if _inside(target, "erp_widget")
    ]
    assert wrong == []


def test_training_is_never_imported_at_run_time() -> None:
    wrong = [
        (name, target)
        for name, targets in ALL.items()
        if not _inside(name, "vizmodel.training")
        for target in targets
        if _inside(target, "vizmodel.training")
    ]
    assert wrong == []


@pytest.mark.parametrize("framework", ["tensorflow", "keras", "jax"])
def test_frameworks_stay_with_the_network(framework: str) -> None:
    allowed = (
        "vizmodel.network.model",
        "vizmodel.network.layers",
        "vizmodel.runtime.backends",
        "vizmodel.runtime.keras",
        "vizmodel.training",
    )
    wrong = [
        name
        for name, targets in ALL.items()
        if any(_inside(target, framework) for target in targets)
        and not any(_inside(name, place) for place in allowed)
    ]
    assert wrong == []


def test_the_network_knows_no_notebook_and_no_database() -> None:
    foreign = ("anywidget", "ipywidgets", "IPython", "pandas", "altair", "pymongo", "sqlite3")
    wrong = [
        (name, target)
        for name, targets in ALL.items()
        if _inside(name, "vizmodel") and not _inside(name, "vizmodel.training")
        for target in targets
        if any(_inside(target, other) for other in foreign)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["vizmodel", "erp_widget"])
def test_a_folder_imports_only_those_above_it_in_the_layout(package: str) -> None:
    layout = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Layout")[2]
    part = layout.partition(f"### `{package}/`")[2].partition("\n### ")[0]
    places = {name: i for i, name in enumerate(re.findall(r"^\| `(\w+)/`", part, re.M))}

    def place(name: str) -> int:
        inside = name.split(".")[1:]
        return places.get(inside[0], -1) if inside else -1

    wrong = [
        (name, target)
        for name, targets in EAGER.items()
        if _inside(name, package) and place(name) >= 0 and not name.endswith(".__main__")
        for target in targets
        if _inside(target, package) and place(target) > place(name)
    ]
    assert len(places) > 10
    assert wrong == []


def test_no_import_loops() -> None:
    assert loops(EAGER) == []


def test_public_names_are_exactly_these() -> None:
    import erp_widget

    assert set(erp_widget.__all__) == PUBLIC
    assert set(dir(erp_widget)) >= PUBLIC


def test_public_names_stay_what_they_are_whatever_is_imported_first() -> None:
    # Modules of the same name as a function are a trap: importing one must not hide the other.
    code = """
import importlib, inspect, json, sys
import erp_widget
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps([n for n in erp_widget.__all__ if inspect.ismodule(getattr(erp_widget, n))]))
"""
    names = sorted(name for name in MODULES if _inside(name, "erp_widget"))
    assert json.loads(_python(code, json.dumps(names))) == []


def test_import_is_light() -> None:
    code = "import erp_widget, json, sys; print(json.dumps(sorted(sys.modules)))"
    loaded = {name.partition(".")[0] for name in json.loads(_python(code))}
    assert loaded.isdisjoint(HEAVY), sorted(loaded & set(HEAVY))
    assert "numpy" not in loaded


def _python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", sorted(MODULES))
def test_modules_say_what_they_own_and_stay_short(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "starts with a sentence that says what it owns"
    assert len(text.splitlines()) < MAX_MODULE_LINES
    assert _long_functions(tree) == []


def _long_functions(tree: ast.Module) -> list[str]:
    """Return the functions that are too long; what a docstring says does not count."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            first = node.body[0]
            docstring = 0
            if ast.get_docstring(node, clean=False) is not None:
                docstring = (first.end_lineno or first.lineno) - first.lineno + 1
            length = node.end_lineno - node.lineno + 1 - docstring
            if length >= MAX_FUNCTION_LINES:
                found.append(f"{node.name}: {length} lines")
    return found


def test_words_that_say_nothing_name_nothing() -> None:
    empty = {"utils", "helpers", "common", "manager", "engine", "processor", "handler"}
    assert [name for name in MODULES if empty & set(name.split("."))] == []


def test_both_packages_are_typed() -> None:
    assert (ROOT / "erp_widget" / "py.typed").is_file()
    assert (ROOT / "vizmodel" / "py.typed").is_file()


#: Folder of the browser's side -> the folders that it may import from; drawing knows nobody.
BROWSER: dict[str, set[str]] = {
    "runtime": set(),
    "widget": {"runtime"},
    "report": {"widget"},
    "gallery": {"runtime", "widget", "report"},
    "library": {"runtime", "widget"},
    "page": {"runtime", "widget"},
    "plugin": {"widget", "report"},
}


def test_folders_of_the_browser_import_downwards() -> None:
    folders = {path.name for path in (ROOT / "js").iterdir() if path.is_dir()}
    assert folders == BROWSER.keys()
    found: dict[str, set[str]] = {folder: set() for folder in folders}
    for folder in folders:
        for path in (ROOT / "js" / folder).rglob("*.ts"):
            if path.is_relative_to(ROOT / "js/plugin/lib") or path.name.endswith(".test.ts"):
                continue
            text = path.read_text(encoding="utf-8")
            for target in re.findall(r'from "(\.\.?/[^"?]+)"', text):
                place = (path.parent / target).resolve()
                if place.suffix != ".json":  # what both languages read
                    found[folder].add(place.relative_to(ROOT / "js").parts[0])
    wrong = {folder: targets - BROWSER[folder] - {folder} for folder, targets in found.items()}
    assert not any(wrong.values()), wrong
    assert "widget" in found["gallery"]
