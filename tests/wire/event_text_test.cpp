#include "engine/wire/event_text.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <simdjson.h>

#include "engine/message/input.hpp"
#include "tests/wire/random_event.hpp"

namespace plimsoll::wire {
namespace {

Event margin_call() {
  Event event{};
  event.header.number = EventNumber::from_raw(12U);
  event.header.cause = Sequence::from_raw(31U);
  event.header.time = EventTime::from_raw(1'584'009'662'500'000'000);
  event.header.account = AccountId::from_raw(7U);
  event.header.trigger_value = 7'934'500'000'000;
  event.header.trigger_instrument = InstrumentId::from_raw(0U);
  event.header.cause_kind = 8;
  event.body =
      MarginCallIssued{Amount::from_raw(9'550), Amount::from_raw(10'000), Amount::from_raw(-50),
                       EventTime::from_raw(1'584'013'262'000'000'001), CallId::from_raw(3U)};
  return event;
}

EventNames names() {
  return {{"BTCUSDT"}, {3}, {AssetId::from_raw(0U)}, {"USDT", "JPY"}, {2, 0}};
}

std::string text(const Event& event, const EventNames& scales) {
  std::string out;
  append_event_text(event, scales, out);
  return out;
}

std::string json(const Event& event) {
  std::string out;
  append_event_json(event, out);
  return out;
}

TEST(EventText, ScalesWhatItHasNamesFor) {
  EXPECT_EQ(text(margin_call(), names()),
            "#12 2020-03-12T10:41:02.5Z margin_call_issued account=7 equity=95.5 "
            "maintenance_margin=100 amount=-0.5 deadline=2020-03-12T11:41:02.000000001Z call=3 "
            "cause=31 mark_published BTCUSDT 7934.5");
}

TEST(EventText, PrintsRawIntegersWithoutNames) {
  EXPECT_EQ(text(margin_call(), {}),
            "#12 2020-03-12T10:41:02.5Z margin_call_issued account=7 equity=9550 "
            "maintenance_margin=10000 amount=-50 deadline=2020-03-12T11:41:02.000000001Z call=3 "
            "cause=31 mark_published 0 7934.5");
}

TEST(EventText, ScalesByTheAssetOrInstrumentOfTheEventItself) {
  Event event{};
  event.body = BadDebtBooked{Amount::from_raw(5), Amount::from_raw(15), AssetId::from_raw(1U)};
  EXPECT_EQ(text(event, names()),
            "#0 1970-01-01T00:00:00Z bad_debt_booked account=0 amount=5 total=15 asset=JPY "
            "cause=0 time_advanced");
  event.body = InventoryUnwound{Quantity::from_raw(-1'500), Price::from_raw(1), Amount::from_raw(7),
                                InstrumentId::from_raw(0U)};
  event.header.trigger_value = 1'000'000'000;
  EXPECT_EQ(text(event, names()),
            "#0 1970-01-01T00:00:00Z inventory_unwound account=0 quantity=-1.5 price=0.000000001 "
            "pnl=0.07 instrument=BTCUSDT cause=0 time_advanced deadline 1970-01-01T00:00:01Z");
}

TEST(EventText, ScalesEachSideOfAnExchangeByItsOwnAsset) {
  Event event{};
  event.body = CollateralExchanged{Amount::from_raw(150), Amount::from_raw(7),
                                   AssetId::from_raw(0U), AssetId::from_raw(1U)};
  EXPECT_EQ(text(event, names()),
            "#0 1970-01-01T00:00:00Z collateral_exchanged account=0 from_amount=1.5 to_amount=7 "
            "from=USDT to=JPY cause=0 time_advanced");
}

// Whether an account is margined in the settlement asset or in the numeraire, the event does not
// say: with other decimals, its equity stays raw.
TEST(EventText, GuessesNoScaleOfAMarginAsset) {
  EventNames with_numeraire = names();
  with_numeraire.numeraire = AssetId::from_raw(1U);
  EXPECT_NE(text(margin_call(), with_numeraire).find(" equity=9550 "), std::string::npos);
  with_numeraire.numeraire = AssetId::from_raw(0U);
  EXPECT_NE(text(margin_call(), with_numeraire).find(" equity=95.5 "), std::string::npos);
  with_numeraire.numeraire = AssetId::from_raw(1U);
  Event event{};
  event.body = PositionTakenOver{
      Quantity::from_raw(1),         Amount::from_raw(7),       Amount::from_raw(8),     Price{},
      LiquidationEpoch::from_raw(1), InstrumentId::from_raw(0), PositionSide::short_side};
  EXPECT_EQ(text(event, with_numeraire),
            "#0 1970-01-01T00:00:00Z position_taken_over account=0 quantity=0.001 mark_value=0.07 "
            "transfer_value=0.08 bankruptcy_price=0 epoch=1 instrument=BTCUSDT side=short cause=0 "
            "time_advanced");
}

TEST(EventText, NamesReasonsAndInputs) {
  Event event{};
  event.body = InputRefused{Refusal::quantity_off_lot, 5};
  EXPECT_EQ(text(event, {}),
            "#0 1970-01-01T00:00:00Z input_refused account=0 reason=quantity_off_lot "
            "input_kind=trade_filled cause=0 time_advanced");
}

TEST(EventText, NamesIndicesAndSourcesAndSaysWhatIsNone) {
  EventNames known = names();
  known.indices = {"BTC-USD"};
  known.sources = {"kraken:BTC/USD"};
  Event event{};
  event.body = SourceStateChanged{SourceId::from_raw(0), SourceState::quarantined, 20};
  EXPECT_EQ(text(event, known),
            "#0 1970-01-01T00:00:00Z source_state_changed account=0 source=kraken:BTC/USD "
            "state=quarantined clamped=20 cause=0 time_advanced");
  PriceTrustChanged changed{Price::from_raw(3'000'000'000), Price::from_raw(1'500'000'000),
                            Price::from_raw(4'000'000'000)};
  changed.index = IndexId::from_raw(0);
  changed.trust = Trust::frozen;
  changed.reason = TrustReason::no_quorum;
  event.body = changed;
  EXPECT_EQ(text(event, known),
            "#0 1970-01-01T00:00:00Z price_trust_changed account=0 price=3 low=1.5 high=4 "
            "instrument=none index=BTC-USD trust=frozen reason=no_quorum cause=0 time_advanced");
  EXPECT_NE(text(event, {}).find(" index=0 "), std::string::npos);
  changed.index = kNoIndex;
  changed.instrument = InstrumentId::from_raw(0);
  event.body = changed;
  EXPECT_NE(text(event, known).find(" instrument=BTCUSDT index=none "), std::string::npos);
}

TEST(EventText, PrintsAnyEventOnOneLine) {
  EXPECT_TRUE(rc::check([] {
    const Event event = random_event(*rc::gen::inRange<std::size_t>(0, kTemplates));
    for (const EventNames& scales : {EventNames{}, names()}) {
      const std::string line = text(event, scales);
      RC_ASSERT(line.find('\n') == std::string::npos);
      RC_ASSERT(line.find(event_kind_name(kind_of(event))) != std::string::npos);
    }
  }));
}

TEST(EventJson, HasEveryFieldByName) {
  EXPECT_EQ(json(margin_call()),
            R"({"event":"margin_call_issued","number":12,"cause":31,"time":1584009662500000000,)"
            R"("account":7,"trigger_value":7934500000000,"trigger_instrument":0,)"
            R"("cause_kind":"mark_published","equity":9550,"maintenance_margin":10000,)"
            R"("amount":-50,"deadline":1584013262000000001,"call":3})");
}

/// Compares a JSON member with the value it was written from.
struct SameAsJson {
  simdjson::dom::object object;
  bool same{true};

  template <class Member>
  void operator()(const char* name, const Member& value) {
    const auto element = object[name];
    if constexpr (std::is_enum_v<Member>) {
      same = same && std::string_view{element} == to_string(value);
    } else if constexpr (std::is_same_v<Member, std::uint8_t>) {
      same = same && (std::string_view{name}.ends_with("_kind")
                          ? std::string_view{element} == input_kind_name(value)
                          : std::uint64_t{element} == value);
    } else if constexpr (std::is_same_v<Member, InstrumentId>) {
      same = same &&
             (value == kNoInstrument ? element.is_null() : std::uint64_t{element} == value.raw());
    } else if constexpr (std::is_same_v<Member, IndexId>) {
      same =
          same && (value == kNoIndex ? element.is_null() : std::uint64_t{element} == value.raw());
    } else if constexpr (std::is_signed_v<WireInteger<Member>>) {
      same = same && std::int64_t{element} == to_wire(value);
    } else {
      same = same && std::uint64_t{element} == to_wire(value);
    }
  }
};

TEST(EventJson, ReadsBackToTheSameFields) {
  EXPECT_TRUE(rc::check([] {
    const Event event = random_event(*rc::gen::inRange<std::size_t>(0, kTemplates));
    const std::string line = json(event);
    RC_ASSERT(line.find('\n') == std::string::npos);
    simdjson::dom::parser parser;
    SameAsJson compare{parser.parse(line)};
    for_each_field(event.header, compare);
    std::visit([&](const auto& body) { for_each_field(body, compare); }, event.body);
    RC_ASSERT(compare.same);
    RC_ASSERT(std::string_view{compare.object["event"]} == event_kind_name(kind_of(event)));
  }));
}

TEST(EventJson, SaysNullForNoInstrument) {
  Event event{};
  EXPECT_NE(json(event).find(R"("trigger_instrument":null)"), std::string::npos);
  event.body = PriceTrustChanged{};
  EXPECT_NE(json(event).find(R"("instrument":null,"index":null,"trust":"trusted")"),
            std::string::npos);
  event.body = LiquidationPauseChanged{PauseReason::breaker, 1, 0};
  EXPECT_NE(json(event).find(R"("reason":"breaker","paused":1,"waiting":0)"), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::wire
