import pytest

from workbench.data.sales import load_sales

HEADER = "订单号,付款时间,商品名称,实付金额"


@pytest.fixture
def notices(orders):
    def notices(lines):
        sales = load_sales(orders(*lines, header=HEADER), by=[])
        return sales.report.notices

    return notices


def two_lines(at, first, second):
    return [f"A{at},2026-01-05,茶,{first}", f"A{at},2026-01-05,杯,{second}"]


def test_totals_on_every_line_are_suspected(notices, says):
    lines = [line for at in range(25) for line in two_lines(at, 10 + at, 10 + at)]
    lines += ["B1,2026-01-05,茶,7"]
    says(notices(lines), "data.repeated_totals", "25 orders .*; 550.00 would", "可能多计 550.00")


@pytest.mark.parametrize(
    "lines",
    [
        [line for at in range(25) for line in two_lines(at, 10 + at, 9 + at % 3)],
        [line for at in range(25) for line in two_lines(at, 9.9, 9.9)],
        [line for at in range(10) for line in two_lines(at, 10 + at, 10 + at)],
        [f"A{at},2026-01-05,茶,{at + 1}" for at in range(40)],
    ],
    ids=["amounts of lines", "a single price", "too few to tell", "one line an order"],
)
def test_ordinary_orders_are_not(notices, lines):
    assert "data.repeated_totals" not in [notice.code for notice in notices(lines)]
