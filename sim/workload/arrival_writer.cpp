#include "sim/workload/arrival_writer.hpp"

#include <iterator>

#include <fmt/format.h>

#include "sim/workload/row_reader.hpp"

namespace windtunnel {
namespace {

/// A cell, in quotes where the text holds what would end it.
std::string arrival_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string ArrivalWriter::header() const {
  return fmt::format("timestamp{},size{}\n", targets_.size() > 1 ? ",model" : "", deadlines_ ? ",deadline" : "");
}

void ArrivalWriter::append(std::string& out, std::span<const Arrival> queries) const {
  constexpr std::int64_t second_ns = 1'000'000'000;
  for (const Arrival& query : queries) {
    const std::int64_t at_ns = query.at.time_since_epoch().count();
    fmt::format_to(std::back_inserter(out), "{}.{:09}", at_ns / second_ns, at_ns % second_ns);
    if (targets_.size() > 1) out += "," + arrival_cell(targets_[query.target]);
    fmt::format_to(std::back_inserter(out), ",{:.9g}", query.size);
    if (deadlines_) {
      const std::int64_t after_ns = query.deadline.count();
      fmt::format_to(std::back_inserter(out), ",{}.{:09}", after_ns / second_ns, after_ns % second_ns);
    }
    out += '\n';
  }
}

void BinaryArrivalWriter::append(std::span<const Arrival> queries) {
  for (const Arrival& query : queries) {
    const bool labelled = targets_.size() > 1;
    deadlines_ = deadlines_ || query.deadline.count() > 0;
    writer_.add({.at_ns = query.at.time_since_epoch().count(),
                 .label = labelled ? std::string_view(targets_[query.target]) : std::string_view(),
                 .size = static_cast<float>(query.size),
                 .deadline = query.deadline});
  }
  rows_ += queries.size();
}

void BinaryArrivalWriter::finish() {
  writer_.finish({.rows_recorded = rows_,
                  .moved = 0,
                  .first_ns = 0,
                  .wall_clock = false,
                  .has_size = true,
                  .has_deadline = deadlines_,
                  .has_service = false,
                  .format = "plain",
                  .dropped = {}});
}

}  // namespace windtunnel
