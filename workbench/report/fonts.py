"""The glyphs of the characters a page uses, embedded into it."""

import base64
import io

from workbench.report.style import cjk_path

FIRST_CJK = 0x2E80
"""From here on stand the characters that Western fonts lack."""


def font_css(page: str) -> str:
    """A style rule with the Chinese glyphs of ``page``; empty where there is none, or no font."""
    wanted = {ord(c) for c in page if ord(c) >= FIRST_CJK}
    path = cjk_path() if wanted else None
    if path is None:
        return ""
    font = base64.b64encode(_subset(str(path), wanted)).decode("ascii")
    return (
        '@font-face { font-family: "Workbench CJK"; font-display: block; '
        "unicode-range: U+2E80-10FFFF; "
        f'src: url(data:font/woff;base64,{font}) format("woff"); }}\n'
    )


def _subset(path: str, characters: set[int]) -> bytes:
    """A WOFF font of these characters only."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    # The layout tables name thousands of alternates that would keep the whole font alive.
    options = Options(layout_features=[], hinting=False, desubroutinize=True, name_IDs=[])
    options.drop_tables += ["VORG", "vhea", "vmtx", "GSUB", "GPOS", "BASE"]
    with TTFont(path, lazy=True, fontNumber=0, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer)
    return buffer.getvalue()
