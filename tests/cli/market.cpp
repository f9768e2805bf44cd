#include "tests/cli/market.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace plimsoll::cli::testing {

std::string demo() {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/config/demo.toml";
}

std::string write_small_demo(const TemporaryFolder& folder) {
  Edited edited = edit(read_file(demo()), "accounts = ", "accounts = 5_000");
  edited = edit(edited.text, "positions = ", "positions = 20_000");
  return folder.write("small.toml", edited.text);
}

Market::Market() {
  const Finished crash =
      run({"generate", "capture", "--config", config, "--seconds", std::to_string(kSeconds),
           "--rate", "5", "--drop", "0.15", "--seed", "7", "--mark-price", "--output", capture});
  EXPECT_EQ(crash.code, 0) << crash.err;
  const Finished book = run({"generate", "accounts", "--config", config, "--count", "2000",
                             "--seed", "7", "--output", accounts});
  EXPECT_EQ(book.code, 0) << book.err;
}

Arguments Market::replay(const std::string& other_config) const {
  return {"replay", "--config", other_config, "--accounts", accounts};
}

nlohmann::json checked_summary(const Finished& finished) {
  EXPECT_EQ(finished.code, 0) << finished.err;
  nlohmann::json summary = nlohmann::json::parse(finished.out, nullptr, false);
  EXPECT_TRUE(summary.is_object()) << finished.out;
  if (!summary.is_object()) return nlohmann::json::object();
  EXPECT_EQ(lines_of(finished.out).size(), 1U) << finished.out;
  EXPECT_EQ(summary["conservation"], "ok");
  std::uint64_t lines = summary["lines_used"];
  for (const auto& [reason, count] : summary["lines_rejected"].items()) {
    lines += count.get<std::uint64_t>();
  }
  EXPECT_EQ(summary["lines_read"], lines) << summary;
  return summary;
}

nlohmann::json summary_of(const Arguments& replay) {
  return checked_summary(run(replay + Arguments{"--json"}));
}

std::uint64_t row_of(const std::string& page, const std::string& name) {
  for (const std::string& line : lines_of(page)) {
    if (!line.starts_with("  " + name + "  ")) continue;
    std::string digits = line.substr(line.find_first_not_of(' ', 4 + name.size()));
    digits = digits.substr(0, digits.find(' '));
    std::erase(digits, ',');
    return std::stoull(digits);
  }
  return 0;
}

std::string filter(const std::string& text, const std::function<bool(const std::string&)>& wanted) {
  std::string kept;
  for (const std::string& line : lines_of(text)) {
    if (wanted(line)) kept += line + "\n";
  }
  return kept;
}

Edited edit(const std::string& text, const std::string& start, const std::string& replacement) {
  Edited edited;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    const bool here = edited.line == 0 && line.starts_with(start);
    if (here) edited.line = number;
    edited.text += (here ? replacement : line) + "\n";
  }
  EXPECT_NE(edited.line, 0U) << start;
  return edited;
}

}  // namespace plimsoll::cli::testing
