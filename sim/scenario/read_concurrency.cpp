// Reads `concurrency` of a model.
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/model_reading.hpp"

namespace windtunnel {

void read_concurrency(ModelReading& m) {
  Node as_block = Node::map();
  const Node* given = m.node.find("concurrency");
  const Node* node = given;
  if (given != nullptr && !given->is(Node::Kind::map)) {
    as_block.line = given->line;
    as_block.source = given->source;
    as_block.set("limit", *given);
    node = &as_block;
  }
  const Block block = read_block(m.problems, node, join_path(m.path, "concurrency"), tables::concurrency());
  m.ok = m.ok && block.ok;
  const ParamSet& v = block.values;
  const std::string& scaling = v.text("scaling");
  m.spec.concurrency = {.limit = v.integer("limit"),
                        .scaling = scaling == "efficiency"   ? ConcurrencyScaling::efficiency
                                   : scaling == "contention" ? ConcurrencyScaling::contention
                                                             : ConcurrencyScaling::shared,
                        .efficiency = v.number("efficiency"),
                        .slope = v.number("slope"),
                        .cap = v.number("cap")};
  for (const auto& [key, wanted] :
       {std::pair{"efficiency", "efficiency"}, {"slope", "contention"}, {"cap", "contention"}}) {
    if (!v.given(key) || scaling == wanted || !block.ok) continue;
    // A default that was written out says nothing.
    if ((std::string_view(key) == "efficiency" && v.number(key) == 1) ||
        (std::string_view(key) != "efficiency" && v.number(key) == 0))
      continue;
    m.problems.add(*node->find(key), join_path(join_path(m.path, "concurrency"), key),
                   fmt::format("means nothing with scaling: {}", scaling),
                   fmt::format("say scaling: {}, or remove it", wanted));
    m.ok = false;
  }
  m.resolved.set("concurrency", block.resolved);
}

}  // namespace windtunnel
