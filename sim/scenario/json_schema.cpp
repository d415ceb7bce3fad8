// The JSON Schema of a scenario, made from the tables and registries.
#include <nlohmann/json.hpp>

#include <cmath>

#include <fmt/format.h>

#include "models/sharing/sharing_mode.hpp"
#include "policies/policy.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/law_table.hpp"
#include "sim/scenario/policy_blocks.hpp"
#include "sim/scenario/schema.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

Json ref(std::string_view name) {
  return {{"$ref", fmt::format("#/$defs/{}", name)}};
}
Json any_of(std::vector<Json> choices) {
  return {{"anyOf", std::move(choices)}};
}
Json enumeration(const std::vector<std::string_view>& names) {
  return {{"enum", names}};
}

template <class Rows>
std::vector<std::string_view> names(const Rows& rows) {
  std::vector<std::string_view> out;
  for (const auto& row : rows) out.push_back(row.name);
  return out;
}

/// A quantity: text with a unit, or a bare 0.
Json quantity(std::string_view pattern, std::string_view example) {
  return {{"anyOf", {{{"type", "string"}, {"pattern", pattern}}, {{"const", 0}}}}, {"examples", {example}}};
}

void limit(Json& schema, const Param& param) {
  if (std::isfinite(param.min)) schema[param.min_exclusive ? "exclusiveMinimum" : "minimum"] = param.min;
  if (std::isfinite(param.max)) schema["maximum"] = param.max;
}

Json value_schema(const Param& param) {
  Json out;
  switch (param.type) {
    case ParamType::duration: return ref("duration");
    case ParamType::bytes: return ref("bytes");
    case ParamType::rate: return ref("rate");
    case ParamType::price: return ref("price");
    case ParamType::bandwidth: return ref("bandwidth");
    case ParamType::law: return ref("law");
    case ParamType::time_law: return ref("time_law");
    case ParamType::boolean: return {{"type", "boolean"}};
    case ParamType::text: return {{"type", {"string", "number"}}};
    case ParamType::choice: return enumeration(param.choices);
    case ParamType::durations: return {{"type", "array"}, {"items", ref("duration")}};
    case ParamType::numbers:
      out = {{"type", "number"}};
      limit(out, param);
      return {{"type", "array"}, {"items", std::move(out)}};
    case ParamType::number:
    case ParamType::integer:
      out = {{"type", param.type == ParamType::integer ? "integer" : "number"}};
      limit(out, param);
      return out;
    case ParamType::share:
      out = {{"type", "number"}};
      out[param.min >= 0 && !param.min_exclusive ? "minimum" : "exclusiveMinimum"] = 0;
      out["maximum"] = 1;
      return out;
    case ParamType::count: return any_of({{{"type", "integer"}, {"minimum", 1}}, {{"const", param.choices.front()}}});
    case ParamType::block: break;
  }
  return Json::object();
}

/// An object with exactly the keys of the tables; `blocks` gives the schemas of nested ones.
Json object(std::span<const std::span<const Param>> tables, const Json& blocks = Json::object()) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto table : tables) {
    for (const auto& param : table) {
      const std::string name(param.name);
      Json schema = blocks.contains(name) ? blocks[name] : value_schema(param);
      schema["description"] = param.doc;
      if (!param.fallback.empty()) schema["default"] = param.fallback;
      properties[name] = std::move(schema);
      if (param.fallback.empty() && !param.optional && param.type != ParamType::block) required.push_back(name);
    }
  }
  Json out = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

Json object(std::span<const Param> table, const Json& blocks = Json::object()) {
  const std::span<const Param> tables[] = {table};
  return object(tables, blocks);
}

Json by_name(Json value) {
  return {{"type", "object"}, {"additionalProperties", std::move(value)}, {"minProperties", 1}};
}
Json list_of(Json value) {
  return {{"type", "array"}, {"items", std::move(value)}};
}

/// One object of several, told apart by the name under `key`. The one under `fallback` may leave the key out.
template <class Rows>
Json by_row(std::string_view key, std::string_view fallback, const Rows& rows,
            const std::function<Json(const typename Rows::value_type&)>& make) {
  const std::string k(key);
  Json cases = Json::array();
  for (const auto& row : rows) {
    Json condition = {{"properties", {{k, {{"const", row.name}}}}}};
    if (row.name != fallback) condition["required"] = {k};
    Json then = make(row);
    then["properties"][k] = {{"const", row.name}, {"description", row.doc}};
    cases.push_back({{"if", std::move(condition)}, {"then", std::move(then)}});
  }
  return {{"type", "object"}, {"properties", {{k, enumeration(names(rows))}}}, {"allOf", std::move(cases)}};
}

