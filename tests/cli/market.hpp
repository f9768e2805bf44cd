#pragma once

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/cli/process.hpp"

// A crash and a book of accounts, made by the program itself: small, but with hundreds of margin
// calls, liquidations and bankruptcies.

namespace plimsoll::cli::testing {

/// The configuration of the demonstration.
[[nodiscard]] std::string demo();

/// Writes the same with limits for small books, so that a start costs next to nothing. Returns its
/// path.
std::string write_small_demo(const TemporaryFolder& folder);

struct Market {
  Market();
  TemporaryFolder folder;
  std::string config{write_small_demo(folder)};
  std::string capture{folder.at("crash.jsonl")};
  std::string accounts{folder.at("accounts.jsonl")};

  static constexpr int kSeconds = 120;
  static constexpr int kLines = 1200;  // 5 a second, and as many marks

  /// "replay --config CONFIG --accounts BOOK".
  [[nodiscard]] Arguments replay() const { return replay(config); }
  [[nodiscard]] Arguments replay(const std::string& other_config) const;
};

/// The object that `replay --json` ends with. Expects exit code 0, conservation, and that every
/// line read is used or rejected for a reason.
[[nodiscard]] nlohmann::json summary_of(const Arguments& replay);
[[nodiscard]] nlohmann::json checked_summary(const Finished& finished);

/// The number on a row of the page for people, without its commas; 0 when there is no such row.
[[nodiscard]] std::uint64_t row_of(const std::string& page, const std::string& name);

/// Lines of a text that `wanted` says yes to, each with its end.
[[nodiscard]] std::string filter(const std::string& text,
                                 const std::function<bool(const std::string&)>& wanted);

/// A text in which one line, the first to begin with `start`, is replaced; its number from 1.
struct Edited {
  std::string text;
  std::size_t line{0};
};
[[nodiscard]] Edited edit(const std::string& text, const std::string& start,
                          const std::string& replacement);

}  // namespace plimsoll::cli::testing
