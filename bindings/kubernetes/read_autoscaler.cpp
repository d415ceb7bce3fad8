// HorizontalPodAutoscaler, ScaledObject and ScaledJob: their specs are read as a scenario's are, word for word.
#include <algorithm>

#include <fmt/format.h>

#include "bindings/kubernetes/manifest_set.hpp"
#include "sim/scenario/read_hpa.hpp"
#include "sim/scenario/read_keda.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::string_view kKedaAnnotation = "autoscaling.keda.sh/";

/// KEDA's own annotations; null where there are none.
Node keda_annotations(FieldReader& r, const Object& object) {
  Node out;
  const Field all = r.down({&object.node, ""}, {"metadata", "annotations"});
  if (!all || !all.node->is(Node::Kind::map)) return out;
  for (const auto& entry : all.node->entries) {
    if (!std::string_view(entry.key).starts_with(kKedaAnnotation)) continue;
    r.take(r.of(all, entry.key));
    if (out.is(Node::Kind::null)) {
      out = Node::map();
      out.line = all.node->line;
      out.source = all.node->source;
    }
    out.set(entry.key, entry.value);
  }
  return out;
}

void read_target(FieldReader& r, const Field& spec, Autoscaler& out) {
  out.target_at = r.of(spec, "scaleTargetRef");
  if (!out.target_at)
    return r.refuse(spec, "scaleTargetRef is missing", "write scaleTargetRef: {kind: Deployment, name: quality}");
  const Field name = r.of(out.target_at, "name");
  out.target_kind = r.text(r.of(out.target_at, "kind")).value_or("Deployment");
  out.target_name = r.text(name).value_or("");
  r.take(r.of(out.target_at, "apiVersion"));
  if (!name) r.refuse(out.target_at, "name is missing", "name the Deployment that is scaled");
}

bool read_hpa_object(ProblemList& problems, const Field& spec, Autoscaler& out) {
  const auto read = read_hpa_spec(problems, *spec.node, "spec", HpaZero::off);
  if (!read) return false;
  out.least = read->min_replicas;
  out.most = read->max_replicas;
  out.by_cpu = std::any_of(read->metrics.begin(), read->metrics.end(), [](const HpaMetricSpec& metric) {
    const bool resource = metric.kind == HpaMetricKind::resource || metric.kind == HpaMetricKind::container_resource;
    return resource && metric.name == "cpu";
  });
  out.scaling.set("policy", Node::scalar("hpa"));
  return true;
}

bool read_keda_object(ProblemList& problems, const Field& spec, const Node& annotations, Autoscaler& out) {
  const auto read =
      windtunnel::read_scaled_object(problems, *spec.node, "spec", &annotations, "metadata.annotations", {});
  if (!read) return false;
  out.least = read->idle.value_or(read->min);
  out.most = std::max(read->max, read->annotations.paused_replicas.value_or(0));
  out.by_cpu = std::any_of(read->triggers.begin(), read->triggers.end(),
                           [](const KedaTrigger& trigger) { return trigger.type == "cpu"; });
  out.scaling.set("policy", Node::scalar("keda"));
  return true;
}

bool read_keda_job_object(ProblemList& problems, const Field& spec, const Node& annotations, Autoscaler& out) {
  const auto read = windtunnel::read_scaled_job(problems, *spec.node, "spec", &annotations, "metadata.annotations", {});
  if (!read) return false;
  out.most = read->max;
  out.scaling.set("policy", Node::scalar("keda_job"));
  return true;
}

}  // namespace

Autoscaler* read_autoscaler(ProblemList& problems, FieldReader& r, const Object& object, ManifestSet& set) {
  const Field root{&object.node, ""}, spec = r.of(root, "spec");
  if (!spec) {
    r.refuse(root, "spec is missing", fmt::format("a {} is its spec", object.kind));
    return nullptr;
  }
  if (!spec.node->is(Node::Kind::map)) {
    r.take(spec);
    r.refuse(spec, fmt::format("is {}, not a block of fields", spec.node->describe()), "write `field: value` lines");
    return nullptr;
  }
  for (const auto& entry : spec.node->entries)  // their reader knows every field of these
    if (entry.key != "jobTargetRef" && entry.key != "scaleTargetRef") r.take(r.of(spec, entry.key));
  Autoscaler out;
  out.object = &object;
  const Node annotations = keda_annotations(r, object);
  const bool job = object.part == Part::scaled_job;
  if (!job) read_target(r, spec, out);
  const bool ok = object.part == Part::hpa             ? read_hpa_object(problems, spec, out)
                  : object.part == Part::scaled_object ? read_keda_object(problems, spec, annotations, out)
                                                       : read_keda_job_object(problems, spec, annotations, out);
  if (!ok || (!job && out.target_name.empty())) return nullptr;
  Node kept = *spec.node;
  kept.erase("jobTargetRef");  // its pod is the model
  out.scaling.line = object.node.line;
  out.scaling.source = object.node.source;
  out.scaling.set("spec", std::move(kept));
  if (!annotations.is(Node::Kind::null)) out.scaling.set("annotations", annotations);
  set.scalers.push_back(std::move(out));
  return &set.scalers.back();
}

}  // namespace windtunnel::kubernetes
