#include "sim/report/result_file.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/hdf5_handle.hpp"
#include "sim/report/hdf5_column.hpp"
#include "sim/report/kill_names.hpp"
#include "sim/report/version.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kReasonBytes = 120;
constexpr std::size_t kLoopBytes = 16;
constexpr std::size_t kInputBytes = 320;  // a dozen metrics of an autoscaler
constexpr std::size_t kConditionBytes = 200;
constexpr std::size_t kEnumBytes = 24;  // the longest name of a kill's cause or mechanism has 19

/// Longest name of a model, in bytes.
std::size_t name_bytes(const Scenario& scenario) {
  std::size_t bytes = 1;
  for (const ModelSpec& model : scenario.models) bytes = std::max(bytes, model.name.size());
  return bytes;
}

struct DecisionColumns {
  DecisionColumns(hid_t root, std::size_t name_size)
      : group(hdf5_group(root, "decisions")),
        at_s(Hdf5Column::of_doubles(group.get(), "at_s", "s")),
        model(Hdf5Column::of_text(group.get(), "model", name_size)),
        current(Hdf5Column::of_integers(group.get(), "current", "1")),
        ready(Hdf5Column::of_integers(group.get(), "ready", "1")),
        proposed(Hdf5Column::of_integers(group.get(), "proposed", "1")),
        desired(Hdf5Column::of_integers(group.get(), "desired", "1")),
        value(Hdf5Column::of_doubles(group.get(), "value", "of the policy's target")),
        reason(Hdf5Column::of_text(group.get(), "reason", kReasonBytes)),
        loop(Hdf5Column::of_text(group.get(), "loop", kLoopBytes)),
        inputs(Hdf5Column::of_text(group.get(), "inputs", kInputBytes)),
        limits(Hdf5Column::of_text(group.get(), "limits", kReasonBytes)),
        conditions(Hdf5Column::of_text(group.get(), "conditions", kConditionBytes)) {}

  void flush() {
    for (Hdf5Column* column :
         {&at_s, &model, &current, &ready, &proposed, &desired, &value, &reason, &loop, &inputs, &limits, &conditions})
      column->flush();
  }

  Hdf5Handle group;
  Hdf5Column at_s, model, current, ready, proposed, desired, value, reason, loop, inputs, limits, conditions;
};

struct ScaleUpColumns {
  ScaleUpColumns(hid_t root, std::size_t name_size)
      : group(hdf5_group(root, "scale_ups")),
        demanded(Hdf5Column::of_doubles(group.get(), "demanded_s", "s")),
        decided(Hdf5Column::of_doubles(group.get(), "decided_s", "s")),
        served(Hdf5Column::of_doubles(group.get(), "served_s", "s")),
        model(Hdf5Column::of_text(group.get(), "model", name_size)),
        from(Hdf5Column::of_integers(group.get(), "from", "1")),
        to(Hdf5Column::of_integers(group.get(), "to", "1")) {
    for (const auto part : kScaleUpParts)
      parts.push_back(Hdf5Column::of_doubles(group.get(), std::string(part) + "_s", "s"));
  }

  void flush() {
    for (Hdf5Column* column : {&demanded, &decided, &served, &model, &from, &to}) column->flush();
    for (Hdf5Column& column : parts) column.flush();
  }

  Hdf5Handle group;
  Hdf5Column demanded, decided, served, model, from, to;
  std::vector<Hdf5Column> parts;
};

struct KillColumns {
  KillColumns(hid_t root, std::size_t name_size)
      : group(hdf5_group(root, "kills")),
        at_s(Hdf5Column::of_doubles(group.get(), "at_s", "s")),
        model(Hdf5Column::of_text(group.get(), "model", name_size)),
        replica(Hdf5Column::of_integers(group.get(), "replica", "1")),
        node(Hdf5Column::of_integers(group.get(), "node", "1")),
        gpu(Hdf5Column::of_integers(group.get(), "gpu", "1")),
        cause(Hdf5Column::of_text(group.get(), "cause", kEnumBytes)),
        mechanism(Hdf5Column::of_text(group.get(), "mechanism", kEnumBytes)),
        exit_code(Hdf5Column::of_integers(group.get(), "exit_code", "1")),
        reason(Hdf5Column::of_text(group.get(), "reason", kEnumBytes)),
        ledger_at(Hdf5Column::of_doubles(group.get(), "ledger_at_s", "s")),
        asked(Hdf5Column::of_integers(group.get(), "asked_bytes", "bytes")),
        own_used(Hdf5Column::of_integers(group.get(), "own_used_bytes", "bytes")),
        device_used(Hdf5Column::of_integers(group.get(), "device_used_bytes", "bytes")),
        device_size(Hdf5Column::of_integers(group.get(), "device_size_bytes", "bytes")),
        host_used(Hdf5Column::of_integers(group.get(), "host_used_bytes", "bytes")),
        host_limit(Hdf5Column::of_integers(group.get(), "host_limit_bytes", "bytes")),
        sharers(Hdf5Column::of_integers(group.get(), "sharers", "1")),
        queries_lost(Hdf5Column::of_integers(group.get(), "queries_lost", "1")),
        culprit_model(Hdf5Column::of_text(group.get(), "culprit_model", name_size)),
        culprit_replica(Hdf5Column::of_integers(group.get(), "culprit_replica", "1")),
        blast_radius(Hdf5Column::of_integers(group.get(), "blast_radius", "1")) {}

