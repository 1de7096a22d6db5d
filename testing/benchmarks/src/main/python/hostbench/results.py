"""The rows of a run, and how rows of the same round are compared.

Comparisons are made within a round, because the machine drifts between rounds; then the median is taken
over the rounds. Where a variant ran more than once in a round, as bare does, the round's median stands for it.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Iterable

BARE = "bare"
NAN = float("nan")


@dataclasses.dataclass(frozen=True)
class Measurement:
    """What one workload measured once. The units stand in the metrics' names; latencies are microseconds."""

    variant: str
    workload: str
    round_number: int
    values: dict[str, float]


def median(values: Iterable[float]) -> float:
    """The median, or NaN of nothing."""
    found = list(values)
    return statistics.median(found) if found else NAN


class Results:
    """All measurements so far and what failed."""

    def __init__(self) -> None:
        self.measurements: list[Measurement] = []
        self.errors: list[str] = []

    def add(self, measurement: Measurement) -> None:
        self.measurements.append(measurement)

    def variants(self, workload: str) -> list[str]:
        """The variants that were measured under a workload, in the order of their first run."""
        return list(dict.fromkeys(m.variant for m in self.measurements if m.workload == workload))

    def metrics(self, variant: str, workload: str) -> list[str]:
        found = (m.values for m in self.measurements if (m.variant, m.workload) == (variant, workload))
        return list(dict.fromkeys(metric for values in found for metric in values))

    def by_round(self, variant: str, workload: str, metric: str) -> dict[int, list[float]]:
        rounds: dict[int, list[float]] = {}
        for m in self.measurements:
            if (m.variant, m.workload) == (variant, workload) and metric in m.values:
                rounds.setdefault(m.round_number, []).append(m.values[metric])
        return rounds

    def median(self, variant: str, workload: str, metric: str) -> float:
        """Over all runs."""
        return median(value for values in self.by_round(variant, workload, metric).values() for value in values)

    def ratio(self, variant: str, base: str, workload: str, metric: str) -> float:
        return median(self._per_round(variant, base, workload, metric, lambda value, other: value / other))

    def difference(self, variant: str, base: str, workload: str, metric: str) -> float:
        return median(self._per_round(variant, base, workload, metric, lambda value, other: value - other))

    def bare_spread(self, workload: str, metric: str) -> float:
        """How far runs of the bare machine lie apart within a round: largest less smallest."""
        rounds = self.by_round(BARE, workload, metric).values()
        return median(max(values) - min(values) for values in rounds if len(values) > 1)

    def bare_ratio_range(self, workload: str, metric: str) -> tuple[float, float]:
        """The smallest and largest ratio of a bare run to the median of its round's bare runs."""
        rounds = self.by_round(BARE, workload, metric).values()
        ratios = [value / median(values) for values in rounds for value in values if len(values) > 1]
        return (min(ratios), max(ratios)) if ratios else (NAN, NAN)

    def _per_round(
        self, variant: str, base: str, workload: str, metric: str, compare: Callable[[float, float], float]
    ) -> list[float]:
        own, other = self.by_round(variant, workload, metric), self.by_round(base, workload, metric)
        return [compare(median(own[number]), median(other[number])) for number in own if number in other]
