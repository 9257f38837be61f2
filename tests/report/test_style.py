import warnings

import matplotlib as mpl
import pytest
from matplotlib import font_manager, pyplot

from workbench.errors import WorkbenchWarning
from workbench.report import style


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    pyplot.close("all")


def drawn(*labels):
    with style.house_style():
        ax = style.new_axes()
        ax.plot([-1, 2], [-3, 4])
        ax.set_xlabel(style.text(" ".join(labels)))
        style.finish(ax, title="标题：达成概率", subtitle="副标题（¥）")
    return ax


def test_chinese_is_drawn_without_missing_glyphs():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png = style.to_png(drawn("销售额", "目标分解", "−5%", "é").figure)
    assert png.startswith(b"\x89PNG")


def test_emoji_and_formulas_in_names_are_harmless():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = drawn("🍜🧋", "$\\frac{1}$", "a_b^c", "𠮷", "क")
        style.to_png(ax.figure)
    assert "🍜" not in ax.get_xlabel()
    assert r"\$\frac{1}\$" in ax.get_xlabel()


def test_nothing_global_is_changed():
    before = dict(mpl.rcParams)
    drawn("x")
    with pytest.raises(ZeroDivisionError), style.house_style():
        1 / 0  # noqa: B018
    assert dict(mpl.rcParams) == before


def test_the_chinese_font_comes_first():
    assert style.families()[0] == style.cjk_family()
    assert style.families()[-1] == "DejaVu Sans"


def test_without_a_chinese_font_it_is_told_once_and_the_words_stay(monkeypatch):
    only = [f for f in font_manager.fontManager.ttflist if f.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", only)
    monkeypatch.setattr(style, "find_spec", lambda name: None)
    for cached in (style.cjk_family, style._glyphs):
        cached.cache_clear()
    with pytest.warns(WorkbenchWarning, match="no Noto Sans CJK SC font on this machine"):
        assert style.cjk_family() is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert style.families() == ["DejaVu Sans"]
        assert style.cjk_path() is None
        assert style.text("销售额") == "销售额"
    for cached in (style.cjk_family, style._glyphs):
        cached.cache_clear()
