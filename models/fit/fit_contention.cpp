#include "models/fit/fit_contention.hpp"

#include <cmath>

#include <Eigen/Dense>

namespace windtunnel {
namespace {

constexpr Eigen::Index kFigures = 4;  // of a model: slowdown, launch, pressure, exposure

std::map<std::string, Eigen::Index> columns_of(std::span<const PairMeasurement> rows) {
  std::map<std::string, Eigen::Index> out;
  for (const auto& row : rows)
    for (const auto& side : row.sides) out.emplace(side.model, 0);
  Eigen::Index next = 0;
  for (auto& [name, column] : out) {
    column = next;
    next += kFigures;
  }
  return out;
}

}  // namespace

ContentionFit fit_contention(std::span<const PairMeasurement> rows) {
  const auto columns = columns_of(rows);
  const auto n = static_cast<Eigen::Index>(rows.size() * 2);
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(n, static_cast<Eigen::Index>(columns.size()) * kFigures);
  Eigen::VectorXd y(n), ratio(n);
  Eigen::Index r = 0;
  for (const auto& row : rows) {
    for (const std::size_t i : {0U, 1U}) {
      const auto& me = row.sides[i];
      const auto& other = row.sides[1 - i];
      ratio[r] = me.company_s / me.solo_s;
      y[r] = ratio[r] - 1;
      x(r, columns.at(me.model)) = 1;
      x(r, columns.at(me.model) + 1) = 1 / me.solo_s;
      x(r, columns.at(other.model) + 2) += other.items / other.solo_s;
      x(r, columns.at(me.model) + 3) += me.items / me.solo_s;
      ++r;
    }
  }
  const Eigen::MatrixXd weighted = x.array().colwise() / ratio.array();
  // Columns of very different size, and of pairs that leave some of them open: the smallest solution of those.
  const Eigen::RowVectorXd size = weighted.colwise().norm().array().max(1e-300);
  const Eigen::MatrixXd scaled = weighted.array().rowwise() / size.array();
  const Eigen::VectorXd c =
      (scaled.completeOrthogonalDecomposition().solve((y.array() / ratio.array()).matrix()).array() /
       size.transpose().array());
  ContentionFit fit;
  fit.rows = rows.size();
  for (const auto& [name, at] : columns) fit.models[name] = {c[at], c[at + 1], c[at + 2], c[at + 3]};
  // min over k of sum (k / ratio - 1)^2
  fit.constant = ratio.cwiseInverse().sum() / ratio.cwiseInverse().squaredNorm();
  for (const auto& row : rows) {
    for (const std::size_t i : {0U, 1U}) {
      const double measured = row.sides[i].company_s / row.sides[i].solo_s;
      fit.mape += std::abs(predicted_factor(fit, row, i) / measured - 1) / static_cast<double>(n);
      fit.constant_mape += std::abs(fit.constant / measured - 1) / static_cast<double>(n);
    }
  }
  return fit;
}

double predicted_factor(const ContentionFit& fit, const PairMeasurement& pair, std::size_t i) {
  const auto& me = pair.sides[i];
  const auto& other = pair.sides[1 - i];
  return contention_factor(fit.models.at(me.model),
                           {.items = me.items,
                            .time_s = me.solo_s,
                            .partners = 1,
                            .pressure = fit.models.at(other.model).pressure_s * other.items / other.solo_s});
}

}  // namespace windtunnel
