// As expr-lang/expr v1.17.8 validates its functions' arguments (builtin/builtin.go, builtin/validation.go).
#include "policies/expression/builtin_types.hpp"

#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

const Type kAnyResult{.kind = Kind::any};
const Type kAnyArray{.kind = Kind::array};

class CallTypes {
 public:
  CallTypes(const Node& node, const std::vector<Type>& arguments) : node_(node), arguments_(arguments) {}

  void count(std::size_t least, std::size_t most) const {
    const auto n = arguments_.size();
    if (n >= least && n <= most) return;
    const std::string wanted =
        least == most ? std::to_string(least) : std::to_string(least) + " or " + std::to_string(most);
    refuse(node_.column,
           node_.name + " takes " + wanted + " argument" + (most == 1 ? "" : "s") + ", not " + std::to_string(n));
  }
  /// The argument is open, or of one of these kinds.
  void take(std::size_t at, std::initializer_list<Kind> kinds) const {
    const Type& type = arguments_[at];
    if (type.is_open()) return;
    for (const Kind kind : kinds)
      if (type.kind == kind) return;
    refuse(node_.kids[at]->column, node_.name + " does not take " + name_of(type));
  }
  [[nodiscard]] const Type& argument(std::size_t at) const { return arguments_[at]; }
  [[nodiscard]] std::size_t size() const { return arguments_.size(); }

  /// max, min, mean, median: numbers, and the first array makes the rest free.
  [[nodiscard]] Type aggregate() const {
    if (arguments_.empty()) refuse(node_.column, node_.name + " needs an argument");
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      if (arguments_[i].is_open() || arguments_[i].kind == Kind::array) return kAnyResult;
      take(i, {Kind::integer, Kind::real});
    }
    return arguments_.front();
  }

 private:
  const Node& node_;
  const std::vector<Type>& arguments_;
};

// An array's own type, without what is known of its elements.
Type bare(const Type& type) {
  return type.kind == Kind::array ? kAnyArray : type.is_open() ? kAnyResult : type;
}

}  // namespace

Type type_of_call(const Node& node, const std::vector<Type>& arguments) {
  using enum BuiltinId;
  const CallTypes call(node, arguments);
  switch (node.builtin->id) {
    case len:
      call.count(1, 1);
      call.take(0, {Kind::array, Kind::text});
      return {.kind = Kind::integer};
    case abs:
      call.count(1, 1);
      call.take(0, {Kind::integer, Kind::real});
      return bare(call.argument(0));
    case ceil:
    case floor:
    case round:
      call.count(1, 1);
      call.take(0, {Kind::integer, Kind::real});
      return {.kind = Kind::real};
    case to_int:
    case to_float:
      call.count(1, 1);
      call.take(0, {Kind::integer, Kind::real, Kind::text});
      return {.kind = node.builtin->id == to_int ? Kind::integer : Kind::real};
    case type:
    case to_string: call.count(1, 1); return {.kind = Kind::text};
    case trim:
      call.count(1, 2);
      for (std::size_t i = 0; i < call.size(); ++i) call.take(i, {Kind::text});
      return {.kind = Kind::text};
    case upper:
    case lower:
      call.count(1, 1);
      call.take(0, {Kind::text});
      return {.kind = Kind::text};
    case max:
    case min:
    case mean:
    case median: return call.aggregate();
    case first:
    case last:
      call.count(1, 1);
      call.take(0, {Kind::array});
      return kAnyResult;
    case get:
      call.count(2, 2);
      if (call.argument(0).is_open()) return {};
      call.take(0, {Kind::array});
      call.take(1, {Kind::integer});
      return call.argument(0).item();
    case take:
      call.count(2, 2);
      call.take(0, {Kind::array});
      call.take(1, {Kind::integer});
      return bare(call.argument(0));
    case reverse:
    case uniq:
    case flatten:
      call.count(1, 1);
      call.take(0, {Kind::array});
      return kAnyArray;
    case concat:
      if (call.size() == 0) refuse(node.column, "concat needs an argument");
      for (std::size_t i = 0; i < call.size(); ++i) call.take(i, {Kind::array});
      return kAnyArray;
    case sort:
      call.count(1, 2);
      if (call.argument(0).kind != Kind::nil) call.take(0, {Kind::array});
      if (call.size() == 2) call.take(1, {Kind::text});
      return kAnyArray;
    case bitnot:
      call.count(1, 1);
      call.take(0, {Kind::integer});
      return {.kind = Kind::integer};
    case bitand_:
    case bitor_:
    case bitxor:
    case bitnand:
    case bitshl:
    case bitshr:
    case bitushr:
      call.count(2, 2);
      call.take(0, {Kind::integer});
      call.take(1, {Kind::integer});
      return {.kind = Kind::integer};
    default: refuse_unmodelled(node.column, "the function " + node.name);
  }
}

}  // namespace windtunnel::expression
