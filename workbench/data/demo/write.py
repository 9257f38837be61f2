"""Writing the demo shop to a folder: ``workbench demo-data DIR``."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from workbench.data.demo.catalogue import Shop, read_shop, read_yaml
from workbench.data.demo.demand import availability, expected_lines
from workbench.data.demo.effects import with_promotions
from workbench.data.demo.files import (
    HEADERS,
    REFUND_WORDS,
    STATUS_WORDS,
    write_orders,
    write_table,
    write_yaml,
)
from workbench.data.demo.lines import baseline_lines
from workbench.data.demo.orders import REFUND_STATES, STATUSES, make_orders
from workbench.data.demo.past import past_ads, past_discounts, past_promoters
from workbench.data.demo.promotions import Promotion, read_promotions
from workbench.data.demo.tables import (
    campaign_table,
    event_table,
    known_table,
    member_table,
    member_truth,
    staff_table,
    traffic_table,
)
from workbench.data.demo.targets import make_targets
from workbench.data.demo.truth import campaign_days, campaign_truth, daily_truth
from workbench.errors import DataError, ParameterError, Problem

MARK = "demo.yaml"
MARK_WORD = "sales-target-workbench demo shop"


@dataclass(frozen=True)
class DemoShop:
    """A demo shop on disk: where it is, and how many rows each table has."""

    directory: Path
    seed: int
    as_of: date
    rows: Mapping[str, int]


def write_demo(directory: str | os.PathLike[str], *, seed: int = 0) -> DemoShop:
    """Write the demo shop, its orders, targets, campaigns and true effects, into ``directory``.

    The same seed writes the same bytes. Nothing is left half-written; a demo shop that is already
    there is written over, other files beside it are kept.

    Raises
    ------
    DataError
        The folder holds something that is not a demo shop, is a file, or cannot be written.
    ParameterError
        ``seed`` is not a whole number from 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ParameterError(Problem("demo.seed", {"seed": repr(seed)}))
    target = Path(directory).expanduser().absolute()
    check_folder(target)
    shop = read_shop()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as place:
            draft = Path(place) / target.name
            draft.mkdir()
            rows = write_files(draft, shop, seed)
            put_in_place(draft, target)
    except OSError as error:
        facts = {"folder": str(target), "reason": error.strerror or str(error)}
        raise DataError(Problem("demo.cannot_write", facts)) from error
    return DemoShop(target, seed, shop.as_of, rows)


def check_folder(folder: Path) -> None:
    """Refuse a file, and a folder that holds anything but a demo shop."""
    if folder.exists() and not folder.is_dir():
        raise DataError(Problem("demo.not_a_folder", {"folder": str(folder)}))
    if not folder.is_dir() or is_demo(folder):
        return
    found = sorted(entry.name for entry in folder.iterdir())
    if found:
        shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
        facts = {"folder": str(folder), "count": len(found), "names": shown}
        raise DataError(Problem("demo.not_a_demo", facts))


def is_demo(folder: Path) -> bool:
    """Whether the folder carries the mark of a demo shop."""
    mark = folder / MARK
    return mark.is_file() and MARK_WORD in mark.read_text("utf-8", errors="replace")


def put_in_place(draft: Path, target: Path) -> None:
    """Make the finished draft the target: in one step where there is none, else file by file."""
    if not target.exists():
        draft.rename(target)
        return
    files = [path for path in sorted(draft.rglob("*")) if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == MARK):
        place = target / path.relative_to(draft)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def write_files(folder: Path, shop: Shop, seed: int) -> Mapping[str, int]:
    """Simulate the shop and write every file; the number of rows per table."""
    expected, available = expected_lines(shop, seed), availability(shop)
    promotions = read_promotions(seed)
    baseline = baseline_lines(shop, expected, available, seed)
    lines = with_promotions(shop, baseline, expected, available, promotions, seed)
    orders, members = make_orders(shop, lines, promotions, seed)
    truth = daily_truth(shop, lines)
    past = truth["date"] <= str(shop.as_of)
    measured, uplifts = past_discounts(shop, lines, promotions, seed)
    write_orders(folder / "orders.csv", shop, orders, promotions)
    tables = {
        "known.csv": known_table(shop, available, promotions),
        "targets.csv": make_targets(shop, truth, seed),
        "campaigns.csv": campaign_table(shop, promotions),
        "events.csv": event_table(shop),
        "members.csv": member_table(shop, members, orders, promotions),
        "staff.csv": staff_table(shop),
        "traffic.csv": traffic_table(shop, orders, seed),
        "ads.csv": past_ads(shop, lines, promotions, seed),
        "promoters.csv": past_promoters(shop, orders, promotions, seed),
        "discounts.csv": measured,
        "truth/baseline_daily.csv": truth[past],
        "truth/future_daily.csv": truth[~past],
        "truth/campaign_effects.csv": campaign_truth(shop, lines, promotions),
        "truth/campaign_daily.csv": campaign_days(shop, lines, promotions),
        "truth/discounts.csv": uplifts,
        "truth/members.csv": member_truth(members),
    }
    (folder / "truth").mkdir()
    for name, table in tables.items():
        write_table(folder / name, table)
    write_yaml(folder / "mapping.yaml", mapping())
    write_yaml(folder / "truth" / "parameters.yaml", parameters(seed, promotions))
    rows = {"orders.csv": len(orders), **{name: len(table) for name, table in tables.items()}}
    (folder / "README.md").write_text(readme(shop, seed, rows), encoding="utf-8", newline="\n")
    facts = {"seed": seed, "as_of": str(shop.as_of), "rows": rows}
    write_yaml(folder / MARK, {"made_by": MARK_WORD, **facts})
    return rows


def mapping() -> Mapping[str, Any]:
    """The mapping file of the order list."""
    return {
        "table": "orders",
        "encoding": "utf-8",
        "columns": {header: name for name, header in HEADERS.items()},
        "values": {
            "status": dict(zip(STATUS_WORDS, STATUSES, strict=True)),
            "refund_state": dict(zip(REFUND_WORDS, REFUND_STATES, strict=True)),
        },
        "timezone": "Asia/Shanghai",
    }


def parameters(seed: int, promotions: tuple[Promotion, ...]) -> Mapping[str, Any]:
    """Everything the shop was simulated from; campaigns with the strength of this seed."""
    drawn = [{**asdict(one), "goods": list(one.goods)} for one in promotions]
    return {
        "seed": seed,
        "shop": dict(read_yaml("shop.yaml")),
        "seasons": dict(read_yaml("seasons.yaml")),
        "campaigns": drawn,
        "past": dict(read_yaml("past.yaml")),
    }


def readme(shop: Shop, seed: int, rows: Mapping[str, int]) -> str:
    """What every file is, in Chinese and English."""
    words = read_yaml("readme.yaml")
    facts = {
        "brand": shop.brand,
        "seed": seed,
        "start": shop.start,
        "as_of": shop.as_of,
        "end": shop.end,
        "lines": f"{rows['orders.csv']:,}",
    }
    parts = [f"# {words['title']}"]
    for language, heading in (
        ("zh", "| 文件 | 行数 | 内容 |"),
        ("en", "| file | rows | content |"),
    ):
        table = [heading, "|---|---:|---|"]
        for name, text in words["files"].items():
            count = f"{rows[name]:,}" if name in rows else ""
            table.append(f"| `{name}` | {count} | {text[language]} |")
        parts += [words["head"][language], "\n".join(table), words["effects"][language]]
    return "\n\n".join(parts).format_map(facts) + "\n"
