import datetime as dt
import re
import string

import pytest

from workbench.calendar.period import Period, parse_period
from workbench.report import numbers
from workbench.report.words import Words, catalogue

DAY = dt.date(2026, 9, 30)


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_word_exists_in_both_languages_with_the_same_placeholders():
    for key, pair in catalogue().items():
        assert set(pair) == {"en", "zh"}, key
        assert all(isinstance(text, str) and text.strip() for text in pair.values()), key
        assert fields(pair["en"]) == fields(pair["zh"]), key


def test_english_words_have_no_chinese_and_chinese_sentences_no_western_stops():
    for key, pair in catalogue().items():
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", pair["en"]), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?!]", pair["zh"]), key


def test_an_unknown_word_is_an_error_and_has_a_fallback_where_wanted():
    words = Words("en")
    with pytest.raises(KeyError, match=r"no\.such"):
        words("no.such")
    assert words.either("anchor.no_such", "own") == "own"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0.0, "<1%", "<1 %"),
        (0.0099, "<1%", "<1 %"),
        (0.01, "1%", "1 %"),
        (0.4312, "43%", "43 %"),
        (0.99, "99%", "99 %"),
        (0.9951, ">99%", ">99 %"),
        (1.0, ">99%", ">99 %"),
        (float("nan"), "–", "–"),
    ],
)
def test_a_probability_is_never_promised(value, zh, en):
    assert Words("zh").probability(value) == zh
    assert Words("en").probability(value).replace("\u00a0", " ") == en


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "¥0", "¥0"),
        (12.5, "¥12.50", "¥12.50"),
        (9_999, "¥10.00k", "¥9,999"),
        (10_000, "¥10k", "¥1万"),
        (999_996, "¥1.00M", "¥100.0万"),
        (12_345_678, "¥12.35M", "¥1,235万"),
        (234_567_890, "¥234.6M", "¥2.35亿"),
        (-50_000, "−¥50k", "−¥5万"),
        (float("inf"), "–", "–"),
    ],
)
def test_short_amounts(value, en, zh):
    assert Words("en").short(value) == en
    assert Words("zh").short(value) == zh


def test_full_amounts_know_their_currency():
    assert Words("en", "USD").money(1234.5) == "$1,234"
    assert Words("en", "SEK").money(-5000) == "−SEK\u00a05,000"
    assert Words("zh", "").money(5000) == "5,000"
    assert Words("zh").amount(1234567.894, cents=True) == "1,234,567.89"
    assert Words("en").money(float("nan")) == "–"


def test_what_is_shown_is_the_published_number():
    value = 1235.4951  # publishing rounds it to 1235.5, and that is what is shown, not 1,235
    published = numbers.rounded(value, "CNY")
    assert published == 1235.5
    assert numbers.money(value) == numbers.money(published) == "1,236"
    assert str(numbers.rounded(-0.001, "CNY")) == "0.0"
    assert numbers.rounded(float("inf")) is None


def test_signs_and_small_changes():
    words = Words("zh")
    assert words.percent(0.08, sign=True) == "+8%"
    assert words.percent(-0.0001, digits=1, sign=True) == "0.0%"
    assert words.percent(12_345.678, digits=1) == "1,234,567.8%"
    assert words.percent(-0.147, digits=1, sign=True) == "−14.7%"


@pytest.mark.parametrize(
    ("label", "en", "zh"),
    [
        ("2026Q4", "2026 Q4", "2026年四季度"),
        ("2026-11", "Nov 2026", "2026年11月"),
        ("2026W47", "2026 week 47", "2026年第47周"),
        ("2026", "2026", "2026年"),
        ("2026-10-05/2026-12-31", "5 Oct – 31 Dec 2026", "2026年10月5日至12月31日"),
        ("2026-12-05/2027-01-31", "5 Dec 2026 – 31 Jan 2027", "2026年12月5日至2027年1月31日"),
    ],
)
def test_names_of_periods(label, en, zh):
    period = parse_period(label)
    assert Words("en").period(period) == en
    assert Words("zh").period(period) == zh


def test_dates():
    assert Words("en").date(DAY, weekday=True) == "Wed 30 Sep 2026"
    assert Words("zh").date(DAY, weekday=True, year=False) == "9月30日（周三）"
    assert Words("en").dates(DAY, DAY) == "30 Sep 2026"
    one_day = Period("2026-09-30/2026-09-30", DAY, DAY)
    assert Words("zh").period(one_day) == "2026年9月30日"
