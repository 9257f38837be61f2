"""Comment interaction 留言互动 in a group-buy: who takes part opens more, and brings more friends.

A share of the visitors takes part in the comments, beyond what the other rates hold already. They
start a group so many times as often; groups that they start gain so many times as many first
joiners. No published figure says how many times: the ranges in ``priors/group_buy.yaml`` are
assumptions and called so in every report.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.campaign.counts import Floats

if TYPE_CHECKING:
    from workbench.campaign.scene import Scene


@dataclass(frozen=True, eq=False)
class Engagement:
    """What taking part in the comments changes; each field (n_paths, 1).

    Attributes:
        share: of the visitors who take part.
        starts: chance that one of them starts a group.
        leaders: share of the groups' leaders who took part.
        brings: first joiners of their groups ÷ those of others.
    """

    share: Floats
    starts: Floats
    leaders: Floats
    brings: Floats

    @property
    def more(self) -> Floats:
        """First joiners over all groups ÷ those without any interaction."""
        return np.asarray(1.0 + self.leaders * (self.brings - 1.0))

    def mixed(self, others: Floats, theirs: Floats) -> Floats:
        """Chances over all groups, from those of groups of others and of theirs."""
        return np.asarray(others + self.leaders * (theirs - others))


def engagement(scene: "Scene") -> Engagement:
    """Read from the inputs ``engaged``, ``engaged_opens``, ``engaged_invites`` and ``open_rate``.

    Of 1,000 visitors 10 % take part and start a group at 6 % instead of 3 %: 27 + 6 groups, of
    which 2 in 11 have a leader who took part.

    >>> from types import SimpleNamespace as Plain
    >>> given = {"engaged": 0.1, "engaged_opens": 2, "engaged_invites": 1.5, "open_rate": 0.03}
    >>> found = engagement(Plain(input=lambda name: np.array([[given[name]]])))
    >>> round(1 / found.leaders.item(), 6), round(found.more.item(), 3)
    (5.5, 1.091)
    """
    share, rate = scene.input("engaged"), scene.input("open_rate")
    starts = np.minimum(rate * scene.input("engaged_opens"), 1.0)
    all_starts = share * starts + (1.0 - share) * rate
    leaders = np.divide(share * starts, all_starts, out=np.zeros_like(rate), where=all_starts > 0)
    return Engagement(share, starts, leaders, scene.input("engaged_invites"))
