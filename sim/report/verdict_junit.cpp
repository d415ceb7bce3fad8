#include "sim/report/verdict_junit.hpp"

#include <fmt/format.h>

#include "sim/report/text_escape.hpp"
#include "sim/report/verdict_text.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_text(value));
}

std::string property(std::string_view name, std::string_view value) {
  return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
}

std::string properties(const Verdict& verdict) {
  std::string out = "    <properties>\n";
  out += property("seed", std::to_string(verdict.seed));
  out += property("replications", std::to_string(verdict.replications));
  out += property("digest", verdict.digest);
  if (!verdict.variant.empty()) out += property("variant", verdict.variant);
  return out + "    </properties>\n";
}

std::string test_case(const Verdict& verdict, const Judgement& judgement) {
  const ExpectSpec& asked = judgement.asked;
  std::string out = "    <testcase";
  out += attribute("classname", verdict.variant.empty() ? verdict.scenario : verdict.scenario + "." + verdict.variant);
  out += attribute("name", fmt::format("{} {} {}", asked.metric, asked.bound, format_number(asked.value)));
  out += attribute("file", verdict.file);
  if (asked.line > 0) out += attribute("line", std::to_string(asked.line));
  const std::string reason = reason_text(judgement);
  if (judgement.outcome == Outcome::met)
    return out + ">\n      <system-out>" + xml_text(reason) + "</system-out>\n    </testcase>\n";
  out += ">\n      <failure" + attribute("message", reason) + attribute("type", to_string(judgement.outcome)) + ">";
  return out + xml_text(reason) + "</failure>\n    </testcase>\n";
}

}  // namespace

std::string verdict_junit(const Verdict& verdict) {
  const std::size_t all = verdict.judgements.size();
  const std::string counts =
      fmt::format(" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\"", all, all - verdict.count(Outcome::met));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += "<testsuites" + attribute("name", "windtunnel check") + counts + ">\n";
  out += "  <testsuite" + attribute("name", title_text(verdict)) + counts + ">\n";
  out += properties(verdict);
  for (const Judgement& judgement : verdict.judgements) out += test_case(verdict, judgement);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace windtunnel
