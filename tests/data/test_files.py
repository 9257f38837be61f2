import pandas as pd
import pytest

from workbench.data.encoding import detect_encoding
from workbench.data.sales import load_sales
from workbench.data.tables import load_table

LINES = ("A1,2026-01-05,交易成功,线上商城,80,0", "A2,2026-01-06,交易成功,门店,20.5,0")
HEADER = "订单号,付款时间,订单状态,渠道,实付金额,退款金额"


def total(path, **options):
    return round(float(load_sales(path, **options).frame["sales"].sum()), 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_usual_encodings_give_the_same_data(write, encoding):
    sales = load_sales(write("o.csv", HEADER, *LINES, encoding=encoding))
    assert list(sales.keys.index) == ["线上商城", "门店"]
    assert sales.report.encoding == encoding
    assert sales.report.columns["order_id"] == "订单号"


def test_a_file_that_is_not_utf8_is_said(write, says):
    sales = load_sales(write("o.csv", HEADER, *LINES, encoding="gb18030"))
    says(sales.report.notices, "data.encoding_assumed", "read as GB18030", "已按 GB18030 读取")


def test_another_encoding_can_be_named(write):
    header = "order_id,pay_time,channel,paid_amount"
    path = write("o.csv", header, "A1,2026-01-05,Café,80", encoding="latin-1")
    mapping = write("m.yaml", "encoding: latin-1")
    assert list(load_sales(path, mapping=mapping).keys.index) == ["Café"]


def test_bytes_of_no_encoding_are_placed(tmp_path, refuses):
    path = tmp_path / "o.csv"
    path.write_bytes(f"{HEADER}\n".encode() + b"A1,2026-01-05,\xff\xfe\xfd,a,1,0\n")
    refuses(
        lambda: load_sales(path), "data.encoding", "line 2: the bytes FF FE FD", "第 2 行：字节 FF"
    )


def test_a_wrong_stated_encoding_is_named(write, refuses):
    path = write("o.csv", HEADER, *LINES, encoding="gb18030")
    mapping = write("m.yaml", "encoding: utf-8")
    refuses(
        lambda: load_sales(path, mapping=mapping), "data.encoding_stated", "are not utf-8", "utf-8"
    )
    mapping = write("m.yaml", "encoding: utf-9")
    refuses(lambda: load_sales(path, mapping=mapping), "data.encoding_unknown", "utf-9", "不存在")


def test_utf16_is_refused_by_name_and_read_when_stated(write, refuses):
    path = write("o.csv", HEADER, *LINES, encoding="utf-16")
    refuses(lambda: load_sales(path), "data.encoding_utf16", "UTF-16", "UTF-16")
    assert total(path, mapping=write("m.yaml", "encoding: utf-16")) == 100.5


def test_encodings_are_told_over_chunk_borders(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.data.encoding._CHUNK", 3)
    path = tmp_path / "o.csv"
    path.write_bytes("金额,渠道\r\n1,门店\r\n".encode())
    assert detect_encoding(path).plain
    path.write_bytes("金额,渠道\r\n1,门店\n".encode())
    assert not detect_encoding(path).plain


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_of_other_systems(tmp_path, ending):
    path = tmp_path / "o.csv"
    path.write_bytes(ending.join((HEADER, *LINES)).encode())
    assert total(path) == 100.5


def test_mixed_line_endings_lose_no_row(tmp_path):
    path = tmp_path / "o.csv"
    path.write_bytes(f"{HEADER}\r\n{LINES[0]}\n{LINES[1]}\r\n".encode())
    assert total(path) == 100.5


def test_quotes_commas_and_line_breaks_inside_values(write):
    path = write("o.csv", HEADER, 'A1,2026-01-05,交易成功,"a, ""b""\nc",80,0')
    assert list(load_sales(path).keys.index) == ['a, "b"\nc']


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_separators(write, delimiter):
    path = write("o.csv", *(line.replace(",", delimiter) for line in (HEADER, *LINES)))
    assert total(path) == 100.5


def test_identifiers_keep_their_zeros(write):
    path = write("o.csv", HEADER, "00123,2026-01-05,交易成功,007,80,0")
    sales = load_sales(path)
    assert list(sales.keys.index) == ["007"]


@pytest.mark.parametrize(
    "name", ["😀", "it's", "A/B", "<script>alert(1)</script>", "C:\\x", "100%"]
)
def test_odd_unit_names_arrive_unchanged(write, name):
    path = write("o.csv", HEADER, f"A1,2026-01-05,交易成功,{name},80,0")
    assert list(load_sales(path).frame["unit"]) == [name]


def test_odd_headers_are_quoted(write):
    path = write("o.csv", HEADER + ',it\'s "odd"; DROP', *(line + ",1" for line in LINES))
    sales = load_sales(path)
    assert sales.report.unmapped == ('it\'s "odd"; DROP',)


def test_title_rows_above_the_header(write):
    path = write("o.csv", "销售报表", "", HEADER, *LINES)
    assert total(path, mapping=write("m.yaml", "header_row: 3")) == 100.5


def test_a_missing_file_names_the_nearest(write, refuses):
    path = write("orders.csv", HEADER, *LINES)
    refuses(
        lambda: load_sales(path.with_name("order.csv")),
        "data.file_missing",
        "most like it: orders.csv",
        "最接近的是：orders.csv",
    )
    refuses(lambda: load_sales(""), "data.file_missing", "not there", "找不到")


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n"])
def test_an_empty_file(tmp_path, refuses, content):
    path = tmp_path / "o.csv"
    path.write_text(content)
    refuses(lambda: load_sales(path), "data.file_empty", "o.csv has no column names", "没有列名")


def test_a_header_without_rows(write, refuses):
    refuses(
        lambda: load_sales(write("o.csv", HEADER)), "data.no_rows", "0 rows in o.csv", "共 0 行"
    )


def test_unknown_formats_and_empty_folders(write, tmp_path, refuses):
    path = write("o.xls", "x")
    refuses(
        lambda: load_sales(path), "data.format_unknown", r"\.xls. can be saved as \.xlsx", "另存为"
    )
    (tmp_path / "empty").mkdir()
    refuses(
        lambda: load_sales(tmp_path / "empty"), "data.folder_empty", "no file", "没有可读取的文件"
    )


@pytest.mark.parametrize(("name", "kind"), [("o.xlsx", "Excel"), ("o.parquet", "Parquet")])
def test_a_file_of_another_kind_than_its_name(write, refuses, name, kind):
    refuses(lambda: load_sales(write(name, "x")), "data.unreadable", kind, f"无法按 {kind}")


def test_ragged_lines_are_placed(write, refuses):
    path = write("o.csv", HEADER, LINES[0], "A2,2026-01-06,交易成功,门店,1,234.50,0")
    refuses(
        lambda: load_sales(path),
        "data.csv_ragged",
        "line 3: 7 values where the header has 6",
        "第 3 行：7 个值，而表头有 6 列",
    )


def test_an_open_quote_does_not_swallow_the_rest(write, refuses):
    path = write("o.csv", HEADER, 'A1,2026-01-05,交易成功,"门店,80,0', LINES[1])
    refuses(lambda: load_sales(path), "data.csv_quote", "not closed", "没有闭合")


def test_doubled_headers(write, refuses):
    path = write("o.csv", HEADER + ",渠道", *(line + ",x" for line in LINES))
    refuses(
        lambda: load_sales(path), "data.duplicate_headers", "more than once 渠道", "重复的列 渠道"
    )


def test_a_folder_is_one_table_and_rows_are_told_by_file(write, tmp_path, refuses):
    write("in/2026-01.csv", HEADER, LINES[0])
    write(
        "in/2026-02.csv",
        "渠道,订单号,付款时间,订单状态,实付金额,退款金额",
        "门店,A2,2026-01-06,交易成功,20.5,0",
    )
    write("in/~$lock.xlsx", "x")
    assert total(tmp_path / "in") == 100.5
    write("in/2026-02.csv", HEADER, "A2,昨天,交易成功,门店,20.5,0")
    refuses(
        lambda: total(tmp_path / "in"), "data.unreadable_dates", "2026-02.csv: 2", "2026-02.csv: 2"
    )
    write("in/2026-03.csv", HEADER.replace("渠道", "频道"), LINES[0])
    refuses(
        lambda: total(tmp_path / "in"),
        "data.folder_columns",
        "2026-03.csv differs from 2026-01.csv in: 渠道, 频道",
        "2026-03.csv 与 2026-01.csv 不同的列",
    )


def frame():
    return pd.DataFrame(
        {
            "订单号": ["001", "002"],
            "付款时间": pd.to_datetime(["2026-01-05 10:00", "2026-01-07 09:30"]),
            "渠道": [1, 2],
            "实付金额": [80.0, 20.5],
        }
    )


def test_excel_keeps_text_and_reads_numbers_and_dates(tmp_path):
    path = tmp_path / "o.xlsx"
    frame().to_excel(path, index=False)
    sales = load_sales(path)
    assert list(sales.keys.index) == ["1", "2"]
    assert sales.frame["sales"].tolist() == [80.0, 0.0, 0.0, 20.5]


def test_excel_sheets(tmp_path, says, refuses):
    path = tmp_path / "o.xlsx"
    with pd.ExcelWriter(path) as book:
        frame().to_excel(book, sheet_name="一月", index=False)
        frame().iloc[:1].to_excel(book, sheet_name="二月", index=False)
    sales = load_sales(path)
    says(sales.report.notices, "data.sheet_chosen", "read 一月 of 一月, 二月", "读取了 一月")
    assert total(path, sheet="二月") == 80
    refuses(
        lambda: total(path, sheet="三月"), "data.sheet_missing", "sheets: 一月, 二月", "没有 三月"
    )


def test_excel_title_rows_blank_rows_and_nameless_columns(tmp_path, refuses):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["报表"], ["订单号", "付款时间", None, "渠道", "实付金额"]):
        book.active.append(row)
    book.active.append(["A1", "2026-01-05", "备注", "门店", 80])
    book.active.append([None] * 5)
    path = tmp_path / "o.xlsx"
    book.save(path)
    (tmp_path / "m.yaml").write_text("header_row: 2")
    sales = load_sales(path, mapping=tmp_path / "m.yaml")
    assert sales.report.unmapped == ("(column 3)",)
    assert total(path, mapping=tmp_path / "m.yaml") == 80
    (tmp_path / "m.yaml").write_text("header_row: 9")
    refuses(
        lambda: load_sales(path, mapping=tmp_path / "m.yaml"),
        "data.file_empty",
        "header_row",
        "表头",
    )


def test_parquet_brings_its_own_types(tmp_path):
    path = tmp_path / "o.parquet"
    frame().astype({"渠道": "float64", "实付金额": "float32"}).to_parquet(path)
    sales = load_sales(path)
    assert list(sales.keys.index) == ["1", "2"]
    assert sales.frame["sales"].tolist() == [80.0, 0.0, 0.0, 20.5]


def test_single_precision_amounts_stay_decimal(tmp_path):
    path = tmp_path / "o.parquet"
    frame().assign(实付金额=[2.55, 6.95]).astype({"实付金额": "float32"}).to_parquet(path)
    assert load_table(path, "orders")["paid_amount"].tolist() == [2.55, 6.95]


def test_rows_keep_the_order_of_the_file_when_read_in_parallel(tmp_path):
    n = 150_000
    numbers = [f"E{at:024d}" for at in range(n)]
    data = pd.DataFrame(
        {"order_id": numbers, "pay_time": "2026-01-05 10:00:00", "paid_amount": "1.5"}
    )
    data.to_csv(tmp_path / "o.csv", index=False)
    assert load_table(tmp_path / "o.csv", "orders")["order_id"].tolist() == numbers
