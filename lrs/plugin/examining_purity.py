"""What a recogniser must not do while it looks at a statement, and how it is caught at it.

A recogniser that asks a clock, a network, a file or dice may find other evidence in the same statement tomorrow; then
nobody can redo a profile. While one is watched, every function that it calls, of Python or of C, under whatever name
it was imported, is looked at, and a forbidden one is kept from running. What an extension in C does inside itself
is not seen.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_MODULES: Final[Mapping[str, str]] = {
    "time": "clock",
    "_socket": "network",
    "socket": "network",
    "_ssl": "network",
    "ssl": "network",
    "asyncio": "network",
    "http": "network",
    "urllib.request": "network",
    "sqlite3": "store",
    "_sqlite3": "store",
    "pymongo": "store",
    "mongoengine": "store",
    "random": "random numbers",
    "_random": "random numbers",
    "secrets": "random numbers",
    "uuid": "random numbers",
    "_uuid": "random numbers",
    "subprocess": "processes",
    "_posixsubprocess": "processes",
    "multiprocessing": "processes",
    "_thread": "threads",
    "threading": "threads",
    "os": "operating system",
    "posix": "operating system",
    "nt": "operating system",
    "shutil": "files",
    "tempfile": "files",
    "io": "files",
    "_io": "files",
}
"""Modules whose functions are forbidden, and what they are; with a name go all modules below it."""

_ALLOWED: Final = frozenset(
    {
        *("time.strptime", "time.mktime", "time.struct_time", "time.strftime"),
        *("os.fspath", "posix.fspath", "nt.fspath", "os.fsdecode", "os.fsencode"),
        *("uuid.__str__", "uuid.__eq__", "uuid.__hash__", "uuid.__init__", "uuid.hex", "uuid.UUID"),
        *(
            "uuid.uuid3",
            "uuid.uuid5",
            "uuid.__int__",
            "uuid.int",
            "uuid.version",
            "uuid.bytes",
            "uuid.variant",
        ),
        *("threading.RLock", "_thread.allocate_lock", "_thread.get_ident"),
        *("io.text_encoding", "_io.text_encoding"),
    }
)
"""Functions of these modules that hang on their arguments alone."""

_BUILT_IN: Final[Mapping[str, str]] = {
    "datetime.now": "clock",
    "datetime.utcnow": "clock",
    "datetime.today": "clock",
    "date.today": "clock",
    "Random.random": "random numbers",
    "Random.getrandbits": "random numbers",
    "Random.seed": "random numbers",
    "open": "files",
    "input": "files",
}
"""Methods and functions written in C that do not say their module in every version of Python."""

_IN_MEMORY: Final = ("StringIO", "BytesIO", "TextIOWrapper", "StringIO.", "BytesIO.")


class Forbidden(BaseException):
    """Raised in the place of a forbidden call. No `except Exception` of a plugin hides it."""


class Watch:
    """Looks at every call of this thread while it is on, and keeps forbidden ones from running."""

    def __init__(self) -> None:
        self.offences: list[str] = []
        """Each forbidden call once, in words, in the order in which they were tried."""

    @contextmanager
    def on(self) -> Iterator[None]:
        """Watch what is inside. A forbidden call is noted, and ends what is inside without an error."""
        before = sys.getprofile()
        collects = gc.isenabled()
        # Whoever asked to be told of a collection would be called in the midst of the plugin, and taken for it.
        gc.disable()
        sys.setprofile(self._look)
        try:
            yield
        except Forbidden:
            pass  # it is in the offences
        finally:
            sys.setprofile(before)
            if collects:
                gc.enable()

    def _look(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call":
            module, name, caller = _module_of(called), _name_of(called), frame
        elif event == "call" and frame.f_back is not None:
            module, name, caller = (
                str(frame.f_globals.get("__name__", "")),
                frame.f_code.co_name,
                frame.f_back,
            )
        else:
            return
        what = _forbidden(module, name)
        if what is None or _is_importing(caller):
            return
        full = f"{module}.{name}" if module not in ("", "builtins") else name
        offence = f"{what}: it calls {full} ({_place(caller)})"
        if offence not in self.offences:
            self.offences.append(offence)
        raise Forbidden(offence)


def _forbidden(module: str, name: str) -> str | None:
    """What a function is that is forbidden; None for one that is not."""
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    top = module
    while top not in _MODULES:
        top, dot, _ = top.rpartition(".")
        if not dot:
            return None
    if f"{module}.{name}" in _ALLOWED or name.startswith(_IN_MEMORY) or name.startswith("<"):
        return None
    return _MODULES[top]


def _module_of(called: Any) -> str:
    return str(getattr(called, "__module__", None) or "")


def _name_of(called: Any) -> str:
    return str(getattr(called, "__qualname__", None) or getattr(called, "__name__", ""))


def _is_importing(frame: FrameType | None) -> bool:
    """Whether Python is at loading a module: it opens files then, and that is no doing of the recogniser's."""
    while frame is not None:
        if frame.f_globals.get("__name__") in ("importlib._bootstrap", "importlib._bootstrap_external"):
            return True
        frame = frame.f_back
    return False


def _place(frame: FrameType) -> str:
    """File and line of the innermost caller that is not of the standard library."""
    found: FrameType | None = frame
    while found is not None:
        module = str(found.f_globals.get("__name__", "")).partition(".")[0]
        if module not in sys.stdlib_module_names:
            frame = found
            break
        found = found.f_back
    parts = frame.f_code.co_filename.replace("\\", "/").split("/")
    return f"{'/'.join(parts[-2:])}:{frame.f_lineno}"
