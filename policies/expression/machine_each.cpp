// Functions that compute something for each element of an array.
#include "policies/expression/machine.hpp"
#include "policies/expression/operations.hpp"
#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

// Nested predicates over one array could otherwise run for hours.
constexpr std::int64_t kMostSteps = 10'000'000;

}  // namespace

Value Machine::predicate(const Instruction& now, std::size_t index) {
  if (++steps_ > kMostSteps) refuse(now.column, "more than 10000000 steps", "use shorter arrays");
  scopes_.back().index = index;
  if (now.operand < 0) return (*scopes_.back().items)[index];
  return run_block(static_cast<std::size_t>(program_.blocks[static_cast<std::size_t>(now.operand)]));
}

bool Machine::holds(const Instruction& now, std::size_t index) {
  return truth(predicate(now, index), now.column);
}

void Machine::each(const Instruction& now) {
  std::optional<Value> start;
  if (now.flag) start = pop();
  const Value items = pop();  // held here while the predicate runs
  if (items.array() == nullptr)
    refuse(now.column, std::string(now.builtin->name) + " takes an array, not " + std::string(type_name(items)));
  scopes_.push_back({.items = items.array()});
  Value result =
      now.builtin->id == BuiltinId::reduce ? reduce(now, items, std::move(start)) : fold_items(now, *items.array());
  scopes_.pop_back();
  push(std::move(result));
}

Value Machine::reduce(const Instruction& now, const Value& items, std::optional<Value> start) {
  const Array& array = *items.array();
  std::size_t at = 0;
  if (!start) {
    if (array.empty()) refuse(now.column, "reduce of an empty array", "give it a start value as third argument");
    start = array[at++];
  }
  scopes_.back().accumulator = std::move(*start);
  for (; at < array.size(); ++at) {
    Value next = predicate(now, at);
    scopes_.back().accumulator = std::move(next);
  }
  return scopes_.back().accumulator;
}

Value Machine::fold_items(const Instruction& now, const Array& items) {
  using enum BuiltinId;
  const BuiltinId id = now.builtin->id;
  const std::size_t size = items.size();
  const bool backwards = id == find_last || id == find_last_index;
  std::int64_t found = 0;
  Array kept;
  Value total = std::int64_t{0};
  for (std::size_t step = 0; step < size; ++step) {
    const std::size_t i = backwards ? size - 1 - step : step;
    if (id == map) {
      kept.push_back(predicate(now, i));
      continue;
    }
    if (id == sum) {
      total = apply(Op::add, predicate(now, i), total, now.column);
      continue;
    }
    if (id == all || id == none) {
      if (holds(now, i) == (id == none)) return false;
      continue;
    }
    if (!holds(now, i)) continue;
    ++found;
    if (id == any) return true;
    if (id == find || id == find_last) return items[i];
    if (id == find_index || id == find_last_index) return static_cast<std::int64_t>(i);
    if (id == filter) kept.push_back(items[i]);
  }
  switch (id) {
    case all:
    case none: return true;
    case any: return false;
    case one: return found == 1;
    case count: return found;
    case sum: return total;
    case map:
    case filter: count_elements(kept.size(), now.column); return Value(std::move(kept));
    default: return {};  // found nothing
  }
}

}  // namespace windtunnel::expression
