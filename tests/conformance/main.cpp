// windtunnel_conformance: rows of published decisions against the functions the simulator runs.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include <fmt/format.h>

#include "tests/conformance/check_row.hpp"
#include "tests/reference_set.hpp"

namespace {

using namespace windtunnel::conformance;
using nlohmann::json;

constexpr const char* kUsage =
    "usage: windtunnel_conformance [--only TEXT] [FOLDER]\n"
    "  FOLDER     *.json, each {\"family\": ..., \"rows\": [...]}; default $WINDTUNNEL_VECTORS\n"
    "  --only     rows whose family, rule or id contains TEXT\n";

struct Settings {
  std::string folder, only;
  bool help = false;
};

/// @throws std::invalid_argument for an argument there is no such option for
Settings read_settings(int argc, char** argv) {
  Settings out;
  if (const char* folder = std::getenv("WINDTUNNEL_VECTORS")) out.folder = folder;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--only" && i + 1 < argc) {
      out.only = argv[++i];
    } else if (argument == "--help" || argument == "-h") {
      out.help = true;
    } else if (argument.starts_with("-")) {
      throw std::invalid_argument("unknown option " + argument);
    } else {
      out.folder = argument;
    }
  }
  return out;
}

struct Counts {
  int passed = 0, failed = 0, not_understood = 0;
  [[nodiscard]] int total() const { return passed + failed + not_understood; }
  void add(RowState state) {
    ++(state == RowState::passed ? passed : state == RowState::failed ? failed : not_understood);
  }
  void add(const Counts& other) {
    passed += other.passed;
    failed += other.failed;
    not_understood += other.not_understood;
  }
};

bool wanted(const json& row, const std::string& family, const std::string& only) {
  if (only.empty() || family.find(only) != std::string::npos || !row.is_object()) return true;
  for (const char* name : {"op", "metric", "id"}) {
    const auto it = row.find(name);
    if (it != row.end() && it->is_string() && it->get<std::string>().find(only) != std::string::npos) return true;
  }
  return false;
}

Counts check_file(const std::filesystem::path& path, const std::string& only, const Registry& registry) {
  std::ifstream in(path);
  const auto file = json::parse(in, nullptr, false);
  Counts counts;
  if (!file.is_object() || !file.contains("rows") || !file.at("rows").is_array()) {
    fmt::print("    FAILED {}: no object with a list \"rows\"\n", path.filename().string());
    counts.add(RowState::failed);
    return counts;
  }
  const auto named = file.find("family");
  const std::string family =
      named != file.end() && named->is_string() ? named->get<std::string>() : path.stem().string();
  std::string complaints;
  std::set<std::string> reasons;  // each is told once
  int index = 0;
  for (const auto& row : file.at("rows")) {
    const auto place = fmt::format("{}[{}]", path.filename().string(), index++);
    if (!wanted(row, family, only)) continue;
    const auto verdict = check_row(row, place, registry);
    counts.add(verdict.state);
    if (verdict.state == RowState::passed) continue;
    if (verdict.state == RowState::not_understood && !reasons.insert(verdict.note).second) continue;
    complaints += fmt::format("    {} {}: {}\n", verdict.state == RowState::failed ? "FAILED" : "not understood",
                              verdict.id, verdict.note);
  }
  if (counts.total() > 0) {
    fmt::print("{:<26} {:>3} passed {:>3} failed {:>3} not understood\n{}", family, counts.passed, counts.failed,
               counts.not_understood, complaints);
  }
  return counts;
}

int check_all(const Settings& settings) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(settings.folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  const auto registry = all_checkers();
  Counts counts;
  for (const auto& file : files) counts.add(check_file(file, settings.only, registry));
  fmt::print("{} passed, {} failed, {} not understood\n", counts.passed, counts.failed, counts.not_understood);
  return counts.failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return windtunnel::run_reference_set(
      {.program = "windtunnel_conformance",
       .usage = kUsage,
       .variable = "WINDTUNNEL_VECTORS",
       .wanted = "*.json of vector rows"},
      [&] { return read_settings(argc, argv); }, check_all);
}
