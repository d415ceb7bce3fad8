// The declarations. Sources and quirks stand beside each; docs/traces.md says how to add one.
#include "sim/workload/format_rows.hpp"

namespace windtunnel {
namespace {

void add_plain_formats(std::vector<FormatRow>& rows) {
  rows.push_back({.name = "plain",
                  .doc = "CSV of arrivals; timestamp in seconds or wall clock, model is the label for map, size in "
                         "items, deadline in seconds after arrival, service_time in seconds",
                  .header = "timestamp[,model][,size][,deadline][,service_time]",
                  .required = {"timestamp"},
                  .time = "timestamp",
                  .label = "model",
                  .size = "size",
                  .deadline = "deadline",
                  .service = "service_time"});
  rows.push_back({.name = "json_lines",
                  .doc = "one JSON object a line with the keys of plain; whole numbers need unit: (s, ms, us, ns), "
                         "other keys are named by time_column, label_column and size_column",
                  .header = R"({"timestamp": 12.5, "model": "a", "size": 1})",
                  .syntax = Syntax::json_lines,
                  .required = {"timestamp"},
                  .time = "timestamp",
                  .unit = TimeUnit::ask,
                  .label = "model",
                  .size = "size",
                  .deadline = "deadline",
                  .service = "service_time"});
  rows.push_back({.name = "counts",
                  .doc = "queries in each successive second, whole numbers parted by blanks or line ends, no header; "
                         "placement says where in the second they arrive",
                  .header = "12 9 14 ...",
                  .syntax = Syntax::numbers,
                  .content = Content::counts});
  rows.push_back({.name = "timed_counts",
                  .doc =
                      "CSV of counts; queries from timestamp to the next one, model is the label for map (rows of one "
                      "timestamp count different ones)",
                  .header = "timestamp,queries[,model]",
                  .content = Content::counts,
                  .required = {"timestamp", "queries"},
                  .time = "timestamp",
                  .label = "model",
                  .count = "queries"});
  rows.push_back({.name = "count_columns",
                  .doc = "CSV of counts with a column for each label, which heads it (as Grafana exports several "
                         "series); asked for by name (format: count_columns)",
                  .header = "timestamp|time|Time,<label>,<label>,...",
                  .content = Content::counts,
                  .time = "timestamp|time|Time",
                  .count = kEachOtherColumn});
  rows.push_back({.name = "windtunnel",
                  .doc = "binary columns in HDF5, as windtunnel trace convert writes them",
                  .header = "windtunnel trace 1",
                  .syntax = Syntax::binary});
}

void add_llm_formats(std::vector<FormatRow>& rows) {
  rows.push_back({.name = "azure_llm",
                  .doc = "Azure LLM inference traces 2023 and 2024 (Azure Public Dataset); every query has size 1 "
                         "unless size_column names one of the token columns",
                  .header = "TIMESTAMP,ContextTokens,GeneratedTokens",
                  .required = {"TIMESTAMP", "ContextTokens", "GeneratedTokens"},
                  .time = "TIMESTAMP"});
  rows.push_back({.name = "azure_lmm",
                  .doc = "Azure multimodal inference trace 2025; images and tokens through size_column",
                  .header = "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens",
                  .required = {"TIMESTAMP", "NumImages", "ContextTokens", "GeneratedTokens"},
                  .time = "TIMESTAMP"});
  rows.push_back({.name = "burstgpt",
                  .doc = "BurstGPT 1 and 2; label is Model, rows without response tokens failed and are dropped",
                  .header = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type",
                  .required = {"Timestamp", "Model", "Request tokens", "Response tokens", "Log Type"},
                  .time = "Timestamp",
                  .label = "Model",
                  .drops = {{"Response tokens", "0", "failed: no response tokens"}}});
  rows.push_back({.name = "burstgpt3",
                  .doc = "BurstGPT 3; as burstgpt, with the end-to-end time of each query as its service time",
                  .header = "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,...",
                  .required = {"Timestamp", "Session ID", "Elapsed time", "Model", "Request tokens", "Response tokens"},
                  .time = "Timestamp",
                  .label = "Model",
                  .service = "Elapsed time",
                  .drops = {{"Response tokens", "0", "failed: no response tokens"}}});
  rows.push_back({.name = "mooncake",
                  .doc = "Mooncake FAST'25, JSON lines; timestamp in milliseconds, recorded in groups of 3 s",
                  .header = R"({"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [...]})",
                  .syntax = Syntax::json_lines,
                  .required = {"timestamp", "input_length", "output_length", "hash_ids"},
                  .time = "timestamp",
                  .unit = TimeUnit::ms,
                  .label = "session_id"});
  rows.push_back({.name = "qwen_bailian",
                  .doc = "Qwen-Bailian, JSON lines; timestamp in seconds, label is type",
                  .header = R"({"chat_id": 1, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521, ...})",
                  .syntax = Syntax::json_lines,
                  .required = {"chat_id", "timestamp", "input_length", "output_length", "hash_ids"},
                  .time = "timestamp",
                  .label = "type"});
  rows.push_back(
      {.name = "splitwise",
       .doc = "splitwise-sim's requests; label is application_id",
       .header = "request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size",
       .required = {"request_id", "application_id", "arrival_timestamp", "prompt_size", "token_size"},
       .time = "arrival_timestamp",
       .label = "application_id"});
  rows.push_back({.name = "vidur",
                  .doc = "Vidur's requests",
                  .header = "arrived_at,num_prefill_tokens,num_decode_tokens",
                  .required = {"arrived_at", "num_prefill_tokens", "num_decode_tokens"},
                  .time = "arrived_at"});
  rows.push_back({.name = "llmservingsim",
                  .doc = "LLMServingSim's requests, JSON lines; arrival_time_ns in nanoseconds",
                  .header = R"({"input_toks": 128, "output_toks": 512, "arrival_time_ns": 0, ...})",
                  .syntax = Syntax::json_lines,
                  .required = {"input_toks", "output_toks", "arrival_time_ns"},
                  .time = "arrival_time_ns",
                  .unit = TimeUnit::ns});
}

