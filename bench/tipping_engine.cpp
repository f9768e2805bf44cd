#include "bench/tipping_engine.hpp"

#include <cstring>
#include <string>

#include "engine/base/assert.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/decimal.hpp"

namespace plimsoll::bench {
namespace {

constexpr AccountId kTipping = AccountId::from_raw(900'000'001);

/// A quote one tick wide around `price`, as the venue sends it, padded with blanks.
TickLine tick_line(const reference::Instrument& instrument, Price price) {
  const auto decimal = [](std::int64_t raw) { return format_decimal(raw, kPriceDecimals); };
  const std::string text =
      R"({"stream":"x@bookTicker","data":{"e":"bookTicker","u":1,"s":")" + instrument.symbol +
      R"(","b":")" + decimal(price.raw() - instrument.tick.raw()) + R"(","B":"1","a":")" +
      decimal(price.raw() + instrument.tick.raw()) + R"(","A":"1","T":1,"E":1}})";
  PLIMSOLL_ASSERT(text.size() <= kTickSize);
  TickLine line;
  line.fill(static_cast<std::byte>(' '));
  std::memcpy(line.data(), text.data(), text.size());
  return line;
}

Rate first_rate(const reference::Reference& reference, const reference::Instrument& instrument) {
  return reference.tiers[instrument.tiers_long.raw()].brackets.front().maintenance;
}

/// How far the tipping account's instrument moves to either side: 0.3 times its maintenance rate.
Price moved(const reference::Reference& reference, const reference::Instrument& instrument,
            Price price, int direction) {
  const Int128 move = Int128{price.raw()} * first_rate(reference, instrument).raw() * 3 / 10 /
                      kRateOne / instrument.tick.raw() * instrument.tick.raw();
  return Price::from_raw(narrow(price.raw() + direction * move));
}

}  // namespace

TippingEngine::TippingEngine(const Book& book, InstrumentId tipping, std::uint64_t accounts)
    : book_{book},
      fabric_{book.reference, 1, watch::Mode::bands},
      translator_{feeds::Venue::binance_usdm, book.reference},
      gateway_{gateway::Gateway::open({}).gateway} {
  PLIMSOLL_ASSERT(gateway_ != nullptr);
  for (const Input& input : book.inputs) apply(input.body);
  add_account(kTipping, tipping, 14);
  for (std::uint64_t id = 1; id <= accounts; ++id) {
    const auto held = InstrumentId::from_raw(id % 10 < 3 ? 0U : 1U);
    add_account(AccountId::from_raw(id), held, 1'000);
  }
  const reference::Instrument& rules = book.reference.instruments[tipping.raw()];
  const Price price = book.prices[tipping.raw()];
  ticks_ = {tick_line(rules, moved(book.reference, rules, price, -1)),
            tick_line(rules, moved(book.reference, rules, price, +1))};
}

void TippingEngine::add_account(AccountId account, InstrumentId id, std::int64_t tenths) {
  const reference::Instrument& instrument = book_.reference.instruments[id.raw()];
  const Price price = book_.prices[id.raw()];
  const reference::Asset& asset = book_.reference.assets[instrument.settle.raw()];
  const std::int64_t rate = first_rate(book_.reference, instrument).raw();
  const std::int64_t notional = 10'000 * power_of_ten(asset.decimals);
  const std::int64_t lots =
      narrow(reference::quantity_of(instrument, notional, price)) / instrument.lot.raw();
  const std::int64_t equity = narrow(Int128{notional} * rate / kRateOne * tenths / 10);
  apply(AccountOpened{.account = account,
                      .owner = OwnerId::from_raw(account.raw()),
                      .parent = {},
                      .profile = {},
                      .asset = instrument.settle});
  apply(Deposited{.account = account,
                  .amount = Amount::from_raw(equity),
                  .transfer = {},
                  .asset = instrument.settle});
  apply(TradeFilled{.account = account,
                    .instrument = id,
                    .quantity = Quantity::from_raw(lots * instrument.lot.raw()),
                    .price = price,
                    .fee = {},
                    .fill = {}});
}

void TippingEngine::apply(const InputBody& body) {
  parsed_ = {&body, 1};
  submit();
  encode();
}

void TippingEngine::parse(std::string_view json) {
  const feeds::Translation translation = translator_.translate(json);
  PLIMSOLL_ASSERT(translation.ok());
  parsed_ = translation.inputs;
}

void TippingEngine::submit() {
  for (const InputBody& body : parsed_) {
    time_ = time_ + Duration::from_raw(1'000);
    sequencer_.submit({.sequence = {}, .time = time_, .origin = {}, .body = body});
  }
  sequencer_.publish_ready();
}

void TippingEngine::encode() {
  for (const Event& event : sequencer_.published()) gateway_->publish(event);
  sequencer_.clear();
}

}  // namespace plimsoll::bench
