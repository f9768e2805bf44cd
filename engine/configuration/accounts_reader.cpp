#include "engine/configuration/accounts_reader.hpp"

#include <filesystem>

#include "engine/configuration/csv_accounts.hpp"
#include "engine/configuration/line_reader.hpp"

namespace plimsoll::configuration {
namespace {

static_assert(LineReader::kPadding >= AccountJsonParser::kPadding);

bool is_folder(const std::string& path) {
  std::error_code unknown;
  return std::filesystem::is_directory(path, unknown);
}

AccountsResult read_json_accounts(const std::string& path, const reference::Reference& reference,
                                  const InputSink& sink, std::size_t errors_max) {
  AccountsResult result;
  AccountsReader accounts{reference, path};
  LineReader lines{path};
  std::string_view line;
  while (result.errors.size() < errors_max) {
    const LineReader::Step step = lines.next(line);
    if (step == LineReader::Step::end) break;
    if (step == LineReader::Step::failed) {
      result.errors.push_back(
          {path, lines.is_open() ? lines.line_number() : 0, 0, {}, {}, lines.error()});
      break;
    }
    if (step == LineReader::Step::too_long) {
      result.errors.push_back({path, lines.line_number(), 0, {}, {}, "is longer than 1 MiB"});
      continue;
    }
    std::optional<Error> error = accounts.read_line(line, lines.line_number(), sink);
    if (error) result.errors.push_back(*std::move(error));
  }
  result.counts = accounts.counts();
  return result;
}

std::optional<AccountCounts> count_json_accounts(const std::string& path) {
  constexpr std::string_view kInstrumentKey = "\"instrument\"";
  AccountCounts counts;
  LineReader lines{path};
  std::string_view line;
  for (;;) {
    const LineReader::Step step = lines.next(line);
    if (step == LineReader::Step::end) return counts;
    if (step == LineReader::Step::failed) return std::nullopt;
    ++counts.accounts;
    for (std::size_t at = line.find(kInstrumentKey); at != std::string_view::npos;
         at = line.find(kInstrumentKey, at + 1)) {
      ++counts.positions;
    }
  }
}

}  // namespace

std::optional<Error> AccountsReader::read_line(std::string_view line, std::size_t number,
                                               const InputSink& sink) {
  if (is_blank(line)) return std::nullopt;
  LineFault fault;
  if (parser_.parse(line, line_, fault) && book_.take(line_, sink, fault)) return std::nullopt;
  if (fault.key.empty()) fault.value = quote(line);
  return Error{file_, number, 0, fault.path(line_), std::move(fault.value), fault.reason};
}

AccountsResult read_accounts(const std::string& path, const reference::Reference& reference,
                             const InputSink& sink, std::size_t errors_max) {
  return is_folder(path) ? read_csv_accounts(path, reference, sink, errors_max)
                         : read_json_accounts(path, reference, sink, errors_max);
}

std::optional<AccountCounts> count_accounts(const std::string& path) {
  return is_folder(path) ? count_csv_accounts(path) : count_json_accounts(path);
}

}  // namespace plimsoll::configuration
