// Transforms that join sources, or a source with itself.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sim/core/error.hpp"
#include "sim/workload/transform_sources.hpp"

namespace windtunnel {
namespace {

constexpr std::int64_t kLastJoinedNs = static_cast<std::int64_t>(kMaxSeconds) * 1'000'000'000;
constexpr std::size_t kMostHeld = 100'000'000;  // queries a bootstrap holds: 3.2 GB

/// Passes one after the other: of one source, or of several.
class ChainedSource : public OneAtATime {
 public:
  [[nodiscard]] SourceCounts counts() const override {
    SourceCounts sum = counts_;
    if (current_) add_counts(sum, current_->counts());
    return sum;
  }

 protected:
  /// The next pass; nullptr when there is none.
  virtual std::unique_ptr<ArrivalSource> open_next() = 0;
  /// When the pass after this one begins, relative to this one's start.
  [[nodiscard]] virtual Duration stride(const PassLength& pass) const { return pass.length(); }
  /// Where a pass is cut, relative to its start.
  [[nodiscard]] virtual Duration cut() const { return Duration{std::numeric_limits<std::int64_t>::max()}; }

 private:
  bool make(Arrival& out) override {
    while (current_ || open()) {
      if (current_->next(out) && out.at.time_since_epoch() < cut()) {
        pass_.add(out.at);
        out.at += base_;
        return out.at.time_since_epoch().count() <= kLastJoinedNs;
      }
      base_ += stride(pass_);
      pass_ = {};
      add_counts(counts_, current_->counts());
      current_.reset();
      if (base_.count() > kLastJoinedNs) return false;
    }
    return false;
  }
  bool open() {
    auto source = open_next();
    if (!source) return false;
    current_.emplace(std::move(source));
    return true;
  }

  std::optional<OneByOne> current_;
  PassLength pass_;
  Duration base_{};
  SourceCounts counts_;
};

class RepeatedSource final : public ChainedSource {
 public:
  explicit RepeatedSource(const TransformContext& context)
      : inner_(context.inner),
        suffix_(context.suffix),
        times_(context.spec.params.integer("times")),
        align_(context.spec.params.has("align") ? context.spec.params.duration("align") : Duration{}) {}

 private:
  std::unique_ptr<ArrivalSource> open_next() override {
    if (passes_ == times_) return nullptr;
    ++passes_;
    return inner_(passes_ == 1 ? suffix_ : fmt::format("{}/pass{}", suffix_, passes_));
  }
  [[nodiscard]] Duration stride(const PassLength& pass) const override {
    if (align_ == Duration{} || pass.empty()) return pass.length();
    return (pass.last() / align_ + 1) * align_;
  }

  SourceOpener inner_;
  std::string suffix_;
  int times_;
  int passes_ = 0;
  Duration align_;
};

class SplicedSource final : public ChainedSource {
 public:
  explicit SplicedSource(const TransformContext& context) : openers_{context.inner}, suffix_(context.suffix) {
    openers_.insert(openers_.end(), context.sources.begin(), context.sources.end());
    if (context.spec.params.has("at")) at_ = context.spec.params.duration("at");
  }

 private:
  std::unique_ptr<ArrivalSource> open_next() override {
    return opened_ == openers_.size() ? nullptr : openers_[opened_++](suffix_);
  }
  [[nodiscard]] Duration stride(const PassLength& pass) const override {
    return opened_ == 1 && at_ ? *at_ : pass.length();
  }
  [[nodiscard]] Duration cut() const override {
    return opened_ == 1 && at_ ? *at_ : Duration{std::numeric_limits<std::int64_t>::max()};
  }

  std::vector<SourceOpener> openers_;
  std::string suffix_;
  std::size_t opened_ = 0;
  std::optional<Duration> at_;
};

class SuperposedSource final : public OneAtATime {
 public:
  explicit SuperposedSource(const TransformContext& context) {
    add(context.inner(context.suffix));
    for (const SourceOpener& open : context.sources) add(open(context.suffix));
  }
  [[nodiscard]] SourceCounts counts() const override {
    SourceCounts sum;
    for (const Lane& lane : lanes_) add_counts(sum, lane.source.counts());
    return sum;
  }

