#include "sim/report/verdict_table.hpp"

#include <fmt/format.h>

#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"
#include "sim/report/verdict_text.hpp"

namespace windtunnel {
namespace {

void add_path(TextTable& table, const std::string& path) {
  const std::string lines = wrap(path, kTerminalWidth, 4);
  std::size_t from = 0;
  for (std::size_t end; (end = lines.find('\n', from)) != std::string::npos; from = end + 1)
    table.add_heading(lines.substr(from, end - from));
  table.add_heading(lines.substr(from));
}

}  // namespace

std::string verdict_table(const Verdict& verdict) {
  TextTable table({"", "asked", "measured", "missing by"});
  for (const Judgement& judgement : verdict.judgements) {
    add_path(table, judgement.asked.metric);
    table.add_row({fmt::format("  {}", to_string(judgement.outcome)), asked_text(judgement), measured_text(judgement),
                   missing_text(judgement)});
  }
  std::string out = wrap(fmt::format("{}: {}", title_text(verdict), origin_text(verdict)), kTerminalWidth, 2) + "\n\n";
  out += table.render() + '\n';
  for (const std::string& remark : remarks(verdict)) out += wrap(remark, kTerminalWidth, 2) + '\n';
  return out + fmt::format("verdict: {}\n", verdict_text(verdict));
}

}  // namespace windtunnel
