"""Queries over the series of a run, asked of windtunnel and of a real Prometheus: equal to 1e-9.

    prometheus_test.py --windtunnel build/release/bin/windtunnel

Exports a run as OpenMetrics, makes blocks of it with promtool, starts Prometheus on loopback, and asks both the same
queries at the same instants. Leaves with 77 (skipped) where Debian's package `prometheus` is not installed.
"""

import argparse
import json
import math
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

SCENARIO = """
schema: 1
seed: 11
horizon: 50m
warm_up: 7m
models:
  chat: {latency: {fixed: 600ms, cv: 0.6}, dispatch: least_outstanding, cold_start: {container: 40s}, cpu: {request: 2}}
  clip: {latency: {fixed: 150ms, cv: 0.3}, cold_start: {container: 20s}}
workload:
  - {model: chat, arrivals: {process: poisson, rate: 3/s, curve: {period: 20m, amplitude: 0.9}}}
  - {model: clip, arrivals: {process: poisson, rate: 8/s, curve: {period: 15m, amplitude: 0.8, phase: 1}}}
cluster:
  node_pools: {t4: {gpu: T4, gpus: 2, nodes: 3, provision: 60s, sharing: {mode: time_slicing, replicas: 2}}}
scaling:
  chat: {policy: queue_depth, target_per_replica: 2, min: 1, max: 6}
  clip: {policy: backlog_time, target: 1s, min: 1, max: 5}
# A look-back just below the interval: backfilled series have no stale markers.
metrics: {scrape_interval: 15s, dcgm_interval: 15s, look_back: 14s, lost_scrapes: 0.05}
"""

QUERIES = [
    "sum(rate(http_requests_total[2m]))",
    "rate(http_requests_total[1m])",
    "increase(vllm:request_success_total[90s])",
    "sum by (model_name) (increase(vllm:request_success_total[5m]))",
    "irate(http_requests_total[1m])",
    "rate(container_cpu_usage_seconds_total[100s])",
    "delta(DCGM_FI_DEV_FB_USED[3m])",
    "idelta(rabbitmq_queue_messages_ready[1m])",
    "avg_over_time(rabbitmq_queue_messages_ready[2m])",
    "max_over_time(rabbitmq_queue_messages_ready[2m])",
    "min_over_time(DCGM_FI_DEV_GPU_UTIL[2m])",
    "sum_over_time(rabbitmq_queue_messages_unacked[70s])",
    "count_over_time(vllm:num_requests_running[2m])",
    "last_over_time(vllm:num_requests_running[1m])",
    "stddev_over_time(rabbitmq_queue_messages_ready[3m])",
    "quantile_over_time(0.9, rabbitmq_queue_messages_ready[4m])",
    "changes(kube_deployment_status_replicas[10m])",
    "resets(vllm:request_success_total[10m])",
    "max_over_time(rabbitmq_queue_messages_ready[2m] offset 45s)",
    "histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[1m])) by (le))",
    "histogram_quantile(0.5, sum by (le, service) (rate(http_request_duration_seconds_bucket[2m])))",
    "histogram_quantile(0.99, rate(vllm:e2e_request_latency_seconds_bucket[3m]))",
    "sum(vllm:num_requests_waiting)",
    "avg(DCGM_FI_DEV_GPU_UTIL{exported_pod=~\"chat-.*\"})",
    "sum(DCGM_FI_DEV_FB_USED) / sum(DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE)",
    "max by (Hostname) (DCGM_FI_PROF_GR_ENGINE_ACTIVE)",
    "count without (pod, instance, job) (kube_pod_status_ready == 1)",
    "stdvar(DCGM_FI_DEV_GPU_UTIL)",
    "quantile(0.3, DCGM_FI_DEV_GPU_UTIL)",
    "rabbitmq_queue_messages_ready / clamp_min(rate(rabbitmq_queue_messages_delivered_total[1m]), 0.01)",
    "vllm:num_requests_running / on(model_name) group_left sum by (model_name) (vllm:num_requests_running)",
    "sum by (namespace, pod) (vllm:num_requests_running) > bool 0.5",
    "sum by (queue) (rabbitmq_queue_messages_ready) > 3 unless sum by (queue) (rabbitmq_queue_messages_ready) > 8",
    "rabbitmq_queue_messages_ready > 2 and on(queue) rabbitmq_queue_messages_unacked > 1",
    "sum(nothing_of_the_kind) or vector(0)",
    "absent(rabbitmq_queue_messages_ready{queue=\"chat\"})",
    "absent_over_time(vllm:num_requests_running{pod=\"chat-3\"}[1m])",
    "ceil(sum(rabbitmq_queue_messages_ready) / 3) + scalar(floor(sum(rabbitmq_queue_messages_unacked) / 2)) ^ 2 % 7",
    "round(avg(rabbitmq_queue_messages_ready), 0.5) - time()",
    "(-clamp_max(rabbitmq_queue_messages_ready, 4))",
    "timestamp(rabbitmq_queue_messages_ready)",
    "sum(up) by (job)",
]
UNKNOWN = "nothing_of_the_kind"  # the one name windtunnel would refuse


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def points(matrix: dict) -> dict:
    """{labels: {instant: value}} of a query_range answer."""
    return {
        tuple(sorted(series["metric"].items())): {round(t, 3): float(v) for t, v in series["values"]}
        for series in matrix["data"]["result"]
    }


