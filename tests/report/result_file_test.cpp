#include "sim/report/result_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "sim/core/error.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace result_file_test {

using testing::example_run;
using testing::example_scenario;
using testing::TemporaryFolder;
using Json = nlohmann::json;

std::string python() {
  const char* given = std::getenv("WINDTUNNEL_PYTHON");
  return given != nullptr ? given : "/usr/bin/python3";
}

struct Finished {
  int status = -1;
  std::string out;
};

Finished run_python(const std::string& script, const std::filesystem::path& argument) {
  const std::string command = python() + " -c '" + script + "' '" + argument.string() + "' 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  Finished finished;
  std::array<char, 4096> block{};
  for (std::size_t n; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) finished.out.append(block.data(), n);
  finished.status = ::pclose(pipe);
  return finished;
}

#define SKIP_WITHOUT_H5PY()                                                                      \
  do {                                                                                           \
    if (run_python("import h5py", "").status != 0)                                               \
      GTEST_SKIP() << python() << " has no h5py; install python3-h5py or set WINDTUNNEL_PYTHON"; \
  } while (false)

constexpr int kSamples = 3000;  // more than two chunks

void follow_a_run(ResultFile& file) {
  const std::vector<Series> series = {{.name = "models.quality.backlog", .unit = "1", .min = {}, .mean = {}, .max = {}},
                                      {.name = "gpu/0.memory_used", .unit = "bytes", .min = {}, .mean = {}, .max = {}}};
  file.on_series(series);
  for (int i = 0; i < kSamples; ++i) file.on_sample(0.5 * i, {1.0 * i, 2.0 * i});
  file.on_decision({.at = SimTime{std::chrono::seconds(15)},
                    .model = 1,
                    .current = 2,
                    .ready = 1,
                    .proposed = 9,
                    .desired = 4,
                    .value = 3.25,
                    .reason = "backlog " + std::string(200, 'x')});
  file.on_kill({.at = SimTime{std::chrono::milliseconds(61200)},
                .replica = 7,
                .model = 0,
                .node = kNone,
                .gpu = 3,
                .cause = KillCause::own_vram_limit,
                .mechanism = KillMechanism::sigkill,
                .exit_code = 137,
                .reason = "OOMKilled",
                .ledger_at = SimTime{std::chrono::milliseconds(1200)},
                .asked = {100},
                .own_used = {200},
                .device_used = {300},
                .device_size = {400},
                .host_used = {500},
                .host_limit = {600},
                .queries_lost = 2,
                .sharers = 4,
                .culprit_model = 1,
                .culprit_replica = 5,
                .blast_radius = 3});
  file.on_holdings({{.model = 0,
                     .replica = 7,
                     .context = {10},
                     .weights = {20},
                     .reserved = {30},
                     .since = SimTime{std::chrono::seconds(4)}},
                    {.model = 1, .replica = 5, .context = {11}, .weights = {21}, .reserved = {31}}});
  file.on_history({{.at = SimTime{std::chrono::seconds(3)},
                    .model = 1,
                    .replica = 5,
                    .part = MemoryPart::weights,
                    .change = {21},
                    .own_used = {32},
                    .total_used = {90}},
                   {.at = SimTime{std::chrono::seconds(4)},
                    .model = 0,
                    .replica = 7,
                    .part = MemoryPart::work,
                    .refused = true,
                    .change = {50},
                    .own_used = {60},
                    .total_used = {90}}});
  file.finish(example_run());
}

constexpr const char* kDump = R"py(
import h5py, json, sys
out = {}
def visit(name, item):
    if isinstance(item, h5py.Dataset):
        text = item.dtype.kind == "S"
        values = [v.decode() for v in item[:]] if text else item[:].tolist()
        out[name] = {"values": values, "unit": item.attrs.get("unit")}
    else:
        out[name] = {k: int(v) for k, v in item.attrs.items()}
with h5py.File(sys.argv[1], "r") as f:
    f.visititems(visit)
    out["attributes"] = {k: (v if isinstance(v, str) else int(v)) for k, v in f.attrs.items()}
