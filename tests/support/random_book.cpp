#include "tests/support/random_book.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_rules.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::support {
namespace {

constexpr std::uint64_t kFirstAccount = 5'000;  // histories number theirs up to 1,000
constexpr std::uint64_t kOwners = 25;           // theirs are the first of them

bool lists(const reference::Instrument& rules) {
  return rules.kind != reference::Kind::spot && (rules.status == InstrumentStatus::trading ||
                                                 rules.status == InstrumentStatus::reduce_only);
}

/// What an account can trade.
std::vector<InstrumentId> instruments_of(const reference::Reference& reference,
                                         const PackedAccount& account) {
  std::vector<InstrumentId> list;
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const AssetId settle = reference.instruments[i].settle;
    const bool held =
        settle == account.asset || (account.mode == MarginMode::multi_asset &&
                                    reference.assets[settle.raw()].index_max.raw() > 0);
    if (held && lists(reference.instruments[i])) list.push_back(InstrumentId::from_raw(i));
  }
  return list;
}

/// About so many dollars of an instrument at the price of the start, at least a lot.
std::int64_t quantity_of(const reference::Reference& reference, InstrumentId id,
                         std::int64_t dollars) {
  const reference::Instrument& rules = reference.instruments[id.raw()];
  const auto lot = reference::turnover(rules, rules.lot.raw(), starting_price(rules));
  const Int128 lots = Int128{worth_of(reference, rules.settle, dollars)} * lot.denominator /
                      std::max<Int128>(1, magnitude(lot.numerator));
  return narrow(std::clamp<Int128>(lots, 1, 100'000'000)) * rules.lot.raw();
}

class BookMaker {
 public:
  BookMaker(const reference::Reference& reference, std::uint64_t seed)
      : reference_{reference}, random_{seed ^ 0x626f6f6b626f6f6bULL} {}

  RandomBook make(std::size_t accounts) {
    while (book_.accounts.size() < accounts) add();
    return std::move(book_);
  }

 private:
  void add() {
    PackedAccount account{};
    account.account = AccountId::from_raw(kFirstAccount - 3 * book_.accounts.size());
    account.owner = OwnerId::from_raw(1 + random_.below(kOwners));
    account.profile =
        ProfileId::from_raw(static_cast<std::uint32_t>(random_.below(reference_.profiles.size())));
    choose_margin(account);
    if (!book_.accounts.empty() && random_.chance(300)) become_sub_account(account);
    if (random_.chance(250)) account.position_mode = PositionMode::hedge;
    std::vector<OpeningLine> lines = lines_of(account);
    if (random_.chance(200)) std::reverse(lines.begin(), lines.end());
    account.lines = static_cast<std::uint32_t>(lines.size());
    account.balance = balance_of(account, lines.size());
    book_.lines.insert(book_.lines.end(), lines.begin(), lines.end());
    book_.accounts.push_back(account);
  }

  void choose_margin(PackedAccount& account) {
    account.asset = kUsdt;
    if (reference_.numeraire != kNoAsset && random_.chance(250)) {
      account.mode = MarginMode::multi_asset;
      account.asset = reference_.numeraire;
    } else if (random_.chance(350)) {
      account.asset = reference_.instruments[random_.below(reference_.instruments.size())].settle;
    }
  }

  void become_sub_account(PackedAccount& account) {
    const PackedAccount& parent = book_.accounts[random_.below(book_.accounts.size())];
    if (parent.parent.raw() != 0) return;
    account.owner = parent.owner;
    account.parent = parent.account;
    account.asset = parent.asset;
    account.mode = random_.chance(700) ? MarginMode::isolated : MarginMode::cross;
  }

  /// One to five, ascending, the first of them in dollars as large as the others together.
  std::vector<OpeningLine> lines_of(const PackedAccount& account) {
    std::vector<InstrumentId> left = instruments_of(reference_, account);
    std::vector<OpeningLine> lines;
    std::size_t wanted = random_.chance(120) ? 0 : 1 + random_.below(5);
    if (account.mode == MarginMode::isolated) wanted = std::min<std::size_t>(wanted, 1);
    dollars_ = random_.pick(std::array<std::int64_t, 4>{20, 200, 2'000, 20'000}) *
               random_.between(10, 100) / 10;
    while (lines.size() < wanted && !left.empty()) {
      const std::size_t at = random_.below(left.size());
      add_lines(account, left[at], lines);
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
    }
    std::sort(lines.begin(), lines.end(), [](const OpeningLine& a, const OpeningLine& b) {
      return a.instrument != b.instrument ? a.instrument < b.instrument : a.side < b.side;
    });
    return lines;
  }

