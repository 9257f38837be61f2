"""Small files to read, and what a message must say."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from workbench.errors import DataError, Problem

HEADER = "订单号,付款时间,订单状态,渠道,实付金额,退款金额"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines of text to a file; the path."""

    def write(name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("\n".join((*lines, "")).encode(encoding))
        return path

    return write


@pytest.fixture
def orders(write: Callable[..., Path]) -> Callable[..., Path]:
    """Write order lines under the usual Chinese headers; the path."""

    def orders(*lines: str, header: str = HEADER, name: str = "orders.csv") -> Path:
        return write(name, header, *lines)

    return orders


@pytest.fixture
def says() -> Callable[..., Problem]:
    """Check that one problem of this code is there, and its words in both languages."""

    def says(problems: Iterable[Problem], code: str, en: str, zh: str) -> Problem:
        found = [problem for problem in problems if problem.code == code]
        assert found, f"{code} is not among {[problem.code for problem in problems]}"
        for language, pattern in (("en", en), ("zh", zh)):
            text = found[0].text(language)
            assert re.search(pattern, text), f"{pattern!r} is not in {text!r}"
            assert "{" not in text.replace("{multiply", ""), text
        return found[0]

    return says


@pytest.fixture
def refuses(says: Callable[..., Problem]) -> Callable[..., DataError]:
    """Check that a call is refused with this problem, in both languages."""

    def refuses(call: Callable[[], object], code: str, en: str, zh: str) -> DataError:
        with pytest.raises(DataError) as caught:
            call()
        says(caught.value.problems, code, en, zh)
        return caught.value

    return refuses
