#include <zlib.h>

#include "engine/configuration/accounts_reader.hpp"
#include "engine/generate/random.hpp"
#include "tests/configuration/same_input.hpp"
#include "tests/configuration/wide.hpp"

// Goal: a folder of CSV files says the same as JSON Lines, and its mistakes are found in their file
// and row.

namespace plimsoll::configuration {
namespace {

class CsvAccounts : public testing::Test {
 protected:
  AccountsResult read(const std::string& path) {
    inputs_.clear();
    return read_accounts(path, reference_,
                         [this](const InputBody& input) { inputs_.push_back(input); });
  }
  /// The errors of the folder, without its path.
  std::vector<std::string> errors() {
    std::vector<std::string> texts = texts_of(read(folder_.path()));
    for (std::string& text : texts) text = text.substr(folder_.path().size() + 1);
    return texts;
  }
  using Texts = std::vector<std::string>;

  const reference::Reference reference_{
      parse_configuration(wide_configuration(), "t.toml").configuration.value().reference};
  Folder folder_;
  std::vector<InputBody> inputs_;
};

TEST_F(CsvAccounts, SayTheSameAsJsonLines) {
  folder_.write("accounts.csv",
                "profile,account,asset,mode,position_mode,parent,owner,auto_top_up\r\n"
                "plain,1,USD,multi_asset,,,,\r\n"
                "\"plain\",2,USDT,isolated,hedge,1,1,true\r\n"
                "plain,3,USDT,,,,,false\r\n");
  folder_.write("balances.csv",
                "amount,asset,account\n-20.25,USDT,1\n100,USDT,3\n0.5,BTC,1\n7,USDT,2\n");
  folder_.write("positions.csv",
                "account,instrument,side,quantity,entry_price,leverage\n"
                "3,BTCUSDT,,1,60000,\n2,BTCUSDT,long,0.5,60000,20\n2,BTCUSDT,short,-1,60000.5,\n");
  folder_.write("orders.csv",
                "account,order,instrument,quantity,limit,side,reduce_only\n"
                "3,7,BTCUSDT,-0.5,61000,net,true\n1,1,BTCUSD_210924,10,50000,,\n");
  const AccountsResult result = read(folder_.path());
  for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
  EXPECT_EQ(result.counts.accounts, 3U);
  EXPECT_EQ(result.counts.positions, 3U);
  const std::vector<InputBody> from_csv = inputs_;

  const std::string json = folder_.write(
      "book.jsonl",
      R"({"account":1,"profile":"plain","asset":"USD","mode":"multi_asset","balances":{"USDT":"-20.25","BTC":"0.5"},"orders":[{"order":1,"instrument":"BTCUSD_210924","quantity":"10","limit":"50000"}]}
{"account":2,"owner":1,"parent":1,"profile":"plain","asset":"USDT","mode":"isolated","position_mode":"hedge","auto_top_up":true,"balance":"7","positions":[{"instrument":"BTCUSDT","side":"long","quantity":"0.5","entry_price":"60000","leverage":"20"},{"instrument":"BTCUSDT","side":"short","quantity":"-1","entry_price":"60000.5"}]}
{"account":3,"profile":"plain","asset":"USDT","balances":{"USDT":"100"},"positions":[{"instrument":"BTCUSDT","quantity":"1","entry_price":"60000"}],"orders":[{"order":7,"instrument":"BTCUSDT","quantity":"-0.5","limit":"61000","reduce_only":true}]}
)");
  ASSERT_TRUE(read(json).ok());
  ASSERT_EQ(inputs_.size(), from_csv.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    EXPECT_TRUE(same_input(inputs_[i], from_csv[i])) << i;
  }
  const auto counts = count_accounts(folder_.path());
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ(counts->accounts, 3U);
  EXPECT_EQ(counts->positions, 5U);
}

TEST_F(CsvAccounts, NeedOnlyTheFileOfAccounts) {
  folder_.write("accounts.csv", "account,profile,asset\n1,plain,USDT\n");
  EXPECT_EQ(errors(), Texts{});
  EXPECT_EQ(inputs_.size(), 1U);
  EXPECT_EQ(count_accounts(folder_.path()).value().positions, 0U);
}

TEST_F(CsvAccounts, MayBePacked) {
  gzFile file = gzopen(folder_.at("accounts.csv.gz").c_str(), "wb");
  gzputs(file, "account,profile,asset\n1,plain,USDT\n2,gold,USDT\n");
  gzclose(file);
  EXPECT_EQ(errors(), Texts{"accounts.csv.gz:3: profile = \"gold\": names no profile"});
}

TEST_F(CsvAccounts, NeedAFileOfAccounts) {
  EXPECT_EQ(errors(), Texts{"accounts.csv: cannot be read: No such file or directory"});
  EXPECT_FALSE(count_accounts(folder_.path()).has_value());
}

TEST_F(CsvAccounts, NeedTheRightColumns) {
  const auto error = [&](const std::string& header) {
    folder_.write("accounts.csv", header);
    return errors().at(0);
  };
  EXPECT_EQ(error(""), "accounts.csv:1: has no header");
  EXPECT_EQ(error("account,profile\n"), "accounts.csv:1: asset: is missing");
  EXPECT_EQ(error("account,profile,asset,balance\n"),
            "accounts.csv:1: \"balance\": unknown column");
  EXPECT_EQ(error("account,profile,asset,asset\n"), "accounts.csv:1: asset: appears twice");
  EXPECT_EQ(error("account,profile,asset\n1,plain\n"),
            "accounts.csv:2: has 2 fields, the header has 3");
  EXPECT_EQ(error("account,profile,asset\n1,\"plain\n"), "accounts.csv:2: ends inside quotes");
}

TEST_F(CsvAccounts, NameFileAndRowOfEachMistakeAndGoOn) {
  folder_.write(
      "accounts.csv",
      "account,profile,asset,owner,parent,auto_top_up\n"
      "x,plain,USDT,,,\n1,plain,USDT,-1,,\n2,,USDT,,,\n3,plain,USDT,,,yes\n"
      "4,plain,USDT,,,\n5,plain,USDT,,,\n6,plain,USDT,,,\n7,plain,USDT,,,\n4,plain,USDT,,,\n");
  folder_.write("balances.csv",
                "account,asset,amount\n4,USDT,1\n4,BTC,1\n5,,1\n99,USDT,1\n99,BTC,1\n");
  folder_.write(
      "positions.csv",
      "account,instrument,quantity,entry_price\n6,BTCUSDT,0.5,60000\n6,ETHUSDT,0.005,60\n");
  folder_.write("orders.csv",
                "account,order,instrument,quantity,limit,reduce_only\n7,1,BTCUSDT,1,60000,TRUE\n");
  EXPECT_EQ(errors(),
            (Texts{"accounts.csv:2: account = \"x\": must be a whole number from 0 to "
                   "18446744073709551615",
                   "accounts.csv:3: owner = \"-1\": must be a whole number from 0 to "
                   "18446744073709551615",
                   "accounts.csv:4: profile: is missing",
                   "accounts.csv:5: auto_top_up = \"yes\": must be true or false",
                   "balances.csv:3: asset = \"BTC\": is an asset that the account cannot hold",
                   "balances.csv:4: asset: is missing",
                   "positions.csv:3: quantity = \"0.005\": more decimals than the 2 it may have",
                   "orders.csv:2: reduce_only = \"TRUE\": must be true or false",
                   "accounts.csv:10: account = 4: appears twice",
                   "balances.csv:5: account = 99: names no account of accounts.csv"}));
}

TEST_F(CsvAccounts, DoNotShowMistakesThatOnlyFollow) {
  folder_.write("accounts.csv",
                "account,profile,asset,owner,parent\n1,,USDT,,\n2,plain,USDT,1,1\n"
                "3,plain,USDT,,18446744073709551615\n");
  folder_.write("positions.csv", "account,instrument,quantity,entry_price\n2,BTCUSDT,1\n");
  folder_.write("orders.csv",
                "account,order,instrument,quantity,limit,reduce_only\n2,1,BTCUSDT,-1,60000,true\n");
  EXPECT_EQ(errors(),
            (Texts{"positions.csv:2: has 3 fields, the header has 4",
                   "accounts.csv:2: profile: is missing",
                   "accounts.csv:4: parent = 18446744073709551615: names no account of a line "
                   "before"}));
}

TEST_F(CsvAccounts, GiveUpAfterSoManyErrors) {
  std::string text = "account,profile,asset\n";
  for (int i = 0; i < 500; ++i) text += "1\n";
  folder_.write("accounts.csv", text);
  EXPECT_EQ(errors().size(), 100U);
}

TEST_F(CsvAccounts, DamageNeverCrashes) {
  const std::string accounts =
      "account,profile,asset,mode\n1,plain,USD,multi_asset\n2,plain,USDT,\n";
  const std::string positions =
      "account,instrument,side,quantity,entry_price,leverage\n2,BTCUSDT,net,1,60000,20\n";
  generate::Random random{7};
  for (int round = 0; round < 1'000; ++round) {
    for (const char* name : {"accounts.csv", "positions.csv"}) {
      std::string text = name[0] == 'a' ? accounts : positions;
      for (std::int64_t i = random.between(0, 3); i > 0; --i) {
        text[static_cast<std::size_t>(random.below(text.size()))] = ",\"\r\n0x"[random.below(6)];
      }
      folder_.write(name, text);
    }
    const AccountsResult result = read(folder_.path());
    ASSERT_TRUE(!result.ok() || result.counts.accounts == 2U);
  }
}

}  // namespace
}  // namespace plimsoll::configuration
