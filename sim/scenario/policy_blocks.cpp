#include "sim/scenario/policy_blocks.hpp"

#include <array>

#include "sim/scenario/read_hpa.hpp"
#include "sim/scenario/read_keda.hpp"
#include "sim/scenario/read_parts.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

const std::array kPolicyBlocks = {
    PolicyBlocks{"max", false, read_policies},
    PolicyBlocks{"min", false, read_policies},
    PolicyBlocks{"hysteresis", false, read_of},
    PolicyBlocks{"rate_limit", false, read_of},
    PolicyBlocks{"warm_pool", false, read_of},
    PolicyBlocks{.policy = "hpa", .own_limits = true, .read = read_hpa_blocks},
    PolicyBlocks{.policy = "keda", .own_limits = true, .read = read_keda_blocks},
    PolicyBlocks{.policy = "keda_job", .own_limits = true, .read = read_keda_job_blocks},
};

}  // namespace

const PolicyBlocks* policy_blocks(std::string_view policy) {
  for (const auto& row : kPolicyBlocks)
    if (row.policy == policy) return &row;
  return nullptr;
}

std::span<const Param> scaling_limits_of(std::string_view policy) {
  const auto all = tables::scaling_limits();
  if (policy == "fixed") return {};
  const PolicyBlocks* blocks = policy_blocks(policy);
  return blocks != nullptr && blocks->own_limits ? all.last(1) : all;  // initial stays ours
}

}  // namespace windtunnel
