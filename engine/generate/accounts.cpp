#include "engine/generate/accounts.hpp"

#include <algorithm>

#include "engine/generate/margin_check.hpp"
#include "engine/generate/quantiles.hpp"
#include "engine/generate/random.hpp"
#include "engine/reference/turnover.hpp"

namespace plimsoll::generate {
namespace {

using reference::Instrument;
using reference::Reference;

constexpr auto kOne = static_cast<std::int64_t>(kMillion);

/// Draws one account after the other.
class Book {
 public:
  Book(const Reference& reference, const BookSettings& settings);
  BookAccount next();

 private:
  [[nodiscard]] Amount draw_identity(BookAccount& account);
  void draw_positions(BookAccount& account, Amount equity);
  [[nodiscard]] std::uint32_t draw_instrument(const BookAccount& account);
  [[nodiscard]] Quantity lots_of(std::uint32_t instrument, Int128 notional) const;
  void shrink_until_healthy(BookAccount& account, Amount equity) const;
  void draw_entry_prices(BookAccount& account, Amount equity);
  [[nodiscard]] Price entry_price(const Instrument& instrument, Price price, std::int64_t spread);

  const Reference& reference_;
  const Prices& prices_;
  Random random_;
  std::vector<std::uint32_t> instruments_;  // with a price, settled in asset_
  AssetId asset_;
  AccountId cross_;  // the cross account before
  OwnerId owner_;    // and its owner
  ProfileId profile_;
  std::uint64_t accounts_{0};
  std::uint64_t positions_{0};
};

/// What margin_check.hpp can work out: linear, with one marginal table for long and short.
bool is_plain(const Reference& reference, const Instrument& instrument) {
  return instrument.kind == reference::Kind::linear &&
         instrument.tiers_long == instrument.tiers_short &&
         reference.tiers[instrument.tiers_long.raw()].mode == reference::TierMode::marginal;
}

Book::Book(const Reference& reference, const BookSettings& settings)
    : reference_{reference}, prices_{settings.prices}, random_{settings.seed} {
  for (std::uint32_t i = 0; i < prices_.size(); ++i) {
    if (!prices_[i] || !is_plain(reference, reference.instruments[i])) continue;
    if (instruments_.empty()) asset_ = reference.instruments[i].settle;
    if (reference.instruments[i].settle == asset_) instruments_.push_back(i);
  }
}

BookAccount Book::next() {
  BookAccount account;
  account.account = AccountId::from_raw(++accounts_);
  account.asset = asset_;
  const Amount equity = draw_identity(account);
  draw_positions(account, equity);
  shrink_until_healthy(account, equity);
  draw_entry_prices(account, equity);
  account.first_fill = ExternalId::from_raw(positions_ + 1);
  positions_ += account.position_count;
  return account;
}

/// Sets owner, parent and profile; returns the equity that the account is to have.
Amount Book::draw_identity(BookAccount& account) {
  const std::uint64_t quantile = random_.below(kMillion);
  const bool isolated = random_.chance(kIsolatedShare) && cross_.raw() != 0;
  const bool same_owner = random_.chance(kSameOwner) && cross_.raw() != 0;
  const bool institutional = random_.chance(kInstitutional) && quantile >= kMillion / 2;
  if (!isolated && !same_owner) {
    owner_ = OwnerId::from_raw(owner_.raw() + 1);
    profile_ = ProfileId::from_raw(institutional && reference_.profiles.size() > 1 ? 1U : 0U);
  }
  account.parent = isolated ? cross_ : AccountId{};
  if (!isolated) cross_ = account.account;
  account.owner = owner_;
  account.profile = profile_;
  const int decimals = reference_.assets[asset_.raw()].decimals;
  return Amount::from_raw(
      narrow(multiply_divide_floor(value_at(kEquity, quantile), power_of_ten(decimals), kOne)));
}

/// The i-th instrument has a popularity of 1 / (i + 1); none is drawn twice.
std::uint32_t Book::draw_instrument(const BookAccount& account) {
  constexpr std::uint64_t kFirstWeight = 1'000'000;
  const auto end = account.positions.begin() + account.position_count;
  const auto weight = [&](std::size_t i) {
    const bool held = std::any_of(account.positions.begin(), end, [&](const BookPosition& other) {
      return other.instrument.raw() == instruments_[i];
    });
    return held ? 0 : kFirstWeight / (i + 1) + 1;
  };
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < instruments_.size(); ++i) total += weight(i);
  std::uint64_t drawn = random_.below(total);
  std::size_t i = 0;
  for (; drawn >= weight(i); ++i) drawn -= weight(i);
  return instruments_[i];
}

/// The quantity of that notional, at least one lot.
Quantity Book::lots_of(std::uint32_t instrument, Int128 notional) const {
  constexpr Int128 kQuantityMax = Int128{1} << 60;
  const Instrument& traded = reference_.instruments[instrument];
  const Int128 quantity = reference::quantity_of(traded, notional, *prices_[instrument]);
  const std::int64_t bounded = narrow(std::min(quantity, kQuantityMax));
  return Quantity::from_raw(std::max(bounded - bounded % traded.lot.raw(), traded.lot.raw()));
}

void Book::draw_positions(BookAccount& account, Amount equity) {
  const std::int64_t leverage = value_at(kLeverage, random_.below(kMillion));
  constexpr Int128 kLeverageOne = Int128{1'000} * kOne;
  const Int128 notional = Int128{equity.raw()} * leverage / kLeverageOne;
  const std::uint64_t drawn = random_.below(kMillion);
  std::size_t count = 1;
  while (account.parent.raw() == 0 && kPositionCount[count - 1] <= drawn) ++count;
  count = std::min(count, instruments_.size());
  std::array<std::int64_t, kPositionsMax> shares{};
  std::int64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) total += shares[i] = random_.between(1, 100);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t instrument = draw_instrument(account);
    const Quantity size = lots_of(instrument, notional * shares[i] / total);
    const bool is_long = random_.chance(kLongShare);
    account.positions[account.position_count++] = {InstrumentId::from_raw(instrument),
                                                   is_long ? size : -size, *prices_[instrument]};
  }
}

