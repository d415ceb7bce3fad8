#include "sim/report/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <utility>

#include "sim/report/duration_text.hpp"
#include "sim/report/kill_names.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_escape.hpp"
#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

constexpr int kDetailIndent = 12;
constexpr std::size_t kMostChanges = 12;  // of a kill's ledger; result.h5 has more

std::string moment(SimTime at) {
  return duration_text(to_seconds(at));
}

/// "3 -> 6, proposed 9; ScaleUpLimit: 6".
std::string step_text(const DecisionRecord& decision) {
  std::string out = decision.desired == decision.current ? fmt::format("stays {}", decision.current)
                                                         : fmt::format("{} -> {}", decision.current, decision.desired);
  if (decision.proposed != decision.desired) out += fmt::format(", proposed {}", decision.proposed);
  if (!decision.limits.empty()) out += "; " + decision.limits;
  return out;
}

/// Policies that say nothing of their inputs: the figure they compared with their target.
std::string input_text(const DecisionRecord& decision) {
  if (!decision.inputs.empty()) return decision.inputs;
  return fmt::format("value {}, ready {}", value_text(decision.value), decision.ready);
}

std::string joined_conditions(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string shown_gib(Bytes bytes) {
  return gib_text(static_cast<double>(bytes.value));
}

/// What was refused, or what it died of.
std::string refusal_text(const KillRecord& kill) {
  if (kill.cause == KillCause::host_ram_limit)
    return fmt::format("asked to hold {} GiB of main memory, held {}, limit {}", shown_gib(kill.asked),
                       shown_gib(kill.host_used), kill.host_limit.value > 0 ? shown_gib(kill.host_limit) : "none");
  if (kill.asked.value > 0)
    return fmt::format("asked for {} GiB, held {}; device {} of {}", shown_gib(kill.asked), shown_gib(kill.own_used),
                       shown_gib(kill.device_used), shown_gib(kill.device_size));
  return fmt::format("held {} GiB; device {} of {}", shown_gib(kill.own_used), shown_gib(kill.device_used),
                     shown_gib(kill.device_size));
}

bool says_the_same(const DecisionRecord& a, const DecisionRecord& b) {
  return a.current == b.current && a.ready == b.ready && a.proposed == b.proposed && a.desired == b.desired &&
         (a.value == b.value || (a.value != a.value && b.value != b.value)) && a.reason == b.reason &&
         a.loop == b.loop && a.inputs == b.inputs && a.limits == b.limits && a.conditions == b.conditions;
}

}  // namespace

Explanation::Explanation(std::vector<std::string> models, std::optional<std::string> only)
    : models_(std::move(models)), only_(std::move(only)), last_(models_.size()) {}

bool Explanation::shows(std::uint32_t model) const {
  return model < models_.size() && (!only_ || models_[model] == *only_);
}

void Explanation::add(const std::string& label, const std::string& text) {
  std::string margin = pad_left(label, kDetailIndent - 2) + "  ";
  std::string lines = wrap(clean_text(text), kTerminalWidth - kDetailIndent);
  for (std::size_t from = 0; from < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', from), lines.size());
    text_ += margin + lines.substr(from, end - from) + '\n';
    margin.assign(kDetailIndent, ' ');
    from = end + 1;
  }
}

void Explanation::close(Last& last) {
  if (last.repeated > 0)
    add("", fmt::format("the same {} until {}",
                        last.repeated == 1 ? "once more," : fmt::format("{} more times,", last.repeated),
                        duration_text(to_seconds(last.until))));
  last.repeated = 0;
}

void Explanation::on_decision(const DecisionRecord& decision) {
  if (!shows(decision.model)) return;
  Last& last = last_[decision.model];
  if (last.decision && says_the_same(*last.decision, decision)) {
    ++last.repeated;
    last.until = decision.at;
    return;
  }
  close(last);
  add(moment(decision.at),
      fmt::format("{} {}: {} ({})", models_[decision.model], decision.loop, step_text(decision), decision.reason));
  add("", input_text(decision));
  const std::string conditions = joined_conditions(decision.conditions);
  if (!conditions.empty() && conditions != last.conditions) add("", conditions);
  last.conditions = conditions;
  last.decision = decision;
}

