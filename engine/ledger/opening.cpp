#include <algorithm>

#include "engine/ledger/ledger.hpp"
#include "engine/value/magnitude.hpp"

// Accounts that start with what they hold, a million of them in a second.

namespace plimsoll::ledger {

using reference::Instrument;

namespace {

bool ascend(std::span<const OpeningLine> lines) noexcept {
  const auto out_of_order = [](const OpeningLine& a, const OpeningLine& b) {
    return a.instrument != b.instrument ? a.instrument > b.instrument : a.side >= b.side;
  };
  return std::adjacent_find(lines.begin(), lines.end(), out_of_order) == lines.end();
}

}  // namespace

std::optional<Refusal> Ledger::open_with(const AccountOpened& input, Amount balance,
                                         std::span<const OpeningLine> lines) {
  const AccountIndex account = open(input);
  if (balance.raw() != 0) {
    if (const auto refused = deposit(account, input.asset, balance)) return refused;
  }
  for (const OpeningLine& line : lines) {
    if (line.instrument.raw() >= reference_.instruments.size()) return Refusal::reference_unknown;
  }
  const bool by_themselves =
      input.mode != MarginMode::multi_asset && accounts_[account].aggregated == Owners::kNone;
  if (by_themselves && free_position_ == kNone && ascend(lines)) {
    return append_lines(account, lines);
  }
  for (const OpeningLine& line : lines) {
    const TradeFilled fill{.account = input.account,
                           .instrument = line.instrument,
                           .quantity = line.quantity,
                           .price = line.entry_price,
                           .fee = {},
                           .fill = {},
                           .side = line.side};
    if (const auto refused = apply_fill(account, fill)) return refused;
  }
  return {};
}

std::optional<Refusal> Ledger::append_lines(AccountIndex account,
                                            std::span<const OpeningLine> lines) {
  Int128 exposure = 0;
  PositionIndex* link = &accounts_[account].first_position;
  for (const OpeningLine& line : lines) {
    const Instrument& rules = reference_.instruments[line.instrument.raw()];
    if (const auto refused = check_opening(account, line, rules)) return refused;
    const bool second = &line != lines.data() && (&line)[-1].instrument != line.instrument;
    if (second && accounts_[account].mode == MarginMode::isolated) {
      return Refusal::isolated_occupied;
    }
    const auto added = exposure_of(rules, magnitude(line.quantity.raw()));
    exposure += added.value_or(0);
    const Booking booking = book_fill({}, line.quantity, line.entry_price, rules);
    if (!added || exposure > kExposureMax || !within(booking.after.entry_value, kMoneyMax)) {
      return Refusal::exposure_out_of_range;
    }
    const auto index = static_cast<PositionIndex>(positions_.size());
    *link = index;  // Before the pool may move: the link may lie in it.
    positions_.push_back({.quantity = line.quantity,
                          .entry_value = Amount::from_raw(narrow(booking.after.entry_value)),
                          .buys = {},
                          .sells = {},
                          .leverage = {},
                          .instrument = line.instrument,
                          .account = account,
                          .side = line.side});
    link = &positions_.back().next;
    enter_list(index);
    book_totals(rules.settle, line.instrument, line.quantity.raw(), booking);
  }
  return {};
}

std::optional<Refusal> Ledger::check_opening(AccountIndex account, const OpeningLine& line,
                                             const Instrument& rules) const noexcept {
  if (const auto refused = check_line(account, rules, line.side)) return refused;
  const std::int64_t quantity = line.quantity.raw();
  if (quantity == 0 || quantity % rules.lot.raw() != 0) return Refusal::quantity_off_lot;
  if (line.entry_price < rules.price_min || line.entry_price > rules.price_max) {
    return Refusal::price_out_of_range;
  }
  if ((line.side == PositionSide::long_side && quantity < 0) ||
      (line.side == PositionSide::short_side && quantity > 0)) {
    return Refusal::side_mismatch;
  }
  return {};
}

}  // namespace plimsoll::ledger