def equal(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def differences(ours: dict, theirs: dict) -> list[str]:
    alone = sorted(ours.keys() ^ theirs.keys())
    out = [f"series {dict(s)} is {'ours' if s in ours else 'theirs'} alone" for s in alone]
    for labels in sorted(ours.keys() & theirs.keys()):
        a, b = ours[labels], theirs[labels]
        for t in sorted(a.keys() | b.keys()):
            if t not in a or t not in b or not equal(a[t], b[t]):
                out.append(f"{dict(labels)} at {t} s: {a.get(t)} here, {b.get(t)} there")
    return out


class Prometheus:
    """A server on loopback over the blocks in `folder`; ended on leaving."""

    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        config = folder / "prometheus.yml"
        config.write_text("global: {}\n")
        self.server = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
             "--storage.tsdb.retention.time=100y", "--query.lookback-delta=14s",
             f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=warn"])

    def __enter__(self) -> "Prometheus":
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5):
                    return self
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.2)
        self.__exit__()
        sys.exit("prometheus did not come up")

    def __exit__(self, *_: object) -> None:
        self.server.terminate()
        self.server.wait(timeout=30)

    def query_range(self, query: str, end: int, step: int) -> dict:
        arguments = urllib.parse.urlencode({"query": query, "start": 0, "end": end, "step": step})
        with urllib.request.urlopen(f"{self.url}/api/v1/query_range?{arguments}", timeout=60) as answer:
            return json.load(answer)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--windtunnel", required=True)
    parser.add_argument("--only", help="ask this query alone")
    options = parser.parse_args()
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        print("skipped: Debian's package `prometheus` is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="windtunnel-prometheus-") as name:
        folder = Path(name)
        scenario = folder / "scenario.yaml"
        scenario.write_text(SCENARIO)
        text = folder / "run.om"
        run(options.windtunnel, "export", "openmetrics", str(scenario), "-o", str(text))
        run("promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(folder / "data"))
        failed = compared = 0
        with Prometheus(folder) as server:
            for query in [options.only] if options.only else QUERIES:
                for step in (15, 7):
                    ours = points(json.loads(run(options.windtunnel, "export", "query", str(scenario),
                                                 query.replace(UNKNOWN, 'up{job="none"}'), "--step", f"{step}s",
                                                 "--format", "json")))
                    theirs = points(server.query_range(query, 3000 // step * step, step))
                    ours = {s: {t: v for t, v in of.items() if t <= 2985} for s, of in ours.items()}
                    theirs = {s: {t: v for t, v in of.items() if t <= 2985} for s, of in theirs.items()}
                    compared += sum(len(of) for of in theirs.values())
                    if not theirs:
                        failed += 1
                        print(f"{query} (step {step} s): nothing to compare")
                    wrong = differences({s: v for s, v in ours.items() if v}, {s: v for s, v in theirs.items() if v})
                    if wrong:
                        failed += 1
                        print(f"{query} (step {step} s): {len(wrong)} differences", *wrong[:5], sep="\n  ")
        print(f"{len(QUERIES)} queries, {compared} values compared, {failed} differ")
        return 1 if failed or compared < 10000 and not options.only else 0


if __name__ == "__main__":
    sys.exit(main())
