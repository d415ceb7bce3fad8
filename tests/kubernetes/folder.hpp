// A folder of manifests for a test, and what becomes of it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bindings/kubernetes/load_manifests.hpp"
#include "sim/scenario/loader.hpp"

namespace windtunnel::kubernetes::testing {

/// Name and text of each.
using Files = std::vector<std::pair<std::string, std::string>>;

/// Fresh, removed at the end.
class Folder {
 public:
  explicit Folder(const Files& files);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Options that read it, with a small trace.
  [[nodiscard]] ManifestOptions options() const;

 private:
  std::filesystem::path path_, trace_;
};

/// As the command line reads it: the manifests, then the scenario.
Result<Scenario> scenario_of(const ManifestOptions& options, const LoadOptions& load = {});
/// The same for one file "m.yaml".
Result<Scenario> scenario_of(const std::string& manifests, const LoadOptions& load = {});
/// Every problem on a line of its own, the folder's name cut; empty where there is none.
std::string problems_of(const ManifestOptions& options);
std::string problems_of(const std::string& manifests);

/// A Deployment "quality" with the catalogue's clip-scorer.
extern const std::string kDeployment;
/// A ScaledObject for it.
extern const std::string kScaledObject;

/// `text` with its first `from` replaced. An absent `from` is a mistake in the test.
std::string with(std::string text, std::string_view from, std::string_view to);

}  // namespace windtunnel::kubernetes::testing
