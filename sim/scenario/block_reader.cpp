#include "sim/scenario/block_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario/law_table.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53: whole numbers are exact up to here

Result<double> parse_amount(ParamType type, std::string_view text) {
  switch (type) {
    case ParamType::duration:
    case ParamType::durations:
    case ParamType::time_law: return parse_duration_s(text);
    case ParamType::bytes: return parse_bytes(text);
    case ParamType::bandwidth: return parse_bandwidth(text);
    case ParamType::rate: return parse_rate(text);
    case ParamType::price: return parse_price(text);
    default: return parse_number(text);
  }
}

std::string format_amount(ParamType type, double value) {
  switch (type) {
    case ParamType::duration:
    case ParamType::durations:
    case ParamType::time_law: return format_duration(value);
    case ParamType::bytes: return format_bytes(value);
    case ParamType::bandwidth: return format_bandwidth(value);
    case ParamType::rate: return format_rate(value);
    case ParamType::price: return format_price(value);
    case ParamType::integer:
    case ParamType::count: return fmt::format("{:.0f}", value);
    default: return format_number(value);
  }
}

bool has_unit(ParamType type) {
  return type == ParamType::duration || type == ParamType::durations || type == ParamType::time_law ||
         type == ParamType::bytes || type == ParamType::bandwidth || type == ParamType::rate || type == ParamType::price;
}

bool is_whole(ParamType type) { return type == ParamType::integer || type == ParamType::count; }

struct Limits {
  double min, max;
  bool min_exclusive;
};

/// The declared limits, narrowed by what the type itself means.
Limits limits_of(const Param& param) {
  Limits limits{param.min, param.max, param.min_exclusive};
  if (param.type == ParamType::share) {
    if (limits.min <= 0) limits.min_exclusive = limits.min_exclusive || param.min < 0;
    limits.min = std::max(limits.min, 0.0);
    limits.max = std::min(limits.max, 1.0);
  } else if (has_unit(param.type)) {
    limits.min = std::max(limits.min, 0.0);
  } else if (param.type == ParamType::count) {
    limits.min = std::max(limits.min, 1.0);
  }
  return limits;
}

/// One reading of one value, so that the helpers below need not pass five things around.
class ValueReader {
 public:
  ValueReader(ProblemList& problems, const Param& param, const Node& node, const std::string& path)
      : problems_(problems), param_(param), node_(node), path_(path) {}

  [[nodiscard]] bool ok() const { return ok_; }

  /// A number or quantity inside the limits.
  std::optional<double> amount(const Node& node) {
    if (!node.is(Node::Kind::scalar)) return fail(node, fmt::format("is {}, not {}", node.describe(), wanted()), {});
    if (node.quoted && !has_unit(param_.type))
      return fail(node, fmt::format("\"{}\" is text in quotes, not {}", node.text, wanted()), "write it without quotes");
    auto parsed = parse_amount(param_.type, node.text);
    if (!parsed) {
      const Error& error = parsed.problems().front();
      const bool other_unit = error.what.find(" is a ") != std::string::npos;
      return fail(node, error.what,
                        other_unit && !param_.wrong_unit_hint.empty() ? std::string(param_.wrong_unit_hint) : error.hint);
    }
    const double value = *parsed;
    if (is_whole(param_.type) && (value != std::floor(value) || std::abs(value) > kLargestWhole))
      return fail(node, fmt::format("{} is not a whole number", node.text), {});
    const Limits limits = limits_of(param_);
    if (value < limits.min || (limits.min_exclusive && value <= limits.min) || value > limits.max)
      return fail(node,
                        fmt::format("{} is {} {}", node.text, limits.max < kNoLimit ? "outside" : "not", limits_text(param_)),
                        out_of_range_hint(value));
    return value;
  }

  std::optional<std::vector<double>> amounts() {
    if (!node_.is(Node::Kind::sequence)) {
      fail(node_, fmt::format("is {}, not {}", node_.describe(), wanted()), "write [a, b, c]");
      return std::nullopt;
    }
    std::vector<double> out;
    for (const auto& item : node_.items)
      if (const auto value = amount(item)) out.push_back(*value);
    return out;
  }

