// The one table of checkers. A new family: a file with its checkers, a line here.
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {

Registry all_checkers() {
  Registry registry;
  add_hpa_proposals(registry);
  add_hpa_limits(registry);
  add_hpa_controller(registry);
  add_keda(registry);
  add_kpa(registry);
  add_aws(registry);
  add_pods(registry);
  add_nodes(registry);
  return registry;
}

}  // namespace windtunnel::conformance
