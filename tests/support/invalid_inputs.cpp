#include "tests/support/invalid_inputs.hpp"

#include "engine/reference/turnover.hpp"
#include "tests/support/invalid_parts.hpp"

namespace plimsoll::support {
namespace {

InputBody unknown_account_named(const InvalidContext& context) {
  const AccountId nobody = context.unknown_account();
  const Valid& valid = context.valid;
  const AssetId asset = valid.account.asset;
  const Amount amount = Amount::from_raw(context.random.between(-1, 10));
  switch (context.random.below(valid.plain ? 6 : 11)) {
    case 0:
      return Deposited{nobody, amount, ExternalId{}, asset};
    case 1:
      return WithdrawalRequested{nobody, amount, ExternalId{}, asset};
    case 2:
      return MarginMoveRequested{nobody, valid.account.account, amount, ExternalId{}, asset};
    case 3:
      return MarginMoveRequested{valid.account.account, nobody, amount, ExternalId{}, asset};
    case 4:
      return LiquidationAnswered{nobody, LiquidationEpoch::from_raw(1U), valid.instrument,
                                 Quantity{}, Price{}};
    case 5:
      return TradeFilled{nobody,      valid.instrument, context.instrument.lot,
                         valid.price, Amount{},         ExternalId{},
                         valid.side};
    case 6:
      return OrderRequested{nobody, valid.instrument, context.instrument.lot, valid.price,
                            ExternalId::from_raw(1U)};
    case 7:
      return OrderClosed{nobody, ExternalId::from_raw(1U)};
    case 8:
      return LeverageRequested{nobody, valid.instrument, Rate::from_raw(kRateOne)};
    case 9:
      return AccountModeRequested{nobody, asset};
    default:
      return BalanceImported{nobody, asset, amount};
  }
}

InputBody account_refused(const InvalidContext& context) {
  Random& random = context.random;
  const Valid& valid = context.valid;
  AccountOpened opened = valid.account;
  opened.parent = AccountId{};
  if (opened.mode == MarginMode::isolated) opened.mode = MarginMode::cross;
  const std::size_t kind = random.below(valid.plain ? 7 : 11);
  if (kind < 3) {  // once more, or under an impossible number
    if (kind > 0) opened.account = kind == 1 ? AccountId{} : AccountId::from_raw(kReserved);
    return opened;
  }
  opened.account = AccountId::from_raw(5'000'000 + random.below(1'000'000));
  switch (kind) {
    case 3:
      opened.profile = context.beyond<ProfileId>(context.reference.profiles);
      return opened;
    case 4:
      opened.asset = context.no_asset();
      return opened;
    case 5:
      opened.parent = valid.stranger.account;  // of another owner
      return opened;
    case 6:
      opened.parent = context.unknown_account();
      if (opened.parent.raw() == 0) opened.account = AccountId{};
      return opened;
    case 7:
      opened.mode = MarginMode::isolated;  // without a parent
      return opened;
    case 8:
      opened.mode = MarginMode::multi_asset;  // as a sub-account, or in any asset
      if (random.chance(500)) opened.parent = valid.account.account;
      opened.asset = context.any_asset();
      if (opened.parent.raw() == 0 && opened.asset == context.reference.numeraire) {
        opened.parent = valid.account.account;
      }
      return opened;
    case 9:
      opened.mode = static_cast<MarginMode>(random.pick(std::array{3, 7, 255}));
      return opened;
    default:
      opened.position_mode = static_cast<PositionMode>(random.pick(std::array{2, 255}));
      return opened;
  }
}

InputBody transfer_refused(const InvalidContext& context) {
  Random& random = context.random;
  const AccountId account = context.valid.account.account;
  const AssetId asset = context.valid.account.asset;
  const bool plain = context.valid.plain;
  switch (random.below(context.extremes ? 11 : 10)) {
    case 0:
      return Deposited{account, context.not_positive(), ExternalId{}, asset};
    case 1:
      return Deposited{account,
                       Amount::from_raw(random.chance(500) ? kMost : kBalanceMax + kBalanceMax),
                       ExternalId{}, asset};
    case 2:
      return WithdrawalRequested{account, context.not_positive(), ExternalId{}, asset};
    case 3:
      return FundEndowed{asset, context.not_positive()};
    case 4:
      return FundEndowed{context.no_asset(), Amount::from_raw(1)};
    case 5:
      return Deposited{account, Amount::from_raw(1), ExternalId{}, context.no_asset()};
    case 6:
      return WithdrawalRequested{account, Amount::from_raw(1), ExternalId{},
                                 random.chance(500) ? context.no_asset() : context.any_asset()};
    case 7:  // often an asset that the account cannot hold
      return Deposited{account, Amount::from_raw(random.between(1, 100)), ExternalId{},
                       context.any_asset()};
    case 8:
      if (plain) return FundEndowed{asset, Amount::from_raw(kMost)};
      return BalanceImported{account, random.chance(500) ? context.no_asset() : asset, Amount{}};
    case 9:
      if (plain) return FundEndowed{asset, Amount::from_raw(kBalanceMax)};
      return BalanceImported{account, random.chance(500) ? context.any_asset() : asset,
                             Amount::from_raw(random.pick(std::array<std::int64_t, 6>{
                                 -1, 1, kMost, kLeast, kBalanceMax + 1, -kBalanceMax - 1}))};
    default:
      return Deposited{account, Amount::from_raw(kBalanceMax - random.between(0, 1)), ExternalId{},
                       asset};
  }
}

InputBody move_refused(const InvalidContext& context) {
  const AccountId account = context.valid.account.account;
  const AccountId stranger = context.valid.stranger.account;
  const AssetId asset = context.valid.account.asset;
  switch (context.random.below(5)) {
    case 0:
      return MarginMoveRequested{account, account, Amount::from_raw(1), ExternalId{}, asset};
    case 1:
      return MarginMoveRequested{account, stranger, Amount::from_raw(1), ExternalId{}, asset};
    case 2:
      return MarginMoveRequested{account, stranger, context.not_positive(), ExternalId{}, asset};
    case 3:
      return MarginMoveRequested{account, stranger, Amount::from_raw(1), ExternalId{},
                                 context.no_asset()};
    default:
      return LiquidationAnswered{account,
                                 LiquidationEpoch::from_raw(0xfffffff0U),
                                 context.valid.instrument,
                                 context.instrument.lot,
                                 context.valid.price,
                                 context.valid.side};
  }
}

/// Modes that the account cannot have, and changes at the wrong moment.
InputBody mode_refused(const InvalidContext& context) {
  Random& random = context.random;
  const AccountOpened& now = context.valid.account;
  AccountModeRequested wanted{now.account, now.asset, now.mode, now.position_mode};
  switch (random.below(7)) {
    case 0:
      wanted.mode = static_cast<MarginMode>(random.pick(std::array{3, 255}));
      return wanted;
    case 1:
      wanted.position_mode = static_cast<PositionMode>(random.pick(std::array{2, 255}));
      return wanted;
    case 2:
      wanted.asset = context.no_asset();
      return wanted;
    case 3:  // often not isolated
      wanted.auto_top_up = AutoTopUp::on;
      return wanted;
    case 4:  // often without a parent
      wanted.mode = MarginMode::isolated;
      return wanted;
    case 5:  // often a sub-account, or not the numeraire
      wanted.mode = MarginMode::multi_asset;
      wanted.asset = context.any_asset();
      return wanted;
    default:  // often with balances and lines in other assets
      wanted.mode = MarginMode::cross;
      wanted.asset = context.any_asset();
      return wanted;
  }
}

}  // namespace

Int128 InvalidContext::room() const {
  const auto of_one = reference::turnover(instrument, 1, reference::dearest(instrument));
  const Int128 numerator = of_one.numerator < 0 ? -of_one.numerator : of_one.numerator;
  const Int128 lot = instrument.lot.raw();
  const Int128 quantity = Int128{kBalanceMax} * of_one.denominator / numerator / lot * lot;
  return quantity < kBalanceMax ? quantity : Int128{kBalanceMax};
}

InputBody invalid_account_input(const InvalidContext& context) {
  switch (context.random.below(context.valid.plain ? 4 : 5)) {
    case 0:
      return unknown_account_named(context);
    case 1:
      return account_refused(context);
    case 2:
      return transfer_refused(context);
    case 3:
      return move_refused(context);
    default:
      return mode_refused(context);
  }
}

InputBody invalid_input(const reference::Reference& reference, const Valid& valid, bool extremes,
                        Random& random) {
  const InvalidContext context{reference, valid, reference.instruments[valid.instrument.raw()],
                               extremes, random};
  if (!reference.guards.empty() && random.chance(350)) return invalid_price_input(context);
  const std::size_t kind = random.below(valid.plain ? 8 : 12);
  if (kind < 4) return invalid_account_input(context);
  if (kind < 6) return invalid_trade(context);
  if (kind < 8) return invalid_market_input(context);
  return kind < 10 ? invalid_order(context) : invalid_venue_input(context);
}

}  // namespace plimsoll::support