  std::optional<bool> boolean() {
    if (node_.is(Node::Kind::scalar) && !node_.quoted && (node_.text == "true" || node_.text == "false"))
      return node_.text == "true";
    fail(node_, fmt::format("{} is not true or false", node_.describe()), "write true or false");
    return std::nullopt;
  }

  std::optional<std::string> text() {
    if (node_.is(Node::Kind::scalar) && !node_.text.empty()) return node_.text;
    fail(node_, fmt::format("is {}, not a text", node_.is(Node::Kind::scalar) ? "empty" : node_.describe()), {});
    return std::nullopt;
  }

  std::optional<std::string> choice() {
    if (node_.is(Node::Kind::scalar) && std::find(param_.choices.begin(), param_.choices.end(), node_.text) != param_.choices.end())
      return node_.text;
    fail(node_, fmt::format("{} is not one of its values", node_.describe()),
         suggestion(node_.is(Node::Kind::scalar) ? node_.text : std::string(), param_.choices, true));
    return std::nullopt;
  }

 private:
  std::nullopt_t fail(const Node& node, std::string what, std::string hint) {
    if (node.is(Node::Kind::null)) {
      what = "has no value";
      if (hint.empty()) hint = "give one or remove the key";
    }
    ok_ = false;
    problems_.add(node, path_, std::move(what), std::move(hint));
    return std::nullopt;
  }
  [[nodiscard]] std::string wanted() const {
    switch (param_.type) {
      case ParamType::duration: return "a duration such as 5s";
      case ParamType::durations: return "a list of durations such as [1s, 5s]";
      case ParamType::bytes: return "a size such as 16GiB";
      case ParamType::bandwidth: return "a bandwidth such as 200MB/s";
      case ParamType::rate: return "a rate such as 0.8/s";
      case ParamType::price: return "a price such as 1.01/h";
      case ParamType::integer: return "a whole number";
      case ParamType::count: return fmt::format("a whole number or {}", param_.choices.front());
      case ParamType::numbers: return "a list of numbers";
      default: return "a number";
    }
  }
  [[nodiscard]] std::string out_of_range_hint(double value) const {
    if (param_.type == ParamType::share && value > 1 && value <= 100)
      return fmt::format("{} % is written {}", format_number(value), format_number(value / 100));
    if (param_.type == ParamType::count && value == 0) return fmt::format("write {} for no limit", param_.choices.front());
    return std::string(param_.doc);
  }

  ProblemList& problems_;
  const Param& param_;
  const Node& node_;
  const std::string& path_;
  bool ok_ = true;
};

/// A value that satisfies the limits, for a block that goes on being read although this value was bad.
double harmless(const Param& param) {
  const Limits limits = limits_of(param);
  return std::isfinite(limits.min) ? (limits.min_exclusive ? std::min(limits.min + 1, limits.max) : limits.min) : 0.0;
}

void set_harmless(const Param& param, Block& block) {
  switch (param.type) {
    case ParamType::boolean: block.values.set(param.name, false, false); break;
    case ParamType::text: block.values.set(param.name, std::string(), false); break;
    case ParamType::choice: block.values.set(param.name, std::string(param.choices.front()), false); break;
    case ParamType::numbers:
    case ParamType::durations: block.values.set(param.name, std::vector<double>(), false); break;
    case ParamType::law:
    case ParamType::time_law: block.laws.insert_or_assign(std::string(param.name), Law{}); break;
    case ParamType::block: break;
    default: block.values.set(param.name, harmless(param), false);
  }
}

Node write_amounts(ParamType type, const std::vector<double>& values) {
  Node list = Node::sequence();
  for (const double value : values) list.items.push_back(Node::scalar(format_amount(type, value)));
  return list;
}

