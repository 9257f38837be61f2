"""Whose customer an order is: bound to who came first, expired, or taken over by another.

People who will order wait with the same chance of ordering each open day. How many of a day's
orders come from people whose binding has expired, or whom another promoter has contacted since the
days of protection, follows from when they were reached; it is carried along as three sums over the
days on which they were reached instead of person by person.
"""

from dataclasses import dataclass, field

import numpy as np

from workbench.campaign.counts import Floats


@dataclass(eq=False)
class Bindings:
    """Who waits, by kind of promoter: expected sums (3, n_paths, n_units).

    A person is bound up to ``days`` days after being reached, and safe from other promoters up to
    ``protected`` days; no less than ``days`` means that the first keeps the customer.
    """

    days: int
    protected: int
    daily: Floats
    all: Floats
    expired: Floats
    safe: Floats
    untouched: Floats
    came: list[Floats] = field(default_factory=list)
    open_days: list[float] = field(default_factory=lambda: [0.0])
    touches: list[Floats] = field(default_factory=list)

    @classmethod
    def none(cls, days: int, protected: int, daily: Floats, shape: tuple[int, ...]) -> "Bindings":
        """Before the first day: nobody waits."""
        every, expired, safe, untouched = (np.zeros(shape) for _ in range(4))
        return cls(days, protected, daily, every, expired, safe, untouched)

    def next_day(self, came: Floats, touch: Floats, is_open: float, before: float) -> None:
        """Go on by a day.

        Args:
            came: who was reached today and will order.
            touch: contacts today, per person of the audience, by other promoters.
            is_open: 1 where orders can be placed today; ``before``: yesterday.
        """
        stay = (1.0 - self.daily) ** before
        for sums in (self.all, self.expired, self.safe, self.untouched):
            sums *= stay
        today = len(self.came)
        self.touches.append((self.touches[-1] if self.touches else 0.0) + touch)
        if self.protected < self.days:
            self._unprotect(today - self.protected - 1, today)
        self._expire(today - self.days - 1, today)
        self.untouched *= np.exp(-touch)
        self.came.append(came)
        self.open_days.append(self.open_days[-1] + is_open)
        self.all += came
        self.safe += came

    def shares(self) -> tuple[Floats, Floats]:
        """Of who orders today: the part no longer bound, and the part another took over."""
        some = self.all > 1e-9
        whole = np.where(some, self.all, 1.0)
        expired = np.clip(self.expired / whole, 0.0, 1.0)
        taken = (self.all - self.expired - self.safe - self.untouched) / whole
        if self.protected >= self.days:
            taken = np.zeros_like(whole)
        return np.where(some, expired, 0.0), np.where(some, np.clip(taken, 0.0, 1.0 - expired), 0.0)

    def _left(self, then: int, today: int) -> Floats:
        """Who was reached on a day and has not ordered before today."""
        waited = self.open_days[today] - self.open_days[then]
        return np.asarray(self.came[then] * (1.0 - self.daily) ** waited)

    def _unprotect(self, then: int, today: int) -> None:
        if then >= 0:
            left = self._left(then, today)
            self.safe -= left
            self.untouched += left

    def _expire(self, then: int, today: int) -> None:
        if then < 0:
            return
        left = self._left(then, today)
        self.expired += left
        if self.protected >= self.days:
            self.safe -= left
            return
        since = self.touches[today - 1] - self.touches[then + self.protected]
        self.untouched -= left * np.exp(-since)
