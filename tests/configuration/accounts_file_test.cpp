#include <filesystem>

#include <unistd.h>
#include <zlib.h>

#include "engine/configuration/accounts_reader.hpp"
#include "engine/configuration/line_reader.hpp"
#include "engine/generate/accounts.hpp"
#include "engine/generate/random.hpp"
#include "tests/configuration/demo.hpp"
#include "tests/configuration/same_input.hpp"

namespace plimsoll::configuration {
namespace {

/// A directory of this test alone, removed at its end.
class AccountsFile : public testing::Test {
 protected:
  AccountsFile() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 ("plimsoll_" + std::string{test->name()} + "_" + std::to_string(::getpid()));
    std::filesystem::create_directories(directory_);
    path_ = (directory_ / "accounts.jsonl").string();
  }
  ~AccountsFile() override { std::filesystem::remove_all(directory_); }

  void write(std::string_view text) const { std::ofstream{path_, std::ios::binary} << text; }
  AccountsResult read() {
    inputs_.clear();
    return read_accounts(path_, configuration_.reference,
                         [this](const InputBody& input) { inputs_.push_back(input); });
  }
  static std::string line(int account) {
    return R"({"account":)" + std::to_string(account) +
           R"(,"owner":1,"profile":"standard","asset":"USDT","balance":"5","positions":[]})";
  }

  Configuration configuration_{load_configuration(demo_path()).configuration.value()};
  std::filesystem::path directory_;
  std::string path_;
  std::vector<InputBody> inputs_;
};

TEST_F(AccountsFile, GivesBackAGeneratedBookOf100000AccountsExactly) {
  std::vector<InputBody> expected;
  std::string text;
  const auto errors = generate::generate_accounts(
      configuration_.reference, {7, 100'000, configuration_.reference_prices},
      [&](const generate::BookAccount& account) {
        generate::append_line(text, account, configuration_.reference);
        generate::give_inputs(account, [&](const InputBody& input) { expected.push_back(input); });
      });
  ASSERT_TRUE(errors.empty());
  write(text);
  const AccountsResult result = read();
  ASSERT_TRUE(result.ok()) << to_string(result.errors.front());
  EXPECT_EQ(result.counts.accounts, 100'000U);
  ASSERT_EQ(inputs_.size(), expected.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    ASSERT_TRUE(same_input(inputs_[i], expected[i])) << i;
  }
  const auto counts = count_accounts(path_);
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ(counts->accounts, result.counts.accounts);
  EXPECT_EQ(counts->positions, result.counts.positions);
}

TEST_F(AccountsFile, ReadsGzipAsPlain) {
  gzFile file = gzopen(path_.c_str(), "wb");
  for (int i = 1; i <= 10'000; ++i) {
    const std::string text = line(i) + "\n";
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  }
  gzclose(file);
  EXPECT_EQ(read().counts.accounts, 10'000U);
  EXPECT_EQ(inputs_.size(), 20'000U);

  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  const AccountsResult cut = read();
  ASSERT_EQ(cut.errors.size(), 1U);
  EXPECT_EQ(cut.errors[0].reason, "the compressed file ends in the middle");
}

TEST_F(AccountsFile, NamesFileAndLineOfEachErrorAndGoesOn) {
  write(line(1) + "\r\n" + "{\"account\":2,\"ow\n\n" + line(1) + "\n" + line(3));
  const AccountsResult result = read();
  ASSERT_EQ(result.errors.size(), 2U);
  EXPECT_EQ(to_string(result.errors[0]).rfind(path_ + ":2: \"{\"account\":2,\"ow\": malformed", 0),
            0U)
      << to_string(result.errors[0]);
  EXPECT_EQ(to_string(result.errors[1]), path_ + ":4: account = 1: appears twice");
  EXPECT_EQ(result.counts.accounts, 2U);
}

TEST_F(AccountsFile, SkipsALineThatIsTooLong) {
  write(std::string(3 * LineReader::kLineMax + 5, 'x') + "\n" + line(2) + "\n");
  const AccountsResult result = read();
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(to_string(result.errors[0]), path_ + ":1: is longer than 1 MiB");
  EXPECT_EQ(result.counts.accounts, 1U);
}

TEST_F(AccountsFile, GivesUpAfterSoManyErrors) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "?\n";
  write(text);
  EXPECT_EQ(read().errors.size(), 100U);
}

TEST_F(AccountsFile, SaysThatAFileCannotBeRead) {
  const AccountsResult missing = read();
  ASSERT_EQ(missing.errors.size(), 1U);
  EXPECT_EQ(missing.errors[0].reason, "cannot be read: No such file or directory");
  path_ = directory_.string();
  EXPECT_EQ(read().errors.size(), 1U);
  EXPECT_FALSE(count_accounts(path_).has_value());
}

TEST_F(AccountsFile, DamageNeverCrashes) {
  const std::string whole =
      R"({"account":17,"owner":5,"profile":"standard","asset":"USDT","balance":"1234.56",)"
      R"("positions":[{"instrument":"BTCUSDT","quantity":"-0.500","entry_price":"61000.1"}]})";
  generate::Random random{3};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole;
    for (std::int64_t i = random.between(1, 3); i > 0; --i) {
      text[static_cast<std::size_t>(random.below(text.size()))] =
          static_cast<char>(random.below(256));
    }
    text.append(AccountJsonParser::kPadding, '\0');
    AccountsReader reader{configuration_.reference, "a"};
    const auto error =
        reader.read_line(std::string_view{text}.substr(0, whole.size()), 1, [](const auto&) {});
    ASSERT_EQ(error.has_value(), reader.counts().accounts == 0);
  }
}

}  // namespace
}  // namespace plimsoll::configuration
