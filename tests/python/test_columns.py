"""Series, samples, decisions, kills and queries: what they hold, and whose memory it is."""

import gc
import weakref

import numpy as np
import pandas as pd
import pytest
import windtunnel as wt
from support import MM1, POLICIES, ROOM, SHORT


@pytest.fixture(scope="module")
def scaled():
    return wt.run(POLICIES, samples=True, queries=True)


@pytest.fixture(scope="module")
def room():
    return wt.run(ROOM, queries=True)


def test_series_hold_at_most_1024_points_of_mean_between_min_and_max(scaled):
    assert {"models.quality.backlog", "models.quality.ready_replicas", "cluster.nodes"} <= set(scaled.series)
    for series in scaled.series.values():
        assert 0 < len(series) <= 1024
        assert np.all(np.diff(series.time_s) > 0)
        assert np.all(series.min <= series.mean + 1e-9) and np.all(series.mean <= series.max + 1e-9)
    assert scaled.series["cluster.memory_used"].unit == "bytes"


def test_samples_are_the_series_as_scraped(scaled):
    assert list(scaled.samples) == list(scaled.series)
    for name, sampled in scaled.samples.items():
        assert sampled.time_s.tolist() == [15.0 * (i + 1) for i in range(479)], name  # 15 s: the scrape interval
        assert sampled.max.max() == pytest.approx(scaled.series[name].max.max(), rel=0.05), name
        assert sampled.unit == scaled.series[name].unit
    backlog = scaled.samples["models.quality.queued"].mean + scaled.samples["models.quality.in_service"].mean
    assert np.array_equal(backlog, scaled.samples["models.quality.backlog"].mean)


def test_samples_follow_the_scrape_interval():
    result = wt.run(POLICIES, set={**SHORT, "scaling.quality.scrape_interval": "1s"}, samples=True)
    assert result.samples["cluster.nodes"].time_s.tolist() == list(range(1, 1200))


def test_decisions_are_those_the_summary_counts(scaled):
    decisions = scaled.decisions
    measured = decisions["at_s"] >= scaled.warm_up_s
    up = decisions["desired"] > decisions["current"]
    assert measured.sum() == scaled.models.quality.scaling.decisions
    assert (measured & up).sum() == scaled.models.quality.scaling.ups
    assert set(decisions["model"]) == {"quality"}
    assert decisions["desired"].min() >= 1 and decisions["desired"].max() == 12
    assert all(isinstance(reason, str) and reason for reason in decisions["reason"])


def test_kills_are_those_the_summary_counts_with_their_ledger(room):
    kills = room.kills
    assert kills.rows == room.totals.kills.total > 0
    full = kills["cause"] == "device_full"
    assert full.sum() == room.totals.kills.by_cause.device_full
    over = kills["asked_bytes"] + kills["device_used_bytes"] > kills["device_size_bytes"]
    assert np.all(over[full])
    assert np.all(kills["ledger_at_s"] <= kills["at_s"])
    assert set(kills["model"]) <= set(room.models)


def test_a_kill_says_who_held_what_on_its_device(room):
    for i in range(room.kills.rows):
        kill = room.kills[i]
        ledger = kill.ledger
        assert ledger.rows == kill.sharers
        own = (ledger["model"] == kill.model) & (ledger["replica"] == kill.replica)
        held = ledger["context_bytes"] + ledger["weights_bytes"] + ledger["reserved_bytes"]
        assert held[own].tolist() == [kill.own_used_bytes]
        assert kill.device_used_bytes - held.sum() == 500 * 2**20  # the driver's
        assert "(the victim)" in str(kill) and kill.cause in str(kill) and "driver: 0.488 GiB" in str(kill)
    assert room.kills[-1].at_s == room.kills["at_s"].max()
    with pytest.raises(IndexError, match=rf"kills\[{room.kills.rows}\] is none of them"):
        room.kills[room.kills.rows]
    with pytest.raises(wt.UnknownNameError, match='did you mean "cause"'):
        room.kills["cuase"]


