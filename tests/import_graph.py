"""Owns reading which module imports which, from the source text alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("erp_widget", "vizmodel")


def sources() -> dict[str, Path]:
    """Return module name -> file of both packages."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


def imports(module: str, path: Path, known: dict[str, Path], *, at_import: bool) -> set[str]:
    """Return the modules that one imports.

    With `at_import`, only those that run when it is imported: not inside a function, and not for
    type checkers only. Without it, everything that the text names outside of type checking.
    """
    found: set[str] = set()
    is_package = path.name == "__init__.py"
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8")), inside_functions=not at_import):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, is_package)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in known else base)
    return found


def _base(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if node.level == 0:
        return node.module or ""
    parts = module.split(".")
    up = node.level - 1 if is_package else node.level
    return ".".join([*parts[: len(parts) - up], *([node.module] if node.module else [])])


def _nodes(tree: ast.AST, *, inside_functions: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for other in node.orelse:
                yield from (other, *_nodes(other, inside_functions=inside_functions))
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not inside_functions:
            continue
        yield node
        yield from _nodes(node, inside_functions=inside_functions)


def loops(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return each group of modules that import each other in a circle."""
    from graphlib import CycleError, TopologicalSorter

    left = {name: set(targets) - {name} for name, targets in graph.items()}
    found = []
    while True:
        try:
            TopologicalSorter(left).prepare()
            return found
        except CycleError as error:
            circle = error.args[1]
            found.append(circle)
            left[circle[1]].discard(circle[0])
            left[circle[0]].discard(circle[1])
