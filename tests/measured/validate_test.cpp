// `windtunnel validate` on measured rows typed in here, and on all of WINDTUNNEL_TABLES where that is set.
#include <gtest/gtest.h>

#include <cstdlib>

#include "sim/validation/device_match.hpp"
#include "sim/validation/validate.hpp"

namespace windtunnel {
namespace {

// ResNet-50 on an A100-80GB by MIG slice, batch and number of MPS processes: ParvaGPU's artefact (Lee et al., SC 2024).
constexpr std::string_view kSlices = R"(model,mig_gpcs,batch,processes,per_process_items_per_s,batch_latency_ms,status
resnet50,1,1,1,196.762,5.082,ok
resnet50,1,2,1,274.088,7.297,ok
resnet50,1,4,1,317.323,12.605,ok
resnet50,1,8,1,358.277,22.329,ok
resnet50,1,16,1,385.714,41.482,ok
resnet50,1,32,1,412.097,77.652,ok
resnet50,3,1,1,213.47,4.684,ok
resnet50,3,1,2,209.073,4.783,ok
resnet50,3,1,3,208.517,4.796,ok
resnet50,3,1,4,185.133,5.402,ok
resnet50,3,1,5,147.218,6.793,ok
resnet50,3,2,1,423.43,4.723,ok
resnet50,3,4,1,833.36,4.8,ok
resnet50,3,8,1,1072.439,7.46,ok
resnet50,3,8,2,610.776,13.098,ok
resnet50,3,8,3,420.133,19.042,ok
resnet50,3,8,4,316.401,25.284,ok
resnet50,3,8,5,249.181,32.105,ok
resnet50,3,16,1,1188.228,13.465,ok
resnet50,3,16,2,679.95,23.531,ok
resnet50,3,16,3,434.992,36.782,ok
resnet50,3,16,4,317.509,50.392,ok
resnet50,3,16,5,256.974,62.263,ok
resnet50,3,32,1,1291.913,24.769,ok
resnet50,7,1,1,195.826,5.107,ok
resnet50,7,2,1,425.561,4.7,ok
resnet50,7,4,1,821.169,4.871,ok
resnet50,7,8,1,1599.984,5.0,ok
resnet50,7,16,1,2211.111,7.236,ok
resnet50,7,32,1,2396.366,13.354,ok
)";

// AlexNet beside ResNet-50 on a V100 under MPS caps: iGniter's artefact (Xu et al., TPDS 2023).
constexpr std::string_view kPairs =
    R"(model_a,model_b,batch_a,batch_b,thread_pct_a,thread_pct_b,solo_a_ms,solo_b_ms,coloc_a_ms,coloc_b_ms
alexnet,resnet50,2,2,20,80,2.5324,2.9981,2.7611,3.569
alexnet,resnet50,2,2,50,50,1.2161,3.836,1.3804,4.5645
alexnet,resnet50,2,2,80,20,1.0274,7.0425,1.1879,7.9671
alexnet,resnet50,2,8,20,80,2.5324,7.6392,2.8267,8.4429
alexnet,resnet50,2,8,50,50,1.2161,11.613,1.4022,12.7076
alexnet,resnet50,2,8,80,20,1.0274,25.1128,1.1893,26.7519
alexnet,resnet50,2,32,20,80,2.5324,27.1516,2.9035,29.3276
alexnet,resnet50,2,32,50,50,1.2161,40.0788,1.4086,42.8958
alexnet,resnet50,2,32,80,20,1.0274,93.8293,1.1924,97.8668
alexnet,resnet50,8,2,20,80,5.5148,2.9981,5.8679,3.5759
alexnet,resnet50,8,2,50,50,2.6639,3.836,2.9864,4.6097
alexnet,resnet50,8,2,80,20,1.9849,7.0425,2.2646,8.1607
alexnet,resnet50,8,8,20,80,5.5148,7.6392,5.9771,8.4608
alexnet,resnet50,8,8,50,50,2.6639,11.613,3.0187,12.8068
alexnet,resnet50,8,8,80,20,1.9849,25.1128,2.2755,26.9904
alexnet,resnet50,8,32,20,80,5.5148,27.1516,6.063,29.2002
alexnet,resnet50,8,32,50,50,2.6639,40.0788,3.0538,43.3486
alexnet,resnet50,8,32,80,20,1.9849,93.8293,2.2721,98.9235
alexnet,resnet50,32,2,20,80,17.4673,2.9981,18.2735,3.5643
alexnet,resnet50,32,2,50,50,8.2912,3.836,9.0368,4.6476
alexnet,resnet50,32,2,80,20,6.2246,7.0425,6.8307,8.2758
alexnet,resnet50,32,8,20,80,17.4673,7.6392,18.612,8.4765
alexnet,resnet50,32,8,50,50,8.2912,11.613,9.2832,12.9997
alexnet,resnet50,32,8,80,20,6.2246,25.1128,6.9406,27.6943
alexnet,resnet50,32,32,20,80,17.4673,27.1516,19.0583,29.4994
alexnet,resnet50,32,32,50,50,8.2912,40.0788,9.4308,44.3349
alexnet,resnet50,32,32,80,20,6.2246,93.8293,6.942,101.2811
)";

