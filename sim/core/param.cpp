#include "sim/core/param.hpp"

#include "sim/core/error.hpp"

namespace windtunnel {

const ParamSet::Value& ParamSet::at(std::string_view name) const {
  const auto it = values_.find(name);
  SIM_CHECK(it != values_.end(), "parameter \"" + std::string(name) + "\" was read but never declared");
  return it->second.value;
}

}  // namespace windtunnel
