// The keys of a model's `cold_start` and `restart_backoff`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

// Tags in sources: [M] measured, [S] stated by the maker, [R] recalled from the literature, [A] assumed.

std::span<const Param> cold_start() {
  static const std::vector<Param> table = {
      {.name = "image", .type = ParamType::bytes, .doc = "compressed image, pulled once a node", .fallback = "0"},
      {.name = "pull",
       .type = ParamType::bandwidth,
       .doc = "bandwidth of the pull",
       .fallback = "200MB/s",
       .min = 1,
       .source = "[A] 100-300 MB/s for images of 8-20 GB"},
      {.name = "decompress",
       .type = ParamType::bandwidth,
       .doc = "compressed bytes a node unpacks; the slower of it and pull counts. Left out: pull says it all",
       .optional = true,
       .min = 1},
      {.name = "cached",
       .type = ParamType::number,
       .doc = "share of the image in layers that nodes have from the start, as baked ones or another image's",
       .fallback = "0",
       .min = 0,
       .max = 1,
       .source = "[A] none"},
      {.name = "container", .type = ParamType::time_law, .doc = "container creation", .fallback = "0s"},
      {.name = "import",
       .type = ParamType::time_law,
       .doc = "framework import and CUDA initialisation; the context exists from its end",
       .fallback = "0s",
       .source = "typical 3-15 s [R]"},
      {.name = "load",
       .type = ParamType::time_law,
       .doc = "weights to the GPU; host memory is at its loading peak",
       .fallback = "0s"},
      {.name = "weights",
       .type = ParamType::block,
       .doc = "instead of load: bytes over the cluster's weights_store, which all that load at once share"},
      {.name = "first_batch",
       .type = ParamType::time_law,
       .doc = "first batch, autotuning, graph capture",
       .fallback = "0s",
       .source = "typical 1-60 s [R]"},
  };
  return table;
}

std::span<const Param> weights() {
  static const std::vector<Param> table = {
      {.name = "bytes",
       .type = ParamType::bytes,
       .doc = "checkpoint; left out: memory.weights",
       .optional = true,
       .min = 1},
      {.name = "stream",
       .type = ParamType::bandwidth,
       .doc = "what the store gives one replica",
       .fallback = "1GB/s",
       .min = 1,
       .source = "[R] object store: one stream 0.1-0.2 GB/s, parallel 1-5; network disk 0.125-1"},
      {.name = "disk",
       .type = ParamType::bandwidth,
       .doc = "local disk it is staged through; left out: none",
       .optional = true,
       .min = 1},
      {.name = "deserialise",
       .type = ParamType::bandwidth,
       .doc = "the framework's loader",
       .fallback = "1.5GB/s",
       .min = 1,
       .source = "[M for the ratio] pickle 0.5-1.5 GB/s, safetensors 1.5-4, a tuned loader 3.6-8.2 times as fast"},
      {.name = "pcie",
       .type = ParamType::bandwidth,
       .doc = "host to device, from pinned memory",
       .fallback = "12GB/s",
       .min = 1,
       .source = "[R] gen3; 24 GB/s gen4, 50 GB/s gen5"},
  };
  return table;
}

std::span<const Param> restart_backoff() {
  static const std::vector<Param> table = {
      {.name = "first",
       .type = ParamType::duration,
       .doc = "wait before the second restart; the first is at once, each further one waits twice as long",
       .fallback = "10s",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet; 1s with ReduceDefaultCrashLoopBackOffDecay"},
      {.name = "most",
       .type = ParamType::duration,
       .doc = "longest wait",
       .fallback = "300s",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet; its crashLoopBackOff.maxContainerRestartPeriod"},
      {.name = "forget_after",
       .type = ParamType::duration,
       .doc = "a process that ran longer than this is restarted at once again",
       .fallback = "10m",
       .min = 0,
       .max = 1e6,
       .source = "[S] kubelet"},
  };
  return table;
}

}  // namespace windtunnel::tables
