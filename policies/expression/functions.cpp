// Functions of plain arguments, as expr-lang/expr v1.17.8 has them (builtin/lib.go, builtin/builtin.go).
#include <algorithm>
#include <cctype>
#include <cmath>

#include "policies/expression/literal.hpp"
#include "policies/expression/operations.hpp"
#include "policies/expression/problem.hpp"
#include "policies/expression/program.hpp"
#include "sim/core/stable_order.hpp"

namespace windtunnel::expression {
namespace {

class FunctionCall {
  using enum BuiltinId;
  using Arguments = std::span<const Value>;

 public:
  FunctionCall(const Builtin& builtin, int column) : builtin_(builtin), column_(column) {}

  [[noreturn]] void refuse_argument(const Value& value) const {
    refuse(column_, std::string(builtin_.name) + " does not take " + std::string(type_name(value)),
           value.is_nil() ? "say what stands for a missing value with ??" : "");
  }
  [[nodiscard]] const Array& array(const Value& value) const {
    if (value.array() == nullptr) refuse_argument(value);
    return *value.array();
  }
  [[nodiscard]] const std::string& text(const Value& value) const {
    if (value.text() == nullptr) refuse_argument(value);
    return *value.text();
  }
  [[nodiscard]] std::int64_t integer(const Value& value) const {
    if (value.integer() == nullptr) refuse_argument(value);
    return *value.integer();
  }

  Value run(Arguments arguments) const {
    switch (builtin_.id) {
      case len: return length(arguments[0]);
      case type: return Value(std::string(type_name(arguments[0])));
      case abs:
      case ceil:
      case floor:
      case round: return rounded(arguments[0]);
      case to_int: return to_whole(arguments[0]);
      case to_float: return to_real(arguments[0]);
      case to_string: return Value(to_text(arguments[0]));
      case trim: return trimmed(arguments);
      case upper:
      case lower: return cased(text(arguments[0]));
      case max:
      case min: return extreme(arguments, true);
      case mean:
      case median: return average(arguments);
      case first:
      case last: return end_of(arguments[0]);
      case get: return get_element(arguments[0], arguments[1]);
      case take: return taken(array(arguments[0]), integer(arguments[1]));
      case reverse: return reversed(array(arguments[0]));
      case uniq: return unique(array(arguments[0]));
      case concat: return joined(arguments);
      case flatten: return flattened(array(arguments[0]));
      case sort: return sorted(arguments);
      default: return bits(arguments);
    }
  }

 private:
  [[nodiscard]] Value length(const Value& of) const {
    if (of.array() != nullptr) return static_cast<std::int64_t>(of.array()->size());
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    const std::string& held = text(of);  // characters, not bytes
    return static_cast<std::int64_t>(held.size()) - std::count_if(held.begin(), held.end(), continues);
  }

  [[nodiscard]] Value rounded(const Value& of) const {
    if (!of.is_number()) refuse_argument(of);
    if (builtin_.id == abs) {
      if (const auto* i = of.integer()) return *i < 0 ? wrap_subtract(0, *i) : *i;
      return *of.real() < 0 ? -*of.real() : *of.real();
    }
    const double x = of.number();
    return builtin_.id == ceil ? std::ceil(x) : builtin_.id == floor ? std::floor(x) : std::round(x);
  }

  [[nodiscard]] Value to_whole(const Value& of) const {
    if (of.integer() != nullptr) return of;
    if (of.real() != nullptr) return to_integer(*of.real());
    std::int64_t out = 0;
    if (!parse_integer(text(of), out)) refuse(column_, "int(\"" + *of.text() + "\") is no whole number");
    return out;
  }
  [[nodiscard]] Value to_real(const Value& of) const {
    if (of.is_number()) return of.number();
    double out = 0;
    if (!parse_real(text(of), out)) refuse(column_, "float(\"" + *of.text() + "\") is no number");
    return out;
  }

  [[nodiscard]] Value trimmed(Arguments arguments) const {
    const std::string& held = text(arguments[0]);
    const std::string cut = arguments.size() > 1 ? text(arguments[1]) : " \t\n\r\v\f";
    const auto begin = held.find_first_not_of(cut);
    if (begin == std::string::npos) return Value(std::string());
    return Value(held.substr(begin, held.find_last_not_of(cut) - begin + 1));
  }
  [[nodiscard]] Value cased(const std::string& held) const {
    std::string out = held;
    for (char& c : out) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x80) refuse_unmodelled(column_, "the case of a letter beyond ASCII");
      c = static_cast<char>(builtin_.id == upper ? std::toupper(byte) : std::tolower(byte));
    }
    return Value(std::move(out));
  }

  // The first of equals stays, and what compares with nothing (NaN) is never passed once it is first.
  [[nodiscard]] Value extreme(Arguments values, bool outermost) const {
    Value best;
    const Op better = builtin_.id == max ? Op::less : Op::more;
    for (const Value& value : values) {
      Value candidate = value;
      if (value.array() != nullptr)
        candidate = extreme(*value.array(), false);
      else if (!value.is_number() && outermost && values.size() == 1)
        return value;
      else if (!value.is_number())
        refuse_argument(value);
      if (candidate.is_nil()) continue;  // of an empty array
      if (best.is_nil() || *apply(better, best, candidate, column_).boolean()) best = candidate;
    }
    return best;
  }

