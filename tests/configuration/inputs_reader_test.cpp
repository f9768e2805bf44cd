// Goal: a file of inputs says what the structs of engine/message/input.hpp hold, and every mistake
// is found at its line and field. Method: a line for each kind that may come from outside, and
// lines that are wrong in one thing.

#include "engine/configuration/inputs_reader.hpp"

#include <set>

#include "engine/configuration/input_signer.hpp"
#include "tests/configuration/same_input.hpp"
#include "tests/configuration/wide.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

class InputsReader : public testing::Test {
 protected:
  InputsResult read(const std::string& text) {
    return read_inputs(folder_.write("day.jsonl", text), reference_, EventTime::from_raw(kStart),
                       operators_);
  }
  /// The body that one line with these fields becomes.
  InputBody body_of(const std::string& fields) {
    const InputsResult result = read(R"({"time":"+0s",)" + fields + "}\n");
    for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
    EXPECT_EQ(result.inputs.size(), 1U) << fields;
    return result.inputs.empty() ? InputBody{} : result.inputs[0].body;
  }
  template <class Body>
  void expect(const std::string& fields, const Body& expected) {
    EXPECT_TRUE(same_input(body_of(fields), InputBody{expected})) << fields;
    seen_.insert(InputBody{expected}.index());
  }
  /// The same for what bob says: it is signed.
  template <class Body>
  void expect_signed(const std::string& fields, const Body& expected) {
    InputSigner signer{reference_, operators_, OperatorId::from_raw(2), operators_[1].key};
    std::string line;
    EXPECT_FALSE(signer.sign(R"({"time":5,)" + fields + "}", line)) << fields;
    const InputsResult result = read(line);
    for (const std::string& error : texts_of(result)) ADD_FAILURE() << error;
    ASSERT_EQ(result.inputs.size(), 1U) << line;
    EXPECT_TRUE(same_input(result.inputs[0].body, InputBody{expected})) << fields;
    seen_.insert(InputBody{expected}.index());
  }
  /// The one error of a line, without the folder.
  std::string error_of(const std::string& line) {
    const std::vector<std::string> texts = texts_of(read(line + "\n"));
    EXPECT_EQ(texts.size(), 1U) << line;
    return texts.empty() ? "" : texts[0].substr(folder_.path().size() + 1);
  }

  const reference::Reference reference_{
      parse_configuration(wide_configuration(), "t.toml").configuration.value().reference};
  const std::vector<Operator> operators_{{"ann", "", std::string(32, 'a')},
                                         {"bob", "", std::string(32, 'b')}};
  const InstrumentId btc_{InstrumentId::from_raw(0)};
  const AssetId usdt_{AssetId::from_raw(1)};
  const AccountId account_{AccountId::from_raw(17)};
  Folder folder_;
  std::set<std::size_t> seen_;
};

template <class Value>
Value raw(std::int64_t number) {
  return Value::from_raw(number);
}

