#include "sim/scenario/problem_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostPassedOver = 10'000;

}  // namespace

void ProblemList::add(const Node& at, std::string_view path, std::string what, std::string hint) {
  if (is_full()) {
    ++dropped_;
    return;
  }
  std::string where = at.place();
  if (!path.empty()) where += (where.empty() ? "" : ": ") + one_line(path, 200);
  found_.push_back({at.line > 0 && at.source ? *at.source : std::string(),
                    at.line,
                    {std::move(where), one_line(what, 400), one_line(hint, 1000)}});
}

void ProblemList::pass_over(const Node& at, std::string_view path, std::string why) {
  if (passed_over_.size() < kMostPassedOver)
    passed_over_.push_back({at.source ? *at.source : std::string(), at.line, one_line(path, 200), std::move(why)});
}

Problems ProblemList::in_order() const {
  std::vector<std::tuple<std::string_view, int, std::size_t>> order;  // file, line, then as found
  for (std::size_t i = 0; i < found_.size(); ++i) order.emplace_back(found_[i].file, found_[i].line, i);
  std::sort(order.begin(), order.end());
  Problems out;
  for (const auto& [file, line, i] : order) out.push_back(found_[i].error);
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
