// Accounts, money and modes of random histories.

#include <algorithm>
#include <array>

#include "tests/support/history_maker.hpp"
#include "tests/support/random_rules.hpp"

namespace plimsoll::support {

/// Accounts do not open in the order of their numbers.
AccountId HistoryMaker::next_account() const {
  return AccountId::from_raw(std::uint64_t{1'000} - 7 * clients_.size() % 500);
}

/// Cross in an asset that something settles in, or everything together.
void HistoryMaker::choose_margin(Client& client) {
  if (!options_.plain && reference_.numeraire != kNoAsset && random_.chance(350)) {
    client.terms.mode = MarginMode::multi_asset;
    client.terms.asset = reference_.numeraire;
    const bool other = reference_.profiles.size() > 2 && random_.chance(700);
    const std::size_t first = other ? 2 : 0;
    client.terms.profile = ProfileId::from_raw(
        static_cast<std::uint32_t>(first + random_.below(reference_.profiles.size() - first)));
    return;
  }
  client.dust = random_.chance(200);
  if (client.dust || random_.chance(650)) return;  // the first asset
  const std::size_t id = random_.below(reference_.instruments.size());
  if (reference_.instruments[id].kind != reference::Kind::spot) {
    client.terms.asset = reference_.instruments[id].settle;
  }
}

/// Isolated mostly; in what its parent has.
void HistoryMaker::become_sub_account(Client& client, const Client& parent) {
  client.terms.owner = parent.terms.owner;
  client.terms.parent = parent.terms.account;
  client.terms.asset = parent.terms.asset;
  client.terms.mode = MarginMode::cross;
  if (parent.is_multi_asset()) {
    for (const auto& [asset, amount] : parent.cash) {
      if (amount > 0 && random_.chance(400)) client.terms.asset = AssetId::from_raw(asset);
    }
  }
  client.dust = client.dust && client.terms.asset.raw() == 0;
  if (!options_.plain && random_.chance(750)) client.terms.mode = MarginMode::isolated;
}

void HistoryMaker::open() {
  Client client;
  client.terms.account = next_account();
  client.terms.owner = OwnerId::from_raw(std::uint64_t{1} + random_.below(options_.accounts / 2));
  client.terms.profile =
      ProfileId::from_raw(static_cast<std::uint32_t>(random_.below(reference_.profiles.size())));
  choose_margin(client);
  if (!clients_.empty() && random_.chance(350)) {
    const Client& parent = some_client();
    if (parent.terms.parent.raw() == 0) become_sub_account(client, parent);
  }
  if (!options_.plain && random_.chance(250)) client.terms.position_mode = PositionMode::hedge;
  const bool tops_up = client.terms.mode == MarginMode::isolated && random_.chance(700);
  client.auto_top_up = tops_up;
  clients_.push_back(client);
  push(client.terms);
  if (tops_up) {
    push(AccountModeRequested{client.terms.account, client.terms.asset, client.terms.mode,
                              client.terms.position_mode, AutoTopUp::on});
  }
}

void HistoryMaker::deposit(Client& client, AssetId asset, Int128 amount) {
  const std::int64_t paid = clamp_amount(amount);
  client.cash[asset.raw()] += paid;
  push(Deposited{client.terms.account, Amount::from_raw(paid), next_transfer(), asset});
}

/// An asset that the client can hold and, once it has traded, that has a price.
std::optional<AssetId> HistoryMaker::some_asset(const Client& client) {
  if (!client.is_multi_asset()) return client.terms.asset;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.assets.size()));
    const AssetId asset = AssetId::from_raw(id);
    if (math_.can_hold(client, asset) && (market_.index(id) > 0 || !client.traded)) return asset;
  }
  return std::nullopt;
}

void HistoryMaker::give(Client& client, Int128 amount) {
  if (!client.is_multi_asset() || random_.chance(300)) {
    return deposit(client, client.terms.asset, amount);
  }
  const std::int64_t parts = random_.between(1, 3);
  for (std::int64_t i = 0; i < parts; ++i) {
    const AssetId asset = some_asset(client).value_or(client.terms.asset);
    deposit(client, asset, math_.from_numeraire(asset.raw(), amount / parts));
  }
}

/// What an isolated account may take before it is liquidated; often not enough.
void HistoryMaker::feed_parent(const Client& client, Int128 amount) {
  for (Client& parent : clients_) {
    if (parent.terms.account != client.terms.parent) continue;
    if (math_.can_hold(parent, client.terms.asset)) deposit(parent, client.terms.asset, amount);
    return;
  }
}

