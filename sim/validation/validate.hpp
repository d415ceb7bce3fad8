// Reads a folder of measured tables, fits on the rows that are given, runs the simulator for the others.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/fit/csv_table.hpp"
#include "models/fit/table_kind.hpp"
#include "sim/core/error.hpp"
#include "sim/validation/score.hpp"

namespace windtunnel {

struct ValidationReport {
  std::vector<Validation> validations;
  Problems not_understood;  ///< tables of no known kind, or that cannot be read

  [[nodiscard]] std::size_t passed() const;
  [[nodiscard]] std::size_t failed() const { return validations.size() - passed(); }
};

/// Every CSV file of the folder, by name. Tables are recognised by their columns alone.
Result<ValidationReport> validate_folder(const std::filesystem::path& folder);

/// One table. @return what it can tell, or the problems with it
Result<std::vector<Validation>> validate_table(const CsvTable& table);

// One rule a kind.
Result<std::vector<Validation>> validate_shares(const CsvTable& table, TableKind kind);
Result<std::vector<Validation>> validate_pairs(const CsvTable& table);
Result<std::vector<Validation>> validate_images(const CsvTable& table, TableKind kind);

std::string validation_text(const ValidationReport& report);
std::string validation_json(const ValidationReport& report);

}  // namespace windtunnel