Json law_schema(bool time) {
  std::vector<Json> choices = {time ? ref("duration") : Json{{"type", "number"}, {"exclusiveMinimum", 0}}};
  for (const auto& row : time ? time_law_table() : law_table()) {
    Json one = object(row.params);
    one["properties"]["law"] = {{"const", row.name}, {"description", row.doc}};
    if (row.kind != LawKind::discrete) one["required"].push_back("law");
    choices.push_back(std::move(one));
  }
  return any_of(std::move(choices));
}

Json definitions() {
  static constexpr std::string_view number = "(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";
  static constexpr std::string_view bytes = "(B|[kKMGT]B?|[KMGT]iB?)";
  return {
      {"duration", quantity(fmt::format("^({}(d|h|min|m|s|ms|us|µs|ns))+$", number), "5s")},
      {"bytes", quantity(fmt::format("^{}{}$", number, bytes), "16GiB")},
      {"bandwidth", quantity(fmt::format("^{}{}/s$", number, bytes), "200MB/s")},
      {"rate", quantity(fmt::format("^{}/(s|min|m|h|d)$", number), "0.8/s")},
      {"price", quantity(fmt::format("^{}/h$", number), "1.01/h")},
      {"law", law_schema(false)},
      {"time_law", law_schema(true)},
      {"latency", object(tables::latency(), {{"table", list_of(object(tables::latency_table()))},
                                             {"contention", object(tables::contention())},
                                             {"measured", object(tables::measured_range())}})},
      {"slo", object(tables::slo())},
  };
}

