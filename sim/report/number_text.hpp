// Numbers as tables show them: few digits, bounded width, "-" where there is nothing to say.
#pragma once

#include <string>

namespace windtunnel {

/// A count: "17,234" below a million, then "1.23M", "4.5G". Means of counts show one decimal below a hundred.
/// At most 7 columns.
std::string count_text(double value);

/// A measured value with three significant digits: "0.0123", "4.56", "78.9", "1,234"; at most 7 columns.
std::string value_text(double value);

/// Money in USD: cents from one dollar up, three digits below; at most 8 columns.
std::string money_text(double usd);

/// A share in [0, 1] with three decimals; 1 and 0 only where they are exact.
std::string share_text(double share);

/// With that many decimals and thousands in groups: "12,345.60".
std::string fixed_text(double value, int decimals);

/// Bytes as GiB with three significant digits, without the unit.
std::string gib_text(double bytes);

}  // namespace windtunnel
