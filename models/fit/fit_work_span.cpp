#include "models/fit/fit_work_span.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <Eigen/Dense>

#include "models/fit/nelder_mead.hpp"
#include "sim/core/stable_order.hpp"

namespace windtunnel {
namespace {

// min |X c - y| relative to y, with no coefficient below 0: the largest set of columns that stays positive.
Eigen::VectorXd relative_fit(const Eigen::MatrixXd& columns, const Eigen::VectorXd& y) {
  const auto n = static_cast<unsigned>(columns.cols());
  const Eigen::MatrixXd x = columns.array().colwise() / y.array();
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(y.size());
  Eigen::VectorXd best = Eigen::VectorXd::Zero(n);
  double least = std::numeric_limits<double>::infinity();
  for (unsigned set = 1; set < (1U << n); ++set) {
    std::vector<int> kept;
    for (unsigned c = 0; c < n; ++c)
      if ((set >> c & 1U) != 0) kept.push_back(static_cast<int>(c));
    Eigen::MatrixXd part(x.rows(), static_cast<Eigen::Index>(kept.size()));
    for (std::size_t c = 0; c < kept.size(); ++c) part.col(static_cast<Eigen::Index>(c)) = x.col(kept[c]);
    const Eigen::VectorXd c = part.colPivHouseholderQr().solve(one);
    const double error = (part * c - one).squaredNorm();
    if (c.minCoeff() < 0 || !(error < least)) continue;
    least = error;
    best.setZero();
    for (std::size_t k = 0; k < kept.size(); ++k) best[kept[k]] = c[static_cast<Eigen::Index>(k)];
  }
  return best;
}

Eigen::VectorXd line_through(std::span<const Measurement> rows,
                             const std::function<double(const Measurement&)>& value) {
  Eigen::MatrixXd x(rows.size(), 2);
  Eigen::VectorXd y(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto r = static_cast<Eigen::Index>(i);
    x(r, 0) = 1;
    x(r, 1) = rows[i].items;
    y[r] = value(rows[i]);
  }
  return relative_fit(x, y);
}

double log_error(const WorkSpan& law, std::span<const Measurement> rows) {
  double sum = 0;
  for (const auto& row : rows) {
    const double time = law.time_s(row.items, row.share);
    if (!(time > 0)) return 1e30;
    const double e = std::log(time / row.time_s);
    sum += e * e;
  }
  return sum;
}

// The sum (p = 1) is linear in a, f and w: where the search starts.
WorkSpan linear_start(std::span<const Measurement> rows, bool one_share) {
  Eigen::MatrixXd x(rows.size(), 3);
  Eigen::VectorXd y(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto r = static_cast<Eigen::Index>(i);
    x(r, 0) = 1;
    x(r, 1) = one_share ? 0 : rows[i].items;
    x(r, 2) = rows[i].items / rows[i].share;
    y[r] = rows[i].time_s;
  }
  Eigen::VectorXd c = Eigen::VectorXd::Zero(3);
  if (one_share) {
    Eigen::MatrixXd two(rows.size(), 2);
    two.col(0) = x.col(0);
    two.col(1) = x.col(2);
    const Eigen::VectorXd part = relative_fit(two, y);
    c << part[0], 0, part[1];
  } else {
    c = relative_fit(x, y);
  }
  return {.a_s = c[0], .f_s = c[1], .w_s = c[2], .p = 1};
}

// Coordinates of the search: roots of a, f and w over their largest sensible values, so that 0 is easily reached, and
// the logarithm of p.
struct Scale {
  double a, f, w;
  bool no_span_per_item;
  [[nodiscard]] WorkSpan law(std::span<const double> x) const {
    return {.a_s = a * x[0] * x[0],
            .f_s = no_span_per_item ? 0 : f * x[1] * x[1],
            .w_s = w * x[2] * x[2],
            .p = std::exp(x[3])};
  }
  [[nodiscard]] std::vector<double> point(const WorkSpan& l) const {
    return {std::sqrt(l.a_s / a), std::sqrt(l.f_s / f), std::sqrt(l.w_s / w), std::log(l.p)};
  }
};

Scale scale_of(std::span<const Measurement> rows, bool one_share) {
  Scale s{0, 0, 0, one_share};
  for (const auto& row : rows) {
    s.a = std::max(s.a, row.time_s);
    s.f = std::max(s.f, row.time_s / row.items);
    s.w = std::max(s.w, row.time_s * row.share / row.items);
  }
  return s;
}

void judge(WorkSpanFit& fit, std::span<const Measurement> rows) {
  fit.rows = rows.size();
  fit.least_items = fit.most_items = rows.front().items;
  fit.least_share = fit.most_share = rows.front().share;
  for (const auto& row : rows) {
    const double error = fit.law.time_s(row.items, row.share) / row.time_s - 1;
    fit.mape += std::abs(error) / static_cast<double>(rows.size());
    fit.bias += error / static_cast<double>(rows.size());
    fit.worst = std::max(fit.worst, std::abs(error));
    fit.least_items = std::min(fit.least_items, row.items);
    fit.most_items = std::max(fit.most_items, row.items);
    fit.least_share = std::min(fit.least_share, row.share);
    fit.most_share = std::max(fit.most_share, row.share);
  }
}

}  // namespace

Result<WorkSpanFit> fit_work_span(std::span<const Measurement> rows) {
  std::set<std::pair<double, double>> settings;
  std::set<double> shares;
  for (const auto& row : rows) {
    settings.emplace(row.items, row.share);
    shares.insert(row.share);
  }
  if (settings.size() < 3)
    return Error{rows.empty() ? std::string() : rows.front().group,
                 "has " + std::to_string(settings.size()) + " different settings; the law has four figures",
                 "measure at least three batches, best on the smallest and the largest share"};
  const bool one_share = shares.size() == 1;
  const WorkSpan start = linear_start(rows, one_share);
  const Scale scale = scale_of(rows, one_share);
  const Box box{{0, 0, 0, 0}, {1, 1, 1.5, std::log(15.0)}};
  Minimum best{scale.point(start), std::numeric_limits<double>::infinity()};
  const auto error = [&](std::span<const double> x) { return log_error(scale.law(x), rows); };
  for (const double p : {1.0, 1.6, 2.5, 4.0, 8.0}) {
    WorkSpan from = start;
    from.p = p;
    const Minimum found = nelder_mead(error, scale.point(from), box);
    if (found.value < best.value) best = found;
  }
  WorkSpanFit fit{.law = scale.law(best.at)};
  // What the search left beside a wall is on it.
  for (auto [part, whole] : {std::pair{&fit.law.a_s, scale.a}, {&fit.law.f_s, scale.f}, {&fit.law.w_s, scale.w}})
    if (*part < 1e-9 * whole) *part = 0;
  judge(fit, rows);
  return fit;
}

LineFit fit_line(std::span<const Measurement> rows) {
  const Eigen::VectorXd c = line_through(rows, [](const Measurement& m) { return m.time_s; });
  LineFit fit{c[0], c[1], 0};
  for (const auto& row : rows)
    fit.mape += std::abs((c[0] + c[1] * row.items) / row.time_s - 1) / static_cast<double>(rows.size());
  return fit;
}

MemoryFit fit_memory(std::span<const Measurement> rows) {
  std::vector<Measurement> with_peak;
  for (const auto& row : rows)
    if (row.memory_bytes && *row.memory_bytes > 0 && !row.out_of_memory) with_peak.push_back(row);
  stable_order(with_peak.begin(), with_peak.end(), [](const auto& x, const auto& y) { return x.items < y.items; });
  const auto falls = std::adjacent_find(with_peak.begin(), with_peak.end(),
                                        [](const auto& x, const auto& y) { return *y.memory_bytes < *x.memory_bytes; });
  if (falls != with_peak.end()) with_peak.erase(falls + 1, with_peak.end());
  MemoryFit fit;
  fit.rows = with_peak.size();
  if (with_peak.empty()) return fit;
  const Eigen::VectorXd c = line_through(with_peak, [](const Measurement& m) { return *m.memory_bytes; });
  fit.most_items = with_peak.back().items;
  fit.weights_bytes = c[0];
  fit.per_item_bytes = c[1];
  for (const auto& row : with_peak)
    fit.mape += std::abs((c[0] + c[1] * row.items) / *row.memory_bytes - 1) / static_cast<double>(with_peak.size());
  return fit;
}

}  // namespace windtunnel
