// result.h5: what happened, at full resolution, written while the run goes on.
#pragma once

#include <filesystem>
#include <memory>

#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// Follows one run and writes it as HDF5:
///
///   /                 schema, version, scenario, digest, seed
///   /series/time_s    when the sample was taken; every other dataset of /series has one value for each of its rows
///   /series/<name>    one sampled quantity
///   /histograms/<model>/<response_time|queueing_delay|service_time>/{lower_edge_s, count}    the measured window
///   /pipeline_histograms/<pipeline>/response_time/{lower_edge_s, count}
///   /decisions        at_s, model, loop, current, ready, proposed, desired, value, reason, inputs, limits, conditions:
///                     a dataset each, same length; long texts are cut, decisions.jsonl has them whole
///   /scale_ups        demanded_s, decided_s, served_s, model, from, to, and the parts of the time between: scrape_s,
///                     window_s, loop_s, limit_s, node_s, pull_s, load_s, probe_s
///   /kills            at_s, model, replica, node, gpu, cause, mechanism, exit_code, the ledger at that moment,
///                     culprit_model and culprit_replica ("" and -1: nobody's doing), blast_radius
///   /kill_ledger      kill (row of /kills), model, replica, context_bytes, weights_bytes, reserved_bytes: a row for
///                     each replica on the device just before, a token pool under reserved; attribute kills_dropped:
///                     how many, from one on, it has no rows for, because it has 200,000 already
///   /kill_history     kill, at_s, model, replica, part (context, weights, variant, work, pool, process; of main memory
///                     loading, serving), refused (1: asked for, not granted), change_bytes, own_bytes and total_bytes
///                     after it: the ledger's last changes before each kill, oldest first; the same limit and attribute
///
/// Every dataset has its unit as the attribute `unit` ("s", "bytes", "1"), texts apart.
/// Any number may be written at once, by any threads: see hdf5_lock(). Every call may throw IoError (a full disk).
class ResultFile final : public RunObserver {
 public:
  /// @param file  written at once and over what is there; a temporary name, see PendingFile
  ResultFile(const std::filesystem::path& file, const Scenario& scenario, std::uint64_t seed);
  ~ResultFile() override;

  void on_decision(const DecisionRecord& decision) override;
  void on_scale_up(const ScaleUpRecord& scale_up) override;
  void on_kill(const KillRecord& kill) override;
  [[nodiscard]] bool wants_holdings() const override { return true; }
  void on_holdings(const std::vector<DeviceHolding>& holdings) override;
  void on_history(const std::vector<LedgerChange>& history) override;
  [[nodiscard]] bool wants_samples() const override { return true; }
  void on_series(const std::vector<Series>& series) override;
  void on_sample(double at_s, const std::vector<double>& values) override;

  /// Adds the histograms, writes everything out and closes the file. Nothing may follow.
  void finish(const RunResult& result);

 private:
  struct File;
  /// Does it with the lock held; what goes wrong names the file.
  template <class Do>
  void write(const Do& act);

  std::filesystem::path path_;
  std::unique_ptr<File> file_;
};

}  // namespace windtunnel
