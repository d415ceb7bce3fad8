// Reading traces: one row with a label each, from a file in the page cache. Goals on one core: binary 6 ns, CSV 60 ns,
// gzip CSV 200 ns a row.
#include <benchmark/benchmark.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "sim/core/rng.hpp"
#include "sim/workload/row_reader.hpp"
#include "sim/workload/trace_convert.hpp"

namespace windtunnel {
namespace {

constexpr int kBenchRows = 1'000'000;

/// The same million rows in each form, gone when the program ends.
class BenchTraces {
 public:
  BenchTraces() : folder_(std::filesystem::temp_directory_path() / fmt::format("windtunnel-bench-{}", ::getpid())) {
    std::filesystem::create_directories(folder_);
    Rng rng(1);
    std::string text = "timestamp,model\n";
    double at_s = 0;
    for (int i = 0; i < kBenchRows; ++i) {
      at_s += 0.002 * rng.uniform();
      text += fmt::format("{:.6f},model-{}\n", at_s, rng.below(8));
    }
    std::FILE* plain = std::fopen(path("csv").c_str(), "wb");
    std::fwrite(text.data(), 1, text.size(), plain);
    std::fclose(plain);
    gzFile packed = gzopen(path("csv.gz").c_str(), "wb6");
    gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
    gzclose(packed);
    TraceSpec spec;
    spec.file = path("csv");
    (void)convert_trace(spec, path("h5"), false);
  }
  BenchTraces(const BenchTraces&) = delete;
  ~BenchTraces() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& form) const { return (folder_ / ("trace." + form)).string(); }

 private:
  std::filesystem::path folder_;
};

void read_trace(benchmark::State& state, const char* form) {
  static const BenchTraces traces;
  TraceSpec spec;
  spec.file = traces.path(form);
  for (auto _ : state) {
    TextBuffer text(spec.file);
    const FormatRow& format = recognise_format(text, "auto");
    RowReader reader(std::move(text), format, spec);
    TraceRow row;
    std::int64_t sum = 0, rows = 0;
    while (reader.next(row)) sum += row.at_ns + row.label_number, ++rows;
    benchmark::DoNotOptimize(sum);
    if (rows != kBenchRows) state.SkipWithError("rows are missing");
  }
  state.SetItemsProcessed(state.iterations() * kBenchRows);
  state.counters["ns/row"] = benchmark::Counter(static_cast<double>(state.iterations()) * kBenchRows * 1e-9,
                                                benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(read_trace, binary, "h5")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_trace, csv, "csv")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_trace, gzip, "csv.gz")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace windtunnel
