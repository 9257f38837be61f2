"""What a report shows, by name: for rooms that hand tables and charts on and make none."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_tables import GT as GT
    from matplotlib.axes import Axes as Axes
