#include "sim/scenario/problem_list.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/suggest.hpp"

namespace windtunnel {

void ProblemList::add(const Node& at, std::string_view path, std::string what, std::string hint) {
  if (found_.size() >= kMostShown) {
    ++dropped_;
    return;
  }
  std::string where = at.place();
  if (!path.empty()) where += (where.empty() ? "" : ": ") + std::string(path);
  found_.push_back({at.line, {std::move(where), std::move(what), std::move(hint)}});
}

Problems ProblemList::in_order() const {
  std::vector<const Found*> sorted;
  for (const auto& found : found_) sorted.push_back(&found);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Found* a, const Found* b) { return a->line < b->line; });
  Problems out;
  for (const auto* found : sorted) out.push_back(found->error);
  if (dropped_ > 0) out.push_back({"", fmt::format("and {} more problems", dropped_), "mend these first"});
  return out;
}

std::string join_path(std::string_view parent, std::string_view key) {
  const bool dotted = key.find('.') != std::string_view::npos;
  const std::string name = dotted ? "\"" + std::string(key) + "\"" : std::string(key);
  return parent.empty() ? name : std::string(parent) + "." + name;
}

void report_unknown(ProblemList& problems, const Node& node, const std::string& path, std::string_view kind,
                    std::string_view name, std::span<const std::string_view> known) {
  if (name.empty())
    problems.add(node, path, fmt::format("is {}, not the name of a {}", node.describe(), kind),
                 suggestion("", known, true));
  else
    problems.add(node, path, fmt::format("unknown {} \"{}\"", kind, name), suggestion(name, known, true));
}

}  // namespace windtunnel
