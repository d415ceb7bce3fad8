#include "sim/workload/row_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/core/error.hpp"
#include "sim/workload/count_bins.hpp"
#include "sim/workload/timestamp.hpp"

namespace windtunnel {
namespace {

constexpr double kMaxSize = 1e9;                                       // items of one query
constexpr std::int64_t kLongestServiceNs = 1'000'000'000'000'000'000;  // so that no difference of times overflows

/// A number that is the whole cell; empty if it is none.
std::optional<double> number_in(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size() || cell.empty()) return {};
  return value;
}

std::string needs(const FormatRow& format) {
  return fmt::format("format {}", format.name);
}

}  // namespace

RowReader::RowReader(TextBuffer text, const FormatRow& format, const TraceSpec& spec)
    : format_(format),
      own_size_column_(!spec.size_column.empty()),
      size_per_unit_(own_size_column_ ? spec.size_per_unit : 1),
      service_ns_per_unit_(ns_per_unit(format.service_unit)),
      reorder_window_ns_(spec.reorder ? spec.reorder->count() : format.reorder_s * 1'000'000'000),
      reorder_(reorder_window_ns_) {
  if (format.content != Content::arrivals)
    throw InputError({text.path(), fmt::format("format {} holds no arrivals", format.name), {}});
  if (!spec.durations.empty()) refuse_durations(spec, format);
  if (format.syntax == Syntax::binary) {
    binary_ = std::make_unique<BinaryReader>(text.path());
    return;
  }
  std::vector<std::string> also;
  for (const std::string& name : {spec.size_column, spec.label_column})
    if (!name.empty()) also.push_back(name);
  records_.emplace(std::move(text), format, std::move(also));
  find_columns(spec);
}

void RowReader::find_columns(const TraceSpec& spec) {
  const std::string_view time = spec.time_column.empty() ? format_.time : std::string_view(spec.time_column);
  if (spec.time_column.empty())
    for (const std::string_view name : format_.required) (void)records_->column(name, needs(format_));
  time_ = *records_->column(time, spec.time_column.empty() ? needs(format_) : "time_column");
  stamps_.emplace(format_, spec, records_->name(time_));
  label_ =
      spec.label_column.empty() ? records_->column(format_.label) : records_->column(spec.label_column, "label_column");
  size_ = own_size_column_ ? records_->column(spec.size_column, "size_column") : records_->column(format_.size);
  deadline_ = records_->column(format_.deadline);
  service_ = records_->column(format_.service, format_.time_is_end ? needs(format_) : "");
  for (const DropRule& rule : format_.drops)
    if (const Column column = records_->column(rule.column)) drops_.push_back({*column, &rule, number_in(rule.value)});
}

bool RowReader::next_held(TraceRow& row) {
  const HeldRow* held = nullptr;
  try {
    while ((held = reorder_.next(at_end_)) == nullptr) {
      if (at_end_) return false;
      at_end_ = !read_record();
    }
  } catch (const InputError&) {
    records_->check_rest();  // a damaged compressed file gives rubbish rows before its checksum shows it
    throw;
  }
  row.at_ns = held->at_ns;
  row.label = labels_.text(held->label);
  row.label_number = held->label;
  row.size = held->size;
  row.deadline = Duration{held->deadline_ns};
  row.service_ns = held->service_ns;
  return true;
}

/// Reads one record, which goes into the reordering or is dropped; false at the end of the file.
bool RowReader::read_record() {
  if (!records_->next()) {
    if (records_->records() == 0) fail("the file has a header and no row", "a trace has at least one row");
    return false;
  }
  if (const DropRule* rule = drops_.empty() ? nullptr : drop_of(true)) {
    dropped_.add(rule->reason);
    return true;
  }
  // Loose values, not a row: they go into the queue from registers.
  std::int64_t at_ns = stamps_->read(records_->cell(time_), *records_);
  const std::int64_t service_ns = service_ ? read_service(records_->cell(*service_)) : -1;
  if (format_.time_is_end) {
    if (service_ns < 0)
      fail(fmt::format("{} is empty, so the arrival cannot be told", format_.service), "every row needs its duration");
    at_ns -= service_ns;
  }
  if (!started_ || (!reorder_.any_left() && at_ns < first_ns_)) first_ns_ = at_ns;
  started_ = true;
  if (const DropRule* rule = drops_.empty() ? nullptr : drop_of(false)) {
    dropped_.add(rule->reason);
    return true;
  }
  const std::string_view label = label_ ? records_->cell(*label_) : std::string_view{};
  if (format_.label_needed && label.empty()) {
    dropped_.add("no model");
    return true;
  }
  float size = 1;
  if (size_ && !read_size(size)) return true;
  const std::uint32_t number = labels_.number(label);
  if (number == LabelTable::kFull)
    fail("over 1 000 000 different labels", "label_column names a column that tells models apart");
  const std::int64_t deadline_ns = deadline_ ? read_deadline(records_->cell(*deadline_)).count() : 0;
  if (!reorder_.push({at_ns, service_ns, deadline_ns, number, size})) refuse_late(at_ns);
  return true;
}

/// The first rule that drops this record: those on the time column before the stamp is read, or the others.
const DropRule* RowReader::drop_of(bool by_time) {
  for (const Drop& drop : drops_) {
    if ((drop.column == time_) != by_time) continue;
    const std::string_view cell = records_->cell(drop.column);
    if (cell == drop.rule->value || (drop.number && number_in(cell) == drop.number)) return drop.rule;
  }
  return nullptr;
}

void RowReader::refuse_late(std::int64_t at_ns) const {
  const std::int64_t late_ns = reorder_.newest_ns() - at_ns;
  constexpr std::int64_t kHourNs = 3'600'000'000'000;
  std::string hint = fmt::format("sort the trace by arrival, or let later rows wait for it: reorder: {}s",
                                 (late_ns + 999'999'999) / 1'000'000'000);
  if (stamps_->is_wall_clock() && late_ns > kHourNs * 9 / 10 && late_ns <= kHourNs)
    hint = "if daylight saving ended here, write the stamps with their zone (+02:00, then +01:00); else " + hint;
  fail(fmt::format("arrival {} comes after {}, late by more than the {} s within which rows are put in order",
                   stamps_->shown(at_ns), stamps_->shown(reorder_.newest_ns()), reorder_window_ns_ / 1'000'000'000),
       std::move(hint));
}

/// Leaves `size` as it is where the cell may be without one; false if the row is dropped.
bool RowReader::read_size(float& size) {
  const std::string_view cell = records_->cell(*size_);
  double value = 0;
  if (!cell.empty()) {
    const auto number = number_in(cell);
    if (!number)
      fail(fmt::format("{}: {} is not a number", records_->name(*size_), in_quotes(cell)),
           "a size is a number of items");
    value = *number;
  }
  if (format_.lenient_size && !own_size_column_ && (cell.empty() || value <= 0)) return true;
  if (cell.empty() && !own_size_column_) return true;
  value *= size_per_unit_;
  if (value == 0 && own_size_column_) {
    dropped_.add("no size");
    return false;
  }
  if (!(value > 0) || value > kMaxSize)
    fail(fmt::format("{}: {} is outside (0, 1e9]", records_->name(*size_), in_quotes(cell)),
         "a size is a number of items");
  size = static_cast<float>(value);
  if (!(size > 0)) fail(fmt::format("{}: {} is too small", records_->name(*size_), in_quotes(cell)), "");
  return true;
}

Duration RowReader::read_deadline(std::string_view cell) const {
  if (cell.empty()) return {};
  const Stamp stamp = parse_seconds(cell);
  if (!stamp.wrong.empty())
    fail(fmt::format("{}: {} {}", format_.deadline, in_quotes(cell), stamp.wrong),
         "a deadline is seconds after arrival, empty for none");
  return Duration{stamp.ns};
}

std::int64_t RowReader::read_service(std::string_view cell) const {
  if (cell.empty()) return -1;
  const Stamp stamp = parse_in_unit(cell, service_ns_per_unit_);
  if (!stamp.wrong.empty())
    fail(fmt::format("{}: {} {}", records_->name(*service_), in_quotes(cell), stamp.wrong),
         "a service time is a number from 0 on, empty for none");
  if (stamp.ns > kLongestServiceNs)
    fail(fmt::format("{}: {} is over 31 years", records_->name(*service_), in_quotes(cell)), "check the unit");
  return stamp.ns;
}

std::uint64_t RowReader::rows() const {
  return binary_ ? binary_->facts().rows_recorded : records_->records() + records_->headers_again();
}

DropCounts RowReader::dropped() const {
  if (binary_) return binary_->facts().dropped;
  DropCounts out = dropped_;
  if (records_->headers_again() > 0) out.add("header again", records_->headers_again());
  return out;
}

}  // namespace windtunnel
