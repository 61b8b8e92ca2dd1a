"""Recommends charts for tables; `recommend`, then click what is worth keeping."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from erp_widget.imports import without_collections

if TYPE_CHECKING:
    from erp_widget.chart import Chart
    from erp_widget.config import configure
    from erp_widget.errors import ErpError
    from erp_widget.gallery.gallery import Gallery
    from erp_widget.library.history import history, saved
    from erp_widget.library.own_data import export_store, forget, import_store, store_info
    from erp_widget.library.uploads import upload
    from erp_widget.many import recommend_many
    from erp_widget.recommendation import recommend
    from erp_widget.reports.report import Report, report

__version__ = "0.1.0"

#: Public name -> module that holds it; imported at first use, so that `import erp_widget` is light.
_PLACES = {
    "Chart": "chart",
    "ErpError": "errors",
    "Gallery": "gallery.gallery",
    "Report": "reports.report",
    "configure": "config",
    "export_store": "library.own_data",
    "forget": "library.own_data",
    "history": "library.history",
    "import_store": "library.own_data",
    "recommend": "recommendation",
    "recommend_many": "many",
    "report": "reports.report",
    "saved": "library.history",
    "store_info": "library.own_data",
    "upload": "library.uploads",
}

__all__ = [
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
]


def __getattr__(name: str) -> Any:
    """Import a public name at its first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with without_collections():
        found = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
