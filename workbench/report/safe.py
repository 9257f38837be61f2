"""Names from data, made harmless where they are shown: HTML, figures, file names, spreadsheets."""

import html
import re
import unicodedata
from pathlib import PurePosixPath

RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def html_text(text: object) -> str:
    """``text`` as HTML that shows exactly these characters.

    >>> html_text("<script>alert('A&B')</script>")
    '&lt;script&gt;alert(&#x27;A&amp;B&#x27;)&lt;/script&gt;'
    """
    return html.escape(_without_controls(str(text)), quote=True)


def plot_text(text: object) -> str:
    """``text`` for a figure: dollar signs are dollar signs, never formulas; one line.

    >>> print(plot_text("$5 & $9"))
    \\$5 & \\$9
    """
    return _without_controls(str(text)).replace("$", r"\$")


def file_name(text: object) -> str:
    """``text`` as one plain file name: no folders, no reserved names, at most 60 characters.

    >>> file_name("../East/北区 🍜")
    'East-北区'
    """
    kept = unicodedata.normalize("NFC", str(text))
    kept = re.sub(r"[^\w.]+", "-", kept).strip("-._")[:60].rstrip("-._")
    if not kept or PurePosixPath(kept).stem.lower() in RESERVED:
        kept = f"table-{kept}".rstrip("-")
    return kept


def cell_text(text: str) -> str:
    """``text`` for a CSV opened in Excel: never taken for a formula.

    >>> cell_text("=1+1"), cell_text("线下门店")
    ("'=1+1", '线下门店')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def shorten(text: object, width: int = 22) -> str:
    """``text`` cut to ``width`` columns, where a Chinese character takes two.

    >>> shorten("线下门店旗舰店", 9), shorten("shop", 9)
    ('线下门店…', 'shop')
    """
    whole = _without_controls(str(text))
    if columns(whole) <= width:
        return whole
    kept, used = "", 1
    for character in whole:
        used += columns(character)
        if used > width:
            break
        kept += character
    return f"{kept.rstrip()}…"


def columns(text: str) -> int:
    """How wide ``text`` is, where a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _without_controls(text: str) -> str:
    """Line breaks become spaces; control and direction-override characters go."""
    flat = re.sub(r"\s+", " ", text)
    return "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
