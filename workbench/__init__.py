"""Which sales target is achievable, how likely it is, and who carries which part of it.

    import workbench as wb

    sales = wb.load_sales("orders.csv", by=["channel"])
    panel = wb.build_panel(sales.frame, known=sales.known)
    paths = wb.forecast(panel, horizon=92, seed=0)
    outlook = wb.outlook(panel, paths, period="2026Q4")
    outlook.probability(5_000_000)
    plan = wb.allocate(5_000_000, outlook)

Names resolve when first used, so that importing the package loads no model library.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.calendar.calendar import Calendar as Calendar
    from workbench.calendar.calendar import load_calendar as load_calendar
    from workbench.calendar.period import Period as Period
    from workbench.calendar.period import next_period as next_period
    from workbench.calendar.period import parse_period as parse_period
    from workbench.campaign.close_gap import close_gap as close_gap
    from workbench.campaign.discount import Discount as Discount
    from workbench.campaign.distribution import Distribution as Distribution
    from workbench.campaign.drive import DistributionDrive as DistributionDrive
    from workbench.campaign.effect import with_campaigns as with_campaigns
    from workbench.campaign.follower_ads import FollowerAds as FollowerAds
    from workbench.campaign.gap_plan import GapPlan as GapPlan
    from workbench.campaign.group_buy import GroupBuy as GroupBuy
    from workbench.campaign.options import Option as Option
    from workbench.campaign.schedule import ScheduleResult as ScheduleResult
    from workbench.campaign.schedule import simulate_schedule as simulate_schedule
    from workbench.campaign.simulation import Simulation as Simulation
    from workbench.data.buyers import load_purchases as load_purchases
    from workbench.data.demo.write import write_demo as write_demo
    from workbench.data.sales import Sales as Sales
    from workbench.data.sales import load_sales as load_sales
    from workbench.data.targets import load_targets as load_targets
    from workbench.errors import CampaignError as CampaignError
    from workbench.errors import DataError as DataError
    from workbench.errors import ForecastError as ForecastError
    from workbench.errors import ParameterError as ParameterError
    from workbench.errors import Problem as Problem
    from workbench.errors import RunError as RunError
    from workbench.errors import TargetError as TargetError
    from workbench.errors import WorkbenchError as WorkbenchError
    from workbench.errors import WorkbenchWarning as WorkbenchWarning
    from workbench.forecast.change import Change as Change
    from workbench.forecast.change import explain_change as explain_change
    from workbench.forecast.engine import Engine as Engine
    from workbench.forecast.engine import draw_paths as draw_paths
    from workbench.forecast.engine import fit_engine as fit_engine
    from workbench.forecast.engine import forecast as forecast
    from workbench.forecast.engine_file import load_engine as load_engine
    from workbench.forecast.engine_file import save_engine as save_engine
    from workbench.forecast.explain import Explanation as Explanation
    from workbench.forecast.explain import explain as explain
    from workbench.forecast.paths import SamplePaths as SamplePaths
    from workbench.member.buying import Buying as Buying
    from workbench.member.buying import alive as alive
    from workbench.member.buying import expected_orders as expected_orders
    from workbench.member.buying import fit_buying as fit_buying
    from workbench.member.purchases import Purchases as Purchases
    from workbench.member.purchases import summarise_purchases as summarise_purchases
    from workbench.member.repurchase import Repurchase as Repurchase
    from workbench.member.repurchase import repurchase as repurchase
    from workbench.member.segments import segment_members as segment_members
    from workbench.member.spending import Spending as Spending
    from workbench.member.spending import expected_spend as expected_spend
    from workbench.member.spending import fit_spending as fit_spending
    from workbench.panel.build import build_panel as build_panel
    from workbench.panel.panel import Panel as Panel
    from workbench.run.outlooks import score_history as score_history
    from workbench.target.adjustment import Adjustment as Adjustment
    from workbench.target.adjustments import adjust as adjust
    from workbench.target.advice_rules import load_rules as load_rules
    from workbench.target.alerts import Alert as Alert
    from workbench.target.alerts import watch as watch
    from workbench.target.allocate import Allocation as Allocation
    from workbench.target.allocate import allocate as allocate
    from workbench.target.anchors import anchors as anchors
    from workbench.target.backtest import Backtest as Backtest
    from workbench.target.backtest import backtest as backtest
    from workbench.target.bonus import payouts as payouts
    from workbench.target.bonus_rules import read_bonus_rules as read_bonus_rules
    from workbench.target.build import outlook as outlook
    from workbench.target.capacity import capacity as capacity
    from workbench.target.carry import carry as carry
    from workbench.target.cascade import cascade as cascade
    from workbench.target.cascaded import Cascade as Cascade
    from workbench.target.compare import compare_allocations as compare_allocations
    from workbench.target.drift import calibration_drift as calibration_drift
    from workbench.target.gap import Gap as Gap
    from workbench.target.gap import explain_gap as explain_gap
    from workbench.target.outlook import Outlook as Outlook
    from workbench.target.pace import pace as pace
    from workbench.target.proposal import proposal as proposal
    from workbench.target.reasons import reasons as reasons
    from workbench.target.record import TrackRecord as TrackRecord
    from workbench.target.record import score_outlooks as score_outlooks
    from workbench.target.replayed import replay_record as replay_record
    from workbench.target.resplit import resplit as resplit
    from workbench.target.scorecard import scorecard as scorecard
    from workbench.target.setting import set_targets as set_targets
    from workbench.target.tracking import Tracking as Tracking
    from workbench.target.tracking import track as track
    from workbench.target.versions import TargetVersion as TargetVersion
    from workbench.target.versions import target_versions as target_versions
    from workbench.target.versions import targets_in_force as targets_in_force


HOMES = {
    "Adjustment": "target.adjustment",
    "Alert": "target.alerts",
    "Allocation": "target.allocate",
    "Backtest": "target.backtest",
    "Calendar": "calendar.calendar",
    "CampaignError": "errors",
    "Cascade": "target.cascaded",
    "DataError": "errors",
    "Discount": "campaign.discount",
    "Distribution": "campaign.distribution",
    "DistributionDrive": "campaign.drive",
    "ForecastError": "errors",
    "Gap": "target.gap",
    "GapPlan": "campaign.gap_plan",
    "FollowerAds": "campaign.follower_ads",
    "GroupBuy": "campaign.group_buy",
    "Option": "campaign.options",
    "Outlook": "target.outlook",
    "Panel": "panel.panel",
    "ParameterError": "errors",
    "Period": "calendar.period",
    "Problem": "errors",
    "RunError": "errors",
    "Sales": "data.sales",
    "SamplePaths": "forecast.paths",
    "ScheduleResult": "campaign.schedule",
    "Simulation": "campaign.simulation",
    "TargetError": "errors",
    "TargetVersion": "target.versions",
    "TrackRecord": "target.record",
    "Tracking": "target.tracking",
    "WorkbenchError": "errors",
    "WorkbenchWarning": "errors",
    "adjust": "target.adjustments",
    "allocate": "target.allocate",
    "anchors": "target.anchors",
    "backtest": "target.backtest",
    "Buying": "member.buying",
    "alive": "member.buying",
    "expected_orders": "member.buying",
    "fit_buying": "member.buying",
    "Purchases": "member.purchases",
    "summarise_purchases": "member.purchases",
    "Repurchase": "member.repurchase",
    "repurchase": "member.repurchase",
    "segment_members": "member.segments",
    "Spending": "member.spending",
    "expected_spend": "member.spending",
    "fit_spending": "member.spending",
    "build_panel": "panel.build",
    "calibration_drift": "target.drift",
    "capacity": "target.capacity",
    "carry": "target.carry",
    "cascade": "target.cascade",
    "close_gap": "campaign.close_gap",
    "compare_allocations": "target.compare",
    "explain_gap": "target.gap",
    "Change": "forecast.change",
    "explain_change": "forecast.change",
    "Engine": "forecast.engine",
    "draw_paths": "forecast.engine",
    "fit_engine": "forecast.engine",
    "forecast": "forecast.engine",
    "load_engine": "forecast.engine_file",
    "save_engine": "forecast.engine_file",
    "Explanation": "forecast.explain",
    "explain": "forecast.explain",
    "load_calendar": "calendar.calendar",
    "load_rules": "target.advice_rules",
    "load_purchases": "data.buyers",
    "load_sales": "data.sales",
    "load_targets": "data.targets",
    "next_period": "calendar.period",
    "outlook": "target.build",
    "pace": "target.pace",
    "parse_period": "calendar.period",
    "payouts": "target.bonus",
    "proposal": "target.proposal",
    "read_bonus_rules": "target.bonus_rules",
    "reasons": "target.reasons",
    "replay_record": "target.replayed",
    "resplit": "target.resplit",
    "score_history": "run.outlooks",
    "score_outlooks": "target.record",
    "scorecard": "target.scorecard",
    "set_targets": "target.setting",
    "simulate_schedule": "campaign.schedule",
    "target_versions": "target.versions",
    "targets_in_force": "target.versions",
    "track": "target.tracking",
    "watch": "target.alerts",
    "with_campaigns": "campaign.effect",
    "write_demo": "data.demo.write",
}
"""Public name → the module it lives in."""

__all__ = sorted(HOMES)


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}")
    return getattr(import_module(f"workbench.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__]


class _Room(ModuleType):
    """The room ``forecast``, which can be called like the verb of the same name."""

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        return signature(self._verb())

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._verb()(*args, **options)

    def _verb(self) -> Any:
        return getattr(import_module(f"workbench.{HOMES['forecast']}"), "forecast")  # noqa: B009


class _Package(ModuleType):
    """This package: importing the room ``forecast`` must not hide the verb ``forecast``."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "forecast" and isinstance(value, ModuleType):
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
