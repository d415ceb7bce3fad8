// The keys of the catalogue's own files, but those of model profiles.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

std::span<const Param> gpu_type() {
  static const std::vector<Param> table = {
      {.name = "architecture", .type = ParamType::text, .doc = "NVIDIA's name of the generation"},
      {.name = "sms", .type = ParamType::integer, .doc = "streaming multiprocessors", .min = 1},
      {.name = "memory", .type = ParamType::bytes, .doc = "device memory as the driver reports it", .min = 1},
      {.name = "driver_reserve",
       .type = ParamType::bytes,
       .doc = "kept by the driver with no process on the device",
       .fallback = "500MiB",
       .source = "[S] 300-600 MiB"},
      {.name = "mps",
       .type = ParamType::boolean,
       .doc = "has mps as meant here: Volta and newer",
       .fallback = "true",
       .source = "[S]"},
      {.name = "bandwidth", .type = ParamType::bandwidth, .doc = "of the device memory", .optional = true},
      {.name = "l2", .type = ParamType::bytes, .doc = "second-level cache", .optional = true},
      {.name = "mig", .type = ParamType::text, .doc = "family of its MIG profiles", .optional = true},
      {.name = "price", .type = ParamType::price, .doc = "USD an hour for one GPU, on demand", .optional = true},
      {.name = "source", .type = ParamType::text, .doc = "where the figures come from"},
      {.name = "price_source",
       .type = ParamType::text,
       .doc = "where the price comes from, and when",
       .optional = true},
  };
  return table;
}

std::span<const Param> mig_family() {
  static const std::vector<Param> table = {
      {.name = "compute_slices", .type = ParamType::integer, .doc = "of the card", .min = 1, .max = 64},
      {.name = "memory_slices", .type = ParamType::integer, .doc = "of the card", .min = 1, .max = 64},
      {.name = "source", .type = ParamType::text, .doc = "where the figures come from"},
      {.name = "profiles", .type = ParamType::block, .doc = "by name"},
  };
  return table;
}

std::span<const Param> mig_profile() {
  static const std::vector<Param> table = {
      {.name = "compute_slices", .type = ParamType::integer, .doc = "that it takes", .min = 1, .max = 64},
      {.name = "memory_slices", .type = ParamType::integer, .doc = "that it takes", .min = 1, .max = 64},
      {.name = "memory", .type = ParamType::bytes, .doc = "usable, contexts included", .min = 1},
      {.name = "sms", .type = ParamType::integer, .doc = "streaming multiprocessors of an instance", .min = 1},
      {.name = "copy_engines", .type = ParamType::integer, .doc = "of an instance", .min = 0},
      {.name = "starts", .type = ParamType::numbers, .doc = "memory slices it may begin at", .min = 0, .max = 63},
  };
  return table;
}

std::span<const Param> price() {
  static const std::vector<Param> table = {
      {.name = "gpu", .type = ParamType::text, .doc = "GPU type (list gpus)"},
      {.name = "provider", .type = ParamType::text, .doc = "who sells it"},
      {.name = "instance", .type = ParamType::text, .doc = "the provider's name of the machine"},
      {.name = "gpus", .type = ParamType::integer, .doc = "in it", .min = 1},
      {.name = "price", .type = ParamType::price, .doc = "USD an hour of the instance, its GPUs together"},
      {.name = "tier", .type = ParamType::text, .doc = "on demand, spot, ..."},
      {.name = "region", .type = ParamType::text, .doc = "where", .optional = true},
      {.name = "as_of", .type = ParamType::text, .doc = "when it was read"},
      {.name = "tag", .type = ParamType::text, .doc = "[M] read at that date, [R] recalled"},
  };
  return table;
}

}  // namespace windtunnel::tables
