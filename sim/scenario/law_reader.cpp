#include "sim/scenario/law_reader.hpp"

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/law_table.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {
namespace {

double mean_of(const Law& discrete) {
  double total = 0, sum = 0;
  for (std::size_t i = 0; i < discrete.values.size(); ++i) {
    const double weight = discrete.weights.empty() ? 1.0 : discrete.weights[i];
    total += weight;
    sum += weight * discrete.values[i];
  }
  return sum / total;
}

/// The law the block names; `values` alone is the discrete one. nullptr with a problem when it names none.
const LawRow* pick_row(ProblemList& problems, const Node& node, const std::string& path, bool time) {
  const auto rows = time ? time_law_table() : law_table();
  const Node* name = node.find("law");
  if (name != nullptr) return find_row(problems, *name, join_path(path, "law"), "law", rows);
  if (node.find("values") == nullptr) {
    problems.add(node, path, "law is missing", suggestion("", names_of(rows)));
    return nullptr;
  }
  for (const auto& row : rows)
    if (row.kind == LawKind::discrete) return &row;
  return nullptr;
}

}  // namespace

Law read_law(ProblemList& problems, const Node& node, const std::string& path, bool time, bool& ok) {
  const Param amount = {.name = "mean",
                        .type = time ? ParamType::duration : ParamType::number,
                        .doc = time ? "a length of time" : "an amount above 0",
                        .min = 0,
                        .min_exclusive = !time};
  if (!node.is(Node::Kind::map)) {
    ValueReader reader(problems, amount, node, path);
    const auto value = reader.amount(node);
    if (!value) ok = false;
    return Law{.kind = LawKind::deterministic, .mean = value.value_or(1.0)};
  }
  const LawRow* row = pick_row(problems, node, path, time);
  if (row == nullptr) {
    ok = false;
    return {};
  }
  static const std::vector<Param> own = {{.name = "law", .type = ParamType::text, .doc = "its name", .optional = true}};
  const std::span<const Param> tables[] = {own, row->params};
  const Block block = read_block(problems, &node, path, tables);
  Law law{.kind = row->kind};
  if (block.values.has("mean")) law.mean = block.values.number("mean");
  if (block.values.has("scv")) law.scv = block.values.number("scv");
  if (block.values.has("values")) law.values = block.values.numbers("values");
  if (block.values.has("weights")) law.weights = block.values.numbers("weights");
  if (!block.ok) {
    ok = false;
    return {};
  }
  const std::string wrong = check_law(law, block.values.has("scv"));
  if (!wrong.empty()) {
    const auto cut = wrong.find("; ");
    problems.add(node, path, wrong.substr(0, cut), cut == std::string::npos ? "" : wrong.substr(cut + 2));
    ok = false;
    return {};
  }
  if (law.kind == LawKind::deterministic || law.kind == LawKind::exponential) law.scv = 0;
  if (law.kind == LawKind::discrete) law.mean = mean_of(law);  // so that nobody works it out twice
  return law;
}

Node write_law(const Law& law, bool time) {
  const ParamType type = time ? ParamType::duration : ParamType::number;
  if (law.kind == LawKind::deterministic) return Node::scalar(format_amount(type, law.mean));
  Node out = Node::map();
  for (const auto& row : law_table())
    if (row.kind == law.kind) out.set("law", Node::scalar(std::string(row.name)));
  if (law.kind == LawKind::discrete) {
    out.set("values", write_amounts(time ? ParamType::durations : ParamType::numbers, law.values));
    if (!law.weights.empty()) out.set("weights", write_amounts(ParamType::numbers, law.weights));
    return out;
  }
  out.set("mean", Node::scalar(format_amount(type, law.mean)));
  if (law.kind != LawKind::exponential && law.kind != LawKind::geometric)
    out.set("scv", Node::scalar(format_number(law.scv)));
  return out;
}

}  // namespace windtunnel
