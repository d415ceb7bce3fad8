// The keys of a model's `memory` and `host_memory`.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

// Tags in sources: [M] measured, [S] stated by the maker, [R] recalled from the literature, [A] assumed.

std::span<const Param> memory() {
  static const std::vector<Param> table = {
      {.name = "context",
       .type = ParamType::bytes,
       .doc = "CUDA context and library handles of one process",
       .fallback = "500MiB",
       .source = "[A] 274-636 MiB measured for PyTorch, and the handles' workspaces"},
      {.name = "context_mps",
       .type = ParamType::bytes,
       .doc = "the same for a client under mps",
       .fallback = "250MiB",
       .source = "[A] 177 MiB measured for a bare process"},
      {.name = "weights", .type = ParamType::bytes, .doc = "resident from the load stage on", .fallback = "0"},
      {.name = "per_item",
       .type = ParamType::bytes,
       .doc = "work memory for each item of size in a batch",
       .fallback = "0"},
      {.name = "phases",
       .type = ParamType::block,
       .doc = "instead of per_item: a list of stretches of a batch, each with a per_item of its own"},
      {.name = "shapes",
       .type = ParamType::choice,
       .doc = "whether batches have the same shapes all the time: decides overhead where that is left out",
       .fallback = "fixed",
       .choices = {"fixed", "varying"}},
      {.name = "overhead",
       .type = ParamType::number,
       .doc = "fragmentation: reserved over allocated work memory. Left out: 1.1 for fixed shapes, 1.25 for varying",
       .optional = true,
       .min = 1,
       .max = 10,
       .source = "[A] measured 1.01-1.15 for one model of fixed shapes"},
      {.name = "allocator",
       .type = ParamType::choice,
       .doc = "caching keeps its high-water mark until it is refused or the process ends, plain gives back after each "
              "batch (exact is an older name of it), pool is preallocated. Left out: pool where `pool` is given",
       .fallback = "caching",
       .choices = {"caching", "plain", "exact", "pool"},
       .source = "[S] PyTorch's caching allocator"},
      {.name = "give_back_stall",
       .type = ParamType::duration,
       .doc = "time a refused batch loses while the caching allocator hands its cache back to the driver",
       .fallback = "30ms",
       .max = 60,
       .source = "[A] tens of ms"},
      {.name = "pool", .type = ParamType::block, .doc = "memory preallocated for tokens (KV cache)"},
      {.name = "leak", .type = ParamType::block, .doc = "growth with age, until the process ends"},
      {.name = "oversubscribe",
       .type = ParamType::block,
       .doc = "unified memory: what is refused is paged over PCIe, and no allocation but the context's fails"},
  };
  return table;
}

std::span<const Param> memory_phase() {
  static const std::vector<Param> table = {
      {.name = "share_of_work", .type = ParamType::share, .doc = "of the batch's work on the GPU; they sum to 1"},
      {.name = "per_item", .type = ParamType::bytes, .doc = "work memory for each item of size meanwhile"},
  };
  return table;
}

std::span<const Param> token_pool() {
  static const std::vector<Param> table = {
      {.name = "share_of_device",
       .type = ParamType::share,
       .doc = "share of the device's memory, as the process sees it, that it takes in all; the pool is what context, "
              "weights and activation leave. Left out: 0.9, unless bytes is given",
       .optional = true,
       .source = "[S] vLLM's gpu_memory_utilization"},
      {.name = "bytes", .type = ParamType::bytes, .doc = "or the pool's own size", .optional = true, .min = 1},
      {.name = "activation",
       .type = ParamType::bytes,
       .doc = "taken beside the pool for the work of a batch (the profiling run's peak)",
       .fallback = "0"},
      {.name = "per_token",
       .type = ParamType::bytes,
       .doc = "of one token: 2 * layers * kv_heads * head_dim * bytes; a query's size is its tokens",
       .min = 1},
      {.name = "block_tokens",
       .type = ParamType::integer,
       .doc = "tokens in a block; a query holds whole blocks",
       .fallback = "16",
       .min = 1,
       .max = 1000000,
       .source = "[S] vLLM",
       .unit = "tokens"},
  };
  return table;
}

std::span<const Param> leak() {
  static const std::vector<Param> table = {
      {.name = "per_query", .type = ParamType::bytes, .doc = "kept for good by each query served", .fallback = "0"},
      {.name = "per_hour",
       .type = ParamType::bytes,
       .doc = "kept for good in each hour since the process was ready; asked for when its next batch begins",
       .fallback = "0"},
  };
  return table;
}