Json model_schema() {
  const Json latency = ref("latency");
  Json by_gpu = {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
  for (const auto& gpu : catalogue().gpus) by_gpu["properties"][gpu.name] = latency;
  by_gpu["properties"]["*"] = latency;
  const Json concurrency = object(tables::concurrency());
  const Json preset = enumeration(names(tables::queue_presets()));
  const Json popularity = {{"type", "number"}, {"minimum", 0}};
  Json queue = object(tables::queue());
  queue["properties"]["preset"] = preset;
  Json schema = object(
      tables::model(),
      {{"latency", any_of({latency, by_gpu})},
       {"memory", object(tables::memory(), {{"phases", list_of(object(tables::memory_phase()))},
                                            {"pool", object(tables::token_pool())},
                                            {"leak", object(tables::leak())},
                                            {"oversubscribe", object(tables::oversubscribe())}})},
       {"variants", object(tables::variants(), {{"names", by_name(any_of({popularity, object(tables::variant())}))}})},
       {"host_memory", object(tables::host_memory())},
       {"cpu", object(tables::cpu())},
       {"batch", object(tables::batch())},
       {"queue", any_of({preset, queue})},
       {"concurrency", any_of({{{"type", "integer"}, {"minimum", 1}}, {{"const", "unlimited"}}, concurrency})},
       {"cold_start", object(tables::cold_start(), {{"weights", object(tables::weights())}})},
       {"network", object(tables::network())},
       {"probe", object(tables::probe(), {{"startup", object(tables::probe_ticker())},
                                          {"readiness", object(tables::probe_ticker())},
                                          {"liveness", object(tables::probe_ticker())}})},
       {"requests", object(tables::requests())},
       {"termination", object(tables::termination())},
       {"restart_backoff", object(tables::restart_backoff())},
       {"faults", object(tables::faults(), {{"pause", object(tables::pause())},
                                            {"crash", object(tables::crash())},
                                            {"fatal_fault", object(tables::fatal_fault())}})},
       {"slo", ref("slo")},
       {"thresholds", object(tables::thresholds())}});
  Json profile = enumeration(names(catalogue().profiles));
  profile["description"] = schema["properties"]["profile"]["description"];
  schema["properties"]["profile"] = std::move(profile);
  return schema;
}

Json transforms_schema() {
  const auto rows = transform_registry();
  return list_of(by_row("transform", "", rows, [&](const TransformEntry& row) {
    const std::span<const Param> tables[] = {tables::transform(), row.params};
    Json one = object(tables, {{"sources", list_of(ref("source"))}});
    if (one["properties"].contains("sources")) one["required"].push_back("sources");
    return one;
  }));
}

Json arrivals_schema() {
  const Json curve = object(tables::curve());
  const auto rows = process_registry();
  return by_row("process", "poisson", rows, [&](const ProcessEntry& row) {
    const std::span<const Param> tables[] = {tables::arrivals(), row.params};
    return object(tables, {{"curve", curve}, {"transforms", ref("transforms")}});
  });
}

Json trace_schema() {
  const Json factor = {{"type", "number"}, {"exclusiveMinimum", 0}};
  return object(tables::trace(), {{"map", by_name({{"type", {"string", "number"}}})},
                                  {"rate_scale", any_of({factor, object(tables::rate_scale())})},
                                  {"transforms", ref("transforms")}});
}

Json workload_schema() {
  return list_of(
      object(tables::workload(), {{"arrivals", ref("arrivals")},
                                  {"trace", ref("trace")},
                                  {"clients", object(tables::clients(), {{"retry", object(tables::retry())}})}}));
}

Json cluster_schema() {
  const auto rows = sharing_registry();
  const Json sharing = by_row("mode", "exclusive", rows, [&](const SharingEntry& row) {
    const std::span<const Param> tables[] = {tables::sharing(), row.params};
    const Json layout = list_of({{"type", "string"}});
    Json one = object(tables,
                      {{"layout", layout},
                       {"relayouts", list_of(object(tables::relayout(), {{"layout", layout}}))},
                       {"relayout_on_pending", object(tables::relayout_on_pending(), {{"layouts", list_of(layout)}})}});
    if (row.name == "mig") {
      one["required"].push_back("layout");
      one["properties"].erase("replicas");
    } else if (row.name != "exclusive") {
      one["required"].push_back("replicas");
    }
    return one;
  });
  const Json count = {{"type", "integer"}, {"minimum", 1}};
  Json pool = object(tables::node_pool(), {{"gpu", enumeration(names(catalogue().gpus))},
                                           {"sharing", any_of({{{"const", "exclusive"}}, sharing})},
                                           {"nodes", any_of({count, object(tables::nodes())})},
                                           {"spot", object(tables::spot())}});
  pool["required"].push_back("nodes");
  const Json scaler = by_row("kind", "on_demand", node_scaler_registry(),
                             [](const NodeScalerEntry& row) { return object(std::span<const Param>(row.params)); });
  std::vector<Json> kinds = {enumeration(names(node_scaler_registry())), scaler};
  return object(tables::cluster(), {{"node_pools", by_name(std::move(pool))},
                                    {"autoscaler", any_of(std::move(kinds))},
                                    {"scheduler", object(tables::scheduler())}});
}

Json scaling_schema() {
  const auto rows = policy_registry();
  const Json part = {{"type", "object"}, {"required", Json::array({"policy"})}};  // of a composition
  return by_name(by_row("policy", "fixed", rows, [&](const PolicyEntry& row) {
    const std::span<const Param> tables[] = {tables::scaling(), scaling_limits_of(row.name), row.params};
    return object(tables, {{"policies", list_of(part)}, {"of", part}});
  }));
}

Json pipelines_schema() {
  const Json texts = list_of({{"type", "string"}});
  const Json edges = list_of(any_of({{{"type", "string"}}, object(tables::pipeline_edge())}));
  return by_name(object(tables::pipeline(), {{"stages", texts},
                                             {"edges", edges},
                                             {"feedback", list_of(object(tables::pipeline_edge()))},
                                             {"optional", texts},
                                             {"slo", ref("slo")},
                                             {"thresholds", object(tables::pipeline_thresholds())}}));
}

}  // namespace

std::string json_schema() {
  const Json bound = {{"type", {"number", "string"}}};
  Json root = object(
      tables::scenario(),
      {{"models", by_name(model_schema())},
       {"pipelines", pipelines_schema()},
       {"workload", workload_schema()},
       {"cluster", cluster_schema()},
       {"metrics", object(tables::metrics())},
       {"scaling", scaling_schema()},
       {"vertical", by_name(object(tables::vertical(), {{"host_memory", object(tables::recommender())},
                                                        {"gpu_memory", object(tables::recommender())}}))},
       {"expect", list_of(object(tables::expect(),
                                 {{"below", bound}, {"at_most", bound}, {"above", bound}, {"at_least", bound}}))},
       {"compare", list_of(object(tables::compare(), {{"set", {{"type", "object"}}}}))}});
  for (const auto* key : {"models", "workload", "cluster"}) root["required"].push_back(key);
  Json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "windtunnel scenario"}};
  out.update(root);
  out["$defs"] = definitions();
  out["$defs"]["arrivals"] = arrivals_schema();
  out["$defs"]["trace"] = trace_schema();
  out["$defs"]["transforms"] = transforms_schema();
  out["$defs"]["source"] = object(tables::further_source(), {{"arrivals", ref("arrivals")}, {"trace", ref("trace")}});
  return out.dump(2) + "\n";
}

}  // namespace windtunnel
