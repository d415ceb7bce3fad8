#include "sim/runset/run_set.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "sim/report/observer_pair.hpp"

namespace windtunnel {
namespace {

using Failure = std::variant<Problems, std::exception_ptr>;

constexpr auto kProgressInterval = std::chrono::milliseconds(100);
constexpr std::size_t kNoFailure = static_cast<std::size_t>(-1);

class Runner {
 public:
  Runner(std::span<const RunJob> jobs, const Simulate& simulate, const RunSetOptions& options,
         const OnResult& on_result)
      : jobs_(jobs), simulate_(simulate), options_(options), on_result_(on_result), states_(jobs.size()) {}

  Result<RunSetEnd> run() {
    const std::size_t wanted = options_.threads > 0 ? static_cast<std::size_t>(options_.threads)
                                                    : std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::min(wanted, jobs_.size());
    if (threads <= 1)
      work(/*inline_progress=*/true);  // no thread, no cost: the speed of one run is measured so
    else
      run_on_threads(threads);
    for (const JobState& state : states_) {
      if (!state.failure) continue;
      if (const auto* thrown = std::get_if<std::exception_ptr>(&*state.failure)) std::rethrow_exception(*thrown);
      return std::get<Problems>(*state.failure);
    }
    const bool all = std::all_of(states_.begin(), states_.end(), [](const JobState& state) { return state.finished; });
    return all ? RunSetEnd::finished : RunSetEnd::stopped;
  }

  /// Notes how far a job is. @return false when it shall stop
  bool note_progress(std::size_t index, double share, std::uint64_t queries, bool inline_progress) {
    states_[index].share.store(share, std::memory_order_relaxed);
    states_[index].queries.store(queries, std::memory_order_relaxed);
    if (inline_progress) tell_progress();
    return !must_stop(index);
  }

 private:
  struct JobState {
    std::atomic<double> share = 0;
    std::atomic<std::uint64_t> queries = 0;
    std::atomic<bool> ended = false;
    bool finished = false;  // this and the next are written by the job's thread, read after it ended
    std::optional<Failure> failure;
  };

  /// Beside the observer of a job: tells progress, and stops the run when asked.
  class Progress final : public RunObserver {
   public:
    Progress(Runner& runner, std::size_t index, bool inline_progress)
        : runner_(runner), index_(index), inline_progress_(inline_progress) {}
    bool on_progress(double simulated_s, double horizon_s, std::uint64_t queries) override {
      const bool known = horizon_s > 0 && horizon_s < kMaxSeconds;
      const double share = known ? std::clamp(simulated_s / horizon_s, 0.0, 1.0) : 0.0;
      return runner_.note_progress(index_, share, queries, inline_progress_);
    }
    [[nodiscard]] bool wants_decisions() const override { return false; }

   private:
    Runner& runner_;
    std::size_t index_;
    bool inline_progress_;
  };

  [[nodiscard]] bool must_stop(std::size_t index) const {
    const bool asked = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    return asked || index > first_failed_.load(std::memory_order_relaxed);
  }

  void run_on_threads(std::size_t count) {
    std::mutex mutex;
    std::condition_variable ended;
    std::size_t running = count;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i)
      threads.emplace_back([&] {
        work(/*inline_progress=*/false);
        const std::lock_guard lock(mutex);
        --running;
        ended.notify_one();
      });
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, kProgressInterval, [&] { return running == 0; })) tell_progress();
  }

  /// Takes jobs in order until none is left; never throws.
  void work(bool inline_progress) {
    for (std::size_t index; (index = next_.fetch_add(1)) < jobs_.size();) {
      if (must_stop(index)) return;
      JobState& state = states_[index];
      try {
        run_one(index, inline_progress);
      } catch (const InputError& error) {
        state.failure = Problems{error.error()};
      } catch (...) {
        state.failure = std::current_exception();
      }
      if (state.failure) note_failure(index);
      state.ended.store(true, std::memory_order_relaxed);
    }
  }

  void run_one(std::size_t index, bool inline_progress) {
    const RunJob& job = jobs_[index];
    Progress progress(*this, index, inline_progress);
    ObserverPair watcher(job.observer, &progress);
    auto result = simulate_(*job.scenario, {.seed = job.seed, .observer = &watcher, .make_policy = job.make_policy});
    if (!result) {
      states_[index].failure = result.problems();
      return;
    }
    if (result->interrupted) return;
    states_[index].share.store(1, std::memory_order_relaxed);
    on_result_(index, std::move(*result));
    states_[index].finished = true;
  }

  void note_failure(std::size_t index) {
    std::size_t first = first_failed_.load();
    while (index < first && !first_failed_.compare_exchange_weak(first, index)) {
    }
  }

  void tell_progress() {
    if (!options_.on_progress) return;
    RunSetProgress progress{.total = jobs_.size()};
    for (const JobState& state : states_) {
      progress.share += state.share.load(std::memory_order_relaxed) / static_cast<double>(jobs_.size());
      progress.queries += state.queries.load(std::memory_order_relaxed);
      progress.done += state.ended.load(std::memory_order_relaxed) ? 1 : 0;
    }
    options_.on_progress(progress);
  }

  std::span<const RunJob> jobs_;
  const Simulate& simulate_;
  const RunSetOptions& options_;
  const OnResult& on_result_;
  std::vector<JobState> states_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> first_failed_ = kNoFailure;
};

}  // namespace

Result<RunSetEnd> run_set(std::span<const RunJob> jobs, const Simulate& simulate, const RunSetOptions& options,
                          const OnResult& on_result) {
  return Runner(jobs, simulate, options, on_result).run();
}

}  // namespace windtunnel
