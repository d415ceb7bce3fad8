#include "sim/scenario/catalogue.hpp"

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {

// Made by embed.cmake from models/catalogue.
extern const std::string_view kGpusYaml;
extern const std::string_view kMigYaml;
extern const std::string_view kPricesYaml;
extern const std::span<const CatalogueText> kProfilesYaml;

namespace {

const Node* block_of(ProblemList& problems, const Node& root, std::string_view key) {
  const Node* block = root.find(key);
  if (block == nullptr || !block->is(Node::Kind::map)) {
    problems.add(root, "", "has no block \"" + std::string(key) + "\"");
    return nullptr;
  }
  return block;
}

GpuEntry read_gpu(ProblemList& problems, const Entry& entry) {
  const Block block = read_block(problems, &entry.value, join_path("gpus", entry.key), tables::gpu_type());
  const ParamSet& v = block.values;
  GpuEntry out{.name = entry.key, .type = {}, .price_usd_per_hour = {}, .price_source = {}};
  out.type = {.name = entry.key,
              .architecture = v.text("architecture"),
              .sms = v.integer("sms"),
              .memory = v.bytes("memory"),
              .driver_reserve = v.bytes("driver_reserve"),
              .mps = v.boolean("mps"),
              .bandwidth_bytes_per_s = v.has("bandwidth") ? v.number("bandwidth") : 0,
              .l2 = v.has("l2") ? v.bytes("l2") : Bytes{},
              .mig = v.has("mig") ? v.text("mig") : "",
              .source = v.text("source")};
  if (v.has("price")) out.price_usd_per_hour = v.number("price");
  if (v.has("price_source")) out.price_source = v.text("price_source");
  return out;
}

/// Only `doc` and `source` are read here; the rest is checked as part of each model that uses it.
ProfileEntry read_profile(ProblemList& problems, const Entry& entry) {
  ProfileEntry out{.name = entry.key, .doc = {}, .source = {}, .block = entry.value};
  for (auto [key, to] : {std::pair{"doc", &out.doc}, {"source", &out.source}}) {
    const Node* node = entry.value.find(key);
    if (node == nullptr || !node->is(Node::Kind::scalar))
      problems.add(entry.value, join_path("profiles", entry.key), std::string(key) + " is missing");
    else
      *to = node->text;
    out.block.erase(key);
  }
  return out;
}

void add_profile(ProblemList& problems, const Entry& entry, Catalogue& out) {
  for (const auto& other : out.profiles)
    if (other.name == entry.key)
      problems.add(entry.value, join_path("profiles", entry.key), "stands in two files", "rename one");
  out.profiles.push_back(read_profile(problems, entry));
}

}  // namespace

Result<Catalogue> parse_catalogue(std::string_view gpus_yaml, std::string_view profiles_yaml) {
  const CatalogueText one[] = {{"catalogue/profiles.yaml", profiles_yaml}};
  return parse_catalogue(gpus_yaml, one);
}

Result<Catalogue> parse_catalogue(std::string_view gpus_yaml, std::span<const CatalogueText> profiles) {
  auto gpus = parse_document(gpus_yaml, "catalogue/gpus.yaml");
  if (!gpus) return gpus.problems();
  ProblemList problems;
  Catalogue out;
  if (const Node* block = block_of(problems, *gpus, "gpus"))
    for (const auto& entry : block->entries) out.gpus.push_back(read_gpu(problems, entry));
  for (const CatalogueText& text : profiles) {
    const auto document = parse_document(text.yaml, text.name);
    if (!document) return document.problems();
    if (const Node* block = block_of(problems, *document, "profiles"))
      for (const auto& entry : block->entries) add_profile(problems, entry, out);
  }
  if (!problems.empty()) return problems.in_order();
  return out;
}

const Catalogue& catalogue() {
  static const Catalogue built_in = [] {
    auto parsed = parse_catalogue(kGpusYaml, kProfilesYaml);
    SIM_CHECK(parsed.has_value(), "the built-in catalogue is bad: " + parsed.problems().front().text());
    auto mig = parse_mig(kMigYaml);
    SIM_CHECK(mig.has_value(), "the built-in catalogue is bad: " + mig.problems().front().text());
    auto prices = parse_prices(kPricesYaml);
    SIM_CHECK(prices.has_value(), "the built-in catalogue is bad: " + prices.problems().front().text());
    parsed->mig = std::move(*mig);
    parsed->prices = std::move(*prices);
    return std::move(*parsed);
  }();
  return built_in;
}

}  // namespace windtunnel