print(json.dumps(out))
)py";

TEST(ResultFile, KeepsTheLedgerOfKillsToASizeAndSaysHowManyItLeftOut) {
  SKIP_WITHOUT_H5PY();
  const TemporaryFolder folder;
  {
    ResultFile file(folder.path() / "result.h5", example_scenario(), 7);
    const std::vector<DeviceHolding> holders(1000);
    for (int kill = 0; kill < 210; ++kill) {
      file.on_kill({});
      file.on_holdings(holders);
    }
    file.finish(example_run());
  }
  const Finished finished = run_python(
      "import h5py,sys; g=h5py.File(sys.argv[1])[\"kill_ledger\"]; "
      "print(len(g[\"kill\"]), g[\"kill\"][-1], g.attrs[\"kills_dropped\"])",
      folder.path() / "result.h5");
  EXPECT_EQ(finished.out, "200000 199 10\n");
}

TEST(ResultFile, OpensInH5pyWithValuesAndUnits) {
  SKIP_WITHOUT_H5PY();
  const TemporaryFolder folder;
  {
    ResultFile file(folder.path() / "result.h5", example_scenario(), 7);
    follow_a_run(file);
  }
  const Finished finished = run_python(kDump, folder.path() / "result.h5");
  ASSERT_EQ(finished.status, 0) << finished.out;
  const Json out = Json::parse(finished.out);

  EXPECT_EQ(out["attributes"]["schema"], 1);
  EXPECT_EQ(out["attributes"]["scenario"], "room-pipeline");
  EXPECT_EQ(out["attributes"]["digest"], "0123456789abcdef");
  EXPECT_EQ(out["attributes"]["seed"], 7);
  EXPECT_EQ(out["attributes"]["version"], "0.1.0");

  EXPECT_EQ(out["series/time_s"]["unit"], "s");
  ASSERT_EQ(out["series/time_s"]["values"].size(), std::size_t{kSamples});
  EXPECT_EQ(out["series/time_s"]["values"][2999], 1499.5);
  EXPECT_EQ(out["series/models.quality.backlog"]["values"][2500], 2500.0);
  EXPECT_EQ(out["series/gpu%2F0.memory_used"]["unit"], "bytes");
  EXPECT_EQ(out["series/gpu%2F0.memory_used"]["values"][1024], 2048.0);

  EXPECT_EQ(out["decisions/model"]["values"], Json{"quality"});
  EXPECT_EQ(out["decisions/at_s"]["values"], Json{15.0});
  EXPECT_EQ(out["decisions/proposed"]["values"], Json{9});
  EXPECT_EQ(out["decisions/value"]["values"], Json{3.25});
  EXPECT_EQ(out["decisions/reason"]["values"][0].get<std::string>().substr(0, 9), "backlog x");

  EXPECT_EQ(out["kills/cause"]["values"], Json{"own_vram_limit"});
  EXPECT_EQ(out["kills/mechanism"]["values"], Json{"sigkill"});
  EXPECT_EQ(out["kills/exit_code"]["values"], Json{137});
  EXPECT_EQ(out["kills/reason"]["values"], Json{"OOMKilled"});
  EXPECT_EQ(out["kills/ledger_at_s"]["values"], Json{1.2});
  EXPECT_EQ(out["kills/node"]["values"], Json{-1});
  int expected = 100;
  for (const char* column : {"asked_bytes", "own_used_bytes", "device_used_bytes", "device_size_bytes",
                             "host_used_bytes", "host_limit_bytes"}) {
    EXPECT_EQ(out[std::string("kills/") + column]["values"], Json{expected}) << column;
    EXPECT_EQ(out[std::string("kills/") + column]["unit"], "bytes") << column;
    expected += 100;
  }
  EXPECT_EQ(out["kills/sharers"]["values"], Json{4});
  EXPECT_EQ(out["kills/culprit_model"]["values"], Json{"quality"});
  EXPECT_EQ(out["kills/culprit_replica"]["values"], Json{5});
  EXPECT_EQ(out["kills/blast_radius"]["values"], Json{3});
  EXPECT_EQ(out["kill_ledger/kill"]["values"], (Json{0, 0}));
  EXPECT_EQ(out["kill_ledger/model"]["values"], (Json{"room-scene", "quality"}));
  EXPECT_EQ(out["kill_ledger/replica"]["values"], (Json{7, 5}));
  EXPECT_EQ(out["kill_ledger/context_bytes"]["values"], (Json{10, 11}));
  EXPECT_EQ(out["kill_ledger/weights_bytes"]["values"], (Json{20, 21}));
  EXPECT_EQ(out["kill_ledger/reserved_bytes"]["values"], (Json{30, 31}));
  EXPECT_EQ(out["kill_ledger/since_s"]["values"], (Json{4.0, 0.0}));
  EXPECT_EQ(out["kill_ledger/reserved_bytes"]["unit"], "bytes");
  EXPECT_EQ(out["kill_ledger"]["kills_dropped"], 0);
  EXPECT_EQ(out["kill_history/kill"]["values"], (Json{0, 0}));
  EXPECT_EQ(out["kill_history/at_s"]["values"], (Json{3.0, 4.0}));
  EXPECT_EQ(out["kill_history/model"]["values"], (Json{"quality", "room-scene"}));
  EXPECT_EQ(out["kill_history/replica"]["values"], (Json{5, 7}));
  EXPECT_EQ(out["kill_history/part"]["values"], (Json{"weights", "work"}));
  EXPECT_EQ(out["kill_history/refused"]["values"], (Json{0, 1}));
  EXPECT_EQ(out["kill_history/change_bytes"]["values"], (Json{21, 50}));
  EXPECT_EQ(out["kill_history/own_bytes"]["values"], (Json{32, 60}));
  EXPECT_EQ(out["kill_history/total_bytes"]["values"], (Json{90, 90}));
  EXPECT_EQ(out["kill_history/total_bytes"]["unit"], "bytes");
  EXPECT_EQ(out["kill_history"]["kills_dropped"], 0);

  const Json counts = out["histograms/room-scene/response_time/count"]["values"];
  std::uint64_t sum = 0;
  for (const Json& count : counts) sum += count.get<std::uint64_t>();
  EXPECT_EQ(sum, 990U);
  EXPECT_EQ(out["histograms/room-scene/response_time/lower_edge_s"]["unit"], "s");
  EXPECT_TRUE(out.contains("histograms/quality/queueing_delay/count"));
  EXPECT_TRUE(out.contains("pipeline_histograms/render/response_time/count"));
}

