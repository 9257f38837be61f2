from workbench.data.sales import load_sales

HEADER = "订单号,子订单号,付款时间,订单状态,实付金额"
LINE = "A1,1,2026-01-05,已发货,80"
LATER = "A1,1,2026-01-05,交易成功,80"


def total(sales):
    return float(sales.frame["sales"].sum())


def test_the_same_line_twice_counts_once(orders, says):
    sales = load_sales(orders(LINE, LINE, LINE.replace("1,2026", "2,2026"), header=HEADER), by=[])
    assert total(sales) == 160
    assert sales.report.dropped["duplicate"].rows == 1
    says(
        sales.report.notices, "data.duplicate_lines", "1 rows left out, 80.00; rows 3", "略去 1 行"
    )


def test_of_two_states_of_a_line_the_last_read_counts(orders, says):
    closed = LINE.replace("已发货", "已关闭")
    assert total(load_sales(orders(LINE, LATER, header=HEADER), by=[])) == 80
    rest = LATER.replace("A1", "A2")
    sales = load_sales(orders(LINE, closed, rest, header=HEADER), by=[])
    assert total(sales) == 80
    assert sales.report.dropped["superseded"].rows == 1
    says(
        sales.report.notices, "data.superseded_lines", "1 earlier rows left out", "略去较早的 1 行"
    )


def test_a_refund_line_does_not_replace_its_sale(orders):
    refund = "A1,1,2026-01-06,交易成功,-30"
    assert total(load_sales(orders(LINE, refund, header=HEADER), by=[])) == 50


def test_identical_lines_without_a_number_are_kept_and_said(orders, says, write):
    header = "订单号,付款时间,实付金额"
    path = orders("A1,2026-01-05,80", "A1,2026-01-05,80", "A1,2026-01-05,80", header=header)
    sales = load_sales(path, by=[])
    assert total(sales) == 240
    says(
        sales.report.notices,
        "data.identical_lines",
        "2 rows repeat another, 160.00; rows 3, 4",
        "均已计入",
    )
    sales = load_sales(path, by=[], mapping=write("m.yaml", "duplicates: drop"))
    assert total(sales) == 80
    says(sales.report.notices, "data.duplicate_lines", "2 rows left out", "略去 2 行")


def test_a_column_that_is_not_mapped_tells_lines_apart(orders):
    path = orders(
        "A1,2026-01-05,80,1", "A1,2026-01-05,80,2", header="订单号,付款时间,实付金额,明细"
    )
    sales = load_sales(path, by=[])
    assert "data.identical_lines" not in [notice.code for notice in sales.report.notices]


def test_overlapping_exports_count_once_and_real_repeats_stay(write, tmp_path):
    header = "订单号,付款时间,实付金额"
    twice = ("A1,2026-01-05,80", "A1,2026-01-05,80")
    write("in/1.csv", header, *twice, "A2,2026-01-06,5")
    write("in/2.csv", header, "A2,2026-01-06,5", *twice, "A3,2026-01-07,1")
    sales = load_sales(tmp_path / "in", by=[])
    assert total(sales) == 166
    assert sales.report.dropped["duplicate"].rows == 3
