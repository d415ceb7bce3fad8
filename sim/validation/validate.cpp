#include "sim/validation/validate.hpp"

#include <algorithm>

namespace windtunnel {

std::size_t ValidationReport::passed() const {
  return static_cast<std::size_t>(
      std::count_if(validations.begin(), validations.end(), [](const auto& v) { return v.passed(); }));
}

Result<std::vector<Validation>> validate_table(const CsvTable& table) {
  const auto kind = recognise(table.columns, table.file);
  if (!kind) return kind.problems();
  auto found = *kind == TableKind::pairs                                ? validate_pairs(table)
               : *kind == TableKind::slices || *kind == TableKind::caps ? validate_shares(table, *kind)
                                                                        : validate_images(table, *kind);
  if (!found) return found.problems();
  const std::size_t name = table.file.find_last_of('/') + 1;
  for (auto& v : *found) {
    v.table = table.file.substr(name);
    v.rows = table.rows.size();
  }
  return found;
}

Result<ValidationReport> validate_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return Error{folder.string(), "is no folder", "name the folder with the measured tables, or set WINDTUNNEL_TABLES"};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  if (files.empty()) return Error{folder.string(), "holds no .csv file", "name the folder with the measured tables"};
  std::sort(files.begin(), files.end());
  ValidationReport report;
  for (const auto& file : files) {
    const auto table = read_csv(file);
    const auto found = table ? validate_table(*table) : Result<std::vector<Validation>>(table.problems());
    if (found) {
      report.validations.insert(report.validations.end(), found->begin(), found->end());
    } else {
      report.not_understood.push_back(found.problems().front());
    }
  }
  return report;
}

}  // namespace windtunnel
