#include "sim/workload/stamp_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/workload/timestamp.hpp"

namespace windtunnel {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits = {
    {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}}};

/// The unit in which a number would be a date of this age, if it is too large for seconds; or empty.
std::string_view likely_unit(std::string_view number) {
  const std::string_view digits = number.substr(0, number.find('.'));
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return digits.size() == 13 ? "ms" : digits.size() == 16 ? "us" : digits.size() == 19 ? "ns" : "";
}

/// A way out for text that is none of the numbers that a file's stamps are.
std::string number_hint(std::string_view cell, bool unit_given) {
  if (const std::string_view likely = likely_unit(cell); !likely.empty() && !unit_given)
    return fmt::format("by its size this counts {} since 1970: say unit: {}", likely, likely);
  if (looks_like_wall_clock(cell)) return "a file's stamps are all alike, and the first row's is a number";
  if (cell.size() > 5 && cell.find_first_of("/.-") < 3 && cell.find_first_of(":/-", 3) != std::string_view::npos)
    return "dates are written year first: 2024-10-27 14:59:50 or 2024/10/27 14:59";
  return "stamps are seconds (0 to 4.6e9; other units need unit: ms, us or ns) or wall clocks, all alike";
}

}  // namespace

std::int64_t ns_per_unit(std::string_view unit) {
  for (const auto& [name, ns] : kUnits)
    if (name == unit) return ns;
  return 0;
}

std::int64_t ns_per_unit(TimeUnit unit) {
  return unit == TimeUnit::ask ? 0 : kUnits[static_cast<std::size_t>(unit)].second;
}

StampReader::StampReader(const FormatRow& format, const TraceSpec& spec, std::string column)
    : unit_(format.unit), given_unit_(spec.unit == "auto" ? "" : spec.unit), column_(std::move(column)) {}

void StampReader::decide(std::string_view cell, const RecordReader& records) {
  decided_ = true;
  wall_clock_ = looks_like_wall_clock(cell);
  if (wall_clock_) return;
  ns_per_unit_ = given_unit_.empty() ? ns_per_unit(unit_) : ns_per_unit(given_unit_);
  counts_seconds_ = ns_per_unit_ == ns_per_unit(TimeUnit::s);
  if (ns_per_unit_ != 0) return;
  // A fraction, or ten digits (a date in seconds since 1970), can only be seconds.
  const std::size_t digits = cell.substr(0, cell.find('.')).size();
  if (cell.find('.') == std::string_view::npos && digits != 10) {
    const std::string_view likely = likely_unit(cell);
    records.fail(
        fmt::format("{}: {} may be seconds or milliseconds, which cannot be told apart", column_, in_quotes(cell)),
        fmt::format("say unit: s, ms, us or ns{}{}", likely.empty() ? "" : "; by its size this looks like ", likely));
  }
  ns_per_unit_ = ns_per_unit(TimeUnit::s);
  counts_seconds_ = true;
}

std::int64_t StampReader::read(std::string_view cell, const RecordReader& records) {
  if (!decided_) decide(cell, records);
  std::int64_t ns = 0;
  if (counts_seconds_ && parse_short_seconds(cell, ns)) return ns;
  const Stamp stamp = wall_clock_ ? parse_wall_clock(cell) : parse_in_unit(cell, ns_per_unit_);
  if (!stamp.wrong.empty()) refuse(cell, stamp.wrong, records);
  if (wall_clock_ && stamp.zoned != zoned_.value_or(stamp.zoned))
    records.fail(fmt::format("{}: {} has {} time zone, unlike the stamps before", column_, in_quotes(cell),
                             stamp.zoned ? "a" : "no"),
                 "write all stamps with their zone (Z, +02:00), or none");
  zoned_ = stamp.zoned;
  return stamp.ns;
}

void StampReader::refuse(std::string_view cell, std::string_view wrong, const RecordReader& records) const {
  std::string hint = number_hint(cell, !given_unit_.empty());
  if (wrong == kNamedZone)
    hint = "write the offset (+02:00), or UTC";
  else if (wall_clock_)
    hint = "a file's stamps are all wall clocks, like the first row's";
  records.fail(fmt::format("{}: {} {}", column_, in_quotes(cell), wrong), std::move(hint));
}

std::string StampReader::shown(std::int64_t ns) const {
  return wall_clock_ ? format_wall_clock(ns) : format_seconds(ns) + " s";
}

}  // namespace windtunnel
