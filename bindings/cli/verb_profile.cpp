// windtunnel profile fit: measurements to a profile.
#include <boost/program_options/value_semantic.hpp>
#include <filesystem>
#include <fstream>

#include "bindings/cli/command_line.hpp"
#include "bindings/cli/open_verb.hpp"
#include "bindings/cli/verb.hpp"
#include "models/fit/profile_text.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace {

/// Under a temporary name, then renamed: a file that is there is whole.
void write_whole(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path temporary = file.string() + ".part";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, file, error);
  if (out && !error) return;
  std::filesystem::remove(temporary, error);
  throw IoError("cannot write " + file.string());
}

ExitCode fit_verb(const ParsedCommand& command) {
  const auto table = read_csv(command.arguments[1]);
  if (!table) return refuse(table.problems());
  const auto text = fitted_profiles(*table);
  if (!text) return refuse(text.problems());
  if (const auto file = command.text("output")) {
    write_whole(*file, *text);
  } else {
    print(*text);
  }
  return kFine;
}

}  // namespace

ExitCode profile_verb(Arguments arguments) {
  CommandLine line = command_line("profile", "fit TABLE.csv [options]",
                                  "Fits the work-span law to measurements of one process alone and prints a profile "
                                  "with its residuals and the range it holds in; from a table of pairs, what company "
                                  "costs. Tables are recognised by their columns: docs/latency.md lists them.");
  line.least = line.most = 2;
  line.options.add_options()("output,o", boost::program_options::value<std::string>()->value_name("FILE"),
                             "write there instead of standard output");
  const auto begun = begin_verb(line, arguments);
  if (const auto* code = std::get_if<ExitCode>(&begun)) return *code;
  const auto& command = std::get<ParsedCommand>(begun);
  const std::string& action = command.arguments.front();
  if (action == "fit") return fit_verb(command);
  const std::vector<std::string_view> known = {"fit"};
  return refuse(Error{"windtunnel profile", "unknown action \"" + action + "\"", suggestion(action, known)});
}

}  // namespace windtunnel::cli
