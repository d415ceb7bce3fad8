"""Executes a notebook in a clean kernel of this very interpreter."""

import sys

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from support import ROOT

FOLDER = ROOT / "notebooks"


class ThisInterpreter(KernelSpecManager):
    """Whatever `python3` kernel is installed, or comes first on the PATH: it is not the one under test."""

    def get_kernel_spec(self, kernel_name):
        argv = [sys.executable, "-B", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


def read(name):
    return nbformat.read(FOLDER / name, as_version=4)


def execute(notebook, folder=FOLDER):
    """{cell id: outputs}; raises what nbclient raises when a cell fails."""
    manager = KernelManager(kernel_spec_manager=ThisInterpreter())
    client = NotebookClient(notebook, km=manager, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def pictures(outputs):
    """PNG data, base64, of every picture of a cell."""
    return [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]


def text(outputs):
    """What a cell printed, and the HTML or text of what it returned."""
    shown = [o.get("text", "") for o in outputs]
    shown += [v for o in outputs for kind, v in o.get("data", {}).items() if kind != "image/png"]
    return "".join(shown)
