// No input may crash the readers: small traces of each format with random bytes changed, cut, doubled or put in.
#include "sim/workload/trace_info.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class MutatedTraces : public TraceFiles {
 protected:
  static std::string mutated(std::string text, Rng& rng) {
    static constexpr char kBytes[] = "\0\n\r\",.-+eE0159: TZ\xff\x1f\x8b nan";
    static constexpr std::string_view kSpice(kBytes, sizeof(kBytes) - 1);
    const std::uint32_t changes = 1 + rng.below(4);
    for (std::uint32_t i = 0; i < changes && !text.empty(); ++i) {
      const std::size_t at = rng.below(static_cast<std::uint32_t>(text.size()));
      const std::size_t length = std::min<std::size_t>(1 + rng.below(12), text.size() - at);
      const char spice = kSpice[rng.below(static_cast<std::uint32_t>(kSpice.size()))];
      switch (rng.below(5)) {
        case 0: text[at] = spice; break;
        case 1: text[at] = static_cast<char>(rng.below(256)); break;
        case 2: text.erase(at, length); break;
        case 3: text.insert(at, text.substr(at, length)); break;
        default: text.insert(at, 1, spice); break;
      }
    }
    return text;
  }

  /// Reads the trace; either it comes through in order, or one error with a place and a rule says why not.
  void survive(const std::string& content, std::uint64_t& refused) {
    auto spec = recorded(write(content));
    spec.queries = 100'000;
    trace_of(spec).rate_scale.factor = 2.5;
    std::string source_error, info_error;
    try {
      const auto arrivals = arrivals_of(spec);
      EXPECT_TRUE(std::is_sorted(arrivals.begin(), arrivals.end(), [](auto& a, auto& b) { return a.at < b.at; }));
      for (const Arrival& a : arrivals) EXPECT_GT(a.size, 0);
    } catch (const InputError& error) {
      source_error = error.what();
      EXPECT_FALSE(error.error().where.empty());
      EXPECT_FALSE(error.error().what.empty());
    }
    const auto info = trace_info(trace_of(spec));
    if (!info) ++refused;
    EXPECT_TRUE(info || !source_error.empty()) << "only trace info refuses: " << info.problems()[0].text();
  }
};

TEST_F(MutatedTraces, AreReadOrRefusedButNeverCrashTheReader) {
  const std::vector<std::string> seeds{
      "timestamp,model,size,deadline\n0.5,a,1,2\n1.25,\"b,c\",2.5,\n2,a,1,0\n2023,b,7,1e1\n",
      "timestamp,model\n2023-11-16 18:15:46.6805900,a\n2023-11-16T18:15:47Z,b\n2023-11-16T20:15:48+02:00,a\n",
      "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 "
      "18:15:50.9951690,396,109",
      "gmt_create,predict_status,num_images_per_prompt,checkpoint_model_version_id\n2024-11-15 "
      "16:57:50,SUCCEED,1.0,M1\n"
      "2024-11-15 16:57:51,PENDING,,\n2024-11-15 16:57:52,SUCCEED,8.0,\n",
      "3 1 0 0\n12 7\t4 \r\n 2",
  };
  Rng rng(20);
  std::uint64_t refused = 0, tried = 0;
  for (const std::string& seed : seeds) {
    for (int round = 0; round < 200; ++round, ++tried) survive(mutated(seed, rng), refused);
    const std::string packed = gzipped(seed);
    for (int round = 0; round < 50; ++round, ++tried) survive(mutated(packed, rng), refused);
  }
  EXPECT_GT(refused, tried / 5) << "the mutations are too tame to test anything";
  EXPECT_LT(refused, tried) << "the mutations leave nothing to read";
}

}  // namespace
}  // namespace windtunnel::testing
