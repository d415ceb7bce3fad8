// The one table of sharing modes, in the order `list` shows them.
#include <array>

#include "models/sharing/exclusive.hpp"
#include "models/sharing/hard_limit.hpp"
#include "models/sharing/mig.hpp"
#include "models/sharing/mps.hpp"
#include "models/sharing/sharing_mode.hpp"
#include "models/sharing/time_slicing.hpp"

namespace windtunnel {
namespace {

template <class Mode>
SharingEntry row() {
  return {.name = Mode::kName, .doc = Mode::kDoc, .params = Mode::params(), .make = [](const SharingSpec& spec) {
            return std::unique_ptr<SharingMode>(std::make_unique<Mode>(spec));
          }};
}

}  // namespace

std::span<const SharingEntry> sharing_registry() {
  static const std::array rows{row<ExclusiveMode>(), row<TimeSlicingMode>(), row<MpsMode>(), row<HardLimitMode>(),
                               row<MigMode>()};
  return rows;
}

}  // namespace windtunnel
