"""One demo shop for all tests of this folder."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from workbench.data.demo.write import DemoShop, write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoShop:
    return write_demo(tmp_path_factory.mktemp("shops") / "demo", seed=0)


@pytest.fixture(scope="session")
def table(demo: DemoShop) -> Callable[..., pd.DataFrame]:
    def read(name: str, *dates: str) -> pd.DataFrame:
        return pd.read_csv(demo.directory / name, parse_dates=list(dates))

    return read


@pytest.fixture(scope="session")
def orders(demo: DemoShop) -> pd.DataFrame:
    """The order list with money in whole cents, empty text as ""."""
    path: Path = demo.directory / "orders.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name in ("下单时间", "付款时间", "成团时间", "退款时间"):
        frame[name] = pd.to_datetime(frame[name])
    for name in ("实付金额", "退款金额", "优惠金额"):
        assert frame[name].str.fullmatch(r"\d+\.\d\d").all()
        frame[name] = frame[name].str.replace(".", "").astype("int64")
    frame["数量"] = frame["数量"].astype("int64")
    return frame


@pytest.fixture(scope="session")
def sales(orders: pd.DataFrame) -> pd.DataFrame:
    """Lines that count as sales, with ``date`` and ``net`` (cents)."""
    counted = orders[orders["付款时间"].notna() & ~orders["订单状态"].isin(["待成团", "交易关闭"])]
    return counted.assign(
        date=counted["付款时间"].dt.normalize(), net=counted["实付金额"] - counted["退款金额"]
    )
