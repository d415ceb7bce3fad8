"""The comparison itself: exact counts, figures to 1e-9, nothing lost or added unseen."""
import unittest

from golden import differences


class Comparison(unittest.TestCase):
    def test_equal_summaries_do_not_differ(self):
        self.assertEqual(list(differences({"a": {"b": [1, 2.5, None]}}, {"a": {"b": [1, 2.5, None]}})), [])

    def test_a_count_off_by_one_differs(self):
        self.assertEqual(list(differences({"arrived": 10**12}, {"arrived": 10**12 + 1})),
                         ["arrived: 1000000000000 before, 1000000000001 now"])

    def test_a_figure_differs_beyond_one_part_in_a_thousand_million(self):
        self.assertEqual(list(differences({"mean": 1.0}, {"mean": 1.0 + 5e-10})), [])
        self.assertEqual(len(list(differences({"mean": 1.0}, {"mean": 1.0 + 2e-9}))), 1)

    def test_a_lost_and_a_new_name_both_show(self):
        self.assertEqual(list(differences({"old": 1}, {"new": 2})), ["old: gone (was 1)", "new: new (2)"])

    def test_null_is_not_zero(self):
        self.assertEqual(len(list(differences({"p99": None}, {"p99": 0}))), 1)

    def test_a_shorter_list_differs(self):
        self.assertEqual(len(list(differences({"notes": ["a", "b"]}, {"notes": ["a"]}))), 1)


if __name__ == "__main__":
    unittest.main()
