#!/usr/bin/env python3
"""The comparison itself: what it lets pass and what it does not."""
import unittest

from cross_compiler import differences

SUMMARY = {"models": {"m": {"queries": {"arrived": 3}, "p95": 2.0, "slo": None}}, "notes": ["a"], "share": 0}


def changed(path, value):
    """SUMMARY with one leaf of models.m replaced."""
    model = dict(SUMMARY["models"]["m"], **{path: value})
    return dict(SUMMARY, models={"m": model})


class Comparison(unittest.TestCase):
    def test_equal_summaries_agree(self):
        self.assertEqual(list(differences(SUMMARY, SUMMARY)), [])

    def test_a_count_off_by_one_is_seen(self):
        other = changed("queries", {"arrived": 4})
        self.assertEqual(list(differences(SUMMARY, other)), ["models.m.queries.arrived: 3 and 4"])

    def test_a_large_count_off_by_one_is_seen(self):
        self.assertEqual(len(list(differences({"n": 10**15}, {"n": 10**15 + 1}))), 1)

    def test_figures_agree_to_1e_9(self):
        self.assertEqual(list(differences(SUMMARY, changed("p95", 2.0 * (1 + 0.9e-9)))), [])
        self.assertEqual(len(list(differences(SUMMARY, changed("p95", 2.0 * (1 + 1.1e-9))))), 1)

    def test_nothing_is_not_zero(self):
        self.assertEqual(len(list(differences(SUMMARY, changed("slo", 0)))), 1)

    def test_a_key_or_an_entry_too_many_is_seen(self):
        self.assertEqual(list(differences(SUMMARY, changed("new", 1))), ["models.m.new: only in the second"])
        self.assertEqual(len(list(differences(SUMMARY, dict(SUMMARY, notes=["a", "b"])))), 1)


if __name__ == "__main__":
    unittest.main()
