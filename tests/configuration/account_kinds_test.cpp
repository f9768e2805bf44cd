#include "engine/configuration/accounts_reader.hpp"
#include "tests/configuration/wide.hpp"

// Goal: accounts of every kind become the inputs that they should, and every rule is told at its
// place. Method: lines of JSON against a small venue.

namespace plimsoll::configuration {
namespace {

class AccountKinds : public testing::Test {
 protected:
  /// Reads one line; returns its error without the place, or "".
  std::string read(std::string_view line) {
    inputs_.clear();
    std::string padded{line};
    padded.append(AccountJsonParser::kPadding, '\0');
    const std::optional<Error> error =
        reader_->read_line(std::string_view{padded}.substr(0, line.size()), 1,
                           [this](const InputBody& input) { inputs_.push_back(input); });
    EXPECT_TRUE(!error || inputs_.empty());
    return error ? to_string(*error).substr(std::string_view{"a:1: "}.size()) : "";
  }

  /// The next account, of profile "plain", with more fields.
  std::string account(const std::string& asset, const std::string& fields) {
    return R"({"account":)" + std::to_string(++number_) + R"(,"profile":"plain","asset":")" +
           asset + "\"," + fields + "}";
  }
  std::string usdt(const std::string& fields) { return account("USDT", fields); }
  std::string multi(const std::string& fields) {
    return account("USD", R"("mode":"multi_asset",)" + fields);
  }
  std::string hedge(const std::string& fields) {
    return usdt(R"("position_mode":"hedge",)" + fields);
  }
  static std::string position(const std::string& quantity, const std::string& more = "",
                              const std::string& instrument = "BTCUSDT") {
    return R"({"instrument":")" + instrument + R"(","quantity":")" + quantity +
           R"(","entry_price":"60000")" + more + "}";
  }
  static std::string order(int number, const std::string& quantity, const std::string& more = "",
                           const std::string& instrument = "BTCUSDT") {
    return R"({"order":)" + std::to_string(number) + R"(,"instrument":")" + instrument +
           R"(","quantity":")" + quantity + R"(","limit":"60000")" + more + "}";
  }
  static std::string positions(const std::string& list) { return R"("positions":[)" + list + "]"; }
  static std::string orders(const std::string& list) { return R"("orders":[)" + list + "]"; }

  template <class Body>
  const Body& input(std::size_t index) {
    return std::get<Body>(inputs_.at(index));
  }

  const reference::Reference reference_{
      parse_configuration(wide_configuration(), "t.toml").configuration.value().reference};
  std::optional<AccountsReader> reader_{std::in_place, reference_, "a"};
  int number_{0};
  std::vector<InputBody> inputs_;
};

TEST_F(AccountKinds, NeedOnlyAccountProfileAndAsset) {
  EXPECT_EQ(read(R"({"account":9,"profile":"plain","asset":"USDT"})"), "");
  ASSERT_EQ(inputs_.size(), 1U);
  EXPECT_EQ(input<AccountOpened>(0).owner.raw(), 9U);
  EXPECT_EQ(input<AccountOpened>(0).mode, MarginMode::cross);
  EXPECT_EQ(input<AccountOpened>(0).position_mode, PositionMode::one_way);
}

TEST_F(AccountKinds, OfManyAssetsHaveBalancesAndDebts) {
  EXPECT_EQ(read(multi(R"("balance":"5","balances":{"BTC":"0.5","USDT":-20.25})")), "");
  ASSERT_EQ(inputs_.size(), 4U);
  EXPECT_EQ(input<AccountOpened>(0).mode, MarginMode::multi_asset);
  EXPECT_EQ(input<Deposited>(1).asset, AssetId::from_raw(0U));
  EXPECT_EQ(input<Deposited>(2).asset, AssetId::from_raw(2U));
  EXPECT_EQ(input<Deposited>(2).amount, Amount::from_raw(50'000'000));
  EXPECT_EQ(input<Deposited>(2).transfer.raw(), 1U);
  EXPECT_EQ(input<BalanceImported>(3).asset, AssetId::from_raw(1U));
  EXPECT_EQ(input<BalanceImported>(3).amount, Amount::from_raw(-20'250'000));
}

