#include "sim/report/verdict_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/report/verdict_text.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

Json figure(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

}  // namespace

Json verdict_json(const Verdict& verdict, const Json& summary) {
  Json rows = Json::array();
  for (const Judgement& judgement : verdict.judgements) {
    const std::string zero = zero_text(judgement, verdict.replications);
    rows.push_back({{"metric", judgement.asked.metric},
                    {"bound", judgement.asked.bound},
                    {"asked", judgement.asked.value},
                    {"measured", figure(judgement.measured.value)},
                    {"ci95", figure(judgement.measured.ci95)},
                    {"missing_by", figure(judgement.missing_by)},
                    {"verdict", to_string(judgement.outcome)},
                    {"note", zero.empty() ? Json(nullptr) : Json(zero)}});
  }
  return {{"scenario", verdict.scenario},
          {"variant", verdict.variant.empty() ? Json(nullptr) : Json(verdict.variant)},
          {"seed", verdict.seed},
          {"replications", verdict.replications},
          {"met", verdict.is_met()},
          {"expectations", std::move(rows)},
          {"summary", summary}};
}

}  // namespace windtunnel
