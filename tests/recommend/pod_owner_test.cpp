// Names of pods, as Kubernetes generates them.
#include <gtest/gtest.h>

#include "sim/recommend/pod_owner.hpp"

namespace windtunnel {
namespace pod_owner_test {

TEST(PodOwner, TakesOffWhatADeploymentAdded) {
  EXPECT_EQ(owner_of_pod("room-scene-7d4b9c6f5d-x2x9k"), "room-scene");
  EXPECT_EQ(owner_of_pod("cond-65bf9d8c4-zzkqp"), "cond");
}

TEST(PodOwner, TakesOffWhatAJobOrStatefulSetAdded) {
  EXPECT_EQ(owner_of_pod("render-8x2kq"), "render");
  EXPECT_EQ(owner_of_pod("quality-0"), "quality");
  EXPECT_EQ(owner_of_pod("quality-117"), "quality");
}

TEST(PodOwner, LeavesWordsAlone) {
  EXPECT_EQ(owner_of_pod("room-scene"), "room-scene");
  EXPECT_EQ(owner_of_pod("upscaler-queue"), "upscaler-queue");  // 5 letters, with vowels
  EXPECT_EQ(owner_of_pod("sd-xl"), "sd-xl");
  EXPECT_EQ(owner_of_pod("x"), "x");
  EXPECT_EQ(owner_of_pod("-x2x9k"), "-x2x9k");
  EXPECT_EQ(owner_of_pod(""), "");
}

}  // namespace pod_owner_test
}  // namespace windtunnel
