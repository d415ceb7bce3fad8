// Transforms: what is done to a stream of arrivals, recorded or synthetic, before it reaches the queue.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "sim/workload/registry.hpp"

namespace windtunnel {

/// Opens the source that a transform works on, from its start. The suffix is added to the names of its random streams,
/// so that a second pass over a synthetic or scaled source is not the first one again.
using SourceOpener = std::function<std::unique_ptr<ArrivalSource>(const std::string& suffix)>;

/// What a transform is made from.
struct TransformContext {
  const TransformSpec& spec;
  const SourceOpener& inner;
  std::string suffix;                 ///< to open `inner` with
  std::vector<SourceOpener> sources;  ///< of superpose and splice
  Rng rng;                            ///< stream "transform/<name>/<n>", n its place in the list
};
using TransformFactory = std::unique_ptr<ArrivalSource> (*)(TransformContext);
using TransformEntry = RegistryEntry<TransformFactory>;
std::span<const TransformEntry> transform_registry();  // transform_registry.cpp

/// What is wrong with an entry's transforms, as "what; way out": one that needs an end of traffic that has none, or
/// further sources beside a map. Empty when fine.
std::string check_transforms(const WorkloadSpec& spec);
/// True if the traffic ends by itself: a trace, a `queries` limit, or a transform that cuts it.
bool traffic_ends(const WorkloadSpec& spec);

/// True if the entry or a source in its transforms is a recorded trace.
bool reads_trace(const WorkloadSpec& spec);

/// `base` with the entry's transforms, in order, and then its `queries` limit.
std::unique_ptr<ArrivalSource> with_transforms(const WorkloadSpec& spec, const RngStreams& streams, SourceOpener base,
                                               int target_count);

/// A source read one arrival at a time.
class OneByOne {
 public:
  explicit OneByOne(std::unique_ptr<ArrivalSource> source) : source_(std::move(source)) {}
  bool next(Arrival& out) {
    if (at_ == count_) {
      count_ = source_->next(block_);
      at_ = 0;
      if (count_ == 0) return false;
    }
    out = block_[at_++];
    return true;
  }
  [[nodiscard]] SourceCounts counts() const { return source_->counts(); }

 private:
  std::unique_ptr<ArrivalSource> source_;
  std::array<Arrival, 128> block_{};
  std::size_t at_ = 0, count_ = 0;
};

/// A source that makes one arrival at a time.
class OneAtATime : public ArrivalSource {
 public:
  std::size_t next(std::span<Arrival> out) final {
    std::size_t filled = 0;
    while (filled < out.size() && !ended_) {
      if (make(out[filled]))
        ++filled;
      else
        ended_ = true;
    }
    return filled;
  }

 protected:
  /// The next arrival; false at the end, and not called again then.
  virtual bool make(Arrival& out) = 0;

 private:
  bool ended_ = false;
};

}  // namespace windtunnel
