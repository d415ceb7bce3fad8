#include "bindings/kubernetes/gpu_product.hpp"

#include <array>

#include "sim/scenario/catalogue.hpp"

namespace windtunnel::kubernetes {
namespace {

struct Product {
  std::string_view label, gpu;
};

/// First NVML's product names with dashes, as GPU feature discovery writes them (the first of a GPU is what an export
/// writes), then GKE's accelerators, then Karpenter's on AWS.
constexpr std::array kProducts = std::to_array<Product>({
    {"Tesla-T4", "T4"},
    {"Tesla-V100-SXM2-16GB", "V100-16GB"},
    {"Tesla-V100-PCIE-16GB", "V100-16GB"},
    {"Tesla-P100-PCIE-16GB", "P100-16GB"},
    {"Tesla-P100-SXM2-16GB", "P100-16GB"},
    {"NVIDIA-GeForce-RTX-2080-Ti", "RTX2080Ti"},
    {"NVIDIA-A10", "A10"},
    {"NVIDIA-A10G", "A10G"},
    {"NVIDIA-L4", "L4"},
    {"NVIDIA-L40S", "L40S"},
    {"NVIDIA-RTX-A6000", "RTX-A6000"},
    {"NVIDIA-A30", "A30"},
    {"NVIDIA-A100-SXM4-40GB", "A100-40GB"},
    {"NVIDIA-A100-PCIE-40GB", "A100-40GB"},
    {"NVIDIA-A100-80GB-PCIe", "A100-80GB-PCIe"},
    {"NVIDIA-A100-SXM4-80GB", "A100-80GB-SXM"},
    {"NVIDIA-H100-PCIe", "H100-PCIe"},
    {"NVIDIA-H100-80GB-HBM3", "H100-SXM"},
    {"NVIDIA-H200", "H200-SXM"},
    {"nvidia-tesla-t4", "T4"},
    {"nvidia-tesla-v100", "V100-16GB"},
    {"nvidia-tesla-p100", "P100-16GB"},
    {"nvidia-l4", "L4"},
    {"nvidia-tesla-a100", "A100-40GB"},
    {"nvidia-a100-80gb", "A100-80GB-SXM"},
    {"nvidia-h100-80gb", "H100-SXM"},
    {"nvidia-h200-141gb", "H200-SXM"},
    {"t4", "T4"},
    {"v100", "V100-16GB"},
    {"a10g", "A10G"},
    {"l4", "L4"},
    {"l40s", "L40S"},
    {"a100", "A100-40GB"},
    {"h100", "H100-SXM"},
    {"h200", "H200-SXM"},
});

}  // namespace

std::string_view gpu_of_product(std::string_view product) {
  if (const auto mig = product.find("-MIG-"); mig != std::string_view::npos) product = product.substr(0, mig);
  constexpr std::string_view kShared = "-SHARED";
  if (product.ends_with(kShared)) product.remove_suffix(kShared.size());
  for (const auto& entry : catalogue().gpus)
    if (entry.name == product) return entry.name;
  for (const auto& row : kProducts)
    if (row.label == product) return row.gpu;
  return {};
}

std::string_view product_of_gpu(std::string_view gpu) {
  for (const auto& row : kProducts)
    if (row.gpu == gpu) return row.label;
  return {};
}

std::vector<std::string_view> known_products() {
  std::vector<std::string_view> out;
  for (const auto& row : kProducts) out.push_back(row.label);
  return out;
}

}  // namespace windtunnel::kubernetes