  void collect(Arguments values, std::vector<double>& out) const {
    for (const Value& value : values) {
      if (value.array() != nullptr) {
        collect(*value.array(), out);
      } else {
        if (!value.is_number()) refuse_argument(value);
        out.push_back(value.number());
      }
    }
  }
  // An array's sum is made by itself before it is added.
  [[nodiscard]] double total(Arguments values) const {
    double sum_of_all = 0;
    for (const Value& value : values) sum_of_all += value.array() != nullptr ? total(*value.array()) : value.number();
    return sum_of_all;
  }
  [[nodiscard]] Value average(Arguments values) const {
    std::vector<double> all_values;
    collect(values, all_values);
    const std::size_t n = all_values.size();
    if (n == 0) return 0.0;
    if (builtin_.id == mean) return mean_of(values, n);
    const auto before = [](double a, double b) { return a < b || (std::isnan(a) && !std::isnan(b)); };
    std::sort(all_values.begin(), all_values.end(), before);
    return n % 2 == 1 ? all_values[n / 2] : (all_values[n / 2 - 1] + all_values[n / 2]) / 2;
  }
  // A flat array is added element by element to what is there; a nested one is summed by itself.
  [[nodiscard]] double mean_of(Arguments values, std::size_t n) const {
    double sum_of_all = 0;
    for (const Value& value : values) {
      if (value.array() == nullptr) {
        sum_of_all += value.number();
        continue;
      }
      for (const Value& item : *value.array())
        sum_of_all += item.array() != nullptr ? total(*item.array()) : item.number();
    }
    return sum_of_all / static_cast<double>(n);
  }

  [[nodiscard]] Value end_of(const Value& of) const {
    if (of.array() == nullptr || of.array()->empty()) return {};
    return builtin_.id == first ? of.array()->front() : of.array()->back();
  }
  [[nodiscard]] Value get_element(const Value& of, const Value& at) const {
    if (of.is_nil()) return {};
    const auto size = static_cast<std::int64_t>(array(of).size());
    std::int64_t i = whole(at, column_);
    if (i < 0) i = wrap_add(size, i);
    if (i < 0 || i >= size) return {};
    return (*of.array())[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] Value taken(const Array& of, std::int64_t n) const {
    if (n < 0) refuse(column_, "take of " + std::to_string(n) + " elements");
    const auto size = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(n, static_cast<std::int64_t>(of.size())));
    return Value(Array(of.begin(), of.begin() + size));
  }
  [[nodiscard]] static Value reversed(const Array& of) { return Value(Array(of.rbegin(), of.rend())); }
  [[nodiscard]] Value unique(const Array& of) const {
    if (of.size() > 10'000) refuse(column_, "uniq of more than 10000 elements");
    Array out;
    for (const Value& item : of)
      if (std::none_of(out.begin(), out.end(), [&](const Value& kept) { return equal(item, kept); }))
        out.push_back(item);
    return Value(std::move(out));
  }
  [[nodiscard]] Value joined(Arguments arguments) const {
    Array out;
    for (const Value& list : arguments) out.insert(out.end(), array(list).begin(), array(list).end());
    return Value(std::move(out));
  }
  static void flatten_into(const Array& of, Array& out) {
    for (const Value& item : of) {
      if (item.array() != nullptr)
        flatten_into(*item.array(), out);
      else
        out.push_back(item);
    }
  }
  [[nodiscard]] static Value flattened(const Array& of) {
    Array out;
    flatten_into(of, out);
    return Value(std::move(out));
  }

  [[nodiscard]] Value sorted(Arguments arguments) const {
    if (arguments[0].is_nil()) return Value(Array());
    Array out = array(arguments[0]);
    bool falling = false;
    if (arguments.size() > 1) {
      const std::string& order = text(arguments[1]);
      if (order != "asc" && order != "desc") refuse(column_, "sort by \"" + order + "\"", "write \"asc\" or \"desc\"");
      falling = order == "desc";
    }
    if (out.size() > 10'000) refuse(column_, "sort of more than 10000 elements");
    for (std::size_t i = 1; i < out.size(); ++i) apply(Op::less, out[0], out[i], column_);  // of one kind
    for (std::size_t i = 1; i < out.size(); ++i) apply(Op::less, out[i - 1], out[i], column_);
    stable_order(out.begin(), out.end(), [&](const Value& a, const Value& b) {
      return *apply(Op::less, falling ? b : a, falling ? a : b, column_).boolean();
    });
    return Value(std::move(out));
  }

  [[nodiscard]] Value bits(Arguments arguments) const {
    const std::int64_t x = integer(arguments[0]);
    if (builtin_.id == bitnot) return ~x;
    const std::int64_t y = integer(arguments[1]);
    switch (builtin_.id) {
      case bitand_: return x & y;
      case bitor_: return x | y;
      case bitxor: return x ^ y;
      case bitnand: return x & ~y;
      default: break;
    }
    if (y < 0) refuse(column_, "a shift by " + std::to_string(y));
    const bool all_out = y >= 64;
    const auto unsigned_x = static_cast<std::uint64_t>(x);
    if (builtin_.id == bitshr) return all_out ? (x < 0 ? std::int64_t{-1} : std::int64_t{0}) : x >> y;
    if (all_out) return std::int64_t{0};
    return static_cast<std::int64_t>(builtin_.id == bitshl ? unsigned_x << y : unsigned_x >> y);
  }

  const Builtin& builtin_;
  int column_;
};

}  // namespace

Value call(const Builtin& builtin, std::span<const Value> arguments, int column) {
  return FunctionCall(builtin, column).run(arguments);
}

}  // namespace windtunnel::expression
