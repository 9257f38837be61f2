"""A journal: a file of records that is only ever added to, one JSON object a line.

Each line carries a seal over itself and the line before, so that a line changed afterwards is
noticed. Lines are added under a lock and forced to the disk; what was cut off in the middle of
writing was never acknowledged, is not read, and is cleared away by the next writer.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from workbench.errors import DataError, Problem

Record = Mapping[str, Any]
SEAL = "seal"


def read_journal(path: str | Path) -> list[dict[str, Any]]:
    """All records, oldest first; none where there is no file.

    Raises:
        DataError: a file that is no journal, or one whose lines were changed, or that cannot be
            read.
    """
    place = Path(path)
    try:
        content = place.read_bytes() if place.exists() else b""
    except OSError as error:
        raise _trouble(place, error) from error
    return _records(content, place)


def append_record(
    path: str | Path, make: Callable[[Sequence[Record]], Record], *, kind: str
) -> dict[str, Any]:
    """Add one record to a journal, which is made where there is none.

    Nobody else can write between the reading of the records there are and the adding of the new
    one, also from another process.

    Args:
        path: the file.
        make: from the records there are to the new one; what it raises leaves the file as it was.
        kind: what the journal holds; a file of another kind is refused.

    Raises:
        DataError: a file that is no journal of this kind, that was changed, or that cannot be
            written.
    """
    place = Path(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("a+b", buffering=0) as file, _locked(file):
            file.seek(0)
            content = file.read()
            before = _records(content, place)
            if any(record.get("kind") != kind for record in before):
                raise DataError(Problem("journal.other_kind", {"path": str(place), "kind": kind}))
            record = {"kind": kind, **make(before)}
            last = str(before[-1][SEAL]) if before else ""
            record[SEAL] = _seal(last, record)
            _add(file, record, _whole(content))
            return record
    except OSError as error:
        raise _trouble(place, error) from error


def _add(file: IO[bytes], record: Record, length: int) -> None:
    """Write one line at the end of the whole lines; all of it, or nothing."""
    left = (json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
    file.truncate(length)
    done = False
    try:
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
        done = True
    finally:
        if not done:
            file.truncate(length)


def _whole(content: bytes) -> int:
    """How many bytes belong to complete lines."""
    return content.rfind(b"\n") + 1


def _records(content: bytes, place: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = ""
    for number, line in enumerate(content[: _whole(content)].splitlines(), start=1):
        record = _parsed(line)
        if record is None:
            raise DataError(Problem("journal.no_journal", {"path": str(place), "line": number}))
        if record.get(SEAL) != _seal(before, record):
            raise DataError(Problem("journal.changed", {"path": str(place), "line": number}))
        before = str(record[SEAL])
        found.append(record)
    if not found and content.strip():
        raise DataError(Problem("journal.no_journal", {"path": str(place), "line": 1}))
    return found


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and SEAL in record else None


def _seal(before: str, record: Record) -> str:
    """The seal of a record that follows the one sealed with ``before``."""
    plain = {name: value for name, value in record.items() if name != SEAL}
    text = before + json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _trouble(place: Path, error: OSError) -> DataError:
    facts = {"path": str(place), "reason": error.strerror or type(error).__name__}
    return DataError(Problem("journal.trouble", facts))


@contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    """Hold the file for this process alone."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)