// Stable Diffusion v1, 512x512: Lambda Labs' benchmark (lambda-diffusers, 2022-2023).
constexpr std::string_view kImages =
    R"(device,precision,memory_efficient_attention,images_per_batch,latency_s,peak_memory_gb,status
NVIDIA A10,fp16,yes,1,2.01,3.13,ok
NVIDIA A10,fp16,yes,2,3.65,4.3,ok
NVIDIA A10,fp16,yes,4,6.68,6.63,ok
NVIDIA A10,fp16,yes,8,12.93,11.05,ok
NVIDIA A10,fp16,yes,16,24.65,19.86,ok
NVIDIA A10,fp16,yes,32,48.79,7.37,ok
NVIDIA A10,fp16,yes,64,108.26,17.54,ok
NVIDIA A10,fp16,yes,128,212.94,22.18,ok
NVIDIA A100-SXM4-40GB,fp16,yes,1,1.18,3.18,ok
NVIDIA A100-SXM4-40GB,fp16,yes,2,1.66,4.32,ok
NVIDIA A100-SXM4-40GB,fp16,yes,4,2.68,6.61,ok
NVIDIA A100-SXM4-40GB,fp16,yes,8,4.85,11.12,ok
NVIDIA A100-SXM4-40GB,fp16,yes,16,9.13,19.8,ok
NVIDIA A100-SXM4-40GB,fp16,yes,32,17.72,7.33,ok
NVIDIA A100-SXM4-40GB,fp16,yes,64,34.92,13.79,ok
NVIDIA A100-SXM4-40GB,fp16,yes,128,69.31,22.68,ok
NVIDIA A10,fp16,no,1,2.71,3.43,ok
NVIDIA A10,fp16,no,2,4.99,5.53,ok
NVIDIA A10,fp16,no,4,9.65,6.84,ok
NVIDIA A10,fp16,no,8,18.58,12.66,ok
NVIDIA A10,fp16,no,16,36.32,20.64,ok
NVIDIA A10,fp16,no,32,,,oom
NVIDIA A10,fp16,no,64,,,oom
NVIDIA A10,fp16,no,128,,,oom
NVIDIA A100-SXM4-40GB,fp32,no,1,1.72,7.76,ok
NVIDIA A100-SXM4-40GB,fp32,no,2,3.03,9.04,ok
NVIDIA A100-SXM4-40GB,fp32,no,4,5.53,18.04,ok
NVIDIA A100-SXM4-40GB,fp32,no,8,10.95,23.85,ok
NVIDIA A100-SXM4-40GB,fp32,no,16,,,oom
NVIDIA A100-SXM4-40GB,fp32,no,32,,,oom
NVIDIA A100-SXM4-40GB,fp32,no,64,,,oom
NVIDIA A100-SXM4-40GB,fp32,no,128,,,oom
)";

std::vector<Validation> validate(std::string_view text) {
  const auto table = parse_csv(text, "typed-in.csv");
  if (!table) throw std::invalid_argument(table.problems().front().text());
  auto found = validate_table(*table);
  if (!found) throw std::invalid_argument(found.problems().front().text());
  return *found;
}