/// Converts one value into the block. @param given  written by the user, not a default
void read_value(ProblemList& problems, const Node& node, const std::string& path, const Param& param, bool given,
                Block& block) {
  ValueReader reader(problems, param, node, path);
  std::optional<ParamSet::Value> value;
  Node resolved;
  switch (param.type) {
    case ParamType::boolean:
      if (const auto v = reader.boolean()) value = *v, resolved = Node::scalar(*v ? "true" : "false");
      break;
    case ParamType::text:
      if (const auto v = reader.text()) value = *v, resolved = Node::scalar(*v);
      break;
    case ParamType::choice:
      if (const auto v = reader.choice()) value = *v, resolved = Node::scalar(*v);
      break;
    case ParamType::numbers:
    case ParamType::durations:
      if (const auto v = reader.amounts()) value = *v, resolved = write_amounts(param.type, *v);
      break;
    case ParamType::law:
    case ParamType::time_law: {
      bool ok = true;
      const bool time = param.type == ParamType::time_law;
      const Law law = read_law(problems, node, path, time, ok);
      block.laws.insert_or_assign(std::string(param.name), law);
      block.resolved.set(param.name, write_law(law, time));
      block.ok = block.ok && ok;
      return;
    }
    case ParamType::count:
      if (node.is(Node::Kind::scalar) && node.text == param.choices.front())
        value = 0.0, resolved = Node::scalar(node.text);
      else if (const auto v = reader.amount(node))
        value = *v, resolved = Node::scalar(format_amount(param.type, *v));
      break;
    case ParamType::block: return;
    default:
      if (const auto v = reader.amount(node)) value = *v, resolved = Node::scalar(format_amount(param.type, *v));
  }
  if (!reader.ok()) block.ok = false;
  if (!value) return set_harmless(param, block);
  block.values.set(param.name, std::move(*value), given);
  block.resolved.set(param.name, std::move(resolved));
}

Node fallback_node(const Param& param) {
  if (!param.fallback.empty() && (param.fallback.front() == '[' || param.fallback.front() == '{')) {
    auto parsed = parse_document(param.fallback, "default");
    SIM_CHECK(parsed.has_value(), "the default of \"" + std::string(param.name) + "\" does not parse");
    return std::move(*parsed);
  }
  return Node::scalar(std::string(param.fallback));
}

void report_unknown_keys(ProblemList& problems, const Node& node, const std::string& path,
                         std::span<const std::span<const Param>> tables) {
  std::vector<std::string_view> known;
  for (const auto table : tables)
    for (const auto& param : table) known.push_back(param.name);
  for (const auto& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Node at = entry.value;
    at.line = entry.line > 0 ? entry.line : at.line;
    if (entry.key == "<<") {
      problems.add(at, path, "merge keys (<<) are not expanded", "write the keys out, or use an alias for the whole block");
    } else {
      problems.add(at, path, fmt::format("unknown key \"{}\"", entry.key), suggestion(entry.key, known));
    }
  }
}

}  // namespace

void ProblemList::add(const Node& at, std::string_view path, std::string what, std::string hint) {
  if (found_.size() >= kMostShown) {
    ++dropped_;
    return;
  }
  std::string where = at.place();
  if (!path.empty()) where += (where.empty() ? "" : ": ") + std::string(path);
  found_.push_back({at.line, {std::move(where), std::move(what), std::move(hint)}});
}

Problems ProblemList::in_order() const {
  std::vector<const Found*> sorted;
  for (const auto& found : found_) sorted.push_back(&found);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Found* a, const Found* b) { return a->line < b->line; });
  Problems out;
  for (const auto* found : sorted) out.push_back(found->error);
  if (dropped_ > 0) out.push_back({"", fmt::format("and {} more problems", dropped_), "mend these first"});
  return out;
}

std::string join_path(std::string_view parent, std::string_view key) {
  const bool dotted = key.find('.') != std::string_view::npos;
  const std::string name = dotted ? "\"" + std::string(key) + "\"" : std::string(key);
  return parent.empty() ? name : std::string(parent) + "." + name;
}

