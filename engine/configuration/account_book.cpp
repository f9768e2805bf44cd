#include "engine/configuration/account_book.hpp"

namespace plimsoll::configuration {
namespace {

constexpr std::uint64_t kAccountMax = ~std::uint64_t{0} - 1;
constexpr std::size_t kKnownAtFirst = 1024;

}  // namespace

AccountBook::AccountBook(const reference::Reference& reference)
    : reference_{reference}, holdings_{reference}, index_{kKnownAtFirst} {}

bool AccountBook::take(const AccountLine& line, const InputSink& sink, LineFault& fault) {
  identify(line);
  if (!check_account(line, fault)) return false;
  remember({opened_.account, opened_.owner, line.parent != 0});
  if (!check_names(line, fault) || !check_parent(line, fault) || !check_modes(line, fault) ||
      !holdings_.check(opened_, line, fault) || !check_room(line, fault)) {
    return false;
  }
  holdings_.commit();
  give(line, sink);
  return true;
}

void AccountBook::note(const AccountLine& line) {
  LineFault unused;
  identify(line);
  if (check_account(line, unused)) {
    remember({opened_.account, opened_.owner, line.parent != 0});
  }
}

void AccountBook::identify(const AccountLine& line) {
  opened_ = {};
  opened_.account = AccountId::from_raw(line.account);
  opened_.owner = OwnerId::from_raw(line.owner.value_or(line.account));
  opened_.parent = AccountId::from_raw(line.parent);
}

bool AccountBook::check_account(const AccountLine& line, LineFault& fault) const {
  const auto no = [&](std::string reason) {
    return refuse(fault, {"account"}, std::to_string(line.account), std::move(reason));
  };
  if (line.account == 0 || line.account > kAccountMax) {
    return no("must be 1 to " + std::to_string(kAccountMax));
  }
  if (index_.find(line.account) != FlatMap::kAbsent) return no("appears twice");
  if (known_.size() >= reference_.limits.accounts) {
    return no("is more than limits.accounts = " + std::to_string(reference_.limits.accounts));
  }
  return true;
}

bool AccountBook::check_names(const AccountLine& line, LineFault& fault) {
  const int profile = reference::find_profile(reference_, line.profile);
  if (profile < 0) return refuse(fault, {"profile"}, quote(line.profile), "names no profile");
  const int asset = reference::find_asset(reference_, line.asset);
  if (asset < 0) return refuse(fault, {"asset"}, quote(line.asset), "names no asset");
  opened_.profile = ProfileId::from_raw(static_cast<std::uint32_t>(profile));
  opened_.asset = AssetId::from_raw(static_cast<std::uint32_t>(asset));
  return read_choice(line.mode, kMarginModes, {"mode"}, opened_.mode, fault) &&
         read_choice(line.position_mode, kPositionModes, {"position_mode"}, opened_.position_mode,
                     fault);
}

bool AccountBook::check_parent(const AccountLine& line, LineFault& fault) const {
  if (line.parent == 0) return true;
  const char* reason = nullptr;
  const bool possible = line.parent <= kAccountMax && line.parent != line.account;
  const std::uint32_t index = possible ? index_.find(line.parent) : FlatMap::kAbsent;
  if (index == FlatMap::kAbsent) {
    reason = "names no account of a line before";
  } else if (known_[index].is_child) {
    reason = "is itself a sub-account";
  } else if (known_[index].owner != opened_.owner) {
    reason = "belongs to another owner";
  }
  return reason == nullptr || refuse(fault, {"parent"}, std::to_string(line.parent), reason);
}

bool AccountBook::check_modes(const AccountLine& line, LineFault& fault) const {
  const bool isolated = opened_.mode == MarginMode::isolated;
  const bool multi = opened_.mode == MarginMode::multi_asset;
  const auto no = [&](const char* reason) {
    return refuse(fault, {"mode"}, quote(line.mode.value_or("cross")), reason);
  };
  if (isolated && line.parent == 0) return no("needs a parent");
  if (multi && line.parent != 0) return no("is not for a sub-account");
  if (multi && opened_.asset != reference_.numeraire) {
    return refuse(fault, {"asset"}, quote(line.asset),
                  "must be engine.numeraire in mode multi_asset");
  }
  if (line.auto_top_up && !isolated) {
    return refuse(fault, {"auto_top_up"}, "true", "needs mode isolated");
  }
  return true;
}

bool AccountBook::check_room(const AccountLine& line, LineFault& fault) const {
  const std::size_t room = reference_.limits.positions;
  if (counts_.positions + line.positions.size() <= room) return true;
  return refuse(fault, {"positions"}, std::to_string(line.positions.size()),
                "are more than limits.positions = " + std::to_string(room));
}

void AccountBook::remember(const Known& known) {
  const auto next = static_cast<std::uint32_t>(known_.size());
  known_.push_back(known);
  if (index_.insert(known.account.raw(), next)) return;
  index_ = FlatMap{2 * known_.size()};
  for (std::uint32_t i = 0; i <= next; ++i) {
    PLIMSOLL_ASSERT(index_.insert(known_[i].account.raw(), i));
  }
}

void AccountBook::give(const AccountLine& line, const InputSink& sink) {
  ++counts_.accounts;
  sink(opened_);
  const auto& balances = holdings_.balances();
  for (const BalanceImported& balance : balances) {
    if (balance.amount.raw() < 0) continue;
    sink(Deposited{opened_.account, balance.amount, ExternalId::from_raw(opened_.account.raw()),
                   balance.asset});
  }
  for (PositionInputs& position : holdings_.positions()) {
    if (position.leverage.leverage.raw() != 0) sink(position.leverage);
    position.fill.fill = ExternalId::from_raw(++counts_.positions);
    sink(position.fill);
  }
  for (const OrderRequested& order : holdings_.orders()) sink(order);
  // Last: only then is the account judged by all that stands against its debts.
  for (const BalanceImported& balance : balances) {
    if (balance.amount.raw() < 0) sink(balance);
  }
  if (line.auto_top_up) {
    sink(AccountModeRequested{opened_.account, opened_.asset, opened_.mode, opened_.position_mode,
                              AutoTopUp::on});
  }
}

}  // namespace plimsoll::configuration
