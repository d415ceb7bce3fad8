// Running: the interpreter lock is let go, Ctrl-C works, progress comes about ten times a second.
#include <pybind11/stl.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>

#include "bindings/python/bind.hpp"
#include "bindings/python/python_policy.hpp"
#include "bindings/python/run_record.hpp"
#include "sim/runset/experiment.hpp"

namespace py = pybind11;

namespace windtunnel::python {
namespace {

/// Lets Python in between: signals (Ctrl-C) and the caller's progress. What is raised there stops the runs.
class Attendant {
 public:
  explicit Attendant(std::optional<py::function> on_progress) : on_progress_(std::move(on_progress)) {}

  void attend(const RunSetProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (stop_.load() || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const py::gil_scoped_acquire lock;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (on_progress_) (*on_progress_)(progress.share, progress.queries, progress.done, progress.total);
    } catch (...) {
      raised_ = std::current_exception();
      stop_.store(true);
    }
  }
  void end() { stop_.store(true); }
  [[nodiscard]] const std::atomic<bool>& stop() const { return stop_; }
  [[nodiscard]] const std::exception_ptr& raised() const { return raised_; }

 private:
  std::optional<py::function> on_progress_;
  std::chrono::steady_clock::time_point last_{};
  std::atomic<bool> stop_ = false;
  std::exception_ptr raised_;
};

/// Ends the calling thread without a word, as the interpreter is about to.
[[noreturn]] void leave() {
  PyErr_SetNone(PyExc_SystemExit);
  throw py::error_already_set();
}

/// What goes on now. A daemon thread may be inside a run when the interpreter ends; it could never take the lock again
/// and would be torn off in the middle of C++. The interpreter lock guards all of it, also across a fork.
class LiveRuns {
 public:
  void add(Attendant& run) {
    if (ending_ && std::this_thread::get_id() != ended_by_) leave();  // the hooks of the main thread may still run some
    runs_.push_back(&run);
  }
  void remove(Attendant& run) { std::erase(runs_, &run); }
  /// Stops all runs, waits until they have let go, and lets other threads begin no more.
  void end() {
    ending_ = true;
    ended_by_ = std::this_thread::get_id();
    for (Attendant* run : runs_) run->end();
    while (!runs_.empty()) {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();  // a policy that never returns
      const py::gil_scoped_release unlocked;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  /// In the child of a fork: the threads behind them are not there.
  void forget() { runs_.clear(); }

 private:
  std::vector<Attendant*> runs_;
  bool ending_ = false;
  std::thread::id ended_by_;
};

LiveRuns& live_runs() {
  static LiveRuns runs;
  return runs;
}

/// Make it before anything that holds Python objects: it goes last.
class Live {
 public:
  explicit Live(Attendant& run) : run_(run) { live_runs().add(run); }
  ~Live() { live_runs().remove(run_); }
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

 private:
  Attendant& run_;
};

/// Keeps the first replication whole and adds the distributions of the others to it.
void keep(RunRecord& record, std::uint64_t replication, RunResult&& result) {
  const std::lock_guard lock(record.merging);
  RunResult& first = record.first;
  if (!record.has_first) {
    first = std::move(result);
    record.has_first = true;
    return;
  }
  if (replication == 0) std::swap(first, result);
  for (std::size_t i = 0; i < first.models.size(); ++i) {
    first.models[i].response_time.merge(result.models[i].response_time);
    first.models[i].queueing_delay.merge(result.models[i].queueing_delay);
    first.models[i].service_time.merge(result.models[i].service_time);
  }
  for (std::size_t i = 0; i < first.pipelines.size(); ++i)
    first.pipelines[i].response_time.merge(result.pipelines[i].response_time);
}

using Variants = std::vector<std::tuple<std::string, std::shared_ptr<Scenario>, py::dict>>;
using Records = std::vector<std::shared_ptr<RunRecord>>;

Records run(const Variants& asked, std::uint64_t replications, int threads, bool keep_samples, bool keep_queries,
            const std::optional<std::string>& folder, std::optional<py::function> on_progress) {
  Attendant attendant(std::move(on_progress));
  const Live live(attendant);
  Records records;
  std::vector<Variant> variants;
  for (const auto& [name, scenario, policies] : asked) {
    auto& record = *records.emplace_back(
        std::make_shared<RunRecord>(Recorder::Keep{.samples = keep_samples, .queries = keep_queries}));
    for (const auto& model : scenario->models) record.models.push_back(model.name);
    for (const auto& pipeline : scenario->pipelines) record.pipelines.push_back(pipeline.name);
    variants.push_back({name, *scenario, policy_maker(policies, attendant.stop()), &record.recorder});
  }
  ExperimentOptions options{.replications = replications,
                            .how = {.threads = threads,
                                    .stop = &attendant.stop(),
                                    .on_progress = [&](const RunSetProgress& progress) { attendant.attend(progress); }},
                            .folder = {},
                            .per_query = {},
                            .on_run = [&](std::size_t variant, std::uint64_t replication, RunResult&& result) {
                              keep(*records[variant], replication, std::move(result));
                            }};
  if (folder) options.folder = *folder;
  bool complete = false;
  {
    const py::gil_scoped_release unlocked;
    auto summaries = unwrap(run_experiment(variants, options));
    complete = summaries.has_value();
    if (complete)
      for (std::size_t i = 0; i < records.size(); ++i) records[i]->summary = std::move((*summaries)[i]);
  }
  if (attendant.raised()) std::rethrow_exception(attendant.raised());
  if (!complete) leave();
  return records;
}

}  // namespace

void bind_run(py::module_& module) {
  module.def("run", &run, py::arg("variants"), py::arg("replications"), py::arg("threads"), py::arg("keep_samples"),
             py::arg("keep_queries"), py::arg("folder"), py::arg("on_progress"),
             "Runs every (name, scenario, {model: make policy}) on the same seeds; one Run for each.");
  module.def(
      "end_runs", [] { live_runs().end(); },
      "Stops all runs that go on and waits for them: the interpreter's end calls it.");
  py::module_::import("atexit").attr("register")(module.attr("end_runs"));
  py::module_::import("os").attr("register_at_fork")(py::arg("after_in_child") =
                                                         py::cpp_function([] { live_runs().forget(); }));
}

}  // namespace windtunnel::python
