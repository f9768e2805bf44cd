#include "engine/cli/import.hpp"

#include <algorithm>
#include <ostream>
#include <span>

#include "engine/cli/exit_code.hpp"
#include "engine/platform/output_file.hpp"
#include "feeds/capture/byte_source.hpp"
#include "feeds/venue/answers.hpp"
#include "feeds/venue/importers.hpp"
#include "feeds/venue/table_builder.hpp"
#include "feeds/venue/write_tables.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::size_t kReadSize = 256U << 10U;
constexpr std::size_t kTextMax = 256U << 20U;

int fail(std::ostream& err, int code, const std::string& line) {
  err << "plimsoll: " << line << "\n";
  return code;
}

/// The whole text of a file, or what went wrong.
std::string read_text(const std::string& path, std::string& text) {
  feeds::ByteSource source{path, kReadSize};
  std::vector<char> buffer(kReadSize);
  for (std::size_t count = source.read(buffer); count > 0; count = source.read(buffer)) {
    text.append(buffer.data(), count);
    if (text.size() > kTextMax) return "longer than 256 MiB";
  }
  return source.failure().value_or("");
}

int read_answers(const ImportOptions& options, std::vector<feeds::Answer>& answers,
                 std::ostream& err) {
  for (const std::string& file : options.files) {
    std::string text;
    const std::string failure = read_text(file, text);
    if (!failure.empty()) return fail(err, kBadInput, file + ": " + failure);
    std::vector<feeds::Answer> found = feeds::split_answers(file, text);
    if (found.empty()) {
      return fail(err, kBadInput, file + ": neither JSON nor a recording with answers of a venue");
    }
    std::move(found.begin(), found.end(), std::back_inserter(answers));
  }
  return kOk;
}

/// Why a symbol that was asked for is not there.
std::string reason_of(const feeds::VenueTables& tables, const std::string& symbol) {
  for (const feeds::NotImported& left : tables.not_imported) {
    if (left.symbol == symbol) return "cannot be imported: " + left.reason;
  }
  return "not in the files";
}

int write_out(const ImportOptions& options, const std::string& text, std::ostream& out,
              std::ostream& err) {
  if (options.output.empty()) {
    return out << text << std::flush ? kOk : fail(err, kFailed, "standard output: write failed");
  }
  platform::OutputFile file{options.output};
  file.append(text);
  return file.close() ? kOk : fail(err, kFailed, file.error());
}

}  // namespace

int run_import(const ImportOptions& options, std::ostream& out, std::ostream& err) {
  const feeds::ReadTables read = feeds::find_importer(options.venue);
  if (read == nullptr) {
    return fail(err, kUsage,
                "VENUE = \"" + options.venue + "\": not one of " + feeds::importer_names());
  }
  std::vector<feeds::Answer> answers;
  if (const int code = read_answers(options, answers, err); code != kOk) return code;
  feeds::VenueTables tables = read(answers);
  for (const auto& error : tables.errors) (void)fail(err, kBadInput, feeds::to_string(error));
  if (!tables.errors.empty()) return kBadInput;
  const std::vector<std::string> missing = feeds::select(tables, options.symbols);
  for (const std::string& symbol : missing) {
    (void)fail(err, kBadInput, "--symbol = \"" + symbol + "\": " + reason_of(tables, symbol));
  }
  if (!missing.empty()) return kBadInput;
  if (tables.instruments.empty()) {
    return fail(err, kBadInput, "nothing to import: " + feeds::summary_of(tables));
  }
  const int code = write_out(options, feeds::write_tables(tables), out, err);
  if (code == kOk) err << feeds::summary_of(tables) << "\n";
  return code;
}

}  // namespace plimsoll::cli
