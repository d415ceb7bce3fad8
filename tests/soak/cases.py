"""One case: a shipped scenario under settings drawn from the schema, so that features meet that no file combines."""
import json
import random
from dataclasses import dataclass

from drawing import NOTHING, Drawer

LAYOUTS = (["3g.20gb", "1g.5gb", "1g.5gb", "1g.5gb"], ["1g.5gb"] * 7, ["7g.40gb"], ["2g.10gb", "2g.10gb", "3g.20gb"])
PARTS = {"of", "policies"}  # policies inside a policy
OUTERMOST = {"interval", "interval_phase", "interval_jitter", "scrape_interval", "reuse_draining", "scale_down_first",
             "scale_down", "keep_alive", "min", "max", "initial"}
FORMULAS = ("backlog * processing_time / (ready_replicas * concurrency)", "backlog / throughput", "oldest_age")


@dataclass
class Case:
    shipped: object
    seed: int
    settings: list  # (path, value)

    def arguments(self):
        return ["run", self.shipped.path, "--seed", self.seed, *self.overrides()]

    def overrides(self):
        return [word for path, value in self.settings for word in ("--set", f"{path}={text_of(value)}")]

    def without(self, message):
        """The same but for the settings that the message refuses; the last one where it names none of them."""
        left = [s for s in self.settings if f"--set {s[0]}:" not in message]
        return Case(self.shipped, self.seed, left if len(left) < len(self.settings) else left[:-1])


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


def draw(schema, all_of_them, seed, number):
    """Case `number` of `seed`: always the same one."""
    rng = random.Random(f"{seed}/{number}")
    shipped = rng.choice(all_of_them)
    maker = Maker(schema, rng, shipped)
    settings = maker.length()
    wanted = len(settings) + rng.randint(1, 7)
    while len(settings) < wanted:
        setting = rng.choices(*maker.kinds())[0]()
        if setting and setting[1] is not NOTHING:
            settings.append(setting)
    return Case(shipped, rng.randint(0, 10**6), settings)


