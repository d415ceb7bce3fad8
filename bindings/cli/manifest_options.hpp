// A scenario from a file, or from Kubernetes manifests: the options of the verbs that take either.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/cli/command_line.hpp"
#include "sim/scenario/loader.hpp"

namespace windtunnel::cli {

/// Adds --manifests and what goes with it; SCENARIO may be left out then.
void add_manifest_options(CommandLine& line);

/// Where the scenario comes from: a file, or manifests with a part of a scenario beside them.
class ScenarioSource {
 public:
  /// @param first  index of SCENARIO among the plain arguments
  static Result<ScenarioSource> of(const ParsedCommand& command, const LoadOptions& load, std::size_t first = 0);

  [[nodiscard]] bool is_manifests() const { return !places_.empty(); }
  [[nodiscard]] Result<Scenario> scenario() const;
  /// The variants of its `compare`; or with several --manifests one variant for each, on the same traffic.
  [[nodiscard]] Result<std::vector<std::pair<std::string, Scenario>>> variants() const;
  [[nodiscard]] Result<Scenario> variant(const std::string& name) const;
  /// The scenario as YAML, for further editing: what the manifests say and what was assumed, nothing filled in.
  [[nodiscard]] Result<std::string> text() const;

 private:
  LoadOptions load_;
  std::optional<std::string> file_;
  std::vector<std::string> places_;
  std::optional<std::string> trace_, gpu_;
  std::optional<std::pair<int, int>> nodes_;
  std::vector<std::pair<std::string, std::string>> map_, profiles_;

  template <class Read>
  auto read_manifests(const std::vector<std::string>& places, Read read) const;
};

/// Says what the scenario leaves out of its manifests and what it assumes beside them, on standard error.
void say_origin(const Scenario& scenario, bool quiet);

}  // namespace windtunnel::cli
