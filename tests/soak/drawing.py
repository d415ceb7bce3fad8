"""Values for a scenario's keys, drawn from its JSON Schema: near the default, or in range where there is none."""
import math
import re

NOTHING = object()  # no value can be drawn: a name, a file, a manifest
MOST = 12           # of a whole number without a default: more replicas or nodes only take longer
OF_OPTIONAL = 0.3   # share of an object's optional keys that are given
AT_THE_EDGE = 0.04  # share of numbers that are their limit
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
BYTES = {"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def seconds_of(text):
    parts = re.findall(r"([\d.]+(?:e-?\d+)?)(ns|us|ms|min|s|m|h|d)", text)
    return sum(float(number) * SECONDS[unit] for number, unit in parts)


def bytes_of(text):
    found = re.match(r"([\d.]+)([kKMGi]*B?)", text)
    return float(found[1]) * BYTES.get(found[2], 1) if found else 0.0


class Drawer:
    def __init__(self, schema, rng):
        self.schema, self.rng = schema, rng

    def value(self, node, depth=0):
        """A value for what `node` describes, or NOTHING."""
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[1]
            scalar = getattr(self, f"_{name}", None)
            return scalar(node) if scalar else self.value(self.schema["$defs"][name], depth)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self.rng.choice(node["enum"])
        if "anyOf" in node:
            return self.value(self.rng.choice(node["anyOf"]), depth)
        kind = node.get("type")
        if kind == "object":
            return self._object(node, depth)
        if kind == "array":
            if "items" not in node:
                return NOTHING
            items = [self.value(node["items"], depth + 1) for _ in range(self.rng.randint(1, 3))]
            return NOTHING if NOTHING in items else items
        if kind == "boolean":
            return self.rng.random() < 0.5
        if kind == "integer":
            return self._whole(node)
        return self._number(node) if kind == "number" else NOTHING

    def _object(self, node, depth):
        properties = node.get("properties", {})
        required = set(node.get("required", []))
        if "allOf" in node:  # one of several kinds, told apart by a key
            node = self.rng.choice(node["allOf"])["then"]
            properties, required = node.get("properties", {}), set(node.get("required", []))
        drawn = {}
        for name, inner in properties.items():
            if name not in required and "const" not in inner and (depth > 4 or self.rng.random() > OF_OPTIONAL):
                continue
            value = self.value(inner, depth + 1)
            if value is not NOTHING:
                drawn[name] = value
            elif name in required:
                return NOTHING
        return drawn or NOTHING

    def _around(self, middle, least, most):
        return min(most, max(least, middle * math.exp(self.rng.gauss(0, 1.2))))

    def _between(self, least, most):
        return math.exp(self.rng.uniform(math.log(least), math.log(most)))

    def _whole(self, node):
        least, most = int(node.get("minimum", 0)), int(node.get("maximum", 10**6))
        if self.rng.random() < AT_THE_EDGE:
            return least
        if "default" in node:
            return round(self._around(max(1, float(node["default"])), least, min(most, 10**4)))
        return self.rng.randint(least, max(least, min(most, MOST)))

    def _number(self, node):
        least = node.get("minimum", node.get("exclusiveMinimum", 0.0))
        most = node.get("maximum", 1e3)
        if self.rng.random() < AT_THE_EDGE and "minimum" in node and "maximum" in node and most <= 1e3:
            return self.rng.choice([least, most])
        default = float(node["default"]) if re.fullmatch(r"[\d.]+", str(node.get("default", ""))) else None
        if default:
            return round(self._around(default, least, most), 6)
        return round(self.rng.uniform(least, min(most, 1.0 if most <= 1 else 5.0)), 6) or least

    def _duration(self, node):
        default = seconds_of(node["default"]) if "default" in node else 0
        return f"{self._around(default, 1e-3, 1e6) if default else self._between(0.05, 1200):.4g}s"

    def _bytes(self, node):
        default = bytes_of(node["default"]) if "default" in node else 0
        return f"{round((self._around(default, 0, 2**37) if default else self._between(2**22, 2**34)) / 2**20)}MiB"

    def _bandwidth(self, _):
        return f"{round(self._between(20, 5000))}MB/s"

    def _rate(self, _):
        return f"{self._between(0.05, 10):.3g}/s"

    def _price(self, _):
        return f"{self._between(0.1, 10):.3g}/h"
