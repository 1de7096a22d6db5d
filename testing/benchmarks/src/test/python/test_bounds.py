"""The comparisons and the bounds, on numbers small enough to check by hand."""

import math
import pathlib
import tempfile
import unittest

from hostbench.bounds import Verdict, evaluate
from hostbench.report import BEGIN, END, replace_measured, to_markdown
from hostbench.results import Measurement, Results


def results_of(*rows):
    results = Results()
    for variant, workload, round_number, values in rows:
        results.add(Measurement(variant, workload, round_number, values))
    return results


def exec_round(number, bare, floor, redoubt, fapolicyd):
    """Rows of the warm workload; each variant as (p50, p99), bare as two runs."""
    variants = [
        ("bare", bare[0]),
        ("floor (C)", floor),
        ("Redoubt", redoubt),
        ("fapolicyd", fapolicyd),
        ("bare", bare[1]),
    ]
    return [(name, "warm", number, {"exec_p50": p50, "exec_p99": p99}) for name, (p50, p99) in variants]


def verdict(results, beginning):
    (outcome,) = (o for o in evaluate(results) if o.promise.startswith(beginning))
    return outcome.verdict


class ComparisonsTest(unittest.TestCase):
    def test_compares_within_a_round_before_it_takes_the_median(self):
        results = results_of(
            ("bare", "warm", 1, {"t": 100}),
            ("x", "warm", 1, {"t": 150}),
            ("bare", "warm", 2, {"t": 200}),
            ("x", "warm", 2, {"t": 220}),
            ("bare", "warm", 3, {"t": 100}),
            ("x", "warm", 3, {"t": 120}),
        )
        self.assertAlmostEqual(1.2, results.ratio("x", "bare", "warm", "t"))
        self.assertAlmostEqual(20, results.difference("x", "bare", "warm", "t"))

    def test_a_round_without_the_base_does_not_count(self):
        results = results_of(
            ("bare", "warm", 1, {"t": 100}), ("x", "warm", 1, {"t": 150}), ("x", "warm", 2, {"t": 900})
        )
        self.assertAlmostEqual(1.5, results.ratio("x", "bare", "warm", "t"))

    def test_the_spread_of_bare_is_the_median_of_the_rounds_ranges(self):
        rows = [
            ("bare", "open", number, {"t": value})
            for number, values in ((1, (1, 3)), (2, (5, 6, 9)), (3, (2, 9)))
            for value in values
        ]
        self.assertEqual(4, results_of(*rows).bare_spread("open", "t"))

    def test_nothing_measured_is_not_a_number(self):
        self.assertTrue(math.isnan(Results().ratio("x", "bare", "warm", "t")))


class BoundsTest(unittest.TestCase):
    def test_what_was_not_measured_is_neither_kept_nor_broken(self):
        self.assertEqual({Verdict.NOT_MEASURED}, {outcome.verdict for outcome in evaluate(Results())})

    def test_p50_up_to_a_tenth_above_the_floor_is_kept(self):
        kept = results_of(*exec_round(1, [(80, 100), (80, 100)], (100, 150), (110, 150), (200, 400)))
        broken = results_of(*exec_round(1, [(80, 100), (80, 100)], (100, 150), (111, 150), (200, 400)))
        self.assertEqual(Verdict.PASS, verdict(kept, "warm exec p50"))
        self.assertEqual(Verdict.FAIL, verdict(broken, "warm exec p50"))

    def test_added_latency_is_at_most_half_of_fapolicyds(self):
        kept = results_of(*exec_round(1, [(80, 100), (80, 100)], (100, 150), (140, 150), (200, 400)))
        broken = results_of(*exec_round(1, [(80, 100), (80, 100)], (100, 150), (141, 150), (200, 400)))
        self.assertEqual(Verdict.PASS, verdict(kept, "added to a warm exec"))
        self.assertEqual(Verdict.FAIL, verdict(broken, "added to a warm exec"))

    def test_p99_is_kept_by_ratio_or_by_difference_or_by_the_spread_of_bare(self):
        calm, wild = [(80, 100), (80, 110)], [(80, 100), (80, 500)]
        for bare, floor_p99, redoubt_p99, expected in (
            (calm, 1000, 1300, Verdict.PASS),
            (calm, 150, 250, Verdict.PASS),
            (wild, 150, 540, Verdict.PASS),
            (calm, 150, 540, Verdict.FAIL),
        ):
            with self.subTest(bare=bare, floor=floor_p99, redoubt=redoubt_p99):
                rows = exec_round(1, bare, (100, floor_p99), (100, redoubt_p99), (200, 400))
                self.assertEqual(expected, verdict(results_of(*rows), "warm exec p99"))

    def test_an_open_is_unchanged_within_the_spread_of_bare(self):
        bare = [("bare", "open", 1, {"open_p50": 1.50}), ("bare", "open", 1, {"open_p50": 1.60})]
        kept = results_of(*bare, ("Redoubt", "open", 1, {"open_p50": 1.64}))
        broken = results_of(*bare, ("Redoubt", "open", 1, {"open_p50": 1.70}))
        self.assertEqual(Verdict.PASS, verdict(kept, "p50 of a plain open"))
        self.assertEqual(Verdict.FAIL, verdict(broken, "p50 of a plain open"))

    def test_memory_idle_and_start_have_absolute_bounds(self):
        footprint = {"rss_mb agent": 80.1, "rss_mb engine 1": 60, "idle_percent": 0.1}
        results = results_of(
            ("Redoubt", "footprint", 1, footprint), ("Redoubt", "start", 1, {"protected_ms": 1501, "restarted_ms": 1000})
        )
        self.assertEqual(Verdict.FAIL, verdict(results, "agent, resident"))
        self.assertEqual(Verdict.PASS, verdict(results, "one engine, resident"))
        self.assertEqual(Verdict.PASS, verdict(results, "idle"))
        self.assertEqual(Verdict.FAIL, verdict(results, "first protected"))
        self.assertEqual(Verdict.PASS, verdict(results, "restarted after a crash"))

    def test_confining_may_cost_time_once_and_nothing_with_every_question(self):
        bare = [("bare", "sandbox", 1, {"trip_p50": 20.0}), ("bare", "sandbox", 1, {"trip_p50": 20.4})]
        bare.append(("bare", "sandbox", 1, {"start_ms": 2}))
        kept = results_of(*bare, ("Redoubt", "sandbox", 1, {"trip_p50": 20.5, "start_ms": 150}))
        broken = results_of(*bare, ("Redoubt", "sandbox", 1, {"trip_p50": 21.0, "start_ms": 153}))
        for beginning in ("confining, added", "p50 of a question"):
            with self.subTest(beginning):
                self.assertEqual(Verdict.PASS, verdict(kept, beginning))
                self.assertEqual(Verdict.FAIL, verdict(broken, beginning))


class ReportTest(unittest.TestCase):
    def test_replaces_what_stands_between_the_markers_only(self):
        with tempfile.TemporaryDirectory() as folder:
            document = pathlib.Path(folder, "performance.md")
            document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
            replace_measured(document, "new")
            self.assertEqual(f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n", document.read_text())

    def test_a_document_without_markers_is_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            document = pathlib.Path(folder, "performance.md")
            document.write_text("mine\n")
            with self.assertRaises(ValueError):
                replace_measured(document, "new")
            self.assertEqual("mine\n", document.read_text())

    def test_errors_stand_in_the_report(self):
        results = Results()
        results.errors.append("Redoubt: did not start")
        self.assertIn("* Redoubt: did not start", to_markdown({}, results, evaluate(results)))


if __name__ == "__main__":
    unittest.main()
