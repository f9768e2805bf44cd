// Goal: a packed book is the book it was packed from, or is refused in one line. Method: the
// program packs a generated book and the example, replays both forms on every fabric, and is given
// packed books that are damaged, or that come where none is taken.

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "engine/cli/exit_code.hpp"
#include "tests/cli/market.hpp"
#include "tests/support/one_contract.hpp"

namespace plimsoll::cli::testing {
namespace {

using Json = nlohmann::json;

Arguments pack(const std::string& config, const std::string& accounts, const std::string& output) {
  return {"pack", "--config", config, "--accounts", accounts, "--output", output};
}

/// Packs, and expects to be told how many accounts of each sort there were.
void expect_packed(const Arguments& arguments, std::size_t packed, std::size_t told) {
  const Finished finished = run(arguments);
  EXPECT_EQ(finished.code, kOk);
  EXPECT_EQ(finished.out, std::to_string(packed) + " accounts packed, " + std::to_string(told) +
                              " told by their inputs\n");
  EXPECT_EQ(finished.err, "");
}

void expect_same(const Json& expected, const Json& actual) {
  for (const char* name : {"event_hash", "events", "inputs", "accounts", "margin_calls",
                           "liquidations", "bankruptcies"}) {
    EXPECT_EQ(expected[name], actual[name]) << name;
  }
}

// A generated book.

class PackedBook : public ::testing::Test {
 protected:
  PackedBook() { expect_packed(pack(market_.config, market_.accounts, packed_), 2000, 0); }

  [[nodiscard]] Arguments replay(const std::string& accounts) const {
    return {"replay", "--config", market_.config, "--accounts", accounts, market_.capture};
  }
  /// The packed book with one byte changed.
  [[nodiscard]] std::string changed_at(std::size_t place) const {
    std::string bytes = read_file(packed_);
    bytes.at(place) = static_cast<char>(bytes.at(place) ^ 0x20);
    return market_.folder.write("changed.book", bytes);
  }

  Market market_;
  std::string packed_{market_.folder.at("accounts.book")};
};

TEST_F(PackedBook, ReplaysLikeItsSourceOnEveryFabric) {
  const Json expected = summary_of(replay(market_.accounts));
  EXPECT_GE(expected["liquidations"], 300);
  for (const Arguments& options : {Arguments{"--inline"},
                                   {"--shards", "1"},
                                   {"--shards", "2"},
                                   {"--naive"},
                                   {"--naive", "--shards", "3"}}) {
    expect_same(expected, summary_of(replay(packed_) + options));
  }
}

TEST_F(PackedBook, RecordsLikeItsSourceAndTheRecordReplays) {
  const std::string record = market_.folder.at("packed.rec");
  const std::string expected = market_.folder.at("source.rec");
  const Json summary = summary_of(replay(market_.accounts) + Arguments{"--record", expected});
  for (const Arguments& options : {Arguments{"--inline"}, {"--shards", "2"}}) {
    expect_same(summary, summary_of(replay(packed_) + Arguments{"--record", record} + options));
    EXPECT_TRUE(read_file(record) == read_file(expected));
  }
  expect_same(summary, summary_of({"replay", "--config", market_.config, record}));
}

TEST_F(PackedBook, IsTheSameFileFromTheSameSource) {
  const std::string again = market_.folder.at("again.book");
  const std::string zipped = market_.folder.write("book.gz", gzip(read_file(market_.accounts)));
  expect_packed(pack(market_.config, zipped, again), 2000, 0);
  EXPECT_TRUE(read_file(again) == read_file(packed_));
}

TEST_F(PackedBook, IsRefusedWithAnotherConfiguration) {
  const std::string text = edit(read_file(market_.config), "latency", "latency = \"30ms\"").text;
  const std::string other = market_.folder.write("other.toml", text);
  const std::string refusal = packed_ + ": was packed with another configuration: pack it again";
  expect_refusal({"replay", "--config", other, "--accounts", packed_, market_.capture}, kBadInput,
                 {"plimsoll: " + refusal});
  expect_refusal({"serve", "--config", other, "--accounts", packed_}, kBadInput, {refusal});
}

TEST_F(PackedBook, ThatIsDamagedIsRefused) {
  const std::string bytes = read_file(packed_);
  const auto expect = [this](const std::string& file, const std::string& reason) {
    expect_refusal(replay(file), kBadInput, {"plimsoll: " + file + ": " + reason});
  };
  for (const std::size_t place : {std::size_t{48}, bytes.size() / 2, bytes.size() - 1}) {
    expect(changed_at(place), "fails its checksum");
  }
  expect(changed_at(7), "is a packed book of another format than 1");
  expect(changed_at(8), "was packed with another configuration");
  expect(changed_at(16), "is ");  // too short, or too long, for so many accounts
  for (const std::size_t size : {std::size_t{7}, std::size_t{47}, bytes.size() - 1}) {
    expect(market_.folder.write("cut.book", bytes.substr(0, size)), "is cut");
  }
  expect(market_.folder.write("long.book", bytes + "\n"), "is longer than it says, by 1 bytes");
}

TEST_F(PackedBook, IsRefusedWhereItsSourceIsNeeded) {
  const std::string refusal =
      "plimsoll: " + packed_ + ": is packed, for replay and serve; here its source is needed";
  const std::string output = market_.folder.at("twice.book");
  expect_refusal(pack(market_.config, packed_, output), kBadInput, {refusal});
  EXPECT_FALSE(std::filesystem::exists(output));
  expect_refusal({"margin", market_.config, "--accounts", packed_}, kBadInput, {refusal});
  expect_refusal({"stand-in", "--config", market_.config, "--listen", "0", "--accounts", packed_},
                 kBadInput, {refusal});
}

// Packing.

class Packing : public ::testing::Test {
 protected:
  static std::string account(int number, const std::string& profile) {
    return R"({"account":)" + std::to_string(number) + R"(,"owner":1,"profile":")" + profile +
           R"(","asset":"USDT","balance":"100"})" + "\n";
  }
  /// Refused as a usage, and the file stays as it is.
  void expect_kept(const Arguments& arguments, const std::string& file,
                   const std::vector<std::string>& parts) const {
    const std::string before = read_file(file);
    expect_refusal(arguments, kUsage, parts);
    EXPECT_EQ(read_file(file), before);
  }

  TemporaryFolder folder_;
  std::string config_{write_small_demo(folder_)};
  std::string accounts_{
      folder_.write("accounts.jsonl", account(1, "standard") + account(2, "standard"))};
  std::string output_{folder_.at("accounts.book")};
};

