#include "sim/recommend/recorded_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "sim/core/error.hpp"
#include "sim/recommend/pod_owner.hpp"
#include "sim/workload/format_registry.hpp"
#include "sim/workload/gauge_reader.hpp"
#include "sim/workload/trace_check.hpp"

namespace windtunnel {
namespace {

struct KnownMetric {
  std::string_view name;
  MemoryKind kind;
  std::int64_t unit;  ///< bytes
};

constexpr std::array kKnown = {KnownMetric{"DCGM_FI_DEV_FB_USED", MemoryKind::gpu, kMiB},
                               KnownMetric{"container_memory_working_set_bytes", MemoryKind::host, 1},
                               KnownMetric{"container_memory_rss", MemoryKind::host, 1},
                               KnownMetric{"container_memory_usage_bytes", MemoryKind::host, 1},
                               KnownMetric{"container_memory_max_usage_bytes", MemoryKind::host, 1}};

constexpr std::size_t kMostPods = 100'000;

const std::string* label(const MetricLabels& labels, std::string_view name) {
  for (const auto& [key, value] : labels)
    if (key == name && !value.empty()) return &value;
  return nullptr;
}

// Prometheus moves the exporter's own labels aside where they collide with its target's.
const std::string* label_of_pod(const MetricLabels& labels, const std::string& name) {
  const std::string* own = label(labels, "exported_" + name);
  return own != nullptr ? own : label(labels, name);
}

std::string metric_of(std::string_view series) {
  return std::string(series.substr(0, series.find_first_of("{ ")));
}

std::string known_names() {
  std::string out;
  for (const KnownMetric& known : kKnown) out += (out.empty() ? "" : ", ") + std::string(known.name);
  return out;
}

using Key = std::pair<std::string, MemoryKind>;  ///< model and kind

/// Samples by model as they come.
class MemoryReading {
 public:
  MemoryReading(const RecordedQuestion& question, Duration interval) : question_(question), interval_(interval) {}

  void take(const GaugeSample& sample) {
    const std::string metric = metric_of(sample.series);
    const auto* known =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const KnownMetric& k) { return k.name == metric; });
    if (known == kKnown.end() || sample.labels == nullptr) {
      if (others_.size() < 100) others_.insert(metric);
      return;
    }
    const std::string* pod = label_of_pod(*sample.labels, "pod");
    // The exporter's own, on a GPU in no pod's hands.
    if (pod != nullptr && known->kind == MemoryKind::gpu && pod->find("dcgm-exporter") != std::string::npos)
      pod = nullptr;
    const std::string* named = question_.by ? label(*sample.labels, *question_.by) : pod;
    // cAdvisor also has the pod's sum (no container) and its pause container: not what a limit is for.
    const std::string* container = label_of_pod(*sample.labels, "container");
    const bool of_pod = known->kind == MemoryKind::host && (container == nullptr || *container == "POD");
    if (named == nullptr || pod == nullptr || of_pod) {
      ++without_pod_;
      return;
    }
    if (!(sample.value > 0)) return;  // nothing runs there
    ++taken_;
    const std::string model = question_.by ? *named : std::string(owner_of_pod(*named));
    const std::int64_t at_ns = sample.at_ns.value_or(0);
    first_ns_ = std::min(first_ns_, at_ns);
    last_ns_ = std::max(last_ns_, at_ns);
    // cAdvisor's names a container, DCGM's value is of the pod's process.
    const std::string own = known->kind == MemoryKind::host ? *pod + "/" + *container : *pod;
    const auto [id, fresh] = ids_.try_emplace({own, known->kind}, ids_.size());
    if (fresh && ids_.size() > kMostPods)
      throw InputError({question_.file.file, fmt::format("holds over {} pods", kMostPods), "select fewer"});
    if (known->kind == MemoryKind::gpu) note_device(*sample.labels, *pod, at_ns);
    auto [recommender, made] = models_.try_emplace({model, known->kind}, spec());
    const auto bytes =
        static_cast<std::int64_t>(std::clamp(sample.value * static_cast<double>(known->unit), 0.0, 1e15));
    recommender->second.saw(id->second, Bytes{bytes}, SimTime{Duration{at_ns}});
  }

  [[nodiscard]] std::int64_t span_ns() const { return taken_ == 0 ? 0 : last_ns_ - first_ns_; }
  [[nodiscard]] bool is_empty() const { return taken_ == 0; }

