#include "sim/report/run_table.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "sim/report/duration_text.hpp"
#include "sim/report/figure.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;
using Show = std::string (*)(double);

/// One column: where its figure stands in a model's or pipeline's summary, and how it is shown.
struct Cell {
  std::string_view title;
  std::string_view object;               ///< empty: the figure stands at the top
  std::array<std::string_view, 3> keys;  ///< several: their sum, without an interval
  Show show;
};

constexpr std::array kQueryCells = {
    Cell{"arrived", "queries", {"arrived"}, count_text},
    Cell{"completed", "queries", {"completed"}, count_text},
    Cell{"failed,\nreject.", "queries", {"failed", "rejected", "timed_out"}, count_text},
    Cell{"resp.\np50, s", "response_time_s", {"p50"}, value_text},
    Cell{"resp.\np95, s", "response_time_s", {"p95"}, value_text},
    Cell{"resp.\np99, s", "response_time_s", {"p99"}, value_text},
    Cell{"queued\np95, s", "queueing_delay_s", {"p95"}, value_text},
    Cell{"SLO\nmet", "slo", {"attainment"}, share_text}};

constexpr std::array kReplicaCells = {
    Cell{"replicas\nmean", "replicas", {"mean"}, value_text},    Cell{"\nmax", "replicas", {"max"}, count_text},
    Cell{"ready\nmean", "ready_replicas", {"mean"}, value_text}, Cell{"\nkills", "kills", {"total"}, count_text},
    Cell{"exit\n137", "kills", {"exit_137"}, count_text},        Cell{"of\nmemory", "kills", {"oom"}, count_text},
    Cell{"OOM\nevents", "", {"oom_events"}, count_text},         Cell{"cost,\nUSD", "", {"cost_usd"}, money_text}};

constexpr std::array kScaleUpCells = {Cell{"served", "", {"scale_ups_served"}, count_text},
                                      Cell{"scrape", "scale_up_anatomy_s", {"scrape"}, value_text},
                                      Cell{"window", "scale_up_anatomy_s", {"window"}, value_text},
                                      Cell{"loop", "scale_up_anatomy_s", {"loop"}, value_text},
                                      Cell{"limit", "scale_up_anatomy_s", {"limit"}, value_text},
                                      Cell{"node", "scale_up_anatomy_s", {"node"}, value_text},
                                      Cell{"pull", "scale_up_anatomy_s", {"pull"}, value_text},
                                      Cell{"load", "scale_up_anatomy_s", {"load"}, value_text},
                                      Cell{"probe", "scale_up_anatomy_s", {"probe"}, value_text},
                                      Cell{"total", "scale_up_anatomy_s", {"total"}, value_text}};

constexpr std::array kVariantCells = {Cell{"found on\nthe device", "variants", {"hits"}, count_text},
                                      Cell{"swaps", "variants", {"misses"}, count_text},
                                      Cell{"evicted", "variants", {"evictions"}, count_text},
                                      Cell{"swapped,\nGiB", "variants", {"swapped_bytes"}, gib_text},
                                      Cell{"swapping,\ns", "variants", {"swap_time_s"}, value_text}};

Figure read(const Json& entry, const Cell& cell) {
  const Json* object = cell.object.empty() ? &entry : find_path(entry, {cell.object});
  if (object == nullptr) return {};
  if (cell.keys[1].empty()) return figure_at(*object, {}, cell.keys[0]);
  return {.value = sum_at(*object, {}, {cell.keys[0], cell.keys[1], cell.keys[2]})};
}

TextTable table_of(std::string_view names, std::span<const Cell> cells) {
  std::vector<std::string> titles = {std::string(names)};
  for (const Cell& cell : cells) titles.emplace_back(cell.title);
  return TextTable(std::move(titles));
}

void add_rows(TextTable& table, const Json& entries, std::span<const Cell> cells, bool with_intervals) {
  for (const auto& item : entries.items()) {
    std::vector<std::string> row = {item.key()}, interval = {"  \xc2\xb1"};
    for (const Cell& cell : cells) {
      const Figure figure = read(item.value(), cell);
      row.push_back(cell.show(figure.value));
      interval.push_back(cell.show(figure.ci95));
    }
    table.add_row(std::move(row));
    if (with_intervals) table.add_row(std::move(interval));
  }
}

std::string header(const Json& summary) {
  const double horizon_s = figure_at(summary, {}, "horizon_s").value;
  const double warm_up_s = figure_at(summary, {}, "warm_up_s").value;
  const double measured_s = figure_at(summary, {}, "measured_s").value;
  const auto replications = summary.value("replications", 1);
  std::string line = fmt::format("{}: seed {}", summary.value("scenario", ""), summary.value("seed", std::uint64_t{0}));
  if (replications > 1) line += fmt::format(", {} replications", replications);
  line += std::isfinite(horizon_s) ? ", horizon " + duration_text(horizon_s) : ", run until empty";
  if (warm_up_s > 0) line += ", warm-up " + duration_text(warm_up_s);
  if (std::isfinite(measured_s) && measured_s != horizon_s - warm_up_s)
    line += ", measured " + duration_text(measured_s);
  line += fmt::format(", digest {}", summary.value("scenario_digest", ""));
  std::string out = wrap(line, kTerminalWidth, 2) + '\n';
  if (replications > 1) out += "Means over replications; \xc2\xb1 is half the width of a 95 % interval.\n";
  return out;
}

