// The transforms: what each is called and what it takes.
#include "sim/workload/transform_sources.hpp"

namespace windtunnel {
namespace {

Param length_of(std::string_view name, std::string_view doc, bool optional = false, double min = 0) {
  return {.name = name, .type = ParamType::duration, .doc = doc, .optional = optional, .min = min};
}

Param factor_of(std::string_view doc) {
  return {.name = "factor", .type = ParamType::number, .doc = doc, .min = 1e-9, .max = 1e6};
}

Param sources_of(std::string_view doc) {
  return {.name = "sources", .type = ParamType::block, .doc = doc};
}

std::vector<TransformEntry> make_transform_rows() {
  constexpr double instant = 1e-9, second = 1;
  return {
      {"scale",
       "more or fewer queries: below 1 each is kept with that probability; above 1 each is copied, the copies spread "
       "over the time of the 64 queries around it",
       {factor_of("mean number of queries made of one")},
       &make_scaled},
      {"time_warp",
       "the same queries faster or slower; deadlines stay as they are",
       {factor_of("every instant is multiplied by this: 0.5 plays twice as fast")},
       &make_warped},
      {"window",
       "only what lies between two instants; the first becomes time 0",
       {length_of("from", "leave out what comes before", true),
        length_of("to", "leave out what comes from here on", true, instant)},
       &make_windowed},
      {"shift", "everything later", {length_of("by", "how much")}, &make_shifted},
      {"grid",
       "every instant up to the next multiple of a step, as recorders that group do",
       {length_of("step", "the distance of the grid's lines", false, instant)},
       &make_gridded},
      {"repeat",
       "the same again: the next pass begins one mean gap after the last query",
       {{.name = "times",
         .type = ParamType::integer,
         .doc = "how often it is played in all",
         .min = 1,
         .max = 1'000'000},
        length_of("align", "begin each pass at the next multiple of this instead, e.g. 1d to keep the time of day",
                  true, second)},
       &make_repeated},
      {"superpose", "further traffic at the same time", {sources_of("list: what is laid over it")}, &make_superposed},
      {"splice",
       "further traffic after it, each source one mean gap after the last query of the one before",
       {sources_of("list: what follows, in order"),
        length_of("at", "cut the first source here; the next one begins here", true, instant)},
       &make_spliced},
      {"bootstrap",
       "blocks of it drawn with replacement and laid end to end (moving blocks: Kunsch 1989); holds the traffic in "
       "memory, 32 bytes a query",
       {length_of("block", "length of a block: longer than what hangs together", false, second),
        length_of("length", "of the result; left out: as long as what is drawn from", true, second),
        length_of("align", "draw each block from the same time of day (1d), week (7d), ...", true, second)},
       &make_bootstrapped},
  };
}

}  // namespace

std::span<const TransformEntry> transform_registry() {
  static const std::vector<TransformEntry> rows = make_transform_rows();
  return rows;
}

}  // namespace windtunnel
