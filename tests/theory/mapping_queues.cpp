// Batches, priorities and closed loops: one model whose queue or clients do more than wait.
#include <array>

#include <fmt/format.h>

#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

void require_single_queue(Fields& fields, const char* discipline) {
  if (fields.has("capacity") && !fields.at("capacity").is_null()) throw NotUnderstood("a capacity here");
  if (const auto text = fields.text("discipline"); text != discipline)
    throw NotUnderstood("discipline \"" + text + "\"");
}

std::string with_thresholds(const OracleCase& oracle) {
  const auto thresholds = thresholds_yaml(oracle);
  return thresholds.empty() ? "" : "    " + thresholds + "\n";
}

/// The whole batch takes one time: drawn whatever its size, or linear in it.
std::string batch_time_yaml(Fields time) {
  const auto kind = time.text("kind");
  if (kind == "random") {
    const nlohmann::json law = {{"law", time.at("law")}, {"mean_s", time.at("mean_s")}, {"scv", time.at("scv")}};
    time.finish();
    return "service_time: " + law_yaml(law);
  }
  if (kind != "linear") throw NotUnderstood("batch time \"" + kind + "\"");
  const double base = time.number("base_s"), each = time.number("per_job_s");
  time.finish();
  return "latency: {fixed: " + decimal(base) + "s, per_item: " + decimal(each) + "s}";
}

System map_batches(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out{.batches = true};
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  out.servers = positive(fields, "servers");
  require_single_queue(fields, "fcfs");
  auto batching = fields.object("batching");
  const int min = positive(batching, "min");
  const std::string max = batching.number_or_null("max") ? std::to_string(positive(batching, "max")) : "unlimited";
  if (!batching.at("timeout_s").is_null()) throw NotUnderstood("batches with a time-out");
  const auto time = batch_time_yaml(batching.object("batch_time"));
  batching.finish();
  skip_initial(fields);
  fields.finish();
  out.models = fmt::format(
      "models:\n  station:\n    {}\n    batch: {{max: {}, min: {}}}\n{}"
      "workload: [{{model: station, arrivals: {}}}]\n{}scaling: {{station: {{policy: fixed, replicas: {}}}}}\n",
      time, max, min, with_thresholds(oracle), arrivals, pool_yaml(out.servers), out.servers);
  return out;
}

/// Classes are workloads of one model; the work of each is its queries' size.
System map_priorities(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const auto& classes = fields.at("classes");
  if (!classes.is_array() || classes.empty() || classes.size() > 10) throw NotUnderstood("no list of classes");
  System out{.priorities = static_cast<int>(classes.size())};
  out.servers = positive(fields, "servers");
  require_single_queue(fields, "priority");
  const auto preemption = fields.text("preemption");
  if (preemption != "none" && preemption != "resume") throw NotUnderstood("preemption \"" + preemption + "\"");
  std::string workload;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    Fields one(classes[i], fmt::format("classes[{}]", i));
    if (one.integer("priority") != static_cast<int>(i) + 1) throw NotUnderstood("classes out of order");
    workload += fmt::format("  - {{model: station, name: class-{}, priority: {}, size: {}, arrivals: {}}}\n", i + 1,
                            i + 1, size_law_yaml(one.at("service")), arrivals_yaml(one.object("arrivals")));
    one.finish();
  }
  skip_initial(fields);
  fields.finish();
  out.models = fmt::format(
      "models:\n  station:\n    latency: {{per_item: 1s}}\n    queue: {{discipline: priority, preemption: {}}}\n{}"
      "workload:\n{}{}scaling: {{station: {{policy: fixed, replicas: {}}}}}\n",
      preemption, with_thresholds(oracle), workload, pool_yaml(out.servers), out.servers);
  return out;
}

System map_closed_loop(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out;
  auto arrivals = fields.object("arrivals");
  if (const auto kind = arrivals.text("kind"); kind != "closed") throw NotUnderstood("arrivals \"" + kind + "\"");
  const int count = positive(arrivals, "clients");
  const auto think = law_yaml(arrivals.at("think"));
  arrivals.finish();
  const auto service = law_yaml(fields.at("service"));
  out.servers = positive(fields, "servers");
  require_single_queue(fields, "fcfs");
  auto initial = fields.object("initial");
  initial.number("jobs");
  if (initial.text("clients") != "thinking") throw NotUnderstood("clients that do not begin by thinking");
  initial.finish();
  fields.finish();
  out.models = fmt::format(
      "models:\n  station:\n    service_time: {}\n{}"
      "workload: [{{model: station, clients: {{count: {}, think: {}}}}}]\n"
      "{}scaling: {{station: {{policy: fixed, replicas: {}}}}}\n",
      service, with_thresholds(oracle), count, think, pool_yaml(out.servers), out.servers);
  return out;
}

constexpr std::array kQueueFamilies{
    FamilyRule{"M/M^(a,b)/1", map_batches},
    FamilyRule{"M/D^(1,b)/1, batch time linear in size", map_batches},
    FamilyRule{"priority M/G/1", map_priorities},
    FamilyRule{"closed loop M/M/c//N", map_closed_loop},
};

}  // namespace

std::span<const FamilyRule> queue_families() {
  return kQueueFamilies;
}

}  // namespace windtunnel::theory