  void flush() {
    for (Hdf5Column* column :
         {&at_s,      &model,      &replica,   &node,         &gpu,           &cause,           &mechanism,
          &exit_code, &reason,     &ledger_at, &asked,        &own_used,      &device_used,     &device_size,
          &host_used, &host_limit, &sharers,   &queries_lost, &culprit_model, &culprit_replica, &blast_radius})
      column->flush();
  }

  Hdf5Handle group;
  Hdf5Column at_s, model, replica, node, gpu, cause, mechanism, exit_code, reason, ledger_at, asked, own_used,
      device_used, device_size, host_used, host_limit, sharers, queries_lost, culprit_model, culprit_replica,
      blast_radius;
};

/// Who held what at each kill. A crash loop of a full card could fill a disk with it, so it stops at a size and says
/// so.
struct KillLedger {
  static constexpr std::int64_t kMostRows = 200'000;  // 10 MB before compression, with names of 10 letters

  KillLedger(hid_t root, std::size_t name_size)
      : group(hdf5_group(root, "kill_ledger")),
        kill(Hdf5Column::of_integers(group.get(), "kill", "1")),
        model(Hdf5Column::of_text(group.get(), "model", name_size)),
        replica(Hdf5Column::of_integers(group.get(), "replica", "1")),
        context(Hdf5Column::of_integers(group.get(), "context_bytes", "bytes")),
        weights(Hdf5Column::of_integers(group.get(), "weights_bytes", "bytes")),
        reserved(Hdf5Column::of_integers(group.get(), "reserved_bytes", "bytes")),
        since(Hdf5Column::of_doubles(group.get(), "since_s", "s")) {}

  void push(const DeviceHolding& holding, std::int64_t of_kill, std::string_view model_name) {
    kill.push(of_kill);
    model.push(model_name);
    replica.push(static_cast<std::int64_t>(holding.replica));
    context.push(holding.context.value);
    weights.push(holding.weights.value);
    reserved.push(holding.reserved.value);
    since.push(to_seconds(holding.since));
    ++rows;
  }

  void finish() {
    for (Hdf5Column* column : {&kill, &model, &replica, &context, &weights, &reserved, &since}) column->flush();
    hdf5_attribute(group.get(), "kills_dropped", kills_dropped);
  }

  Hdf5Handle group;
  Hdf5Column kill, model, replica, context, weights, reserved, since;
  std::int64_t rows = 0, kills_dropped = 0;
};

/// How each ledger came to what it was at a kill. Stops at a size as KillLedger does.
struct KillHistory {
  KillHistory(hid_t root, std::size_t name_size)
      : group(hdf5_group(root, "kill_history")),
        kill(Hdf5Column::of_integers(group.get(), "kill", "1")),
        at_s(Hdf5Column::of_doubles(group.get(), "at_s", "s")),
        model(Hdf5Column::of_text(group.get(), "model", name_size)),
        replica(Hdf5Column::of_integers(group.get(), "replica", "1")),
        part(Hdf5Column::of_text(group.get(), "part", kEnumBytes)),
        refused(Hdf5Column::of_integers(group.get(), "refused", "1")),
        change(Hdf5Column::of_integers(group.get(), "change_bytes", "bytes")),
        own(Hdf5Column::of_integers(group.get(), "own_bytes", "bytes")),
        total(Hdf5Column::of_integers(group.get(), "total_bytes", "bytes")) {}

  void push(const LedgerChange& entry, std::int64_t of_kill, std::string_view model_name) {
    kill.push(of_kill);
    at_s.push(to_seconds(entry.at));
    model.push(model_name);
    replica.push(static_cast<std::int64_t>(entry.replica));
    part.push(to_string(entry.part));
    refused.push(std::int64_t{entry.refused ? 1 : 0});
    change.push(entry.change.value);
    own.push(entry.own_used.value);
    total.push(entry.total_used.value);
    ++rows;
  }