  /// A line; of a hedged account often both.
  void add_lines(const PackedAccount& account, InstrumentId id, std::vector<OpeningLine>& lines) {
    const bool sells = random_.chance(400);
    if (account.position_mode != PositionMode::hedge) {
      return lines.push_back(line_of(id, sells, PositionSide::net));
    }
    const bool both = random_.chance(500);
    if (both || !sells) lines.push_back(line_of(id, false, PositionSide::long_side));
    if (both || sells) lines.push_back(line_of(id, true, PositionSide::short_side));
  }

  OpeningLine line_of(InstrumentId id, bool sells, PositionSide side) {
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    const std::int64_t size = quantity_of(reference_, id, dollars_);
    const std::int64_t start = starting_price(rules).raw();
    const std::int64_t entry = std::clamp(start / 1'000 * random_.between(960, 1'040),
                                          rules.price_min.raw(), rules.price_max.raw());
    return {.quantity = Quantity::from_raw(sells ? -size : size),
            .entry_price = Price::from_raw(entry),
            .instrument = id,
            .side = side};
  }

  /// From too little to plenty of what the positions need.
  Amount balance_of(const PackedAccount& account, std::size_t lines) {
    if (random_.chance(60)) return {};
    const std::int64_t percent = random_.pick(std::array<std::int64_t, 6>{2, 5, 8, 15, 40, 120});
    const auto notional = dollars_ * static_cast<std::int64_t>(std::max<std::size_t>(lines, 1));
    return Amount::from_raw(
        worth_of(reference_, account.asset, std::max<std::int64_t>(1, notional * percent / 100)));
  }

  const reference::Reference& reference_;
  Random random_;
  RandomBook book_;
  std::int64_t dollars_{0};  // of a line of the account at hand
};

/// What the accounts of a book send, and what happens to what they hold. They do not care whether
/// they are right.
class BookClients {
 public:
  BookClients(const reference::Reference& reference, const RandomBook& book, std::uint64_t seed)
      : reference_{reference}, random_{seed ^ 0x636c69656e747321ULL} {
    book.openings().for_each(
        [](const PackedAccount&) {},
        [&](const PackedAccount& account, std::span<const OpeningLine> lines) {
          clients_.push_back({account, instruments_of(reference, account), {}});
          for (const OpeningLine& line : lines) {
            clients_.back().held[{line.instrument, line.side}] = line.quantity.raw();
          }
          return true;
        });
  }

  InputBody act() {
    Holdings& client = clients_[random_.below(clients_.size())];
    const std::int64_t kind = random_.between(0, 99);
    if (kind < 20) return deposit(client);
    if (kind < 27) return withdraw(client);
    if (kind < 62) return trade(client);
    if (kind < 67) return move(client);
    if (kind < 72) return order(client);
    if (kind < 75) return leverage(client);
    if (kind < 78) return mode(client);
    return of_instrument(client);
  }

 private:
  using Line = std::pair<InstrumentId, PositionSide>;
  struct Holdings {
    PackedAccount account;
    std::vector<InstrumentId> instruments;  // that it can trade
    std::map<Line, std::int64_t> held;      // as it believes
  };