def test_a_kill_says_how_its_device_filled(room):
    full = [room.kills[i] for i in range(room.kills.rows) if room.kills["cause"][i] == "device_full"]
    for kill in full:
        history = kill.history
        assert 0 < history.rows <= 32
        assert history["total_bytes"][-1] == kill.device_used_bytes
        taken = np.where(history["refused"] == 1, 0, history["change_bytes"])
        assert np.all(np.diff(history["total_bytes"]) == taken[1:])
        assert (history["refused"][-1], history["change_bytes"][-1]) == (1, kill.asked_bytes)
        assert (history["model"][-1], history["replica"][-1]) == (kill.model, kill.replica)
        assert np.all(np.diff(history["at_s"]) >= 0) and history["at_s"][-1] == kill.ledger_at_s
        assert set(history["part"]) <= {"context", "weights", "work", "process"}


def test_a_kill_draws_its_ledger_up_to_the_device(room):
    pytest.importorskip("matplotlib")
    from windtunnel.plotting import _bands_of

    kill = next(room.kills[i] for i in range(room.kills.rows) if room.kills["cause"][i] == "device_full")
    axes = kill.plot().axes[0]
    labels = axes.get_legend_handles_labels()[1]
    assert f"{kill.model}-{kill.replica} (victim)" in labels and "driver" in labels and "device" in labels
    cross = axes.lines[-1].get_xydata()
    assert cross[0][1] * 2**30 == pytest.approx(kill.device_used_bytes + kill.asked_bytes)
    bands = np.sum(list(_bands_of(kill).values()), axis=0)
    assert np.all(kill.history["total_bytes"] - bands[1:] == 500 * 2**20)  # the driver's, at each change


def test_queries_add_up_to_the_summary(scaled):
    queries = scaled.queries
    measured = queries["ended_s"] >= scaled.warm_up_s
    assert (measured & (queries["completed"] == 1)).sum() == scaled.totals.queries.completed
    assert np.all(np.diff(queries["ended_s"]) >= 0)
    assert len(np.unique(queries["serial"])) == queries.rows
    total = queries["queueing_delay_s"] + queries["service_time_s"]
    assert np.allclose(total, queries["ended_s"] - queries["arrived_s"], atol=1e-6)
    assert all(name is None for name in queries["pipeline"][:10])


def test_response_times_have_the_summarys_mean(scaled, room):
    assert scaled.response_times().mean() == pytest.approx(scaled.models.quality.response_time_s.mean, rel=1e-9)
    assert scaled.response_times("quality").tolist() == scaled.response_times().tolist()
    assert room.response_times("render").mean() == pytest.approx(room.pipelines.render.response_time_s.mean, rel=1e-9)
    assert len(room.response_times("render")) == room.pipelines.render.queries.completed
    assert len(room.response_times("cond")) == 0  # all of its queries are a pipeline's


def test_what_was_not_kept_says_how_to_keep_it():
    result = wt.run(MM1, set=SHORT)
    with pytest.raises(wt.ScenarioError, match="run with samples=True"):
        result.samples
    with pytest.raises(wt.ScenarioError, match="run with queries=True"):
        result.queries
    with pytest.raises(wt.ScenarioError, match="run with queries=True"):
        result.response_times()


def arrays_of(result):
    series, sample = result.series["cluster.nodes"], result.samples["cluster.nodes"]
    decisions, queries = result.decisions, result.queries
    return {
        "series.time_s": series.time_s, "series.mean": series.mean, "series.min": series.min, "series.max": series.max,
        "sample.time_s": sample.time_s, "sample.mean": sample.mean,
        "decisions.at_s": decisions["at_s"], "decisions.desired": decisions["desired"],
        "queries.ended_s": queries["ended_s"], "queries.serial": queries["serial"],
        "histogram": result.histogram("quality")[1],
    }