  void finish() {
    for (Hdf5Column* column : {&kill, &at_s, &model, &replica, &part, &refused, &change, &own, &total}) column->flush();
    hdf5_attribute(group.get(), "kills_dropped", kills_dropped);
  }

  Hdf5Handle group;
  Hdf5Column kill, at_s, model, replica, part, refused, change, own, total;
  std::int64_t rows = 0, kills_dropped = 0;
};

struct SeriesColumns {
  SeriesColumns(hid_t root, const std::vector<Series>& series)
      : group(hdf5_group(root, "series")), time_s(Hdf5Column::of_doubles(group.get(), "time_s", "s")) {
    for (const Series& one : series) values.push_back(Hdf5Column::of_doubles(group.get(), one.name, one.unit));
  }

  void flush() {
    time_s.flush();
    for (Hdf5Column& column : values) column.flush();
  }

  Hdf5Handle group;
  Hdf5Column time_s;
  std::vector<Hdf5Column> values;
};

void write_histogram(hid_t parent, const char* name, const Histogram& histogram) {
  const Hdf5Handle group = hdf5_group(parent, name);
  Hdf5Column edge = Hdf5Column::of_doubles(group.get(), "lower_edge_s", "s");
  Hdf5Column count = Hdf5Column::of_integers(group.get(), "count", "1");
  for (const auto& [lower_edge_s, queries] : histogram.filled()) {
    edge.push(lower_edge_s);
    count.push(static_cast<std::int64_t>(queries));
  }
  edge.flush();
  count.flush();
}

Hdf5Handle create_file(const std::filesystem::path& path) {
  hdf5_begin();
  hdf5_silence();
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, "creating " + path.string()};
}

}  // namespace

struct ResultFile::File {
  File(const std::filesystem::path& path, const Scenario& scenario)
      : root(create_file(path)),
        decisions(root.get(), name_bytes(scenario)),
        scale_ups(root.get(), name_bytes(scenario)),
        kills(root.get(), name_bytes(scenario)),
        ledger(root.get(), name_bytes(scenario)),
        history(root.get(), name_bytes(scenario)) {
    for (const ModelSpec& model : scenario.models) models.push_back(model.name);
  }

  Hdf5Handle root;  // first, so that it closes last
  DecisionColumns decisions;
  ScaleUpColumns scale_ups;
  KillColumns kills;
  KillLedger ledger;
  KillHistory history;
  std::int64_t kills_seen = 0;
  std::optional<SeriesColumns> series;
  std::vector<std::string> models;

  [[nodiscard]] std::string_view model_name(std::uint32_t model) const {
    return model < models.size() ? std::string_view(models[model]) : std::string_view();
  }
};

ResultFile::ResultFile(const std::filesystem::path& file, const Scenario& scenario, std::uint64_t seed) : path_(file) {
  const std::lock_guard lock(hdf5_lock());
  file_ = std::make_unique<File>(file, scenario);
  const hid_t root = file_->root.get();
  hdf5_attribute(root, "schema", std::int64_t{kReportSchema});
  hdf5_attribute(root, "version", version());
  hdf5_attribute(root, "scenario", scenario.name);
  hdf5_attribute(root, "digest", scenario.digest);
  hdf5_attribute(root, "seed", static_cast<std::int64_t>(seed));
}

ResultFile::~ResultFile() {
  const std::lock_guard lock(hdf5_lock());
  file_.reset();
}

template <class Do>
void ResultFile::write(const Do& act) {
  const std::lock_guard lock(hdf5_lock());
  hdf5_silence();
  try {
    act();
  } catch (const IoError& error) {
    throw IoError(path_.string() + ": " + error.what());
  }
}

void ResultFile::on_decision(const DecisionRecord& decision) {
  write([&] {
    DecisionColumns& columns = file_->decisions;
    columns.at_s.push(to_seconds(decision.at));
    columns.model.push(file_->model_name(decision.model));
    columns.current.push(std::int64_t{decision.current});
    columns.ready.push(std::int64_t{decision.ready});
    columns.proposed.push(std::int64_t{decision.proposed});
    columns.desired.push(std::int64_t{decision.desired});
    columns.value.push(decision.value);
    columns.reason.push(std::string_view(decision.reason));
    columns.loop.push(std::string_view(decision.loop));
    columns.inputs.push(std::string_view(decision.inputs));
    columns.limits.push(std::string_view(decision.limits));
    std::string conditions;
    for (const auto& condition : decision.conditions) conditions += (conditions.empty() ? "" : ", ") + condition;
    columns.conditions.push(std::string_view(conditions));
  });
}

