// Reads KEDA's objects (keda.sh/v1alpha1): out of a scenario, or out of a manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/kubernetes/keda_spec.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/policy_blocks.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// What an object does not say of the world around it.
struct KedaSurroundings {
  CivilMinutes clock_start = 0;  ///< of cron triggers' clocks at time 0
};

/// @param spec         `spec` of a ScaledObject; its scaleTargetRef is not looked at
/// @param annotations  `metadata.annotations`; null: none. Those of others are passed over
/// @param path         of spec, for messages
/// @return nothing after a problem; all of them are in the list
std::optional<KedaSpec> read_scaled_object(ProblemList& problems, const Node& spec, const std::string& path,
                                           const Node* annotations, const std::string& annotations_path,
                                           const KedaSurroundings& around);

/// The same of a ScaledJob; its jobTargetRef is not looked at.
std::optional<KedaJobSpec> read_scaled_job(ProblemList& problems, const Node& spec, const std::string& path,
                                           const Node* annotations, const std::string& annotations_path,
                                           const KedaSurroundings& around);

/// The list `triggers`, of either object. @param ok  false after a problem
std::vector<KedaTrigger> read_keda_triggers(ProblemList& problems, const Node& spec, const std::string& path,
                                            const KedaSurroundings& around, bool& ok);

/// The annotations that begin with autoscaling.keda.sh/; in a scenario that may be left out.
KedaAnnotations read_keda_annotations(ProblemList& problems, const Node* annotations, const std::string& path,
                                      bool& ok);

/// The block readers of the policies keda and keda_job (policy_blocks.cpp).
std::optional<ReplicaLimits> read_keda_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                              Block& block);
std::optional<ReplicaLimits> read_keda_job_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                                  Block& block);

}  // namespace windtunnel
