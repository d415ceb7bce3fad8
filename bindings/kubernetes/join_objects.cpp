#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "bindings/kubernetes/manifest_set.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::int64_t kMostReplicas = 1'000'000;  // as scaling.max

/// What every object has and what a simulation has no use for.
void take_identity(FieldReader& r, const Field& root) {
  r.take(r.of(root, "apiVersion"));
  r.take(r.of(root, "kind"));
  const Field metadata = r.of(root, "metadata");
  for (const auto* key : {"name", "namespace", "labels"}) r.take(r.of(metadata, key));
}

ManifestModel read_workload(FieldReader& r, const Object& object) {
  const Field root{&object.node, ""}, spec = r.of(root, "spec");
  ManifestModel out;
  out.name = object.name;
  out.object = &object;
  const Field own = r.of(r.down(root, {"metadata", "annotations"}), kProfileAnnotation);
  r.take(r.of(spec, "selector"));
  const Field replicas = r.of(spec, "replicas"), pod = r.of(spec, "template");
  if (const auto count = r.whole(replicas, 0, kMostReplicas)) out.replicas = {*count, replicas};
  if (!pod) {
    r.refuse(spec ? spec : root, "template is missing", fmt::format("a {} is made of its pods' template", object.kind));
  } else {
    out.pod = read_pod_template(r, pod);
    out.profile = out.pod.profile;
    out.profile_at = r.of(r.down(pod, {"metadata", "annotations"}), kProfileAnnotation);
  }
  if (const auto text = r.text(own)) out.profile = *text, out.profile_at = own;
  return out;
}

ManifestModel read_job(FieldReader& r, const Object& object) {
  ManifestModel out;
  out.name = object.name;
  out.object = &object;
  out.job = true;
  const Field root{&object.node, ""}, target = r.down(root, {"spec", "jobTargetRef"}), pod = r.of(target, "template");
  const Field own = r.of(r.down(root, {"metadata", "annotations"}), kProfileAnnotation);
  if (!pod) {
    r.refuse(target ? target : root, "the job's template is missing", "write spec.jobTargetRef.template, as of a Job");
    return out;
  }
  out.pod = read_pod_template(r, pod);
  out.profile = out.pod.profile;
  out.profile_at = r.of(r.down(pod, {"metadata", "annotations"}), kProfileAnnotation);
  if (const auto text = r.text(own)) out.profile = *text, out.profile_at = own;
  return out;
}

void pass_over_object(ProblemList& problems, const Object& object, std::string why) {
  problems.pass_over(object.node, object.name.empty() ? object.kind : object.title(), std::move(why));
}

/// The model an autoscaler scales; a problem where the manifests have none.
ManifestModel* target_of(ProblemList& problems, const Autoscaler& scaler, std::deque<ManifestModel>& models) {
  std::vector<std::string> names;
  for (auto& model : models) {
    if (model.job) continue;
    const bool same = model.object->kind == scaler.target_kind && model.object->name == scaler.target_name &&
                      model.object->space == scaler.object->space;
    if (same) return &model;
    names.push_back(model.object->name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  problems.add(*scaler.target_at.node, "spec.scaleTargetRef",
               fmt::format("the manifests have no {} \"{}\"{}", one_line(scaler.target_kind, 40),
                           one_line(scaler.target_name, 80),
                           scaler.object->space == "default" ? "" : " in namespace " + scaler.object->space),
               known.empty() ? "add its file to the folder" : suggestion(scaler.target_name, known, true));
  return nullptr;
}

void join_scalers(ProblemList& problems, ManifestSet& set, std::deque<ManifestModel>& models) {
  for (const auto& scaler : set.scalers) {
    if (scaler.object->part == Part::scaled_job) continue;
    ManifestModel* model = target_of(problems, scaler, models);
    if (model == nullptr) continue;
    if (model->scaler != nullptr)
      problems.add(
          *scaler.target_at.node, "spec.scaleTargetRef",
          fmt::format("{} is scaled by {} ({}) already: two autoscalers would undo each other", model->object->title(),
                      model->scaler->object->title(), model->scaler->target_at.node->place()),
          "keep one; several metrics go into one object");
    else
      model->scaler = &scaler;
  }
}

/// Names are bare unless two namespaces have the same one.
void name_models(std::deque<ManifestModel>& models) {
  std::map<std::string, int> uses;
  for (const auto& model : models) ++uses[model.object->name];
  for (auto& model : models)
    if (uses[model.object->name] > 1) model.name = fmt::format("{}/{}", model.object->space, model.object->name);
  uses.clear();
  for (const auto& model : models) ++uses[model.name];
  for (auto& model : models)
    if (uses[model.name] > 1) model.name += "-" + model.object->kind;
}

}  // namespace

void join_objects(ProblemList& problems, ManifestSet& set, const std::vector<std::string>& named) {
  FieldReader r(problems);
  std::deque<ManifestModel> models;
  for (const auto& object : set.objects) {
    const Field root{&object.node, ""};
    switch (object.part) {
      case Part::workload: models.push_back(read_workload(r, object)); break;
      case Part::hpa:
      case Part::scaled_object: read_autoscaler(problems, r, object, set); break;
      case Part::scaled_job: {
        const Autoscaler* scaler = read_autoscaler(problems, r, object, set);
        models.push_back(read_job(r, object));
        models.back().scaler = scaler;
        break;
      }
      case Part::sharing:
      case Part::config_map: {
        auto configs = read_sharing_configs(problems, object, r);
        if (configs.empty()) pass_over_object(problems, object, "has no part in a simulation");
        if (configs.empty() || object.part == Part::sharing) r.take(root);
        std::move(configs.begin(), configs.end(), std::back_inserter(set.sharing));
        break;
      }
      case Part::authentication:
        pass_over_object(problems, object, "how to log in");
        r.take(root);
        break;
      case Part::none:
        pass_over_object(problems, object, "has no part in a simulation");
        r.take(root);
        break;
    }
    take_identity(r, root);
  }
  join_scalers(problems, set, models);
  name_models(models);
  for (auto& model : models) {
    const bool is_named = std::find(named.begin(), named.end(), model.name) != named.end();
    if (model.pod.asks_for_gpu || model.pod.hami_memory_mib || !model.profile.empty() || is_named) {
      set.models.push_back(std::move(model));
      continue;
    }
    pass_over_object(problems, *model.object, "asks for no GPU, so it is not simulated");
    r.take({&model.object->node, ""});
    if (model.scaler != nullptr && !model.job) {
      pass_over_object(problems, *model.scaler->object, "scales what is not simulated");
      r.take({&model.scaler->object->node, ""});
    }
  }
  for (const auto& object : set.objects) r.list_rest({&object.node, ""});
}

}  // namespace windtunnel::kubernetes
