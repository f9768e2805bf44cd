#include "engine/configuration/accounts_reader.hpp"

#include "tests/configuration/demo.hpp"

namespace plimsoll::configuration {
namespace {

class AccountsReaderTest : public testing::Test {
 protected:
  AccountsReaderTest() { reader_.emplace(configuration_.reference, "a.jsonl"); }

  /// Reads one line; returns its error, or "".
  std::string read(std::string_view line) {
    inputs_.clear();
    std::string padded{line};
    padded.append(AccountJsonParser::kPadding, '\0');
    const std::optional<Error> error =
        reader_->read_line(std::string_view{padded}.substr(0, line.size()), ++number_,
                           [this](const InputBody& input) { inputs_.push_back(input); });
    EXPECT_TRUE(!error || inputs_.empty());
    return error ? to_string(*error) : "";
  }

  /// An account of number 17 with these positions.
  static std::string with_positions(const std::string& positions) {
    return R"({"account":17,"owner":5,"profile":"standard","asset":"USDT","balance":"10",)"
           R"("positions":[)" +
           positions + "]}";
  }
  static std::string position(const std::string& quantity, const std::string& price,
                              const std::string& instrument = "BTCUSDT") {
    return R"({"instrument":")" + instrument + R"(","quantity":)" + quantity +
           R"(,"entry_price":)" + price + "}";
  }

  void expect_position_error(const std::string& position, const std::string& error) {
    reader_.emplace(configuration_.reference, "a.jsonl");
    number_ = 0;
    EXPECT_EQ(read(with_positions(position)), "a.jsonl:1: positions[0]." + error);
  }