def test_arrays_cannot_be_written_to(scaled):
    for name, array in arrays_of(scaled).items():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
        if name != "series.time_s":  # made for this object alone; all others are the run's own memory
            with pytest.raises(ValueError, match="WRITEABLE"):
                array.flags.writeable = True


def test_arrays_are_views_not_copies(scaled):
    first, second = scaled.queries["ended_s"], scaled.queries["ended_s"]
    assert np.shares_memory(first, second) and first.base is not None


def test_arrays_outlive_their_result():
    result = wt.run(POLICIES, set=SHORT, samples=True, queries=True)
    held = arrays_of(result)
    copies = {name: array.copy() for name, array in held.items()}
    gone = weakref.ref(result)
    del result
    gc.collect()
    assert gone() is None
    filler = [wt.run(POLICIES, set=SHORT, samples=True, queries=True) for _ in range(3)]  # takes freed memory
    for name, array in held.items():
        assert np.array_equal(array, copies[name]), name
    assert len(filler) == 3


def test_tables_become_data_frames_with_a_row_for_each_of_theirs(scaled, room):
    for table in (scaled.decisions, scaled.queries, room.kills):
        frame = table.to_pandas()
        assert list(frame.columns) == list(table) and len(frame) == table.rows
        assert isinstance(frame["model"].dtype, pd.CategoricalDtype)
        for name in table:
            ours, theirs = table[name], frame[name].to_numpy()
            assert all(a == b or (a is None and b != b) or (a != a and b != b) for a, b in zip(ours, theirs)), name


def test_a_series_becomes_a_pandas_series_over_seconds(scaled):
    series = scaled.series["models.quality.backlog"]
    theirs = series.to_pandas()
    assert theirs.name == "models.quality.backlog" and theirs.index.name == "time_s"
    assert np.shares_memory(theirs.to_numpy(), series.mean)


def test_the_summary_becomes_a_data_frame_by_path(scaled):
    frame = scaled.to_pandas()
    assert frame.index.name == "metric" and list(frame.columns) == ["value", "ci95"]
    for path in ("totals.queries.arrived", "models.quality.response_time_s.p95", "cluster.node_hours"):
        assert frame.loc[path, "value"] == scaled[path]
    assert frame["ci95"].isna().all()


@pytest.mark.parametrize("get, message", [
    (lambda r: r.series["models.quality.backlg"], 'did you mean "models.quality.backlog"'),
    (lambda r: r.samples["cluster.node"], 'did you mean "cluster.nodes"'),
    (lambda r: r.decisions["desird"], 'decisions has no column "desird"; did you mean "desired"'),
    (lambda r: r.response_times("qualty"), 'did you mean "quality"'),
])
def test_an_unknown_column_names_the_nearest_known(scaled, get, message):
    with pytest.raises(wt.UnknownNameError) as caught:
        get(scaled)
    assert message in str(caught.value)


NOBODY = {"horizon": "61s", "warm_up": "0s", "workload.0.arrivals.rate": "0.000001/s"}


def test_whether_columns_were_kept_is_known_and_not_guessed_from_their_length():
    kept = wt.run(MM1, set=NOBODY, queries=True, samples=True)
    assert kept.queries.rows == 0 and len(kept.response_times()) == 0 and "cluster.nodes" in kept.samples
    lost = wt.run(MM1, set=NOBODY)
    assert lost.totals.queries.completed == 0
    for look in (lambda: lost.queries, lost.response_times, lambda: lost.samples):
        with pytest.raises(wt.ScenarioError, match="were not kept; run with (queries|samples)=True"):
            look()


def test_a_first_replication_without_queries_has_kept_them_all_the_same():
    few = {"horizon": "10m", "warm_up": "0s", "workload.0.arrivals.rate": "0.001/s"}
    for seed in range(1, 60):
        result = wt.run(MM1, set=few, seed=seed, replications=4, queries=True)
        if result.queries.rows == 0 and result.totals.queries.completed > 0:
            return
    pytest.fail("no seed with an empty first replication")
