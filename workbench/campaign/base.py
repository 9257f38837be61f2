"""What every campaign has: a name, days, units, inputs; and how each is simulated."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import numpy as np

from workbench.campaign.distribution import Distribution
from workbench.campaign.inputs import Given, draw_inputs, read_inputs
from workbench.campaign.ledger import Balance, Ledger, unbalanced
from workbench.campaign.scene import Scene, Stage, read_stage
from workbench.campaign.simulation import Simulation
from workbench.campaign.streams import Streams
from workbench.errors import CampaignError, Problem


@dataclass(frozen=True, kw_only=True, eq=False)
class Campaign(ABC):
    """What all kinds of campaign share.

    Attributes:
        name: its name; options of one campaign keep it, and so share their random numbers.
        start, end: first and last day, both included; dates or text such as ``2026-11-01``.
        units: the unit its effects land on; several with their shares (``{"online": 0.7, "store":
            0.3}``), or a list for equal shares.
        until: last day shown; by default 91 days after the end, and never before the last group,
            commission or refund of the campaign is settled.
        closed: days on which nothing happens.
        currency: of all money.
        fixed_cost: money the campaign costs whatever it brings.
    """

    kind: ClassVar[str]
    steps: ClassVar[tuple[str, ...]] = ()
    ratios: ClassVar[Mapping[str, tuple[str, str]]] = {}

    name: str
    start: str | date
    end: str | date
    units: str | Sequence[str] | Mapping[str, float] = "all"
    until: str | date | None = None
    closed: Sequence[str | date] = ()
    currency: str = "CNY"
    fixed_cost: Given = None

    def simulate(self, *, n_paths: int = 2000, seed: int = 0) -> Simulation:
        """What the campaign will bring, on ``n_paths`` paths.

        The same campaign and seed give the same numbers, byte for byte; two options of one campaign
        (same name) share their random numbers, so that they differ by what they do.

        Raises:
            CampaignError: everything that is wrong with the campaign, at once.
        """
        stage, used, problems = self.read(n_paths=n_paths, seed=seed)
        if stage is None or problems:
            raise CampaignError(*problems)
        streams = Streams(seed, self.name)
        drawn = draw_inputs(self.kind, used, streams, n_paths)
        scene = Scene(stage=stage, drawn=drawn, streams=streams, n_paths=n_paths)
        ledger, balances = self.run(scene)
        broken = unbalanced(ledger, balances)
        if broken:
            raise CampaignError(*broken)
        result = Simulation(
            campaign=self.name,
            kind=self.kind,
            ledger=ledger,
            inputs=drawn,
            ratios=self.ratios,
            steps=self.steps,
            currency=self.currency,
            n_active=stage.n_active,
        )
        notices = (*stage.notices, *self.notices(result))
        return replace(result, notices=notices)

    def read(
        self, *, n_paths: int = 2000, seed: int = 0
    ) -> tuple[Stage | None, dict[str, Distribution], list[Problem]]:
        """The days and inputs of the campaign, and everything that is wrong with them.

        Of use where many campaigns are checked before any is simulated.
        """
        problems = _bad_run(self.name, n_paths, seed)
        used, wrong = read_inputs(self.kind, self.name, self.given())
        problems += wrong
        problems += self.rules(used)
        stage, wrong = read_stage(self, self.settling())
        return stage, used, [*problems, *wrong]

    def given(self) -> dict[str, Given]:
        """The inputs: name → what the planner gave, None for the prior."""
        return {"fixed_cost": self.fixed_cost}

    def settling(self) -> int:
        """Days after the last one until everything the campaign began is settled."""
        return 0

    @abstractmethod
    def rules(self, used: Mapping[str, Distribution]) -> list[Problem]:
        """What is wrong with the campaign itself, beyond its dates and single inputs."""

    @abstractmethod
    def run(self, scene: Scene) -> tuple[Ledger, list[Balance]]:
        """The ledger of the campaign, and the sums that must hold in it."""

    def notices(self, result: Simulation) -> tuple[Problem, ...]:
        """What the planner should know about the result."""
        del result
        return ()


def _bad_run(campaign: str, n_paths: object, seed: object) -> list[Problem]:
    """Number of paths and seed that cannot be used."""
    whole = (int, np.integer)
    problems = []
    if isinstance(n_paths, bool) or not isinstance(n_paths, whole) or n_paths < 1:
        facts = {"campaign": campaign, "value": repr(n_paths)}
        problems.append(Problem("campaign.n_paths", facts))
    if isinstance(seed, bool) or not isinstance(seed, whole) or seed < 0:
        problems.append(Problem("campaign.seed", {"campaign": campaign, "value": repr(seed)}))
    return problems
