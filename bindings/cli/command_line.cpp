#include "bindings/cli/command_line.hpp"

#include <fmt/format.h>

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <sstream>

#include "sim/report/text_width.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::cli {
namespace po = boost::program_options;
namespace {

constexpr const char* kPlain = "(plain argument)";  // Boost keeps positional arguments under a name

std::string place(const CommandLine& line) {
  return fmt::format("windtunnel {}", line.verb);
}

std::string see_help(const CommandLine& line) {
  return fmt::format("see windtunnel {} --help", line.verb);
}

Error unknown_option(const CommandLine& line, const std::string& option) {
  std::vector<std::string> names;
  for (const auto& known : line.options.options()) names.push_back("--" + known->long_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  return {place(line), fmt::format("unknown option \"{}\"", option), suggestion(option, views)};
}

Error wrong_count(const CommandLine& line, std::size_t given) {
  const char* what = given < line.least ? "an argument is missing" : "too many arguments";
  return {place(line), what, fmt::format("usage: windtunnel {} {}", line.verb, line.usage)};
}

}  // namespace

std::optional<std::string> ParsedCommand::text(const char* option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::nullopt : std::optional(found->second.as<std::string>());
}

bool ParsedCommand::flag(const char* option) const {
  return options.count(option) > 0;
}

CommandLine command_line(std::string_view verb, std::string_view usage, std::string_view doc) {
  CommandLine line{.verb = verb, .usage = usage, .doc = doc};
  line.options.add_options()("help,h", "show this help");
  return line;
}

Result<ParsedCommand> parse(const CommandLine& line, std::span<const std::string> arguments) {
  po::options_description all;
  all.add(line.options);
  all.add_options()(kPlain, po::value<std::vector<std::string>>());
  po::positional_options_description plain;
  plain.add(kPlain, -1);
  // No guessing: an option that is cut short today may mean another one tomorrow.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  ParsedCommand out;
  try {
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    po::store(po::command_line_parser(words).options(all).positional(plain).style(style).run(), out.options);
    po::notify(out.options);
  } catch (const po::unknown_option& error) {
    const std::string option = error.get_option_name();
    return unknown_option(line, option.substr(0, option.find('=')));
  } catch (const po::error& error) {
    return Error{place(line), error.what(), see_help(line)};
  }
  out.help = out.options.count("help") > 0;
  if (out.options.count(kPlain) > 0) out.arguments = out.options[kPlain].as<std::vector<std::string>>();
  const std::size_t given = out.arguments.size();
  if (!out.help && (given < line.least || given > line.most)) return wrong_count(line, given);
  return out;
}

std::string help_text(const CommandLine& line) {
  std::ostringstream out;
  out << wrap(fmt::format("usage: windtunnel {} {}", line.verb, line.usage), 80, 8) << "\n\n"
      << wrap(line.doc, 80) << "\n\n"
      << line.options;
  return out.str();
}

Result<std::uint64_t> whole_number(std::string_view option, const std::string& text, std::uint64_t least) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < least)
    return Error{std::string(option), fmt::format("\"{}\" is not a whole number from {} up", text, least), ""};
  return value;
}

Result<std::string> table_or_json(const ParsedCommand& command) {
  const std::string format = command.text("format").value_or("table");
  if (format == "table" || format == "json") return format;
  return Error{"--format", fmt::format("unknown format \"{}\"", format), "known: table, json"};
}

}  // namespace windtunnel::cli