TEST(Validate, PredictsSeveralProcessesFromOneWithinTenPerCent) {
  const auto found = validate(kSlices);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, "slices: processes");
  EXPECT_EQ(found[0].predicted, 12u);
  EXPECT_LT(found[0].mape, 0.10);
  EXPECT_GT(found[0].baselines[0].mape, 3 * found[0].mape);
  EXPECT_GT(found[0].baselines[1].mape, found[0].mape);
}

TEST(Validate, PredictsASliceBetweenTheTwoEnds) {
  const auto found = validate(kSlices);
  EXPECT_EQ(found[1].kind, "slices: shares");
  EXPECT_EQ(found[1].predicted, 6u);
  EXPECT_LT(found[1].mape, found[1].baselines[0].mape);
  EXPECT_LT(found[1].mape, found[1].baselines[1].mape);
}

TEST(Validate, ContentionBeatsTheBestConstantAndHasTheRightSign) {
  const auto found = validate(kPairs);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].passed());
  EXPECT_LT(found[0].mape, found[0].baselines[2].mape);
  ASSERT_TRUE(found[0].right_sign);
  EXPECT_GT(*found[0].right_sign, 0.8);
}

TEST(Validate, OutOfMemoryIsAClassificationWithBothMistakes) {
  const auto found = validate(kImages);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_TRUE(found[0].oom);
  EXPECT_EQ(found[0].oom->oom_rows, 7u);
  EXPECT_EQ(found[0].oom->fitting_rows, 25u);
  EXPECT_LE(found[0].oom->missed, 1u);
  EXPECT_LE(found[0].oom->alarms, 3u);
  EXPECT_LT(found[0].mape, 0.045);
}

TEST(Validate, KnowsATableByItsColumnsNotByItsName) {
  std::string renamed(kPairs);
  const std::string from = "resnet50", to = "anything";
  for (std::size_t at = renamed.find(from); at != std::string::npos; at = renamed.find(from, at))
    renamed.replace(at, from.size(), to);
  EXPECT_EQ(validate(renamed)[0].mape, validate(kPairs)[0].mape);
}

TEST(Validate, FailsWhereTheSimplePredictorsAreBetter) {
  Validation v;
  score(v, {{.measured = 1, .predicted = 1.3, .simple = {1.1, 2}}}, {"none", "n"});
  EXPECT_FALSE(v.passed());
  Validation good;
  score(good, {{.measured = 1, .predicted = 1.05, .simple = {1.1, 2}}}, {"none", "n"});
  EXPECT_TRUE(good.passed());
  good.bound = 0.01;
  EXPECT_FALSE(good.passed());
}

TEST(Score, MeanNinetiethAndBiasAreThoseOfTheRelativeErrors) {
  std::vector<Prediction> rows;
  for (int i = 1; i <= 10; ++i) rows.push_back({.measured = 100, .predicted = 100.0 + i, .simple = {}});
  Validation v;
  score(v, rows, {});
  EXPECT_NEAR(v.mape, 0.055, 1e-12);
  EXPECT_NEAR(v.bias, 0.055, 1e-12);
  EXPECT_NEAR(v.p90_ape, 0.09, 1e-12);
}

TEST(MatchGpu, FindsTheCardThatATableMeans) {
  EXPECT_EQ(match_gpu("NVIDIA A100-SXM4-40GB")->name, "A100-40GB");
  EXPECT_EQ(match_gpu("NVIDIA A100 80GB PCIe")->name, "A100-80GB-PCIe");
  EXPECT_EQ(match_gpu("Tesla V100-SXM2-16GB")->name, "V100-16GB");
  EXPECT_EQ(match_gpu("NVIDIA A10")->name, "A10");
  EXPECT_EQ(match_gpu("GeForce 256"), nullptr);
}

TEST(Measured, EveryUnderstoodTableOfTheFolderPasses) {
  const char* folder = std::getenv("WINDTUNNEL_TABLES");
  if (folder == nullptr || *folder == '\0') GTEST_SKIP() << "set WINDTUNNEL_TABLES to a folder of measured tables";
  const auto report = validate_folder(folder);
  ASSERT_TRUE(report) << report.problems().front().text();
  EXPECT_GT(report->validations.size(), 0u);
  for (const auto& v : report->validations) EXPECT_TRUE(v.passed()) << v.table << " (" << v.kind << "): " << v.mape;
}

}  // namespace
}  // namespace windtunnel
