// Many clients, each with its own rate and gaps, seen as one stream: ServeGen (Xiang et al. 2025, arXiv 2505.09999).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/workload/registry.hpp"

namespace windtunnel {

/// How one client sends during one window.
struct ClientWindow {
  enum class Gaps : std::uint8_t { exponential, gamma, weibull };
  double rate_per_s = 0;
  double shape = 1;  ///< of the gaps' law; their mean is 1 / rate_per_s
  Gaps gaps = Gaps::exponential;
};

/// Windows of equal length, those of each client in order; after the last the first comes again.
struct ClientWindows {
  double width_s = 600;
  std::vector<std::vector<ClientWindow>> clients;  ///< all of one length

  [[nodiscard]] double mean_rate_per_s() const;
};

/// Reads a folder of ServeGen's `chunk-<client>-trace.csv`: rows `start_s,rate,cv,pattern,p1,p2` without header,
/// pattern Gamma, Weibull or empty (Poisson at that rate), p1 the shape. Windows a client has no row for are silent.
/// @throws InputError with file and line
ClientWindows read_client_windows(const std::string& folder);

/// `count` clients with rates in proportion to rank^-skew, all with the same gaps, always.
ClientWindows zipf_clients(int count, double skew, double rate_per_s, ClientWindow::Gaps gaps, double shape);

/// The merged stream. A client's gaps are drawn with mean 1 and measured in its own integrated rate, so they run on
/// over the windows' edges; the law is that of the window they begin in. Draws: one gap for each client that ever
/// sends, in their order; then one for each query.
class ClientPopulation final : public GapProcess {
 public:
  explicit ClientPopulation(ClientWindows windows) : windows_(std::move(windows)) {}
  double next_gap_s(Rng& rng) override;
  bool multiply_rate(double factor) override;

 private:
  struct Due {
    double at_s;
    std::uint32_t client;
    bool operator>(const Due& other) const { return at_s != other.at_s ? at_s > other.at_s : client > other.client; }
  };
  void start(Rng& rng);
  [[nodiscard]] double advance(std::size_t client, double from_s, Rng& rng) const;

  ClientWindows windows_;
  double factor_ = 1;
  double now_s_ = 0;
  bool started_ = false;
  std::vector<double> per_round_;  // queries of each client in all its windows, before the factor
  std::vector<Due> due_;           // heap, earliest first
};

}  // namespace windtunnel
