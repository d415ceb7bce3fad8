// The rules of expr-lang/expr v1.17.8 (checker/checker.go): what is refused before anything is computed.
#include <algorithm>

#include "policies/expression/builtin_types.hpp"
#include "policies/expression/literal.hpp"
#include "policies/expression/node.hpp"
#include "policies/expression/operator_types.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

class TypeChecker {
 public:
  explicit TypeChecker(const std::vector<std::string>& variables) : variables_(variables) {}

  const Type& visit(Node& node) {
    node.type = type_of(node);
    return node.type;
  }

 private:
  struct Scope {
    Type collection;
    bool has_index = false, has_acc = false;
  };

  Type type_of(Node& node) {
    switch (node.kind) {
      case NodeKind::constant: return type_of_constant(node.value);
      case NodeKind::name: return name(node);
      case NodeKind::pointer: return pointer(node);
      case NodeKind::unary: return unary(node);
      case NodeKind::binary: return binary(node);
      case NodeKind::conditional: return conditional(node);
      case NodeKind::sequence: return sequence(node);
      case NodeKind::let: return declaration(node);
      case NodeKind::array: return array(node);
      case NodeKind::index: return index(node);
      case NodeKind::slice: return slice(node);
      case NodeKind::builtin: return builtin(node);
    }
    return kOpenType;
  }

  static Type type_of_constant(const Value& value) {
    if (value.is_nil()) return {.kind = Kind::nil};
    if (value.boolean() != nullptr) return kBooleanType;
    if (value.integer() != nullptr) return kIntegerType;
    return value.real() != nullptr ? kRealType : kTextType;
  }

  Type name(Node& node) {
    for (auto i = locals_.size(); i-- > 0;) {
      if (locals_[i].name != node.name) continue;
      node.local = true;
      node.slot = locals_[i].slot;
      return locals_[i].type;
    }
    const auto it = std::find(variables_.begin(), variables_.end(), node.name);
    if (it == variables_.end()) unknown_name(node);
    node.slot = static_cast<int>(it - variables_.begin());
    return kRealType;
  }

  [[noreturn]] void unknown_name(const Node& node) const {
    if (find_builtin(node.name) != nullptr)
      refuse_unmodelled(node.column, "the function " + node.name + " as a value", "call it: " + node.name + "(...)");
    std::vector<std::string> known = variables_;
    for (const auto& local : locals_) known.push_back(local.name);
    refuse(node.column, "unknown name \"" + node.name + "\"", nearest_name(node.name, known));
  }

  Type pointer(const Node& node) const {
    const Scope& scope = scopes_.back();
    if (node.name.empty()) return scope.collection.is_open() ? kOpenType : scope.collection.item();
    if (node.name == "index" && scope.has_index) return kIntegerType;
    if (node.name == "acc" && scope.has_acc) return kOpenType;
    refuse(node.column, "unknown pointer #" + node.name,
           "known: # (the element), #index in map and reduce, #acc in reduce");
  }

  Type unary(Node& node) { return type_of_unary(node, visit(*node.kids[0])); }

  Type binary(Node& node) {
    const Type l = visit(*node.kids[0]);
    const Type r = visit(*node.kids[1]);
    return type_of_binary(node, l, r);
  }

  Type conditional(Node& node) {
    const Type condition = visit(*node.kids[0]);
    if (condition.kind != Kind::boolean && !condition.is_open())
      refuse(node.kids[0]->column, "the condition is a " + name_of(condition) + ", not true or false",
             condition.is_number() ? "compare it with a number, e.g. ... > 0" : "");
    const Type a = visit(*node.kids[1]);
    const Type b = visit(*node.kids[2]);
    if (a.kind == Kind::nil) return b;
    if (b.kind == Kind::nil) return a;
    if (!assignable(a, b)) return kOpenType;
    const bool arrays = a.kind == Kind::array && b.kind == Kind::array;
    if (arrays && (!assignable(a.item(), b.item()) || !assignable(b.item(), a.item()))) return {.kind = Kind::array};
    return a;
  }

  Type sequence(Node& node) {
    Type last;
    for (auto& part : node.kids) last = visit(*part);
    return last;
  }

