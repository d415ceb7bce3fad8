// `list` as text and as JSON.
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/list_items.hpp"
#include "sim/scenario/schema.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidest = 36;  // of a name that its text stands beside; that of a longer one stands below
constexpr std::array<std::string_view, 14> kKinds = {
    "policies",   "signals", "sharing-modes", "gpus",   "mig-profiles", "profiles",         "processes",
    "transforms", "formats", "dispatchers",   "queues", "laws",         "node-autoscalers", "metrics"};

std::string_view type_name(const Param& param) {
  switch (param.type) {
    case ParamType::duration: return "duration";
    case ParamType::bytes: return "size";
    case ParamType::rate: return "rate";
    case ParamType::price: return "price";
    case ParamType::number: return "number";
    case ParamType::integer: return "whole number";
    case ParamType::share: return "share";
    case ParamType::boolean: return "true or false";
    case ParamType::text: return "text";
    case ParamType::choice: return "choice";
    case ParamType::numbers: return "list of numbers";
    case ParamType::bandwidth: return "bandwidth";
    case ParamType::durations: return "list of durations";
    case ParamType::law: return "number or law";
    case ParamType::time_law: return "duration or law";
    case ParamType::count: return "whole number or word";
    case ParamType::block: return "block";
  }
  return "";
}

/// The unit a value is held in.
std::string_view unit_of(const Param& param) {
  switch (param.type) {
    case ParamType::duration:
    case ParamType::durations:
    case ParamType::time_law: return "s";
    case ParamType::bytes: return "bytes";
    case ParamType::bandwidth: return "bytes/s";
    case ParamType::rate: return "1/s";
    case ParamType::price: return "USD/h";
    default: return param.unit;
  }
}

/// Words put into lines of at most kWidth columns, each begun with `indent`.
std::string wrap(std::string_view text, std::string_view indent) {
  std::string out;
  std::string line(indent);
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = std::min(text.find(' ', at), text.size());
    const bool spaced = end - at + indent.size() <= kWidth;
    if (!spaced) end = text.rfind(',', at + kWidth - indent.size() - 1) + 1;  // a header: break behind a comma
    if (end <= at) end = at + kWidth - indent.size();
    const auto word = text.substr(at, end - at);
    if (line.size() + 1 + word.size() > kWidth && line.size() > indent.size()) {
      out += line + "\n";
      line = indent;
    }
    if (line.size() > indent.size()) line += ' ';
    line += word;
    at = spaced ? end + 1 : end;
  }
  return out + line + "\n";
}

std::string describe(const Param& param) {
  std::string head = fmt::format("{}: {}", param.name, type_name(param));
  if (!param.unit.empty()) head += fmt::format(" ({})", param.unit);
  if (param.type == ParamType::choice || param.type == ParamType::count) {
    for (std::size_t i = 0; i < param.choices.size(); ++i)
      head += (i == 0 ? ": " : ", ") + std::string(param.choices[i]);
  }
  if (const auto limits = limits_text(param); !limits.empty() && param.type != ParamType::choice) head += ", " + limits;
  head += !param.fallback.empty()                            ? fmt::format("; default {}", param.fallback)
          : param.optional || param.type == ParamType::block ? std::string("; may be left out")
                                                             : std::string("; must be given");
  std::string out = wrap(head, "  ");
  out += wrap(param.doc, "      ");
  if (!param.source.empty()) out += wrap("source: " + std::string(param.source), "      ");
  return out;
}

std::string describe(const ListItem& item) {
  std::string out = wrap(item.name + ": " + item.doc, "");
  for (const auto& [label, text] : item.facts) out += wrap(label + ": " + text, "  ");
  for (const auto& param : item.params) out += describe(param);
  if (!item.example.empty()) out += "\n" + item.example;
  return out;
}

Json to_json(const Param& param) {
  Json out = {{"name", param.name}, {"type", type_name(param)}};
  if (const auto unit = unit_of(param); !unit.empty()) out["unit"] = unit;
  out["min"] = std::isfinite(param.min) ? Json(param.min) : Json();
  out["max"] = std::isfinite(param.max) ? Json(param.max) : Json();
  out["min_exclusive"] = param.min_exclusive;
  if (!param.choices.empty()) out["choices"] = param.choices;
  out["default"] = param.fallback.empty() ? Json() : Json(param.fallback);
  out["required"] = param.fallback.empty() && !param.optional && param.type != ParamType::block;
  out["doc"] = param.doc;
  if (!param.source.empty()) out["source"] = param.source;
  return out;
}

Json to_json(const ListItem& item) {
  Json out = {{"name", item.name}, {"doc", item.doc}};
  for (const auto& [label, text] : item.facts) out[label] = text;
  if (!item.params.empty()) {
    out["parameters"] = Json::array();
    for (const auto& param : item.params) out["parameters"].push_back(to_json(param));
  }
  if (!item.example.empty()) out["block"] = item.example;
  return out;
}

/// Text of all items or of one, by `show_all` and `show_one`.
template <class ShowAll, class ShowOne>
Result<std::string> show(std::string_view kind, std::string_view name, ShowAll show_all, ShowOne show_one) {
  const auto items = items_of(kind);
  if (!items) return Error{"list", fmt::format("unknown kind \"{}\"", kind), suggestion(kind, kKinds, true)};
  if (name.empty()) return show_all(*items);
  for (const auto& item : *items)
    if (item.name == name) return show_one(item);
  return Error{fmt::format("list {}", kind), fmt::format("nothing is called \"{}\"", name),
               suggestion(name, names_of(*items), true)};
}

}  // namespace

std::span<const std::string_view> list_kinds() {
  return kKinds;
}

Result<std::string> list_text(std::string_view kind, std::string_view name) {
  const auto all = [](const std::vector<ListItem>& items) {
    std::size_t width = 0;
    for (const auto& item : items)
      if (item.name.size() <= kWidest) width = std::max(width, item.name.size());
    std::string out;
    for (const auto& item : items) {
      const std::string indent(width + 2, ' ');
      std::string doc = wrap(item.doc, indent);
      out += item.name.size() <= width ? item.name + doc.substr(item.name.size()) : item.name + "\n" + doc;
    }
    return out;
  };
  return show(kind, name, all, [](const ListItem& item) { return describe(item); });
}

Result<std::string> list_json(std::string_view kind, std::string_view name) {
  const auto all = [](const std::vector<ListItem>& items) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(to_json(item));
    return out.dump(2) + "\n";
  };
  return show(kind, name, all, [](const ListItem& item) { return to_json(item).dump(2) + "\n"; });
}

}  // namespace windtunnel
