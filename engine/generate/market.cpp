#include "engine/generate/market.hpp"

#include <algorithm>

#include "engine/reference/turnover.hpp"
#include "engine/value/integer.hpp"

namespace plimsoll::generate {
namespace {

using reference::Instrument;
using reference::Reference;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kTradeShare = 250'000;   // of lines
constexpr std::uint64_t kSoldQuiet = 500'000;    // of trades
constexpr std::uint64_t kSoldInCrash = 700'000;  // of trades
constexpr std::uint64_t kWideQuiet = 100'000;    // of quotes: two ticks instead of one
constexpr std::int64_t kCrashSpreadMin = 20;     // parts per million of the price
constexpr std::int64_t kCrashSpreadMax = 300;    // parts per million of the price
constexpr std::int64_t kUsualNotional = 20'000;  // of a quote, in whole units of the asset
constexpr std::int64_t kTradeDivisor = 20;       // a trade is so much smaller than a quote
constexpr std::uint64_t kFallMax = 950'000;      // of the starting price

std::int64_t usual_lots(const Reference& reference, const Instrument& instrument, Price price) {
  constexpr Int128 kLotsMax = 1'000'000'000;
  const int decimals = reference.assets[instrument.settle.raw()].decimals;
  const Int128 notional = Int128{kUsualNotional} * power_of_ten(decimals);
  const Int128 lots = reference::quantity_of(instrument, notional, price) / instrument.lot.raw();
  const Int128 fits = (std::int64_t{1} << 55) / instrument.lot.raw() + 1;
  return narrow(std::clamp<Int128>(lots, 1, std::min(fits, kLotsMax)));
}

std::uint64_t beta_of(const CaptureSettings& settings, std::size_t id, std::size_t rank) {
  constexpr std::uint64_t kStep = 100'000;
  constexpr std::size_t kStepsMax = 5;
  const std::uint64_t beta =
      settings.betas.empty() ? kMillion + kStep * std::min(rank, kStepsMax) : settings.betas[id];
  return settings.crash.drop == 0 ? beta
                                  : std::min(beta, kFallMax * kMillion / settings.crash.drop);
}

std::vector<Listed> list_instruments(const Reference& reference, const CaptureSettings& settings,
                                     Random& random) {
  std::vector<Listed> listed;
  for (std::size_t id = 0; id < settings.prices.size(); ++id) {
    if (!settings.prices[id]) continue;
    const Instrument& instrument = reference.instruments[id];
    const Price price = *settings.prices[id];
    listed.push_back({&instrument, VenueInstrument{instrument}, price,
                      beta_of(settings, id, listed.size()),
                      usual_lots(reference, instrument, price),
                      1'000'000'000 + random.below(4'000'000'000), Price{}, Price{}});
  }
  return listed;
}

template <class Member>
auto column(const std::vector<Listed>& listed, Member Listed::*member) {
  std::vector<Member> values;
  values.reserve(listed.size());
  for (const Listed& one : listed) values.push_back(one.*member);
  return values;
}

}  // namespace

Market::Market(const Reference& reference, const CaptureSettings& settings, const LineSink& sink)
    : settings_{settings},
      sink_{sink},
      random_{settings.seed},
      path_{settings.crash, random_},
      listed_{list_instruments(reference, settings, random_)},
      walk_{path_, column(listed_, &Listed::start), column(listed_, &Listed::beta)},
      start_{settings.start.raw()},
      length_{static_cast<std::int64_t>(settings.seconds) * kSecond},
      lines_{settings.seconds * settings.rate},
      next_mark_{start_},
      last_{start_, 0, 0} {}

void Market::run() {
  for (std::uint64_t number = 0; number < lines_; ++number) line(number);
}

void Market::give() {
  sink_(text_);
  text_.clear();
}

std::int64_t Market::place_of(std::int64_t time) const {
  return narrow(multiply_divide_floor(time - start_, kBillion, length_));
}

/// Stamps of a message that is due at `time`: received up to half a usual gap later, made one to
/// three milliseconds before.
Stamps Market::stamps_at(std::int64_t time) {
  const std::int64_t gap = kSecond / static_cast<std::int64_t>(settings_.rate);
  const std::int64_t late = std::min(time + random_.between(0, gap / 2), start_ + length_ - 1);
  const std::int64_t made = time - random_.between(kMillisecond, 3 * kMillisecond);
  last_.received = std::max(last_.received, late);
  last_.event = std::max(last_.event, made / kMillisecond);
  last_.transaction = std::max(last_.transaction, last_.event - random_.between(0, 1));
  return last_;
}