class Maker:
    def __init__(self, schema, rng, shipped):
        self.schema, self.rng, self.shipped = schema["properties"], rng, shipped
        self.draw = Drawer(schema, rng)

    def kinds(self):
        return ((self.model, self.sharing, self.scaling, self.manifest, self.arrivals, self.stream, self.pool,
                 self.new_pool, self.cluster, self.metrics, self.vertical, self.to_empty),
                (8, 3, 4, 2, 2, 3, 4, 1, 2, 1, 1, 1))

    def length(self):
        """Short enough that several runs of it take seconds."""
        if self.shipped.by_queries:
            most = self.rng.choice([500, 5000])
            return [(f"workload.{i}.queries", most) for i in range(self.shipped.streams)]
        return [("horizon", f"{self.rng.choice([25, 45, 90])}m"), ("warm_up", self.rng.choice(["0s", "0s", "5m"]))]

    def within(self, path, node):
        """A key somewhere below: mostly one leaf, now and then a whole block."""
        while True:
            if "$ref" in node and node["$ref"].endswith("latency"):
                node = self.draw.schema["$defs"]["latency"]
            properties = node.get("properties")
            if not properties or "allOf" in node or self.rng.random() < 0.25:
                return path, self.draw.value(node)
            name = self.rng.choice(sorted(properties))
            path, node = f"{path}.{name}", properties[name]

    def model(self):
        keys = self.schema["models"]["additionalProperties"]["properties"]
        key = self.rng.choice(sorted(set(keys) - {"profile", "copies", "mig_profile"}))
        return self.within(f"models.{self.rng.choice(self.shipped.models)}.{key}", keys[key])

    def pools(self):
        return self.schema["cluster"]["properties"]["node_pools"]["additionalProperties"]["properties"]

    def pool(self):
        keys = self.pools()
        key = self.rng.choice(sorted(set(keys) - {"sharing"}))
        return self.within(f"cluster.node_pools.{self.rng.choice(sorted(self.shipped.pools))}.{key}", keys[key])

    def sharing(self):
        pool = self.rng.choice(sorted(self.shipped.pools))
        mode = {"mode": "mig", "layout": self.rng.choice(LAYOUTS)}
        if not self.shipped.pools[pool].startswith("A100-40") or self.rng.random() < 0.3:
            mode = self.draw.value(self.pools()["sharing"])
        return f"cluster.node_pools.{pool}.sharing", mode

    def new_pool(self):
        """Cheaper or dearer cards beside the others."""
        keys = self.pools()
        pool = {"gpu": self.rng.choice(sorted(set(self.shipped.pools.values()) | {"T4", "A10G"})),
                "nodes": {"min": 0, "max": self.rng.randint(1, 6)}}
        for key in ("price", "priority", "provision", "spot", "host_memory", "cpu"):
            if self.rng.random() < 0.5 and (value := self.draw.value(keys[key])) is not NOTHING:
                pool[key] = value
        return "cluster.node_pools.beside", pool

    def scaling(self):
        policy = self.policy(0)
        return f"scaling.{self.rng.choice(self.shipped.models)}", policy

    def policy(self, depth):
        kinds = [kind["then"] for kind in self.schema["scaling"]["additionalProperties"]["allOf"]]
        kinds = [k for k in kinds if "spec" not in k["properties"] and not (depth and k["properties"].keys() & PARTS)]
        chosen = self.rng.choice(kinds)
        kind, left_out = chosen["properties"], PARTS | {"value"} | (OUTERMOST if depth else set())
        policy = self.draw.value({"type": "object", "required": sorted(set(chosen.get("required", [])) - left_out),
                                  "properties": {k: v for k, v in kind.items() if k not in left_out}})
        if "of" in kind:
            policy["of"] = self.policy(depth + 1)
        elif "policies" in kind:
            policy["policies"] = [self.policy(depth + 1) for _ in range(2)]
        if "value" in kind:
            policy |= {"value": self.rng.choice(FORMULAS), "target": f"{self.rng.randint(1, 30)}s"}
        if "max" in kind and depth == 0:
            policy["max"] = self.rng.randint(1, 12)
            for key in ("min", "initial"):
                if key in policy:
                    policy[key] = min(policy[key], policy["max"])
        return policy

    def manifest(self):
        """What Kubernetes and KEDA take word for word."""
        model = self.rng.choice(self.shipped.models)
        least, most = self.rng.randint(0, 2), self.rng.randint(3, 12)
        seconds = self.rng.choice([0, 30, 300])
        if self.rng.random() < 0.5:
            external = {"metric": {"name": "rabbitmq_queue_messages", "selector": {"matchLabels": {"queue": model}}},
                        "target": {"type": "AverageValue", "averageValue": str(self.rng.randint(1, 9))}}
            behavior = {"scaleDown": {"stabilizationWindowSeconds": seconds,
                                      "policies": [{"type": "Percent", "value": 50, "periodSeconds": 60}]}}
            return f"scaling.{model}", {"policy": "hpa", "spec": {
                "minReplicas": max(1, least), "maxReplicas": most, "behavior": behavior,
                "metrics": [{"type": "External", "external": external}]}}
        trigger = self.rng.choice([
            {"type": "rabbitmq", "metadata": {"mode": "QueueLength", "value": "3", "protocol": "http"}},
            {"type": "aws-sqs-queue", "metadata": {"queueURL": f"https://sqs.eu-central-1.amazonaws.com/1/{model}",
                                                   "queueLength": "5"}}])
        kind = self.rng.choice(["keda", "keda", "keda_job"])
        spec = {"pollingInterval": self.rng.choice([5, 30]), "maxReplicaCount": most, "minReplicaCount": least,
                "triggers": [trigger]}
        if kind == "keda":
            spec["cooldownPeriod"] = seconds
        return f"scaling.{model}", {"policy": kind, "spec": spec}

    def stream(self):
        keys = self.schema["workload"]["items"]["properties"]
        key = self.rng.choice(["size", "priority", "keys", "clients", "clients"])
        return self.within(f"workload.{self.rng.randrange(self.shipped.streams)}.{key}", keys[key])

    def arrivals(self):
        process = self.draw.value({"$ref": "#/$defs/arrivals"})
        if isinstance(process, dict):
            process.pop("transforms", None)
        return f"workload.{self.rng.randrange(self.shipped.streams)}.arrivals", process

    def cluster(self):
        keys = self.schema["cluster"]["properties"]
        key = self.rng.choice(sorted(set(keys) - {"node_pools"}))
        return self.within(f"cluster.{key}", keys[key])

    def metrics(self):
        return self.within("metrics", self.schema["metrics"])

    def vertical(self):
        node = self.schema["vertical"]["additionalProperties"]
        value = self.draw.value(node)
        if value is not NOTHING:
            value["update"] = self.rng.choice(["initial", "rolling_restart"])
        return f"vertical.{self.rng.choice(self.shipped.models)}", value

    @staticmethod
    def to_empty():
        return "run", "to_empty"
