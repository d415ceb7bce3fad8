// The keys of `models.<name>.batch`, `queue` and `network`, and the brokers there are presets of.
#include "sim/scenario/tables.hpp"

namespace windtunnel::tables {

std::span<const Param> batch() {
  static const std::vector<Param> table = {
      {.name = "max",
       .type = ParamType::count,
       .doc = "queries in one batch at most",
       .fallback = "1",
       .min = 1,
       .max = 65536,
       .choices = {"unlimited"}},
      {.name = "wait",
       .type = ParamType::duration,
       .doc = "how long the oldest query waits for company",
       .fallback = "0s",
       .max = 1e6},
      {.name = "min",
       .type = ParamType::integer,
       .doc =
           "queries that are enough to begin, at once; without a wait fewer never do. Left out: max where there is a "
           "wait, else 1",
       .optional = true,
       .min = 1,
       .max = 65536,
       .source = "[R] general bulk service rule (Neuts 1967)"},
      {.name = "preferred",
       .type = ParamType::numbers,
       .doc = "sizes that go at once, the largest that is there; another number waits for as long as `wait`",
       .optional = true,
       .min = 1,
       .max = 65536,
       .source = "[S] Triton, preferred_batch_size"},
      {.name = "shape",
       .type = ParamType::choice,
       .doc = "same_size: a batch ends before the first query of another size, as a server does that pads nothing",
       .optional = true,
       .choices = {"any", "same_size"},
       .source = "[S] Triton without ragged batching"},
  };
  return table;
}

std::span<const Param> queue() {
  static const std::vector<Param> table = {
      {.name = "preset",
       .type = ParamType::text,
       .doc =
           "a broker whose defaults lie under the keys here and the model's on_kill and max_deliveries (list queues)",
       .optional = true},
      {.name = "discipline",
       .type = ParamType::choice,
       .doc = "which of the queued is next; equals by arrival. priority and deadline are the workload's",
       .fallback = "fifo",
       .choices = {"fifo", "priority", "earliest_deadline"}},
      {.name = "preemption",
       .type = ParamType::choice,
       .doc = "resume: a query of a higher class interrupts one of a lower, which goes on later where it stopped",
       .fallback = "none",
       .choices = {"none", "resume"},
       .source = "[A] kernels on a GPU are not interrupted; resume is there for theory"},
      {.name = "prefetch",
       .type = ParamType::count,
       .doc = "queries a worker may hold, those it works on included; none: the queue keeps each until it is worked on",
       .fallback = "none",
       .max = 1000000,
       .choices = {"none"}},
      {.name = "ack_timeout",
       .type = ParamType::duration,
       .doc = "a query handed out and not answered for so long is handed out again, while its first service goes on; "
              "0s: never",
       .fallback = "0s",
       .max = 1e7},
      {.name = "overflow",
       .type = ParamType::choice,
       .doc = "at max_queue or max_in_system: the newcomer is refused, or the oldest makes room",
       .fallback = "reject",
       .choices = {"reject", "drop_head"}},
      {.name = "ordering",
       .type = ParamType::choice,
       .doc = "key: of the queries of one ordering key (the workload's keys) one at a time",
       .fallback = "none",
       .choices = {"none", "key"}},
      {.name = "partitions",
       .type = ParamType::count,
       .doc =
           "with ordering: keys share so many partitions, queries without keys go to them in turn; none: each key is "
           "its own",
       .fallback = "none",
       .max = 1000000,
       .choices = {"none"}},
  };
  return table;
}

std::span<const QueuePreset> queue_presets() {
  static constexpr QueuePreset rows[] = {
      {"rabbitmq", "RabbitMQ quorum queue: pushes to its consumers in turn, waits half an hour for an answer",
       "{on_kill: redeliver, max_deliveries: 20, queue: {prefetch: 65535, ack_timeout: 30min, overflow: drop_head}}",
       "[S] RabbitMQ 4 documentation: basic.qos unset is no limit (65535 is the largest it can say); consumer_timeout "
       "1800000 ms, which closes the channel: here that query alone returns; delivery-limit 20; x-overflow drop-head"},
      {"sqs", "Amazon SQS standard queue: a query taken is invisible for 30 s, then it is there again",
       "{on_kill: redeliver, max_deliveries: 60000, queue: {ack_timeout: 30s}}",
       "[S] SQS developer guide: VisibilityTimeout 30 s; without a redrive policy there are no dead letters: set "
       "max_deliveries to its maxReceiveCount. Longer work has to extend the timeout: set ack_timeout to that"},
      {"pubsub", "Google Pub/Sub with streaming pull: many outstanding messages a client, ten seconds to answer",
       "{on_kill: redeliver, max_deliveries: 60000, queue: {prefetch: 1000, ack_timeout: 10s}}",
       "[S] Pub/Sub documentation: ackDeadlineSeconds 10; client libraries hold 1000 messages (flow control) and "
       "extend "
       "leases by themselves: set ack_timeout to their limit (1h); no dead letters unless set up, then 5 attempts"},
      {"kafka", "Apache Kafka: each partition in order, one query of it at a time",
       "{on_kill: redeliver, max_deliveries: 60000, queue: {prefetch: 500, ack_timeout: 5min, ordering: key, "
       "partitions: 1}}",
       "[S] Kafka 3.x: max.poll.records 500, max.poll.interval.ms 300000, num.partitions 1; what was not committed is "
       "read again after a rebalance, for ever"},
      {"redis_list", "Redis list with BLPOP: what is taken is gone, a kill loses it",
       "{on_kill: fail, max_deliveries: 1}", "[S] Redis documentation, BLPOP: at most once"},
  };
  return rows;
}

std::span<const NamedDoc> dispatchers() {
  static constexpr NamedDoc rows[] = {
      {"pull", "one queue for the model; a replica with room takes the oldest query"},
      {"random", "a replica drawn at random; each has its own queue"},
      {"round_robin", "the replicas in turn"},
      {"least_outstanding", "the replica with the fewest queries queued and in service; equals in turn"},
      {"power_of_two", "the better of two replicas drawn at random, by queries queued and in service"},
      {"shortest_queue", "the replica with the fewest queries queued and in service; equals drawn at random"},
  };
  return rows;
}

std::span<const Param> network() {
  static const std::vector<Param> table = {
      {.name = "to_replica",
       .type = ParamType::duration,
       .doc = "from arrival to the queue",
       .fallback = "0s",
       .max = 1e6},
      {.name = "back",
       .type = ParamType::duration,
       .doc = "from completion to the response",
       .fallback = "0s",
       .max = 1e6},
      {.name = "endpoints",
       .type = ParamType::duration,
       .doc = "from a replica's readiness, or its end, until the dispatcher's list has it; meanwhile queries still go "
              "to one that ends and are refused. Not with dispatch: pull",
       .optional = true,
       .max = 1e6,
       .source = "[S] 0.1 to a few s"},
  };
  return table;
}

}  // namespace windtunnel::tables
