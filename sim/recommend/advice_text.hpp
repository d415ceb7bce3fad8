// What `windtunnel recommend` prints.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/recommend/recorded_memory.hpp"
#include "sim/recommend/trial.hpp"

namespace windtunnel {

std::string advice_text(const RecordedMemory& recorded, const std::string& file);
std::string advice_text(const Trial& trial, const std::string& scenario, std::size_t rule);

nlohmann::ordered_json advice_json(const RecordedMemory& recorded, const std::string& file);
nlohmann::ordered_json advice_json(const Trial& trial, const std::string& scenario, std::size_t rule);

}  // namespace windtunnel
