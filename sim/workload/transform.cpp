#include "sim/workload/transform.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

/// Ends after so many queries.
class LimitedSource final : public ArrivalSource {
 public:
  LimitedSource(std::unique_ptr<ArrivalSource> inner, std::uint64_t limit) : inner_(std::move(inner)), left_(limit) {}
  std::size_t next(std::span<Arrival> out) override {
    const std::size_t made =
        inner_->next(out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left_))));
    left_ -= made;
    return made;
  }
  [[nodiscard]] SourceCounts counts() const override { return inner_->counts(); }

 private:
  std::unique_ptr<ArrivalSource> inner_;
  std::uint64_t left_;
};

const TransformEntry& entry_of(const TransformSpec& spec) {
  const TransformEntry* entry = find_entry(transform_registry(), spec.kind);
  SIM_CHECK(entry != nullptr, "no transform is called \"" + spec.kind + "\"");
  return *entry;
}

/// Opens what superpose and splice name, under names of their own: "quality/2.1" is the first source of the second.
SourceOpener opener_of(const WorkloadSpec& entry, const WorkloadSpec& source, const std::string& place,
                       const RngStreams& streams, int target_count) {
  WorkloadSpec spec = source;
  spec.size = entry.size;
  return [spec, name = entry.name, place, streams, target_count](const std::string& suffix) {
    WorkloadSpec named = spec;
    named.name = fmt::format("{}/{}{}", name, place, suffix);
    return make_source(named, streams, target_count);
  };
}

bool is_mapped(const WorkloadSpec& spec) {
  const auto* trace = std::get_if<TraceSpec>(&spec.source);
  return trace != nullptr && !trace->map.empty();
}

/// What is wrong with one transform, given whether the traffic before it ends; tells whether it does after it.
std::string check_transform(const WorkloadSpec& spec, const TransformSpec& transform, bool& ends) {
  const ParamSet& p = transform.params;
  if (transform.kind == "window") {
    if (p.has("to") && p.has("from") && p.number("to") <= p.number("from"))
      return "window ends before it begins; make to larger than from";
    ends = ends || p.has("to");
  }
  const bool needs_end =
      transform.kind == "repeat" || transform.kind == "bootstrap" || (transform.kind == "splice" && !p.has("at"));
  if (needs_end && !ends)
    return transform.kind + " needs traffic that ends, and the process before it never does; put {transform: window, " +
           "to: 1h} before it";
  if (transform.kind == "splice") {
    for (std::size_t i = 0; i < transform.sources.size(); ++i) {
      ends = traffic_ends(transform.sources[i]);
      if (!ends && i + 1 < transform.sources.size())
        return fmt::format(
            "source {} of splice never ends, so the next one never begins; give it {{transform: window, "
            "to: 1h}}",
            i);
    }
  }
  for (const WorkloadSpec& source : transform.sources) {
    if (is_mapped(spec) || is_mapped(source))
      return transform.kind + " does not go together with map; make the further source an entry of workload";
    if (transform.kind == "superpose") ends = ends && traffic_ends(source);
  }
  return {};
}

}  // namespace

std::string check_transforms(const WorkloadSpec& spec) {
  bool ends = std::holds_alternative<TraceSpec>(spec.source);
  for (const TransformSpec& transform : spec.transforms)
    if (std::string wrong = check_transform(spec, transform, ends); !wrong.empty()) return wrong;
  return {};
}

bool traffic_ends(const WorkloadSpec& spec) {
  bool ends = std::holds_alternative<TraceSpec>(spec.source);
  for (const TransformSpec& transform : spec.transforms) (void)check_transform(spec, transform, ends);
  return ends || spec.queries.has_value();
}

bool reads_trace(const WorkloadSpec& spec) {
  return std::holds_alternative<TraceSpec>(spec.source) ||
         std::any_of(spec.transforms.begin(), spec.transforms.end(), [](const TransformSpec& transform) {
           return std::any_of(transform.sources.begin(), transform.sources.end(), reads_trace);
         });
}

std::unique_ptr<ArrivalSource> with_transforms(const WorkloadSpec& spec, const RngStreams& streams, SourceOpener base,
                                               int target_count) {
  const auto whole = std::make_shared<const WorkloadSpec>(spec);  // shared by the openers, which outlive this call
  SourceOpener opener = std::move(base);
  for (std::size_t i = 0; i < whole->transforms.size(); ++i) {
    const TransformSpec& transform = whole->transforms[i];
    std::vector<SourceOpener> sources;
    for (std::size_t s = 0; s < transform.sources.size(); ++s)
      sources.push_back(
          opener_of(*whole, transform.sources[s], fmt::format("{}.{}", i + 1, s + 1), streams, target_count));
    opener = [whole, i, inner = std::move(opener), sources = std::move(sources), streams](const std::string& suffix) {
      return entry_of(whole->transforms[i])
          .make({.spec = whole->transforms[i],
                 .inner = inner,
                 .suffix = suffix,
                 .sources = sources,
                 .rng = streams.stream(fmt::format("transform/{}{}/{}", whole->name, suffix, i + 1))});
    };
  }
  auto source = opener("");
  if (!spec.queries) return source;
  return std::make_unique<LimitedSource>(std::move(source), *spec.queries);
}

}  // namespace windtunnel