TEST_F(AccountKinds, HoldOnlyTheAssetsOfTheirMode) {
  EXPECT_EQ(read(usdt(R"("balances":{"BTC":"1"})")),
            "balances.BTC = \"BTC\": is an asset that the account cannot hold");
  EXPECT_EQ(read(usdt(R"("balances":{"USDT":"-1"})")),
            "balances.USDT = \"-1\": must not be negative");
  EXPECT_EQ(read(multi(R"("balances":{"XRP":"1"})")), "balances.XRP = \"XRP\": names no asset");
  EXPECT_EQ(read(multi(R"("balances":{"BTC":"1","BTC":"2"})")),
            "balances.BTC = \"BTC\": appears twice");
  EXPECT_EQ(read(usdt(R"("balance":"1","balances":{"USDT":"1"})")),
            "balances.USDT = \"USDT\": appears twice");
  EXPECT_EQ(read(multi(R"("balances":{"USDT":"0.0000001"})")),
            "balances.USDT = \"0.0000001\": more decimals than the 6 it may have");
  EXPECT_EQ(read(multi(R"("balances":{"USDT":true})")),
            "balances.USDT = true: not a decimal number");
  EXPECT_EQ(read(multi(R"("balances":["USDT"])")), "balances: must be an object");
  EXPECT_EQ(read(multi(R"("balances":{"BTC":"300000000"})")),
            "balances.BTC = \"300000000\": makes the account too large at index_max");
  EXPECT_EQ(read(usdt(positions(position("1", "", "BTCUSD_210924")))),
            "positions[0].instrument = \"BTCUSD_210924\": is settled in an asset that the account "
            "cannot hold");
}

TEST_F(AccountKinds, HaveTheModesThatTheyMayHave) {
  EXPECT_EQ(read(usdt(R"("mode":"portfolio")")),
            "mode = \"portfolio\": must be cross, isolated or multi_asset");
  EXPECT_EQ(read(usdt(R"("position_mode":"both")")),
            "position_mode = \"both\": must be one_way or hedge");
  EXPECT_EQ(read(usdt(R"("mode":"isolated")")), "mode = \"isolated\": needs a parent");
  EXPECT_EQ(read(usdt(R"("mode":"multi_asset")")),
            "asset = \"USDT\": must be engine.numeraire in mode multi_asset");
  EXPECT_EQ(read(usdt(R"("auto_top_up":true)")), "auto_top_up = true: needs mode isolated");
  EXPECT_EQ(read(usdt(R"("auto_top_up":"yes")")), "auto_top_up = \"yes\": must be true or false");
  EXPECT_EQ(read(usdt(R"("owner":1)")), "");
  EXPECT_EQ(read(multi(R"("owner":1,"parent":7)")),
            "mode = \"multi_asset\": is not for a sub-account");
}

TEST_F(AccountKinds, ThatAreIsolatedHaveOneInstrumentAndMayBeToppedUp) {
  EXPECT_EQ(read(multi(R"("owner":5)")), "");
  const std::string isolated = R"("owner":5,"parent":1,"mode":"isolated","auto_top_up":true,)";
  EXPECT_EQ(read(usdt(isolated + R"("balance":"7",)" + positions(position("0.5")))), "");
  ASSERT_EQ(inputs_.size(), 4U);
  EXPECT_EQ(input<AccountOpened>(0).mode, MarginMode::isolated);
  EXPECT_EQ(input<AccountModeRequested>(3).auto_top_up, AutoTopUp::on);
  EXPECT_EQ(input<AccountModeRequested>(3).mode, MarginMode::isolated);
  EXPECT_EQ(input<AccountModeRequested>(3).asset, AssetId::from_raw(1U));
  EXPECT_EQ(read(usdt(isolated + positions(position("0.5") + "," + position("1", "", "ETHUSDT")))),
            "positions[1].instrument = \"ETHUSDT\": is a second one in an isolated account");
  EXPECT_EQ(
      read(usdt(isolated + positions(position("1", "", "ETHUSDT")) + "," + orders(order(1, "1")))),
      "orders[0].instrument = \"BTCUSDT\": is a second one in an isolated account");
}

