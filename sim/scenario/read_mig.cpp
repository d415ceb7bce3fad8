#include "sim/scenario/read_mig.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/sharing/mig_layout.hpp"
#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostRelayouts = 100;
constexpr std::size_t kMostOnPending = 16;  // each is tried on each node
constexpr std::size_t kLongestLayout = 64;  // more than any card takes: the search need not see it

std::vector<std::string> names(std::span<const MigProfile* const> layout) {
  std::vector<std::string> out;
  for (const MigProfile* profile : layout) out.push_back(profile->name);
  return out;
}

std::vector<std::string_view> cards_with_mig() {
  std::vector<std::string_view> out;
  for (const auto& gpu : catalogue().gpus)
    if (mig_family(gpu.type) != nullptr) out.push_back(gpu.name);
  return out;
}

/// The profiles the list names; empty with problems when one is unknown.
MigLayout read_layout(ProblemList& problems, const Node& list, const std::string& path, const MigFamily& family) {
  MigLayout out;
  bool ok = true;
  for (const Node& item : list.items) {
    const MigProfile* profile = nullptr;
    for (const MigProfile& row : family.profiles)
      if (item.is(Node::Kind::scalar) && item.text == row.name) profile = &row;
    if (profile == nullptr) {
      report_unknown(problems, item, path, fmt::format("MIG profile of a {}", family.name),
                     item.is(Node::Kind::scalar) ? item.text : std::string(), names_of(family.profiles));
      ok = false;
    } else {
      out.push_back(profile);
    }
  }
  return ok ? out : MigLayout{};
}

void refuse_misfit(ProblemList& problems, const Node& list, const std::string& path, const MigFamily& family,
                   const MigLayout& layout) {
  const MigMisfit misfit = explain_misfit(family, layout);
  problems.add(list, path,
               fmt::format("[{}] cannot be placed on a {}: {} finds no start; taken are {}",
                           fmt::join(names(layout), ", "), family.name, misfit.profile->name, misfit.blocked),
               fmt::format("the nearest that fits is [{}]", fmt::join(names(misfit.nearest), ", ")));
}

void add_layout(SharingSpec& sharing, const MigFamily& family, const MigLayout& layout, const std::vector<int>& starts,
                std::uint32_t number) {
  const auto first = static_cast<std::ptrdiff_t>(sharing.instances.size());
  for (std::size_t i = 0; i < layout.size(); ++i) {
    sharing.instances.push_back(
        {.profile = layout[i]->name,
         .start = starts[i],
         .compute_share = static_cast<double>(layout[i]->compute_slices) / family.compute_slices,
         .memory = layout[i]->memory,
         .holds = {},
         .layout = number});
    if (number == 0) sharing.unused_compute_slices -= layout[i]->compute_slices;
  }
  std::sort(sharing.instances.begin() + first, sharing.instances.end(),
            [](const auto& a, const auto& b) { return a.start < b.start; });
}

/// One layout, placed and added to the pool's instances. @return as it was written; nothing with problems
std::optional<Node> read_profiles(ProblemList& problems, const Node* list, const Node& at, const std::string& path,
                                  const std::string& inner, const MigFamily& family, SharingSpec& sharing,
                                  std::uint32_t number) {
  if (list == nullptr || !list->is(Node::Kind::sequence) || list->items.empty()) {
    problems.add(list == nullptr ? at : *list, list == nullptr ? path : inner,
                 list == nullptr ? "layout is missing" : "is not a list of profiles",
                 fmt::format("write {}[{}]; a {} has {}", path == inner ? "" : "layout: ", family.profiles.back().name,
                             family.name, fmt::join(names_of(family.profiles), ", ")));
    return std::nullopt;
  }
  if (list->items.size() > kLongestLayout) {
    problems.add(*list, inner, fmt::format("{} instances are more than any card takes", list->items.size()),
                 fmt::format("a {} has {} compute slices", family.name, family.compute_slices));
    return std::nullopt;
  }
  const MigLayout layout = read_layout(problems, *list, inner, family);
  if (layout.empty()) return std::nullopt;
  const auto starts = place_mig(family, layout);
  if (!starts) {
    refuse_misfit(problems, *list, inner, family, layout);
    return std::nullopt;
  }
  add_layout(sharing, family, layout, *starts, number);
  Node written = Node::sequence();
  for (const auto& name : names(layout)) written.items.push_back(Node::scalar(name));
  return written;
}

/// The `layout` of a block.
bool read_one_layout(ProblemList& problems, const Node* list, const Node& at, const std::string& path,
                     const MigFamily& family, SharingSpec& sharing, std::uint32_t number, Node& resolved) {
  auto written = read_profiles(problems, list, at, path, join_path(path, "layout"), family, sharing, number);
  if (!written) return false;
  resolved.set("layout", std::move(*written));
  return true;
}

/// Changes of layout, in order of time.
bool read_relayouts(ProblemList& problems, const Node& list, const std::string& path, const MigFamily& family,
                    SharingSpec& sharing, Node& resolved) {
  if (!list.is(Node::Kind::sequence) || list.items.empty() || list.items.size() > kMostRelayouts) {
    problems.add(list, path,
                 list.is(Node::Kind::sequence) ? fmt::format("has {} changes", list.items.size()) : "is no list",
                 fmt::format("write relayouts: [{{at: 8h, layout: [3g.20gb, 3g.20gb]}}], at most {}", kMostRelayouts));
    return false;
  }
  bool ok = true;
  Node written = Node::sequence();
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const std::string inner = fmt::format("{}.{}", path, i);
    Block block = read_block(problems, &list.items[i], inner, tables::relayout());
    const auto number = static_cast<std::uint32_t>(i + 1);
    const Node* layout = list.items[i].is(Node::Kind::map) ? list.items[i].find("layout") : nullptr;
    ok = block.ok && ok;
    ok = read_one_layout(problems, layout, list.items[i], inner, family, sharing, number, block.resolved) && ok;
    if (!ok) continue;
    sharing.relayouts.push_back({block.values.duration("at"), number});
    if (i > 0 && sharing.relayouts.back().at <= sharing.relayouts[sharing.relayouts.size() - 2].at) {
      problems.add(list.items[i], inner, "comes before the change above it, or with it", "put them in order of time");
      ok = false;
    }
    written.items.push_back(std::move(block.resolved));
  }
  resolved.set("relayouts", std::move(written));
  return ok;
}

