// The readers of a scenario's blocks. Each takes its part of the tree, adds what is wrong to the problems, and appends
// what it made to the scenario and to the resolved tree.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// A name of `models` as the file has it, with its copies.
struct ModelGroup {
  std::string name;
  std::vector<std::size_t> members;  ///< into Scenario::models
  const Node* node = nullptr;
  bool ok = true;  ///< nothing was wrong with it
};

/// One reading of one document.
struct Reading {
  const Node& root;
  std::filesystem::path folder;  ///< what trace files are relative to
  ProblemList problems{};
  Scenario scenario{};
  Node resolved = Node::map();
  std::vector<ModelGroup> groups{};
  std::vector<const Node*> pool_nodes{};  ///< by pool
  std::vector<bool> pool_ok{};
  std::vector<std::string> trace_files{};  ///< as resolved, for the digest

  [[nodiscard]] const ModelGroup* group(std::string_view name) const;
  /// The model, all its copies, or the one copy of that name.
  [[nodiscard]] bool is_model(std::string_view name) const;
  [[nodiscard]] bool is_pipeline(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> model_names() const;
  [[nodiscard]] std::vector<std::string_view> pipeline_names() const;
};

void read_models(Reading& reading, const Node& models);
void read_pipelines(Reading& reading, const Node& pipelines);
void read_workload(Reading& reading, const Node& workload);
void read_cluster(Reading& reading, const Node* cluster);
/// `cluster.autoscaler`, `cluster.scheduler`, and a pool's `spot`.
void read_node_scaler(Reading& reading, const Node& node, Node& resolved);
void read_scheduler(Reading& reading, const Node& node, Node& resolved);
std::optional<SpotSpec> read_spot(ProblemList& problems, const Node* node, const std::string& path, Node& resolved,
                                  bool& ok);
/// Only where the file has it, so that it stands in the resolved scenario only then.
void read_metrics(Reading& reading, const Node* metrics);
void read_scaling(Reading& reading, const Node* scaling);
/// After scaling. Only where the file has it.
void read_vertical(Reading& reading, const Node& vertical);
void read_expect(Reading& reading, const Node& expect);
void read_compare(Reading& reading, const Node& compare);
/// Every model has a latency for, and fits on, some GPU of the cluster.
void check_fit(Reading& reading);
/// Every metric an HPA or a ScaledObject scales by can be had here: pods have the request and the usage, an exporter
/// offers the name.
void check_scaling_metrics(Reading& reading);

/// True if `name` may name a model, pipeline, pool or variant; else a problem.
bool check_name(ProblemList& problems, const Node& at, const std::string& path, const std::string& name);

/// One `latency` block: fixed and per_item, a law, or a table.
LatencySpec read_latency(ProblemList& problems, const Node& node, const std::string& path, Node& resolved, bool& ok);
/// The `memory` block of a model. @return false after a problem
bool read_memory(ProblemList& problems, const Node& node, const std::string& path, MemorySpec& out, Node& resolved);

/// The `variants` of a model, the rest of which is read. Null after a problem.
std::shared_ptr<const VariantsSpec> read_variants(ProblemList& problems, const Node& node, const std::string& path,
                                                  const ModelSpec& model, Node& resolved);

/// Reads one of the `sources` of a transform.
using SourceReader = std::function<WorkloadSpec(const Node& node, const std::string& path, Node& resolved)>;
/// The `transforms` of a workload entry's source.
std::vector<TransformSpec> read_transforms(ProblemList& problems, const Node& list, const std::string& path,
                                           Node& resolved, const SourceReader& read_source);

/// Pieces that models and pipelines share.
FaultsSpec read_faults(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok);
BatchSpec read_batch(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok);
/// The `queue` block; `model` is the whole of which it is a part. Nothing is resolved where the file says nothing.
QueueSpec read_queue(ProblemList& problems, const Node& model, const std::string& path, Node& resolved, bool& ok);
/// The model's keys over those of the broker it names.
Node with_queue_preset(ProblemList& problems, const Node& model, const std::string& path, bool& ok);
/// The `clients` block of a workload entry. @param closed  set where it is a closed loop
ClientSpec read_clients(ProblemList& problems, const Node& node, const std::string& path, Node& resolved,
                        std::optional<ClosedSpec>& closed);
/// The `probe`, `requests` and `termination` blocks of a model.
void read_pod(ProblemList& problems, const Node& model, const std::string& path, ModelSpec& out, Node& resolved,
              bool& ok);
SloSpec read_slo(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok);
std::vector<Duration> to_durations(const ParamSet& values, std::string_view name);

/// Cuts "rule; way out" into a problem's two halves.
void add_check_message(ProblemList& problems, const Node& at, const std::string& path, const std::string& message);

/// Reads the whole document.
Result<Scenario> read_scenario(const Node& root, std::string_view file_name, const std::filesystem::path& folder);

}  // namespace windtunnel
