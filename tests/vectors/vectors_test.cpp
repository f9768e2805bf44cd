// Numbers that real systems published, through the program: every case becomes a portfolio file
// that includes a profile of config/profiles, and `plimsoll margin` says what it makes of it. Where
// ours would differ, one of the two is wrong; nothing is tuned away.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "tests/vectors/vector_files.hpp"

namespace plimsoll::vectors {
namespace {

std::string profiles_folder() {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/config/profiles";
}

std::string vectors_folder() {
  const char* folder = std::getenv("PLIMSOLL_VECTORS");
  return folder != nullptr ? folder : PLIMSOLL_VECTORS_DEFAULT;
}

/// What became of the cases of a file.
struct Tally {
  int passed{0};
  int failed{0};
  std::map<std::string, int> not_applicable;  // cases by reason
  std::map<std::string, std::map<std::string, int>>
      partly;  // of the passed: what was left out, why

  void add(const Outcome& outcome) {
    if (outcome.verdict == Verdict::not_applicable) ++not_applicable[outcome.reason];
    if (outcome.verdict == Verdict::failed) ++failed;
    if (outcome.verdict != Verdict::passed) return;
    ++passed;
    for (const auto& [part, why] : outcome.skipped) ++partly[part.substr(1)][why];
  }
};

std::string line_of(std::string_view name, const Tally& tally) {
  int none = 0;
  std::string reasons;
  for (const auto& [reason, count] : tally.not_applicable) {
    none += count;
    reasons += (reasons.empty() ? "" : "; ") + std::to_string(count) + ": " + reason;
  }
  std::string line = std::string{name} + ": " + std::to_string(tally.passed) + " passed, " +
                     std::to_string(tally.failed) + " failed, " + std::to_string(none) +
                     " not applicable";
  if (!reasons.empty()) line += " (" + reasons + ")";
  for (const auto& [part, whys] : tally.partly) {
    for (const auto& [why, count] : whys) {
      line += "; " + std::to_string(count) + " of the passed without " + part + ": " + why;
    }
  }
  return line;
}

class PublishedVectors : public ::testing::TestWithParam<VectorFile> {
 protected:
  void SetUp() override {
    const std::optional<Json> json = read_vectors(vectors_folder(), GetParam().name);
    if (!json) {
      GTEST_SKIP() << "no " << GetParam().name << ".json in " << vectors_folder()
                   << ": set PLIMSOLL_VECTORS to the folder of test vectors";
    }
    cases_ = GetParam().cases(*json);
  }

  Outcome outcome_of(const Case& given) {
    return try_case(given, rule_of(GetParam(), given), profiles_, program_);
  }

  Profiles profiles_{profiles_folder()};
  Program program_;
  std::vector<Case> cases_;
};

TEST_P(PublishedVectors, AreWhatTheProgramSays) {
  Tally tally;
  for (const Case& given : cases_) {
    const Outcome outcome = outcome_of(given);
    for (const std::string& mistake : outcome.mistakes) ADD_FAILURE() << mistake;
    tally.add(outcome);
  }
  std::cout << line_of(GetParam().name, tally) << '\n';
  EXPECT_EQ(tally.failed, 0);
}

/// A published figure that is a little wrong, beyond any tolerance; a text that says something
/// else.
Json falsified(const Json& published, const Json& tolerance) {
  if (published.is_boolean()) return !published.get<bool>();
  const std::string text = text_of(published);
  if (const auto number = parse_number(text)) {
    const Number stated = tolerance.is_null() ? Number{0} : number_in(tolerance);
    return decimal_text(*number + 3 * std::max(stated, half_of_last_digit(text)), 18);
  }
  const std::size_t digit = text.find_last_of("0123456789");
  if (digit == text.npos) return text + "?";
  std::string changed = text;
  changed[digit] = changed[digit] == '9' ? '8' : static_cast<char>(changed[digit] + 1);
  return changed;
}

// Every figure that counts for a pass is falsified once, alone: the case must fail.
TEST_P(PublishedVectors, ShowEveryFigureThatIsWrong) {
  int planted = 0;
  int passed = 0;
  for (const Case& given : cases_) {
    const Outcome outcome = outcome_of(given);
    if (outcome.verdict != Verdict::passed) continue;
    ++passed;
    for (const std::string& pointer : outcome.looked_at) {
      Case wrong = given;
      const Json tolerance =
          given.expected.is_object() ? given.expected.value("tolerance", Json{}) : Json{};
      Json& figure = wrong.expected.at(Json::json_pointer{pointer});
      figure = falsified(figure, tolerance);
      EXPECT_EQ(outcome_of(wrong).verdict, Verdict::failed)
          << given.id << pointer << " as " << figure;
      ++planted;
    }
  }
  EXPECT_GE(planted, passed);
}

std::string test_name(const ::testing::TestParamInfo<VectorFile>& file) {
  std::string name{file.param.name};
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, PublishedVectors, ::testing::ValuesIn(vector_files()), test_name);

// Whoever includes a profile gets no error, whether vectors are at hand or not.
TEST(VenueProfiles, AreTakenByTheProgram) {
  const Profiles profiles{profiles_folder()};
  Program program;
  EXPECT_GE(profiles.all().size(), 20U);
  for (const ProfileData& profile : profiles.all()) {
    Portfolio portfolio;
    portfolio.profile = &profile;
    Instrument instrument = linear_instrument(100, 1);
    instrument.tiers = flat_tiers(10 * ten_to(-2), 5 * ten_to(-2));
    portfolio.instruments.push_back(instrument);
    Account account;
    account.balances[portfolio.money] = 100;
    account.positions.push_back({instrument.symbol, 1, 100, std::nullopt});
    portfolio.accounts.push_back(account);
    const Answer& answer = program.margin(portfolio.text());
    ASSERT_EQ(answer.code, 0) << profile.name << ": " << answer.error;
    EXPECT_EQ(answer.accounts.at(0).at("profile"), profile.name);
    EXPECT_EQ(state_of(answer.accounts.at(0)), "healthy") << profile.name;
  }
}

}  // namespace
}  // namespace plimsoll::vectors
