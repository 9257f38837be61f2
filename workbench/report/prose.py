"""How sentences stand on a page: paragraphs, the first line in bold, a short note."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbench.errors import Language
from workbench.report.safe import html_text


class Html(str):
    """Text that a notebook shows as HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Note:
    """One sentence, displayed as a paragraph."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>"


def block(lines: Sequence[str]) -> Html:
    """The first line in bold, the others below."""
    first, *rest = [html_text(line) for line in lines if line]
    below = "".join(f"<p>{line}</p>" for line in rest)
    return Html(f'<div class="answer"><p class="lead"><b>{first}</b></p>{below}</div>')


def between(language: Language) -> str:
    """What stands between two sentences."""
    return "" if language == "zh" else " "
