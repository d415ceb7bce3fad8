// Rows of a table in one form, whatever its kind.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "models/fit/csv_table.hpp"
#include "models/fit/table_kind.hpp"

namespace windtunnel {

/// One measured batch.
struct Measurement {
  int line = 0;
  std::string group;   ///< what belongs together: the model; for images the device and how it computes
  std::string device;  ///< images: as the table calls it
  double items = 1;
  double share = 1;   ///< of the SMs
  int processes = 1;  ///< identical ones, this one included
  double time_s = 0;  ///< 0: none (out of memory, or no result)
  std::optional<double> memory_bytes;
  bool out_of_memory = false;
};

/// Two processes together.
struct PairMeasurement {
  struct Side {
    std::string model;
    double items = 1, share = 1, solo_s = 0, company_s = 0;
  };
  int line = 0;
  std::array<Side, 2> sides;
};

/// Rows of every kind but pairs. Rows without a result are left out, those out of memory kept.
/// @return all problems: cells that are no numbers, shares outside (0, 1], no row at all
Result<std::vector<Measurement>> measurements(const CsvTable& table, TableKind kind);
Result<std::vector<PairMeasurement>> pair_measurements(const CsvTable& table);

/// Groups in the order of the table.
std::vector<std::pair<std::string, std::vector<Measurement>>> by_group(const std::vector<Measurement>& rows);

}  // namespace windtunnel