Block read_block(ProblemList& problems, const Node* node, const std::string& path,
                 std::span<const std::span<const Param>> tables) {
  Block block;
  if (node != nullptr && !node->is(Node::Kind::map)) {
    problems.add(*node, path, node->is(Node::Kind::null) ? "has no value" : fmt::format("is {}, not a block of keys", node->describe()),
                 node->is(Node::Kind::null) ? "remove the key or write {}" : "write `key: value` lines below it");
    node = nullptr;
    block.ok = false;
  } else if (node != nullptr) {
    const std::size_t before = problems.size();
    report_unknown_keys(problems, *node, path, tables);
    if (problems.size() > before) block.ok = false;
  }
  const bool complain_of_missing = block.ok || node != nullptr;
  for (const auto table : tables) {
    for (const auto& param : table) {
      const Node* found = node == nullptr ? nullptr : node->find(param.name);
      if (param.type == ParamType::block) {
        block.resolved.set(param.name, Node{});
      } else if (found != nullptr) {
        read_value(problems, *found, join_path(path, param.name), param, true, block);
      } else if (!param.fallback.empty()) {
        read_value(problems, fallback_node(param), join_path(path, param.name), param, false, block);
      } else if (param.optional) {
        block.resolved.set(param.name, Node{});  // keeps its place, should the caller fill it in
      } else {
        if (complain_of_missing)
          problems.add(node == nullptr ? Node{} : *node, path, fmt::format("{} is missing", param.name), std::string(param.doc));
        block.ok = false;
        set_harmless(param, block);
      }
    }
  }
  return block;
}

Block read_block(ProblemList& problems, const Node* node, const std::string& path, std::span<const Param> table) {
  const std::span<const Param> tables[] = {table};
  return read_block(problems, node, path, tables);
}

void keep_consistent(Block& block, std::span<const Param> table, const std::function<std::string(const ParamSet&)>& check) {
  ParamSet as_written = block.values;
  for (const auto& param : table) {
    const Node* value = block.resolved.find(param.name);
    if (value == nullptr || !as_written.has(param.name) || as_written.given(param.name)) continue;
    ParamSet trial = as_written;
    trial.mark_given(param.name);
    if (check(trial).empty())
      as_written = std::move(trial);
    else
      block.resolved.erase(param.name);
  }
}

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
  const auto rows = time ? time_law_table() : law_table();
  const Node* name = node.find("law");
  const LawRow* row = nullptr;
  if (name == nullptr && node.find("values") != nullptr) {
    for (const auto& r : rows)
      if (r.kind == LawKind::discrete) row = &r;
  } else if (name == nullptr) {
    problems.add(node, path, "law is missing", suggestion("", names_of(rows)));
  } else {
    row = find_row(problems, *name, join_path(path, "law"), "law", rows);
  }
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
  if (law.kind == LawKind::discrete) {  // the mean is theirs, so that nobody works it out twice
    double total = 0, sum = 0;
    for (std::size_t i = 0; i < law.values.size(); ++i) {
      const double weight = law.weights.empty() ? 1.0 : law.weights[i];
      total += weight;
      sum += weight * law.values[i];
    }
    law.mean = sum / total;
  }
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
  if (law.kind != LawKind::exponential && law.kind != LawKind::geometric) out.set("scv", Node::scalar(format_number(law.scv)));
  return out;
}

std::string limits_text(const Param& param) {
  const Limits limits = limits_of(param);
  const auto show = [&](double v) { return format_amount(param.type, v); };
  const bool low = std::isfinite(limits.min), high = std::isfinite(limits.max);
  if (low && high) return fmt::format("{}{}, {}]", limits.min_exclusive ? '(' : '[', show(limits.min), show(limits.max));
  if (low) return limits.min_exclusive ? "above " + show(limits.min) : "at least " + show(limits.min);
  if (high) return "at most " + show(limits.max);
  return "";
}

void report_unknown(ProblemList& problems, const Node& node, const std::string& path, std::string_view kind,
                    std::string_view name, std::span<const std::string_view> known) {
  if (name.empty())
    problems.add(node, path, fmt::format("is {}, not the name of a {}", node.describe(), kind), suggestion("", known, true));
  else
    problems.add(node, path, fmt::format("unknown {} \"{}\"", kind, name), suggestion(name, known, true));
}

}  // namespace windtunnel
