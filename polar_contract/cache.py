"""Cache JSON between runs, by checksum. A cache that can't be read or written costs time, but never fails a run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from polar_contract.json_types import JsonObject

_PREBUILT = Path(__file__).with_name("prebuilt")


def default_cache_folder() -> Path | None:
    """This user's folder for the cache; None if there is no home directory."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification says to ignore a relative path.
    if Path(configured).is_absolute():
        return Path(configured) / "polar-contract"
    try:
        return Path.home() / ".cache" / "polar-contract"
    except RuntimeError:
        return None


def checksum(parts: Iterable[bytes]) -> str:
    """One checksum over all parts, their boundaries included."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def remembered(folder: Path | None, name: str, key: str, compute: Callable[[], JsonObject]) -> JsonObject:
    """The result of `compute`, or the kept one of this name and key. Effects: at most one file in the folder.

    An installed package has the results for the bundled spec with it: see hatch_build.py.
    """
    file = f"{name}-{key[:20]}.json"
    kept = _read(_PREBUILT / file, key)
    if kept is None and folder is not None:
        kept = _read(folder / file, key)
    if kept is not None:
        return kept
    value = compute()
    if folder is not None:
        _write(folder / file, {"key": key, "value": value})
    return value


def _read(path: Path, key: str) -> JsonObject | None:
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("key") != key or not isinstance(entry.get("value"), dict):
        return None
    value: JsonObject = entry["value"]
    return value


def _write(path: Path, entry: JsonObject) -> None:
    """Write atomically: another process may read or write the same file now."""
    import tempfile  # Imported late: a warm start writes nothing.

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entry, file, separators=(",", ":"))
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