std::span<const Param> oversubscribe() {
  static const std::vector<Param> table = {
      {.name = "pcie_bandwidth",
       .type = ParamType::bandwidth,
       .doc = "at which a batch pages in what is not resident: G is stretched by 1 + miss / (B G)",
       .fallback = "12GB/s",
       .min = 1,
       .source = "[R] PCIe gen3 x16; gen4 24GB/s, gen5 50GB/s"},
  };
  return table;
}

std::span<const Param> variants() {
  static const std::vector<Param> table = {
      {.name = "names",
       .type = ParamType::block,
       .doc =
           "each variant with how often queries ask for it, in any unit: {base: 5, anime: 2}, or {base: {popularity: "
           "5, bytes: 6.9GB}}"},
      {.name = "count",
       .type = ParamType::integer,
       .doc = "or so many, named v1, v2, ...",
       .optional = true,
       .min = 1,
       .max = 10000,
       .unit = "variants"},
      {.name = "zipf",
       .type = ParamType::number,
       .doc = "with count: the k-th is asked for in proportion to k^-zipf. Left out: 0, all alike",
       .optional = true,
       .min = 0,
       .max = 10,
       .source = "[A] all alike"},
      {.name = "bytes",
       .type = ParamType::bytes,
       .doc = "device memory of one, beside memory.weights, which all have in common",
       .optional = true,
       .min = 1},
      {.name = "resident",
       .type = ParamType::count,
       .doc = "most of them on the device at a time; the one used longest ago goes first",
       .fallback = "unlimited",
       .max = 10000,
       .choices = {"unlimited"}},
      {.name = "resident_memory",
       .type = ParamType::bytes,
       .doc = "most device memory of those that are there, together; left out: no bound of its own",
       .optional = true,
       .min = 1},
      {.name = "from",
       .type = ParamType::choice,
       .doc =
           "where a swap reads from. host: copies of all of them are kept in host memory, beside host_memory.steady; "
           "store: from disk or network each time",
       .fallback = "host",
       .choices = {"host", "store"},
       .source = "[A] servers that swap keep copies in host memory"},
      {.name = "bandwidth",
       .type = ParamType::bandwidth,
       .doc = "of a swap. Left out: 12GB/s from the host, 1GB/s from a store",
       .optional = true,
       .min = 1,
       .source = "[R] PCIe gen3 x16 pinned 12 GB/s, gen4 24, gen5 50; a framework's loader 0.5-1.5 GB/s"},
      {.name = "setup",
       .type = ParamType::duration,
       .doc = "of a swap, whatever its bytes",
       .fallback = "0s",
       .max = 3600,
       .source = "[A] none; a LoRA adapter takes 83.5 ms in all with a tuned loader, 370 ms without [M, ServerlessLLM, "
                 "OSDI'24]"},
      {.name = "fetch_ahead",
       .type = ParamType::boolean,
       .doc =
           "while a batch runs, the first variant that a waiting query asks for and that is not there comes in, where "
           "that costs none its place that runs or is asked for before it, nor the device's last room",
       .fallback = "false",
       .source = "[A] off: a plain server loads when it must"},
  };
  return table;
}

std::span<const Param> variant() {
  static const std::vector<Param> table = {
      {.name = "popularity",
       .type = ParamType::number,
       .doc = "how often queries ask for it, in the unit of the others'",
       .fallback = "1",
       .min = 0,
       .max = 1e12},
      {.name = "bytes",
       .type = ParamType::bytes,
       .doc = "its device memory; left out: that of all",
       .optional = true,
       .min = 1},
  };
  return table;
}

std::span<const Param> host_memory() {
  static const std::vector<Param> table = {
      {.name = "steady",
       .type = ParamType::bytes,
       .doc = "while serving; the pod's request where requests.memory says none",
       .fallback = "0"},
      {.name = "loading",
       .type = ParamType::bytes,
       .doc = "peak while weights are staged; left out: as steady",
       .optional = true,
       .source = "1.0 to 2.0 times the checkpoint [M]"},
      {.name = "limit",
       .type = ParamType::bytes,
       .doc = "container limit: beyond it SIGKILL, exit code 137; 0 for none",
       .fallback = "0"},
  };
  return table;
}

}  // namespace windtunnel::tables
