// From the same tables and registries the reader uses.
#include "sim/scenario/list_items.hpp"

#include <span>

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
#include "sim/scenario/tables.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

template <class Rows>
std::vector<ListItem> from_registry(const Rows& rows, std::span<const Param> common = {}) {
  std::vector<ListItem> out;
  for (const auto& row : rows) {
    ListItem item{.name = std::string(row.name), .doc = std::string(row.doc)};
    item.params.assign(common.begin(), common.end());
    item.params.insert(item.params.end(), row.params.begin(), row.params.end());
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<ListItem> policies() {
  std::vector<ListItem> out;
  for (const auto& row : policy_registry()) {
    ListItem item{.name = std::string(row.name), .doc = std::string(row.doc)};
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

std::vector<ListItem> signal_items() {
  std::vector<ListItem> out;
  for (const Signal& signal : signals())
    out.push_back({.name = std::string(signal.name),
                   .doc = fmt::format("{}; {}", expression::to_text(signal.unit), signal.doc),
                   .facts = {{"unit", expression::to_text(signal.unit)}}});
  return out;
}

std::vector<ListItem> gpus() {
  std::vector<ListItem> out;
  for (const auto& gpu : catalogue().gpus) {
    const auto mib = static_cast<double>(gpu.type.memory.value) / static_cast<double>(kMiB);
    ListItem item{.name = gpu.name,
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
std::vector<ListItem> mig_profiles() {
  std::vector<ListItem> out;
  for (const auto& family : catalogue().mig)
    for (const auto& profile : family.profiles) {
      const std::string memory = format_bytes(static_cast<double>(profile.memory.value));
      ListItem item{.name = fmt::format("{}/{}", family.name, profile.name),
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

std::vector<ListItem> profiles() {
  std::vector<ListItem> out;
  for (const auto& profile : catalogue().profiles)
    out.push_back({.name = profile.name,
                   .doc = profile.doc,
                   .facts = {{"source", profile.source}},
                   .example = write_document(profile.block)});
  return out;
}

std::vector<ListItem> formats() {
  std::vector<ListItem> out;
  for (const auto& row : format_registry())
    out.push_back(
        {.name = std::string(row.name), .doc = std::string(row.doc), .facts = {{"header", std::string(row.header)}}});
  return out;
}

std::vector<ListItem> dispatchers() {
  std::vector<ListItem> out;
  for (const auto& row : tables::dispatchers())
    out.push_back({.name = std::string(row.name), .doc = std::string(row.doc)});
  return out;
}

/// What each preset sets; the keys themselves stand under `none`.
std::vector<ListItem> queues() {
  std::vector<ListItem> out = {
      {.name = "none", .doc = "a queue with acknowledgements that hands out what is worked on"}};
  out.front().params.assign(tables::queue().begin(), tables::queue().end());
  for (const auto& row : tables::queue_presets())
    out.push_back({.name = std::string(row.name),
                   .doc = std::string(row.doc),
                   .facts = {{"keys", std::string(row.keys)}, {"source", std::string(row.source)}}});
  return out;
}

std::vector<ListItem> metrics() {
  std::vector<ListItem> out;
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

}  // namespace

std::optional<std::vector<ListItem>> items_of(std::string_view kind) {
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

}  // namespace windtunnel
