// `windtunnel run --explain`: why each policy did what it did, and who held what at each kill, in lines of 80 columns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/run_result.hpp"

namespace windtunnel {

/// Follows one run. Evaluations of a model that say the same, one after the other, are one entry with a count.
class Explanation final : public RunObserver {
 public:
  /// @param models  names, by number
  /// @param only  one of them; none: all
  Explanation(std::vector<std::string> models, std::optional<std::string> only);

  void on_decision(const DecisionRecord& decision) override;
  void on_scale_up(const ScaleUpRecord& scale_up) override;
  void on_kill(const KillRecord& kill) override;
  [[nodiscard]] bool wants_holdings() const override { return true; }
  /// The ledger of the kill told last: a line for each replica on the device.
  void on_holdings(const std::vector<DeviceHolding>& holdings) override;
  /// How it came there, the last few changes of it.
  void on_history(const std::vector<LedgerChange>& history) override;
  /// Everything so far.
  [[nodiscard]] std::string text();

 private:
  struct Last {
    std::optional<DecisionRecord> decision;
    std::string conditions;  ///< as last shown
    std::uint64_t repeated = 0;
    SimTime until{};
  };
  [[nodiscard]] bool shows(std::uint32_t model) const;
  [[nodiscard]] std::string replica_name(std::uint32_t model, ReplicaId replica) const;
  void close(Last& last);
  /// Text beside a moment, or under one.
  void add(const std::string& label, const std::string& text);

  std::vector<std::string> models_;
  std::optional<std::string> only_;
  std::vector<Last> last_;
  KillRecord kill_;  ///< told last
  std::string text_;
};

}  // namespace windtunnel
