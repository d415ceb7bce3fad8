#include "models/sharing/mig.hpp"

#include <algorithm>

#include "models/sharing/exclusive.hpp"
#include "models/sharing/mps.hpp"

namespace windtunnel {
namespace {

std::unique_ptr<SharingMode> mode_inside(const SharingSpec& spec) {
  if (spec.replicas > 1) return std::make_unique<MpsMode>(spec);
  return std::make_unique<ExclusiveMode>(spec);
}

}  // namespace

std::vector<Param> MigMode::params() {
  std::vector<Param> params{
      {.name = "layout",
       .type = ParamType::block,
       .doc = "list of profiles, the instances of each card: [3g.20gb, 2g.10gb, 1g.5gb] (list mig-profiles)",
       .optional = true,
       .source = "[S] placed by the profiles' lists of starts; nothing is assumed where it is missing"},
      {.name = "relayouts",
       .type = ParamType::block,
       .doc = "list of changes during the run, each {at, layout}: the pool's nodes are cut anew one after the other, "
              "each once its pods have left",
       .optional = true,
       .source = "[S] instances are destroyed and created with no process in them; node by node [A]"},
      {.name = "relayout_least",
       .type = ParamType::duration,
       .doc = "least time to destroy and create a node's instances once no process is in them; the cold start of its "
              "replicas comes on top",
       .fallback = "3s",
       .max = 86400,
       .source =
           "[A] U(3 s, 10 s): of the order of seconds [S/R]; a first enabling of MIG with its reset is not in it"},
      {.name = "relayout_most",
       .type = ParamType::duration,
       .doc = "most of it; the time is drawn evenly between the two for each node and change",
       .fallback = "10s",
       .max = 86400,
       .source = "[A] as relayout_least"},
      {.name = "relayout_plugin",
       .type = ParamType::duration,
       .doc = "after it, until the device plugin has restarted and pods can have the new instances",
       .fallback = "10s",
       .max = 86400,
       .source =
           "[A] its pod is restarted after a change, as NVIDIA's MIG manager does [R]; a whole new node takes 30 to "
           "180 s, driver included [M, secondary]"},
      {.name = "relayout_on_pending",
       .type = ParamType::block,
       .doc =
           "a node is also cut anew when pods find no place: {layouts, after, keep}, layouts being a list of further "
           "layouts beside those above",
       .optional = true,
       .source = "[A] no part of Kubernetes does it; one node at a time, and no model loses a place by it"},
      {.name = "replicas_per_instance",
       .type = ParamType::integer,
       .doc = "replicas that share one instance, by MPS inside it when more than one",
       .fallback = "1",
       .min = 1,
       .max = 60,
       .source = "[A] one, as the device plugin hands instances out"}};
  for (auto& param : MpsMode::params())
    if (param.name != "compute_share") params.push_back(param);  // the layout says it
  return params;
}

MigMode::MigMode(const SharingSpec& spec) : compute_share_(spec.compute_share), inside_(mode_inside(spec)) {}

double slice_slowdown(double sm_activity, double compute_share) {
  return std::max(1.0, sm_activity / compute_share);
}

}  // namespace windtunnel
