"""What a notebook or terminal shows: tables, HTML, figures."""

from html.parser import HTMLParser

import pytest
import windtunnel as wt
from matplotlib.figure import Figure
from matplotlib.text import Text
from support import MM1, POLICIES, ROOM, SHORT, command_line, program

NASTY = "<b>quality</b>"


class Tags(HTMLParser):
    """Collects tags, and complains about what is opened and not closed."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.open, self.text = set(), [], ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def nasty_result():
    source = wt.load(POLICIES).to_yaml().replace("quality", f'"{NASTY}"').replace(f'scaling."{NASTY}"', "scaling.x")
    scenario = wt.Scenario(source[: source.index("compare:")] + f'name: "{NASTY}"\n').set(SHORT)
    assert scenario.models == [NASTY]
    return wt.run(scenario, queries=True)


@pytest.fixture(scope="module")
def room():
    return wt.run(ROOM)


def test_html_escapes_names():
    result = nasty_result()
    comparison = wt.Comparison({NASTY: result})
    for shown in (result, comparison, result.decisions, result.queries):
        html = shown._repr_html_()
        tags = Tags(html)
        assert tags.seen == {"table", "caption", "thead", "tbody", "tr", "th", "td"}, type(shown)
        assert NASTY in tags.text and NASTY not in html


def test_html_says_what_the_summary_says(room):
    tags = Tags(room._repr_html_())
    assert f"{room.totals.queries.arrived:,}" in tags.text
    assert "render" in tags.text and "cost, USD" in tags.text


def test_text_is_the_command_lines_table(room):
    import subprocess

    printed = subprocess.run([program(), "run", ROOM, "--quiet"], capture_output=True, text=True, check=True).stdout
    assert str(room).strip().splitlines()[2:-2] == [
        line for line in printed.strip().splitlines()[2 : len(str(room).strip().splitlines()) - 2]
    ]
    assert max(map(len, str(room).splitlines())) <= 80


def test_repr_is_one_line(room):
    for shown in (room, room.totals, room.kills, room.series["cluster.nodes"], wt.load(MM1)):
        assert "\n" not in repr(shown) and repr(shown).startswith("<")
    assert f"{room.kills.rows} kills" in repr(room) and room.kills.rows > 0 and repr(room) != repr(wt.run(MM1))


def test_plot_draws_each_model_and_marks_the_kills(room):
    figure = room.plot()
    assert isinstance(figure, Figure)
    backlog, replicas, memory = figure.axes
    assert [line.get_label() for line in backlog.get_lines()] == room.ran.models
    assert (backlog.get_ylabel(), replicas.get_ylabel()) == ("backlog, queries", "ready replicas")
    assert memory.get_ylabel() == "memory used, GiB"
    marks = [line for line in memory.get_lines() if line.get_label().startswith("kill")]
    assert sum(len(line.get_xdata()) for line in marks) == room.kills.rows
    figure.canvas.draw()


def test_a_comparisons_plot_draws_each_variant():
    comparison = wt.compare(POLICIES, set=SHORT)
    figure = comparison.plot()
    assert isinstance(figure, Figure)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["kills", "response time", "cost", "backlog of all models"]
    assert [line.get_label() for line in figure.axes[-1].get_lines()] == list(comparison)
    figure.canvas.draw()


def test_plotting_leaves_no_figure_open(room):
    from matplotlib import pyplot

    room.plot()
    assert pyplot.get_fignums() == []


def test_the_command_line_and_the_package_are_of_one_version():
    assert command_line("run", MM1, "--set", "horizon=10m")["version"] == wt.__version__


def test_variants_with_other_models_are_drawn_with_gaps():
    apart = {"models.quality.copies": 2, "scaling": {}, "expect": []}
    for variants in ({"two": apart, "one": {}}, {"one": {}, "two": apart}):
        figure = wt.compare(POLICIES, variants, set=SHORT).plot()
        labels = [text.get_text() for axes in figure.axes for text in (axes.get_legend() or axes).findobj(Text)]
        for model in ("quality", "quality-0", "quality-1"):
            assert f"{model} p95" in labels
        figure.canvas.draw()


def test_dollar_signs_in_names_are_no_formulas():
    name = r"a $\\frac{$ b"
    comparison = wt.compare(POLICIES, {name: {}, "5$ $": {}}, set=SHORT | {"name": "cost in $_$"})
    for figure in (comparison.plot(), comparison[name].plot()):
        figure.canvas.draw()  # a formula that is none would raise here
    titles = [text.get_text() for text in comparison[name].plot().texts]
    assert titles == [r"cost in \$_\$, seed 3"]


def test_runs_in_which_nothing_happens_are_drawn():
    nobody = {"horizon": "61s", "warm_up": "0s", "workload": [
        {"model": "quality", "arrivals": {"process": "poisson", "rate": "0.000001/s"}}]}
    wt.compare(POLICIES, {"a": {}, "b": {}}, set=nobody).plot().canvas.draw()
