"""What a soak calls a fault, and that its picture is one."""

import unittest
import xml.etree.ElementTree as ElementTree

from soak.__main__ import judge
from soak.picture import Series, draw


def _sample(second, mib=60.0, descriptors=100, threads=40):
    one = {"mib": mib, "descriptors": descriptors, "threads": threads}
    return {"second": second, "agent": one, "scanner": dict(one)}


def _result(**changes):
    result = {
        "starts": 1000,
        "failed": 0,
        "wrong": [],
        "counted": {"events_read_total": 2000},
        "samples": [_sample(10 * i) for i in range(60)],
    }
    return result | changes


class SoakTest(unittest.TestCase):
    def test_what_stays_flat_is_well(self):
        self.assertEqual([], judge(_result()))

    def test_what_warms_up_in_the_first_sixth_is_well(self):
        samples = [_sample(10 * i, mib=20.0 + min(i, 10) * 4) for i in range(60)]
        self.assertEqual([], judge(_result(samples=samples)))

    def test_what_grows_is_told(self):
        leaking = [_sample(10 * i, mib=60.0 + i, descriptors=100 + i // 2, threads=40 + i // 2) for i in range(60)]
        problems = judge(_result(samples=leaking))
        self.assertEqual(6, len(problems), problems)
        self.assertIn("memory grows: agent", problems[0])

    def test_events_that_nobody_counted_are_told(self):
        self.assertIn("nobody counted", judge(_result(counted={"events_read_total": 999}))[0])
        self.assertEqual([], judge(_result(counted={"events_read_total": 990, "queue_overflows_total": 10})))

    def test_programs_that_did_not_run_are_told(self):
        self.assertIn("failed=3", judge(_result(failed=3))[0])
        self.assertEqual(["the known-bad program ran"], judge(_result(wrong=["the known-bad program ran"])))

    def test_the_picture_has_a_line_for_each(self):
        picture = draw("A & B", "x < y", [Series("one", [(0, 1), (1, 70)]), Series("two", [(0, 3), (1, 2)])])
        root = ElementTree.fromstring(picture)
        paths = [element for element in root.iter() if element.tag.endswith("path")]
        self.assertEqual(2, len(paths))
        self.assertIn("A &amp; B", picture)


if __name__ == "__main__":
    unittest.main()