/// "device_full 12, probe 1"; only what happened.
std::string happened(const Json& totals, std::string_view what) {
  std::string out;
  const Json* counts = find_path(totals, {"kills", what});
  if (counts == nullptr) return out;
  for (const auto& item : counts->items()) {
    if (item.key().ends_with("_ci95") || !item.value().is_number() || item.value().get<double>() == 0) continue;
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", item.key(), count_text(item.value().get<double>()));
  }
  return out;
}

/// "990 completed", with the interval where there is one.
using Say = std::function<std::string(std::string_view key, Show show)>;

Say say_from(const Json& summary, std::vector<std::string> path) {
  const Json* at = &summary;
  for (const std::string& step : path) at = &at->at(step);
  return [at](std::string_view key, Show show) {
    const Figure figure = figure_at(*at, {}, key);
    std::string out = show(figure.value);
    if (std::isfinite(figure.ci95) && figure.ci95 != 0) out += " \xc2\xb1" + show(figure.ci95);
    return out;
  };
}

std::string queries_line(const Json& summary) {
  const Say total = say_from(summary, {"totals", "queries"});
  std::string line = fmt::format("Queries: {} arrived, {} completed, {} failed", total("arrived", count_text),
                                 total("completed", count_text), total("failed", count_text));
  struct Part {
    std::string_view key, what;
  };
  constexpr std::array kParts = {Part{"rejected", "rejected"}, Part{"timed_out", "timed out"},
                                 Part{"in_flight", "still in flight"}, Part{"queued", "still queued"},
                                 Part{"redelivered", "redelivered"}};
  for (const Part& part : kParts)
    if (figure_at(summary, {"totals", "queries"}, part.key).is_nonzero())
      line += fmt::format(", {} {}", total(part.key, count_text), part.what);
  return line;
}

std::string kills_line(const Json& summary) {
  const Say total = say_from(summary, {"totals"}), kills = say_from(summary, {"totals", "kills"});
  std::string line =
      fmt::format("Kills: {}, {} of memory; OOM events survived: {}; restarts: {}", kills("total", count_text),
                  kills("oom", count_text), total("oom_events", count_text), total("restarts", count_text));
  if (const std::string causes = happened(summary.at("totals"), "by_cause"); !causes.empty())
    line += "; cause " + causes;
  if (const std::string codes = happened(summary.at("totals"), "by_exit_code"); !codes.empty())
    line += "; exit code " + codes;
  return line;
}

std::string totals_text(const Json& summary) {
  const Say total = say_from(summary, {"totals"}), cluster = say_from(summary, {"cluster"});
  const std::array lines = {
      queries_line(summary), kills_line(summary),
      fmt::format("Cost: {} USD, {} USD per 1000 completed; {} node hours, {} nodes mean",
                  total("cost_usd", money_text), total("cost_per_1000_completed_usd", money_text),
                  cluster("node_hours", value_text), cluster("nodes_mean", value_text)),
      fmt::format("GPUs: utilization {}; memory used of one: {} GiB mean, {} GiB max",
                  cluster("gpu_utilization", share_text), cluster("memory_used_mean_bytes", gib_text),
                  cluster("memory_used_max_bytes", gib_text))};
  std::string out;
  for (const std::string& line : lines) out += wrap(line, kTerminalWidth, 2) + '\n';
  return out;
}

/// What a reader must know: remarks of the run, rows of a recording that were left out.
std::string notes_text(const Json& summary) {
  std::string out;
  const auto add = [&out](const std::string& note) { out += wrap("Note: " + note, kTerminalWidth, 2) + '\n'; };
  for (const Json& note : summary.at("notes")) add(note.get<std::string>());
  for (const auto& source : summary.at("sources").items())
    for (const auto& reason : source.value().at("dropped").items())
      if (!reason.key().ends_with("_ci95"))
        add(fmt::format("{} rows of {} dropped: {}", count_text(reason.value().get<double>()), source.key(),
                        reason.key()));
  return out;
}

/// Where the time from demand to served capacity went, for the models that scaled up.
std::string scale_up_text(const Json& models, bool with_intervals) {
  Json scaled = Json::object();
  for (const auto& item : models.items())
    if (figure_at(item.value(), {}, "scale_ups_served").is_nonzero()) scaled[item.key()] = item.value();
  if (scaled.empty()) return {};
  TextTable table = table_of("scale-ups, s", kScaleUpCells);
  add_rows(table, scaled, kScaleUpCells, with_intervals);
  return table.render() + '\n';
}

/// Of the models that swap variants.
std::string variants_text(const Json& models, bool with_intervals) {
  Json swapping = Json::object();
  for (const auto& item : models.items())
    if (item.value().contains("variants")) swapping[item.key()] = item.value();
  if (swapping.empty()) return {};
  TextTable table = table_of("variants", kVariantCells);
  add_rows(table, swapping, kVariantCells, with_intervals);
  return table.render() + '\n';
}

}  // namespace

std::string run_table(const Json& summary) {
  const bool with_intervals = summary.value("replications", 1) > 1;
  const Json& models = summary.at("models");
  const Json& pipelines = summary.at("pipelines");
  std::string out = header(summary) + '\n';

  TextTable queries = table_of("queries", kQueryCells);
  add_rows(queries, pipelines, kQueryCells, with_intervals);
  add_rows(queries, models, kQueryCells, with_intervals);
  out += queries.render() + '\n';

  TextTable replicas = table_of("replicas", kReplicaCells);
  add_rows(replicas, models, kReplicaCells, with_intervals);
  out += replicas.render() + '\n';

  out += variants_text(models, with_intervals);
  out += scale_up_text(models, with_intervals);
  return out + totals_text(summary) + notes_text(summary);
}

}  // namespace windtunnel