TEST_F(AccountKinds, ThatHedgeHaveTwoSidesAndOneLeverage) {
  EXPECT_EQ(read(hedge(positions(position("0.5", R"(,"side":"long")") + "," +
                                 position("-2", R"(,"side":"short","leverage":"20")")))),
            "");
  ASSERT_EQ(inputs_.size(), 4U);
  EXPECT_EQ(input<LeverageRequested>(1).leverage, Rate::from_raw(20 * kRateOne));
  EXPECT_EQ(input<TradeFilled>(2).side, PositionSide::long_side);
  EXPECT_EQ(input<TradeFilled>(2).fill.raw(), 1U);
  EXPECT_EQ(input<TradeFilled>(3).side, PositionSide::short_side);
  EXPECT_EQ(read(hedge(positions(position("0.5", R"(,"side":"long","leverage":10)") + "," +
                                 position("-2", R"(,"side":"short","leverage":"20")")))),
            "positions[1].leverage = \"20\": must be that of the other side of the instrument");
  EXPECT_EQ(read(hedge(positions(position("0.5")))),
            "positions[0].side = \"net\": must be long or short in position_mode hedge");
  EXPECT_EQ(read(usdt(positions(position("0.5", R"(,"side":"long")")))),
            "positions[0].side = \"long\": must be net in position_mode one_way");
  EXPECT_EQ(read(usdt(positions(position("0.5", R"(,"side":"up")")))),
            "positions[0].side = \"up\": must be net, long or short");
  EXPECT_EQ(read(hedge(positions(position("-0.5", R"(,"side":"long")")))),
            "positions[0].quantity = \"-0.5\": must be above 0 on side long, below 0 on side "
            "short");
  EXPECT_EQ(read(hedge(positions(position("1", R"(,"side":"long")") + "," +
                                 position("1", R"(,"side":"long")")))),
            "positions[1].instrument = \"BTCUSDT\": appears twice");
}

TEST_F(AccountKinds, HaveALeverageWithinTheTiers) {
  const auto leverage = [&](const std::string& text) {
    return read(usdt(positions(position("1", ",\"leverage\":" + text))));
  };
  EXPECT_EQ(leverage("\"50\""), "");
  EXPECT_EQ(leverage("1"), "");
  EXPECT_EQ(leverage("\"50.000000001\""),
            "positions[0].leverage = \"50.000000001\": must be at most 50, 1 / the first initial "
            "rate");
  EXPECT_EQ(leverage("0"), "positions[0].leverage = \"0\": must be at least 1");
  EXPECT_EQ(leverage("\"x\""), "positions[0].leverage = \"x\": not a decimal number");
}

TEST_F(AccountKinds, HaveRestingOrders) {
  EXPECT_EQ(read(usdt(positions(position("0.5")) + "," +
                      orders(order(7, "-0.25", R"(,"reduce_only":true)") + "," +
                             order(8, "0.1", R"(,"side":"net","reduce_only":false)")))),
            "");
  ASSERT_EQ(inputs_.size(), 4U);
  const auto& reducing = input<OrderRequested>(2);
  EXPECT_EQ(reducing.order.raw(), 7U);
  EXPECT_EQ(reducing.quantity, Quantity::from_raw(-250));
  EXPECT_EQ(reducing.limit, Price::from_raw(60'000'000'000'000));
  EXPECT_EQ(reducing.reduce_only, ReduceOnly::yes);
  EXPECT_EQ(reducing.state, OrderState::resting);
  EXPECT_EQ(input<OrderRequested>(3).reduce_only, ReduceOnly::no);
}