TEST_F(Packing, OfAnEmptyBookGivesAnEmptyBook) {
  const std::string empty = folder_.write("empty.jsonl", "");
  expect_packed(pack(config_, empty, output_), 0, 0);
  const std::string capture = folder_.write("capture.jsonl", "");
  const Json summary = summary_of({"replay", "--config", config_, "--accounts", output_, capture});
  EXPECT_EQ(summary["accounts"], 0);
}

TEST_F(Packing, NeverWritesOverWhatItReads) {
  expect_kept(pack(config_, accounts_, accounts_), accounts_,
              {accounts_ + ": would be written over, it is also " + accounts_});
  expect_kept(pack(config_, accounts_, config_), config_,
              {config_ + ": would be written over, it is also " + config_});
  const std::string link = folder_.at("link");
  std::filesystem::create_symlink(accounts_, link);
  expect_kept(pack(config_, accounts_, link), accounts_, {link + ": would be written over"});
  EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST_F(Packing, NeverWritesIntoAFolderThatItReads) {
  const std::string book = folder_.at("book");
  std::filesystem::create_directory(book);
  const std::string file = folder_.write(
      "book/accounts.csv", "account,owner,profile,asset\n1,1,standard,USDT\n2,2,standard,USDT\n");
  expect_kept(pack(config_, book, file), file, {file + ": would be written into the book " + book});
}

TEST_F(Packing, WritesOverWhatItDoesNotRead) {
  (void)folder_.write("accounts.book", "something else");
  expect_packed(pack(config_, accounts_, output_), 2, 0);
  expect_packed(pack(config_, accounts_, output_), 2, 0);
}

TEST_F(Packing, IntoNowhereEndsInOneLine) {
  const std::string nowhere = folder_.at("missing/accounts.book");
  expect_refusal(pack(config_, accounts_, nowhere), kFailed, {nowhere + ": cannot be written"});
  expect_refusal(pack(config_, accounts_, folder_.path()), kFailed,
                 {folder_.path(), "Is a directory"});
  expect_refusal(pack(config_, accounts_, "/dev/full"), kFailed, {"/dev/full: write failed"});
}

TEST_F(Packing, OfABadBookWritesNothing) {
  const std::string bad = folder_.write("bad.jsonl", account(1, "standard") + account(2, "nobody"));
  expect_refusal(pack(config_, bad, output_), kBadInput,
                 {bad + ":2: profile = \"nobody\": names no profile"});
  const std::string missing = folder_.at("missing.jsonl");
  expect_refusal(pack(config_, missing, output_), kBadInput, {missing, "cannot be read"});
  EXPECT_FALSE(std::filesystem::exists(output_));
}

TEST_F(Packing, WithABadConfigurationWritesNothing) {
  const std::string bad =
      folder_.write("bad.toml", edit(read_file(config_), "latency", "latency = 7").text);
  expect_refusal(pack(bad, accounts_, output_), kBadInput, {bad});
  EXPECT_FALSE(std::filesystem::exists(output_));
}

// The example.

std::string example(const std::string& name) {
  return std::string{PLIMSOLL_SOURCE_DIR} + "/config/example/" + name;
}

class PackedExample : public ::testing::Test {
 protected:
  PackedExample() { expect_packed(pack(config_, example("book"), packed_), 1, 5); }

  [[nodiscard]] Arguments day(const std::string& accounts) const {
    return {"replay",   "--config",          config_, "--accounts", accounts,
            "--inputs", example("day.jsonl")};
  }
  /// The lines of the events but for the numbers of the inputs of the book: there the accounts that
  /// are told come last.
  [[nodiscard]] std::vector<std::string> events_of(const std::string& accounts) const {
    const std::string file = folder_.at("events.jsonl");
    (void)summary_of(day(accounts) + Arguments{"--events", file});
    std::vector<std::string> events;
    for (const std::string& line : lines_of(read_file(file))) {
      nlohmann::ordered_json event = nlohmann::ordered_json::parse(line);
      if (event["cause"] <= kInputsOfBook) event.erase("cause");
      events.push_back(event.dump());
    }
    return events;
  }

  static constexpr int kInputsOfBook = 31;
  TemporaryFolder folder_;
  std::string config_{example("exchange.toml")};
  std::string packed_{folder_.at("example.book")};
};

TEST_F(PackedExample, SaysWhatTheBookSays) {
  const auto expected = events_of(example("book"));
  EXPECT_GE(expected.size(), 25U);
  EXPECT_EQ(events_of(packed_), expected);
}

TEST_F(PackedExample, HasOneHashWhateverTheEngineRunsOn) {
  const std::string record = folder_.at("day.rec");
  const Json expected = summary_of(day(packed_));
  EXPECT_EQ(expected["inputs"], summary_of(day(example("book")))["inputs"]);
  for (const Arguments& options : {Arguments{"--shards", "3"},
                                   {"--naive"},
                                   {"--naive", "--shards", "2"},
                                   {"--record", record}}) {
    expect_same(expected, summary_of(day(packed_) + options));
  }
  expect_same(expected, summary_of({"replay", "--config", config_, record}));
}

// The service.

class ServedBook : public ::testing::TestWithParam<int> {};

/// With so fine a grid that settling points come between any two inputs.
std::string service_text(int shards) {
  std::string text = support::kOneContract;
  const std::string grid = "settle_grid = \"1ms\"";
  text.replace(text.find(grid), grid.size(), "settle_grid = \"1us\"");
  return text +
         "[gateway]\nport = 0\n[service]\nidle = \"sleep\"\nshards = " + std::to_string(shards) +
         "\n";
}

TEST_P(ServedBook, IsOpenWhenTheServiceIsReady) {
  const TemporaryFolder folder;
  const std::string config = folder.write("serve.toml", service_text(GetParam()));
  std::string book;
  for (int i = 1; i <= 5; ++i) {
    const std::string number = std::to_string(i);
    book += R"({"account":)" + number + R"(,"owner":)" + number +
            R"(,"profile":"standard","asset":"USDT","balance":"600"})" + "\n";
  }
  const std::string packed = folder.at("accounts.book");
  expect_packed(pack(config, folder.write("accounts.jsonl", book), packed), 5, 0);
  Process service{{"serve", "--config", config, "--accounts", packed}};
  ASSERT_TRUE(service.wait_until(
      [&service] { return service.err().find("info: ready") != std::string::npos; }));
  service.send(SIGTERM);
  const Finished finished = service.wait();
  EXPECT_EQ(finished.code, kOk) << finished.err;
  EXPECT_EQ(row_of(finished.out, "accounts"), 5U) << finished.out;
  EXPECT_NE(finished.out.find("conservation          ok"), std::string::npos) << finished.out;
}

INSTANTIATE_TEST_SUITE_P(Shards, ServedBook, ::testing::Values(0, 1, 3));

}  // namespace
}  // namespace plimsoll::cli::testing
