"""The compiled part, or one clear message when it is not there."""

from __future__ import annotations

import sys

try:
    from windtunnel import _core as core
except ImportError as error:
    raise ImportError(
        f"windtunnel: the compiled part (windtunnel._core) cannot be loaded by {sys.executable}: {error}; "
        "build it with `./run python` (which also uses the interpreter it is built for), or install the package with "
        "`pip install .`"
    ) from error

__version__: str = core.__version__

__all__ = ["__version__", "core"]
