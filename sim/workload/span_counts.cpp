#include "sim/workload/span_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/workload/process_rows.hpp"

namespace windtunnel {
namespace {

constexpr double kMostEmptySpans = 1e6;   // for each query: more would run for ever
constexpr double kMostSpanChanges = 1e6;  // of state in a span, which are held

double mean_of_counts(const std::vector<double>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(counts.size());
}

std::unique_ptr<GapProcess> make_span_counts(const ParamSet& p) {
  const double width_s = p.number("width");
  std::vector<double> expected = p.numbers("counts");
  const double factor = p.number("rate") * width_s / mean_of_counts(expected);
  for (double& count : expected) count *= factor;
  std::optional<SpanCountsProcess::Bursts> bursts;
  if (p.has("levels")) bursts.emplace(chain_of(p, p.numbers("levels").size()), p.numbers("levels"));
  return std::make_unique<SpanCountsProcess>(width_s, std::move(expected), std::move(bursts));
}

std::string check_span_bursts(const ParamSet& p) {
  if (!p.has("levels")) {
    for (const std::string_view name : {"sojourn", "transitions", "generator"})
      if (p.has(name)) return fmt::format("{} is given without levels; say how busy each state is", name);
    return {};
  }
  const auto& levels = p.numbers("levels");
  if (std::string wrong = check_chain(p, levels.size()); !wrong.empty()) return wrong;
  if (!(*std::max_element(levels.begin(), levels.end()) > 0))
    return "levels: all are 0, so nothing would arrive; at least one must be above 0";
  const MarkovChain chain = chain_of(p, levels.size());
  const double fastest = *std::max_element(chain.exit_rates_per_s.begin(), chain.exit_rates_per_s.end());
  if (fastest * p.number("width") <= kMostSpanChanges) return {};
  return fmt::format("a state changes {:.3g} times in a span, over a million; make the states last longer",
                     fastest * p.number("width"));
}

std::string check_span_counts(const ParamSet& p) {
  const auto& counts = p.numbers("counts");
  if (counts.empty()) return "counts: there is no span; give one count at least";
  if (!(mean_of_counts(counts) > 0)) return "counts: all are 0, so nothing would arrive; at least one must be above 0";
  if (!(p.number("rate") * p.number("width") * kMostEmptySpans >= 1))
    return "a query would come in fewer than one in a million spans; make width longer";
  return check_span_bursts(p);
}

}  // namespace

SpanCountsProcess::SpanCountsProcess(double width_s, std::vector<double> expected, std::optional<Bursts> bursts)
    : width_s_(width_s), expected_(std::move(expected)) {
  if (!bursts) return;
  walk_.emplace(std::move(bursts->chain));
  levels_ = std::move(bursts->levels);
}

bool SpanCountsProcess::multiply_rate(double factor) {
  for (double& count : expected_) count *= factor;
  return true;
}

bool SpanCountsProcess::count_batches(double mean) {
  mean_batch_ = mean;
  return true;
}

void SpanCountsProcess::walk_through(Rng& rng) {
  pieces_.clear();
  piece_ = 0;
  double at_s = 0, weight = 0;
  while (at_s < width_s_) {
    const double stay_s = std::min(walk_->left_s(), width_s_ - at_s);
    weight += stay_s * levels_[walk_->state()];
    at_s += stay_s;
    pieces_.push_back({at_s, weight});
    walk_->pass(stay_s);
    if (at_s < width_s_) walk_->change(rng);
  }
  if (!(weight > 0)) {  // silent throughout, yet queries come: evenly
    pieces_ = {{width_s_, 1}};
    weight = 1;
  }
  for (Piece& piece : pieces_) piece.until /= weight;
}

/// False when no span ahead of time's end brings a query.
bool SpanCountsProcess::open_span(Rng& rng) {
  if (!started_) {
    started_ = true;
    carry_ = rng.uniform();
    if (walk_) walk_->start(rng);
  }
  while (true) {
    begin_s_ = static_cast<double>(span_) * width_s_;
    if (!(begin_s_ < kMaxSeconds)) return false;
    carry_ += expected_[span_++ % expected_.size()] + std::min(left_, 0.0);
    left_ = std::max(std::floor(carry_), 0.0);
    carry_ -= left_;
    share_ = 0;
    if (walk_) walk_through(rng);
    if (left_ > 0) return true;
  }
}

double SpanCountsProcess::place(double share) {
  if (!walk_) return share * width_s_;
  while (piece_ + 1 < pieces_.size() && pieces_[piece_].until < share) ++piece_;
  const Piece from = piece_ == 0 ? Piece{0, 0} : pieces_[piece_ - 1];
  const double part = pieces_[piece_].until - from.until;
  const double within = part > 0 ? std::min((share - from.until) / part, 1.0) : 1;
  return from.until_s + within * (pieces_[piece_].until_s - from.until_s);
}

double SpanCountsProcess::next_gap_s(Rng& rng) {
  if (!(left_ > 0) && !open_span(rng)) return std::numeric_limits<double>::infinity();
  // The least of so many even draws from what remains of the span.
  const double instants = std::max(left_ / mean_batch_, 1.0);
  share_ = 1 - (1 - share_) * std::pow(rng.uniform(), 1 / instants);
  left_ -= 1;
  const double at_s = std::max(begin_s_ + place(share_), last_s_);
  const double gap = at_s - last_s_;
  last_s_ = at_s;
  return gap;
}

std::vector<ProcessRow> span_process_rows() {
  std::vector<Param> params = {rate_param("rate", "mean arrival rate over all spans, queries per second"),
                               {.name = "width", .type = ParamType::duration, .doc = "of a span", .min = 1e-6},
                               {.name = "counts",
                                .type = ParamType::numbers,
                                .doc = "queries in successive spans, relative to each other; after the last the first "
                                       "comes again",
                                .min = 0,
                                .max = 1e12}};
  for (Param& param : chain_params(true)) {
    if (param.name == "levels")
      param.doc = "bursts inside the spans: rates of the states of a chain, relative to each other; left out: none";
    params.push_back(std::move(param));
  }
  return {
      {{"span_counts", "given numbers of queries in successive spans of time; where in its span each arrives is chance",
        std::move(params), &make_span_counts},
       &check_span_counts}};
}

}  // namespace windtunnel
