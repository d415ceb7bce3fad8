// The rows of the comparison: which figures stand in it, in which order, under which names.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/report/compare_table.hpp"
#include "sim/report/figure.hpp"

namespace windtunnel {

/// Columns for a row's label, its indent of two included.
inline constexpr int kWidestLabel = 30;

/// A row: a heading when `read` is empty.
struct CompareRow {
  std::string label;
  std::function<Figure(const nlohmann::ordered_json& summary)> read;
  std::string (*show)(double) = nullptr;
  bool only_if_nonzero = false;
};

/// Every row the variants call for, headings included.
std::vector<CompareRow> compare_rows(std::span<const ComparedVariant> variants);

}  // namespace windtunnel
