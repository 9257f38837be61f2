"""Which encoding a text file is in, by strict decoding: it fits to the last byte or it does not."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import DataError, Problem

TRIED = ("utf-8", "gb18030")
_CHUNK = 1 << 22


@dataclass(frozen=True)
class Encoding:
    """``name`` of the encoding; ``plain`` when it is UTF-8 with one kind of line ending."""

    name: str
    plain: bool


def detect_encoding(path: Path, stated: str = "") -> Encoding:
    """The encoding of a text file: the stated one, else UTF-8, else GB18030.

    Raises:
        DataError: the bytes fit none of these, with the first line that does not fit.
    """
    if stated:
        try:
            codecs.lookup(stated)
        except LookupError:
            unknown = {"path": path.name, "encoding": stated}
            raise DataError(Problem("data.encoding_unknown", unknown)) from None
    with path.open("rb") as file:
        start = file.read(4096)
    if not stated and (
        start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start
    ):
        raise DataError(Problem("data.encoding_utf16", {"path": path.name}))
    failures = []
    for name in (stated,) if stated else TRIED:
        failure, mixed = _failure(path, name)
        if failure is None:
            utf8 = codecs.lookup(name).name in ("utf-8", "utf-8-sig")
            shown = "utf-8-sig" if utf8 and start.startswith(codecs.BOM_UTF8) else name
            return Encoding(shown, plain=utf8 and not mixed)
        failures.append(failure)
    line, found = failures[0]
    facts: dict[str, object] = {
        "path": path.name,
        "line": line,
        "bytes": found,
        "tried": stated or "UTF-8, GB18030",
    }
    raise DataError(Problem("data.encoding_stated" if stated else "data.encoding", facts))


def _failure(path: Path, name: str) -> tuple[tuple[int, str] | None, bool]:
    """The line and bytes that do not decode, if any, and whether line endings are mixed."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    lines = returns = 0
    last = b""
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as failed:
                before = failed.object[: failed.start].count(b"\n")
                found = failed.object[failed.start : failed.start + 4].hex(" ").upper()
                return (lines + before + 1, found), False
            if not chunk:
                return None, returns > 0 and returns != lines
            lines += chunk.count(b"\n")
            returns += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            last = chunk[-1:]
