"""The laws can be broken: each breach shows, and a real run has none. Drawn cases are the same each time."""
import argparse
import copy
import json
import sys
import tempfile
import unittest
from pathlib import Path

import cases
from interrupts import broken, contents
from laws import breaches, differences, of_kill_rows
from program import ROOT, Program
from shipped import described

CARD = 24 * 2**30
RESOLVED = """schema: 1
models:
  quality:
    batch: {max: 1}
workload:
  - model: quality
    queries: 10
cluster:
  node_pools:
    t4:
      gpu: T4
"""


class Laws(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = PROGRAM.run("run", "scenarios/memory_limits.yaml", "--set", "horizon=2h", "--format", "json", "--quiet")
        cls.summary = done.summary()

    def broken(self, *path, value):
        summary = copy.deepcopy(self.summary)
        node = summary
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = value
        return list(breaches(summary, CARD))

    def test_hold_in_a_real_run_that_kills(self):
        self.assertGreater(self.summary["totals"]["kills"]["total"], 0)
        self.assertEqual(list(breaches(self.summary, CARD)), [])

    def test_see_a_lost_query(self):
        arrived = self.summary["models"]["cond"]["queries"]["arrived"]
        self.assertEqual(len(self.broken("models", "cond", "queries", "arrived", value=arrived + 1)), 1)
        self.assertEqual(len(self.broken("totals", "queries", "queued", value=10**6)), 1)

    def test_see_a_kill_without_a_cause(self):
        by_cause = self.summary["models"]["cond"]["kills"]["by_cause"] | {"crash": 1}
        self.assertIn("by_cause", self.broken("models", "cond", "kills", "by_cause", value=by_cause)[0])
        self.assertIn("totals.kills.total", self.broken("totals", "kills", "total", value=10**6)[0])

    def test_see_memory_above_the_card(self):
        self.assertIn("memory_used_max", self.broken("cluster", "memory_used_max_bytes", value=CARD + 1)[0])

    def test_see_quantiles_out_of_order(self):
        self.assertIn("out of order", self.broken("models", "quality", "response_time_s", "p50", value=1e6)[0])

    def test_see_money_that_nobody_owes(self):
        self.assertIn("cost_usd", self.broken("totals", "unattributed_cost_usd", value=1e6)[0])

    def test_see_what_is_negative(self):
        self.assertIn("below 0", self.broken("models", "quality", "lost_work_s", value=-1.0)[0])

    def test_see_any_difference_but_of_wall_clock(self):
        other = copy.deepcopy(self.summary)
        other["engine"]["wall_s"] = 1e6
        self.assertEqual(list(differences(self.summary, other)), [])
        other["models"]["cond"]["queries"]["completed"] += 1
        self.assertEqual(len(list(differences(self.summary, other))), 1)

    def test_see_a_kill_row_that_does_not_fit_itself(self):
        row = {"at_s": [1.0], "own_used_bytes": [2], "device_used_bytes": [3], "device_size_bytes": [4],
               "host_limit_bytes": [0], "host_used_bytes": [9], "exit_code": [137], "mechanism": [b"sigkill"]}
        self.assertEqual(list(of_kill_rows(row)), [])
        self.assertEqual(len(list(of_kill_rows(row | {"device_used_bytes": [5]}))), 1)
        self.assertEqual(len(list(of_kill_rows(row | {"exit_code": [1]}))), 1)


class Files(unittest.TestCase):
    def test_half_a_file_shows(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "summary.json").write_text('{"engine": {"wall_s": 1}, "seed": 1}')
            self.assertEqual(list(broken(place)), [])
            before = contents(place)
            (place / "summary.json").write_text('{"engine": {"wall_s": 2}, "seed": 1}')
            self.assertEqual(contents(place), before)
            (place / "summary.json").write_text('{"engine": {"wall_s": 2}, "se')
            self.assertNotEqual(contents(place), before)
            self.assertEqual(len(list(broken(place))), 1)


class Cases(unittest.TestCase):
    def test_a_case_is_the_same_each_time_and_another_is_not(self):
        schema = json.loads(PROGRAM.run("schema").out)
        shipped = [described(ROOT / "scenarios" / "bench" / "w1.yaml", RESOLVED)]
        one = [cases.draw(schema, shipped, 7, number).arguments() for number in range(20)]
        self.assertEqual(one, [cases.draw(schema, shipped, 7, number).arguments() for number in range(20)])
        self.assertNotEqual(one, [cases.draw(schema, shipped, 8, number).arguments() for number in range(20)])

    def test_what_a_message_refuses_is_left_out(self):
        case = cases.Case(None, 1, [("a", 1), ("b.c", 2), ("d", 3)])
        self.assertEqual(case.without("--set b.c: b.c: is wrong").settings, [("a", 1), ("d", 3)])
        self.assertEqual(case.without("scenario.yaml:3: is wrong").settings, [("a", 1), ("b.c", 2)])

    def test_a_resolved_scenario_is_described(self):
        found = described(ROOT / "scenarios" / "bench" / "w1.yaml", RESOLVED)
        self.assertEqual((found.models, found.streams, found.pools), (["quality"], 1, {"t4": "T4"}))
        self.assertTrue(found.by_queries)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--windtunnel", type=Path, default=ROOT / "build/release/bin/windtunnel")
    options, rest = parser.parse_known_args()
    PROGRAM = Program(options.windtunnel)
    unittest.main(argv=[sys.argv[0], *rest])
