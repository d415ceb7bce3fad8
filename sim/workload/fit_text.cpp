// A fitted process as an entry of a scenario's workload.
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "sim/workload/trace_fit.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kWidest = 112;

/// "key: [1, 2, ...]" over as many lines as it takes.
std::string list_text(std::string_view indent, std::string_view key, const std::vector<double>& values,
                      std::string_view form, std::string_view unit = "") {
  std::string out = fmt::format("{}{}: [", indent, key), line;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string item =
        fmt::format(fmt::runtime(form), values[i]) + std::string(unit) + (i + 1 < values.size() ? "," : "]");
    if (!line.empty() && indent.size() + 4 + line.size() + item.size() > kWidest) {
      out += line + "\n" + std::string(indent) + "  ";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + item;
  }
  return out + line + "\n";
}

std::string curve_text(const RateCurve& curve) {
  return fmt::format("    curve:\n      period: {:.12g}s\n      step: {}\n", curve.period_s, curve.step) +
         list_text("      ", "points", curve.points, "{:.4g}");
}

std::string transform_text(const TransformSpec& transform) {
  std::string out = fmt::format("      - {{transform: {}", transform.kind);
  for (const std::string_view name : {"step", "to"})
    if (transform.params.has(name)) out += fmt::format(", {}: {:.12g}s", name, transform.params.number(name));
  return out + "}\n";
}

std::string size_text(const Law& law) {
  if (law.kind != LawKind::discrete)
    return fmt::format("  size: {{law: lognormal, mean: {:.6g}, scv: {:.6g}}}\n", law.mean, law.scv);
  return "  size:\n" + list_text("    ", "values", law.values, "{:.7g}") +
         list_text("    ", "weights", law.weights, "{:g}");
}

}  // namespace

std::string fitted_yaml(const FittedArrivals& fitted, const std::string& model, const std::string& recording) {
  const auto& arrivals = std::get<ArrivalSpec>(fitted.workload.source);
  const ParamSet& p = arrivals.params;
  std::string out = fmt::format("# Fitted to {} by windtunnel trace fit.\n", recording);
  for (const std::string& note : fitted.notes) out += "# " + note + "\n";
  out += fmt::format("- model: {}\n", model);
  if (fitted.workload.size) out += size_text(*fitted.workload.size);
  out += fmt::format("  arrivals:\n    process: {}\n    rate: {:.8g}/s\n", arrivals.process, p.number("rate"));
  if (p.has("counts")) {
    out += fmt::format("    width: {:.12g}s\n", p.number("width"));
    out += list_text("    ", "counts", p.numbers("counts"), "{:.6g}");
  }
  if (p.has("levels")) out += list_text("    ", "levels", p.numbers("levels"), "{:.4g}");
  if (p.has("sojourn")) out += list_text("    ", "sojourn", p.numbers("sojourn"), "{:.4g}", "s");
  if (p.has("transitions")) out += list_text("    ", "transitions", p.numbers("transitions"), "{:.5g}");
  if (arrivals.batch)
    out += "    batch:\n" + list_text("      ", "values", arrivals.batch->values, "{:g}") +
           list_text("      ", "weights", arrivals.batch->weights, "{:g}");
  if (arrivals.curve) out += curve_text(*arrivals.curve);
  out += "    transforms:\n";
  for (const TransformSpec& transform : fitted.workload.transforms) out += transform_text(transform);
  return out;
}

}  // namespace windtunnel
