#include "sim/simulation/shared_bandwidth.hpp"

#include <algorithm>

#include "models/sharing/water_filling.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {

void SharedBandwidth::start(std::uint32_t id, double bytes, double cap_bytes_per_s, SimTime now) {
  SIM_CHECK(bytes > 0 && cap_bytes_per_s > 0 && !has(id), "a transfer of nothing, without a rate, or begun twice");
  const auto at = std::lower_bound(transfers_.begin(), transfers_.end(), id,
                                   [](const Transfer& t, std::uint32_t other) { return t.id < other; });
  transfers_.insert(at, {.id = id, .left = bytes, .cap = cap_bytes_per_s, .rate = 0, .since = now, .done = kNever});
  share(now);
}

void SharedBandwidth::stop(std::uint32_t id, SimTime now) {
  if (std::erase_if(transfers_, [id](const Transfer& t) { return t.id == id; }) > 0) share(now);
}

bool SharedBandwidth::has(std::uint32_t id) const {
  return std::any_of(transfers_.begin(), transfers_.end(), [id](const Transfer& t) { return t.id == id; });
}

std::optional<std::uint32_t> SharedBandwidth::take_done(SimTime now) {
  const auto done =
      std::find_if(transfers_.begin(), transfers_.end(), [now](const Transfer& t) { return t.done <= now; });
  if (done == transfers_.end()) return std::nullopt;
  const std::uint32_t id = done->id;
  transfers_.erase(done);
  share(now);
  return id;
}

SimTime SharedBandwidth::next() const {
  SimTime first = kNever;
  for (const Transfer& t : transfers_) first = std::min(first, t.done);
  return first;
}

void SharedBandwidth::share(SimTime now) {
  std::vector<double> parts(transfers_.size(), 1.0);
  if (total_ > 0) {
    std::vector<double> caps;
    for (const Transfer& t : transfers_) caps.push_back(t.cap / total_);
    water_fill(caps, parts);
  }
  for (std::size_t i = 0; i < transfers_.size(); ++i) {
    Transfer& t = transfers_[i];
    const double rate = total_ > 0 ? std::min(t.cap, parts[i] * total_) : t.cap;
    if (rate == t.rate || t.done <= now) continue;  // one that is done waits only to be taken off
    t.left = std::max(0.0, t.left - t.rate * to_seconds(now - t.since));
    t.since = now;
    t.rate = rate;
    t.done = now + to_duration(t.left / rate);
  }
}

}  // namespace windtunnel
