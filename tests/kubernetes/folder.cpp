#include "tests/kubernetes/folder.hpp"

#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace windtunnel::kubernetes::testing {

const std::string kDeployment = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: quality
  annotations: {windtunnel/profile: clip-scorer}
spec:
  selector: {matchLabels: {app: quality}}
  template:
    metadata: {labels: {app: quality}}
    spec:
      nodeSelector: {nvidia.com/gpu.product: NVIDIA-A10G}
      containers:
        - name: server
          image: registry/quality:1
          resources:
            requests: {cpu: 500m, memory: 4Gi}
            limits: {nvidia.com/gpu: 1}
---
)";
const std::string kScaledObject = R"(apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: quality-scaler}
spec:
  scaleTargetRef: {name: quality}
  minReplicaCount: 1
  maxReplicaCount: 6
  triggers:
    - {type: rabbitmq, metadata: {mode: QueueLength, value: "5"}}
---
)";

Folder::Folder(const Files& files) {
  static int made = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("windtunnel-manifests-" + std::to_string(getpid()) + "-" + std::to_string(made++));
  for (const auto& [name, text] : files) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  trace_ = path_ / "trace.csv";
  std::ofstream(trace_) << "timestamp,model\n0.5,quality\n1.5,quality\n2.5,room-scene\n";
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ManifestOptions Folder::options() const {
  ManifestOptions out;
  out.places = {path_};
  out.trace = trace_;
  return out;
}

Result<Scenario> scenario_of(const ManifestOptions& options, const LoadOptions& load) {
  const auto made = load_manifests(options);
  if (!made) return made.problems();
  auto scenario = load_tree(made->root, options.places.front().string(), made->folder, load);
  if (!scenario) return in_manifest_words(*made, scenario.problems());
  scenario->manifests = made->origin;
  return scenario;
}

Result<Scenario> scenario_of(const std::string& manifests, const LoadOptions& load) {
  const Folder folder(Files{{"m.yaml", manifests}});
  return scenario_of(folder.options(), load);
}

std::string problems_of(const ManifestOptions& options) {
  const auto scenario = scenario_of(options);
  if (scenario) return {};
  std::string out;
  const std::string prefix = options.places.front().string() + "/";
  for (const auto& error : scenario.problems()) {
    std::string line = error.text();
    for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) line.erase(at, prefix.size());
    out += line + "\n";
  }
  return out;
}

std::string problems_of(const std::string& manifests) {
  const Folder folder(Files{{"m.yaml", manifests}});
  return problems_of(folder.options());
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("nothing to replace: " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace windtunnel::kubernetes::testing
