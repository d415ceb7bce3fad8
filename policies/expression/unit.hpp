// Units of figures a formula computes with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace windtunnel::expression {

/// Powers of the four things that are counted here: queries, seconds, replicas, bytes. All zero: a plain number.
struct Unit {
  int queries = 0, seconds = 0, replicas = 0, bytes = 0;
  friend bool operator==(const Unit&, const Unit&) = default;
};

inline constexpr Unit kPlain{};
inline constexpr Unit kQueries{.queries = 1};
inline constexpr Unit kSeconds{.seconds = 1};
inline constexpr Unit kReplicas{.replicas = 1};
inline constexpr Unit kBytes{.bytes = 1};
inline constexpr Unit kQueriesPerSecond{.queries = 1, .seconds = -1};
inline constexpr Unit kQueriesPerReplica{.queries = 1, .replicas = -1};

/// a times (b to the power `power`).
constexpr Unit times(const Unit& a, const Unit& b, int power = 1) {
  return {.queries = a.queries + power * b.queries,
          .seconds = a.seconds + power * b.seconds,
          .replicas = a.replicas + power * b.replicas,
          .bytes = a.bytes + power * b.bytes};
}

/// "s", "queries/s", "queries*s/replica", "1".
std::string to_text(const Unit& unit);

struct Amount {
  double value = 0;
  Unit unit = {};
};
/// "3s", "250ms", "5", "0.8/s", "12 queries", "5 queries/s", "4 queries/replica", "2 replicas", "16GiB"; nothing for
/// what is none. A bare rate ("0.8/s") is in queries.
std::optional<Amount> parse_amount(std::string_view text);

}  // namespace windtunnel::expression
