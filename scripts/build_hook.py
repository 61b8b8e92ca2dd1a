"""Stops a wheel from being built without the browser files, which npm makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NEEDED = (
    "erp_widget/static/gallery.js",
    "erp_widget/static/library.js",
    "erp_widget/static/report.js",
    "erp_widget/static/runtime.js",
    "erp_widget/static/page.js",
    "erp_widget/labextension/package.json",
)


class NeedsBrowserFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Checks that `npm run build` has run."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fail with the fix where a browser file is missing."""
        missing = [name for name in NEEDED if not (Path(self.root) / name).is_file()]
        if missing and version != "editable":
            msg = f"missing {', '.join(missing)}: run `npm ci && npm run build` (or `make setup`)"
            raise FileNotFoundError(msg)