/// The i-th instrument has a share of 1 / (i + 1) of the lines.
std::size_t Market::draw_instrument() {
  constexpr std::uint64_t kFirstWeight = 1'000'000;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < listed_.size(); ++i) total += kFirstWeight / (i + 1) + 1;
  std::uint64_t drawn = random_.below(total);
  std::size_t index = 0;
  for (; drawn >= kFirstWeight / (index + 1) + 1; ++index) drawn -= kFirstWeight / (index + 1) + 1;
  return index;
}

/// Mostly up to four times what is usual, one in twenty ten times as much.
Quantity Market::draw_quantity(const Listed& listed, std::int64_t divisor) {
  const std::int64_t percent = random_.between(1, 400) * (random_.chance(50'000) ? 10 : 1);
  const std::int64_t lots =
      narrow(multiply_divide_floor(listed.usual_lots, percent, 100 * divisor));
  return Quantity::from_raw(std::max<std::int64_t>(lots, 1) * listed.instrument->lot.raw());
}

void Market::requote(Listed& listed, std::size_t index, std::int64_t place) {
  walk_.step(index, place, random_);
  const std::int64_t tick = listed.instrument->tick.raw();
  const std::int64_t price = walk_.price(index, place).raw();
  std::int64_t spread = random_.chance(kWideQuiet) ? 2 * tick : tick;
  if (path_.in_crash(place)) {
    const std::int64_t parts = random_.between(kCrashSpreadMin, kCrashSpreadMax);
    const std::int64_t wide = narrow(multiply_divide_floor(price, parts, 1'000'000));
    spread = std::max(tick, wide - wide % tick);
  }
  const std::int64_t bid = std::max(price - price % tick, tick);
  listed.bid = Price::from_raw(bid);
  listed.ask = Price::from_raw(bid + spread);
}

void Market::quote(Listed& listed, const Stamps& stamps) {
  update_id_ += static_cast<std::uint64_t>(random_.between(1, 2'000));
  const Quantity bid_quantity = draw_quantity(listed, 1);
  const Quantity ask_quantity = draw_quantity(listed, 1);
  append_book_ticker(text_, listed.venue, stamps,
                     {update_id_, listed.bid, bid_quantity, listed.ask, ask_quantity});
  give();
}

void Market::trade(Listed& listed, std::int64_t place, const Stamps& stamps) {
  const bool sold = random_.chance(path_.in_crash(place) ? kSoldInCrash : kSoldQuiet);
  const Quantity quantity = draw_quantity(listed, kTradeDivisor);
  append_trade(text_, listed.venue, stamps,
               {++listed.trade_id, sold ? listed.bid : listed.ask, quantity, sold});
  give();
}

void Market::mark(std::size_t index, std::int64_t time) {
  const std::int64_t place = place_of(time);
  const Price level = walk_.level(index, place);
  const Price mark = Price::from_raw((level.raw() + walk_.price(index, place).raw()) / 2);
  append_mark_price(text_, listed_[index].venue, stamps_at(time), {mark, level});
  give();
}

void Market::marks_until(std::int64_t time) {
  if (!settings_.mark_prices) return;
  for (; next_mark_ <= time; next_mark_ += kSecond) {
    for (std::size_t index = 0; index < listed_.size(); ++index) mark(index, next_mark_);
  }
}

void Market::line(std::uint64_t number) {
  const auto share = static_cast<std::int64_t>(number);
  const std::int64_t place = path_.place_of(
      narrow(multiply_divide_floor(share, kBillion, static_cast<std::int64_t>(lines_))));
  const std::int64_t time = start_ + narrow(multiply_divide_floor(place, length_, kBillion));
  const bool first_of_all = number < listed_.size();
  const std::size_t index = first_of_all ? static_cast<std::size_t>(number) : draw_instrument();
  if (!first_of_all) marks_until(time);
  const Stamps stamps = stamps_at(time);
  Listed& listed = listed_[index];
  if (!first_of_all && random_.chance(kTradeShare)) {
    trade(listed, place, stamps);
  } else {
    requote(listed, index, place);
    quote(listed, stamps);
  }
}

}  // namespace plimsoll::generate