  Type declaration(Node& node) {
    const auto taken = [&](std::string_view what) {
      refuse(node.column, "\"" + node.name + "\" is " + std::string(what) + " already", "choose another name");
    };
    if (std::find(variables_.begin(), variables_.end(), node.name) != variables_.end()) taken("defined");
    if (find_builtin(node.name) != nullptr) taken("a function");
    for (const auto& local : locals_)
      if (local.name == node.name) taken("named by let");
    const Type value = visit(*node.kids[0]);
    node.slot = next_slot_++;
    locals_.push_back({node.name, value, node.slot});
    const Type rest = visit(*node.kids[1]);
    locals_.pop_back();
    return rest;
  }

  Type array(Node& node) {
    Type previous;
    bool same = true;
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      const Type item = visit(*node.kids[i]);
      same = same && (i == 0 || item.kind == previous.kind);
      previous = item;
    }
    return same ? array_of(previous) : Type{.kind = Kind::array};
  }

  Type index(Node& node) {
    const Type of = visit(*node.kids[0]);
    const Type which = visit(*node.kids[1]);
    if (of.is_open()) return kOpenType;
    if (of.kind != Kind::array) refuse(node.column, "a " + name_of(of) + " has no elements");
    if (which.kind != Kind::integer && !which.is_open())
      refuse(node.kids[1]->column, "an element is chosen by a whole number, not by a " + name_of(which));
    return of.item();
  }

  Type slice(Node& node) {
    const Type of = visit(*node.kids[0]);
    for (const auto at : {1, 2}) {
      const Type bound = visit(*node.kids[static_cast<std::size_t>(at)]);
      const bool left_out =
          node.kids[static_cast<std::size_t>(at)]->kind == NodeKind::constant && bound.kind == Kind::nil;
      if (!of.is_open() && !left_out && bound.kind != Kind::integer && !bound.is_open())
        refuse(node.kids[static_cast<std::size_t>(at)]->column,
               "a slice is bounded by whole numbers, not by a " + name_of(bound));
    }
    if (of.is_open()) return kOpenType;
    if (of.kind != Kind::array && of.kind != Kind::text) refuse(node.column, "a " + name_of(of) + " cannot be sliced");
    return of;
  }

  Type builtin(Node& node) {
    if (node.builtin->takes_predicate) return with_predicate(node);
    std::vector<Type> arguments;
    for (auto& kid : node.kids) arguments.push_back(visit(*kid));
    return type_of_call(node, arguments);
  }

  Type with_predicate(Node& node) {
    using enum BuiltinId;
    const BuiltinId id = node.builtin->id;
    const Type collection = visit(*node.kids[0]);
    if (collection.kind != Kind::array && !collection.is_open())
      refuse(node.kids[0]->column, node.name + " takes an array, not a " + name_of(collection));
    Type result;
    if (node.kids.size() > 1) {
      scopes_.push_back({collection, id == map || id == reduce, id == reduce});
      result = visit(*node.kids[1]);
      scopes_.pop_back();
      if (result.kind == Kind::nil) refuse(node.kids[1]->column, "the second argument of " + node.name + " is nil");
    }
    if (node.kids.size() > 2) visit(*node.kids[2]);
    const bool open = collection.is_open();
    switch (id) {
      case map: return array_of(result);
      case reduce: return result;
      case sum: return node.kids.size() > 1 ? result : open ? kOpenType : collection.item();
      case count:
        if (node.kids.size() == 1) return kIntegerType;
        break;
      default: break;
    }
    if (result.kind != Kind::boolean && !result.is_open())
      refuse(node.kids[1]->column,
             "the condition of " + node.name + " is a " + name_of(result) + ", not true or false");
    switch (id) {
      case filter: return open ? Type{.kind = Kind::array} : array_of(collection.item());
      case find:
      case find_last: return open ? kOpenType : collection.item();
      case find_index:
      case find_last_index:
      case count: return kIntegerType;
      default: return kBooleanType;
    }
  }

  struct Local {
    std::string name;
    Type type;
    int slot;
  };
  const std::vector<std::string>& variables_;
  std::vector<Local> locals_;
  std::vector<Scope> scopes_;
  int next_slot_ = 0;
};

}  // namespace

void check(Node& root, const std::vector<std::string>& variables) {
  TypeChecker(variables).visit(root);
}

}  // namespace windtunnel::expression
