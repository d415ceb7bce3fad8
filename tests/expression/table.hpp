// The stored answers of the Go library.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace windtunnel::expression {

struct Row {
  std::string expression = {};
  std::vector<std::string> names = {};
  std::vector<std::optional<double>> values = {};  ///< empty: nil
  bool keda = false, accepted = false, fails = false;
  nlohmann::json value = {};

  [[nodiscard]] std::string text() const {
    std::string out = expression + (keda ? "  [keda]" : "");
    for (std::size_t i = 0; i < names.size(); ++i)
      out += " " + names[i] + "=" + (values[i] ? std::to_string(*values[i]) : "nil");
    return out;
  }
};

inline std::filesystem::path table_folder() {
  return std::filesystem::path(WINDTUNNEL_SOURCE_DIR) / "tests" / "expression";
}

inline std::vector<Row> read_table() {
  std::vector<Row> rows;
  std::ifstream file(table_folder() / "table.jsonl");
  for (std::string line; std::getline(file, line);) {
    const auto json = nlohmann::json::parse(line);
    Row row{.expression = json.at("expression"),
            .keda = json.value("keda", false),
            .accepted = json.at("accepted"),
            .fails = json.value("fails", false),
            .value = json.value("value", nlohmann::json())};
    for (const auto& [name, value] : json.at("variables").items()) {
      row.names.push_back(name);
      row.values.push_back(value.is_null() ? std::nullopt : std::optional<double>(value.get<double>()));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace windtunnel::expression
