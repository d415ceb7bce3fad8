// windtunnel <verb> [scenario] [options]
#include <fmt/format.h>

#include <array>
#include <exception>
#include <new>
#include <vector>

#include "bindings/cli/verb.hpp"
#include "sim/report/version.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace {

ExitCode help_verb(Arguments arguments);
ExitCode version_verb(Arguments arguments);

constexpr std::array kVerbs = {
    Verb{"run", "one scenario: queries, kills, response times, cost", run_verb},
    Verb{"compare", "variants side by side on the same arrivals", compare_verb},
    Verb{"check", "the verdict on a scenario's `expect`, for CI", check_verb},
    Verb{"export", "what exporters published in a run: OpenMetrics, PromQL over it", export_verb},
    Verb{"list", "what a scenario may name: policies, sharing modes, GPUs, ...", list_verb},
    Verb{"schema", "JSON Schema of a scenario file", schema_verb},
    Verb{"trace", "what a recorded trace holds", trace_verb},
    Verb{"profile", "measurements to a model profile", profile_verb},
    Verb{"recommend", "memory limits, from a recording of Prometheus or a scenario", recommend_verb},
    Verb{"validate", "how wrong the simulator is, beside measured tables", validate_verb},
    Verb{"version", "version of this program", version_verb},
    Verb{"help", "this text, or the help of a verb", help_verb},
};

std::string overview() {
  std::string out =
      "usage: windtunnel VERB [arguments]\n\nA wind tunnel for autoscaling policies of GPU inference.\n\n";
  for (const Verb& verb : kVerbs) out += fmt::format("  {:<9} {}\n", verb.name, verb.doc);
  out +=
      "\nwindtunnel VERB --help says more. Exit codes: 0 fine, 1 the verdict was not met,\n"
      "2 bad input, 70 internal or I/O failure, 130 interrupted.\n";
  return out;
}

const Verb* find_verb(std::string_view name) {
  for (const Verb& verb : kVerbs)
    if (verb.name == name) return &verb;
  return nullptr;
}

ExitCode unknown_verb(const std::string& name) {
  std::vector<std::string_view> known;
  for (const Verb& verb : kVerbs) known.push_back(verb.name);
  const bool is_option = name.starts_with("-");
  return refuse(Error{"windtunnel", fmt::format("unknown {} \"{}\"", is_option ? "option" : "verb", name),
                      suggestion(name, known, true)});
}

ExitCode help_verb(Arguments arguments) {
  if (arguments.empty() || arguments[0].starts_with("-") || arguments[0] == "help") {
    print(overview());
    return kFine;
  }
  const Verb* verb = find_verb(arguments[0]);
  if (verb == nullptr) return unknown_verb(arguments[0]);
  const std::array help = {std::string("--help")};
  return verb->run(help);
}

ExitCode version_verb(Arguments) {
  print(fmt::format("windtunnel {}\n", version()));
  return kFine;
}

ExitCode dispatch(Arguments words) {
  if (words.empty()) {
    say(overview());
    return kBadInput;
  }
  if (words[0] == "--help" || words[0] == "-h") return help_verb({});
  if (words[0] == "--version") return version_verb({});
  const Verb* verb = find_verb(words[0]);
  return verb != nullptr ? verb->run(words.subspan(1)) : unknown_verb(words[0]);
}

/// The one place where exceptions end: each becomes a message and an exit code.
ExitCode run_main(Arguments words) {
  try {
    return dispatch(words);
  } catch (const InputError& error) {
    return refuse(error.error());
  } catch (const std::bad_alloc&) {
    say("windtunnel: out of memory");
  } catch (const std::exception& error) {
    say(fmt::format("windtunnel: {}", error.what()));
  }
  return kFailure;
}

}  // namespace
}  // namespace windtunnel::cli

int main(int argc, char** argv) {
  windtunnel::cli::ignore_broken_pipes();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return windtunnel::cli::run_main(words);
}
