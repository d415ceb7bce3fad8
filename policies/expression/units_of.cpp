#include "policies/expression/units_of.hpp"

#include <algorithm>
#include <utility>

#include "policies/expression/node.hpp"

namespace windtunnel::expression {
namespace {

using DimensionKind = Dimension::Kind;

constexpr Dimension kFigure{};
constexpr Dimension kTruth{.kind = DimensionKind::truth};

std::string dimension_text(const Dimension& dimension) {
  if (dimension.kind == DimensionKind::truth) return "true or false";
  return dimension.kind == DimensionKind::figure ? "a plain figure" : to_text(dimension.unit);
}

class Units {
 public:
  explicit Units(const std::vector<Variable>& variables) : variables_(variables) {}

  Dimension visit(const Node& node) {
    switch (node.kind) {
      case NodeKind::constant: return node.value.boolean() != nullptr ? kTruth : kFigure;
      case NodeKind::name: return name(node);
      case NodeKind::pointer: return pointer(node);
      case NodeKind::unary: return unary(node);
      case NodeKind::binary: return binary(node);
      case NodeKind::conditional: visit(*node.kids[0]); return one_of(node, 1, "the branches of ? :");
      case NodeKind::sequence: return last_of(node);
      case NodeKind::let: {
        const Dimension value = visit(*node.kids[0]);
        locals_.resize(std::max(locals_.size(), static_cast<std::size_t>(node.slot) + 1));
        locals_[static_cast<std::size_t>(node.slot)] = value;
        return visit(*node.kids[1]);
      }
      case NodeKind::array: return one_of(node, 0, "the elements of an array");
      case NodeKind::index:
      case NodeKind::slice: {
        const Dimension of = visit(*node.kids[0]);
        for (std::size_t i = 1; i < node.kids.size(); ++i) visit(*node.kids[i]);
        return of;
      }
      case NodeKind::builtin: return node.builtin->takes_predicate ? with_predicate(node) : call(node);
    }
    return kFigure;
  }

 private:
  Dimension name(const Node& node) const {
    const auto slot = static_cast<std::size_t>(node.slot);
    if (node.local) return locals_[slot];
    return {.kind = DimensionKind::unit, .unit = variables_[slot].unit};
  }
  Dimension pointer(const Node& node) const {
    if (node.name == "index") return kFigure;
    return scopes_.back();  // # and, as reduce adds up what it is given, #acc
  }
  Dimension unary(const Node& node) {
    const Dimension of = visit(*node.kids[0]);
    return node.op == Op::logical_not ? kTruth : of;
  }
  Dimension last_of(const Node& node) {
    Dimension last;
    for (const auto& part : node.kids) last = visit(*part);
    return last;
  }

  /// Both in one unit; a figure takes the other's.
  static Dimension agree(const Dimension& a, const Dimension& b, int column, const std::string& what) {
    if (a.kind == DimensionKind::figure) return b;
    if (b.kind == DimensionKind::figure) return a;
    if (a.kind == b.kind && a.unit == b.unit) return a;
    refuse(column, what + " are in " + dimension_text(a) + " and " + dimension_text(b),
           "both sides must be in one unit");
  }
  Dimension one_of(const Node& node, std::size_t from, const std::string& what) {
    Dimension all;
    for (std::size_t i = from; i < node.kids.size(); ++i)
      all = agree(all, visit(*node.kids[i]), node.kids[i]->column, what);
    return all;
  }

  static Dimension scaled(const Dimension& a, const Dimension& b, int power) {
    if (a.kind == DimensionKind::figure && b.kind == DimensionKind::figure) return kFigure;
    return {.kind = DimensionKind::unit, .unit = times(a.unit, b.unit, power)};
  }

  Dimension binary(const Node& node) {
    const Dimension a = visit(*node.kids[0]);
    const Dimension b = visit(*node.kids[1]);
    const std::string sides = "the sides of " + node.name;
    switch (node.op) {
      case Op::multiply: return scaled(a, b, 1);
      case Op::divide: return scaled(a, b, -1);
      case Op::power: return power(node, a, b);
      case Op::add:
      case Op::subtract:
      case Op::modulo:
      case Op::range:
      case Op::coalesce: return agree(a, b, node.column, sides);
      case Op::logical_and:
      case Op::logical_or:
      case Op::contains:
      case Op::starts_with:
      case Op::ends_with: return kTruth;
      default: agree(a, b, node.column, sides); return kTruth;
    }
  }

  static Dimension power(const Node& node, const Dimension& base, const Dimension& exponent) {
    if (exponent.kind == DimensionKind::unit && exponent.unit != kPlain)
      refuse(node.kids[1]->column, "an exponent in " + to_text(exponent.unit), "an exponent is a plain number");
    if (base.kind != DimensionKind::unit || base.unit == kPlain) return base;
    const Node& times_node = *node.kids[1];
    const auto* whole = times_node.kind == NodeKind::constant ? times_node.value.integer() : nullptr;
    if (whole == nullptr || *whole < 0 || *whole > 10)
      refuse(node.column, to_text(base.unit) + " to a power that is not a whole number from 0 to 10",
             "divide by a figure in the same unit first");
    return {.kind = DimensionKind::unit, .unit = times(kPlain, base.unit, static_cast<int>(*whole))};
  }

  Dimension with_predicate(const Node& node) {
    using enum BuiltinId;
    const Dimension of = visit(*node.kids[0]);
    Dimension result = of;
    if (node.kids.size() > 1) {
      scopes_.push_back(of);
      result = visit(*node.kids[1]);
      scopes_.pop_back();
    }
    switch (node.builtin->id) {
      case map: return result;
      case sum: return result;
      case reduce:
        return node.kids.size() > 2 ? agree(visit(*node.kids[2]), result, node.column, "reduce and its start") : result;
      case filter:
      case find:
      case find_last: return of;
      case count:
      case find_index:
      case find_last_index: return kFigure;
      default: return kTruth;
    }
  }

  Dimension call(const Node& node) {
    using enum BuiltinId;
    switch (node.builtin->id) {
      case len: visit(*node.kids[0]); return kFigure;
      case type:
      case to_string:
      case trim:
      case upper:
      case lower: return kFigure;
      case get:
      case take:
      case sort:
        for (std::size_t i = 1; i < node.kids.size(); ++i) visit(*node.kids[i]);
        return visit(*node.kids[0]);
      default: return one_of(node, 0, "the arguments of " + node.name);
    }
  }

  const std::vector<Variable>& variables_;
  std::vector<Dimension> locals_;
  std::vector<Dimension> scopes_;
};

}  // namespace

std::variant<Dimension, Problem> dimension_of(const std::string& formula, const std::vector<Variable>& variables) {
  std::vector<std::string> names;
  for (const auto& variable : variables) names.push_back(variable.name);
  try {
    const NodePtr root = parse(formula, names);
    check(*root, names);
    const Dimension found = Units(variables).visit(*root);
    return root->type.kind == Kind::boolean ? Dimension{.kind = DimensionKind::truth} : found;
  } catch (const Refused& refused) {
    return refused.problem();
  }
}

}  // namespace windtunnel::expression
