// Label sets by number, so that evaluating a query compares and groups integers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace windtunnel {

using LabelId = std::uint32_t;
/// Name and value, by name; a label whose value is empty is not there.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// Sorts, and takes out what is empty.
Labels make_labels(Labels labels);
/// The value, or the empty text.
std::string_view label_value(const Labels& labels, std::string_view name);
/// `a="x",b="y"` with the escapes of the exposition formats.
std::string label_text(const Labels& labels);

class LabelPool {
 public:
  LabelId intern(const Labels& labels) {
    const auto [it, fresh] = ids_.try_emplace(labels, static_cast<LabelId>(sets_.size()));
    if (fresh) sets_.push_back(&it->first);
    return it->second;
  }
  [[nodiscard]] const Labels& operator[](LabelId id) const { return *sets_[id]; }
  [[nodiscard]] std::size_t size() const { return sets_.size(); }
  void clear() {
    sets_.clear();
    ids_.clear();
  }

 private:
  std::map<Labels, LabelId> ids_;
  std::vector<const Labels*> sets_;  // keys of ids_, which stay where they are
};

}  // namespace windtunnel
