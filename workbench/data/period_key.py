"""Periods as planners write them, in one spelling."""

import re
import unicodedata

_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def period_key(text: str) -> str:
    """A period as a planner writes it, in one spelling.

    >>> [period_key(t) for t in ("2026年第四季度", "2026-Q4", "Q4 2026", "2026年11月", "2026/1/5")]
    ['2026Q4', '2026Q4', '2026Q4', '2026-11', '2026-01-05']
    """
    bare = unicodedata.normalize("NFKC", text).strip().upper()
    bare = re.sub(r"[T ]00:00(:00)?(\.0+)?$", "", bare)
    found = re.fullmatch(r"(\d{4})\D{0,3}?[Q第]?([1-4一二三四])(季度|季)", bare)
    found = found or re.fullmatch(r"(\d{4})[\s_-]?Q([1-4])", bare)
    if found:
        return f"{found[1]}Q{_QUARTERS.get(found[2], found[2])}"
    found = re.fullmatch(r"Q([1-4])[\s_/-]?(\d{4})", bare)
    if found:
        return f"{found[2]}Q{found[1]}"
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})月?", bare)
    if found:
        return f"{found[1]}-{int(found[2]):02d}"
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", bare)
    if found:
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    return re.sub(r"年$", "", re.sub(r"[\s_-]+W", "W", bare))
