// Time stamps of traces: seconds as decimal text and wall clock, both exact to the nanosecond.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace windtunnel {

/// A parsed stamp, or why it is none (`wrong` not empty).
struct Stamp {
  std::int64_t ns = 0;
  std::string_view wrong = {};
  bool zoned = false;  ///< a wall clock with its zone
};

/// Stamp::wrong of a wall clock with a zone such as CEST.
inline constexpr std::string_view kNamedZone = "names a time zone, which may mean several";

/// Seconds such as "12", "12.31", "1.5e3"; digits beyond the ninth are rounded. Refuses negative ones, NaN, infinities
/// and more than 146 years.
Stamp parse_seconds(std::string_view text);

/// parse_seconds() for what nearly every number of seconds is: at most ten digits, a point and at most nine digits.
/// @return false for all else, whatever it may be
bool parse_short_seconds(std::string_view text, std::int64_t& ns);

/// A number that counts units of `ns_per_unit` nanoseconds (1000000 for milliseconds); limits as parse_seconds().
Stamp parse_in_unit(std::string_view text, std::int64_t ns_per_unit);

/// "2023-11-16 18:15:46.6805900", also with 'T', and with 'Z', UTC or an offset such as +02:00 at the end; nanoseconds
/// since 1970-01-01, years 1970 to 2199. Without a zone the stamp is taken as it stands. "2026/07/27 9:05" is read too:
/// slashes, months, days and hours of one digit, no seconds, no time of day.
Stamp parse_wall_clock(std::string_view text);

/// True if the text is laid out like a date, so that a message about it should speak of wall clocks.
bool looks_like_wall_clock(std::string_view text);

/// "2023-11-16 18:15:46.68059": trailing zeros of the fraction left out.
std::string format_wall_clock(std::int64_t ns);
/// Seconds with at least two decimals, "12.40", and as many more as are not zero.
std::string format_seconds(std::int64_t ns);

}  // namespace windtunnel
