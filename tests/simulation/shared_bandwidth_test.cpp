#include "sim/simulation/shared_bandwidth.hpp"

#include <gtest/gtest.h>

namespace windtunnel {
namespace {

SimTime at(double seconds) {
  return SimTime{} + to_duration(seconds);
}

TEST(SharedBandwidth, OneAloneHasItsCapOrAllThereIs) {
  SharedBandwidth wide(1000), narrow(50);
  wide.start(1, 1000, 100, at(0));
  narrow.start(1, 1000, 100, at(0));
  EXPECT_EQ(wide.next(), at(10));
  EXPECT_EQ(narrow.next(), at(20));
}

TEST(SharedBandwidth, WhatOneCannotUseTheOthersGet) {
  SharedBandwidth link(100);
  link.start(1, 200, 20, at(0));   // 20 of 100
  link.start(2, 400, 200, at(0));  // 40, then 80 once 3 is done
  link.start(3, 200, 200, at(0));  // 40
  EXPECT_EQ(link.next(), at(5));
  EXPECT_EQ(link.take_done(at(5)), 3U);
  EXPECT_EQ(link.take_done(at(5)), std::nullopt);
  EXPECT_EQ(link.next(), at(7.5));  // 200 left at 80
  EXPECT_EQ(link.take_done(at(7.5)), 2U);
  EXPECT_EQ(link.next(), at(10));
}

TEST(SharedBandwidth, OneThatStopsGivesItsPartBack) {
  SharedBandwidth link(100);
  link.start(1, 100, 100, at(0));
  link.start(2, 1000, 100, at(0));
  link.stop(2, at(1));
  EXPECT_EQ(link.next(), at(1.5));
  EXPECT_FALSE(link.has(2));
}

TEST(SharedBandwidth, WithoutATotalNobodyIsMoved) {
  SharedBandwidth link;
  link.start(2, 1e9, 3e8, at(0.1));
  const SimTime before = link.next();
  link.start(1, 1e9, 7, at(1.3));
  EXPECT_EQ(link.next(), before);
  EXPECT_EQ(before, at(0.1) + to_duration(1e9 / 3e8));
}

TEST(SharedBandwidth, OfThoseDoneAtOnceTheLowestIdComesFirst) {
  SharedBandwidth link(100);
  link.start(9, 50, 100, at(0));
  link.start(4, 50, 100, at(0));
  EXPECT_EQ(link.take_done(at(1)), 4U);
  EXPECT_EQ(link.take_done(at(1)), 9U);
  EXPECT_EQ(link.next(), kNever);
}

}  // namespace
}  // namespace windtunnel