  Configuration configuration_{load_configuration(demo_path()).configuration.value()};
  std::optional<AccountsReader> reader_;
  std::size_t number_{0};
  std::vector<InputBody> inputs_;
};

TEST_F(AccountsReaderTest, GivesTheInputsOfAnAccount) {
  ASSERT_EQ(read(R"({"account":17,"owner":5,"profile":"institutional","asset":"USDT",)"
                 R"("balance":"1234.56","positions":[{"instrument":"BTCUSDT","quantity":"-0.500",)"
                 R"("entry_price":"61000.15"},{"instrument":"DOGEUSDT","quantity":"7",)"
                 R"("entry_price":"0.1"}]})"),
            "");
  ASSERT_EQ(inputs_.size(), 4U);
  const auto& opened = std::get<AccountOpened>(inputs_[0]);
  EXPECT_EQ(opened.account.raw(), 17U);
  EXPECT_EQ(opened.owner.raw(), 5U);
  EXPECT_EQ(opened.parent.raw(), 0U);
  EXPECT_EQ(opened.profile.raw(), 1U);
  EXPECT_EQ(opened.asset.raw(), 0U);
  EXPECT_EQ(std::get<Deposited>(inputs_[1]).amount, Amount::from_raw(1'234'560'000));
  const auto& fill = std::get<TradeFilled>(inputs_[2]);
  EXPECT_EQ(fill.account.raw(), 17U);
  EXPECT_EQ(fill.instrument.raw(), 0U);
  EXPECT_EQ(fill.quantity, Quantity::from_raw(-500));
  EXPECT_EQ(fill.price, Price::from_raw(61'000'150'000'000));
  EXPECT_EQ(fill.fee.raw(), 0);
  EXPECT_EQ(fill.fill.raw(), 1U);
  EXPECT_EQ(std::get<TradeFilled>(inputs_[3]).instrument.raw(), 4U);
  EXPECT_EQ(std::get<TradeFilled>(inputs_[3]).fill.raw(), 2U);
  EXPECT_EQ(reader_->counts().accounts, 1U);
  EXPECT_EQ(reader_->counts().positions, 2U);
}

TEST_F(AccountsReaderTest, TakesExactNumbersOrderAndBlanksAsTheyCome) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read(" \t\r"), "");
  EXPECT_EQ(read("  { \"positions\" : [ ] , \"balance\" : 0 , \"asset\":\"USDT\",\r"
                 "\"profile\":\"st\\u0061ndard\", \"owner\" : 0, \"account\": 1 } "),
            "");
  ASSERT_EQ(inputs_.size(), 1U);  // A balance of 0 is no deposit.
  EXPECT_EQ(read(R"({"account":18446744073709551614,"owner":18446744073709551615,)"
                 R"("profile":"standard","asset":"USDT","balance":1234.560000,"positions":[)" +
                 position("-5e-1", "61000.15") + "]}"),
            "");
  EXPECT_EQ(std::get<Deposited>(inputs_.at(1)).amount, Amount::from_raw(1'234'560'000));
  EXPECT_EQ(std::get<TradeFilled>(inputs_.at(2)).quantity, Quantity::from_raw(-500));
}

TEST_F(AccountsReaderTest, RefusesWrongFields) {
  const auto line = [](const std::string& fields) {
    return R"({"account":1,"owner":5,"asset":"USDT","positions":[],)" + fields + "}";
  };
  EXPECT_EQ(read(line(R"("profile":"standard","balance":"1","x":2)")),
            "a.jsonl:1: \"x\": unknown key");
  EXPECT_EQ(read(line(R"("balance":"1")")), "a.jsonl:2: profile: is missing");
  EXPECT_EQ(read(line(R"("profile":"standard","balance":"1","balance":"2")")),
            "a.jsonl:3: balance: appears twice");
  EXPECT_EQ(read(line(R"("profile":"gold","balance":"1")")),
            "a.jsonl:4: profile = \"gold\": names no profile");
  EXPECT_EQ(read(line(R"("profile":7,"balance":"1")")), "a.jsonl:5: profile = 7: must be a text");
  reader_.emplace(configuration_.reference, "a.jsonl");
  EXPECT_EQ(read(line(R"("profile":"standard","balance":"-1")")),
            "a.jsonl:6: balance = \"-1\": must not be negative");
  number_ = 0;
  reader_.emplace(configuration_.reference, "a.jsonl");
  EXPECT_EQ(read(line(R"("profile":"standard","balance":"0.0000001")")),
            "a.jsonl:1: balance = \"0.0000001\": more decimals than the 6 it may have");
}

TEST_F(AccountsReaderTest, RefusesWrongNumbers) {
  const auto expect_error = [this](const std::string& account, const std::string& balance,
                                   const std::string& error) {
    const std::string found =
        read(R"({"profile":"standard","owner":5,"asset":"USDT","positions":[],"account":)" +
             account + R"(,"balance":)" + balance + "}");
    EXPECT_EQ(found, "a.jsonl:" + std::to_string(number_) + ": " + error);
  };
  for (const std::string id :
       {"-1", "1.0", "1e3", "\"1\"", "true", "null", "18446744073709551616", "01", "1x"}) {
    expect_error(id, "1",
                 "account = " + id + ": must be a whole number from 0 to 18446744073709551615");
  }
  for (const std::string id : {"0", "18446744073709551615"}) {
    expect_error(id, "1", "account = " + id + ": must be 1 to 18446744073709551614");
  }
  for (const std::string balance : {"true", "null", "+1", "01", ".5", "5.", "1.e2", "-"}) {
    expect_error("1", balance, "balance = " + balance + ": not a decimal number");
  }
  expect_error("1", "1x", "balance = \"1x\": not a decimal number");
  expect_error("2", "\"1e18\"", "balance = \"1e18\": out of range");
}

TEST_F(AccountsReaderTest, RefusesWhatIsNotOneCompleteObject) {
  const std::string whole = with_positions(position("\"1\"", "\"2\""));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string error = read(whole.substr(0, size));
    EXPECT_NE(error, "") << size;
  }
  for (const std::string& line : {whole + "}", whole + whole, whole + " x", std::string{"[]"},
                                  std::string{"7"}, std::string{"\xff"}, std::string{"{}}"}}) {
    EXPECT_NE(read(line).find("malformed JSON"), std::string::npos) << line;
  }
  number_ = 0;
  EXPECT_EQ(read("{}"), "a.jsonl:1: account: is missing");
  EXPECT_EQ(reader_->counts().accounts, 0U);
}

TEST_F(AccountsReaderTest, RefusesAnAccountThatAppearsTwice) {
  EXPECT_EQ(read(with_positions("")), "");
  EXPECT_EQ(read(with_positions("")), "a.jsonl:2: account = 17: appears twice");
}

TEST_F(AccountsReaderTest, RefusesAWrongParent) {
  const auto line = [](int account, int owner, int parent) {
    return R"({"profile":"standard","asset":"USDT","positions":[],"balance":"1","account":)" +
           std::to_string(account) + R"(,"owner":)" + std::to_string(owner) + R"(,"parent":)" +
           std::to_string(parent) + "}";
  };
  EXPECT_EQ(read(line(1, 5, 0)), "");
  EXPECT_EQ(read(line(2, 5, 1)), "");
  EXPECT_EQ(std::get<AccountOpened>(inputs_.at(0)).parent.raw(), 1U);
  EXPECT_EQ(read(line(3, 5, 2)), "a.jsonl:3: parent = 2: is itself a sub-account");
  EXPECT_EQ(read(line(4, 6, 1)), "a.jsonl:4: parent = 1: belongs to another owner");
  EXPECT_EQ(read(line(5, 5, 9)), "a.jsonl:5: parent = 9: names no account of a line before");
  EXPECT_EQ(read(line(6, 5, 6)), "a.jsonl:6: parent = 6: names no account of a line before");
}

TEST_F(AccountsReaderTest, RefusesWrongPositions) {
  expect_position_error(position("\"1\"", "\"1\"", "XRPUSDT"),
                        "instrument = \"XRPUSDT\": names no instrument");
  expect_position_error(position("\"0.0005\"", "\"1\""),
                        "quantity = \"0.0005\": more decimals than the 3 it may have");
  expect_position_error(position("\"0\"", "\"1\""), "quantity = \"0\": must not be 0");
  expect_position_error(position("\"x\"", "\"1\""), "quantity = \"x\": not a decimal number");
  expect_position_error(position("\"1\"", "\"-1\""), "entry_price = \"-1\": must be above 0");
  expect_position_error(position("\"1\"", "0"), "entry_price = \"0\": must be above 0");
  expect_position_error(position("\"1\"", "\"10000000.1\""),
                        "entry_price = \"10000000.1\": must be at most price_max 10000000");
  expect_position_error(position("\"-200000\"", "\"1\""),
                        "quantity = \"-200000\": makes the account too large at price_max");
  expect_position_error(R"({"instrument":"BTCUSDT","quantity":"1"})", "entry_price: is missing");
  expect_position_error(R"({"price":"1"})", "\"price\": unknown key");
  configuration_.reference.instruments[0].lot = Quantity::from_raw(5);
  expect_position_error(position("\"0.004\"", "\"1\""),
                        "quantity = \"0.004\": must be a multiple of the lot 0.005");
}

TEST_F(AccountsReaderTest, RefusesTwoPositionsInOneInstrument) {
  const std::string one = position("\"1\"", "\"61000.15\"");
  EXPECT_EQ(read(with_positions(one + "," + one)),
            "a.jsonl:1: positions[1].instrument = \"BTCUSDT\": appears twice");
}

TEST_F(AccountsReaderTest, RefusesPositionsThatAreNoArrayOfObjects) {
  EXPECT_EQ(read(with_positions("7")), "a.jsonl:1: positions: must be an array of objects");
  EXPECT_EQ(read(R"({"positions":{}})"), "a.jsonl:2: positions: must be an array of objects");
}

TEST_F(AccountsReaderTest, RefusesAnInstrumentOfAnotherAsset) {
  configuration_.reference.assets.push_back({"USDC", 6, {}, {}, {}});
  configuration_.reference.instruments[0].settle = AssetId::from_raw(1U);
  expect_position_error(
      position("\"1\"", "\"1\""),
      "instrument = \"BTCUSDT\": is settled in an asset that the account cannot hold");
}

TEST_F(AccountsReaderTest, RefusesMoreThanTheLimits) {
  configuration_.reference.limits = {1, 1};
  const std::string one = position("1", "1");
  EXPECT_EQ(read(with_positions(one + "," + position("1", "1", "ETHUSDT"))),
            "a.jsonl:1: positions = 2: are more than limits.positions = 1");
  EXPECT_EQ(read(R"({"account":18,"owner":5,"profile":"standard","asset":"USDT","balance":"1",)"
                 R"("positions":[]})"),
            "a.jsonl:2: account = 18: is more than limits.accounts = 1");
}

}  // namespace
}  // namespace plimsoll::configuration
