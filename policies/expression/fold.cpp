// Constants computed beforehand, and the rewritings of the library's optimiser that can be seen from outside
// (expr-lang/expr v1.17.8, optimizer/): x and false is false whatever x is, sum([a, b, c]) is a + (b + c), and
// sum(1..n) needs no memory.
#include <algorithm>
#include <utility>

#include "policies/expression/operations.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

bool is_constant(const NodePtr& node) {
  return node->kind == NodeKind::constant;
}
bool is_number_constant(const NodePtr& node) {
  return is_constant(node) && node->value.is_number();
}

void become(NodePtr& node, Value value) {
  node->kind = NodeKind::constant;
  node->value = std::move(value);
  node->kids.clear();
}

void become_kid(NodePtr& node, std::size_t which) {
  NodePtr kid = std::move(node->kids[which]);
  node = std::move(kid);
}

void fold_unary(NodePtr& node) {
  const NodePtr& of = node->kids[0];
  if (!is_constant(of)) return;
  if (node->op == Op::logical_not) {
    if (const auto* held = of->value.boolean()) become(node, !*held);
  } else if (of->value.is_number()) {
    Value value = node->op == Op::negate ? negate(of->value, node->column) : of->value;
    become(node, std::move(value));
  }
}

// `and` where deciding is false, `or` where it is true.
void fold_logical(NodePtr& node, bool deciding) {
  const auto held = [&](std::size_t i) {
    return is_constant(node->kids[i]) ? node->kids[i]->value.boolean() : nullptr;
  };
  const bool* left = held(0);
  const bool* right = held(1);
  if (left != nullptr && *left != deciding) return become_kid(node, 1);
  if (right != nullptr && *right != deciding) return become_kid(node, 0);
  if (left != nullptr || right != nullptr) become(node, deciding);
}

void fold_binary(NodePtr& node) {
  const NodePtr& l = node->kids[0];
  const NodePtr& r = node->kids[1];
  switch (node->op) {
    case Op::logical_and: return fold_logical(node, false);
    case Op::logical_or: return fold_logical(node, true);
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo:
    case Op::power: break;
    default: return;
  }
  if (!is_number_constant(l) || !is_number_constant(r)) return;
  Value value = apply(node->op, l->value, r->value, node->column);
  become(node, std::move(value));
}

void fold_array(NodePtr& node) {
  if (node->kids.empty()) return;
  for (const auto& kid : node->kids)
    if (!is_constant(kid) || kid->value.is_nil() || kid->value.array() != nullptr) return;
  Array items;
  for (const auto& kid : node->kids) items.push_back(kid->value);
  become(node, Value(std::move(items)));
}

NodePtr sum_of(std::vector<NodePtr>& items, std::size_t from, int column) {
  if (from + 1 == items.size()) return std::move(items[from]);
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::binary;
  node->column = column;
  node->op = Op::add;
  node->name.push_back('+');
  NodePtr left = std::move(items[from]);
  node->kids.push_back(std::move(left));
  node->kids.push_back(sum_of(items, from + 1, column));
  return node;
}

void fold_sum(NodePtr& node) {
  if (node->kids.size() != 1) return;
  NodePtr& of = node->kids[0];
  if (of->kind == NodeKind::array && of->kids.size() >= 2 && of->kids.size() <= kDeepest) {
    const Type type = node->type;
    std::vector<NodePtr> items = std::move(of->kids);
    node = sum_of(items, 0, node->column);
    node->type = type;
    return;
  }
  if (of->kind != NodeKind::binary || of->op != Op::range) return;
  const auto* from = is_constant(of->kids[0]) ? of->kids[0]->value.integer() : nullptr;
  const auto* to = is_constant(of->kids[1]) ? of->kids[1]->value.integer() : nullptr;
  if (from == nullptr || to == nullptr || *to < *from) return;
  const std::int64_t count = wrap_add(wrap_subtract(*to, *from), 1);
  become(node, wrap_multiply(count, wrap_add(*from, *to)) / 2);
}

}  // namespace

void fold(NodePtr& node) {
  for (auto& kid : node->kids) fold(kid);
  switch (node->kind) {
    case NodeKind::unary: return fold_unary(node);
    case NodeKind::binary: return fold_binary(node);
    case NodeKind::array: return fold_array(node);
    case NodeKind::builtin:
      if (node->builtin->id == BuiltinId::sum) fold_sum(node);
      return;
    default: return;
  }
}

}  // namespace windtunnel::expression
