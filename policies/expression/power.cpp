// Go's math.Pow (src/math/pow.go): by repeated squaring of the mantissa, exponents summed apart.
#include <cmath>
#include <limits>

#include "policies/expression/operations.hpp"

namespace windtunnel::expression {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kTwo63 = 9223372036854775808.0;

bool is_odd(double y) {
  return std::abs(y) < 9007199254740992.0 && std::trunc(y) == y && std::fmod(std::abs(y), 2) == 1;
}

double power_of_zero(double x, double y) {
  const bool minus = std::signbit(x) && is_odd(y);
  if (y < 0) return minus ? -kInfinite : kInfinite;
  return minus ? x : 0;
}

// |y| infinite or at least 2^63, which is even.
double power_to_the_end(double x, double y) {
  if (x == -1) return 1;
  return (std::abs(x) < 1) == (y > 0) ? 0 : kInfinite;
}

}  // namespace

double power(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (y == 1) return x;
  if (std::isnan(x) || std::isnan(y)) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return power_of_zero(x, y);
  if (std::isinf(y)) return power_to_the_end(x, y);
  if (std::isinf(x)) {
    if (x < 0) return power(1 / x, -y);
    return y < 0 ? 0 : kInfinite;
  }
  if (y == 0.5) return std::sqrt(x);
  if (y == -0.5) return 1 / std::sqrt(x);
  double whole_part = 0;
  double part = std::modf(std::abs(y), &whole_part);
  if (part != 0 && x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (whole_part >= kTwo63) return power_to_the_end(x, y);
  double mantissa = 1;
  int exponent = 0;
  if (part != 0) {
    if (part > 0.5) {
      part -= 1;
      whole_part += 1;
    }
    mantissa = std::exp(part * std::log(x));
  }
  int x_exponent = 0;
  double x_mantissa = std::frexp(x, &x_exponent);
  for (auto i = static_cast<std::int64_t>(whole_part); i != 0; i >>= 1) {
    if (x_exponent < -4096 || x_exponent > 4096) {  // far outside a double: the rest cannot bring it back
      exponent += x_exponent;
      break;
    }
    if ((i & 1) == 1) {
      mantissa *= x_mantissa;
      exponent += x_exponent;
    }
    x_mantissa *= x_mantissa;
    x_exponent *= 2;
    if (x_mantissa < 0.5) {
      x_mantissa += x_mantissa;
      --x_exponent;
    }
  }
  if (y < 0) {
    mantissa = 1 / mantissa;
    exponent = -exponent;
  }
  return std::ldexp(mantissa, exponent);
}

}  // namespace windtunnel::expression
