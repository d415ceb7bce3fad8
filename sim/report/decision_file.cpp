#include "sim/report/decision_file.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/core/error.hpp"
#include "sim/report/text_escape.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string decision_json(const DecisionRecord& decision, std::string_view model) {
  Json conditions = Json::array();
  for (const auto& condition : decision.conditions) conditions.push_back(clean_text(condition));
  return Json{{"at_s", to_seconds(decision.at)},
              {"model", clean_text(model)},
              {"loop", clean_text(decision.loop)},
              {"current", decision.current},
              {"ready", decision.ready},
              {"inputs", clean_text(decision.inputs)},
              {"value", std::isfinite(decision.value) ? Json(decision.value) : Json()},
              {"proposed", decision.proposed},
              {"limits", clean_text(decision.limits)},
              {"desired", decision.desired},
              {"reason", clean_text(decision.reason)},
              {"conditions", std::move(conditions)}}
      .dump();
}

DecisionFile::DecisionFile(const std::filesystem::path& file, const Scenario& scenario)
    : name_(file.string()), file_(std::fopen(file.c_str(), "wb")) {
  if (!file_) throw IoError(name_ + ": cannot be written");
  for (const ModelSpec& model : scenario.models) models_.push_back(model.name);
}

void DecisionFile::on_decision(const DecisionRecord& decision) {
  const std::string line =
      decision_json(decision, decision.model < models_.size() ? models_[decision.model] : std::string()) + '\n';
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size())
    throw IoError(name_ + ": cannot be written; is the disk full?");
}

void DecisionFile::finish() {
  if (std::fclose(file_.release()) != 0) throw IoError(name_ + ": cannot be written; is the disk full?");
}

}  // namespace windtunnel
