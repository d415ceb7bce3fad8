// What a HorizontalPodAutoscaler (autoscaling/v2) and its controller are told, typed and defaulted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

enum class HpaMetricKind : std::uint8_t { resource, container_resource, pods, object, external };
enum class HpaTargetKind : std::uint8_t { utilization, average_value, value };

/// One entry of spec.metrics.
struct HpaMetricSpec {
  HpaMetricKind kind = HpaMetricKind::resource;
  std::string name;       ///< "cpu", "memory", or the metric's name
  std::string container;  ///< ContainerResource only
  std::string selector;   ///< matchLabels as "a=b,c=d"; empty: all series
  std::string object;     ///< Object only, "Service/queue"
  HpaTargetKind target = HpaTargetKind::utilization;
  std::int32_t target_percent = 0;  ///< utilization
  std::int64_t target_milli = 0;    ///< value and averageValue, thousandths
};

enum class HpaPolicyType : std::uint8_t { pods, percent };
/// Which policy rules: "max" permits the largest change in either direction, "min" the smallest (trap 13).
enum class HpaSelect : std::uint8_t { max, min, disabled };

struct HpaRatePolicy {
  HpaPolicyType type = HpaPolicyType::pods;
  std::int32_t value = 0;  ///< above 0
  Duration period{};       ///< 1 s to 1800 s
};

/// One direction of `behavior` as written: what is left out is filled field by field (1.2 of the reference).
struct HpaRulesGiven {
  std::optional<Duration> window;
  std::optional<HpaSelect> select;
  std::optional<std::vector<HpaRatePolicy>> policies;
  std::optional<double> tolerance;
};

struct HpaScalingRules {
  std::optional<Duration> window;  ///< none: the controller's flag (scaleDown only)
  HpaSelect select = HpaSelect::max;
  std::vector<HpaRatePolicy> policies;
  std::optional<double> tolerance;  ///< none: the controller's flag
};

struct HpaBehavior {
  HpaScalingRules up, down;
};

/// The defaults of a `behavior` of which at least one field is given (pkg/apis/autoscaling/v2/defaults.go). A given
/// list of policies replaces the whole default list.
[[nodiscard]] HpaBehavior fill_behavior(const HpaRulesGiven& up, const HpaRulesGiven& down);

struct HpaSpec {
  std::int32_t min_replicas = 1, max_replicas = 1;
  std::vector<HpaMetricSpec> metrics;   ///< never empty: without any, CPU at 80 %
  std::optional<HpaBehavior> behavior;  ///< none: the legacy path, which is not the default behavior (trap 6)
};

/// The metric of an HPA that lists none.
[[nodiscard]] HpaMetricSpec default_hpa_metric();

/// How size 0 is treated (feature gate HPAScaleToZero).
enum class HpaZero : std::uint8_t {
  off,        ///< minReplicas is at least 1; size 0 is a pause
  gate,       ///< before 1.37 with the gate on: with minReplicas 0 metrics are read at size 0 too
  condition,  ///< 1.37: only when the controller itself had gone to 0 (condition ScaledToZero); else a pause
};

/// Flags of kube-controller-manager (pkg/controller/podautoscaler/config/v1alpha1/defaults.go).
struct HpaFlags {
  Duration sync_period = std::chrono::seconds(15);
  Duration downscale_stabilization = std::chrono::seconds(300);
  double tolerance = 0.1;
  Duration cpu_initialization_period = std::chrono::seconds(300);
  Duration initial_readiness_delay = std::chrono::seconds(30);
  HpaZero scale_to_zero = HpaZero::off;
};

}  // namespace windtunnel
