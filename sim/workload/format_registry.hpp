// The trace formats that can be read: a format is a short declaration, one engine reads them all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/workload/text_buffer.hpp"

namespace windtunnel {

/// How a file is laid out.
enum class Syntax : std::uint8_t {
  csv,              ///< a header, then comma-separated rows
  json_lines,       ///< one JSON object a line
  numbers,          ///< numbers parted by blanks or line ends, no header
  client_windows,   ///< ServeGen's rows without a header
  prometheus_json,  ///< an answer of Prometheus' query API
  exposition,       ///< Prometheus' text format
  binary,           ///< what `trace convert` writes
};

/// What its rows are.
enum class Content : std::uint8_t {
  arrivals,  ///< a row is a query
  counts,    ///< a number of queries for each stretch of time
  gauges,    ///< a row is a sample of a measured value
  windows,   ///< a row is a client's law of arrivals for a stretch of time
};

/// What a number in a time column counts. Wall clocks are recognised by their looks, whatever the unit.
enum class TimeUnit : std::uint8_t { s, ms, us, ns, ask };

/// Rows whose `column` holds `value` are dropped and counted under `reason`. An empty value means an empty cell; a
/// number matches however it is written (0, 0.0).
struct DropRule {
  std::string_view column, value, reason;
};

/// FormatRow::count where labels head the columns.
inline constexpr std::string_view kEachOtherColumn = "*";

/// One format. Columns (or keys) are found by name, in any order; those not named here are skipped. Where several names
/// are in use they stand parted by '|', the first that is there counts.
struct FormatRow {
  std::string_view name;
  std::string_view doc;
  std::string_view header;  ///< as shown to people
  Syntax syntax = Syntax::csv;
  Content content = Content::arrivals;
  std::vector<std::string_view> required = {};  ///< columns by which it is recognised; the most specific format wins
  std::string_view time = {};                   ///< column of the stamp; empty for tables without time
  TimeUnit unit = TimeUnit::s;
  bool time_is_end = false;        ///< the stamp is the end: arrival = stamp - service
  std::string_view label = {};     ///< column that `map` looks at
  std::string_view size = {};      ///< column of items per query
  std::string_view deadline = {};  ///< column: seconds after arrival, empty cell or 0 for none
  std::string_view service = {};   ///< column: recorded service time
  TimeUnit service_unit = TimeUnit::s;
  std::string_view count = {};                ///< counts: column of queries from this row's stamp to the next one's; or
                                              ///< kEachOtherColumn: every column beside the times, headed by its label
  std::string_view first_minute = {};         ///< counts: column of the first minute; the others follow it
  std::string_view value = {};                ///< gauges: column of the value
  std::vector<std::string_view> series = {};  ///< gauges: columns that tell the series apart
  std::string_view value_unit = {};           ///< gauges: of the value, for people
  std::vector<std::pair<std::string_view, double>> quantiles = {};  ///< gauges: columns of quantiles, their shares
  std::string_view durations = {};  ///< counts: format of the table that gives each label's durations (`durations`)
  std::vector<DropRule> drops = {};
  bool label_needed = false;    ///< rows with an empty label are dropped: "no model"
  bool lenient_size = false;    ///< a size that is empty or not above 0 counts as 1
  std::int64_t reorder_s = 10;  ///< rows may come so late and are put in order
};

std::span<const FormatRow> format_registry();

/// The row of that name, or nullptr.
const FormatRow* find_format(std::string_view name);

/// Every format's name, for messages.
std::string known_formats();

/// The format of a file from how it begins, never from its name, or the one asked for.
/// @param wanted  a name of the registry, or "auto"
/// @param time_column  not empty: a table with that column is read as plain or json_lines if it is no other format
/// @throws InputError for an empty file and for one that fits no format
const FormatRow& recognise_format(TextBuffer& text, std::string_view wanted, std::string_view time_column = {});

/// The format whose header these cells are, or nullptr: for files in which a second one begins.
const FormatRow* format_of_header(std::span<const std::string_view> cells, Syntax syntax);

}  // namespace windtunnel
