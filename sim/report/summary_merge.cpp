// Several replications' summaries as one: means, and beside each its interval.
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "sim/report/statistics.hpp"
#include "sim/report/summary.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;
using Runs = std::vector<const Json*>;  // the same place in each replication's summary, in seed order

/// What the scenario gave: the same in every replication, so it has no interval.
bool is_given(std::string_view key) {
  return key == "target_s" || key == "at_s";
}

/// The value under `key` in each run. A count that a run never saw (an exit code, a drop reason) is zero there.
Runs under(const Runs& runs, const std::string& key) {
  static const Json zero = 0;
  Runs out;
  for (const Json* run : runs) {
    const auto found = run->find(key);
    out.push_back(found == run->end() ? &zero : &*found);
  }
  return out;
}

/// Keys of all runs, in order of first sight.
std::vector<std::string> keys_of(const Runs& runs) {
  std::vector<std::string> keys;
  for (const Json* run : runs)
    for (const auto& item : run->items())
      if (std::find(keys.begin(), keys.end(), item.key()) == keys.end()) keys.push_back(item.key());
  return keys;
}

Json merged_figure(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json merge(const Runs& runs);

/// Adds the mean under `key`, and its interval beside it. Runs with nothing to say (null) are left out of both.
void add_scalar(Json& out, const std::string& key, const Runs& runs) {
  std::vector<double> values;
  for (const Json* run : runs)
    if (run->is_number()) values.push_back(run->get<double>());
  if (values.empty()) {
    out[key] = nullptr;
    out[key + "_ci95"] = nullptr;
    return;
  }
  const MeanInterval interval = mean_interval(values);
  out[key] = merged_figure(interval.mean);
  out[key + "_ci95"] = merged_figure(interval.half_width);
}

Json merge_object(const Runs& runs) {
  Json out = Json::object();
  for (const std::string& key : keys_of(runs)) {
    const Runs values = under(runs, key);
    if (is_given(key))
      out[key] = *values.front();
    else if (values.front()->is_structured())
      out[key] = merge(values);
    else
      add_scalar(out, key, values);
  }
  return out;
}

Json merge(const Runs& runs) {
  if (!runs.front()->is_array()) return merge_object(runs);
  Json out = Json::array();
  for (std::size_t i = 0; i < runs.front()->size(); ++i) {
    Runs items;
    for (const Json* run : runs) items.push_back(&run->at(i));
    out.push_back(merge(items));
  }
  return out;
}

/// Every note once, in order of first sight.
Json merge_notes(const Runs& runs) {
  Json out = Json::array();
  for (const Json* run : runs)
    for (const Json& note : *run)
      if (std::find(out.begin(), out.end(), note) == out.end()) out.push_back(note);
  return out;
}

/// Work adds up over the runs; so do their seconds, whatever ran at the same time.
Json merge_engine(const Runs& runs) {
  Json out = Json::object();
  for (const char* key : {"events", "queries"}) {
    std::uint64_t sum = 0;
    for (const Json* run : runs) sum += run->at(key).get<std::uint64_t>();
    out[key] = sum;
  }
  for (const char* key : {"wall_s", "cpu_s"}) {
    double sum = 0;
    for (const Json* run : runs) sum += run->at(key).is_number() ? run->at(key).get<double>() : 0;
    out[key] = sum;
  }
  const double wall = out["wall_s"].get<double>();
  const auto rate = [&](const char* key) {
    return merged_figure(wall > 0 ? out[key].get<double>() / wall : std::numeric_limits<double>::quiet_NaN());
  };
  out["events_per_s"] = rate("events");
  out["queries_per_s"] = rate("queries");
  std::int64_t peak = 0;
  for (const Json* run : runs) peak = std::max(peak, run->at("peak_rss_bytes").get<std::int64_t>());
  out["peak_rss_bytes"] = peak;
  return out;
}

}  // namespace

Json merge_summaries(std::span<const Json> runs) {
  if (runs.size() == 1) return runs.front();
  Runs all;
  for (const Json& run : runs) all.push_back(&run);
  Json out = Json::object();
  for (const auto& item : runs.front().items()) {
    const std::string& key = item.key();
    const Runs values = under(all, key);
    if (key == "replications") {
      out[key] = runs.size();
      Json& seeds = out["seeds"] = Json::array();
      for (const Json* run : all) seeds.push_back(run->at("seed"));
    } else if (key == "notes") {
      out[key] = merge_notes(values);
    } else if (key == "manifests") {
      out[key] = item.value();
    } else if (key == "engine") {
      out[key] = merge_engine(values);
    } else if (key == "measured_s") {
      add_scalar(out, key, values);
    } else if (item.value().is_object()) {
      out[key] = merge_object(values);
    } else {
      out[key] = item.value();
    }
  }
  return out;
}

}  // namespace windtunnel