TEST_F(AccountKinds, HaveNoOrdersThatTheEngineWouldRefuse) {
  const auto error = [&](const std::string& list) { return read(usdt(orders(list))); };
  EXPECT_EQ(error(order(0, "1")), "orders[0].order = 0: must be above 0");
  EXPECT_EQ(error(order(1, "1") + "," + order(1, "1")), "orders[1].order = 1: appears twice");
  EXPECT_EQ(error(order(1, "0")), "orders[0].quantity = \"0\": must not be 0");
  EXPECT_EQ(error(order(1, "1", "", "XRP")), "orders[0].instrument = \"XRP\": names no instrument");
  EXPECT_EQ(error(order(1, "1", R"(,"fee":1)")), "orders[0].\"fee\": unknown key");
  EXPECT_EQ(error(R"({"order":1,"instrument":"BTCUSDT","quantity":"1"})"),
            "orders[0].limit: is missing");
  EXPECT_EQ(error(R"({"order":1,"instrument":"BTCUSDT","quantity":"1","limit":"60000.05"})"),
            "orders[0].limit = \"60000.05\": must be a multiple of the tick 0.1 from price_min "
            "0.000000001 to price_max 1000000");
  EXPECT_EQ(error(order(1, "1", R"(,"reduce_only":true)")),
            "orders[0].quantity = \"1\": would not only reduce the position");
  EXPECT_EQ(error(order(1, "1", "", "ETHUSDT")),
            "orders[0].instrument = \"ETHUSDT\": takes only orders with reduce_only");
  EXPECT_EQ(read(usdt(positions(position("-1")) + "," +
                      orders(order(1, "1.001", R"(,"reduce_only":true)")))),
            "orders[0].quantity = \"1.001\": would not only reduce the position");
  EXPECT_EQ(read(hedge(orders(order(1, "-1", R"(,"side":"long")")))),
            "orders[0].reduce_only = false: must be true for a sale on side long, a purchase on "
            "side short");
  EXPECT_EQ(error(order(1, "2000000000")),
            "orders[0].quantity = \"2000000000\": makes the account too large at price_max");
  EXPECT_EQ(error("7"), "orders: must be an array of objects");
}

TEST_F(AccountKinds, HaveNoPositionsInASpotPairOrOneThatIsUnlisted) {
  EXPECT_EQ(read(usdt(positions(position("1", "", "BTC/USDT")))),
            "positions[0].instrument = \"BTC/USDT\": is a spot pair");
  EXPECT_EQ(read(usdt(positions(position("1", "", "NEWUSDT")))),
            "positions[0].instrument = \"NEWUSDT\": is unlisted");
  EXPECT_EQ(read(usdt(positions(position("1", "", "ETHUSDT")))), "");
}

TEST_F(AccountKinds, AreBoundAtTheDearestPrice) {
  const auto inverse = [&](const std::string& quantity, const std::string& price) {
    return read(account("BTC", R"("positions":[{"instrument":"BTCUSD_210924","quantity":")" +
                                   quantity + R"(","entry_price":")" + price + "\"}]"));
  };
  EXPECT_EQ(inverse("1000", "60000"), "");
  EXPECT_EQ(inverse("1000", "0.01"),
            "positions[0].entry_price = \"0.01\": must be at least price_min 0.1");
  EXPECT_EQ(inverse("20000000", "60000"),
            "positions[0].quantity = \"20000000\": makes the account too large at price_min");
}

TEST_F(AccountKinds, AreBoundByTheirOwnerWhereTheProfileAggregates) {
  const auto wide = [&](int owner, const std::string& quantity) {
    return read(R"({"account":)" + std::to_string(++number_) + R"(,"owner":)" +
                std::to_string(owner) + R"(,"profile":"wide","asset":"USDT",)" +
                positions(position(quantity)) + "}");
  };
  EXPECT_EQ(wide(1, "700000"), "");  // 7e17 of at most 1.15e18 units
  EXPECT_EQ(wide(2, "700000"), "");
  EXPECT_EQ(wide(1, "-700000"),
            "positions[0].quantity = \"-700000\": makes the account too large at price_max");
}

}  // namespace
}  // namespace plimsoll::configuration