TEST_F(InputsReader, ReadsEveryKindThatMayComeFromOutside) {
  const auto x = [](std::uint64_t number) { return ExternalId::from_raw(number); };
  expect(R"("input":"time_advanced")", TimeAdvanced{});
  expect(R"("input":"account_opened","account":17,"profile":"wide","asset":"USDT")",
         AccountOpened{account_, OwnerId::from_raw(17), {}, ProfileId::from_raw(1), usdt_});
  expect(R"("input":"deposited","account":17,"asset":"USDT","amount":"1.5","transfer":9)",
         Deposited{account_, raw<Amount>(1'500'000), x(9), usdt_});
  expect(R"("input":"balance_imported","account":17,"asset":"USDT","amount":-1.5)",
         BalanceImported{account_, usdt_, raw<Amount>(-1'500'000)});
  expect(R"("input":"withdrawal_requested","account":17,"asset":"USDT","amount":"1")",
         WithdrawalRequested{account_, raw<Amount>(1'000'000), {}, usdt_});
  expect(R"("input":"margin_move_requested","account":17,"to":18,"asset":"USDT","amount":"1")",
         MarginMoveRequested{account_, AccountId::from_raw(18), raw<Amount>(1'000'000), {}, usdt_});
  expect(
      R"("input":"trade_filled","account":17,"instrument":"BTCUSDT","side":"short","quantity":"-0.5","price":"60000.1","fee":"0.25","fill":3,"order":4)",
      TradeFilled{account_, btc_, raw<Quantity>(-500), raw<Price>(60'000'100'000'000),
                  raw<Amount>(250'000), x(3), PositionSide::short_side, x(4)});
  expect(R"("input":"funding_settled","instrument":"BTCUSDT","rate":"-0.0001","price":"60000")",
         FundingSettled{btc_, raw<Rate>(-100'000), raw<Price>(60'000'000'000'000)});
  expect(R"("input":"book_quoted","instrument":"BTCUSDT","bid":"1","ask":"2")",
         BookQuoted{btc_, raw<Price>(kRateOne), raw<Price>(2 * kRateOne), {}});
  expect(R"("input":"mark_published","instrument":"BTCUSDT","mark":"1","venue_time":5)",
         MarkPublished{btc_, raw<Price>(kRateOne), {}, raw<EventTime>(5)});
  expect(R"("input":"trade_printed","instrument":"BTCUSDT","price":"1")",
         TradePrinted{btc_, raw<Price>(kRateOne), {}});
  expect(R"("input":"fund_endowed","asset":"USDT","amount":"1")",
         FundEndowed{usdt_, raw<Amount>(1'000'000)});
  expect(
      R"("input":"liquidation_answered","account":17,"epoch":2,"instrument":"BTCUSDT","quantity":"-1","price":"2")",
      LiquidationAnswered{account_, LiquidationEpoch::from_raw(2), btc_, raw<Quantity>(-1'000),
                          raw<Price>(2 * kRateOne)});
  expect(R"("input":"inventory_answered","instrument":"BTCUSDT","quantity":"-1","price":"2")",
         InventoryAnswered{btc_, raw<Quantity>(-1'000), raw<Price>(2 * kRateOne)});
  expect(R"("input":"index_published","asset":"USDT","price":"0.999")",
         IndexPublished{usdt_, raw<Price>(999'000'000), {}});
  expect(R"("input":"funding_estimated","instrument":"BTCUSDT","rate":"0.0001")",
         FundingEstimated{btc_, raw<Rate>(100'000)});
  expect(R"("input":"open_interest_published","instrument":"BTCUSDT","quantity":"1")",
         OpenInterestPublished{btc_, raw<Quantity>(1'000)});
  expect(
      R"("input":"order_requested","account":17,"order":5,"instrument":"BTCUSDT","quantity":"-1","limit":"2","reduce_only":true,"state":"resting")",
      OrderRequested{account_, btc_, raw<Quantity>(-1'000), raw<Price>(2 * kRateOne), x(5),
                     PositionSide::net, ReduceOnly::yes, OrderState::resting});
  expect(R"("input":"order_closed","account":17,"order":5)", OrderClosed{account_, x(5)});
  expect(R"("input":"leverage_requested","account":17,"instrument":"BTCUSDT","leverage":"20")",
         LeverageRequested{account_, btc_, raw<Rate>(20 * kRateOne)});
  expect(
      R"("input":"account_mode_requested","account":17,"asset":"USDT","mode":"isolated","position_mode":"hedge","auto_top_up":true)",
      AccountModeRequested{account_, usdt_, MarginMode::isolated, PositionMode::hedge,
                           AutoTopUp::on});
  expect(
      R"("input":"instrument_changed","instrument":"BTCUSDT","tiers_long":"BTCUSDT/crisis","tiers_short":"BTCUSDT/short","status":"reduce_only")",
      InstrumentChanged{btc_, TiersId::from_raw(2), TiersId::from_raw(1),
                        InstrumentStatus::reduce_only});
  expect(R"("input":"settlement_priced","instrument":"BTCUSDT","price":"1")",
         SettlementPriced{btc_, raw<Price>(kRateOne)});
  expect(R"("input":"futures_settled")", FuturesSettled{});
  expect(R"("input":"interest_charged","asset":"USDT","rate":"0.0001")",
         InterestCharged{usdt_, raw<Rate>(100'000)});
  const SourceId tether = SourceId::from_raw(0);
  const SourceId coinbase = SourceId::from_raw(1);
  const OperatorId bob = OperatorId::from_raw(2);
  expect(
      R"("input":"source_quoted","source":"coinbase:BTC-USD","bid":"1","ask":"2","venue_time":5,"number":7)",
      SourceQuoted{coinbase, raw<Price>(kRateOne), raw<Price>(2 * kRateOne), raw<EventTime>(5),
                   x(7)});
  expect(R"("input":"source_priced","source":"tether","price":"1")",
         SourcePriced{tether, raw<Price>(kRateOne), {}, {}});
  expect(R"("input":"source_interrupted","source":"tether","reason":"disconnected")",
         SourceInterrupted{tether, Interruption::disconnected});
  expect(R"("input":"market_interrupted","instrument":"BTCUSDT","reason":"gap")",
         MarketInterrupted{btc_, Interruption::gap});
  expect(R"("input":"ticks_conflated","instrument":"BTCUSDT","since":9,"count":3)",
         TicksConflated{btc_, raw<EventTime>(9), x(3)});
  expect(R"("input":"source_ticks_conflated","source":"tether","since":"+1s","count":3)",
         SourceTicksConflated{tether, raw<EventTime>(kStart + 1'000'000'000), x(3)});
  expect_signed(R"("input":"source_released","source":"tether","by":"bob","number":1)",
                SourceReleased{tether, bob, x(1)});
  expect_signed(
      R"("input":"mark_overridden","instrument":"BTCUSDT","price":"1","expires":9,"by":"bob","number":2)",
      MarkOverridden{btc_, raw<Price>(kRateOne), raw<EventTime>(9), bob, x(2)});
  expect_signed(
      R"("input":"index_overridden","index":"BTC-USD","price":"1","expires":9,"by":"bob","number":2)",
      IndexOverridden{IndexId::from_raw(1), raw<Price>(kRateOne), raw<EventTime>(9), bob, x(2)});
  expect_signed(
      R"("input":"redemption_published","index":"USDT","price":"0","expires":9,"by":"bob","number":3)",
      RedemptionPublished{IndexId::from_raw(0), {}, raw<EventTime>(9), bob, x(3)});
  expect_signed(R"("input":"liquidations_paused","by":"bob","number":4)",
                LiquidationsPaused{PauseReason::operator_said, bob, x(4)});
  expect_signed(R"("input":"liquidations_resumed","reason":"breaker","by":"bob","number":5)",
                LiquidationsResumed{PauseReason::breaker, bob, x(5)});
  expect(R"("input":"lag_reported","lag":"1.5ms")", LagReported{raw<Duration>(1'500'000)});
  for (std::uint8_t kind = 0; kind < std::variant_size_v<InputBody>; ++kind) {
    const std::string line =
        R"({"time":"+0s","input":")" + std::string{input_kind_name(kind)} + "\"}";
    const std::vector<std::string> errors = texts_of(read(line));
    const bool refused = !errors.empty() && errors[0].find("names no input") != std::string::npos;
    EXPECT_EQ(refused, !seen_.contains(kind)) << input_kind_name(kind);
  }
}

TEST_F(InputsReader, TimesAreAbsoluteOrAfterTheStartAndNeverFall) {
  const InputsResult result = read(
      "{\"time\":1600000000000000000,\"input\":\"futures_settled\"}\n\n"
      "{\"input\":\"futures_settled\",\"time\":\"+1.5s\"}\r\n"
      "{\"time\":\"+1500ms\",\"input\":\"futures_settled\"}");
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.inputs.size(), 3U);
  EXPECT_EQ(result.inputs[0].time.raw(), 1'600'000'000'000'000'000);
  EXPECT_EQ(result.inputs[1].time.raw(), kStart + 1'500'000'000);
  EXPECT_EQ(result.inputs[2].time, result.inputs[1].time);
  const std::vector<std::string> errors =
      texts_of(read("{\"time\":\"+2s\",\"input\":\"futures_settled\"}\n"
                    "{\"time\":\"+1s\",\"input\":\"futures_settled\"}\n"));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_NE(errors[0].find(":2: time = \"+1s\": is before that of the line above"),
            std::string::npos);
}

TEST_F(InputsReader, SaysWhatIsWrongWithALine) {
  const std::string fund = R"({"time":"+0s","input":"fund_endowed",)";
  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"({"input":"futures_settled"})", "time: is missing"},
      {R"({"time":"+0s"})", "input: is missing"},
      {R"({"time":"5s","input":"futures_settled"})", "time = \"5s\": must be a number of ns"},
      {R"({"time":-1,"input":"futures_settled"})", "time = -1: must be a number of ns"},
      {R"({"time":9223372036854775807,"input":"futures_settled"})", "must be a number of ns"},
      {R"({"time":"+0s","input":"takeover_settled"})",
       "input = \"takeover_settled\": names no input that may come from outside"},
      {fund + R"("asset":"USDT"})", "amount: is missing"},
      {fund + R"("amount":"1"})", "asset: is missing"},
      {fund + R"("asset":"EUR","amount":"1"})", "asset = \"EUR\": names no asset"},
      {fund + R"("asset":1,"amount":"1"})", "asset = 1: names no asset"},
      {fund + R"("asset":"USDT","amount":"0,5"})", "amount = \"0,5\": not a decimal number"},
      {fund + R"("asset":"USDT","amount":"0.0000001"})",
       "amount = \"0.0000001\": more decimals than the 6 it may have"},
      {fund + R"("asset":"USDT","amount":"1e30"})", "amount = \"1e30\": out of range"},
      {fund + R"("asset":"USDT","amount":01})", "amount = 01: not a decimal number"},
      {fund + R"("asset":"USDT","amount":5.})", "amount = 5.: not a decimal number"},
      {fund + R"("asset":"USDT","amount":["1"]})", "amount: must be a text, a number"},
      {fund + R"("asset":"USDT","amount":"1","amount":"1"})", "amount: appears twice"},
      {fund + R"("asset":"USDT","amount":"1","note":"x"})", "\"note\": unknown key"},
      {R"({"time":"+0s","input":"order_closed","account":-1,"order":2})",
       "account = -1: must be a whole number from 0 to 18446744073709551615"},
      {R"({"time":"+0s","input":"order_closed","account":17,"order":2)", "malformed JSON"},
      {R"({"time":"+0s","input":"futures_settled"} {})", "more than one value in the line"},
      {R"([1])", "malformed JSON"},
      {R"({"time":"+0s","input":"instrument_changed","instrument":"BTCUSDT","tiers_long":"calm","tiers_short":"BTCUSDT","status":"trading"})",
       "tiers_long = \"calm\": names no table of tiers"},
      {R"({"time":"+0s","input":"instrument_changed","instrument":"BTCUSDT","tiers_long":"BTCUSDT","tiers_short":"BTCUSDT","status":"settled"})",
       "status = \"settled\": must be trading, reduce_only or unlisted"},
      {R"({"time":"+0s","input":"account_mode_requested","account":17,"asset":"USDT","mode":"cross","position_mode":"one_way","auto_top_up":"yes"})",
       "auto_top_up = \"yes\": must be true or false"},
      {R"({"time":"+0s","input":"source_released","source":"kraken","by":"bob","number":1})",
       "source = \"kraken\": names no source"},
      {R"({"time":"+0s","input":"source_released","source":"tether","by":"eve","number":1})",
       "by = \"eve\": names no operator"},
      {R"({"time":"+0s","input":"source_released","source":"tether","by":1,"number":1})",
       "by = 1: names no operator"},
      {R"({"time":"+0s","input":"source_released","source":"tether","by":"bob"})",
       "number: is missing"},
      {R"({"time":"+0s","input":"redemption_published","price":"1","expires":9,"by":"bob","number":1})",
       "index: is missing"},
      {R"({"time":"+0s","input":"index_overridden","index":"ETH","price":"1","expires":9,"by":"bob","number":1})",
       "index = \"ETH\": names no index"},
      {R"({"time":"+0s","input":"index_overridden","index":"USDT","price":"1","expires":"9s","by":"bob","number":1})",
       "expires = \"9s\": must be a number of ns since 1970, or a duration after the start"},
      {R"({"time":"+0s","input":"liquidations_paused","reason":"breaker","by":"bob","number":1})",
       "reason = \"breaker\": must be operator: the breaker pauses by itself"},
      {R"({"time":"+0s","input":"liquidations_resumed","reason":"lag","by":"bob","number":1})",
       "reason = \"lag\": must be operator or breaker"},
      {R"({"time":"+0s","input":"source_interrupted","source":"tether","reason":"late"})",
       "reason = \"late\": must be gap or disconnected"},
      {R"({"time":"+0s","input":"lag_reported","lag":5})", "lag = 5: must be a duration in quotes"},
      {R"({"time":"+0s","input":"ticks_conflated","instrument":"BTCUSDT","since":-1,"count":1})",
       "since = -1: must be a number of ns since 1970"},
  };
  for (const auto& [line, expected] : wrong) {
    const std::string error = error_of(line);
    EXPECT_TRUE(error.starts_with("day.jsonl:1: ")) << error;
    EXPECT_NE(error.find(expected), std::string::npos) << line << "\n" << error;
  }
}

TEST_F(InputsReader, AMissingFileIsOneError) {
  const InputsResult result =
      read_inputs(folder_.path() + "/none.jsonl", reference_, EventTime::from_raw(kStart));
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.errors[0].line, 0U);
}

TEST_F(InputsReader, AnyBytesEndInAValue) {
  const std::string line =
      R"({"time":"+0s","input":"deposited","account":17,"asset":"USDT","amount":"1.5"})";
  for (std::size_t cut = 0; cut < line.size(); ++cut) {
    const InputsResult result = read(line.substr(0, cut) + "\n");
    EXPECT_EQ(result.inputs.size(), 0U);
    EXPECT_EQ(result.errors.size(), cut == 0 ? 0U : 1U) << cut;
    for (const char byte : {'\0', '"', '{', '9', '\x80'}) {
      std::string changed = line;
      changed[cut] = byte;
      const InputsResult of_changed = read(changed + "\n");
      EXPECT_EQ(of_changed.inputs.size() + of_changed.errors.size(), 1U) << cut;
    }
  }
}

}  // namespace
}  // namespace plimsoll::configuration
