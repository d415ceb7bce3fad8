#include "bindings/kubernetes/probes.hpp"

#include <array>
#include <regex>

#include <fmt/format.h>

#include "bindings/kubernetes/pod_template.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::int64_t kLongestSeconds = 1'000'000;
constexpr std::int64_t kKubernetesGrace = 30;  // terminationGracePeriodSeconds, where it is left out

struct ProbeField {
  std::string_view field, key;
  std::int64_t least;
  bool seconds;
};
constexpr std::array kProbeFields = std::to_array<ProbeField>({{"initialDelaySeconds", "initial_delay", 0, true},
                                                               {"periodSeconds", "period", 1, true},
                                                               {"timeoutSeconds", "timeout", 1, true},
                                                               {"successThreshold", "success_threshold", 1, false},
                                                               {"failureThreshold", "failure_threshold", 1, false}});

/// What a probe asks (httpGet, exec, ...) is not read: it is answered as long as the process lives.
void read_ticker_fields(FieldReader& r, const Field& probe, std::string_view key, Node& out) {
  if (!probe) return;
  Node ticker = Node::map();
  ticker.line = probe.node->line;
  ticker.source = probe.node->source;
  for (const auto& row : kProbeFields) {
    const Field at = r.of(probe, row.field);
    if (const auto value = r.whole(at, row.least, kLongestSeconds))
      ticker.set(row.key, scalar_at(at, fmt::format("{}{}", *value, row.seconds ? "s" : "")));
  }
  out.set(key, std::move(ticker));
}

/// The seconds of a hook that only sleeps: sleep.seconds, or a command `sleep N`, also inside `sh -c`.
std::optional<std::int64_t> sleep_of(FieldReader& r, const Field& hook, Field& at) {
  at = r.down(hook, {"sleep", "seconds"});
  if (at) return r.whole(at, 0, kLongestSeconds);
  at = r.down(hook, {"exec", "command"});
  if (!at || !at.node->is(Node::Kind::sequence)) return std::nullopt;
  std::string words;
  for (const auto& item : at.node->items) words += (words.empty() ? "" : " ") + item.text;
  static const std::regex kSleep(R"(^(?:(?:/bin/|/usr/bin/)?(?:ba)?sh -c )?(?:/bin/|/usr/bin/)?sleep ([0-9]{1,6})s?$)");
  std::smatch found;
  if (words.size() > 100 || !std::regex_match(words, found, kSleep)) return std::nullopt;
  r.take(at);
  return std::stoll(found[1].str());
}

}  // namespace

void read_pod_life(FieldReader& r, const Field& spec, const Field& container, Node& model) {
  const Field grace_at = r.of(spec, "terminationGracePeriodSeconds");
  const std::string grace = fmt::format("{}s", r.whole(grace_at, 0, kLongestSeconds).value_or(kKubernetesGrace));
  Node probe = Node::map();
  for (const auto& [field, key] :
       {std::pair{"startupProbe", "startup"}, {"readinessProbe", "readiness"}, {"livenessProbe", "liveness"}})
    read_ticker_fields(r, r.of(container, field), key, probe);
  probe.set("grace", scalar_at(grace_at, grace));
  model.set("probe", std::move(probe));

  Node termination = Node::map();
  termination.set("grace", scalar_at(grace_at, grace));
  Field hook_at;
  if (const auto pause = sleep_of(r, r.down(container, {"lifecycle", "preStop"}), hook_at))
    termination.set("pre_stop", scalar_at(hook_at, fmt::format("{}s", *pause)));
  model.set("termination", std::move(termination));
}

}  // namespace windtunnel::kubernetes