void ResultFile::on_scale_up(const ScaleUpRecord& scale_up) {
  write([&] {
    ScaleUpColumns& columns = file_->scale_ups;
    columns.demanded.push(to_seconds(scale_up.demanded));
    columns.decided.push(to_seconds(scale_up.decided));
    columns.served.push(to_seconds(scale_up.served));
    columns.model.push(file_->model_name(scale_up.model));
    columns.from.push(std::int64_t{scale_up.from});
    columns.to.push(std::int64_t{scale_up.to});
    for (std::size_t i = 0; i < scale_up.parts.size(); ++i) columns.parts[i].push(to_seconds(scale_up.parts[i]));
  });
}

void ResultFile::on_kill(const KillRecord& kill) {
  write([&] {
    KillColumns& columns = file_->kills;
    columns.at_s.push(to_seconds(kill.at));
    columns.model.push(file_->model_name(kill.model));
    columns.replica.push(id_of(kill.replica));
    columns.node.push(id_of(kill.node));
    columns.gpu.push(id_of(kill.gpu));
    columns.cause.push(to_string(kill.cause));
    columns.mechanism.push(to_string(kill.mechanism));
    columns.exit_code.push(std::int64_t{kill.exit_code});
    columns.reason.push(kill.reason);
    columns.ledger_at.push(to_seconds(kill.ledger_at));
    columns.asked.push(kill.asked.value);
    columns.own_used.push(kill.own_used.value);
    columns.device_used.push(kill.device_used.value);
    columns.device_size.push(kill.device_size.value);
    columns.host_used.push(kill.host_used.value);
    columns.host_limit.push(kill.host_limit.value);
    columns.sharers.push(std::int64_t{kill.sharers});
    columns.queries_lost.push(std::int64_t{kill.queries_lost});
    columns.culprit_model.push(file_->model_name(kill.culprit_model));
    columns.culprit_replica.push(id_of(kill.culprit_replica));
    columns.blast_radius.push(std::int64_t{kill.blast_radius});
    ++file_->kills_seen;
  });
}

void ResultFile::on_holdings(const std::vector<DeviceHolding>& holdings) {
  write([&] {
    KillLedger& ledger = file_->ledger;
    if (ledger.kills_dropped > 0 || ledger.rows + static_cast<std::int64_t>(holdings.size()) > KillLedger::kMostRows) {
      ++ledger.kills_dropped;
      return;
    }
    for (const DeviceHolding& holding : holdings)
      ledger.push(holding, file_->kills_seen - 1, file_->model_name(holding.model));
  });
}

void ResultFile::on_history(const std::vector<LedgerChange>& history) {
  write([&] {
    KillHistory& file = file_->history;
    if (file.kills_dropped > 0 || file.rows + static_cast<std::int64_t>(history.size()) > KillLedger::kMostRows) {
      ++file.kills_dropped;
      return;
    }
    for (const LedgerChange& entry : history) file.push(entry, file_->kills_seen - 1, file_->model_name(entry.model));
  });
}

void ResultFile::on_series(const std::vector<Series>& series) {
  write([&] { file_->series.emplace(file_->root.get(), series); });
}

void ResultFile::on_sample(double at_s, const std::vector<double>& values) {
  write([&] {
    SIM_CHECK(file_->series && values.size() == file_->series->values.size(),
              "a sample does not match the series announced");
    file_->series->time_s.push(at_s);
    for (std::size_t i = 0; i < values.size(); ++i) file_->series->values[i].push(values[i]);
  });
}

void ResultFile::finish(const RunResult& result) {
  write([&] {
    const hid_t root = file_->root.get();
    {
      const Hdf5Handle models = hdf5_group(root, "histograms");
      for (const ModelResult& model : result.models) {
        const Hdf5Handle group = hdf5_group(models.get(), model.name);
        write_histogram(group.get(), "response_time", model.response_time);
        write_histogram(group.get(), "queueing_delay", model.queueing_delay);
        write_histogram(group.get(), "service_time", model.service_time);
      }
      const Hdf5Handle pipelines = hdf5_group(root, "pipeline_histograms");
      for (const PipelineResult& pipeline : result.pipelines) {
        const Hdf5Handle group = hdf5_group(pipelines.get(), pipeline.name);
        write_histogram(group.get(), "response_time", pipeline.response_time);
      }
    }
    file_->decisions.flush();
    file_->scale_ups.flush();
    file_->kills.flush();
    file_->ledger.finish();
    file_->history.finish();
    if (file_->series) file_->series->flush();
    hdf5_check(H5Fflush(root, H5F_SCOPE_LOCAL), "writing the file out");
    file_.reset();
  });
}

}  // namespace windtunnel
