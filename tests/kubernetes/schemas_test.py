#!/usr/bin/env python3
"""What `windtunnel export manifests` writes fits the published schemas of Kubernetes and KEDA.

The schemas are fetched from PyPI into a folder of the build (kubernetes-validate: the JSON Schemas of a release;
cloudcoil.models.keda: models of KEDA's resource definitions). Without a network the test is skipped, exit code 77.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ["kubernetes-validate==1.37.0", "cloudcoil.models.keda==2.16.1.0"]
KUBERNETES = "1.34"
SCENARIOS = ["keda_flapping.yaml", "hpa_image_queue.yaml", "trace_replay.yaml"]
SKIPPED = 77

# A job, probes, every kind of text KEDA wants in quotes.
JOB = """schema: 1
horizon: 10m
models:
  render:
    service_time: 5s
    dispatch: pull
    requests: {cpu: 0.5, memory: 3GiB}
    probe: {startup: {period: 5s, failure_threshold: 60}, readiness: {period: 5s, success_threshold: 2}}
    termination: {grace: 2m, pre_stop: 10s}
  quality: {service_time: 2s, termination: {}}
workload: [{model: render, arrivals: {rate: 0.1/s}}, {model: quality, arrivals: {rate: 0.1/s}}]
cluster: {node_pools: {a: {gpu: A10G, sharing: {mode: mps, replicas: 3}, nodes: 4}}}
scaling:
  render:
    policy: keda_job
    spec:
      maxReplicaCount: 4
      scalingStrategy: {strategy: custom, customScalingRunningJobPercentage: 0.5}
      triggers: [{type: rabbitmq, metadata: {value: 1, mode: QueueLength}}]
  quality:
    policy: keda
    annotations: {paused-scale-in: true}
    spec:
      advanced: {scalingModifiers: {formula: queue * 2, target: 5}}
      triggers: [{type: aws-sqs-queue, name: queue, metadata: {queueLength: 5}}]
"""

CHECK = r"""
import json, sys, yaml, kubernetes_validate
from cloudcoil.models.keda import v1alpha1 as keda

def problem(document, version):
    try:
        if document["apiVersion"].startswith("keda.sh/"):
            document = decimal(document)
            model = getattr(keda, document["kind"]).model_validate(document)
            again = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
            lost = fields(document["spec"]) - fields(again["spec"])
            return f"unknown fields: {sorted(lost)}" if lost else None
        kubernetes_validate.validate(document, version, strict=True)
    except Exception as error:
        return str(error)
    return None

# The models take a quantity for an integer where it is one, and then cannot match it with the quantity's pattern.
def decimal(value, quantities=False):
    if isinstance(value, dict):
        return {k: decimal(v, quantities or k in ("requests", "limits")) for k, v in value.items()}
    if isinstance(value, list):
        return [decimal(v, quantities) for v in value]
    return value + "000m" if quantities and isinstance(value, str) and value.isdigit() else value

def fields(value, path=""):
    if isinstance(value, dict):
        return set().union({path}, *(fields(v, f"{path}.{k}") for k, v in value.items()))
    if isinstance(value, list):
        return set().union({path}, *(fields(v, f"{path}[{i}]") for i, v in enumerate(value)))
    return {path}

found = []
for file in sys.argv[2:]:
    for document in yaml.safe_load_all(open(file, encoding="utf-8")):
        found.append([file, document["kind"], problem(document, sys.argv[1])])
print(json.dumps(found))
"""

# What each of these must be refused for: the check can fail.
WRONG = {
    "a number where KEDA has a text": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: x}\n"
    "spec: {scaleTargetRef: {name: x}, triggers: [{type: rabbitmq, metadata: {value: 5}}]}\n",
    "a field KEDA has not": "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: x}\n"
    "spec: {scaleTargetRef: {name: x}, minReplicas: 1, triggers: [{type: rabbitmq, metadata: {value: \"5\"}}]}\n",
    "a field an HPA has not": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: x}\n"
    "spec: {scaleTargetRef: {kind: Deployment, name: x}, maxReplicas: 3, maxReplica: 4}\n",
}


def interpreter(folder):
    """A Python with the schemas, or the reason why there is none."""
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text() == "\n".join(PACKAGES):
        return python, None
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], capture_output=True, text=True,
                          check=False)
    if made.returncode != 0:
        return None, made.stderr.strip().splitlines()[-1:]
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20", *PACKAGES],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None, done.stderr.strip().splitlines()[-1:]
    stamp.write_text("\n".join(PACKAGES))
    return python, None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--windtunnel", type=Path, required=True)
    parser.add_argument("--schemas", type=Path, required=True, help="folder for the fetched schemas")
    options = parser.parse_args()
    python, reason = interpreter(options.schemas.resolve())
    if python is None:
        print(f"skipped: the schemas could not be fetched: {reason}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.yaml"
        job.write_text(JOB)
        files = []
        for index, scenario in enumerate([*(ROOT / "scenarios" / name for name in SCENARIOS), job]):
            out = Path(folder) / f"out{index}"
            subprocess.run([options.windtunnel, "export", "manifests", scenario, "-o", out], check=True)
            files += sorted(out.glob("*.yaml"))
        wrong = []
        for index, text in enumerate(WRONG.values()):
            wrong.append(Path(folder) / f"wrong{index}.yaml")
            wrong[-1].write_text(text)
        done = subprocess.run([python, "-c", CHECK, KUBERNETES, *map(str, files + wrong)],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr)
        return 1
    found = json.loads(done.stdout)
    bad = [entry for entry in found if "wrong" not in entry[0] and entry[2]]
    blind = [entry for entry in found if "wrong" in entry[0] and not entry[2]]
    for file, kind, problem in bad:
        print(f"FAILED  {Path(file).name}: {kind}: {problem}")
    for file, kind, _ in blind:
        print(f"FAILED  {Path(file).name}: {kind}: was to be refused")
    kinds = sorted({entry[1] for entry in found if "wrong" not in entry[0]})
    print(f"{len(found) - len(WRONG) - len(bad)} objects fit: {', '.join(kinds)}")
    return 1 if bad or blind or len(kinds) < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