void add_service_formats(std::vector<FormatRow>& rows) {
  rows.push_back(
      {.name = "gentd26",
       .doc = "GenTD26 request trace (Alibaba cluster-trace-v2026-GenAI); label is "
              "checkpoint_model_version_id, size is num_images_per_prompt, PENDING rows are dropped",
       .header = "gmt_create,...,predict_status,...,num_images_per_prompt,...,checkpoint_model_version_id,...",
       .required = {"gmt_create", "predict_status", "num_images_per_prompt", "checkpoint_model_version_id"},
       .time = "gmt_create",
       .label = "checkpoint_model_version_id",
       .size = "num_images_per_prompt",
       .service = "exec_time_seconds",
       .drops = {{"predict_status", "PENDING", "PENDING"}},
       .label_needed = true,
       .lenient_size = true});
  rows.push_back({.name = "azure_functions_2021",
                  .doc = "Azure Functions 2021; arrival is end_timestamp - duration, so rows are put in order within "
                         "an hour; label is func, the duration is the service time",
                  .header = "app,func,end_timestamp,duration",
                  .required = {"app", "func", "end_timestamp", "duration"},
                  .time = "end_timestamp",
                  .time_is_end = true,
                  .label = "func",
                  .service = "duration",
                  .reorder_s = 3600});
  rows.push_back({.name = "azure_functions_2019",
                  .doc = "Azure Functions 2019, invocations of a day; a row is a function with its calls in each "
                         "minute, label is HashFunction, placement says where in the minute they arrive, durations "
                         "names the table of durations beside it",
                  .header = "HashOwner,HashApp,HashFunction,Trigger,1,2,...,1440",
                  .content = Content::counts,
                  .required = {"HashOwner", "HashApp", "HashFunction", "Trigger", "1", "2"},
                  .label = "HashFunction",
                  .first_minute = "1",
                  .durations = "azure_functions_2019_durations"});
  rows.push_back({.name = "aibrix",
                  .doc = "AIBrix counts; Total queries from a row's Time to the next one's",
                  .header = R"("Time","Total","Success","4xx Error")",
                  .content = Content::counts,
                  .required = {"Time", "Total", "Success"},
                  .time = "Time",
                  .count = "Total"});
  rows.push_back({.name = "servegen",
                  .doc = "ServeGen client windows, one file or a folder of chunk-*-trace.csv: rates of 600 s windows; "
                         "arrivals are drawn from them by the process servegen",
                  .header = "0,19.05,5.30,Weibull,0.405,0.0282",
                  .syntax = Syntax::client_windows,
                  .content = Content::windows});
  rows.push_back({.name = "openb_pods",
                  .doc = "OpenB pods (Alibaba gpu-v2023); a row is a pod's creation, label is qos, its life is the "
                         "service time where it is not cut off by the end of recording",
                  .header = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,...",
                  .required = {"name", "num_gpu", "gpu_milli", "qos", "pod_phase", "creation_time"},
                  .time = "creation_time",
                  .label = "qos"});
  rows.push_back(
      {.name = "dlrm_replicas",
       .doc = "Alibaba DLRM 2025; a row is the creation of a GPU replica (role HN), label is app_name; rows "
              "are in no order and are sorted whole",
       .header = "instance_sn,role,app_name,...,creation_time,scheduled_time,deletion_time",
       .required = {"instance_sn", "role", "app_name", "creation_time", "scheduled_time"},
       .time = "creation_time",
       .label = "app_name",
       .drops = {{"creation_time", "", "created before the recording"}, {"role", "CN", "CPU part (role CN)"}},
       .reorder_s = 100 * 86400});
}

