#include "policies/signals.hpp"

#include <array>
#include <cctype>
#include <cmath>

#include "policies/expression/value.hpp"

namespace windtunnel {
namespace {

using expression::kBytes;
using expression::kPlain;
using expression::kQueries;
using expression::kQueriesPerReplica;
using expression::kQueriesPerSecond;
using expression::kReplicas;
using expression::kSeconds;

constexpr std::array kSignals = {
    Signal{"backlog", kQueries, "queued + in service", [](const Observation& o) { return o.backlog; }, nullptr},
    Signal{"queued", kQueries, "waiting for a replica", [](const Observation& o) { return o.queued; }, nullptr},
    Signal{"in_service", kQueries, "being served", [](const Observation& o) { return o.in_service; }, nullptr},
    Signal{"oldest_age", kSeconds, "age of the oldest queued query",
           [](const Observation& o) { return o.oldest_age_s; }, nullptr},
    Signal{"arrival_rate", kQueriesPerSecond, "arrivals over the window",
           [](const Observation& o) { return o.arrival_rate_per_s; },
           [](SignalNeeds& needs) { needs.arrival_rate = true; }},
    Signal{"throughput", kQueriesPerSecond, "completions of the whole model over the window",
           [](const Observation& o) { return o.throughput_per_s; },
           [](SignalNeeds& needs) { needs.throughput = true; }},
    Signal{"processing_time", kSeconds, "mean service time of queries that completed in the window",
           [](const Observation& o) { return o.processing_time_s; },
           [](SignalNeeds& needs) { needs.processing_time = true; }},
    Signal{"response_time", kSeconds, "mean or percentile (statistic) of response times in the window",
           [](const Observation& o) { return o.response_time_s; },
           [](SignalNeeds& needs) { needs.response_time = true; }},
    Signal{"current_replicas", kReplicas, "not draining: pending, starting and ready",
           [](const Observation& o) { return static_cast<double>(o.current_replicas); }, nullptr},
    Signal{"ready_replicas", kReplicas, "ready to serve",
           [](const Observation& o) { return static_cast<double>(o.ready_replicas); }, nullptr},
    Signal{"concurrency", kQueriesPerReplica, "queries a replica serves at once: batches times largest batch",
           [](const Observation& o) { return static_cast<double>(o.concurrency); }, nullptr},
    Signal{"gpu_utilization", kPlain, "share of time with work on the GPUs under its replicas, neighbours' included",
           [](const Observation& o) { return o.gpu_utilization; }, [](SignalNeeds& needs) { needs.gpu = true; }},
    Signal{"gpu_memory_used", kPlain, "share of their memory in use, neighbours' included",
           [](const Observation& o) { return o.gpu_memory_used; }, [](SignalNeeds& needs) { needs.gpu = true; }},
    Signal{"time", kSeconds, "since the run began", [](const Observation& o) { return o.now_s; }, nullptr},
    Signal{"query", kQueries, "one query: gives a figure its unit, as in 5 * query / replica",
           [](const Observation&) { return 1.0; }, nullptr},
    Signal{"replica", kReplicas, "one replica", [](const Observation&) { return 1.0; }, nullptr},
    Signal{"second", kSeconds, "one second", [](const Observation&) { return 1.0; }, nullptr},
    Signal{"byte", kBytes, "one byte", [](const Observation&) { return 1.0; }, nullptr},
};

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

/// The name stands in the text as a word.
bool mentions(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !is_name_byte(text[at - 1]);
    const auto end = at + name.size();
    if (begins && (end == text.size() || !is_name_byte(text[end]))) return true;
  }
  return false;
}

}  // namespace

std::span<const Signal> signals() {
  return kSignals;
}

const std::vector<expression::Variable>& signal_variables() {
  static const std::vector<expression::Variable> variables = [] {
    std::vector<expression::Variable> out;
    for (const Signal& signal : kSignals) out.push_back({std::string(signal.name), signal.unit});
    return out;
  }();
  return variables;
}

std::vector<expression::Value> signal_values(const Observation& seen) {
  std::vector<expression::Value> out;
  out.reserve(kSignals.size());
  for (const Signal& signal : kSignals) {
    const double value = signal.read(seen);
    out.push_back(std::isnan(value) ? expression::Value() : expression::Value(value));
  }
  return out;
}

SignalNeeds needs_of(std::string_view formula, Duration window, double response_quantile) {
  SignalNeeds needs;
  needs.window = window;
  needs.response_quantile = response_quantile;
  for (const Signal& signal : kSignals)
    if (signal.ask != nullptr && mentions(formula, signal.name)) signal.ask(needs);
  return needs;
}

}  // namespace windtunnel
