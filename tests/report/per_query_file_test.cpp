#include "sim/report/per_query_file.hpp"

#include <gtest/gtest.h>

#include "tests/report/example.hpp"

namespace windtunnel {
namespace per_query_file_test {

TEST(PerQueryFile, WritesExactNanosecondsInOrder) {
  const testing::TemporaryFolder folder;
  Scenario scenario = testing::example_scenario();
  scenario.models[1].name = "with,comma";
  PerQueryFile file(folder.path() / "q.csv", scenario);
  EXPECT_TRUE(file.wants_queries());
  file.on_query({.serial = 0,
                 .model = 0,
                 .arrived = SimTime{Duration{1}},
                 .ended = SimTime{Duration{3'000'000'001}},
                 .queueing_delay = Duration{1'000'000'000},
                 .service_time = Duration{2'000'000'000}});
  file.on_query(
      {.serial = 2, .model = 1, .arrived = SimTime{Duration{5}}, .ended = SimTime{Duration{6}}, .completed = false});
  file.finish();
  EXPECT_EQ(testing::read_file(folder.path() / "q.csv"),
            "serial,model,arrived_s,ended_s,queueing_delay_s,service_time_s,response_time_s,completed\n"
            "0,room-scene,0.000000001,3.000000001,1.000000000,2.000000000,3.000000000,1\n"
            "2,\"with,comma\",0.000000005,0.000000006,0.000000000,0.000000000,0.000000001,0\n");
}

}  // namespace per_query_file_test
}  // namespace windtunnel