/// Money towards the target of a call: too little, exactly enough, or plenty.
void HistoryMaker::top_up(Client& client) {
  const Worth now = math_.worth(client);
  if (now.maintenance == 0) {
    return deposit(client, client.terms.asset,
                   worth_of(reference_, client.terms.asset, random_.between(1, 5'000)));
  }
  const Int128 exact = some_threshold(client, now.maintenance) - now.equity;
  if (random_.chance(400)) {
    return deposit(client, client.terms.asset, exact + random_.between(-1, 1));
  }
  give(client, now.maintenance * random_.between(5, 120) / 100);
}

/// Around the most that may leave, as far as the client knows.
std::int64_t HistoryMaker::brink(const Client& client, AssetId asset) {
  const Worth now = math_.worth(client);
  Int128 free = now.equity - now.initial;
  if (client.is_multi_asset()) free = math_.from_numeraire(asset.raw(), std::max<Int128>(free, 0));
  free = std::max<Int128>(free, 1);
  switch (random_.below(4)) {
    case 0:
      return clamp_amount(free + random_.between(-1, 1));
    case 1:
      return clamp_amount(free * random_.between(1, 60) / 100);
    case 2:
      return clamp_amount(free * random_.between(90, 110) / 100);
    default:
      return clamp_amount(free * random_.between(100, 400) / 100);
  }
}

void HistoryMaker::withdraw(Client& client) {
  const AssetId asset = some_asset(client).value_or(client.terms.asset);
  const std::int64_t amount = brink(client, asset);
  const Worth now = math_.worth(client);
  const bool affords = client.is_multi_asset() ? amount <= client.cash[asset.raw()]
                                               : amount <= now.equity - now.initial;
  if (affords) client.cash[asset.raw()] -= amount;
  push(WithdrawalRequested{client.terms.account, Amount::from_raw(amount), next_transfer(), asset});
}

void HistoryMaker::move(Client& client) {
  Client* to = nullptr;
  for (Client& other : clients_) {
    if (&other == &client || other.terms.owner != client.terms.owner) continue;
    if (to == nullptr || random_.chance(400)) to = &other;
  }
  if (to == nullptr) return;
  AssetId asset = some_asset(client).value_or(client.terms.asset);
  if (random_.chance(700) && !to->is_multi_asset()) asset = to->terms.asset;
  const std::int64_t amount = brink(client, asset);
  const Worth now = math_.worth(client);
  const bool affords = client.is_multi_asset() ? amount <= client.cash[asset.raw()]
                                               : amount <= now.equity - now.initial;
  if (affords && math_.can_hold(client, asset) && math_.can_hold(*to, asset)) {
    client.cash[asset.raw()] -= amount;
    to->cash[asset.raw()] += amount;
  }
  push(MarginMoveRequested{client.terms.account, to->terms.account, Amount::from_raw(amount),
                           next_transfer(), asset});
}

/// Mostly a debt that the client can just carry, or not quite.
void HistoryMaker::import_balance(Client& client) {
  const AssetId asset = some_asset(client).value_or(client.terms.asset);
  const Int128 equity = std::max<Int128>(math_.worth(client).equity, 1);
  const Int128 part = equity * random_.between(1, random_.chance(200) ? 150 : 50) / 100;
  std::int64_t amount = clamp_amount(math_.from_numeraire(asset.raw(), part));
  if (random_.chance(850)) amount = -amount;
  client.cash[asset.raw()] += amount;
  push(BalanceImported{client.terms.account, asset, Amount::from_raw(amount)});
}

/// As far as the client knows.
bool HistoryMaker::may_have_mode(const Client& client, const AccountModeRequested& wanted) const {
  const bool flat = client.lines.empty() && client.orders.empty();
  const bool was_isolated = client.terms.mode == MarginMode::isolated;
  const bool turns = wanted.position_mode != client.terms.position_mode ||
                     (wanted.mode == MarginMode::isolated) != was_isolated;
  if (turns && !flat) return false;
  const bool pools = wanted.mode == MarginMode::multi_asset;
  if (pools && (client.terms.parent.raw() != 0 || wanted.asset != reference_.numeraire)) {
    return false;
  }
  if (client.is_multi_asset() && !pools) {
    return flat && client.cash.size() <= 1;
  }
  Client changed = client;
  changed.terms.mode = wanted.mode;
  changed.terms.asset = wanted.asset;
  const Worth then = math_.worth(changed);
  return reference_.numeraire != kNoAsset && then.equity >= then.initial;
}

void HistoryMaker::request_mode(Client& client) {
  AccountModeRequested wanted{client.terms.account, client.terms.asset, client.terms.mode,
                              client.terms.position_mode,
                              client.auto_top_up ? AutoTopUp::on : AutoTopUp::off};
  const bool isolated = client.terms.mode == MarginMode::isolated;
  const std::int64_t kind = random_.between(0, 99);
  if (kind < 25) {
    wanted.position_mode = client.hedges() ? PositionMode::one_way : PositionMode::hedge;
  } else if (isolated && kind < 80) {
    wanted.auto_top_up = client.auto_top_up ? AutoTopUp::off : AutoTopUp::on;
  } else if (isolated || (client.terms.parent.raw() != 0 && kind < 80)) {
    wanted.mode = isolated ? MarginMode::cross : MarginMode::isolated;
    wanted.auto_top_up = AutoTopUp::off;
  } else if (client.is_multi_asset()) {
    wanted.mode = MarginMode::cross;
    if (!client.cash.empty()) wanted.asset = AssetId::from_raw(client.cash.begin()->first);
  } else {
    wanted.mode = MarginMode::multi_asset;
    if (reference_.numeraire != kNoAsset) wanted.asset = reference_.numeraire;
  }
  if (may_have_mode(client, wanted)) {
    client.terms.mode = wanted.mode;
    client.terms.position_mode = wanted.position_mode;
    client.terms.asset = wanted.asset;
    client.auto_top_up = wanted.auto_top_up == AutoTopUp::on;
    client.dust = client.dust && wanted.asset.raw() == 0;
  }
  push(wanted);
}

void HistoryMaker::request_leverage(Client& client) {
  const std::int64_t tenths =
      random_.pick(std::array<std::int64_t, 10>{0, 10, 20, 50, 125, 200, 500, 1'000, 1'250, 2'500});
  std::optional<LineKey> held = some_line(client);
  const std::uint32_t id = held && random_.chance(600) ? held->first : some_contract();
  push(LeverageRequested{client.terms.account, InstrumentId::from_raw(id),
                         Rate::from_raw(tenths * kRateOne / 10)});
}

}  // namespace plimsoll::support
