// The catalogue's figures of cards beside their types: MIG profiles and prices.
#include <cmath>

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

MigProfile read_profile(ProblemList& problems, const Entry& entry, const std::string& path) {
  const Block block = read_block(problems, &entry.value, path, tables::mig_profile());
  const ParamSet& v = block.values;
  MigProfile out{.name = entry.key,
                 .compute_slices = v.integer("compute_slices"),
                 .memory_slices = v.integer("memory_slices"),
                 .memory = v.bytes("memory"),
                 .sms = v.integer("sms"),
                 .copy_engines = v.integer("copy_engines"),
                 .starts = {}};
  if (v.has("starts"))
    for (const double start : v.numbers("starts")) out.starts.push_back(static_cast<int>(start));
  return out;
}

MigFamily read_family(ProblemList& problems, const Entry& entry) {
  const std::string path = join_path("mig", entry.key);
  const Block block = read_block(problems, &entry.value, path, tables::mig_family());
  MigFamily out{.name = entry.key,
                .compute_slices = block.values.integer("compute_slices"),
                .memory_slices = block.values.integer("memory_slices"),
                .profiles = {},
                .source = block.values.text("source")};
  const Node* profiles = entry.value.find("profiles");
  if (profiles == nullptr || profiles->entries.empty()) {
    problems.add(entry.value, path, "has no profiles");
    return out;
  }
  for (const auto& row : profiles->entries) {
    const std::string inner = join_path(join_path(path, "profiles"), row.key);
    out.profiles.push_back(read_profile(problems, row, inner));
    const MigProfile& profile = out.profiles.back();
    for (const int start : profile.starts)
      if (start < 0 || start + profile.memory_slices > out.memory_slices)
        problems.add(row.value, inner, "start " + std::to_string(start) + " leads beyond the card's memory slices");
  }
  return out;
}

PriceEntry read_price(ProblemList& problems, const Node& node, const std::string& path) {
  const Block block = read_block(problems, &node, path, tables::price());
  const ParamSet& v = block.values;
  return {.gpu = v.text("gpu"),
          .provider = v.text("provider"),
          .instance = v.text("instance"),
          .gpus = v.integer("gpus"),
          .usd_per_hour = v.number("price"),
          .tier = v.text("tier"),
          .region = v.has("region") ? v.text("region") : "",
          .as_of = v.text("as_of"),
          .tag = v.text("tag")};
}

}  // namespace

Result<std::vector<MigFamily>> parse_mig(std::string_view yaml) {
  const auto root = parse_document(yaml, "catalogue/mig.yaml");
  if (!root) return root.problems();
  ProblemList problems;
  std::vector<MigFamily> out;
  const Node* families = root->find("mig");
  if (families == nullptr || !families->is(Node::Kind::map)) problems.add(*root, "", "has no block \"mig\"");
  if (families != nullptr)
    for (const auto& entry : families->entries) out.push_back(read_family(problems, entry));
  if (!problems.empty()) return problems.in_order();
  return out;
}

Result<std::vector<PriceEntry>> parse_prices(std::string_view yaml) {
  const auto root = parse_document(yaml, "catalogue/prices.yaml");
  if (!root) return root.problems();
  ProblemList problems;
  std::vector<PriceEntry> out;
  const Node* rows = root->find("prices");
  if (rows == nullptr || !rows->is(Node::Kind::sequence)) problems.add(*root, "", "has no list \"prices\"");
  if (rows != nullptr)
    for (std::size_t i = 0; i < rows->items.size(); ++i)
      out.push_back(read_price(problems, rows->items[i], "prices." + std::to_string(i)));
  if (!problems.empty()) return problems.in_order();
  return out;
}

const MigFamily* mig_family(const GpuType& gpu) {
  for (const auto& family : catalogue().mig)
    if (!gpu.mig.empty() && family.name == gpu.mig) return &family;
  return nullptr;
}

}  // namespace windtunnel
