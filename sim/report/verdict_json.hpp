// The verdict for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/report/verdict.hpp"

namespace windtunnel {

/// {"scenario", "variant", "seed", "replications", "met", "expectations": [{"metric", "bound", "asked", "measured",
/// "ci95", "missing_by", "verdict"}], "summary"}. Figures are in the metric's unit, null where there is nothing to say.
nlohmann::ordered_json verdict_json(const Verdict& verdict, const nlohmann::ordered_json& summary);

}  // namespace windtunnel