 private:
  struct Lane {
    OneByOne source;
    Arrival ahead{};
    bool ended = false;
  };
  void add(std::unique_ptr<ArrivalSource> source) {
    lanes_.push_back({.source = OneByOne(std::move(source))});
    lanes_.back().ended = !lanes_.back().source.next(lanes_.back().ahead);
  }
  bool make(Arrival& out) override {
    Lane* first = nullptr;
    for (Lane& lane : lanes_)
      if (!lane.ended && (first == nullptr || lane.ahead.at < first->ahead.at)) first = &lane;
    if (first == nullptr) return false;
    out = first->ahead;
    first->ended = !first->source.next(first->ahead);
    return true;
  }

  std::vector<Lane> lanes_;
};

class BootstrappedSource final : public OneAtATime {
 public:
  explicit BootstrappedSource(const TransformContext& context)
      : rng_(context.rng), block_(context.spec.params.duration("block")) {
    const ParamSet& p = context.spec.params;
    if (p.has("align")) align_ = p.duration("align");
    OneByOne source(context.inner(context.suffix));
    PassLength pass;
    for (Arrival query; source.next(query);) {
      if (held_.size() == kMostHeld)
        throw InputError({"transforms: bootstrap", "the traffic before it holds over 100 million queries",
                          "put {transform: window, to: ...} or {transform: scale, factor: ...} before it"});
      held_.push_back(query);
      pass.add(query.at);
    }
    counts_ = source.counts();
    if (held_.empty()) return;
    span_ = std::max(pass.length(), Duration{1});
    length_ = p.has("length") ? p.duration("length") : span_;
    block_ = std::min(block_, span_);
  }
  [[nodiscard]] SourceCounts counts() const override { return counts_; }

 private:
  bool make(Arrival& out) override {
    while (true) {
      if (at_ < held_.size() && held_[at_].at < block_end_) {
        out = held_[at_++];
        out.at += shift_;
        return out.at.time_since_epoch() < length_;
      }
      if (held_.empty() || laid_ >= length_) return false;
      next_block();
    }
  }
  void next_block() {
    const Duration room = span_ - block_;  // a block begins in [0, room]
    Duration begin{};
    if (align_) {
      const Duration phase = laid_ % *align_;
      const std::int64_t choices = phase > room ? 0 : (room - phase) / *align_ + 1;
      begin = choices == 0 ? room
                           : phase + rng_.below(static_cast<std::uint32_t>(
                                         std::min<std::int64_t>(choices, std::numeric_limits<std::uint32_t>::max()))) *
                                         *align_;
    } else {
      begin = Duration{static_cast<std::int64_t>(rng_.uniform() * static_cast<double>(room.count()))};
    }
    const auto before = [](const Arrival& query, SimTime at) { return query.at < at; };
    at_ =
        static_cast<std::size_t>(std::lower_bound(held_.begin(), held_.end(), SimTime{begin}, before) - held_.begin());
    block_end_ = SimTime{begin + block_};
    shift_ = laid_ - begin;
    laid_ += block_;
  }

  Rng rng_;
  Duration block_;
  std::optional<Duration> align_;
  std::vector<Arrival> held_;
  SourceCounts counts_;
  Duration span_{}, length_{}, laid_{}, shift_{};
  SimTime block_end_{};
  std::size_t at_ = 0;
};

}  // namespace

void add_counts(SourceCounts& sum, const SourceCounts& more) {
  sum.rows += more.rows;
  for (const auto& [reason, rows] : more.dropped) {
    const auto same =
        std::find_if(sum.dropped.begin(), sum.dropped.end(), [&](const auto& row) { return row.first == reason; });
    if (same != sum.dropped.end())
      same->second += rows;
    else
      sum.dropped.emplace_back(reason, rows);
  }
}

std::unique_ptr<ArrivalSource> make_repeated(TransformContext context) {
  return std::make_unique<RepeatedSource>(context);
}
std::unique_ptr<ArrivalSource> make_superposed(TransformContext context) {
  return std::make_unique<SuperposedSource>(context);
}
std::unique_ptr<ArrivalSource> make_spliced(TransformContext context) {
  return std::make_unique<SplicedSource>(context);
}
std::unique_ptr<ArrivalSource> make_bootstrapped(TransformContext context) {
  return std::make_unique<BootstrappedSource>(context);
}

}  // namespace windtunnel
