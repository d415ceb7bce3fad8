"""A case against the laws, through the command line alone."""
import json
import shutil
from dataclasses import replace

import h5py

from laws import breaches, breaches_of_file, differences, near

LIMIT_S = 30.0        # of one run; longer is not understood, neither right nor wrong
SHORT_S = 3.0         # of run time: longer ones are not run several times over
REPLICATIONS = 3
FIRST_ONLY = ("decisions", "kills", "kill_ledger", "scale_ups", "series")  # in result.h5, of the first replication


class TooLong(Exception):
    pass


class Unexpected(Exception):
    """A run that should have ended as the first one did, and did not."""


def summary_of(what, done):
    if done.code != 0:
        raise Unexpected(f"{what}: exit code {done.code}: {done.err.strip()[-400:] or 'no message'}")
    return done.summary()


class Checker:
    def __init__(self, program, folder, cards, rng):
        self.program, self.folder, self.cards, self.rng = program, folder, cards, rng
        self.refused = 0

    def accepted(self, case):
        """The case without what is refused, and its first run. A refusal must be a message and exit code 2."""
        while True:
            done = self._run(case, "--format", "json", "-o", self._fresh("first"),
                             "--per-query", self.folder / "first.csv")
            if done.code != 2 or not case.settings:
                return case, done
            self.refused += 1
            if not done.err.strip() or any(": " not in line for line in done.err.splitlines()):
                return case, done
            case = case.without(done.err)

    def check(self, case, done):
        """Every breach, one line each."""
        try:
            yield from self._laws(case, summary_of("run", done))
        except Unexpected as unexpected:
            yield str(unexpected)

    def _laws(self, case, summary):
        resolved = (self.folder / "first/scenario.resolved.yaml").read_text()
        yield from breaches(summary, self._largest_card(resolved))
        yield from breaches_of_file(self.folder / "first/result.h5", summary)
        yield from self._again(case, summary)
        if summary["engine"]["wall_s"] > SHORT_S:
            return
        yield from self._replications(case, summary)
        yield from self._weather(case, summary, resolved)
        yield from self._other_verb(case)

    def _run(self, case, *more):
        return self._verb(["run"], case, *more, "--quiet")

    def _verb(self, verb, case, *more):
        done = self.program.run(*verb, *case.arguments()[1:], *more, limit_s=LIMIT_S)
        if done.code is None:
            raise TooLong
        return done

    def _fresh(self, name):
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.folder / name

    def _largest_card(self, resolved):
        return max(size for name, size in self.cards.items() if f"gpu: {name}\n" in resolved)

    def _again(self, case, summary):
        """Law 2, and that files change nothing: the same without them, and the same bytes in them."""
        again = summary_of("without -o", self._run(case, "--format", "json"))
        yield from (f"without -o: {line}" for line in differences(summary, again))
        self._run(case, "-o", self._fresh("second"), "--per-query", self.folder / "second.csv")
        for one, other in (("first/result.h5", "second/result.h5"), ("first.csv", "second.csv"),
                           ("first/scenario.resolved.yaml", "second/scenario.resolved.yaml")):
            if (self.folder / one).read_bytes() != (self.folder / other).read_bytes():
                yield f"a second time: {other} has other bytes than {one}"

    def _replications(self, case, summary):
        """One thread as four; the first replication as the run alone; the mean as that of the runs alone."""
        seen = {}
        for threads in (1, 4):
            done = self._run(case, "--replications", REPLICATIONS, "--threads", threads, "--format", "json",
                             "-o", self._fresh(f"threads{threads}"),
                             "--per-query", self.folder / f"threads{threads}.csv")
            seen[threads] = summary_of(f"--threads {threads}", done)
        yield from (f"one thread and four: {line}" for line in differences(seen[1], seen[4]))
        if (self.folder / "threads1/result.h5").read_bytes() != (self.folder / "threads4/result.h5").read_bytes():
            yield "one thread and four: result.h5 differs"
        if (self.folder / "first.csv").read_bytes() != (self.folder / "threads1.csv").read_bytes():
            yield "--per-query: the first replication is another one than the run alone"
        yield from self._same_first()
        arrived = [summary["totals"]["queries"]["arrived"]]
        for seed in seen[1]["seeds"][1:]:
            done = self._run(replace(case, seed=seed), "--format", "json")
            arrived.append(summary_of(f"--seed {seed}", done)["totals"]["queries"]["arrived"])
        mean = seen[1]["totals"]["queries"]["arrived"]
        if not near(mean, sum(arrived) / len(arrived)):
            yield f"--replications: {mean} arrived on average, alone {arrived}"

    def _same_first(self):
        first, others = (self.folder / folder / "result.h5" for folder in ("first", "threads1"))
        with h5py.File(first) as one, h5py.File(others) as several:
            for group in FIRST_ONLY:
                if (group in one) != (group in several):
                    yield f"result.h5 /{group}: there with one run only, or with several only"
                for name in one.get(group, {}):
                    if one[group][name][:].tobytes() != several[group][name][:].tobytes():
                        yield f"result.h5 /{group}/{name}: of the first replication differs from the run alone"

    def _weather(self, case, summary, resolved):
        """Law 3: as many arrivals under another policy, where arrivals do not wait for answers."""
        # With a warm-up, what is inside at its end counts as arrived then.
        if "clients:" in resolved or "offered_load" in resolved or summary["warm_up_s"] > 0:
            return
        fixed = [(f"scaling.{name}", {"policy": "fixed", "replicas": self.rng.randint(1, 3)})
                 for name in case.shipped.models]
        done = self._run(replace(case, settings=[*case.settings, *fixed]), "--format", "json")
        if done.code == 2:  # a setting of the case speaks of its policy
            return
        one = summary["totals"]["queries"]["arrived"]
        other = summary_of("under fixed replicas", done)["totals"]["queries"]["arrived"]
        if one != other:
            yield f"under fixed replicas: {other} arrived, not {one}"

    def _other_verb(self, case):
        """What reads the same scenario must neither crash nor fail without a message."""
        verb = self.rng.choice([["check"], ["recommend"], ["export", "openmetrics"], ["compare"], ["run", "--explain"]])
        out = ["-o", self.folder / "metrics.txt"] if verb[0] == "export" else []
        done = self._verb(verb, case, *out)
        if done.code not in (0, 1, 2) or (done.code == 2 and not done.err.strip()):
            yield f"{' '.join(verb)}: exit code {done.code}: {done.err.strip()[-400:]}"


def cards_of(program):
    """Device memory in bytes, by name."""
    sizes = {}
    for card in json.loads(program.run("list", "gpus", "--format", "json").out):
        sizes[card["name"]] = int(card["memory"].removesuffix("MiB")) * 2**20
    return sizes