  [[nodiscard]] Error nothing_found() const {
    if (without_pod_ > 0)
      return {question_.file.file,
              fmt::format("{} samples of memory name no {}", without_pod_,
                          question_.by ? "label \"" + *question_.by + "\" and pod" : std::string("pod and container")),
              "turn on the exporter's pod labels (DCGM_EXPORTER_KUBERNETES), or say --by LABEL"};
    std::string seen;
    for (const auto& name : others_) seen += (seen.empty() ? "" : ", ") + name;
    return {question_.file.file, "holds no metric of memory" + (seen.empty() ? "" : "; it has " + seen.substr(0, 300)),
            "known are " + known_names()};
  }

  [[nodiscard]] RecordedMemory result() const {
    RecordedMemory out{.advice = {}, .span_s = to_seconds(Duration{span_ns()}), .interval = interval_, .notes = {}};
    const SimTime now{Duration{last_ns_}};
    for (const auto& [key, recommender] : models_) {
      const auto room = key.second == MemoryKind::gpu ? question_.gpu : question_.node;
      out.advice.push_back(advise(key.first, key.second, recommender.peaks(), limits_by_rule(recommender, now), room));
      out.advice.back().samples = recommender.samples();
    }
    if (shared_pods_ > 0)
      out.notes.push_back(fmt::format(
          "GPU memory of {} pods is of devices that several pods share: DCGM's figure is the device's, so it "
          "is too high for each; record per-process memory, or recommend from a scenario",
          shared_pods_));
    if (without_pod_ > 0) out.notes.push_back(fmt::format("{} samples of memory name no pod: left out", without_pod_));
    return out;
  }

  /// After the last sample.
  void count_sharers() {
    for (const auto& [device, pods] : devices_)
      for (const auto& [name, span] : pods)
        shared_pods_ += std::any_of(pods.begin(), pods.end(), [&, n = &name, s = &span](const auto& other) {
          return other.first != *n && other.second.first <= s->second && other.second.second >= s->first;
        });
  }

 private:
  [[nodiscard]] RecommenderSpec spec() const {
    RecommenderSpec out = question_.recommender;
    out.interval = interval_;
    out.least = Bytes{};        // what was seen, however little
    out.intervals = 1'000'000;  // all of the recording
    return out;
  }

  void note_device(const MetricLabels& labels, const std::string& pod, std::int64_t at_ns) {
    const std::string* device = label(labels, "UUID");
    const std::string* instance = label(labels, "GPU_I_ID");
    if (device == nullptr) return;
    auto& pods = devices_[*device + (instance == nullptr ? "" : "/" + *instance)];
    const auto [it, fresh] = pods.try_emplace(pod, at_ns, at_ns);
    it->second.first = std::min(it->second.first, at_ns);
    it->second.second = std::max(it->second.second, at_ns);
  }

  const RecordedQuestion& question_;
  Duration interval_;
  std::map<Key, MemoryRecommender> models_;
  std::map<std::pair<std::string, MemoryKind>, std::uint64_t> ids_;
  std::map<std::string, std::map<std::string, std::pair<std::int64_t, std::int64_t>>>
      devices_;  ///< pods, first and last
  std::set<std::string> others_;
  std::uint64_t without_pod_ = 0, taken_ = 0;
  std::size_t shared_pods_ = 0;
  std::int64_t first_ns_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns_ = std::numeric_limits<std::int64_t>::min();
};

/// Reads the file from its beginning to its end.
void read_file(const TraceSpec& file, const std::function<void(const GaugeSample&)>& take) {
  TextBuffer text(file.file);
  const FormatRow& format = recognise_format(text, file.format, file.time_column);
  if (format.syntax != Syntax::prometheus_json && format.syntax != Syntax::exposition)
    throw InputError({file.file, fmt::format("is of format {}, whose rows name no pods", format.name),
                      "give an answer of Prometheus' query_range, or exposition text"});
  (void)read_gauges(std::move(text), format, file, take);
}

/// As many peaks as the recommender keeps, at most a day each.
Duration interval_for(std::int64_t span_ns) {
  return std::clamp<Duration>(Duration{span_ns / 8}, std::chrono::seconds(1), std::chrono::hours(24));
}

}  // namespace

Result<RecordedMemory> read_recorded_memory(const RecordedQuestion& question) {
  if (Problems problems = check_trace_spec(question.file); !problems.empty()) return problems;
  try {
    Duration interval = question.interval.value_or(std::chrono::hours(24));
    if (!question.interval) {
      MemoryReading first(question, interval);
      read_file(question.file, [&](const GaugeSample& sample) { first.take(sample); });
      interval = interval_for(first.span_ns());
    }
    MemoryReading reading(question, interval);
    read_file(question.file, [&](const GaugeSample& sample) { reading.take(sample); });
    if (reading.is_empty()) return reading.nothing_found();
    reading.count_sharers();
    return reading.result();
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
