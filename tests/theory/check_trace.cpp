// Deterministic traces: a fixed list of queries goes in as a recorded trace, completion times come out exactly.
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/theory/check_case.hpp"
#include "tests/theory/fields.hpp"
#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

struct TraceJob {
  double arrival_s = 0, work_s = 0, weight = 1;
};

std::vector<TraceJob> read_jobs(const nlohmann::json& list) {
  std::vector<TraceJob> jobs;
  for (const auto& entry : list) {
    Fields fields(entry, "jobs[]");
    jobs.push_back({fields.number("arrival_s"), fields.number("work_s"), fields.number("weight")});
    fields.skip({"arrival_exact", "work_exact"});
    fields.finish();
    if (jobs.size() > 1 && jobs.back().arrival_s < jobs[jobs.size() - 2].arrival_s) {
      throw NotUnderstood("jobs out of arrival order");
    }
  }
  return jobs;
}

/// The largest unit in which every amount of work is a whole number that a size (a float) holds exactly.
double work_unit_s(const std::vector<TraceJob>& jobs) {
  for (const double unit : {1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9}) {
    bool fits = true;
    for (const auto& job : jobs) {
      const double items = std::round(job.work_s / unit);
      fits = fits && items >= 1 && items <= 1 << 24 && std::abs(items * unit - job.work_s) < 1e-12;
    }
    if (fits) return unit;
  }
  throw NotUnderstood("work that is no whole number of nanoseconds, or too wide a range of it");
}

/// How a discipline is served: how many replicas of each model on how many GPUs, shared in what way, and how many
/// queries each replica has in service.
struct Discipline {
  int replicas = 1, gpus = 1;
  std::string concurrency = "1", sharing = "exclusive";
  bool weighted = false;  // jobs of one weight are a model of their own
};

/// @param jobs  so many processes are enough where each job is one
Discipline read_discipline(Fields fields, std::size_t jobs) {
  Discipline out;
  const auto name = fields.text("discipline");
  const int servers = fields.integer("servers");
  fields.skip({"name"});
  if (name == "processor_sharing" && servers == 1) {
    out.concurrency = "{limit: unlimited, scaling: shared}";
  } else if ((name == "weighted_processor_sharing" || name == "round_robin") && servers == 1) {
    out.weighted = name != "round_robin";
    out.replicas = static_cast<int>(jobs);
    const auto form = out.weighted ? "switch_cost: 0s" : turns_yaml(fields);
    fields.skip({"quantum_exact", "switch_exact"});
    out.sharing = fmt::format("{{mode: time_slicing, replicas: {}, efficiency: 1, {}}}", jobs * jobs, form);
  } else if (name == "fcfs" && servers >= 1) {
    out.replicas = out.gpus = servers;
  } else {
    throw NotUnderstood(fmt::format("discipline \"{}\" on {} servers", name, servers));
  }
  fields.finish();
  return out;
}

/// Writes down when each query completed, by order of arrival.
class CompletionTimes : public RunObserver {
 public:
  explicit CompletionTimes(std::size_t count) : at_s(count, std::nan("")) {}
  bool wants_queries() const override { return true; }
  void on_query(const QueryRecord& query) override {
    if (query.completed && query.serial < at_s.size()) at_s[query.serial] = to_seconds(query.ended);
  }
  std::vector<double> at_s;
};

