#include "sim/report/compare_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/report/compare_rows.hpp"
#include "sim/report/duration_text.hpp"
#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kNarrowestColumn = 8;
constexpr int kWidestColumn = 16;

struct Line {
  std::string label;
  std::vector<std::string> cells;  ///< empty for a heading
};

std::string cell_text(const Figure& figure, std::string (*show)(double)) {
  std::string text = show(figure.value);
  if (std::isfinite(figure.ci95) && figure.ci95 != 0) text += " \xc2\xb1" + show(figure.ci95);
  return text;
}

std::vector<Line> lines_of(std::span<const ComparedVariant> variants) {
  std::vector<Line> lines;
  for (const CompareRow& row : compare_rows(variants)) {
    if (!row.read) {
      lines.push_back({row.label, {}});
      continue;
    }
    std::vector<std::string> cells;
    bool any_nonzero = false;
    for (const ComparedVariant& variant : variants) {
      const Figure figure = row.read(*variant.summary);
      any_nonzero = any_nonzero || figure.is_nonzero();
      cells.push_back(cell_text(figure, row.show));
    }
    if (any_nonzero || !row.only_if_nonzero) lines.push_back({row.label, std::move(cells)});
  }
  return lines;
}

std::string header(std::span<const ComparedVariant> variants) {
  const Json& first = *variants.front().summary;
  const auto replications = first.value("replications", 1);
  std::string line = fmt::format("{}: {} variants on the same arrivals, seed {}", first.value("scenario", ""),
                                 variants.size(), first.value("seed", std::uint64_t{0}));
  if (replications > 1) line += fmt::format(", {} replications", replications);
  const double horizon_s = figure_at(first, {}, "horizon_s").value;
  line += std::isfinite(horizon_s) ? ", horizon " + duration_text(horizon_s) : ", run until empty";
  if (const double warm_up_s = figure_at(first, {}, "warm_up_s").value; warm_up_s > 0)
    line += ", warm-up " + duration_text(warm_up_s);
  std::string out = wrap(line, kTerminalWidth, 2) + '\n';
  if (replications > 1) out += "Means over replications; \xc2\xb1 is half the width of a 95 % interval.\n";
  return out;
}

struct Layout {
  int label = 0, column = 0;
  std::size_t per_block = 1;
};

/// As many columns as fit beside the labels; names of variants give way before figures do.
Layout layout_of(std::span<const ComparedVariant> variants, const std::vector<Line>& lines) {
  Layout layout;
  int figures = kNarrowestColumn, names = 0;
  for (const ComparedVariant& variant : variants) names = std::max(names, display_width(variant.name));
  for (const Line& line : lines) {
    if (line.cells.empty()) continue;
    layout.label = std::max(layout.label, display_width(line.label));
    for (const std::string& cell : line.cells) figures = std::max(figures, display_width(cell));
  }
  layout.label = std::min(layout.label, kWidestLabel);
  layout.per_block =
      std::min(variants.size(), static_cast<std::size_t>((kTerminalWidth - layout.label) / (figures + 2)));
  const int room = (kTerminalWidth - layout.label) / static_cast<int>(layout.per_block) - 2;
  layout.column = std::max(figures, std::min({names, room, kWidestColumn}));
  return layout;
}

std::string block(std::span<const ComparedVariant> variants, const std::vector<Line>& lines, std::size_t from,
                  const Layout& layout) {
  const std::size_t to = std::min(variants.size(), from + layout.per_block);
  std::string out(static_cast<std::size_t>(layout.label), ' ');
  for (std::size_t i = from; i < to; ++i) out += "  " + pad_left(variants[i].name, layout.column);
  out += '\n';
  for (const Line& line : lines) {
    if (line.cells.empty()) {
      out += fit(line.label, kTerminalWidth) + '\n';
      continue;
    }
    out += pad_right(line.label, layout.label);
    for (std::size_t i = from; i < to; ++i) out += "  " + pad_left(line.cells[i], layout.column);
    out += '\n';
  }
  return out;
}

/// A note that all variants share stands once; others say whose they are.
std::string notes(std::span<const ComparedVariant> variants) {
  std::string out;
  std::vector<Json> shown;
  for (const ComparedVariant& variant : variants)
    for (const Json& note : variant.summary->at("notes")) {
      if (std::find(shown.begin(), shown.end(), note) != shown.end()) continue;
      shown.push_back(note);
      std::string whose;
      std::size_t having = 0;
      for (const ComparedVariant& other : variants) {
        const Json& theirs = other.summary->at("notes");
        if (std::find(theirs.begin(), theirs.end(), note) == theirs.end()) continue;
        whose += (having++ == 0 ? "" : ", ") + other.name;
      }
      const std::string who = having == variants.size() ? "" : " (" + whose + ")";
      out += wrap("Note" + who + ": " + note.get<std::string>(), kTerminalWidth, 2) + '\n';
    }
  return out;
}

}  // namespace

std::string compare_table(std::span<const ComparedVariant> variants) {
  const std::vector<Line> lines = lines_of(variants);
  const Layout layout = layout_of(variants, lines);
  std::string out = header(variants);
  for (std::size_t from = 0; from < variants.size(); from += layout.per_block)
    out += '\n' + block(variants, lines, from, layout);
  const std::string remarks = notes(variants);
  if (!remarks.empty()) out += '\n' + remarks;
  return out;
}

}  // namespace windtunnel
