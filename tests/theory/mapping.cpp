// The rules by which families become scenarios. A case is mapped by what it says, never by its name.
#include "tests/theory/mapping.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "tests/theory/fields.hpp"
#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

bool same(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

/// A law's name in scenarios, after checking that mean and scv are such as the name allows.
std::string law_name(Fields& fields, double& mean, double& scv) {
  static const std::map<std::string, std::string> kNames = {{"exp", "exponential"},
                                                            {"det", "deterministic"},
                                                            {"gamma", "gamma"},
                                                            {"logn", "lognormal"},
                                                            {"h2", "hyperexponential"}};
  const auto law = fields.text("law");
  mean = fields.number("mean_s");
  scv = fields.number("scv");
  const auto it = kNames.find(law);
  if (it == kNames.end()) throw NotUnderstood("unknown law \"" + law + "\" in " + fields.path());
  const bool fits = law == "exp" ? scv == 1 : law == "det" ? scv == 0 : law == "h2" ? scv >= 1 : scv > 0;
  if (mean <= 0 || !fits) {
    throw NotUnderstood(fmt::format("{}: law {} with mean {} and scv {}", fields.path(), law, mean, scv));
  }
  fields.finish();
  return it->second;
}

std::string with_scv(const std::string& name, double scv) {
  return name == "exponential" || name == "deterministic" ? name : name + ", scv: " + decimal(scv);
}

}  // namespace

std::string arrivals_yaml(Fields fields) {
  const auto kind = fields.text("kind");
  std::string out;
  if (kind == "poisson") {
    out = "{process: poisson, rate: " + decimal(fields.number("rate_per_s")) + "/s}";
  } else if (kind == "renewal") {
    const double rate = fields.number("rate_per_s");
    auto gap = fields.object("interarrival");
    double mean = 0, scv = 0;
    const auto name = law_name(gap, mean, scv);
    if (!same(mean * rate, 1)) throw NotUnderstood(fields.path() + ": mean gap and rate disagree");
    out = "{process: renewal, rate: " + decimal(rate) + "/s, law: " + with_scv(name, scv) + "}";
  } else if (kind == "batch_poisson") {
    const double batch_rate = fields.number("batch_rate_per_s");
    auto size = fields.object("batch_size");
    const auto law = size.text("law");
    const double mean = size.number("mean");
    size.finish();
    if (law != "geometric" && law != "constant") throw NotUnderstood("unknown batch size law \"" + law + "\"");
    out = "{process: batch_poisson, rate: " + decimal(batch_rate * mean) + "/s, batch_law: " + law +
          ", batch_mean: " + decimal(mean) + "}";
  } else {
    throw NotUnderstood("unknown arrivals kind \"" + kind + "\"");
  }
  fields.finish();
  return out;
}

void skip_initial(Fields& fields) {
  auto initial = fields.object("initial");
  initial.number("jobs");
  initial.finish();
}

std::string thresholds_yaml(const OracleCase& oracle) {
  std::string response, queueing;
  for (const auto& row : oracle.quantities) {
    // Slowdowns are kept, like exact counts, only for a model that has thresholds.
    if (row.measure.of == "slowdown" && response.empty()) response = "0s";
    if (!row.not_understood.empty() || row.measure.kind != "job_cdf" || !row.measure.at_s) continue;
    auto& list = row.measure.of == "wait" ? queueing : response;
    list += (list.empty() ? "" : ", ") + decimal(*row.measure.at_s) + "s";
  }
  if (response.empty() && queueing.empty()) return {};
  std::string out = "thresholds: {";
  if (!response.empty()) out += "response_time: [" + response + "]";
  if (!queueing.empty()) out += (response.empty() ? "" : ", ") + ("queueing_delay: [" + queueing + "]");
  return out + "}";
}

std::string pool_yaml(int gpus) {
  return fmt::format("cluster: {{node_pools: {{pool: {{gpu: A10G, gpus: 1, sharing: exclusive, nodes: {}}}}}}}\n",
                     gpus);
}

int positive(Fields& fields, const std::string& name) {
  const int value = fields.integer(name);
  if (value < 1 || value > 100000) throw NotUnderstood(fmt::format("{}.{} = {}", fields.path(), name, value));
  return value;
}

