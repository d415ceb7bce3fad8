// An answer of Prometheus' query API, walked over without building a document: memory does not grow with the answer.
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/core/error.hpp"
#include "sim/workload/gauge_reader.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kLongestToken = std::size_t{1} << 20;
constexpr std::size_t kDeepestAnswer = 64;
constexpr std::size_t kMostMetricLabels = 200;

/// The text's characters, one by one, as nlohmann's parser wants them. Bounds the length of a string or number.
class Characters {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Characters() = default;
  explicit Characters(TextBuffer& text) : text_(&text) { settle(); }
  reference operator*() const { return text_->ahead()[at_]; }
  Characters& operator++() {
    const char c = text_->ahead()[at_];
    if (c == '"' && !escaped_) in_string_ = !in_string_;
    escaped_ = in_string_ && c == '\\' && !escaped_;
    token_ = c == '"' || (!in_string_ && (c == ',' || c == ' ' || c == '\n' || c == '[' || c == '{')) ? 0 : token_ + 1;
    if (token_ > kLongestToken)
      throw InputError({text_->path(), "holds a string or number over 1 MiB", "is this an answer of Prometheus?"});
    ++at_;
    settle();
    return *this;
  }
  Characters operator++(int) { return ++*this; }
  bool operator==(const Characters& other) const { return text_ == other.text_; }
  bool operator!=(const Characters& other) const { return !(*this == other); }

 private:
  /// Reads on when the block is used up; at the end the iterator equals the default one.
  void settle() {
    if (at_ < text_->ahead().size()) return;
    text_->consume(at_);
    at_ = 0;
    if (!text_->fill()) text_ = nullptr;
  }
  TextBuffer* text_ = nullptr;
  std::size_t at_ = 0;
  std::size_t token_ = 0;
  bool in_string_ = false, escaped_ = false;
};

/// What the parser tells, piece by piece; keeps the path to where it stands and the labels of the current series.
class AnswerWalk : public nlohmann::json_sax<nlohmann::json> {
 public:
  AnswerWalk(std::string path, const std::function<void(const GaugeSample&)>& take)
      : file_(std::move(path)), take_(take) {}

  bool start_object(std::size_t) override { return open('{'); }
  bool start_array(std::size_t) override { return open('['); }
  bool end_object() override {
    close();
    return true;
  }
  bool end_array() override {
    if (is_pair()) take_pair();
    close();
    return true;
  }
  bool key(string_t& name) override {
    key_ = name;
    if (at("data.result.[") && (name == "metric")) labels_.clear();
    return true;
  }
  bool string(string_t& text) override { return scalar(text); }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool boolean(bool) override { return true; }
  bool null() override { return true; }
  bool binary(binary_t&) override { return true; }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    std::string why = error.what();
    if (const auto colon = why.rfind(": "); why.size() > 200 && colon != std::string::npos) why = why.substr(0, 200);
    throw InputError({file_, fmt::format("is no JSON at byte {} ({})", position, why), "export the answer again"});
  }

  GaugeFacts facts;
  bool saw_result = false;

 private:
  [[nodiscard]] bool at(std::string_view path) const { return path_ == path; }
  /// Inside [seconds, "value"], of a vector's value or one of a matrix's values.
  [[nodiscard]] bool is_pair() const { return at("data.result.[.value.[") || at("data.result.[.values.[.["); }

  bool open(char kind) {
    if (lengths_.size() == kDeepestAnswer)
      throw InputError({file_, "is nested over 64 deep", "is this an answer of Prometheus?"});
    lengths_.push_back(path_.size());
    if (lengths_.size() > 1) {  // the outermost object has no name
      const std::string step = path_.ends_with("[") && key_.empty() ? "" : key_;
      if (!step.empty()) path_ += (path_.empty() ? "" : ".") + step;
    }
    if (kind == '[') path_ += ".[";
    if (path_ == "data.result.[") saw_result = true;
    key_.clear();
    parts_ = 0;
    return true;
  }
  void close() {
    path_.resize(lengths_.back());
    lengths_.pop_back();
    key_.clear();
  }
  bool scalar(const std::string& text) {
    if (at("data.result.[.metric")) {
      if (labels_.size() == kMostMetricLabels) throw InputError({file_, "a series has over 200 labels", ""});
      labels_.emplace_back(key_, text);
    } else if (is_pair()) {
      if (parts_++ == 1) value_ = text;
    } else if (path_.empty() && key_ == "error") {
      throw InputError({file_, "is an error that Prometheus answered: " + in_quotes(text), "ask again"});
    } else if (at("data") && key_ == "resultType" && text != "vector" && text != "matrix") {
      throw InputError({file_, "has resultType " + in_quotes(text), "a vector or a matrix is read"});
    }
    return true;
  }
  bool number(double value) {
    if (!is_pair()) return true;
    if (parts_++ == 0)
      at_s_ = value;
    else
      value_ = fmt::format("{}", value);
    return true;
  }
  void take_pair() {
    ++facts.rows;
    if (parts_ != 2)
      throw InputError({file_, fmt::format("sample {} is no pair of a time and a value", facts.rows), ""});
    const auto value = prometheus_number(value_);
    if (!value)
      throw InputError({file_, fmt::format("sample {}: {} is not a number", facts.rows, in_quotes(value_)), ""});
    if (!(at_s_ >= 0) || at_s_ > 4.6e9)
      throw InputError({file_, fmt::format("sample {}: {} is not seconds since 1970", facts.rows, at_s_), ""});
    if (!std::isfinite(*value)) {
      facts.dropped.add(std::isnan(*value) ? "NaN" : "infinite");
      return;
    }
    std::string_view metric;
    for (const auto& [name, text] : labels_)
      if (name == "__name__") metric = text;
    const std::string name = series_name(metric, labels_);
    take_({.series = name, .labels = &labels_, .at_ns = std::llround(at_s_ * 1e9), .value = *value});
  }

  std::string file_;
  const std::function<void(const GaugeSample&)>& take_;
  std::string path_, key_, value_;
  std::vector<std::size_t> lengths_;  // of path_ before each open bracket
  MetricLabels labels_;
  double at_s_ = 0;
  int parts_ = 0;
};

}  // namespace

GaugeFacts read_prometheus_json(TextBuffer text, const std::function<void(const GaugeSample&)>& take) {
  AnswerWalk walk(text.path(), take);
  const std::string path = text.path();
  nlohmann::json::sax_parse(Characters(text), Characters(), &walk);
  if (!walk.saw_result)
    throw InputError({path, "holds no data.result", "export the answer of /api/v1/query or query_range as it is"});
  walk.facts.wall_clock = true;
  return std::move(walk.facts);
}

}  // namespace windtunnel
