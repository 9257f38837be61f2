"""One parameter set per notebook; its parameters cell and ``params/<name>.yaml`` say the same."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from workbench.errors import Language, Problem
from workbench.params.assumptions import Adjustments
from workbench.params.base import NotebookParams
from workbench.params.campaigns import Campaigns, Groups
from workbench.params.kinds import (
    Amounts,
    Date,
    File,
    Target,
    Text,
    Texts,
    as_number,
    as_number_or_unset,
    as_whole,
    between,
    one_of,
)

Metric = Literal["net_sales", "gmv", "units"]
Method = Literal["equal_probability", "history", "share", "capacity"]
Replayed = Literal["quarter", "month", "week"]
Resplit = Literal["anew", "keep"]
Course = Literal["weekly", "none"]
Best = Literal["cost", "outlay", "margin"]
Money = Literal["net_sales", "gmv"]
Segment = Literal["champions", "loyal", "growing", "new", "at_risk", "once", "sleeping"]

MAX_PATHS = 100_000
BACKTEST_PATHS = 1000
"""Draws are enough to score a forecast by."""
MAX_EARLIER = 24
MAX_SEED = 2**32 - 1


class SalesParams(NotebookParams):
    """Parameters of every notebook: which data, read how, as of when."""

    FILES: ClassVar[tuple[str, ...]] = ("source", "mapping", "known", "targets")
    NEEDED: ClassVar[tuple[str, ...]] = ("source",)

    source: File = ""
    mapping: File = ""
    known: File = ""
    targets: File = ""
    metric: Annotated[Metric, one_of(*get_args(Metric))] = "net_sales"
    by: Texts = ("channel",)
    where: Text = ""
    as_of: Date = ""
    fiscal_year_start: Annotated[int, between(as_whole, 1, 12)] = 1
    country: Text = "CN"
    currency: Text = "CNY"
    language: Annotated[Language, one_of(*get_args(Language))] = "en"
    seed: Annotated[int, between(as_whole, 0, MAX_SEED)] = 0
    out: Text = "runs"
    PAPERMILL_OUTPUT_PATH: Text = ""

    @property
    def money(self) -> str:
        """What amounts are in: the currency, or "" for pieces."""
        return "" if self.metric == "units" else self.currency

    def sales(self) -> dict[str, Any]:
        """The options of ``load_sales``."""
        files = {name: self.file(name) for name in ("source", "mapping", "known")}
        same = ("metric", "by", "where", "as_of", "currency")
        return {**files, **{name: getattr(self, name) for name in same}}


class DataCheckParams(SalesParams):
    """Parameters of ``00_data_check``: the data, and the period whose targets are checked.

    >>> DataCheckParams.read({"source": "orders.csv", "by": "channel, category"}).by
    ('channel', 'category')
    """

    NOTEBOOK: ClassVar[str] = "00_data_check"

    period: Text = ""


class PathsParams(DataCheckParams):
    """Parameters of every notebook that forecasts: the data, and how many futures to draw."""

    n_paths: Annotated[int, between(as_whole, 100, MAX_PATHS)] = 2000


class ForecastParams(PathsParams):
    """Parameters of ``10_forecast``: the forecast's, and how many past periods test it.

    >>> ForecastParams.read({"backtest_origins": "6"}).backtest()
    {'origins': 6, 'n_paths': 1000, 'seed': 0}
    """

    NOTEBOOK: ClassVar[str] = "10_forecast"

    backtest_origins: Annotated[int, between(as_whole, 0, 40)] = 4
    engine: File = ""

    def backtest(self) -> dict[str, int]:
        """The options of the backtest that are parameters."""
        n_paths = min(self.n_paths, BACKTEST_PATHS)
        return {"origins": self.backtest_origins, "n_paths": n_paths, "seed": self.seed}


class TargetSettingParams(PathsParams):
    """Parameters of ``20_target_setting``: the forecast's, the target and the limits of its parts.

    >>> TargetSettingParams.read({"source": "orders.csv", "target": "3e6"}).target
    3000000.0
    >>> TargetSettingParams.read({"source": "orders.csv", "perod": "2026Q4"})
    Traceback (most recent call last):
    ...
    workbench.errors.ParameterError: What is wrong: There is no parameter called 'perod'.
    Found: perod = "2026Q4"
    What to do: Did you mean 'period'?
    """

    NOTEBOOK: ClassVar[str] = "20_target_setting"
    FILES: ClassVar[tuple[str, ...]] = (*PathsParams.FILES, "campaigns", "staff_file")

    target: Target = None
    allocate_by: Annotated[Method, one_of(*get_args(Method))] = "equal_probability"
    locks: Amounts = Field(default_factory=dict)
    floors: Amounts = Field(default_factory=dict)
    caps: Amounts = Field(default_factory=dict)
    max_growth: Annotated[float | None, between(as_number_or_unset, -1, 100)] = None
    rounding: Annotated[float, between(as_number, 0.01, 1e9)] = 0.01
    campaigns: File = ""
    adjustments: Adjustments = ()
    band_low: Annotated[float, between(as_number, 0.01, 0.98)] = 0.35
    band_high: Annotated[float, between(as_number, 0.02, 0.99)] = 0.8
    earlier: Annotated[int, between(as_whole, 0, MAX_EARLIER)] = 4
    staff_file: File = ""
    sheet: File = ""
    save_targets_as: File = ""
    set_by: Text = ""

    @property
    def band(self) -> tuple[float, float]:
        """The least and the most probability of a fair target."""
        return self.band_low, self.band_high

    @property
    def step(self) -> float:
        """What targets are multiples of; pieces are not cut into parts.

        >>> TargetSettingParams.read({"metric": "units"}).step, TargetSettingParams.read({}).step
        (1.0, 0.01)
        """
        return max(self.rounding, 1.0) if self.metric == "units" else self.rounding

    def file_problems(self) -> list[Problem]:
        """Also: a split by capacity needs to know the staff."""
        lacks = self.allocate_by == "capacity" and not self.staff_file
        return [*super().file_problems(), *([Problem("params.capacity_unknown")] if lacks else [])]

    def limits(self) -> dict[str, Any]:
        """The options of ``allocate`` that say what a part may be and how it is rounded."""
        return {
            "locks": self.locks or None,
            "floors": self.floors or None,
            "caps": self.caps or None,
            "max_growth": self.max_growth,
            "unit": self.step,
        }


class TrackingParams(PathsParams):
    """Parameters of ``30_target_tracking``: the target followed, and what explains the gap.

    >>> TrackingParams.read({"source": "orders.csv", "cross": "category"}).cross
    'category'
    """

    NOTEBOOK: ClassVar[str] = "30_target_tracking"
    FILES: ClassVar[tuple[str, ...]] = (
        *PathsParams.FILES,
        "traffic",
        "rules",
        "campaigns",
        "staff_file",
        "bonus",
    )

    target: Target = None
    rounding: Annotated[float, between(as_number, 0.01, 1e9)] = 0.01
    earlier: Annotated[int, between(as_whole, 0, MAX_EARLIER)] = 4
    course: Annotated[Course, one_of(*get_args(Course))] = "weekly"
    resplit: Annotated[Resplit, one_of(*get_args(Resplit))] = "anew"
    cross: Text = ""
    product: Text = ""
    traffic: File = ""
    false_alarms: Annotated[float, between(as_number, 0.001, 5)] = 0.1
    rules: File = ""
    campaigns: File = ""
    staff_file: File = ""
    bonus: File = ""

    @property
    def step(self) -> float:
        """What targets are multiples of; pieces are not cut into parts."""
        return max(self.rounding, 1.0) if self.metric == "units" else self.rounding


class CampaignParams(PathsParams):
    """Parameters of ``40_campaign_plan``: the campaigns, and the target they are to help reach.

    >>> item = "{kind: group_buy, name: 拼团, start: 2026-11-01}"
    >>> CampaignParams.read({"source": "orders.csv", "campaigns": f"[{item}]"}).campaigns[0]["name"]
    '拼团'
    """

    NOTEBOOK: ClassVar[str] = "40_campaign_plan"
    FILES: ClassVar[tuple[str, ...]] = (
        *PathsParams.FILES,
        "traffic",
        "past_ads",
        "past_promoters",
        "past_discounts",
        "staff_file",
    )

    metric: Annotated[Money, one_of(*get_args(Money))] = "net_sales"
    target: Target = None
    campaigns: Campaigns = ()
    options: Campaigns = ()
    reach: Annotated[float, between(as_number, 0.01, 0.99)] = 0.8
    best_by: Annotated[Best, one_of(*get_args(Best))] = "cost"
    budget: Annotated[float, between(as_number, 0, 1e12)] = 0.0
    limits: Amounts = Field(default_factory=dict)
    exclusive: Groups = ()
    overlap: Annotated[float, between(as_number, 0, 1)] = 0.3
    by_season: Annotated[float, between(as_number, 0, 2)] = 1.0
    staff_file: File = ""
    traffic: File = ""
    past_ads: File = ""
    past_promoters: File = ""
    past_discounts: File = ""

    @property
    def step(self) -> float:
        """What amounts are multiples of."""
        return 0.01


class MembersParams(PathsParams):
    """Parameters of ``60_members``: what counts as recent, frequent and rich, and an offer.

    >>> MembersParams.read({"recent_days": "60", "offer_to": "at_risk"}).recent_days
    60
    """

    NOTEBOOK: ClassVar[str] = "60_members"

    metric: Annotated[Literal["net_sales"], one_of("net_sales")] = "net_sales"
    target: Target = None
    recent_days: Annotated[int, between(as_whole, 7, 730)] = 90
    frequent: Annotated[int, between(as_whole, 2, 100)] = 3
    high_value: Annotated[float, between(as_number, 0.001, 0.9)] = 0.2
    offer_to: Annotated[Segment, one_of(*get_args(Segment))] = "at_risk"
    offer: Annotated[float, between(as_number, 0, 0.95)] = 0.1
    member_list: File = ""


class TrackRecordParams(SalesParams):
    """Parameters of ``70_track_record``: past runs, replays, and the period of the scorecard.

    >>> TrackRecordParams.read({"replay_by": "month"}).replay
    4
    """

    NOTEBOOK: ClassVar[str] = "70_track_record"
    FILES: ClassVar[tuple[str, ...]] = (*SalesParams.FILES, "bonus", "rules", "staff_file")

    review: Text = ""
    staff_file: File = ""
    staff: Texts = ()
    bonus: File = ""
    history: Text = ""
    replay: Annotated[int, between(as_whole, 0, 60)] = 4
    replay_by: Annotated[Replayed, one_of(*get_args(Replayed))] = "quarter"
    drift_alarms: Annotated[float, between(as_number, 0.001, 1)] = 0.05
    rules: File = ""
    n_paths: Annotated[int, between(as_whole, 100, MAX_PATHS)] = 500


MODELS: Mapping[str, type[NotebookParams]] = {
    model.NOTEBOOK: model
    for model in (
        DataCheckParams,
        ForecastParams,
        TargetSettingParams,
        TrackingParams,
        CampaignParams,
        MembersParams,
        TrackRecordParams,
    )
}
