// One entry of `triggers`, typed: which source, against which target.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "policies/kubernetes/hpa_spec.hpp"
#include "policies/kubernetes/scalers/cron.hpp"
#include "policies/kubernetes/scalers/kafka.hpp"
#include "policies/kubernetes/scalers/prometheus.hpp"
#include "policies/kubernetes/scalers/pubsub.hpp"
#include "policies/kubernetes/scalers/rabbitmq.hpp"
#include "policies/kubernetes/scalers/redis.hpp"
#include "policies/kubernetes/scalers/sqs.hpp"

namespace windtunnel {

/// cpu and memory: no scaler of KEDA's, a plain Resource metric of the HPA. The name is the trigger's type.
struct ResourceScaler {
  HpaTargetKind target = HpaTargetKind::utilization;
  std::int32_t percent = 0;       ///< Utilization
  std::int64_t target_milli = 0;  ///< AverageValue
};

using KedaSource = std::variant<PrometheusScaler, RabbitmqScaler, SqsScaler, PubsubScaler, KafkaScaler, RedisScaler,
                                CronScaler, ResourceScaler>;

struct KedaTrigger {
  std::string type;
  std::string name;                                          ///< of scalingModifiers; may be empty
  HpaTargetKind metric_type = HpaTargetKind::average_value;  ///< or value; of external ones
  double target = 1;                                         ///< above 0
  double activation = 0;
  bool use_cached_metrics = false;
  KedaSource source = SqsScaler{};

  [[nodiscard]] bool is_resource() const { return std::holds_alternative<ResourceScaler>(source); }
};

/// Asks sources, one object's triggers by index. What a source publishes now and then is kept meanwhile.
class KedaSources {
 public:
  explicit KedaSources(std::size_t triggers) : held_(triggers) {}
  /// cpu and memory have nothing to say here. @param view  null: every read fails
  [[nodiscard]] KedaReading read(const KedaTrigger& trigger, std::size_t index, MetricsView* view, double now_s);

 private:
  struct Held {
    std::int64_t slot = -1;
    KedaReading reading;
  };
  std::vector<Held> held_;
};

}  // namespace windtunnel
