// What a run must be asked for each kind of measure.
#include <cmath>

#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"

namespace windtunnel::theory {
namespace {

double ratio(double numerator, std::uint64_t count) {
  return count ? numerator / static_cast<double>(count) : std::nan("");
}

const Histogram& sojourn(const RunResult& run, const System& system) {
  return system.stations > 1 ? run.pipelines.at(0).response_time : run.models.at(0).response_time;
}

const QueryCounts& queries(const RunResult& run, const System& system) {
  return system.stations > 1 ? run.pipelines.at(0).queries : run.models.at(0).queries;
}

/// Share of counted times at or below a threshold; NaN, which passes no check, when the run kept no such counter.
double share_at(const std::vector<ThresholdCount>& counters, double at_s, std::uint64_t count) {
  for (const auto& counter : counters) {
    if (std::abs(counter.at_s - at_s) < 2e-9) return ratio(static_cast<double>(counter.at_or_below), count);
  }
  return std::nan("");
}

[[noreturn]] void unknown(const Measure& measure) {
  throw NotUnderstood("measure " + measure.kind + " of " + measure.of);
}

Recorder job_mean(const Measure& measure, const System& system) {
  if (measure.of == "sojourn") {
    return [system](const RunResult& run) {
      const auto& times = sojourn(run, system);
      return ratio(times.sum_s(), times.count());
    };
  }
  if (measure.of == "sojourn_squared") {
    return [system](const RunResult& run) {
      const auto& times = sojourn(run, system);
      return ratio(times.sum_squares_s2(), times.count());
    };
  }
  if (system.stations > 1) unknown(measure);
  if (measure.of == "wait") {
    return [](const RunResult& run) {
      const auto& times = run.models.at(0).queueing_delay;
      return ratio(times.sum_s(), times.count());
    };
  }
  if (measure.of == "slowdown") {
    // The scenario's work is the file's over `speed`, so its slowdown is `speed` times too large.
    return [speed = system.speed](const RunResult& run) {
      const auto& model = run.models.at(0);
      return ratio(model.slowdown_sum / speed, model.queries.completed);
    };
  }
  unknown(measure);
}

Recorder job_fraction(const Measure& measure, const System& system) {
  if (system.stations > 1) unknown(measure);
  if (measure.of == "waits") {
    return [](const RunResult& run) {
      const auto& model = run.models.at(0);
      return ratio(static_cast<double>(model.waited), model.queries.completed);
    };
  }
  if (measure.of == "rejected") {
    if (!measure.jobs.empty()) throw NotUnderstood("rejected among " + measure.jobs + " jobs");
    return [](const RunResult& run) {  // over jobs that leave in the window
      const auto& counts = run.models.at(0).queries;
      return ratio(static_cast<double>(counts.rejected), counts.rejected + counts.completed);
    };
  }
  unknown(measure);
}

Recorder job_cdf(const Measure& measure, const System& system) {
  if (!measure.at_s) throw NotUnderstood("job_cdf without at_s");
  const double at_s = *measure.at_s;
  if (measure.of == "sojourn") {
    return [system, at_s](const RunResult& run) {
      const auto& counters =
          system.stations > 1 ? run.pipelines.at(0).response_thresholds : run.models.at(0).response_thresholds;
      return share_at(counters, at_s, sojourn(run, system).count());
    };
  }
  if (measure.of == "wait" && system.stations == 1) {
    return [at_s](const RunResult& run) {
      const auto& model = run.models.at(0);
      return share_at(model.queueing_thresholds, at_s, model.queueing_delay.count());
    };
  }
  unknown(measure);
}

Recorder time_average(const Measure& measure, const System& system) {
  if (system.stations > 1) unknown(measure);
  if (measure.of == "queued") return [](const RunResult& run) { return run.models.at(0).queued.mean; };
  if (measure.of == "backlog") return [](const RunResult& run) { return run.models.at(0).backlog.mean; };
  if (measure.of == "busy") return [](const RunResult& run) { return run.models.at(0).busy_replicas.mean; };
  if (measure.of == "empty") return [](const RunResult& run) { return run.models.at(0).empty_share; };
  if (measure.of == "busy_per_server") {
    return [c = system.servers](const RunResult& run) { return run.models.at(0).busy_replicas.mean / c; };
  }
  unknown(measure);
}

Recorder rate(const Measure& measure, const System& system) {
  if (measure.of == "completions" && !measure.station) {
    return [system, unit = measure.unit_s](const RunResult& run) {
      return static_cast<double>(queries(run, system).completed) / run.measured_s * unit;
    };
  }
  if (measure.of == "visits" && measure.station) {
    return [station = static_cast<std::size_t>(*measure.station - 1), unit = measure.unit_s](const RunResult& run) {
      return static_cast<double>(run.models.at(station).queries.completed) / run.measured_s * unit;
    };
  }
  unknown(measure);
}

}  // namespace

Recorder make_recorder(const Measure& measure, const System& system) {
  if (system.recorder) return system.recorder(measure);
  const bool by_job = measure.kind.starts_with("job_") && measure.of != "rejected";
  if (!measure.jobs.empty() && measure.jobs != "accepted" && measure.jobs != "served") {
    throw NotUnderstood("population \"" + measure.jobs + "\"");
  }
  if (by_job && system.rejects && measure.jobs.empty())
    throw NotUnderstood("times of all jobs, rejected ones included");
  if ((measure.unit_s != 1 && measure.kind != "rate") || (measure.at_s && measure.kind != "job_cdf") ||
      (measure.station && measure.kind != "rate" && measure.kind != "visit_mean") || measure.job || measure.event ||
      (!measure.per.empty() && !(system.batches && measure.per == "batch"))) {
    throw NotUnderstood("measure " + measure.kind + " with a field it does not take");
  }
  if (measure.station && (*measure.station < 1 || *measure.station > system.stations)) {
    throw NotUnderstood("station " + std::to_string(*measure.station));
  }
  if (auto special = special_recorder(measure, system)) return special;
  if (measure.kind == "job_mean") return job_mean(measure, system);
  if (measure.kind == "job_fraction") return job_fraction(measure, system);
  if (measure.kind == "job_cdf") return job_cdf(measure, system);
  if (measure.kind == "time_average") return time_average(measure, system);
  if (measure.kind == "rate") return rate(measure, system);
  if (measure.kind == "visit_mean" && measure.of == "sojourn" && measure.station) {
    return [station = static_cast<std::size_t>(*measure.station - 1)](const RunResult& run) {
      const auto& times = run.models.at(station).response_time;
      return ratio(times.sum_s(), times.count());
    };
  }
  unknown(measure);
}

}  // namespace windtunnel::theory
