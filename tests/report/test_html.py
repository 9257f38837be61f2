import re
import warnings

import nbformat
import nbformat.v4 as nb
import pytest

from workbench.report.fonts import font_css
from workbench.report.html import render_html

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def tagged(text, *tags):
    return nb.new_markdown_cell(text, metadata={"tags": list(tags)})


def result(**data):
    return nb.new_output(
        "execute_result", data={k.replace("_", "/", 1): v for k, v in data.items()}
    )


def book(*cells):
    return nb.new_notebook(cells=list(cells))


def code(*outputs):
    return nb.new_code_cell("secret = 'the code'", outputs=list(outputs))


def rendered(tmp_path, language, *cells, **options):
    place = tmp_path / "report.ipynb"
    nbformat.write(book(*cells), place)
    out = render_html(place, tmp_path / "report.html", language, **options)
    return out.read_text("utf-8")


CELLS = (
    tagged("# Targets\n\nHow likely?", "en"),
    tagged("# 目标\n\n有多大把握？", "zh"),
    nb.new_markdown_cell("both languages"),
    code(
        nb.new_output("stream", name="stderr", text="Importing plotly failed"),
        nb.new_output("stream", name="stdout", text="<printed> \x1b[31mred\x1b[0m"),
        result(text_plain="<Axes: xlabel='x'>"),
        result(image_png=PNG, text_plain="<Figure>"),
        result(text_html="<table><tr><td>线上商城</td></tr></table>", text_plain="GT"),
        result(text_plain="'plain text'"),
    ),
)


@pytest.mark.parametrize(("language", "other"), [("en", "有多大把握"), ("zh", "How likely")])
def test_only_the_chosen_language_is_kept(tmp_path, language, other):
    page = rendered(tmp_path, language, *CELLS)
    assert other not in page
    assert "both languages" in page
    title = "Targets" if language == "en" else "目标"
    assert f"<title>{title}</title>" in page
    assert re.search(rf"<h1[^>]*>{title}<", page)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page


def test_code_noise_and_object_names_are_left_out(tmp_path):
    page = rendered(tmp_path, "en", *CELLS)
    for unwanted in ("the code", "plotly", "Axes", "Figure", "GT", "\x1b"):
        assert unwanted not in page
    assert "&lt;printed&gt; red" in page
    assert f'<img alt="Targets" src="data:image/png;base64,{PNG}">' in page
    assert "&#39;plain text&#39;" in page


def test_the_page_needs_no_network_and_no_scripts(tmp_path):
    page = rendered(tmp_path, "zh", *CELLS)
    assert not re.search(r"""(src|href)\s*=\s*["']?\s*(https?:)?//""", page)
    assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import|<script|<link|<iframe", page)


def test_the_glyphs_of_the_chinese_characters_travel_with_the_page(tmp_path):
    page = rendered(tmp_path, "zh", *CELLS)
    assert 'font-family: "Workbench CJK"' in page
    assert len(page) < 100_000
    assert "@font-face" not in rendered(tmp_path, "en", tagged("# Only English", "en"))


def test_the_embedded_font_has_exactly_the_characters_used():
    import base64
    import io

    from fontTools.ttLib import TTFont

    css = font_css("<p>目标分解 Target 🍜</p>")
    raw = base64.b64decode(re.search(r"base64,([^)]+)\)", css).group(1))
    assert set(map(chr, TTFont(io.BytesIO(raw)).getBestCmap())) == set("目标分解")


def test_an_error_is_shown_as_its_message(tmp_path):
    error = nb.new_output(
        "error",
        ename="DataError",
        evalue="What is wrong: <b>\nFound: x",
        traceback=["Traceback (most recent call last)", "line 1"],
    )
    page = rendered(tmp_path, "en", code(error))
    assert "What is wrong: &lt;b&gt;\nFound: x" in page
    assert "Traceback" not in page


def test_widgets_are_left_out(tmp_path):
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "0% done"}
    page = rendered(tmp_path, "en", code(nb.new_output("display_data", data=view)))
    assert "done" not in page


def test_a_title_can_be_given_and_is_escaped(tmp_path):
    page = rendered(tmp_path, "en", *CELLS, title="<script>")
    assert "<title>&lt;script&gt;</title>" in page


def test_rendering_is_repeatable_and_silent(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        first = rendered(tmp_path, "zh", *CELLS)
    assert first == rendered(tmp_path, "zh", *CELLS)
