#include "sim/report/compare_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sim/report/duration_text.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<CompareRow>;
using Show = std::string (*)(double);

/// Beyond this the table would be longer than anybody reads; the rest stands in the JSON.
constexpr std::size_t kMostModels = 12;

void add_heading(Rows& rows, std::string label) {
  rows.push_back({.label = std::move(label), .read = {}});
}

void add_row(Rows& rows, std::string label, std::vector<std::string> path, std::string key, Show show,
             bool only_if_nonzero = false) {
  auto read = [path = std::move(path), key = std::move(key), only_if_nonzero](const Json& summary) {
    const Json* at = &summary;
    for (const std::string& step : path) {
      at = find_path(*at, {step});
      if (at == nullptr) return Figure{};
    }
    const Figure found = figure_at(*at, {}, key);
    return found.is_known() || !only_if_nonzero ? found : Figure{.value = 0};  // a count that this variant never saw
  };
  rows.push_back(
      {.label = "  " + std::move(label), .read = std::move(read), .show = show, .only_if_nonzero = only_if_nonzero});
}

/// Keys at a path over all variants, in order of first sight, intervals left out.
std::vector<std::string> keys_over(std::span<const ComparedVariant> variants,
                                   std::initializer_list<std::string_view> path) {
  std::vector<std::string> keys;
  for (const ComparedVariant& variant : variants) {
    const Json* object = find_path(*variant.summary, path);
    if (object == nullptr || !object->is_object()) continue;
    for (const auto& item : object->items())
      if (!item.key().ends_with("_ci95") && std::find(keys.begin(), keys.end(), item.key()) == keys.end())
        keys.push_back(item.key());
  }
  return keys;
}

/// "room-scene p95"; a long name gives way, what is said about it does not.
std::string label_of(std::string_view name, const std::string& what) {
  return fit(name, kWidestLabel - 3 - display_width(what)) + " " + what;
}

std::string with_spaces(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// After a warm-up "arrived" holds the queries inside when it ended (law 1 balances that way), and their number is the
/// one thing about arrivals that differs between variants.
std::string arrived_label(const Json& summary) {
  const Figure warm_up = figure_at(summary, {}, "warm_up_s");
  return warm_up.is_nonzero() ? "arrived, or inside at " + duration_text(warm_up.value) : "arrived";
}

void add_queries(Rows& rows, std::span<const ComparedVariant> variants) {
  add_heading(rows, "Queries");
  const std::vector<std::string> queries = {"totals", "queries"};
  add_row(rows, arrived_label(*variants.front().summary), queries, "arrived", count_text);
  add_row(rows, "completed", queries, "completed", count_text);
  add_row(rows, "failed", queries, "failed", count_text);
  add_row(rows, "rejected", queries, "rejected", count_text, true);
  add_row(rows, "timed out", queries, "timed_out", count_text, true);
  add_row(rows, "in flight at the end", queries, "in_flight", count_text, true);
  add_row(rows, "queued at the end", queries, "queued", count_text, true);
  add_row(rows, "redelivered", queries, "redelivered", count_text);
}

void add_kills(Rows& rows, std::span<const ComparedVariant> variants) {
  add_heading(rows, "Kills");
  const std::vector<std::string> kills = {"totals", "kills"};
  add_row(rows, "total", kills, "total", count_text);
  add_row(rows, "of memory", kills, "oom", count_text);
  for (const std::string& cause : keys_over(variants, {"totals", "kills", "by_cause"}))
    add_row(rows, "cause: " + with_spaces(cause), {"totals", "kills", "by_cause"}, cause, count_text, true);
  for (const std::string& code : keys_over(variants, {"totals", "kills", "by_exit_code"}))
    add_row(rows, "exit code " + code, {"totals", "kills", "by_exit_code"}, code, count_text, true);
  add_row(rows, "restarts", {"totals"}, "restarts", count_text);
  add_row(rows, "OOM events, survived", {"totals"}, "oom_events", count_text);
  add_row(rows, "work lost, GPU s", {"totals"}, "lost_work_s", value_text, true);
}

void add_quantiles(Rows& rows, const std::string& kind, const std::string& name) {
  for (const char* quantile : {"p50", "p95", "p99"})
    add_row(rows, label_of(name, quantile), {kind, name, "response_time_s"}, quantile, value_text);
}

void add_times(Rows& rows, const std::vector<std::string>& pipelines, const std::vector<std::string>& models) {
  add_heading(rows, "Response time, s");
  for (const std::string& name : pipelines) add_quantiles(rows, "pipelines", name);
  for (const std::string& name : models) add_quantiles(rows, "models", name);
  add_heading(rows, "Where it goes: mean, s");
  for (const std::string& name : models) {
    add_row(rows, label_of(name, "queued"), {"models", name, "queueing_delay_s"}, "mean", value_text);
    add_row(rows, label_of(name, "served"), {"models", name, "service_time_s"}, "mean", value_text);
  }
}

void add_service_levels(Rows& rows, std::span<const ComparedVariant> variants, const std::string& kind,
                        const std::vector<std::string>& names) {
  for (const std::string& name : names)
    for (const ComparedVariant& variant : variants) {  // the first variant that has a target gives the label
      const Figure target = figure_at(*variant.summary, {kind, name, "slo"}, "target_s");
      if (!target.is_known()) continue;
      add_row(rows, label_of(name, "in " + duration_text(target.value)), {kind, name, "slo"}, "attainment", share_text);
      break;
    }
}

void add_replicas(Rows& rows, const std::vector<std::string>& models) {
  add_heading(rows, "Replicas, mean");
  for (const std::string& name : models)
    add_row(rows, label_of(name, "ready"), {"models", name, "ready_replicas"}, "mean", value_text);
}

void add_cost(Rows& rows) {
  add_heading(rows, "Cost, USD");
  add_row(rows, "total", {"totals"}, "cost_usd", money_text);
  add_row(rows, "per 1000 completed", {"totals"}, "cost_per_1000_completed_usd", money_text);
  add_heading(rows, "Nodes and GPUs");
  add_row(rows, "nodes, mean", {"cluster"}, "nodes_mean", value_text);
  add_row(rows, "GPU utilization", {"cluster"}, "gpu_utilization", share_text);
  add_row(rows, "memory mean, GiB", {"cluster"}, "memory_used_mean_bytes", gib_text);
  add_row(rows, "memory max, GiB", {"cluster"}, "memory_used_max_bytes", gib_text);
  add_row(rows, "stranded, GiB", {"cluster"}, "stranded_memory_bytes", gib_text, true);
}

}  // namespace

std::vector<CompareRow> compare_rows(std::span<const ComparedVariant> variants) {
  std::vector<std::string> models = keys_over(variants, {"models"});
  const std::vector<std::string> pipelines = keys_over(variants, {"pipelines"});
  const std::size_t left_out = models.size() > kMostModels ? models.size() - kMostModels : 0;
  models.resize(models.size() - left_out);
  Rows rows;
  add_queries(rows, variants);
  add_kills(rows, variants);
  add_times(rows, pipelines, models);
  Rows levels;
  add_service_levels(levels, variants, "pipelines", pipelines);
  add_service_levels(levels, variants, "models", models);
  if (!levels.empty()) {
    add_heading(rows, "Share of queries on target");
    rows.insert(rows.end(), levels.begin(), levels.end());
  }
  add_replicas(rows, models);
  add_cost(rows);
  if (left_out > 0) add_heading(rows, fmt::format("({} more models: see --format json)", left_out));
  return rows;
}

}  // namespace windtunnel