namespace {

/// One queue or one per server, one query at a time on each: a model of `servers` replicas, a GPU each.
System map_queue(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out;
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto service = law_yaml(fields.at("service"));
  out.servers = positive(fields, "servers");
  std::string extra;
  if (const auto capacity = fields.number_or_null("capacity")) {
    extra = fmt::format("    max_in_system: {}\n", positive(fields, "capacity"));
    out.rejects = true;
  }
  if (const auto discipline = fields.text("discipline"); discipline != "fcfs") {
    throw NotUnderstood("discipline \"" + discipline + "\"");
  }
  std::string dispatch = "pull";
  if (fields.has("queues") || fields.has("dispatch")) {
    if (const auto queues = fields.text("queues"); queues != "one_per_server") {
      throw NotUnderstood("queues \"" + queues + "\"");
    }
    auto rule = fields.object("dispatch");
    const auto kind = rule.text("kind");
    if (kind == "random" || kind == "round_robin") {
      if (!rule.at("metric").is_null() || !rule.at("ties").is_null()) throw NotUnderstood(kind + " with a metric");
      dispatch = kind;
    } else if (kind == "join_shortest") {
      if (rule.text("metric") != "backlog") throw NotUnderstood("join_shortest by " + rule.text("metric"));
      if (rule.text("ties") != "uniform") throw NotUnderstood("join_shortest with ties " + rule.text("ties"));
      dispatch = "shortest_queue";
    } else {
      throw NotUnderstood("unknown dispatch \"" + kind + "\"");
    }
    rule.finish();
  }
  skip_initial(fields);
  fields.finish();
  if (const auto thresholds = thresholds_yaml(oracle); !thresholds.empty()) extra += "    " + thresholds + "\n";
  out.models = fmt::format(
      "models:\n  station:\n    service_time: {}\n    concurrency: 1\n    dispatch: {}\n{}"
      "workload: [{{model: station, arrivals: {}}}]\n{}scaling: {{station: {{policy: fixed, replicas: {}}}}}\n",
      service, dispatch, extra, arrivals, pool_yaml(out.servers), out.servers);
  return out;
}

/// The speed-up law phi(n) as `concurrency.scaling`; `speed` is phi(1), by which work is divided.
std::string scaling_yaml(Fields phi, double& speed) {
  const auto kind = phi.text("kind");
  std::string out;
  std::function<double(int)> total;
  if (kind == "constant") {
    speed = phi.number("rate");
    out = "scaling: shared";
    total = [=](int) { return speed; };
  } else if (kind == "efficiency") {
    const double alone = phi.number("alone"), shared = phi.number("shared");
    if (alone <= 0 || shared <= 0) throw NotUnderstood("efficiency that is not positive");
    speed = alone;
    out = "scaling: efficiency, efficiency: " + decimal(shared / alone);
    total = [=](int n) { return n == 1 ? alone : shared; };
  } else if (kind == "contention") {
    const double slope = phi.number("slope");
    const auto cap = phi.number_or_null("cap");
    if (slope < 0 || (cap && *cap <= 0)) throw NotUnderstood("contention with a negative slope or cap");
    out = "scaling: contention, slope: " + decimal(slope) + (cap ? ", cap: " + decimal(*cap) : "");
    total = [=](int n) { return std::min(n / (1 + slope * (n - 1)), cap.value_or(1e300)); };
  } else {
    throw NotUnderstood("unknown phi \"" + kind + "\"");
  }
  if (speed <= 0) throw NotUnderstood("phi at rate 0");
  const auto& first = phi.at("first_values");
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!same(first[i].get<double>(), total(static_cast<int>(i) + 1))) {
      throw NotUnderstood(fmt::format("phi({}) is {} in the file and {} by its formula", i + 1, first[i].get<double>(),
                                      total(static_cast<int>(i) + 1)));
    }
  }
  phi.finish();
  return out;
}

/// Processor sharing: one replica with several queries in service.
System map_shared_server(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out;
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto scaling = scaling_yaml(fields.object("phi"), out.speed);
  const auto service = law_yaml(fields.at("service"), out.speed);
  if (fields.integer("servers") != 1) throw NotUnderstood("processor sharing on several servers");
  if (!fields.at("capacity").is_null()) throw NotUnderstood("processor sharing with a capacity");
  if (const auto discipline = fields.text("discipline"); discipline != "processor_sharing") {
    throw NotUnderstood("discipline \"" + discipline + "\"");
  }
  std::string limit = "unlimited";
  if (fields.number_or_null("concurrency_limit")) limit = std::to_string(positive(fields, "concurrency_limit"));
  skip_initial(fields);
  fields.finish();
  const auto thresholds = thresholds_yaml(oracle);
  out.models = fmt::format(
      "models:\n  station:\n    service_time: {}\n    concurrency: {{limit: {}, {}}}\n    dispatch: pull\n{}"
      "workload: [{{model: station, arrivals: {}}}]\n{}scaling: {{station: {{policy: fixed, replicas: 1}}}}\n",
      service, limit, scaling, thresholds.empty() ? "" : "    " + thresholds + "\n", arrivals, pool_yaml(1));
  return out;
}

/// Exits of the stations: forward ones, and those that lead back. A job takes at most one, so all exclude each other.
struct Routing {
  std::string forward, back;
  bool is_chain = true;
};