void Book::shrink_until_healthy(BookAccount& account, Amount equity) const {
  const reference::Profile& profile = reference_.profiles[account.profile.raw()];
  while (!is_healthy(sums_of(account, reference_, prices_), equity, profile)) {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < account.position_count; ++i) {
      BookPosition position = account.positions[i];
      const std::int64_t lot = reference_.instruments[position.instrument.raw()].lot.raw();
      const std::int64_t lots = position.quantity.raw() / lot;
      position.quantity = Quantity::from_raw((lots - lots / 8 - (lots > 0 ? 1 : -1)) * lot);
      if (position.quantity.raw() != 0) account.positions[kept++] = position;
    }
    account.position_count = kept;
  }
}

Price Book::entry_price(const Instrument& instrument, Price price, std::int64_t spread) {
  const Int128 moved = Int128{price.raw()} * (kOne + random_.between(-spread, spread)) / kOne;
  const std::int64_t tick = instrument.tick.raw();
  const std::int64_t bounded = narrow(std::min<Int128>(moved, instrument.price_max.raw()));
  return Price::from_raw(std::max(bounded - bounded % tick, tick));
}

/// Entry prices, and the balance that together with them makes the equity.
void Book::draw_entry_prices(BookAccount& account, Amount equity) {
  const Int128 notional = sums_of(account, reference_, prices_).notional;
  const Int128 half = notional == 0 ? 0 : Int128{equity.raw()} * kOne / (2 * notional);
  const std::int64_t spread = narrow(std::min<Int128>(half, kEntrySpread));
  for (std::size_t i = 0; i < account.position_count; ++i) {
    BookPosition& position = account.positions[i];
    const std::uint32_t instrument = position.instrument.raw();
    position.entry_price =
        entry_price(reference_.instruments[instrument], *prices_[instrument], spread);
  }
  Int128 balance = equity.raw() - sums_of(account, reference_, prices_).unrealised_pnl;
  if (balance <= 0) {  // A tick is large beside the price.
    for (std::size_t i = 0; i < account.position_count; ++i) {
      account.positions[i].entry_price = *prices_[account.positions[i].instrument.raw()];
    }
    balance = equity.raw() - sums_of(account, reference_, prices_).unrealised_pnl;
  }
  account.balance = Amount::from_raw(narrow(balance));
}

std::vector<SettingError> check(const Reference& reference, const BookSettings& settings) {
  constexpr int kDecimalsMax = 9;  // Then the largest equity, levered most, fits in 64 bits.
  std::vector<SettingError> errors = check_prices(reference, settings.prices, 1);
  if (settings.count == 0) errors.push_back({"count", "must be above 0"});
  if (settings.count > reference.limits.accounts) {
    errors.push_back({"count", "must be at most limits.accounts"});
  }
  bool any = false;
  for (std::size_t i = 0; errors.empty() && i < reference.instruments.size(); ++i) {
    any = any || (settings.prices[i] && is_plain(reference, reference.instruments[i]));
  }
  if (!any && errors.empty()) {
    errors.push_back(
        {"prices", "must be of a linear instrument with marginal tiers at least once"});
  }
  for (const reference::Asset& asset : reference.assets) {
    if (asset.decimals > kDecimalsMax) {
      errors.push_back({"reference", asset.name + " has more than 9 decimals"});
    }
  }
  return errors;
}

}  // namespace

std::vector<SettingError> generate_accounts(const Reference& reference,
                                            const BookSettings& settings, const BookSink& sink) {
  std::vector<SettingError> errors = check(reference, settings);
  if (!errors.empty()) return errors;
  Book book{reference, settings};
  for (std::uint64_t i = 0; i < settings.count; ++i) sink(book.next());
  return errors;
}

}  // namespace plimsoll::generate
