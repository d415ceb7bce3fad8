// Reading of one reference file (format "oracle/1").
#include "tests/theory/oracle.hpp"

#include "tests/theory/fields.hpp"

namespace windtunnel::theory {
namespace {

// What a number means is the format's, not the case's.
void read_codes(Fields codes) {
  if (codes.integer("ignored") != 0 || codes.integer("granted") != 1 || codes.integer("killed") != 2)
    throw NotUnderstood("codes of outcomes other than 0 ignored, 1 granted, 2 killed");
  codes.finish();
}

Measure read_measure(Fields fields) {
  Measure out;
  out.kind = fields.text("kind");
  out.of = fields.text("of");
  if (fields.has("jobs")) out.jobs = fields.text("jobs");
  if (fields.has("at_s")) out.at_s = fields.number("at_s");
  if (fields.has("station")) out.station = fields.integer("station");
  if (fields.has("class")) out.job_class = fields.integer("class");
  if (fields.has("job")) out.job = fields.integer("job");
  if (fields.has("unit_s")) out.unit_s = fields.number("unit_s");
  if (fields.has("event")) out.event = fields.integer("event");
  if (fields.has("per")) out.per = fields.text("per");
  if (out.kind == "outcome") read_codes(fields.object("codes"));
  if (fields.has("replicas")) out.replicas = fields.integer("replicas");
  if (fields.has("t_s")) out.t_s = fields.number("t_s");
  if (fields.has("stat")) out.stat = fields.text("stat");
  fields.finish();
  return out;
}

void read_tolerance(Fields fields, Quantity& out) {
  const auto kind = fields.text("kind");
  if (kind == "exact") {
    out.tolerance = ToleranceKind::exact;
  } else if (kind == "relative" || kind == "absolute") {
    out.tolerance = kind == "relative" ? ToleranceKind::relative : ToleranceKind::absolute;
    out.delta = fields.number("delta");
  } else {
    throw NotUnderstood("unknown tolerance \"" + kind + "\"");
  }
  fields.skip({"relaxed_from"});
  fields.finish();
}

Quantity read_quantity(Fields fields) {
  Quantity out;
  try {
    out.name = fields.text("name");
    out.target = fields.number("value");
    read_tolerance(fields.object("tolerance"), out);
    out.measure = read_measure(fields.object("measure"));
    if (out.measure.kind == "job_cdf") {
      out.target = fields.number("cdf_at_value");
    } else {
      fields.skip({"cdf_at_value"});
    }
    fields.skip({"unit", "definition", "checkable", "exact"});
    fields.finish();
  } catch (const NotUnderstood& why) {
    out.not_understood = why.what();
  }
  return out;
}

/// Whether the file asks for this row to be checked; a row that does not say so plainly is not understood later.
bool is_checkable(const nlohmann::json& row) {
  return !(row.is_object() && row.contains("checkable") && row["checkable"] == false);
}

Plan read_plan(Fields fields) {
  Plan out;
  out.replications = fields.integer("replications");
  out.k = fields.number("k");
  out.warm_up_s = fields.number("warm_up_s");
  out.measured_s = fields.number_or_null("measured_s").value_or(0);
  out.jobs_per_replication = fields.number("jobs_per_replication");
  if (fields.has("runs_per_replication")) out.runs = fields.integer("runs_per_replication");
  fields.finish();
  return out;
}

}  // namespace

OracleCase read_case(const nlohmann::json& file, const std::string& file_name) {
  OracleCase out;
  out.id = file_name;
  try {
    Fields fields(file, "file");
    // Rows first, so that they are counted even when the rest is not understood.
    if (const auto& rows = fields.at("quantities"); rows.is_array()) {
      for (const auto& row : rows) {
        if (is_checkable(row)) out.quantities.push_back(read_quantity(Fields(row, "quantity")));
      }
    }
    out.id = fields.text("id");
    out.family = fields.text("family");
    out.kind = fields.text("kind");
    if (const auto schema = fields.text("schema"); schema != "oracle/1") {
      throw NotUnderstood("unknown schema \"" + schema + "\"");
    }
    auto model = fields.object("model");
    out.parameters = model.at("parameters");
    model.skip({"semantics"});
    model.finish();
    out.plan = read_plan(fields.object("quick_plan"));
    fields.skip({"title", "relaxation_s", "warm_up_s", "method", "references", "cross_check", "planning"});
    fields.finish();
  } catch (const NotUnderstood& why) {
    out.not_understood = why.what();
  }
  return out;
}

}  // namespace windtunnel::theory
