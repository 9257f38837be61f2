"""An executed notebook → one HTML file that needs no network, no fonts and no scripts."""

import os
import re
from importlib import resources
from pathlib import Path
from typing import Any

from workbench.errors import Language
from workbench.report.fonts import font_css

LANGUAGES = ("en", "zh")
DROPPED_TAGS = {"papermill-error-cell-tag", "hidden"}
ENTITY = re.compile(r"&#(\d{3,6});")
HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)


def render_html(
    notebook: str | Path, out: str | Path, language: Language = "en", *, title: str = ""
) -> Path:
    """Write the report of an executed notebook: prose, tables and figures, no code.

    Markdown cells tagged ``en`` or ``zh`` are kept in the chosen language only, untagged ones
    always. What was written to stderr is left out. The glyphs of the Chinese characters used are
    embedded, so that they show on a machine without Chinese fonts.

    Args:
        notebook: the executed notebook.
        out: the HTML file; replaced in one step.
        language: of the prose.
        title: of the page; by default the first heading.
    """
    import nbformat
    from nbconvert.exporters.templateexporter import TemplateExporter

    book = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    book.cells = [cell for cell in book.cells if _kept(cell, language)]
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    name = title or next(filter(None, map(first_heading, prose)), Path(notebook).stem)
    exporter: Any = TemplateExporter(raw_template=_part("page.html"))  # type: ignore[no-untyped-call]
    exporter.register_filter("heading", first_heading)
    exporter.register_filter("readable", readable)
    given = {"language": language, "title": name, "css": _part("page.css")}
    page, _ = exporter.from_notebook_node(book, resources=given)
    page = page.replace("</style>", f"{font_css(page)}</style>", 1)
    return _write(Path(out), page)


def first_heading(markdown: str) -> str:
    """The first heading of a markdown text, without its marks.

    >>> first_heading("Some words" + chr(10) + "## Targets *today*")
    'Targets today'
    """
    found = HEADING.search(markdown)
    return re.sub(r"[*_`]", "", found.group(1)) if found else ""


def readable(markup: str) -> str:
    """HTML with its characters written as they are; nbconvert writes headings as numbers.

    >>> readable("&#30446;&#26631; &#60;b&#62;")
    '目标 &#60;b&#62;'
    """
    return ENTITY.sub(lambda found: chr(int(found.group(1))), markup)


def _kept(cell: Any, language: Language) -> bool:
    tags = set(cell.metadata.get("tags", []))
    spoken = tags & set(LANGUAGES)
    return not tags & DROPPED_TAGS and (not spoken or language in spoken)


def _part(name: str) -> str:
    return resources.files("workbench").joinpath(f"report/{name}").read_text("utf-8")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    scratch.write_text(text, "utf-8")
    os.replace(scratch, path)
    return path