  [[nodiscard]] Amount some_amount(const Holdings& client) {
    return Amount::from_raw(worth_of(reference_, client.account.asset, random_.between(1, 2'000)));
  }
  ExternalId next_number() { return ExternalId::from_raw(1'000'000 + ++numbers_); }

  InputBody deposit(const Holdings& client) {
    return Deposited{client.account.account, some_amount(client), next_number(),
                     client.account.asset};
  }
  InputBody withdraw(const Holdings& client) {
    return WithdrawalRequested{client.account.account, some_amount(client), next_number(),
                               client.account.asset};
  }
  InputBody move(const Holdings& client) {
    const AccountId to = clients_[random_.below(clients_.size())].account.account;
    const AccountId parent = client.account.parent;
    return MarginMoveRequested{client.account.account, parent.raw() != 0 ? parent : to,
                               some_amount(client), next_number(), client.account.asset};
  }

  /// Of what it holds, or of anything that it may.
  InstrumentId some_instrument(const Holdings& client) {
    if (!client.held.empty() && random_.chance(800)) return some_line(client).first;
    if (client.instruments.empty()) return kBtc;
    return client.instruments[random_.below(client.instruments.size())];
  }
  Line some_line(const Holdings& client) {
    return std::next(client.held.begin(),
                     static_cast<std::ptrdiff_t>(random_.below(client.held.size())))
        ->first;
  }

  InputBody trade(Holdings& client) {
    if (client.held.empty() || random_.chance(200)) return open_another(client);
    const Line line = some_line(client);
    const std::int64_t held = client.held[line];
    const std::int64_t lot = reference_.instruments[line.first.raw()].lot.raw();
    const std::int64_t lots = std::max<std::int64_t>(1, magnitude_of(held) / lot);
    const std::int64_t part = random_.between(1, lots) * lot * (held > 0 ? 1 : -1);
    switch (random_.below(4)) {
      case 0:
        return fill(client, line, part);
      case 1:
        return fill(client, line, -part);
      case 2:  // a flip, which a hedged line refuses
        return fill(client, line, -held - part);
      default:
        return fill(client, line, -held);
    }
  }
  InputBody open_another(Holdings& client) {
    const InstrumentId id = some_instrument(client);
    const bool sells = random_.chance(400);
    PositionSide side = PositionSide::net;
    if (client.account.position_mode == PositionMode::hedge) {
      side = sells ? PositionSide::short_side : PositionSide::long_side;
    }
    const std::int64_t size = quantity_of(reference_, id, random_.between(20, 5'000));
    return fill(client, {id, side}, sells ? -size : size);
  }
  InputBody fill(Holdings& client, const Line& line, std::int64_t quantity) {
    std::int64_t& held = client.held[line];
    held += quantity;
    if (held == 0) client.held.erase(line);
    const Price price = starting_price(reference_.instruments[line.first.raw()]);
    return TradeFilled{.account = client.account.account,
                       .instrument = line.first,
                       .quantity = Quantity::from_raw(quantity),
                       .price = price,
                       .fee = Amount::from_raw(random_.between(0, 3)),
                       .fill = next_number(),
                       .side = line.second};
  }
  static std::int64_t magnitude_of(std::int64_t quantity) {
    return quantity < 0 ? -quantity : quantity;
  }

  InputBody order(const Holdings& client) {
    const InstrumentId id = some_instrument(client);
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    const std::int64_t start = starting_price(rules).raw();
    const bool hedged = client.account.position_mode == PositionMode::hedge;
    return OrderRequested{
        .account = client.account.account,
        .instrument = id,
        .quantity = Quantity::from_raw(quantity_of(reference_, id, random_.between(20, 2'000))),
        .limit = Price::from_raw(start - start % rules.tick.raw()),
        .order = next_number(),
        .side = hedged ? PositionSide::long_side : PositionSide::net,
        .state = random_.chance(500) ? OrderState::resting : OrderState::requested};
  }
  InputBody leverage(const Holdings& client) {
    return LeverageRequested{client.account.account, some_instrument(client),
                             Rate::from_raw(random_.between(0, 10) * kRateOne)};
  }
  InputBody mode(const Holdings& client) {
    const PackedAccount& account = client.account;
    const bool isolated = account.mode == MarginMode::isolated;
    return AccountModeRequested{account.account, account.asset, account.mode, account.position_mode,
                                isolated ? AutoTopUp::on : AutoTopUp::off};
  }

  InputBody of_instrument(const Holdings& client) {
    const InstrumentId id = some_instrument(client);
    const reference::Instrument& rules = reference_.instruments[id.raw()];
    const Rate rate = Rate::from_raw(random_.between(-kRateOne / 100, kRateOne / 100));
    switch (random_.below(4)) {
      case 0:
      case 1:
        return FundingSettled{id, rate, starting_price(rules)};
      case 2:
        return FundingEstimated{id, rate};
      default:
        return InstrumentChanged{id, rules.tiers_long, rules.tiers_short, rules.status};
    }
  }

  const reference::Reference& reference_;
  Random random_;
  std::vector<Holdings> clients_;
  std::uint64_t numbers_{0};
};

}  // namespace

RandomBook random_book(const reference::Reference& reference, std::uint64_t seed,
                       std::size_t accounts) {
  return BookMaker{reference, seed}.make(accounts);
}

std::vector<Input> history_of(const reference::Reference& reference, const RandomBook& book,
                              std::uint64_t seed, const HistoryOptions& options) {
  constexpr std::size_t kStart = 200;  // most prices are there then
  constexpr std::size_t kPause = 3;    // funds first, as in every history
  Random random{seed ^ 0x696e6265747765eULL};
  BookClients clients{reference, book, seed};
  std::vector<Input> mixed;
  std::size_t count = 0;
  for (const Input& input : random_history(reference, seed, options)) {
    const std::int64_t per_mille = ++count < kStart ? 600 : 60;
    while (count > kPause && random.chance(per_mille)) {
      mixed.push_back({.sequence = {}, .time = input.time, .origin = {}, .body = clients.act()});
    }
    mixed.push_back(input);
  }
  return mixed;
}

}  // namespace plimsoll::support
