#include "sim/report/recorder.hpp"

namespace windtunnel {

void Recorder::on_series(const std::vector<Series>& series) {
  if (!keep_.samples) return;
  samples_.series = series;
  samples_.values.resize(series.size());
}

void Recorder::on_holdings(const std::vector<DeviceHolding>& holdings) {
  if (kill_ledger_.size() + holdings.size() > kMostHoldings) {
    ++kills_dropped_;
    return;
  }
  for (const DeviceHolding& holding : holdings)
    kill_ledger_.push_back({static_cast<std::uint32_t>(kills_.size() - 1), holding});
}

void Recorder::on_history(const std::vector<LedgerChange>& history) {
  if (kill_history_.size() + history.size() > kMostHoldings) return;
  for (const LedgerChange& change : history)
    kill_history_.push_back({static_cast<std::uint32_t>(kills_.size() - 1), change});
}

void Recorder::on_sample(double at_s, const std::vector<double>& values) {
  samples_.at_s.push_back(at_s);
  for (std::size_t i = 0; i < values.size(); ++i) samples_.values[i].push_back(values[i]);
}

void Recorder::on_query(const QueryRecord& query) {
  queries_.serial.push_back(static_cast<std::int64_t>(query.serial));
  queries_.model.push_back(id_of(query.model));
  queries_.pipeline.push_back(id_of(query.pipeline));
  queries_.arrived_s.push_back(to_seconds(query.arrived));
  queries_.ended_s.push_back(to_seconds(query.ended));
  queries_.queueing_delay_s.push_back(to_seconds(query.queueing_delay));
  queries_.service_time_s.push_back(to_seconds(query.service_time));
  queries_.completed.push_back(query.completed ? 1 : 0);
}

}  // namespace windtunnel
