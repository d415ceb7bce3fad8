// Quantities as people write them: a number and its unit, never one without the other.
#pragma once

#include <string>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel {

// Each returns the value in the unit held inside, or an Error with empty `where`. Numbers are plain decimal (no hex,
// no leading zeros, no inf or nan). A bare 0 is allowed everywhere; any other bare number is refused where a unit
// belongs. Quantities with a unit are never negative.

/// "0.7", "-2", "1e6".
Result<double> parse_number(std::string_view text);
/// "5s", "250ms", "1h30m", "2us", "1d"; units ns us ms s m (or min) h d. Seconds, at most kMaxSeconds.
Result<double> parse_duration_s(std::string_view text);
/// "16GiB", "500Mi", "1.13GB", "2G", "300k", "512B". Bytes, rounded to a whole number, at most 2^53.
Result<double> parse_bytes(std::string_view text);
/// "200MB/s". Bytes per second.
Result<double> parse_bandwidth(std::string_view text);
/// "0.8/s", "40/h", "12/min". Per second.
Result<double> parse_rate(std::string_view text);
/// "1.01/h". USD per hour.
Result<double> parse_price(std::string_view text);

// The way back: shortest text that parses to the same value.
std::string format_number(double value);
std::string format_duration(double seconds);
std::string format_bytes(double bytes);
std::string format_bandwidth(double bytes_per_s);
std::string format_rate(double per_s);
std::string format_price(double usd_per_hour);

}  // namespace windtunnel
