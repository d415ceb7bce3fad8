#include "sim/report/version.hpp"

namespace windtunnel {

std::string_view version() {
  return WINDTUNNEL_VERSION;
}

}  // namespace windtunnel
