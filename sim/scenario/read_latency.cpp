// Reads one `latency` block: fixed and per_item, the work-span law, or a table of measured times.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

/// One block as it is being read.
struct LatencyReading {
  ProblemList& problems;
  const Node& node;
  const std::string& path;
  Block block;
  LatencySpec spec{};
  bool ok = true;

  void refuse(const Node& at, const std::string& where, std::string what, std::string hint) {
    problems.add(at, where, std::move(what), std::move(hint));
    ok = false;
  }
  void refuse(std::string_view key, std::string what, std::string hint) {
    const Node* at = node.find(key);
    refuse(at == nullptr ? node : *at, at == nullptr ? path : join_path(path, key), std::move(what), std::move(hint));
  }
  [[nodiscard]] bool has(std::string_view key) const { return node.find(key) != nullptr; }
};

void read_noise(LatencyReading& r) {
  const ParamSet& v = r.block.values;
  const double cv = v.number("cv");
  r.spec.cv = r.spec.cv_company = cv;
  if (cv > 0) r.spec.noise = Law{.kind = LawKind::lognormal, .mean = 1, .scv = cv * cv};
  if (!v.has("cv_company")) return;
  r.spec.cv_company = v.number("cv_company");
  if (cv == 0 && r.spec.cv_company > 0 && r.block.ok)
    r.refuse("cv_company", "needs a cv above 0 to widen", "give cv: 0.01, or remove cv_company");
}

// Keys that belong to another form than the one chosen.
void refuse_strays(LatencyReading& r, std::string_view form, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys) {
    if (!r.has(key)) continue;
    if (r.block.values.has(key) && r.block.values.number(key) == 0) continue;  // a default written out says nothing
    r.refuse(key, fmt::format("means nothing with {}", form), "remove it");
  }
}

void read_law(LatencyReading& r) {
  const ParamSet& v = r.block.values;
  refuse_strays(r, "law: work_span", {"fixed", "per_item", "table"});
  for (const auto key : {"a", "w", "p"})
    if (!v.has(key) && r.block.ok)
      r.refuse("law", fmt::format("work_span needs {}", key), "give a, w and p; windtunnel profile fit makes them");
  if (!r.ok || !r.block.ok) return;
  const WorkSpan law{
      .a_s = v.number("a"), .f_s = v.has("f") ? v.number("f") : 0, .w_s = v.number("w"), .p = v.number("p")};
  if (!(law.time_s(1) > 0)) r.refuse("law", "a, f and w are all 0: a batch would take no time", "give a or w");
  r.spec.time = law;
}

void read_table(LatencyReading& r, const Node& table) {
  const std::string path = join_path(r.path, "table");
  refuse_strays(r, "table", {"fixed", "per_item"});
  if (!table.is(Node::Kind::sequence) || table.items.empty())
    return r.refuse(table, path, table.is(Node::Kind::sequence) ? "has no row" : fmt::format("is {}", table.describe()),
                    "write a list of rows: [{items: 1, share: 1, time: 5ms}, ...]");
  std::vector<TimePoint> points;
  Node resolved = Node::sequence();
  for (std::size_t i = 0; i < table.items.size(); ++i) {
    const std::string place = join_path(path, std::to_string(i));
    Block row = read_block(r.problems, &table.items[i], place, tables::latency_table());
    r.ok = r.ok && row.ok;
    resolved.items.push_back(row.resolved);
    const TimePoint point{row.values.number("items"), row.values.number("share"), row.values.number("time")};
    const bool twice = std::any_of(points.begin(), points.end(),
                                   [&](const auto& p) { return p.items == point.items && p.share == point.share; });
    if (twice && row.ok)
      r.refuse(table.items[i], place,
               fmt::format("{:g} items on a share of {:g} stand there twice", point.items, point.share),
               "keep one row of them");
    points.push_back(point);
  }
  if (r.ok) r.spec.time = MeasuredTimes(std::move(points));
  r.block.resolved.set("table", std::move(resolved));
}

void read_contention(LatencyReading& r) {
  const Node* node = r.node.find("contention");
  if (node == nullptr) return;
  Block block = read_block(r.problems, node, join_path(r.path, "contention"), tables::contention());
  r.ok = r.ok && block.ok;
  const ParamSet& v = block.values;
  r.spec.contention = Contention{v.number("slowdown"), v.number("launch"), v.number("pressure"), v.number("exposure")};
  r.block.resolved.set("contention", std::move(block.resolved));
}

std::array<double, 2> pair_of(LatencyReading& r, const Node& at, const Block& block, std::string_view key,
                              std::array<double, 2> fallback) {
  if (!block.values.has(key)) return fallback;
  const auto& numbers = block.values.numbers(key);
  if (numbers.size() == 2 && numbers[0] <= numbers[1]) return {numbers[0], numbers[1]};
  if (block.ok)
    r.refuse(at, join_path(join_path(r.path, "measured"), key), "is not a least and a most", "write [least, most]");
  return fallback;
}

void read_measured(LatencyReading& r) {
  const Node* node = r.node.find("measured");
  if (node == nullptr) return;
  Block block = read_block(r.problems, node, join_path(r.path, "measured"), tables::measured_range());
  r.ok = r.ok && block.ok;
  const MeasuredRange none;
  const auto items = pair_of(r, *node, block, "items", {none.least_items, none.most_items});
  const auto shares = pair_of(r, *node, block, "shares", {none.least_share, none.most_share});
  r.spec.measured = MeasuredRange{items[0], items[1], shares[0], shares[1]};
  r.block.resolved.set("measured", std::move(block.resolved));
}

// What belongs to another form, or was left out, stays out of the resolved file.
void drop_unused(LatencyReading& r) {
  std::erase_if(r.block.resolved.entries, [&](const Entry& entry) {
    if (entry.value.is(Node::Kind::null)) return true;
    return r.spec.time.has_value() && (entry.key == "fixed" || entry.key == "per_item");
  });
}

}  // namespace

LatencySpec read_latency(ProblemList& problems, const Node& node, const std::string& path, Node& resolved, bool& ok) {
  LatencyReading r{
      .problems = problems, .node = node, .path = path, .block = read_block(problems, &node, path, tables::latency())};
  const ParamSet& v = r.block.values;
  r.spec.gpu_active = v.number("gpu_active");
  r.spec.sm_activity = v.number("sm_activity");
  read_noise(r);
  const Node* table = node.find("table");
  if (v.has("law")) {
    read_law(r);
  } else if (table != nullptr) {
    read_table(r, *table);
  } else {
    r.spec.fixed_s = v.number("fixed");
    r.spec.per_item_s = v.number("per_item");
    if (r.block.ok && r.spec.fixed_s == 0 && r.spec.per_item_s == 0)
      r.refuse(node, path, "fixed and per_item are both 0: a batch would take no time", "give one of them");
  }
  if (!v.has("law"))
    for (const auto key : {"a", "f", "w", "p"})
      if (v.has(key)) r.refuse(key, "means nothing without law: work_span", "say law: work_span, or remove it");
  read_contention(r);
  read_measured(r);
  drop_unused(r);
  ok = ok && r.ok && r.block.ok;
  resolved = std::move(r.block.resolved);
  return r.spec;
}

}  // namespace windtunnel
