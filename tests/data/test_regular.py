import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.data.regular import every_day, regular_days

LINE = st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(-500, 900))


def arrays(lines):
    codes, days, cents = (np.array(part, dtype=np.int64) for part in zip(*lines, strict=True))
    return codes, np.datetime64("2026-01-05") + days, cents / 100


@settings(max_examples=50, deadline=None)
@given(lines=st.lists(LINE, min_size=1, max_size=60))
def test_sums_are_kept_days_have_no_holes_and_lives_begin_with_a_line(lines):
    codes, days, values = arrays(lines)
    present, codes = np.unique(codes, return_inverse=True)
    labels = tuple(f"u{at}" for at in present)
    last = pd.Timestamp("2026-02-20")
    table = regular_days(codes, days, values, labels, last)
    for at, label in enumerate(labels):
        own = table[table["unit"] == label]
        mine = codes == at
        assert own["sales"].sum() == np.round(values[mine].sum(), 4) or np.isclose(
            own["sales"].sum(), values[mine].sum()
        )
        assert own["date"].tolist() == pd.date_range(days[mine].min(), last).tolist()
        on_first = values[mine & (days == days[mine].min())].sum()
        assert np.isclose(own["sales"].iloc[0], on_first)


def test_every_day_of_every_unit_between_two_dates():
    codes, days, values = arrays([(1, 3, 500), (0, 5, 250), (1, 3, -100)])
    first, last = pd.Timestamp(days.min()), pd.Timestamp(days.max())
    table = every_day(codes, days, values, ("a", "b", "c"), first=first, last=last)
    assert table["unit"].tolist() == [*"aaabbbccc"]
    assert table["date"].dt.day.tolist() == [8, 9, 10] * 3
    assert table["sales"].tolist() == [0, 0, 2.5, 4.0, 0, 0, 0, 0, 0]
