"""Compares a hand-kept stub with the module it describes: names, members of classes, parameters in order."""

import ast
import re

OWN_DUNDERS = {"__len__", "__init__"}  # what a stub tells of pybind11's many


def of_stub(text):
    """{name: parameters or None}: `run` -> ["variants", ...], `Run.models` -> None, `Column` -> None."""
    out = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            out[node.name] = _parameters(node)
        elif isinstance(node, ast.AnnAssign):
            out[node.target.id] = None
        elif isinstance(node, ast.ClassDef):
            out[node.name] = None
            for member in node.body:
                if isinstance(member, ast.FunctionDef):
                    is_property = any(getattr(one, "id", "") == "property" for one in member.decorator_list)
                    out[f"{node.name}.{member.name}"] = None if is_property else _parameters(member)
        elif not isinstance(node, (ast.Import, ast.ImportFrom, ast.Expr)):
            raise AssertionError(f"the stub holds a {type(node).__name__} (line {node.lineno}), which is not compared")
    return out


def _parameters(node):
    return [argument.arg for argument in node.args.args if argument.arg != "self"]


def of_module(module):
    """The same of the built module, parameters from pybind11's docstrings."""
    out = {}
    for name, value in vars(module).items():
        if name.startswith("_") and name != "__version__":
            continue
        if isinstance(value, type):
            out[name] = None
            for member, its in vars(value).items():
                if member == "__init__" and "->" not in (its.__doc__ or ""):
                    continue  # no constructor bound: Python cannot make one
                if not member.startswith("_") or member in OWN_DUNDERS:
                    out[f"{name}.{member}"] = None if isinstance(its, property) else _documented(its.__doc__)
        else:
            out[name] = _documented(value.__doc__) if callable(value) else None
    return out


def _documented(doc):
    """Names from `name(self: X, a: int, b: List[Tuple[str, int]] = 3) -> Y`."""
    inside = re.search(r"\((.*)\) ->", doc.splitlines()[0]).group(1)
    flat, depth = "", 0
    for letter in inside:
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(letter, 0)
        flat += letter if depth == 0 or letter not in "," else ";"
    names = [part.split(":")[0].strip() for part in flat.split(",") if part.strip()]
    return [name for name in names if name != "self"]


def differences(stub, module):
    """One line for each place where they disagree."""
    for name in sorted({*stub, *module}):
        if name not in module:
            yield f"{name}: in the stub, not in the module"
        elif name not in stub:
            yield f"{name}: in the module, not in the stub"
        elif stub[name] != module[name]:
            yield f"{name}: parameters {stub[name]} in the stub, {module[name]} in the module"
