"""How many bytes Rapport takes with all that it needs, as that is installed in this environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.benchmarks.errors import BenchmarkError

_LARGEST = 6
_CHECKOUT = Path(__file__).resolve().parents[2]
_NAME = "rapport-lrs"
_OWN = ("lrs", "plugins", "schemas")


@dataclass(frozen=True, slots=True)
class Installed:
    """Sizes, without bytecode: that comes and goes."""

    bytes: int
    own_bytes: int
    """Of Rapport itself."""
    distributions: int
    largest: Sequence[tuple[str, int]]
    """Names and bytes of those that take most."""


def installed() -> Installed:
    """Rapport without extras, and all that it needs. Raises `BenchmarkError` when something is missing."""
    own = canonicalize_name(_NAME)
    sizes = {each: _size(found) for each, found in needed(own).items()}
    # It is installed as a link to the checkout, whose folders have what its wheel has.
    sizes[own] = sum(_bytes_in(_CHECKOUT / folder) for folder in _OWN)
    order = sorted(sizes.items(), key=lambda each: -each[1])
    return Installed(
        bytes=sum(sizes.values()),
        own_bytes=sizes[own],
        distributions=len(sizes),
        largest=tuple(order[:_LARGEST]),
    )


def needed(name: str) -> dict[str, Distribution]:
    """Distributions by name. Raises `BenchmarkError` when one is not installed."""
    found: dict[str, Distribution] = {}
    todo = [(name, frozenset[str]())]
    done = set()
    while todo:
        each = todo.pop()
        if each in done:
            continue
        done.add(each)
        one, extras = each
        try:
            found[one] = distribution(one)
        except PackageNotFoundError as error:
            raise BenchmarkError(f"{one} is not installed.") from error
        todo += _requirements(found[one], extras)
    return found


def _requirements(of: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for text in of.requires or ():
        required = Requirement(text)
        marker = required.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(required.name), frozenset(required.extras)


def _size(of: Distribution) -> int:
    files = [Path(str(file.locate())) for file in of.files or ()]
    return sum(file.stat().st_size for file in files if file.suffix != ".pyc" and file.is_file())


def _bytes_in(folder: Path) -> int:
    return sum(
        file.stat().st_size
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    )
