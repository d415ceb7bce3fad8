"""Million-point columns reach pandas without being copied one by one."""

import time

import pytest
import windtunnel as wt
from support import MM1, POLICIES

DENSE = {
    "horizon": "12d",
    "warm_up": "0s",
    "workload.0.arrivals.rate": "0.1/s",
    "scaling.quality.scrape_interval": "1s",
}


def best_of_five(call):
    call()  # the first imports pandas
    times = []
    for _ in range(5):
        began = time.perf_counter()
        made = call()
        times.append(time.perf_counter() - began)
    return min(times), made


def test_a_series_of_a_million_points_reaches_pandas_in_50_ms():
    result = wt.run(POLICIES, set=DENSE, samples=True)
    best, series = best_of_five(lambda: result.samples["models.quality.backlog"].to_pandas())
    assert len(series) > 1_000_000
    assert best < 0.050


def test_a_million_queries_reach_pandas_in_50_ms():
    result = wt.run(MM1, set={"horizon": "18d"}, queries=True)
    best, frame = best_of_five(lambda: result.queries.to_pandas())
    assert len(frame) > 1_000_000 and frame.shape[1] == 8
    assert best < 0.050
    assert frame["ended_s"].sub(frame["arrived_s"]).mean() == pytest.approx(10 / 3, rel=0.1)  # M/M/1 at 0.7
