// What nodes call a GPU, and what the catalogue calls it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace windtunnel::kubernetes {

/// The catalogue's name of a GPU for the value of a node label (nvidia.com/gpu.product of the GPU feature discovery, a
/// cloud's own) or for its own name; empty for one that is not in it. The endings -SHARED and -MIG-... are cut.
std::string_view gpu_of_product(std::string_view product);

/// The value of nvidia.com/gpu.product for a GPU of the catalogue; empty where none is known.
std::string_view product_of_gpu(std::string_view gpu);

/// Every label value known.
std::vector<std::string_view> known_products();

}  // namespace windtunnel::kubernetes