TEST(ResultFile, HasTheSameBytesForTheSameRun) {
  const TemporaryFolder folder;
  for (const char* name : {"a.h5", "b.h5"}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // HDF5 would note the second it was made in
    ResultFile file(folder.path() / name, example_scenario(), 7);
    follow_a_run(file);
  }
  EXPECT_TRUE(testing::read_file(folder.path() / "a.h5") == testing::read_file(folder.path() / "b.h5"));
}

TEST(ResultFile, TwoMayBeWrittenByTwoThreads) {
  const TemporaryFolder folder;
  {
    std::vector<std::jthread> threads;
    for (const char* name : {"a.h5", "b.h5"})
      threads.emplace_back([&, name] {
        ResultFile file(folder.path() / name, example_scenario(), 7);
        follow_a_run(file);
      });
  }
  EXPECT_TRUE(testing::read_file(folder.path() / "a.h5") == testing::read_file(folder.path() / "b.h5"));
}

// A process of its own with a limit on file size stands for a full disk.
TEST(ResultFile, ThrowsWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8192, 8192};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int code = 1;
    try {
      ResultFile file(folder.path() / "result.h5", example_scenario(), 7);
      follow_a_run(file);
    } catch (const IoError&) {
      code = 42;
    } catch (...) {
      code = 2;
    }
    ::_exit(code);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

}  // namespace result_file_test
}  // namespace windtunnel
