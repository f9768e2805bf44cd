#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "feeds/capture/byte_source.hpp"
#include "feeds/venue/answers.hpp"
#include "tests/feeds/tables.hpp"

// Answers of real venues, which the repository does not hold: found in $PLIMSOLL_DATA.

namespace plimsoll::feeds::testing {
namespace {

std::string text_of(const std::string& path) {
  ByteSource source{path, 1U << 16U};
  std::vector<char> buffer(1U << 16U);
  std::string text;
  for (std::size_t n = source.read(buffer); n > 0; n = source.read(buffer)) {
    text.append(buffer.data(), n);
  }
  EXPECT_EQ(source.failure().value_or(""), "");
  return text;
}

class RealTables : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PLIMSOLL_DATA");
    data_ = folder != nullptr ? folder : PLIMSOLL_DATA_DEFAULT;
    if (!std::filesystem::exists(data_)) {
      GTEST_SKIP() << "no " << data_ << ": set PLIMSOLL_DATA to the folder of market data";
    }
  }

  /// What is imported of these files, without an error; nothing when one is not there.
  VenueTables import(std::string_view venue, const std::vector<std::string>& files) {
    std::vector<Answer> answers;
    for (const std::string& file : files) {
      const std::string path = (data_ / file).string();
      EXPECT_TRUE(std::filesystem::exists(path)) << path;
      for (Answer& answer : split_answers(file, text_of(path))) answers.push_back(answer);
    }
    VenueTables tables = find_importer(venue)(answers);
    for (const TableError& error : tables.errors) ADD_FAILURE() << to_string(error);
    EXPECT_TRUE(select(tables, {}).empty());
    EXPECT_EQ(write_tables(tables), write_tables(tables));
    return tables;
  }
  std::string summary(std::string_view venue, const std::vector<std::string>& files) {
    return summary_of(import(venue, files));
  }

  std::filesystem::path data_;
};

const std::string kBrackets = "binance/reference/binance_leverage_tiers.json.gz";
const std::string kUsdm = "binance/usdm-ws-2021-07-22/BINANCE_FUTURES.0";
const std::string kCoinm = "binance/coinm-ws-2021-07-22/BINANCE_DELIVERY.0";

TEST_F(RealTables, EveryBracketOfBinanceJoinsTheOneBelow) {
  const VenueTables tables = import("binance", {kBrackets});
  EXPECT_EQ(summary_of(tables),
            "binance: 349 instruments, 2805 brackets; 349 with default lot, tick and price_max");
  EXPECT_EQ(tables.assets.size(), 3U);
  EXPECT_NE(section_of(tables, "BTCUSDT")
                .find(R"({floor = "600000", initial = "0.013333334", maintenance = "0.0065"})"),
            std::string::npos);
}

TEST_F(RealTables, ExchangeInfoOfBinanceAddsWhatItKnows) {
  EXPECT_EQ(summary("binance", {kBrackets, kUsdm, kCoinm}),
            "binance: 348 instruments, 2799 brackets; 243 with default lot, tick and price_max; "
            "53 not imported: 1 not trading, 52 without margin tiers");
  EXPECT_EQ(summary("binance", {kUsdm}),
            "binance: 121 instruments, 121 brackets; 121 with one bracket, from the margin "
            "percentages; 1 not imported: 1 not trading");
  EXPECT_EQ(summary("binance", {kCoinm}),
            "binance: 36 instruments, 36 brackets; 36 with one bracket, from the margin "
            "percentages");
}

TEST_F(RealTables, OfOtherVenuesAreCounted) {
  EXPECT_EQ(summary("deribit", {"deribit/ws-2021-07-22/DERIBIT.0.gz"}),
            "deribit: 37 instruments, 37 brackets; 13 with increments of 0, for want of documented "
            "ones; 980 not imported: 980 option");
  EXPECT_EQ(summary("bitmex", {"bitmex/ws-2021-07-22/BITMEX.0"}),
            "bitmex: 33 instruments, 363 brackets; "
            "1 not imported: 1 with a price or size finer than 1e-9");
  EXPECT_EQ(summary("kraken", {"kraken/futures-ws-2021-07-22/KRAKEN_FUTURES.0"}),
            "kraken: 17 instruments, 95 brackets; 10 not imported: 10 index");
  EXPECT_EQ(summary("gate", {"gateio/futures-ws-2023-05-24/GATEIO_FUTURES.0.gz"}),
            "gate: 294 instruments, 2980 brackets; 8 not imported: 1 not trading, "
            "7 with a price or size finer than 1e-9");
  EXPECT_EQ(summary("okx", {"okx/ws-2022-05-13/OKX.0.gz"}),
            "okx: 268 instruments, 268 brackets; 268 with one bracket, from the highest leverage; "
            "1211 not imported: 696 option, 499 spot, 16 with a price or size finer than 1e-9");
}

TEST_F(RealTables, ExamplesOfFormatsAreRead) {
  EXPECT_EQ(summary("deribit", {"format-examples/deribit/http_get_instruments.json",
                                "format-examples/deribit/http_get_instruments_future_combo.json",
                                "format-examples/deribit/http_get_instruments_option_combo.json"})
                .substr(0, 35),
            "deribit: 2 instruments, 2 brackets;");
  EXPECT_EQ(summary("kraken", {"format-examples/kraken/http_futures_instruments.json"}),
            "kraken: 3 instruments, 6 brackets; "
            "1 not imported: 1 with a price or size finer than 1e-9");
  EXPECT_EQ(summary("okx", {"format-examples/okx/http_get_instruments_swap.json",
                            "format-examples/okx/http_get_instruments_futures.json",
                            "format-examples/okx/http_get_instruments_option.json"}),
            "okx: 9 instruments, 9 brackets; 9 with one bracket, from the highest leverage; "
            "4 not imported: 4 option");
}

}  // namespace
}  // namespace plimsoll::feeds::testing
