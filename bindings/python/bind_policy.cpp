// What a policy written in Python is shown, and what it may ask to see.
#include "bindings/python/bind.hpp"
#include "policies/policy.hpp"

namespace py = pybind11;

namespace windtunnel::python {

void bind_policy(py::module_& module) {
  py::class_<Observation>(module, "Observation",
                          "What a controller knows about one model at one decision, as last scraped. Figures that were "
                          "not scraped yet, or have nothing to be made of, are NaN.")
      .def_readonly("now_s", &Observation::now_s, "simulated time, seconds")
      .def_readonly("sampled_at_s", &Observation::sampled_at_s, "when the scrape behind this was taken, seconds")
      .def_readonly("current_replicas", &Observation::current_replicas, "pending, starting and ready; not draining")
      .def_readonly("ready_replicas", &Observation::ready_replicas, "ready ones")
      .def_readonly("concurrency", &Observation::concurrency,
                    "queries a replica serves at once, largest batch included")
      .def_readonly("queued", &Observation::queued, "queries waiting")
      .def_readonly("in_service", &Observation::in_service, "queries in service")
      .def_readonly("backlog", &Observation::backlog, "queued + in_service, queries")
      .def_readonly("oldest_age_s", &Observation::oldest_age_s, "age of the oldest queued query, seconds")
      .def_readonly("response_time_s", &Observation::response_time_s, "mean or quantile over the window, seconds")
      .def_readonly("throughput_per_s", &Observation::throughput_per_s, "completions over the window, queries/s")
      .def_readonly("arrival_rate_per_s", &Observation::arrival_rate_per_s, "arrivals over the window, queries/s")
      .def_readonly("processing_time_s", &Observation::processing_time_s, "mean service time over the window, seconds")
      .def_readonly("gpu_utilization", &Observation::gpu_utilization, "mean over its replicas' GPUs, in [0, 1]")
      .def_readonly("gpu_memory_used", &Observation::gpu_memory_used, "share of device memory, in [0, 1]")
      .def("__repr__", [](const Observation& seen) {
        return py::str("<Observation at {:.3f} s: backlog {}, {} ready of {}>")
            .format(seen.now_s, seen.backlog, seen.ready_replicas, seen.current_replicas);
      });

  py::class_<SignalNeeds>(module, "SignalNeeds", "The signals to keep for a policy: only those asked for are.")
      .def(py::init([](double window_s, double response_quantile) {
             SignalNeeds needs;
             needs.response_time = needs.throughput = needs.arrival_rate = needs.processing_time = needs.gpu = true;
             needs.response_quantile = response_quantile;
             needs.window = to_duration(window_s);
             return needs;
           }),
           py::arg("window_s"), py::arg("response_quantile"),
           "All of them, over a window in seconds; response_quantile in (0, 1), or -1 for the mean.");
}

}  // namespace windtunnel::python