void Explanation::on_scale_up(const ScaleUpRecord& scale_up) {
  if (!shows(scale_up.model)) return;
  std::string parts;
  for (std::size_t i = 0; i < kScaleUpParts.size(); ++i) {
    if (scale_up.parts[i] == Duration{}) continue;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", kScaleUpParts[i],
                         duration_text(to_seconds(scale_up.parts[i])));
  }
  add(moment(scale_up.served),
      fmt::format("{}: {} -> {} served {} after the demand: {}", models_[scale_up.model], scale_up.from, scale_up.to,
                  duration_text(to_seconds(scale_up.served - scale_up.demanded)), parts.empty() ? "at once" : parts));
}

std::string Explanation::replica_name(std::uint32_t model, ReplicaId replica) const {
  return model < models_.size() ? fmt::format("{}-{}", models_[model], replica) : std::string("nobody");
}

void Explanation::on_kill(const KillRecord& kill) {
  kill_ = kill;
  if (!shows(kill.model)) return;
  close(last_[kill.model]);
  add(moment(kill.at),
      fmt::format("{} killed on GPU {} of node {}: {}, {}, exit code {} ({}); {} queries with it",
                  replica_name(kill.model, kill.replica), id_of(kill.gpu), id_of(kill.node), to_string(kill.cause),
                  to_string(kill.mechanism), kill.exit_code, kill.reason, kill.queries_lost));
  std::string more = refusal_text(kill);
  if (kill.ledger_at != kill.at)
    more += fmt::format("; wedged since {}, of which these figures are", moment(kill.ledger_at));
  if (kill.culprit_model != kNone && (kill.culprit_model != kill.model || kill.culprit_replica != kill.replica))
    more += fmt::format("; the doing of {}", replica_name(kill.culprit_model, kill.culprit_replica));
  if (kill.blast_radius > 0) more += fmt::format("; {} others died of it", kill.blast_radius);
  add("", more);
}

void Explanation::on_holdings(const std::vector<DeviceHolding>& holdings) {
  if (!shows(kill_.model)) return;
  add("", "who held what, GiB: context + weights + work");
  Bytes rest = kill_.device_used;
  for (const DeviceHolding& one : holdings) {
    const Bytes sum = one.context + one.weights + one.reserved;
    rest -= sum;
    const bool victim = one.model == kill_.model && one.replica == kill_.replica;
    add("", fmt::format("- {}{}: {} = {} + {} + {}, since {}", replica_name(one.model, one.replica),
                        victim ? " (victim)" : "", shown_gib(sum), shown_gib(one.context), shown_gib(one.weights),
                        shown_gib(one.reserved), moment(one.since)));
  }
  if (rest.value > 0) add("", fmt::format("- driver: {}", shown_gib(rest)));
}

void Explanation::on_history(const std::vector<LedgerChange>& history) {
  if (!shows(kill_.model) || history.empty()) return;
  const std::size_t shown = std::min(history.size(), kMostChanges);
  const std::string_view ledger = kill_.cause == KillCause::host_ram_limit ? "main memory" : "device";
  const std::size_t more = history.size() - shown;
  add("", fmt::format("how it filled, GiB: change = own sum; {}{}", ledger,
                      more > 0 ? fmt::format(" ({} more in result.h5)", more) : ""));
  for (const LedgerChange& one : std::span(history).last(shown)) {
    const Bytes size{std::abs(one.change.value)};
    const std::string step = one.refused ? fmt::format("asks for {}, refused at", shown_gib(size))
                                         : fmt::format("{}{} =", one.change.value < 0 ? '-' : '+', shown_gib(size));
    add("", fmt::format("- {} {} {}: {} {}; {}", moment(one.at), replica_name(one.model, one.replica),
                        to_string(one.part), step, shown_gib(one.own_used), shown_gib(one.total_used)));
  }
}

std::string Explanation::text() {
  for (Last& last : last_) close(last);
  return text_;
}

}  // namespace windtunnel
