// Transforms of one source into one.
#include "sim/workload/transform_sources.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel {
namespace {

constexpr std::int64_t kLastInstantNs = static_cast<std::int64_t>(kMaxSeconds) * 1'000'000'000;

class ScaledSource final : public OneAtATime {
 public:
  ScaledSource(OneByOne inner, double factor, Rng rng) : inner_(std::move(inner)), keep_share_(factor), rng_(rng) {
    if (factor > 1) spreader_.emplace(factor, rng);
  }
  [[nodiscard]] SourceCounts counts() const override { return inner_.counts(); }

 private:
  bool make(Arrival& out) override {
    if (spreader_) return spreader_->next(out, [this](Arrival& row) { return inner_.next(row); });
    while (inner_.next(out))
      if (keep_share_ == 1 || rng_.uniform() < keep_share_) return true;
    return false;
  }

  OneByOne inner_;
  double keep_share_;
  Rng rng_;
  std::optional<Spreader> spreader_;
};

/// Moves each instant by a function that keeps the order; ends where the function says so.
template <class Move>
class MovedSource final : public OneAtATime {
 public:
  MovedSource(OneByOne inner, Move move) : inner_(std::move(inner)), move_(std::move(move)) {}
  [[nodiscard]] SourceCounts counts() const override { return inner_.counts(); }

 private:
  bool make(Arrival& out) override {
    if (!inner_.next(out)) return false;
    const std::optional<std::int64_t> at_ns = move_(out.at.time_since_epoch().count());
    if (!at_ns || *at_ns > kLastInstantNs) return false;
    out.at = SimTime{Duration{*at_ns}};
    return true;
  }

  OneByOne inner_;
  Move move_;
};

template <class Move>
std::unique_ptr<ArrivalSource> moved(const TransformContext& context, Move move) {
  return std::make_unique<MovedSource<Move>>(OneByOne(context.inner(context.suffix)), std::move(move));
}

class WindowedSource final : public OneAtATime {
 public:
  WindowedSource(OneByOne inner, SimTime from, SimTime to) : inner_(std::move(inner)), from_(from), to_(to) {}
  [[nodiscard]] SourceCounts counts() const override { return inner_.counts(); }

 private:
  bool make(Arrival& out) override {
    do
      if (!inner_.next(out) || out.at >= to_) return false;
    while (out.at < from_);
    out.at -= from_.time_since_epoch();
    return true;
  }

  OneByOne inner_;
  SimTime from_, to_;
};

}  // namespace

std::unique_ptr<ArrivalSource> make_scaled(TransformContext context) {
  return std::make_unique<ScaledSource>(OneByOne(context.inner(context.suffix)), context.spec.params.number("factor"),
                                        context.rng);
}

std::unique_ptr<ArrivalSource> make_warped(TransformContext context) {
  const double factor = context.spec.params.number("factor");
  return moved(context, [factor](std::int64_t at_ns) -> std::optional<std::int64_t> {
    const double moved_ns = static_cast<double>(at_ns) * factor;  // monotone, since each step is
    if (!(moved_ns < static_cast<double>(kLastInstantNs))) return std::nullopt;
    return static_cast<std::int64_t>(moved_ns);
  });
}

std::unique_ptr<ArrivalSource> make_windowed(TransformContext context) {
  const ParamSet& p = context.spec.params;
  const SimTime from{p.has("from") ? p.duration("from") : Duration{}};
  const SimTime to = p.has("to") ? SimTime{p.duration("to")} : kNever;
  return std::make_unique<WindowedSource>(OneByOne(context.inner(context.suffix)), from, to);
}

std::unique_ptr<ArrivalSource> make_shifted(TransformContext context) {
  const std::int64_t by_ns = context.spec.params.duration("by").count();
  return moved(context, [by_ns](std::int64_t at_ns) -> std::optional<std::int64_t> { return at_ns + by_ns; });
}

std::unique_ptr<ArrivalSource> make_gridded(TransformContext context) {
  const std::int64_t step_ns = context.spec.params.duration("step").count();
  return moved(context, [step_ns](std::int64_t at_ns) -> std::optional<std::int64_t> {
    return (at_ns + step_ns - 1) / step_ns * step_ns;
  });
}

}  // namespace windtunnel
