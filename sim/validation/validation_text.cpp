#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/validation/validate.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

std::string percent(double share) {
  return fmt::format("{:.2f} %", 100 * share);
}

std::string text_of(const Validation& v) {
  std::string out = fmt::format("{} ({})\n  {}\n", v.table, v.kind, v.rule);
  out += fmt::format("  {:<40}{:>10}\n  {:<40}{:>10}\n", "rows", v.rows, "predicted", v.predicted);
  out += fmt::format("  {:<40}{:>10}{}\n", "error: mean", percent(v.mape),
                     v.bound ? fmt::format("   at most {}", percent(*v.bound)) : "");
  out += fmt::format("  {:<40}{:>10}\n  {:<40}{:>10}\n", "  90 % of the rows below", percent(v.p90_ape), "  bias",
                     fmt::format("{:+.2f} %", 100 * v.bias));
  for (const auto& b : v.baselines) out += fmt::format("  {:<40}{:>10}\n", b.name, percent(b.mape));
  if (v.right_sign)
    out += fmt::format("  {:<40}{:>10}\n", "heavier partner slows more, as measured", percent(*v.right_sign));
  if (v.oom) {
    out += fmt::format("  {:<40}{:>10}   at most {}\n", "out of memory: missed",
                       fmt::format("{} of {}", v.oom->missed, v.oom->oom_rows), percent(v.oom->most_missed));
    out += fmt::format("  {:<40}{:>10}   at most {}\n", "  false alarms",
                       fmt::format("{} of {}", v.oom->alarms, v.oom->fitting_rows), percent(v.oom->most_alarms));
    if (v.oom->unknown_device > 0)
      out += fmt::format("  {:<40}{:>10}\n", "  left out: GPU not in the catalogue", v.oom->unknown_device);
  }
  return out + (v.passed() ? "  passed\n" : "  FAILED\n");
}

Json json_of(const Validation& v) {
  Json baselines = Json::object();
  for (const auto& b : v.baselines) baselines[b.name] = b.mape;
  Json oom = nullptr;
  if (v.oom)
    oom = {{"oom_rows", v.oom->oom_rows},
           {"missed", v.oom->missed},
           {"fitting_rows", v.oom->fitting_rows},
           {"false_alarms", v.oom->alarms},
           {"unknown_device", v.oom->unknown_device}};
  return {{"table", v.table},
          {"kind", v.kind},
          {"rule", v.rule},
          {"rows", v.rows},
          {"predicted", v.predicted},
          {"mape", v.mape},
          {"p90_ape", v.p90_ape},
          {"bias", v.bias},
          {"baselines", std::move(baselines)},
          {"bound", v.bound ? Json(*v.bound) : Json(nullptr)},
          {"right_sign", v.right_sign ? Json(*v.right_sign) : Json(nullptr)},
          {"oom", std::move(oom)},
          {"passed", v.passed()}};
}

}  // namespace

std::string validation_text(const ValidationReport& report) {
  std::string out;
  for (const auto& v : report.validations) out += text_of(v) + "\n";
  for (const auto& error : report.not_understood) out += "not understood: " + error.where + ": " + error.what + "\n";
  if (!report.not_understood.empty()) out += "\n";
  return out + fmt::format("{} passed, {} failed, {} not understood\n", report.passed(), report.failed(),
                           report.not_understood.size());
}

std::string validation_json(const ValidationReport& report) {
  Json out = Json::array();
  for (const auto& v : report.validations) out.push_back(json_of(v));
  return out.dump(2) + "\n";
}

}  // namespace windtunnel
