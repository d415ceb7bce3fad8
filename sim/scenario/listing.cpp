// `list`: what there is, from the same tables and registries the reader uses.
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/sharing/sharing_mode.hpp"
#include "policies/policy.hpp"
#include "policies/signals.hpp"
#include "sim/metrics/metric_table.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/law_table.hpp"
#include "sim/scenario/policy_blocks.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/schema.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/scenario/value_reader.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kWidest = 36;  // of a name that its text stands beside; that of a longer one stands below
constexpr std::array<std::string_view, 14> kKinds = {
    "policies",   "signals", "sharing-modes", "gpus",   "mig-profiles", "profiles",         "processes",
    "transforms", "formats", "dispatchers",   "queues", "laws",         "node-autoscalers", "metrics"};

/// One thing of any kind, as `list` shows it.
struct Item {
  std::string name, doc;
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< label, text
  std::vector<Param> params = {};
  std::string example = {};  ///< YAML, several lines
};

template <class Rows>
std::vector<Item> from_registry(const Rows& rows, std::span<const Param> common = {}) {
  std::vector<Item> out;
  for (const auto& row : rows) {
    Item item{.name = std::string(row.name), .doc = std::string(row.doc)};
    item.params.assign(common.begin(), common.end());
    item.params.insert(item.params.end(), row.params.begin(), row.params.end());
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<Item> policies() {
  std::vector<Item> out;
  for (const auto& row : policy_registry()) {
    Item item{.name = std::string(row.name), .doc = std::string(row.doc)};
    item.params = row.params;
    const auto add = [&](std::span<const Param> more) {
      item.params.insert(item.params.end(), more.begin(), more.end());
    };
    add(scaling_limits_of(row.name));
    add(tables::scaling().subspan(1));  // but `policy` itself
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<Item> signal_items() {
  std::vector<Item> out;
  for (const Signal& signal : signals())
    out.push_back({.name = std::string(signal.name),
                   .doc = fmt::format("{}; {}", expression::to_text(signal.unit), signal.doc),
                   .facts = {{"unit", expression::to_text(signal.unit)}}});
  return out;
}

std::vector<Item> gpus() {
  std::vector<Item> out;
  for (const auto& gpu : catalogue().gpus) {
    const auto mib = static_cast<double>(gpu.type.memory.value) / static_cast<double>(kMiB);
    Item item{.name = gpu.name,
              .doc = fmt::format("{}, {} SMs, {:.1f} GiB{}", gpu.type.architecture, gpu.type.sms, mib / 1024,
                                 gpu.price_usd_per_hour ? fmt::format(", {} USD/h", *gpu.price_usd_per_hour) : "")};
    item.facts = {{"architecture", gpu.type.architecture},
                  {"sms", std::to_string(gpu.type.sms)},
                  {"memory", format_bytes(static_cast<double>(gpu.type.memory.value))},
                  {"driver_reserve", format_bytes(static_cast<double>(gpu.type.driver_reserve.value))},
                  {"bandwidth", format_bandwidth(gpu.type.bandwidth_bytes_per_s)},
                  {"l2", format_bytes(static_cast<double>(gpu.type.l2.value))},
                  {"mps", gpu.type.mps ? "true" : "false"},
                  {"mig", gpu.type.mig.empty() ? "none known" : gpu.type.mig},
                  {"source", gpu.type.source}};
    if (gpu.price_usd_per_hour) item.facts.emplace_back("price", format_price(*gpu.price_usd_per_hour));
    if (!gpu.price_source.empty()) item.facts.emplace_back("price_source", gpu.price_source);
    for (const auto& price : catalogue().prices)
      if (price.gpu == gpu.name)
        item.facts.emplace_back(fmt::format("{} {}, {}{}{}", price.provider, price.instance, price.tier,
                                            price.region.empty() ? "" : ", ", price.region),
                                fmt::format("{} for {} GPU{}, {} {}", format_price(price.usd_per_hour), price.gpus,
                                            price.gpus > 1 ? "s" : "", price.as_of, price.tag));
    out.push_back(std::move(item));
  }
  return out;
}

/// "A100-40GB/3g.20gb": a profile's name alone may mean different things on different cards.
std::vector<Item> mig_profiles() {
  std::vector<Item> out;
  for (const auto& family : catalogue().mig)
    for (const auto& profile : family.profiles) {
      const std::string memory = format_bytes(static_cast<double>(profile.memory.value));
      Item item{.name = fmt::format("{}/{}", family.name, profile.name),
                .doc = fmt::format("{}/{} of the compute, {} of {} memory slices, {}, {} SMs, starts {}",
                                   profile.compute_slices, family.compute_slices, profile.memory_slices,
                                   family.memory_slices, memory, profile.sms, fmt::join(profile.starts, " "))};
      item.facts = {{"compute_slices", std::to_string(profile.compute_slices)},
                    {"memory_slices", std::to_string(profile.memory_slices)},
                    {"memory", memory},
                    {"sms", std::to_string(profile.sms)},
                    {"copy_engines", std::to_string(profile.copy_engines)},
                    {"starts", fmt::format("{}", fmt::join(profile.starts, " "))},
                    {"source", family.source}};
      out.push_back(std::move(item));
    }
  return out;
}

std::vector<Item> profiles() {
  std::vector<Item> out;
  for (const auto& profile : catalogue().profiles)
    out.push_back({.name = profile.name,
                   .doc = profile.doc,
                   .facts = {{"source", profile.source}},
                   .example = write_document(profile.block)});
  return out;
}

std::vector<Item> formats() {
  std::vector<Item> out;
  for (const auto& row : format_registry())
    out.push_back(
        {.name = std::string(row.name), .doc = std::string(row.doc), .facts = {{"header", std::string(row.header)}}});
  return out;
}

std::vector<Item> dispatchers() {
  std::vector<Item> out;
  for (const auto& row : tables::dispatchers())
    out.push_back({.name = std::string(row.name), .doc = std::string(row.doc)});
  return out;
}

/// What each preset sets; the keys themselves stand under `none`.
std::vector<Item> queues() {
  std::vector<Item> out = {{.name = "none", .doc = "a queue with acknowledgements that hands out what is worked on"}};
  out.front().params.assign(tables::queue().begin(), tables::queue().end());
  for (const auto& row : tables::queue_presets())
    out.push_back({.name = std::string(row.name),
                   .doc = std::string(row.doc),
                   .facts = {{"keys", std::string(row.keys)}, {"source", std::string(row.source)}}});
  return out;
}

std::vector<Item> metrics() {
  std::vector<Item> out;
  for (const auto& row : metric_table())
    out.push_back({.name = std::string(row.name),
                   .doc = fmt::format("{} of the {}, {}: {}", type_name(row.type), exporter_name(row.exporter),
                                      row.unit, row.doc),
                   .facts = {{"type", std::string(type_name(row.type))},
                             {"exporter", std::string(exporter_name(row.exporter))},
                             {"unit", std::string(row.unit)},
                             {"labels", std::string(row.labels)},
                             {"source", std::string(row.source)}}});
  return out;
}

std::optional<std::vector<Item>> items_of(std::string_view kind) {
  if (kind == "policies") return policies();
  if (kind == "signals") return signal_items();
  if (kind == "sharing-modes") return from_registry(sharing_registry(), tables::sharing().subspan(1));
  if (kind == "gpus") return gpus();
  if (kind == "mig-profiles") return mig_profiles();
  if (kind == "profiles") return profiles();
  if (kind == "processes") return from_registry(process_registry(), tables::arrivals().subspan(1));
  if (kind == "transforms") return from_registry(transform_registry());
  if (kind == "formats") return formats();
  if (kind == "dispatchers") return dispatchers();
  if (kind == "queues") return queues();
  if (kind == "laws") return from_registry(law_table());
  if (kind == "node-autoscalers") return from_registry(node_scaler_registry());
  if (kind == "metrics") return metrics();
  return std::nullopt;
}

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

std::string describe(const Item& item) {
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

Json to_json(const Item& item) {
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
  const auto all = [](const std::vector<Item>& items) {
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
  return show(kind, name, all, [](const Item& item) { return describe(item); });
}

Result<std::string> list_json(std::string_view kind, std::string_view name) {
  const auto all = [](const std::vector<Item>& items) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(to_json(item));
    return out.dump(2) + "\n";
  };
  return show(kind, name, all, [](const Item& item) { return to_json(item).dump(2) + "\n"; });
}

}  // namespace windtunnel