Routing routing_of(const nlohmann::json& routing, std::size_t stations) {
  if (!routing.is_array() || routing.size() != stations) throw NotUnderstood("routing of other stations");
  Routing out;
  for (std::size_t i = 0; i < stations; ++i) {
    if (!routing[i].is_array() || routing[i].size() != stations) throw NotUnderstood("routing that is no matrix");
    for (std::size_t j = 0; j < stations; ++j) {
      const double p = routing[i][j].get<double>();
      out.is_chain = out.is_chain && p == (j == i + 1 ? 1.0 : 0.0);
      if (p == 0) continue;
      std::string& list = j > i ? out.forward : out.back;
      list += fmt::format("{}{{from: station-{}, to: station-{}, probability: {}}}", list.empty() ? "" : ", ", i + 1,
                          j + 1, decimal(p));
    }
  }
  // Without feedback several exits would be taken together, unless they are a choice: no case asks for it.
  if (!out.is_chain && out.back.empty()) throw NotUnderstood("routing that is neither a chain nor has feedback");
  return out;
}

/// A tandem or a network with feedback: a pipeline whose stages are models of their own.
System map_network(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const auto& stations = fields.at("stations");
  if (!stations.is_array() || stations.size() < 2) throw NotUnderstood("a network of fewer than two stations");
  const Routing routing = routing_of(fields.at("routing"), stations.size());
  System out;
  out.stations = static_cast<int>(stations.size());
  std::string models = "models:\n", stages, arrivals, scaling;
  int gpus = 0;
  for (int i = 0; i < out.stations; ++i) {
    Fields station(stations[static_cast<std::size_t>(i)], fmt::format("stations[{}]", i));
    const auto external = arrivals_yaml(station.object("external_arrivals"));
    if (i == 0) arrivals = external;
    if (i > 0 && external != "{process: poisson, rate: 0/s}") throw NotUnderstood("arrivals in mid-chain");
    const auto service = law_yaml(station.at("service"));
    const int servers = positive(station, "servers");
    if (station.text("discipline") != "fcfs") throw NotUnderstood("discipline \"" + station.text("discipline") + "\"");
    station.finish();
    models += fmt::format("  station-{}: {{service_time: {}, concurrency: 1, dispatch: pull}}\n", i + 1, service);
    stages += fmt::format("{}station-{}", i ? ", " : "", i + 1);
    scaling += fmt::format("{}station-{}: {{policy: fixed, replicas: {}}}", i ? ", " : "", i + 1, servers);
    gpus += servers;
  }
  skip_initial(fields);
  fields.finish();
  const auto thresholds = thresholds_yaml(oracle);
  const auto shape = routing.is_chain ? "stages: [" + stages + "]"
                                      : "edges: [" + routing.forward + "], feedback: [" + routing.back + "]";
  out.models = fmt::format(
      "{}pipelines: {{chain: {{{}{}}}}}\nworkload: [{{pipeline: chain, arrivals: {}}}]\n"
      "{}scaling: {{{}}}\n",
      models, shape, thresholds.empty() ? "" : ", " + thresholds, arrivals, pool_yaml(gpus), scaling);
  return out;
}

constexpr std::array kFamilies{
    FamilyRule{"M/M/c", map_queue},
    FamilyRule{"M/M/c/K", map_queue},
    FamilyRule{"M/G/c/c", map_queue},
    FamilyRule{"M/D/c", map_queue},
    FamilyRule{"M/G/1", map_queue},
    FamilyRule{"GI/M/c", map_queue},
    FamilyRule{"M^X/M/1", map_queue},
    FamilyRule{"parallel M/M/1 queues", map_queue},
    FamilyRule{"M/G/1-PS", map_shared_server},
    FamilyRule{"M/G/1 generalised PS", map_shared_server},
    FamilyRule{"tandem / Jackson network", map_network},
    FamilyRule{"GPU memory, shared pool", map_memory_levels},
    FamilyRule{"GPU memory, hard per-replica limit", map_memory_levels},
};

}  // namespace

std::string decimal(double value) {
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
  return {buffer.data(), end};
}

namespace {

std::string law_text(const nlohmann::json& law, double speed, const char* unit) {
  Fields fields(law, "service");
  double mean = 0, scv = 0;
  const auto name = law_name(fields, mean, scv);
  return "{law: " + with_scv(name, scv) + ", mean: " + decimal(mean / speed) + unit + "}";
}

}  // namespace

std::string law_yaml(const nlohmann::json& law, double speed) {
  return law_text(law, speed, "s");
}

std::string size_law_yaml(const nlohmann::json& law) {
  return law_text(law, 1, "");
}

System map_system(const OracleCase& oracle) {
  for (const auto rules : {std::span<const FamilyRule>(kFamilies), sharing_families(), fault_families(),
                           scaling_families(), transient_families(), queue_families()})
    for (const auto& rule : rules) {
      if (oracle.family != rule.family) continue;
      if (oracle.kind != rule.kind) throw NotUnderstood("kind \"" + oracle.kind + "\"");
      return rule.map(oracle);
    }
  throw NotUnderstood("family \"" + oracle.family + "\"");
}

std::string scenario_yaml(const System& system, double warm_up_s, double measured_s) {
  return fmt::format("schema: 1\nname: theory\nhorizon: {}s\nwarm_up: {}s\n{}", decimal(warm_up_s + measured_s),
                     decimal(warm_up_s), system.models);
}

}  // namespace windtunnel::theory
