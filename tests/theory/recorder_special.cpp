// What must be read otherwise where jobs have classes or are processes, and where servers pause or crash.
#include <cmath>

#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"

namespace windtunnel::theory {
namespace {

double per(double sum, std::uint64_t count) {
  return count ? sum / static_cast<double>(count) : std::nan("");
}

[[noreturn]] void unknown_here(const Measure& measure) {
  throw NotUnderstood("measure " + measure.kind + " of " + measure.of + " in a system of this kind");
}

Recorder of_class(const Measure& measure, const System& system) {
  if (!measure.job_class) throw NotUnderstood("jobs of all classes together");
  if (*measure.job_class < 1 || *measure.job_class > system.classes) throw NotUnderstood("a class there is not");
  if (measure.kind != "job_mean" || measure.of != "sojourn") unknown_here(measure);
  return [model = static_cast<std::size_t>(*measure.job_class - 1)](const RunResult& run) {
    const auto& times = run.models.at(model).response_time;
    return per(times.sum_s(), times.count());
  };
}

Recorder of_priority(const Measure& measure, const System& system) {
  if (!measure.job_class) throw NotUnderstood("jobs of all classes together");
  if (*measure.job_class < 1 || *measure.job_class > system.priorities) throw NotUnderstood("a class there is not");
  const auto row = [priority = *measure.job_class](const RunResult& run) -> const ClassResult& {
    for (const auto& one : run.models.at(0).classes)
      if (one.priority == priority) return one;
    throw std::runtime_error("a class without queries");
  };
  if (measure.kind == "job_mean" && (measure.of == "sojourn" || measure.of == "wait")) {
    return [row, wait = measure.of == "wait"](const RunResult& run) {
      const auto& times = wait ? row(run).queueing_delay : row(run).response_time;
      return per(times.sum_s(), times.count());
    };
  }
  if (measure.kind == "job_cdf" && measure.of == "sojourn" && measure.at_s) {
    return [row, at_s = *measure.at_s](const RunResult& run) {
      for (const auto& counter : row(run).response_thresholds)
        if (std::abs(counter.at_s - at_s) < 2e-9)
          return per(static_cast<double>(counter.at_or_below), row(run).completed);
      return std::nan("");
    };
  }
  unknown_here(measure);
}

Recorder of_batches(const Measure& measure) {
  if (measure.per.empty()) return {};
  const std::string what = measure.kind + " " + measure.of + " " + measure.per;
  if (what == "event_mean batch_size batch") {
    return [](const RunResult& run) {
      const auto& batches = run.models.at(0).batches;
      return per(static_cast<double>(batches.queries), batches.begun);
    };
  }
  if (what == "event_fraction batch_of_max_size batch") {
    return [](const RunResult& run) {
      const auto& batches = run.models.at(0).batches;
      return per(static_cast<double>(batches.full), batches.begun);
    };
  }
  unknown_here(measure);
}

Recorder of_turns(const Measure& measure) {
  const bool by_time = measure.kind == "time_average";
  if (by_time && measure.of == "switching") return [](const RunResult& run) { return run.cluster.gpu_switching; };
  if (by_time && measure.of == "useful_work") {
    return [](const RunResult& run) { return run.cluster.gpu_utilization - run.cluster.gpu_switching; };
  }
  const bool usual = measure.of == "sojourn" || measure.of == "sojourn_squared" || measure.of == "backlog" ||
                     measure.of == "empty" || measure.of == "completions";
  if (!usual) unknown_here(measure);  // a wait for the first slice, or busy replicas, would be something else here
  return {};
}

Recorder of_crashes(const Measure& measure) {
  const std::string what = measure.kind + " " + measure.of;
  if (what == "job_mean crashes") {
    return [](const RunResult& run) {
      return per(static_cast<double>(run.models.at(0).kills.total), run.models.at(0).queries.completed);
    };
  }
  // Service and queueing are recorded about the start of the last try; `redelivery` is what lies before it.
  if (what == "job_mean first_start_to_completion") {
    return [](const RunResult& run) {
      const auto& model = run.models.at(0);
      return per(model.service_time.sum_s() + model.redelivery_s, model.service_time.count());
    };
  }
  if (what == "job_mean wait") {
    return [](const RunResult& run) {
      const auto& model = run.models.at(0);
      return per(model.queueing_delay.sum_s() - model.redelivery_s, model.queueing_delay.count());
    };
  }
  if (what == "time_average down") return [](const RunResult& run) { return 1 - run.models.at(0).ready_replicas.mean; };
  if (what == "time_average up") return [](const RunResult& run) { return run.models.at(0).ready_replicas.mean; };
  if (what == "time_average busy_or_down") {
    return [](const RunResult& run) {  // one that is down is not busy
      const auto& model = run.models.at(0);
      return model.busy_replicas.mean + 1 - model.ready_replicas.mean;
    };
  }
  const bool usual = measure.of == "sojourn" || measure.of == "sojourn_squared" || measure.of == "backlog" ||
                     measure.of == "empty" || measure.of == "completions";
  if (!usual) unknown_here(measure);
  return {};
}

Recorder of_pauses(const Measure& measure) {
  const auto down = [](const RunResult& run) { return run.models.at(0).paused_s / run.measured_s; };
  const bool by_time = measure.kind == "time_average";
  if (by_time && measure.of == "down") return down;
  if (by_time && measure.of == "up") return [down](const RunResult& run) { return 1 - down(run); };
  return {};
}

}  // namespace

Recorder special_recorder(const Measure& measure, const System& system) {
  if (system.classes > 0) return of_class(measure, system);
  if (system.priorities > 0) return of_priority(measure, system);
  if (measure.job_class) throw NotUnderstood("a class of jobs");
  if (system.batches) return of_batches(measure);
  if (system.turns) return of_turns(measure);
  if (system.crashes) return of_crashes(measure);
  if (system.pauses) return of_pauses(measure);
  return {};
}

}  // namespace windtunnel::theory
