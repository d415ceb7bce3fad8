// Converts one value of the document by its parameter: type, unit, limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/param.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// One reading of one value. Each returns nullopt with a problem where the value does not fit; `ok` is false then.
class ValueReader {
 public:
  ValueReader(ProblemList& problems, const Param& param, const Node& node, const std::string& path)
      : problems_(problems), param_(param), node_(node), path_(path) {}

  [[nodiscard]] bool ok() const { return ok_; }

  /// A number or quantity inside the limits. `node` is the value itself, or an item of it.
  std::optional<double> amount(const Node& node);
  /// A list of them.
  std::optional<std::vector<double>> amounts();
  std::optional<bool> boolean();
  std::optional<std::string> text();
  std::optional<std::string> choice();

 private:
  std::nullopt_t fail(const Node& node, std::string what, std::string hint);
  [[nodiscard]] std::string wanted() const;
  [[nodiscard]] std::string out_of_range_hint(double value) const;

  ProblemList& problems_;
  const Param& param_;
  const Node& node_;
  const std::string& path_;
  bool ok_ = true;
};

/// A value that satisfies the limits, for a block that goes on being read although its own value was bad.
double harmless(const Param& param);

/// "[0, 1]", "above 0s", ...: the limits of a parameter for people.
std::string limits_text(const Param& param);

/// The value as a scenario writes it.
std::string format_amount(ParamType type, double value);
Node write_amounts(ParamType type, const std::vector<double>& values);

}  // namespace windtunnel
