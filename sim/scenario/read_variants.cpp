// Reads a model's `variants`.
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {
namespace {

constexpr double kFromHost = 12e9;  // [R] PCIe gen3 x16, pinned
constexpr double kFromStore = 1e9;  // [R] a framework's loader, 0.5-1.5 GB/s
constexpr std::size_t kMostVariants = 10000;

struct VariantsReading {
  ProblemList& problems;
  const Node& node;
  const std::string& path;
  const Block& block;
  VariantsSpec out{};
  std::vector<double> popularity{};
  bool ok = true;

  void refuse(std::string_view key, std::string what, std::string hint) {
    const Node* at = node.is(Node::Kind::map) ? node.find(key) : nullptr;
    problems.add(at == nullptr ? node : *at, at == nullptr ? path : join_path(path, key), std::move(what),
                 std::move(hint));
    ok = false;
  }
};

std::string shown(Bytes bytes) {
  return format_amount(ParamType::bytes, static_cast<double>(bytes.value));
}

// One of `names`: a number, or a block.
void read_name(VariantsReading& v, const Entry& entry, std::optional<Bytes> common, Node& resolved) {
  const std::string path = join_path(join_path(v.path, "names"), entry.key);
  v.ok = check_name(v.problems, entry.value, path, entry.key) && v.ok;
  Node as_block = Node::map();
  as_block.line = entry.value.line;
  as_block.source = entry.value.source;
  if (entry.value.is(Node::Kind::scalar)) as_block.set("popularity", entry.value);
  const Block one =
      read_block(v.problems, entry.value.is(Node::Kind::scalar) ? &as_block : &entry.value, path, tables::variant());
  v.ok = v.ok && one.ok;
  const auto bytes = one.values.has("bytes") ? std::optional(one.values.bytes("bytes")) : common;
  if (!bytes && one.ok) {
    v.problems.add(entry.value, path, "does not say how large it is", "give bytes here, or for all of them");
    v.ok = false;
  }
  v.out.all.push_back({entry.key, bytes.value_or(Bytes{1})});
  v.popularity.push_back(one.values.number("popularity"));
  Node kept = one.resolved;
  std::erase_if(kept.entries, [](const Entry& e) { return e.value.is(Node::Kind::null); });
  resolved.set(entry.key, std::move(kept));
}

void read_names(VariantsReading& v, const Node& names, std::optional<Bytes> common, Node& resolved) {
  if (!names.is(Node::Kind::map) || names.entries.empty() || names.entries.size() > kMostVariants)
    return v.refuse(
        "names", names.is(Node::Kind::map) ? fmt::format("has {} names", names.entries.size()) : "is no map of names",
        fmt::format("write names: {{base: 5, anime: 2}}, at most {}", kMostVariants));
  for (const char* key : {"count", "zipf"})
    if (v.block.values.has(key)) v.refuse(key, "is given beside names", "keep one");
  for (const Entry& entry : names.entries) read_name(v, entry, common, resolved);
}

void make_numbered(VariantsReading& v, std::optional<Bytes> common) {
  const ParamSet& values = v.block.values;
  if (!values.has("count")) return v.refuse("names", "says of no variant", "give names: {base: 5, anime: 2}, or count");
  if (!common) return v.refuse("bytes", "does not say how large a variant is", "give bytes");
  const double zipf = values.has("zipf") ? values.number("zipf") : 0;
  for (int k = 1; k <= values.integer("count"); ++k) {
    v.out.all.push_back({fmt::format("v{}", k), *common});
    v.popularity.push_back(std::pow(k, -zipf));
  }
}

void add_up(VariantsReading& v) {
  double sum = 0;
  for (const double p : v.popularity) sum += p;
  if (!(sum > 0)) return v.refuse("names", "no query asks for any of them", "give one a number above 0");
  double so_far = 0;
  for (const double p : v.popularity) v.out.cumulative.push_back((so_far += p) / sum);
  v.out.cumulative.back() = 1;
}

// What would leave a batch without room for its variant, or a minimum of queries without a way to come together.
void check_bounds(VariantsReading& v, const ModelSpec& model) {
  const VariantsSpec& out = v.out;
  const int batches = model.concurrency.limit;
  if (out.most == 0 && out.most_bytes.value == 0)
    return v.refuse("resident", "nothing says how many stay on the device", "give resident or resident_memory");
  if (out.most > 0 && (batches == 0 || batches > out.most))
    v.refuse("resident",
             fmt::format("{} is below the model's concurrency {}: its batches may need as many variants at once",
                         out.most, batches == 0 ? "unlimited" : std::to_string(batches)),
             "raise it, or lower concurrency");
  if (out.most_bytes.value > 0) {
    if (out.largest() > out.most_bytes)
      return v.refuse("resident_memory",
                      fmt::format("{} holds no variant of {}", shown(out.most_bytes), shown(out.largest())),
                      "raise it");
    if (batches == 0 || out.most_bytes.value / out.largest().value < batches)
      v.refuse("resident_memory",
               fmt::format("{} holds fewer variants of {} than the model's concurrency {}", shown(out.most_bytes),
                           shown(out.largest()), batches == 0 ? "unlimited" : std::to_string(batches)),
               "raise it, or lower concurrency");
  }
  const std::int64_t places = out.most > 0               ? out.most
                              : out.most_bytes.value > 0 ? out.most_bytes.value / out.largest().value
                                                         : 0;
  if (out.fetch_ahead && places > 0 && places <= batches)
    v.refuse("fetch_ahead",
             fmt::format("there is no place for one more: {} on the device, all of which {} batches may need", places,
                         batches),
             "raise resident or resident_memory");
  if (model.batch.min > 1 && model.batch.wait == Duration{})
    v.refuse("names", "fewer of one variant than batch.min would stand in the way for ever", "give batch a wait");
  if (model.memory.paging_bytes_per_s > 0)
    v.refuse("names", "variants are swapped, and memory.oversubscribe pages", "keep one");
  const Bytes on_host = model.host_memory.steady + out.host_copies();
  if (model.host_memory.limit.value > 0 && on_host > model.host_memory.limit)
    v.refuse("from",
             fmt::format("copies of all on the host make {} with host_memory.steady, above the limit {}: every process "
                         "would be killed",
                         shown(on_host), shown(model.host_memory.limit)),
             "raise host_memory.limit, or say from: store");
}

}  // namespace

std::shared_ptr<const VariantsSpec> read_variants(ProblemList& problems, const Node& node, const std::string& path,
                                                  const ModelSpec& model, Node& resolved) {
  Block block = read_block(problems, &node, path, tables::variants());
  VariantsReading v{.problems = problems, .node = node, .path = path, .block = block};
  v.ok = block.ok;
  const ParamSet& values = block.values;
  v.out.most = values.integer("resident");
  if (values.has("resident_memory")) v.out.most_bytes = values.bytes("resident_memory");
  v.out.on_host = values.text("from") == "host";
  v.out.bytes_per_s = values.has("bandwidth") ? values.number("bandwidth") : v.out.on_host ? kFromHost : kFromStore;
  v.out.setup = values.duration("setup");
  v.out.fetch_ahead = values.boolean("fetch_ahead");
  const auto common = values.has("bytes") ? std::optional(values.bytes("bytes")) : std::nullopt;
  const Node* names = node.is(Node::Kind::map) ? node.find("names") : nullptr;
  Node named = Node::map();
  if (names != nullptr)
    read_names(v, *names, common, named);
  else
    make_numbered(v, common);
  if (v.ok) add_up(v);
  if (v.ok) check_bounds(v, model);
  resolved = std::move(block.resolved);
  if (names != nullptr) resolved.set("names", std::move(named));
  resolved.set("bandwidth", Node::scalar(format_amount(ParamType::bandwidth, v.out.bytes_per_s)));
  std::erase_if(resolved.entries, [](const Entry& entry) { return entry.value.is(Node::Kind::null); });
  return v.ok ? std::make_shared<const VariantsSpec>(std::move(v.out)) : nullptr;
}

}  // namespace windtunnel
