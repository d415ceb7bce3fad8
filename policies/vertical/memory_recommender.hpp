// From the memory that processes were seen to use, and those killed for it, to what a process should be given.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "policies/vertical/decaying_histogram.hpp"

namespace windtunnel {

/// vpa: percentiles of decayed peaks. peak: the largest of the last intervals, as a hard limit on a GPU wants it.
enum class MemoryRule { vpa, peak };

/// Defaults are the vertical autoscaler's for main memory.
struct RecommenderSpec {
  MemoryRule rule = MemoryRule::vpa;
  double percentile = 0.9;  ///< of the target; the bounds are P50 and P95
  double margin = 0.15;
  Duration half_life = std::chrono::hours(24);
  Duration interval = std::chrono::hours(24);    ///< of which each container's peak is one sample
  int intervals = 8;                             ///< peak: so many count
  Duration confidence = std::chrono::hours(24);  ///< observed for so long, the bounds are within a factor of 2
  Bytes oom_bump{100 * kMiB};                    ///< at least added to what a killed container had
  double oom_ratio = 1.2;                        ///< or it is multiplied by this
  Bytes least{250 * kMiB};
  std::optional<Bytes> most{};
};

/// Above `upper` or below `lower` a container is restarted with the target.
struct MemoryRecommendation {
  Bytes target{}, lower{}, upper{};
  friend bool operator==(const MemoryRecommendation&, const MemoryRecommendation&) = default;
};

/// One resource of one model; its containers share the histogram. Times of one container must not run back.
class MemoryRecommender {
 public:
  explicit MemoryRecommender(const RecommenderSpec& spec);

  /// The container was seen to use so much.
  void saw(std::uint64_t container, Bytes used, SimTime at);
  /// It was killed for going over its limit. What it would have needed is not known: the larger of its limit and its
  /// recent peak is raised. @return the sample that stands for it
  Bytes saw_oom(std::uint64_t container, std::optional<Bytes> limit, SimTime at);
  /// The container is gone for good; its last peak stays.
  void forget(std::uint64_t container);

  /// Nothing before the first sample.
  [[nodiscard]] std::optional<MemoryRecommendation> recommend(SimTime now) const;

  /// What another rule and percentile would give of the same samples; 0 bytes before the first.
  [[nodiscard]] Bytes target_by(MemoryRule rule, double percentile, SimTime now) const;

  /// Every container's peak of every interval, those of this moment included; an OOM's stand-in where it is larger.
  [[nodiscard]] std::vector<Bytes> peaks() const;
  [[nodiscard]] std::uint64_t samples() const { return samples_; }
  [[nodiscard]] std::uint64_t ooms() const { return ooms_; }
  /// Largest that was really seen, OOM stand-ins left out.
  [[nodiscard]] Bytes largest_seen() const { return largest_seen_; }
  [[nodiscard]] const RecommenderSpec& spec() const { return spec_; }

 private:
  struct Window {
    SimTime end{};  ///< of the container's present interval
    Bytes peak{}, oom_peak{};
    [[nodiscard]] Bytes larger() const { return peak > oom_peak ? peak : oom_peak; }
  };
  void add(std::uint64_t container, Bytes amount, SimTime at, bool oom);
  void close(const Window& window);
  [[nodiscard]] Bytes base(MemoryRule rule, double percentile, SimTime now) const;
  [[nodiscard]] Bytes bounded(double bytes) const;

  RecommenderSpec spec_;
  DecayingHistogram histogram_;
  std::map<std::uint64_t, Window> windows_;
  std::map<std::int64_t, Bytes> largest_by_interval_;  ///< peak: by the interval's number since time 0
  std::vector<Bytes> closed_;                          ///< peaks of intervals that are over
  std::uint64_t samples_ = 0, ooms_ = 0;
  Bytes largest_seen_{};
  SimTime first_{}, last_{};
};

/// Samples a minute: so many a day make a recommendation that was observed for a day fully sure of itself [S].
inline constexpr Duration kRecommenderPeriod = std::chrono::minutes(1);

}  // namespace windtunnel
