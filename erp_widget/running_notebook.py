"""Owns what is known of the notebook that this process runs: its file, and the names in it."""

from __future__ import annotations

import os
import sys
from typing import Any

#: Set by Jupyter Server for each kernel: the path of the notebook.
SESSION_VARIABLE = "JPY_SESSION_NAME"
#: Set by VS Code in the notebook's names. It also runs on Jupyter Server, under a name made up
#: for the session, so this one comes first.
VS_CODE_NAME = "__vsc_ipynb_file__"


def notebook_path() -> str | None:
    """Return the path of the notebook that runs, or None outside one.

    A console has a name that no file has; it counts as none.

    Examples
    --------
    >>> import os
    >>> os.environ["JPY_SESSION_NAME"] = "/home/ada/sales.ipynb"
    >>> notebook_path()
    '/home/ada/sales.ipynb'
    >>> del os.environ["JPY_SESSION_NAME"]
    """
    for found in (notebook_names().get(VS_CODE_NAME), os.environ.get(SESSION_VARIABLE)):
        if isinstance(found, str) and os.path.splitext(os.path.basename(found))[1]:
            return os.path.normpath(found)
    return None


def notebook_names() -> dict[str, Any]:
    """Return the names that cells of the running notebook share; empty outside one."""
    ipython = sys.modules.get("IPython")
    # A thread that is half through importing IPython has no shell.
    shell = getattr(ipython, "get_ipython", lambda: None)()
    return {} if shell is None else shell.user_ns


def called_in_notebook(module: str, alias: str) -> str | None:
    """Return what a module is called in the running notebook, or None where it has no name.

    Parameters
    ----------
    module
        As it is imported.
    alias
        The name to prefer.
    """
    names, found = notebook_names(), sys.modules.get(module)
    for name in (alias, module):
        if found is not None and names.get(name) is found:
            return name
    return None
