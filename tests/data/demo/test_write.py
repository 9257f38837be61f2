import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from workbench.data.demo.files import HEADERS
from workbench.data.demo.write import DemoShop, write_demo
from workbench.errors import DataError, ParameterError
from workbench.schema.tables import TABLES
from workbench.schema.validate import validate

Read = Callable[..., pd.DataFrame]
FILES = [
    "README.md",
    "ads.csv",
    "campaigns.csv",
    "demo.yaml",
    "discounts.csv",
    "events.csv",
    "known.csv",
    "mapping.yaml",
    "members.csv",
    "orders.csv",
    "promoters.csv",
    "staff.csv",
    "targets.csv",
    "traffic.csv",
    "truth/baseline_daily.csv",
    "truth/campaign_daily.csv",
    "truth/campaign_effects.csv",
    "truth/discounts.csv",
    "truth/future_daily.csv",
    "truth/members.csv",
    "truth/parameters.yaml",
]


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def hashes(folder: Path) -> dict[str, str]:
    return {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names(folder)}


def test_it_writes_these_files_and_counts_their_rows(demo: DemoShop) -> None:
    assert names(demo.directory) == FILES
    for name, rows in demo.rows.items():
        with (demo.directory / name).open(encoding="utf-8") as file:
            assert sum(1 for _ in file) == rows + 1, name
    assert 280_000 <= demo.rows["orders.csv"] <= 330_000
    assert str(demo.as_of) == "2026-08-20"


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(
    demo: DemoShop, tmp_path: Path
) -> None:
    """Into folders that are missing, parents and all, and into one that is there but empty."""
    (tmp_path / "empty").mkdir()
    again, other = write_demo(str(tmp_path / "a" / "b")), write_demo(tmp_path / "empty", seed=1)
    assert names(tmp_path / "a" / "b") == names(tmp_path / "empty") == FILES
    assert hashes(again.directory) == hashes(demo.directory)
    same = {n for n, h in hashes(other.directory).items() if h == hashes(demo.directory)[n]}
    assert same <= {"staff.csv", "events.csv", "mapping.yaml", "known.csv", "campaigns.csv"}
    assert 280_000 <= other.rows["orders.csv"] <= 330_000


def test_a_demo_shop_is_written_over_and_other_files_beside_it_are_kept(
    demo: DemoShop, tmp_path: Path
) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(demo.directory, shop)
    (shop / "notes.txt").write_text("mine", encoding="utf-8")
    (shop / "orders.csv").write_text("damaged", encoding="utf-8")
    write_demo(shop)
    assert (shop / "notes.txt").read_text(encoding="utf-8") == "mine"
    (shop / "notes.txt").unlink()
    assert hashes(shop) == hashes(demo.directory)
    assert names(tmp_path) == [f"shop/{name}" for name in FILES]  # no draft left behind


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_text("precious", encoding="utf-8")
    with pytest.raises(DataError, match="not empty and does not hold a demo shop") as caught:
        write_demo(tmp_path)
    assert "1 entries: plan.xlsx" in str(caught.value)
    assert "只有演示店铺会被覆盖" in caught.value.text("zh")
    assert names(tmp_path) == ["plan.xlsx"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="needs a folder, and this is a file"):
        write_demo(path)


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written here") as caught:
        write_demo(tmp_path / "file" / "demo")
    assert "无法在此处写入" in caught.value.text("zh")


def test_nothing_is_left_when_writing_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.data.demo.write.write_yaml", full)
    with pytest.raises(DataError, match="No space left on device"):
        write_demo(tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0"])
def test_a_seed_that_is_not_a_whole_number_is_refused(tmp_path: Path, seed: object) -> None:
    with pytest.raises(ParameterError, match="whole number from 0"):
        write_demo(tmp_path / "demo", seed=seed)  # type: ignore[arg-type]


def test_the_mapping_names_every_header_and_word(demo: DemoShop, orders: pd.DataFrame) -> None:
    mapping = yaml.safe_load((demo.directory / "mapping.yaml").read_text("utf-8"))
    assert list(mapping["columns"]) == orders.columns.tolist()
    assert mapping["columns"] == {header: name for name, header in HEADERS.items()}
    assert set(mapping["columns"].values()) <= set(TABLES["orders"].names)
    assert set(orders["订单状态"]) == set(mapping["values"]["status"])
    assert set(orders["退款状态"]) == set(mapping["values"]["refund_state"])
    for name, words in mapping["values"].items():
        assert set(words.values()) <= set(TABLES["orders"][name].allowed)


@pytest.mark.parametrize(
    ("name", "file", "dates"),
    [
        ("targets", "targets.csv", ["set_on"]),
        ("campaigns", "campaigns.csv", ["start", "end"]),
        ("members", "members.csv", ["joined", "first_order"]),
        ("staff", "staff.csv", ["start", "end"]),
    ],
)
def test_the_small_tables_keep_to_the_schema(
    table: Read, name: str, file: str, dates: list[str]
) -> None:
    frame = table(file, *dates)
    assert validate(frame, TABLES[name]) == ()


def test_the_order_lines_keep_to_the_schema(demo: DemoShop, orders: pd.DataFrame) -> None:
    mapping = yaml.safe_load((demo.directory / "mapping.yaml").read_text("utf-8"))
    frame = orders.rename(columns=mapping["columns"]).replace({"": None})
    for column, words in mapping["values"].items():
        frame[column] = frame[column].map(words)
    assert validate(frame, TABLES["orders"]) == ()


def test_the_readme_describes_every_file_in_both_languages(demo: DemoShop) -> None:
    text = (demo.directory / "README.md").read_text("utf-8")
    for name in FILES:
        assert name == "README.md" or text.count(f"`{name}`") == 2, name
    assert f"{demo.rows['orders.csv']:,}" in text
    assert "{" not in text
