#include "tests/e2e/program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "sim/report/text_width.hpp"

namespace windtunnel::e2e {
namespace fs = std::filesystem;
namespace {

fs::path fresh_folder() {
  std::string name = (fs::temp_directory_path() / "windtunnel-e2e-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

int output_of(Start::Output output, const fs::path& file) {
  if (output == Start::Output::full_disk) return ::open("/dev/full", O_WRONLY);
  if (output == Start::Output::kept) return ::open(file.c_str(), O_WRONLY | O_CREAT, 0600);
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  ::close(ends[0]);
  return ends[1];
}

/// The two ends of a terminal: what the program writes to `inner` can be read from `outer`.
struct Terminal {
  int outer = -1, inner = -1;
};

Terminal open_terminal() {
  Terminal terminal;
  terminal.outer = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal.outer < 0 || ::grantpt(terminal.outer) != 0 || ::unlockpt(terminal.outer) != 0)
    throw std::runtime_error("no terminal");
  terminal.inner = ::open(::ptsname(terminal.outer), O_RDWR | O_NOCTTY);
  return terminal;
}

std::string read_all(int descriptor) {
  std::string out;
  char block[4096];
  for (ssize_t n; (n = ::read(descriptor, block, sizeof block)) > 0;) out.append(block, static_cast<std::size_t>(n));
  return out;
}

void set_environment(const Start& start) {
  for (const char* variable :
       {"GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "TF_BUILD", "BUILD_SOURCESDIRECTORY"})
    ::unsetenv(variable);
  for (const auto& [variable, value] : start.environment) ::setenv(variable.c_str(), value.c_str(), 1);
}

int wait_for(pid_t pid, std::chrono::seconds limit) {
  const auto give_up = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > give_up) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Finished run_program(const std::vector<std::string>& arguments, const Start& start) {
  const fs::path streams = fresh_folder();
  std::vector<std::string> words = {WINDTUNNEL_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int out = output_of(start.output, streams / "out");
  Terminal terminal;
  if (start.terminal) terminal = open_terminal();
  const int err = start.terminal ? terminal.inner : output_of(Start::Output::kept, streams / "err");

  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    std::signal(SIGPIPE, SIG_DFL);
    set_environment(start);
    if (::chdir(start.folder.c_str()) == 0) ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(out);
  ::close(err);
  if (start.meanwhile) start.meanwhile(pid);
  Finished finished;
  std::thread reader;
  if (start.terminal) reader = std::thread([&] { finished.err = read_all(terminal.outer); });
  finished.exit_code = wait_for(pid, start.limit);
  finished.out = read_file(streams / "out");
  if (start.terminal) {
    reader.join();
    ::close(terminal.outer);
  } else {
    finished.err = read_file(streams / "err");
  }
  fs::remove_all(streams);
  return finished;
}

Finished run_program(const std::vector<std::string>& arguments) {
  return run_program(arguments, {});
}

std::string small_scenario() {
  return R"(schema: 1
name: small
seed: 3
horizon: 10m
warm_up: 1m
models:
  scene: {service_time: {law: exponential, mean: 300ms}, slo: {response_time_p95: 2s}}
  quality: {service_time: {law: exponential, mean: 100ms}}
pipelines:
  render: {stages: [scene, quality], slo: {response_time_p95: 3s}}
workload:
  - {pipeline: render, arrivals: {process: poisson, rate: 1.5/s}}
cluster:
  node_pools:
    pool: {gpu: A10G, nodes: 2, sharing: exclusive}
compare:
  - {name: alone, set: {cluster.node_pools.pool.sharing: exclusive}}
  - {name: time slicing, set: {cluster.node_pools.pool.sharing: {mode: time_slicing, replicas: 2}}}
)";
}

std::string endless_scenario() {
  std::string text = small_scenario();
  text.replace(text.find("10m"), 3, "3000d");
  return text;
}

Workplace::Workplace(const std::string& scenario) : path_(fresh_folder()) {
  std::ofstream(path_ / "scenario.yaml") << scenario;
}

Workplace::~Workplace() {
  fs::remove_all(path_);
}

std::vector<std::string> Workplace::left_behind() const {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(path_))
    if (entry.path().filename() != "scenario.yaml") out.push_back(fs::relative(entry.path(), path_).string());
  std::sort(out.begin(), out.end());
  return out;
}

Finished Workplace::run(const std::vector<std::string>& arguments, Start start) const {
  start.folder = path_;
  return run_program(arguments, start);
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int widest_line(const std::string& text) {
  int widest = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    widest = std::max(widest, display_width(text.substr(from, end - from)));
    from = end + 1;
  }
  return widest;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace windtunnel::e2e