void add_gauge_formats(std::vector<FormatRow>& rows) {
  rows.push_back({.name = "gentd26_metric",
                  .doc = "GenTD26 metric files, three column orders; a sample of one container each",
                  .header = "timestamp_anon,value,container_ip[,request_type]",
                  .content = Content::gauges,
                  .required = {"timestamp_anon", "value", "container_ip"},
                  .time = "timestamp_anon",
                  .value = "value",
                  .series = {"container_ip", "request_type"},
                  .reorder_s = 0});
  rows.push_back(
      {.name = "prometheus_json",
       .doc = "an answer of Prometheus' query or query_range; as traffic with values: per_second or per_step",
       .header = R"({"status": "success", "data": {"resultType": "matrix", ...}})",
       .syntax = Syntax::prometheus_json,
       .content = Content::gauges});
  rows.push_back({.name = "exposition",
                  .doc = "Prometheus' text format, such as a scrape of the DCGM exporter",
                  .header = R"(DCGM_FI_DEV_FB_USED{gpu="0",...} 74166)",
                  .syntax = Syntax::exposition,
                  .content = Content::gauges});
  rows.push_back({.name = "nvidia_smi",
                  .doc = "nvidia-smi --query-gpu=timestamp,...,memory.used --format=csv; MiB in use by GPU",
                  .header = "timestamp, index, uuid, name, memory.used [MiB], utilization.gpu [%]",
                  .content = Content::gauges,
                  .required = {"timestamp", "memory.used [MiB]"},
                  .time = "timestamp",
                  .value = "memory.used [MiB]",
                  .series = {"index", "uuid"},
                  .value_unit = "MiB"});
  rows.push_back({.name = "azure_functions_2019_durations",
                  .doc = "Azure Functions 2019, durations: mean milliseconds by function",
                  .header = "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,...",
                  .content = Content::gauges,
                  .required = {"HashFunction", "Average", "Count", "Minimum", "Maximum"},
                  .value = "Average",
                  .series = {"HashFunction"},
                  .value_unit = "ms",
                  .quantiles = {{"percentile_Average_0", 0},
                                {"percentile_Average_1", 0.01},
                                {"percentile_Average_25", 0.25},
                                {"percentile_Average_50", 0.5},
                                {"percentile_Average_75", 0.75},
                                {"percentile_Average_99", 0.99},
                                {"percentile_Average_100", 1}}});
  rows.push_back({.name = "azure_functions_2019_memory",
                  .doc = "Azure Functions 2019, host memory: mean MB by app or function",
                  .header = "HashOwner,HashApp[,HashFunction],SampleCount,AverageAllocatedMb,...",
                  .content = Content::gauges,
                  .required = {"HashApp", "SampleCount", "AverageAllocatedMb"},
                  .value = "AverageAllocatedMb",
                  .series = {"HashFunction", "HashApp"},
                  .value_unit = "MB"});
  rows.push_back({.name = "openb_nodes",
                  .doc = "OpenB nodes: GPUs of each, by GPU model",
                  .header = "sn,cpu_milli,memory_mib,gpu,model",
                  .content = Content::gauges,
                  .required = {"sn", "cpu_milli", "memory_mib", "gpu", "model"},
                  .value = "gpu",
                  .series = {"model"},
                  .value_unit = "GPUs"});
  rows.push_back({.name = "spot_gpu_nodes",
                  .doc = "Alibaba spot GPU 2026, nodes: GPUs of each, by GPU model",
                  .header = "gpu_model,gpu_capacity_num,cpu_num,node_name",
                  .content = Content::gauges,
                  .required = {"gpu_model", "gpu_capacity_num", "node_name"},
                  .value = "gpu_capacity_num",
                  .series = {"gpu_model"},
                  .value_unit = "GPUs"});
}

}  // namespace

std::vector<FormatRow> format_rows() {
  std::vector<FormatRow> rows;
  add_plain_formats(rows);
  add_llm_formats(rows);
  add_service_formats(rows);
  add_gauge_formats(rows);
  return rows;
}

}  // namespace windtunnel
