// windtunnel_theory: every reference file of a folder against this engine.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "tests/reference_set.hpp"
#include "tests/theory/check_case.hpp"
#include "tests/theory/fields.hpp"

namespace {

using namespace windtunnel::theory;

constexpr const char* kUsage =
    "usage: windtunnel_theory [--quick | --full] [--only TEXT] [--threads N] [FOLDER]\n"
    "  FOLDER     *.json in the oracle/1 format; default $WINDTUNNEL_ORACLES\n"
    "  --quick    of each family the case with the fewest planned queries\n"
    "  --full     four times the planned length\n"
    "  --only     cases whose id contains TEXT\n";

struct Settings {
  std::string folder;
  std::string only;
  bool quick = false, help = false;
  CheckOptions check;
};

/// @throws std::invalid_argument for an argument there is no such option for
Settings read_settings(int argc, char** argv) {
  Settings out;
  if (const char* folder = std::getenv("WINDTUNNEL_ORACLES")) out.folder = folder;
  out.check.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool more = i + 1 < argc;
    if (argument == "--quick") {
      out.quick = true;
    } else if (argument == "--full") {
      out.check.length = 4;
    } else if (argument == "--only" && more) {
      out.only = argv[++i];
    } else if (argument == "--threads" && more) {
      out.check.threads = std::max(1, std::atoi(argv[++i]));
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

OracleCase load(const std::filesystem::path& path) {
  std::ifstream in(path);
  const auto json = nlohmann::json::parse(in, nullptr, false);
  if (!json.is_discarded()) return read_case(json, path.filename().string());
  OracleCase broken;
  broken.id = path.filename().string();
  broken.not_understood = "not JSON";
  return broken;
}

std::vector<OracleCase> load_all(const Settings& settings) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(settings.folder)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  std::vector<OracleCase> cases;
  for (const auto& file : files) {
    auto oracle = load(file);
    if (oracle.id.find(settings.only) != std::string::npos) cases.push_back(std::move(oracle));
  }
  if (!settings.quick) return cases;
  std::map<std::string, double> fewest;
  for (const auto& oracle : cases) {
    const auto [it, fresh] = fewest.try_emplace(oracle.family, oracle.plan.jobs_per_replication);
    if (!fresh) it->second = std::min(it->second, oracle.plan.jobs_per_replication);
  }
  std::set<std::string> taken;
  std::erase_if(cases, [&](const OracleCase& oracle) {
    return oracle.plan.jobs_per_replication > fewest[oracle.family] || !taken.insert(oracle.family).second;
  });
  return cases;
}

void print(const OracleCase& oracle, const CaseReport& report, double seconds) {
  double worst = 0;
  for (const auto& row : report.rows) worst = std::max(worst, std::abs(row.z));
  fmt::print("{:<36} {:>3} passed {:>3} failed {:>3} not understood  worst |z| {:4.2f}  length x{}  {:.1f} s\n",
             oracle.id, report.count(RowState::passed), report.count(RowState::failed),
             report.count(RowState::not_understood), worst, report.length, seconds);
  std::set<std::string> reasons;
  for (const auto& row : report.rows) {
    if (row.state == RowState::failed) {
      fmt::print("    FAILED {}: expected {:.9g}, seen {:.9g}, SE {:.2g}, z {:.2f}: {}\n", row.name, row.target,
                 row.seen.mean, row.seen.error, row.z, row.note);
    } else if (row.state == RowState::not_understood && reasons.insert(row.note).second) {
      fmt::print("    not understood: {}\n", row.note);
    }
  }
  std::cout.flush();
}

/// One random quantity of each case, so that a bias too small for any single check adds up.
struct Shift {
  double sum = 0, squares = 0;
  int count = 0;
  void add(const OracleCase& oracle, const CaseReport& report) {
    for (std::size_t i = 0; i < report.rows.size(); ++i) {
      const bool random = i < oracle.quantities.size() && oracle.quantities[i].tolerance != ToleranceKind::exact;
      if (!random || report.rows[i].state == RowState::not_understood || !std::isfinite(report.rows[i].z)) continue;
      sum += report.rows[i].z;
      squares += report.rows[i].z * report.rows[i].z;
      ++count;
      return;
    }
  }
};

int check_all(const Settings& settings) {
  int passed = 0, failed = 0, not_understood = 0;
  Shift shift;
  for (const auto& oracle : load_all(settings)) {
    const auto start = std::chrono::steady_clock::now();
    const auto report = check_case(oracle, settings.check);
    print(oracle, report, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    passed += report.count(RowState::passed);
    failed += report.count(RowState::failed);
    not_understood += report.count(RowState::not_understood);
    shift.add(oracle, report);
  }
  if (shift.count > 0) {
    fmt::print(
        "first value of each of {} cases: sum z / sqrt(m) = {:.2f} (standard normal), sum z^2 = {:.1f} "
        "(chi-square, {} degrees)\n",
        shift.count, shift.sum / std::sqrt(shift.count), shift.squares, shift.count);
  }
  fmt::print("{} passed, {} failed, {} not understood\n", passed, failed, not_understood);
  return failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  return windtunnel::run_reference_set(
      {.program = "windtunnel_theory",
       .usage = kUsage,
       .variable = "WINDTUNNEL_ORACLES",
       .wanted = "*.json in the oracle/1 format"},
      [&] { return read_settings(argc, argv); }, check_all);
}
