#include "sim/report/verdict_markdown.hpp"

#include <fmt/format.h>

#include "sim/report/text_escape.hpp"
#include "sim/report/verdict_text.hpp"

namespace windtunnel {

std::string verdict_markdown(const Verdict& verdict) {
  std::string out = fmt::format("### windtunnel check: {}\n\n{}, {}\n\n", verdict_text(verdict),
                                markdown_code(title_text(verdict)), origin_text(verdict));
  out += "| | metric | asked | measured | missing by |\n| --- | --- | --- | ---: | ---: |\n";
  for (const Judgement& judgement : verdict.judgements) {
    const std::string outcome(to_string(judgement.outcome));
    out +=
        fmt::format("| {} | {} | {} | {} | {} |\n", judgement.outcome == Outcome::met ? outcome : "**" + outcome + "**",
                    markdown_code(judgement.asked.metric), asked_text(judgement), measured_text(judgement),
                    markdown_text(missing_text(judgement)));
  }
  out += '\n';
  for (const std::string& remark : remarks(verdict)) out += markdown_text(remark) + "\n\n";
  out.pop_back();
  return out;
}

}  // namespace windtunnel
