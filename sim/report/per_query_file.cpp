#include "sim/report/per_query_file.hpp"

#include <fmt/format.h>

#include <iterator>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

/// Nanoseconds as seconds, all nine digits, no rounding.
void put_seconds(std::string& out, std::int64_t ns) {
  fmt::format_to(std::back_inserter(out), "{}{}.{:09},", ns < 0 ? "-" : "", std::abs(ns) / 1'000'000'000,
                 std::abs(ns) % 1'000'000'000);
}

/// A cell, quoted where CSV needs it.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

}  // namespace

PerQueryFile::PerQueryFile(const std::filesystem::path& file, const Scenario& scenario)
    : name_(file.string()), file_(std::fopen(file.c_str(), "wb")) {
  if (!file_) throw IoError(name_ + ": cannot be written");
  for (const ModelSpec& model : scenario.models) models_.push_back(cell(model.name));
  put("serial,model,arrived_s,ended_s,queueing_delay_s,service_time_s,response_time_s,completed\n");
}

void PerQueryFile::on_query(const QueryRecord& query) {
  std::string row = fmt::format("{},{},", query.serial, query.model < models_.size() ? models_[query.model] : "");
  put_seconds(row, query.arrived.time_since_epoch().count());
  put_seconds(row, query.ended.time_since_epoch().count());
  put_seconds(row, query.queueing_delay.count());
  put_seconds(row, query.service_time.count());
  put_seconds(row, (query.ended - query.arrived).count());
  row += query.completed ? "1\n" : "0\n";
  put(row);
}

void PerQueryFile::put(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size())
    throw IoError(name_ + ": cannot be written; is the disk full?");
}

void PerQueryFile::finish() {
  if (std::fclose(file_.release()) != 0) throw IoError(name_ + ": cannot be written; is the disk full?");
}

}  // namespace windtunnel
