"""What a backtest cannot test, and the options that it cannot use."""

from collections.abc import Sequence

from workbench.calendar.period import Period
from workbench.errors import ForecastError, ParameterError, Problem
from workbench.panel.panel import Panel
from workbench.target.backtest_replay import unknown
from workbench.target.past_periods import PastPeriod

PeriodLike = str | int | Period


def same_rows(horizon: str, elapsed: Sequence[float], kept: Sequence[float]) -> list[Problem]:
    """Told where some shares of a period fall on the same rows, so that one of them is enough."""
    dropped = sorted(set(elapsed) - set(kept))
    if not dropped:
        return []
    facts = {"horizon": horizon, "shares": ", ".join(f"{share:g}" for share in dropped)}
    return [Problem("backtest.same_rows", facts)]


def unknown_sales(panel: Panel, periods: Sequence[PastPeriod], earliest: float) -> list[Problem]:
    """What is said of units whose sales have holes in a period: filled, or left out of it."""
    counts = {past.period.label: unknown(panel, past, earliest) for past in periods}
    notices = []
    for at, code in enumerate(("backtest.filled", "backtest.left_out")):
        some = {label: pair[at] for label, pair in counts.items() if pair[at]}
        if some:
            facts = {
                "count": f"{sum(some.values()):,}",
                "total": f"{len(panel.units) * len(periods):,}",
                "periods": ", ".join(f"{label}: {count:,}" for label, count in some.items()),
            }
            notices.append(Problem(code, facts))
    return notices


def nothing_known(panel: Panel, jobs: Sequence[tuple[PastPeriod, float, float]]) -> ForecastError:
    """That at none of the moments wanted the sales are known."""
    labels = ", ".join(dict.fromkeys(past.period.label for past, *_ in jobs))
    facts = {"periods": labels, "units": len(panel.units)}
    return ForecastError(Problem("backtest.nothing_known", facts))


def check_options(
    periods: Sequence[PeriodLike],
    origins: int,
    elapsed: Sequence[float],
    targets: Sequence[float],
    models: Sequence[str],
    n_paths: int,
    *,
    known: Sequence[str],
) -> None:
    """Every option of a backtest that is out of its range, told at once."""
    faults = [
        ("period", periods, len(periods) > 0, "quarter | month | week | 2026Q4 | 13"),
        ("origins", origins, origins >= 1, "1, 2, 3, …"),
        ("elapsed", elapsed, bool(elapsed) and all(0 <= e < 1 for e in elapsed), "0 ≤ … < 1"),
        ("targets", targets, all(0 < multiple < 100 for multiple in targets), "0.97, 1.03, …"),
        ("models", models, bool(models) and set(models) <= set(known), " | ".join(known)),
        ("n_paths", n_paths, n_paths >= 20, "20, …"),
    ]
    problems = [
        Problem("backtest.option", {"name": name, "value": str(value), "allowed": allowed})
        for name, value, good, allowed in faults
        if not good
    ]
    if problems:
        raise ParameterError(*problems)
