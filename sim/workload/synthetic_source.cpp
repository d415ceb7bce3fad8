#include "sim/workload/synthetic_source.hpp"

#include <algorithm>
#include <limits>

#include "sim/core/error.hpp"
#include "sim/workload/batched_process.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kLatestNs = static_cast<std::int64_t>(kMaxSeconds) * 1'000'000'000;

const ArrivalSpec& arrival_spec(const WorkloadSpec& spec) {
  return std::get<ArrivalSpec>(spec.source);
}

std::unique_ptr<GapProcess> make_process(const ArrivalSpec& spec) {
  const ProcessEntry* entry = find_entry(process_registry(), spec.process);
  SIM_CHECK(entry != nullptr, "no process is called \"" + spec.process + "\"");
  const std::string wrong = check_process(spec.process, spec.params);
  SIM_CHECK(wrong.empty(), "a process's parameters were not checked: " + wrong);
  auto process = entry->make(spec.params);
  if (!spec.batch) return process;
  const auto mean = mean_batch(*spec.batch);
  SIM_CHECK(mean && !process->has_batches(), "a batch was not checked");
  return std::make_unique<BatchedProcess>(std::move(process), *spec.batch, *mean);
}

}  // namespace

SyntheticSource::SyntheticSource(const WorkloadSpec& spec, const RngStreams& streams, int target_count)
    : process_(make_process(arrival_spec(spec))),
      draws_(streams, spec.name, spec.size, target_count),
      arrivals_(streams.stream("arrivals/" + spec.name)),
      thinning_(streams.stream("thinning/" + spec.name)),
      limit_(spec.queries.value_or(std::numeric_limits<std::uint64_t>::max())),
      has_batches_(process_->has_batches()) {
  if (arrival_spec(spec).curve) {
    curve_.emplace(*arrival_spec(spec).curve);
    if (!process_->multiply_rate(curve_->max())) gap_scale_ = 1 / curve_->max();
  }
}

std::size_t SyntheticSource::next(std::span<Arrival> out) {
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), limit_ - made_)));
  const std::size_t filled = ended_ ? 0 : has_batches_ ? fill_batches(out) : fill_single(out);
  made_ += filled;
  draws_(out.first(filled));
  return filled;
}

bool SyntheticSource::step(double gap_s) {
  if (gap_s < kMaxSeconds) now_ns_ += to_duration(gap_s).count();
  ended_ = !(gap_s < kMaxSeconds) || now_ns_ > kLatestNs;
  return !ended_;
}

std::size_t SyntheticSource::fill_single(std::span<Arrival> out) {
  std::size_t filled = 0;
  if (curve_) {
    while (filled < out.size() && step(next_gap_s()))
      if (keep()) out[filled++] = {.at = SimTime{Duration{now_ns_}}};
  } else {
    while (filled < out.size() && step(next_gap_s())) out[filled++] = {.at = SimTime{Duration{now_ns_}}};
  }
  return filled;
}

std::size_t SyntheticSource::fill_batches(std::span<Arrival> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    while (pending_ == 0) {
      if (!step(process_->next_gap_s(arrivals_) * gap_scale_)) return filled;
      const int batch = process_->next_batch(arrivals_);
      if (!curve_ || keep()) pending_ = batch;
    }
    out[filled++] = {.at = SimTime{Duration{now_ns_}}};
    --pending_;
  }
  return filled;
}

}  // namespace windtunnel
