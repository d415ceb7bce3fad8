#include "models/sharing/hard_limit.hpp"

#include <algorithm>
#include <array>

#include "models/sharing/admission.hpp"
#include "models/sharing/mps.hpp"
#include "models/sharing/water_filling.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {

namespace {

constexpr std::size_t kMost = 1024;  // replicas one GPU may be advertised for

}  // namespace

std::vector<Param> HardLimitMode::params() {
  std::vector<Param> params{{.name = "memory_limit",
                             .type = ParamType::bytes,
                             .doc = "limit of one replica, its context counted. Left out: device memory / replicas",
                             .optional = true,
                             .min = 0,
                             .min_exclusive = true,
                             .source = "[A] as the device plugin divides memory"},
                            {.name = "overhead",
                             .type = ParamType::number,
                             .doc = "GPU work added by interception, as a share of it",
                             .fallback = "0.02",
                             .min = 0,
                             .max = 10,
                             .source = "[A] projects report 0-5 % for DNN work [R]"},
                            {.name = "compute_share",
                             .type = ParamType::share,
                             .doc = "duty-cycle cap: largest share of GPU time one replica gets, even alone",
                             .fallback = "1",
                             .source = "[A] no cap"},
                            {.name = "compute_error",
                             .type = ParamType::number,
                             .doc = "how far that cap's control loop is off for one process: uniform within +- this, "
                                    "drawn at each start",
                             .fallback = "0.1",
                             .min = 0,
                             .max = 0.9,
                             .source = "[A] launches are delayed from a feedback loop, period 0.1-1 s"},
                            {.name = "cap_form",
                             .type = ParamType::choice,
                             .doc = "fluid: the cap is one on the rate; window: a burst until a replica has used its "
                                    "share of a window, then a wait, for tails of short batches. Left out: fluid",
                             .optional = true,
                             .choices = {"fluid", "window"},
                             .source = "[A] fluid is right on average over the control loop's period"},
                            {.name = "cap_period",
                             .type = ParamType::duration,
                             .doc = "with cap_form: window, its length. Left out: 100ms",
                             .optional = true,
                             .min = 1e-4,
                             .max = 3600,
                             .source = "[A] control period 0.1-1 s"},
                            {.name = "over",
                             .type = ParamType::choice,
                             .doc = "what shares the GPU below the limits; under mps its own keys stand here too",
                             .fallback = "time_slicing",
                             .choices = {"time_slicing", "mps"},
                             .source = "[S] interception knows nothing of the mode below it"}};
  for (auto& param : SliceCosts::params()) params.push_back(param);
  for (auto& param : MpsMode::params())
    if (!param.name.starts_with("dmem_") &&  // limits of another kind than these
        std::none_of(params.begin(), params.end(), [&](const Param& own) { return own.name == param.name; }))
      params.push_back(param);
  return params;
}

HardLimitMode::HardLimitMode(const SharingSpec& spec)
    : costs_(spec.params),
      overhead_(spec.params.number("overhead")),
      compute_share_(spec.params.number("compute_share")),
      compute_error_(spec.params.number("compute_error")),
      windows_(spec.params.has("cap_form") && spec.params.text("cap_form") == "window"),
      period_(spec.params.has("cap_period") ? spec.params.duration("cap_period") : std::chrono::milliseconds(100)) {
  if (spec.params.text("over") == "mps") {
    SharingSpec below = spec;
    below.params.set("compute_share", 1.0, false);  // which is a part of the card there, and a cap on time here
    below_ = std::make_unique<MpsMode>(below);
  }
  if (spec.params.has("memory_limit")) memory_limit_ = spec.params.bytes("memory_limit");
}

double HardLimitMode::equal_rate(int k) const {
  const double share = std::min(cap_window() ? 1.0 : compute_share_, 1.0 / k);
  return k == 1 ? share : share * costs_.shared_efficiency;
}

void HardLimitMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  if (equal_shares()) {
    std::fill_n(out.begin(), busy.size(), busy.empty() ? 0.0 : equal_rate(static_cast<int>(busy.size())));
    return;
  }
  if (cap_window()) {
    if (below_ != nullptr) return below_->rates(busy, out);
    std::fill_n(out.begin(), busy.size(), busy.empty() ? 0.0 : equal_rate(static_cast<int>(busy.size())));
    return;
  }
  const auto cap = [&](const Sharer& sharer) { return std::min(1.0, compute_share_ * sharer.duty); };
  if (below_ != nullptr) {
    below_->rates(busy, out);
    for (std::size_t i = 0; i < busy.size(); ++i) out[i] = std::min(out[i], cap(busy[i]));
    return;
  }
  SIM_CHECK(busy.size() <= kMost, "more busy replicas than a GPU is ever advertised for");
  std::array<double, kMost> caps;  // NOLINT(cppcoreguidelines-pro-type-member-init): the first ones, just below
  for (std::size_t i = 0; i < busy.size(); ++i) caps[i] = cap(busy[i]);
  water_fill(std::span(caps).first(busy.size()), out);
  if (busy.size() > 1)
    for (std::size_t i = 0; i < busy.size(); ++i) out[i] *= costs_.shared_efficiency;
}

MemoryVerdict HardLimitMode::admit(const MemoryRequest& request) const {
  if (request.own_limit && request.own_used + request.asked > *request.own_limit) return MemoryVerdict::own_limit;
  return device_verdict(request);
}

std::optional<Bytes> HardLimitMode::default_limit(Bytes usable, int replicas) const {
  return memory_limit_ ? *memory_limit_ : equal_part(usable, replicas);
}

}  // namespace windtunnel