/// A folder of its own for the trace file, removed in the end.
class ScratchFolder {
 public:
  ScratchFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "windtunnel-theory-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make a folder " + pattern);
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::vector<double> replay(const std::vector<TraceJob>& jobs, const Discipline& discipline) {
  const double unit_s = work_unit_s(jobs);
  const ScratchFolder folder;
  std::ofstream csv(folder.path() / "jobs.csv");
  csv << "timestamp,model,size\n";
  std::map<std::string, double> weights;  // by model
  for (const auto& job : jobs) {
    const std::string model = discipline.weighted ? fmt::format("weight-{}", decimal(job.weight)) : "station";
    weights[model] = discipline.weighted ? job.weight : 1;
    csv << decimal(job.arrival_s) << ',' << model << ',' << decimal(std::round(job.work_s / unit_s)) << '\n';
  }
  csv.close();
  std::string models, map, scaling;
  for (const auto& [name, weight] : weights) {
    models += fmt::format(
        "  {}: {{latency: {{fixed: 0s, per_item: {}s}}, concurrency: {}, dispatch: pull, compute_weight: {}}}\n", name,
        decimal(unit_s), discipline.concurrency, decimal(weight));
    map += fmt::format("{}{}: {}", map.empty() ? "" : ", ", name, name);
    scaling += fmt::format("  {}: {{policy: fixed, replicas: {}}}\n", name, discipline.replicas);
  }
  const auto text = fmt::format(
      "schema: 1\nname: trace\nrun: to_empty\nmodels:\n{}"
      "workload: [{{queries: {}, trace: {{file: jobs.csv, rebase: false, map: {{{}}}}}}}]\n"
      "cluster: {{node_pools: {{pool: {{gpu: A10G, gpus: 1, sharing: {}, nodes: {}}}}}}}\nscaling:\n{}",
      models, jobs.size(), map, discipline.sharing, discipline.gpus, scaling);
  const auto scenario = parse_scenario(text, "trace.yaml", folder.path());
  if (!scenario) throw std::runtime_error("the scenario made from it is refused: " + scenario.problems()[0].text());
  CompletionTimes times(jobs.size());
  const auto run = simulate(*scenario, {.seed = 1, .observer = &times});
  if (!run) throw std::runtime_error(run.problems()[0].text());
  return times.at_s;
}

/// Completion times under every discipline of the file that this engine has; the others say why not.
struct Replays {
  std::map<std::string, std::vector<double>> done_s;
  std::map<std::string, std::string> not_understood, broken;
};

Replays replay_all(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const auto jobs = read_jobs(fields.at("jobs"));
  const auto& disciplines = fields.at("disciplines");
  fields.skip({"initial"});
  fields.finish();
  Replays out;
  for (const auto& entry : disciplines) {
    const auto name = Fields(entry, "disciplines[]").text("name");
    try {
      out.done_s[name] = replay(jobs, read_discipline(Fields(entry, "disciplines[]"), jobs.size()));
    } catch (const NotUnderstood& why) {
      out.not_understood[name] = why.what();
    } catch (const std::exception& error) {
      out.broken[name] = error.what();
    }
  }
  return out;
}

Row check_row(const Quantity& quantity, const Replays& replays) {
  Row row{.name = quantity.name, .target = quantity.target, .note = quantity.not_understood};
  const auto& measure = quantity.measure;
  if (!row.note.empty()) return row;
  if (measure.kind != "completion_time" || !measure.job || quantity.tolerance != ToleranceKind::exact) {
    row.note = "measure " + measure.kind + " of " + measure.of;
  } else if (const auto why = replays.not_understood.find(measure.of); why != replays.not_understood.end()) {
    row.note = why->second;
  } else if (const auto error = replays.broken.find(measure.of); error != replays.broken.end()) {
    row.state = RowState::failed, row.note = error->second;
  } else if (const auto it = replays.done_s.find(measure.of);
             it == replays.done_s.end() || *measure.job < 0 || *measure.job >= static_cast<int>(it->second.size())) {
    row.note = "no such discipline or job";
  } else {
    row.seen.mean = it->second[static_cast<std::size_t>(*measure.job)];
    const bool right = judge(row.seen, quantity, 0) == Verdict::passed;
    row.state = right ? RowState::passed : RowState::failed;
    row.note = right ? "" : "another completion time";
  }
  return row;
}

}  // namespace

CaseReport check_trace(const OracleCase& oracle) {
  Replays replays;
  std::string why;
  try {
    if (oracle.kind != "deterministic") throw NotUnderstood("kind \"" + oracle.kind + "\"");
    replays = replay_all(oracle);
  } catch (const NotUnderstood& reason) {
    why = reason.what();
  }
  CaseReport report;
  for (const auto& quantity : oracle.quantities) {
    report.rows.push_back(why.empty() ? check_row(quantity, replays)
                                      : Row{.name = quantity.name, .target = quantity.target, .note = why});
  }
  return report;
}

}  // namespace windtunnel::theory
