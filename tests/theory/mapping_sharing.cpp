// Round robin and discriminatory processor sharing: a job is a process, and the GPU is the server they share.
#include <array>

#include <fmt/format.h>

#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

// Processes on the card, one job each. The cases are far from full: at a load of 0.7 a hundred jobs are present with a
// chance below 1e-15, so that nobody ever queues outside.
constexpr int kProcesses = 100;

std::string shared_card(int processes, const std::string& sharing) {
  return fmt::format(
      "cluster: {{node_pools: {{pool: {{gpu: A10G, gpus: 1, nodes: 1, "
      "sharing: {{mode: time_slicing, replicas: {}, efficiency: 1, {}}}}}}}}}\n",
      processes, sharing);
}

void require_one_open_server(Fields& fields) {
  if (fields.integer("servers") != 1) throw NotUnderstood("a shared card on several servers");
  if (fields.has("capacity") && !fields.at("capacity").is_null()) throw NotUnderstood("a shared card with a capacity");
}

System map_round_robin(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out{.turns = true};
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto service = law_yaml(fields.at("service"));
  require_one_open_server(fields);
  if (fields.text("discipline") != "round_robin") throw NotUnderstood("a discipline other than round_robin");
  const auto turns = turns_yaml(fields);
  skip_initial(fields);
  fields.finish();
  const auto thresholds = thresholds_yaml(oracle);
  out.models = fmt::format(
      "models:\n  job:\n    service_time: {}\n    concurrency: 1\n    dispatch: pull\n{}"
      "workload: [{{model: job, arrivals: {}}}]\n{}scaling: {{job: {{policy: fixed, replicas: {}}}}}\n",
      service, thresholds.empty() ? "" : "    " + thresholds + "\n", arrivals, shared_card(kProcesses, turns),
      kProcesses);
  return out;
}

/// Classes become models, and the weight of a class that of its model's turns.
System map_weighted(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  require_one_open_server(fields);
  if (fields.text("discipline") != "weighted_processor_sharing") {
    throw NotUnderstood("a discipline other than weighted_processor_sharing");
  }
  const auto& classes = fields.at("classes");
  if (!classes.is_array() || classes.empty() || classes.size() > 10) throw NotUnderstood("no list of classes");
  System out{.classes = static_cast<int>(classes.size()), .turns = true};
  std::string models = "models:\n", workload, scaling;
  for (int i = 0; i < out.classes; ++i) {
    Fields one(classes[static_cast<std::size_t>(i)], fmt::format("classes[{}]", i));
    models += fmt::format("  class-{}: {{service_time: {}, compute_weight: {}, concurrency: 1, dispatch: pull}}\n",
                          i + 1, law_yaml(one.at("service")), decimal(one.number("weight")));
    workload +=
        fmt::format("{}{{model: class-{}, arrivals: {}}}", i ? ", " : "", i + 1, arrivals_yaml(one.object("arrivals")));
    scaling += fmt::format("{}class-{}: {{policy: fixed, replicas: {}}}", i ? ", " : "", i + 1, kProcesses);
    one.finish();
  }
  skip_initial(fields);
  fields.finish();
  out.models = fmt::format("{}workload: [{}]\n{}scaling: {{{}}}\n", models, workload,
                           shared_card(kProcesses * out.classes, "switch_cost: 0s"), scaling);
  return out;
}

constexpr std::array kSharingFamilies{
    FamilyRule{"M/M/1 round robin with switch cost", map_round_robin},
    FamilyRule{"discriminatory processor sharing", map_weighted},
};

}  // namespace

std::string turns_yaml(Fields& fields) {
  const double quantum_s = fields.number("quantum_s"), switch_s = fields.number("switch_s");
  if (quantum_s <= 0 || switch_s < 0) throw NotUnderstood("slices that are not positive");
  if (const auto when = fields.text("switch_when"); when != "next_slice_is_another_job") {
    throw NotUnderstood("switches when " + when);
  }
  return fmt::format("form: quantum, slice: {}s, switch_cost: {}s", decimal(quantum_s), decimal(switch_s));
}

std::span<const FamilyRule> sharing_families() {
  return kSharingFamilies;
}

}  // namespace windtunnel::theory
