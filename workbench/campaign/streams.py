"""Random numbers by name: the same name and seed give the same numbers, whatever else is drawn.

With and without a campaign, and between two options of it, everything that keeps its name keeps its
random numbers (common random numbers), so that differences are differences of the campaign.
"""

from dataclasses import dataclass, field
from zlib import crc32

import numpy as np


@dataclass(frozen=True)
class Streams:
    """Random generators of one campaign, one per name.

    >>> one = Streams(7, "拼团").of("visits").random(2)
    >>> streams = Streams(7, "拼团")
    >>> _ = streams.of("opens").random(5)
    >>> bool((streams.of("visits").random(2) == one).all())
    True
    """

    seed: int
    campaign: str
    _kept: dict[str, np.random.Generator] = field(default_factory=dict, repr=False, compare=False)

    def of(self, name: str) -> np.random.Generator:
        """The generator of that name; asked for again, it goes on where it stopped."""
        if name not in self._kept:
            key = [self.seed, crc32(self.campaign.encode()), crc32(name.encode())]
            sequence = np.random.SeedSequence(key)
            self._kept[name] = np.random.Generator(np.random.PCG64(sequence))
        return self._kept[name]
