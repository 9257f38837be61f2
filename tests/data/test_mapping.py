import pytest

from workbench.data.mapping import Mapping, mapping_of, read_mapping
from workbench.data.sales import load_sales


def test_codes_words_and_times_stay_the_text_they_are(write):
    path = write(
        "m.yaml",
        "columns: {00123: order_id, NO: channel}",
        "values: {status: {12:30: paid, 1: shipped, yes: closed}}",
        "constants: {store: 007}",
    )
    mapping = read_mapping(path)
    assert mapping.columns == {"00123": "order_id", "NO": "channel"}
    assert mapping.values == {"status": {"12:30": "paid", "1": "shipped", "yes": "closed"}}
    assert mapping.constants == {"store": "007"}


def test_the_example_of_the_documentation_is_a_mapping(write):
    import textwrap

    import workbench.data.mapping as module

    text = module.__doc__.split("::\n", 1)[1].rsplit("\n\nAll of it", 1)[0]
    mapping = read_mapping(write("m.yaml", textwrap.dedent(text)))
    assert mapping.compute == {"paid_amount": ("quantity", "unit_price")}
    assert mapping.lookup[0].columns == {"store_type": "store_type"}
    assert mapping.values["region"] == {"United Kingdom": "UK", "*": "abroad"}
    assert mapping.currency_sign == ("¥",)
    assert mapping.targets.columns == {"quota": "target"}
    assert mapping.scale == 1.0


def test_an_empty_path_and_an_empty_file_map_nothing(write):
    assert read_mapping("") == Mapping()
    assert read_mapping(write("m.yaml", "# nothing yet")) == Mapping()


def test_a_missing_file(refuses):
    refuses(lambda: read_mapping("nowhere.yaml"), "data.mapping_missing", "nowhere", "找不到映射")


@pytest.mark.parametrize("text", ["columns: [a", "a: 1\na: 2", "- a\n- b", "word"])
def test_not_a_mapping(write, refuses, text):
    path = write("m.yaml", text)
    refuses(lambda: read_mapping(path), "data.mapping_unreadable", "m.yaml", "无法读取映射文件")


def test_a_key_written_twice_is_named(write, refuses):
    path = write("m.yaml", "columns: {a: order_id, a: line_id}")
    refuses(
        lambda: read_mapping(path), "data.mapping_unreadable", "written twice: a", "written twice"
    )


def test_all_unknown_keys_and_values_are_told_at_once(refuses, says):
    wrong = {
        "colums": {"a": "order_id"},
        "amount_unit": "dollars",
        "header_row": "0",
        "decimal": "",
        "compute": {"paid_amount": {"add": ["a", "b"]}},
        "lookup": [{"file": "x.csv"}],
        "negate": {"a": "b"},
        "values": {"status": "paid"},
        "columns": ["order_id"],
        "date_format": ["a"],
        "targets": {"colums": {}},
    }
    error = refuses(
        lambda: mapping_of(wrong),
        "data.mapping_unknown_key",
        "colums in mapping; most like it: columns",
        "最接近的是：columns",
    )
    says(error.problems, "data.mapping_wrong_value", "amount_unit: dollars", "yuan, whole, 元, fen")
    assert len(error.problems) == len(wrong)


def test_a_mapping_that_names_a_missing_column(orders, refuses):
    mapping = mapping_of({"columns": {"付款时刻": "pay_time"}})
    path = orders("A1,2026-01-05,交易成功,门店,80,0")
    refuses(
        lambda: load_sales(path, mapping=mapping),
        "data.mapped_column_missing",
        "no 付款时刻; most like it: 付款时间",
        "没有 付款时刻；最接近的是：付款时间",
    )


def test_a_mapping_that_names_an_unknown_schema_column(orders, refuses):
    mapping = mapping_of({"columns": {"渠道": "chanel"}, "constants": {"shopname": "a"}})
    path = orders("A1,2026-01-05,交易成功,门店,80,0")
    error = refuses(
        lambda: load_sales(path, mapping=mapping),
        "data.mapped_to_unknown",
        "chanel .for 渠道.; most like it: channel",
        "最接近的是：channel",
    )
    assert len([p for p in error.problems if p.code == "data.mapped_to_unknown"]) == 2


def test_one_schema_column_for_two_source_columns(orders, refuses):
    mapping = mapping_of({"columns": {"实付金额": "paid_amount", "退款金额": "paid_amount"}})
    refuses(
        lambda: load_sales(orders("A1,2026-01-05,交易成功,门店,80,0"), mapping=mapping),
        "data.ambiguous_columns",
        "could be paid_amount",
        "可能是 paid_amount",
    )


def test_constants_fill_columns_the_source_lacks(orders, refuses):
    path = orders("A1,2026-01-05,80", header="订单号,付款时间,实付金额")
    mapping = mapping_of({"constants": {"channel": "线上商城", "quantity": "2"}})
    sales = load_sales(path, mapping=mapping, metric="units")
    assert list(sales.keys.index) == ["线上商城"]
    assert sales.frame["sales"].tolist() == [2.0]
    refuses(
        lambda: load_sales(path, mapping=mapping_of({"constants": {"paid_amount": "1"}})),
        "data.ambiguous_columns",
        "实付金额, constants: paid_amount",
        "可能是 paid_amount",
    )
    refuses(
        lambda: load_sales(path, mapping=mapping_of({"constants": {"quantity": "two"}})),
        "data.mapping_wrong_value",
        "constants: quantity: two",
        "不合要求",
    )


def test_values_by_the_sources_own_name(orders):
    path = orders("A1,2026-01-05,80,x,d", header="订单号,付款时间,实付金额,渠道,部门")
    mapping = mapping_of({"values": {"渠道": {"x": "门店"}, "部门": {"d": "一部"}}})
    sales = load_sales(path, mapping=mapping, by=["channel", "部门"])
    assert list(sales.keys.index) == ["门店 / 一部"]