/// The further layouts a card may have when pods wait for them.
bool read_further_layouts(ProblemList& problems, const Node& list, const std::string& path, const MigFamily& family,
                          SharingSpec& sharing, Node& resolved) {
  if (!list.is(Node::Kind::sequence) || list.items.empty() || list.items.size() > kMostOnPending) {
    problems.add(list, path,
                 list.is(Node::Kind::sequence) ? fmt::format("has {} layouts", list.items.size()) : "is no list",
                 fmt::format("write layouts: [[3g.20gb, 3g.20gb], [7g.40gb]], at most {}", kMostOnPending));
    return false;
  }
  bool ok = true;
  Node written = Node::sequence();
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const std::string inner = fmt::format("{}.{}", path, i);
    auto one = read_profiles(problems, &list.items[i], list.items[i], inner, inner, family, sharing, sharing.layouts);
    ok = one.has_value() && ok;
    if (one) written.items.push_back(std::move(*one));
    ++sharing.layouts;
  }
  resolved.set("layouts", std::move(written));
  return ok;
}

/// What is done for pods that find no place.
bool read_on_pending(ProblemList& problems, const Node& node, const std::string& path, const MigFamily& family,
                     SharingSpec& sharing, Node& resolved) {
  Block block = read_block(problems, &node, path, tables::relayout_on_pending());
  if (!block.ok) return false;
  const Node* list = node.find("layouts");
  if (list != nullptr &&
      !read_further_layouts(problems, *list, join_path(path, "layouts"), family, sharing, block.resolved))
    return false;
  if (sharing.layouts < 2) {
    problems.add(node, path, "there is no other layout that a card could have", "add layouts: [[7g.40gb]]");
    return false;
  }
  sharing.relayout_on_pending = {.after = block.values.duration("after"), .keep = block.values.duration("keep")};
  resolved.set("relayout_on_pending", std::move(block.resolved));
  return true;
}

/// How long a change takes, which says nothing where there is none.
bool read_relayout_time(ProblemList& problems, const Node& node, const std::string& path, SharingSpec& sharing,
                        Node& resolved) {
  if (sharing.relayouts.empty() && !sharing.relayout_on_pending) {
    for (const char* key : {"relayout_least", "relayout_most", "relayout_plugin"}) resolved.erase(key);
    return true;
  }
  sharing.relayout_plugin = sharing.params.duration("relayout_plugin");
  sharing.relayout_least = sharing.params.duration("relayout_least");
  sharing.relayout_most = sharing.params.duration("relayout_most");
  if (sharing.relayout_least <= sharing.relayout_most) return true;
  const char* given = node.find("relayout_least") != nullptr ? "relayout_least" : "relayout_most";
  problems.add(*node.find(given), join_path(path, given), "relayout_least is above relayout_most", "swap them");
  return false;
}

}  // namespace

bool read_mig(ProblemList& problems, const Node& sharing, const std::string& path, NodePoolSpec& pool, Node& resolved) {
  const MigFamily* family = mig_family(pool.gpu);
  if (family == nullptr) {
    problems.add(sharing, path, fmt::format("a {} has no MIG whose profiles are known", pool.gpu.name),
                 fmt::format("cards that do: {}; or choose another mode", fmt::join(cards_with_mig(), ", ")));
    return false;
  }
  pool.sharing.compute_slices = pool.sharing.unused_compute_slices = family->compute_slices;
  bool ok = read_one_layout(problems, sharing.find("layout"), sharing, path, *family, pool.sharing, 0, resolved);
  if (const Node* list = sharing.find("relayouts"))
    ok = read_relayouts(problems, *list, join_path(path, "relayouts"), *family, pool.sharing, resolved) && ok;
  pool.sharing.layouts += static_cast<std::uint32_t>(pool.sharing.relayouts.size());
  if (const Node* node = sharing.find("relayout_on_pending"))
    ok =
        ok && read_on_pending(problems, *node, join_path(path, "relayout_on_pending"), *family, pool.sharing, resolved);
  return read_relayout_time(problems, sharing, path, pool.sharing, resolved) && ok;
}

std::vector<NodePoolSpec> devices_of(const NodePoolSpec& pool) {
  if (pool.sharing.instances.empty()) return {pool};
  std::vector<NodePoolSpec> out;
  for (const MigInstance& instance : pool.sharing.instances) {
    NodePoolSpec& device = out.emplace_back(pool);
    device.gpu.memory = instance.memory;
    device.gpu.driver_reserve = {};  // an instance's memory is what is left of it
    device.sharing.compute_share = instance.compute_share;
    device.sharing.instances = {instance};
  }
  return out;
}

bool takes(const NodePoolSpec& device, const ModelSpec& model) {
  if (model.mig_profile.empty()) return true;
  return !device.sharing.instances.empty() && device.sharing.instances.front().profile == model.mig_profile;
}

}  // namespace windtunnel
