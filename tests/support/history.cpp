#include "tests/support/history.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "tests/support/invalid_inputs.hpp"
#include "tests/support/market_path.hpp"
#include "tests/support/random.hpp"

namespace plimsoll::support {
namespace {

constexpr std::int64_t kMicrosecond = 1'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStart = 1'700'000'000 * kSecond + 123'456'789;
constexpr std::int64_t kAmountMax = std::int64_t{1} << 50;

std::int64_t clamp_amount(Int128 amount) {
  return static_cast<std::int64_t>(std::clamp<Int128>(amount, 1, kAmountMax));
}

Int128 up(Int128 n, Int128 d) {
  return n / d + static_cast<Int128>(n % d > 0);
}

Int128 down(Int128 n, Int128 d) {
  return n / d - static_cast<Int128>(n % d < 0);
}

/// A client, and what it believes to have: right until its first liquidation or funding, wrong
/// after, as clients are.
struct Client {
  AccountOpened terms;
  Int128 cash{0};  // deposits - withdrawals - paid for fills
  std::map<std::uint32_t, std::int64_t> quantities;
  bool traded{false};
  bool dust{false};  // trades a handful of the cheapest: thresholds are then hit exactly
};

class HistoryMaker {
 public:
  HistoryMaker(const reference::Reference& reference, std::uint64_t seed,
               const HistoryOptions& options)
      : reference_{reference},
        options_{options},
        random_{seed},
        market_{reference, options.inputs, options.late_marks, random_} {}

  std::vector<Input> make() {
    for (std::size_t i = 0; i < reference_.assets.size(); ++i) {
      if (random_.chance(700)) endow(static_cast<std::uint32_t>(i));
    }
    while (inputs_.size() < options_.inputs) {
      if (random_.chance(options_.invalid_per_mille) && !clients_.empty()) {
        push(invalid());
      } else {
        act();
      }
    }
    return std::move(inputs_);
  }

 private:
  // --- time
  // ---------------------------------------------------------------------------------------

  std::int64_t gap() {
    if (std::exchange(hurried_, false)) return random_.between(0, 500 * kMicrosecond);
    if (random_.chance(options_.minutes_per_mille)) return random_.between(60, 180) * kSecond;
    const std::int64_t kind = random_.between(0, 99);
    if (kind < 20) return 0;
    if (kind < 30) return random_.between(1, 1'000);
    if (kind < 45) return random_.between(1, 1'000) * kMicrosecond;
    if (kind < 55) return random_.between(1, 5) * kMillisecond;  // often right on the grid
    if (kind < 85) return random_.between(1, 60 * kMillisecond);
    if (kind < 98) return random_.between(100, 900) * kMillisecond;
    return random_.between(1 * kSecond, 6 * kSecond);
  }

  void push(const InputBody& body) {
    now_ += gap();
    // Now and then right at a round time, where steps, grids and deadlines meet.
    if (random_.chance(50)) now_ += 100 * kMillisecond - now_ % (100 * kMillisecond);
    std::int64_t time = now_;
    if (!inputs_.empty() && random_.chance(options_.late_per_mille)) {
      time = random_.chance(100) ? random_.between(0, 9) : now_ - random_.between(1, 10 * kSecond);
    }
    inputs_.push_back({Sequence{}, EventTime::from_raw(time), Origin::external, body});
  }

  // --- what clients know
  // --------------------------------------------------------------------------

  [[nodiscard]] const reference::Instrument& instrument(std::uint32_t id) const {
    return reference_.instruments[id];
  }
  [[nodiscard]] Int128 unit(AssetId asset) const {
    return power_of_ten(reference_.assets[asset.raw()].decimals);
  }

  [[nodiscard]] Int128 notional(std::uint32_t id, Int128 quantity) const {
    const Int128 size = quantity < 0 ? -quantity : quantity;
    return up(size * market_.price(id), instrument(id).value_divisor);
  }

  /// Both requirements of a quantity: {maintenance, initial}.
  [[nodiscard]] std::pair<Int128, Int128> requirement(std::uint32_t id, Int128 quantity) const {
    const Int128 size = notional(id, quantity);
    const auto& brackets = instrument(id).brackets;
    std::size_t last = 0;
    while (last + 1 < brackets.size() && brackets[last + 1].floor.raw() <= size) ++last;
    const reference::Bracket& bracket = brackets[last];
    return {up(size * bracket.maintenance.raw() - bracket.maintenance_amount, kRateOne),
            up(size * bracket.initial.raw() - bracket.initial_amount, kRateOne)};
  }

  struct Worth {
    Int128 equity{0};
    Int128 maintenance{0};
    Int128 initial{0};
  };

  [[nodiscard]] Worth worth(const Client& client) const {
    Worth sum;
    sum.equity = client.cash;
    for (const auto& [id, quantity] : client.quantities) {
      sum.equity += down(Int128{quantity} * market_.price(id), instrument(id).value_divisor);
      const auto [maintenance, initial] = requirement(id, quantity);
      sum.maintenance += maintenance;
      sum.initial += initial;
    }
    return sum;
  }

  /// Often the one of before, in a hurry: that meets its own orders in flight.
  Client& some_client() {
    hurried_ = random_.chance(350) && last_ < clients_.size();
    if (!hurried_) last_ = random_.below(clients_.size());
    return clients_[last_];
  }

  /// An instrument that the client may trade, or none.
  std::optional<std::uint32_t> some_instrument(const Client& client) {
    for (int attempt = 0; attempt < 8; ++attempt) {
      const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
      if (client.dust && id != 2) continue;
      if (instrument(id).settle != client.terms.asset) continue;
      if (market_.is_marked(id) || !client.traded) return id;
    }
    return std::nullopt;
  }

  // --- what clients do
  // ----------------------------------------------------------------------------

  void act() {
    const bool room = clients_.size() < options_.accounts;
    if (clients_.size() < options_.accounts / 2 && random_.chance(250)) return open();
    if (room && !clients_.empty() && random_.chance(20)) {
      return random_.chance(700) ? open_at_threshold() : open_twins();
    }
    if (clients_.empty()) return push(market_.next(random_));
    const std::int64_t kind = random_.between(0, 999);
    if (kind < 580) return push(market_.next(random_));
    if (kind < 730) return trade(some_client());
    if (kind < 820) return start_anew(some_client());
    if (kind < 880) return top_up(some_client());
    if (kind < 930) return withdraw(some_client());
    if (kind < 970) return move(some_client());
    if (kind < 980) return fund();
    if (kind < 984) return endow(static_cast<std::uint32_t>(random_.below(2)));
    if (kind < 992) return push(TimeAdvanced{});
    answer();
  }

  /// Accounts do not open in the order of their numbers.
  [[nodiscard]] AccountId next_account() const {
    return AccountId::from_raw(std::uint64_t{1'000} - 7 * clients_.size() % 500);
  }

  void open() {
    Client client;
    client.terms.account = next_account();
    client.terms.owner = OwnerId::from_raw(std::uint64_t{1} + random_.below(options_.accounts / 2));
    client.terms.profile = ProfileId::from_raw(static_cast<std::uint32_t>(random_.below(2)));
    const bool second = reference_.instruments.size() > 3 && random_.chance(200);
    client.terms.asset = AssetId::from_raw(static_cast<std::uint32_t>(second));
    client.dust = !second && random_.chance(200);
    if (!clients_.empty() && random_.chance(300)) {  // an isolated sub-account
      const AccountOpened& parent = some_client().terms;
      if (parent.parent.raw() == 0) {
        client.terms.owner = parent.owner;
        client.terms.parent = parent.account;
        client.terms.asset = parent.asset;
        client.dust = client.dust && parent.asset.raw() == 0;
      }
    }
    clients_.push_back(client);
    push(client.terms);
  }

  void deposit(Client& client, Int128 amount) {
    const std::int64_t paid = clamp_amount(amount);
    client.cash += paid;
    push(Deposited{client.terms.account, Amount::from_raw(paid), next_transfer()});
  }

  void fill(Client& client, std::uint32_t id, std::int64_t quantity, std::int64_t price,
            std::int64_t fee) {
    const Int128 paid = up(Int128{quantity} * price, instrument(id).value_divisor);
    client.cash -= paid + fee;
    client.quantities[id] += quantity;
    if (client.quantities[id] == 0) client.quantities.erase(id);
    client.traded = true;
    push(TradeFilled{client.terms.account, InstrumentId::from_raw(id), Quantity::from_raw(quantity),
                     Price::from_raw(price), Amount::from_raw(fee),
                     ExternalId::from_raw(++fills_)});
  }

  /// A price near the mark, and a fee: mostly paid, sometimes a rebate, sometimes none.
  void fill_at_market(Client& client, std::uint32_t id, std::int64_t quantity) {
    const reference::Instrument& terms = instrument(id);
    const std::int64_t price =
        std::clamp(market_.price(id) + terms.tick.raw() * random_.between(-20, 20),
                   terms.tick.raw(), terms.price_max.raw());
    const std::int64_t bps = random_.pick(std::array<std::int64_t, 5>{5, 4, 2, 0, -1});
    const std::int64_t fee = static_cast<std::int64_t>(notional(id, quantity) * bps / 10'000);
    fill(client, id, quantity, price, fee);
  }

  /// New money and one to three positions: at a level of maintenance between a breach and a quiet
  /// life, or exactly at a threshold.
  void start_anew(Client& client) {
    const std::optional<std::uint32_t> id = some_instrument(client);
    if (!id) return;
    const std::int64_t quantity = client.dust ? dust_quantity(*id) : sized_quantity(client, *id);
    const Int128 maintenance = requirement(*id, quantity).first;
    client.cash = 0;
    client.quantities.clear();
    if (random_.chance(150)) {
      deposit(client, threshold(client, maintenance) + random_.between(-1, 1));
      return fill(client, *id, quantity, market_.price(*id), 0);
    }
    const std::int64_t more = client.dust || !market_.is_marked(*id) ? 0 : random_.between(0, 2);
    deposit(client, maintenance * (1 + more) * level() / 100);
    fill_at_market(client, *id, quantity);
    for (std::int64_t i = 0; i < more; ++i) open_beside(client, notional(*id, quantity));
  }

  /// A client so new that it is right about itself: exactly at a threshold, or one beside it, and
  /// sometimes with the exact answer to the call that follows.
  void open_at_threshold() {
    open();
    Client& client = clients_.back();
    const std::optional<std::uint32_t> id = some_instrument(client);
    if (!id || !market_.is_marked(*id)) return;
    const std::int64_t quantity = client.dust ? dust_quantity(*id) : sized_quantity(client, *id);
    const Int128 maintenance = requirement(*id, quantity).first;
    const reference::Profile& profile = reference_.profiles[client.terms.profile.raw()];
    if (random_.chance(500)) {
      deposit(client, threshold(client, maintenance) + random_.between(-1, 1));
      return fill(client, *id, quantity, market_.price(*id), 0);
    }
    deposit(client, up(maintenance * profile.call_trigger.raw(), kRateOne) - 1);
    fill(client, *id, quantity, market_.price(*id), 0);
    const Int128 target = up(maintenance * profile.call_target.raw(), kRateOne);
    deposit(client, target - worth(client).equity + random_.between(-1, 1));
  }

  /// Two or three new clients that do the same, the second at twice the size: in a crash their
  /// margin levels are equal, and deficit and account decide who comes first.
  void open_twins() {
    open();
    const Client first = clients_.back();
    const std::optional<std::uint32_t> id = some_instrument(first);
    if (!id || !market_.is_marked(*id)) return;
    const std::int64_t quantity = signed_lots(*id, random_.between(1, 9));
    const Int128 money = requirement(*id, quantity).first * level() / 100;
    const std::array<std::int64_t, 3> sizes{1, 2, 1};
    const std::size_t count = 2 + random_.below(2);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) {
        Client twin = first;
        twin.terms.account = next_account();
        clients_.push_back(twin);
        push(twin.terms);
      }
      deposit(clients_.back(), money * sizes[i]);
      fill(clients_.back(), *id, quantity * sizes[i], market_.price(*id), 0);
    }
  }

  /// Another position of about the same size, long or short.
  void open_beside(Client& client, Int128 size) {
    const std::optional<std::uint32_t> id = some_instrument(client);
    if (!id || !market_.is_marked(*id)) return;
    const Int128 lots = size * instrument(*id).value_divisor / market_.price(*id) /
                        instrument(*id).lot.raw() * random_.between(50, 150) / 100;
    fill_at_market(client, *id, signed_lots(*id, static_cast<std::int64_t>(lots)));
  }

  /// Equity in hundredths of maintenance.
  std::int64_t level() {
    const std::int64_t kind = random_.between(0, 99);
    if (kind < 10) return random_.between(85, 110);
    if (kind < 55) return random_.between(110, 220);
    if (kind < 90) return random_.between(220, 600);
    return random_.between(600, 3'000);
  }

  Int128 threshold(const Client& client, Int128 maintenance) {
    const reference::Profile& profile = reference_.profiles[client.terms.profile.raw()];
    const Rate factor =
        random_.pick(std::array<Rate, 4>{Rate::from_raw(kRateOne), profile.call_trigger,
                                         profile.call_target, profile.liquidation_target});
    return up(maintenance * factor.raw(), kRateOne);
  }

  std::int64_t dust_quantity(std::uint32_t id) { return signed_lots(id, random_.between(1, 40)); }

  std::int64_t signed_lots(std::uint32_t id, std::int64_t lots) {
    const std::int64_t quantity = std::max<std::int64_t>(lots, 1) * instrument(id).lot.raw();
    return random_.chance(650) ? quantity : -quantity;
  }

  /// 20 units to 2 million of notional, at the price of now.
  std::int64_t sized_quantity(const Client& client, std::uint32_t id) {
    const std::int64_t scale =
        random_.pick(std::array<std::int64_t, 5>{20, 200, 2'000, 20'000, 200'000});
    const Int128 size = unit(client.terms.asset) * scale * random_.between(10, 100) / 10;
    const Int128 quantity = size * instrument(id).value_divisor / market_.price(id);
    return signed_lots(id, static_cast<std::int64_t>(quantity / instrument(id).lot.raw()));
  }

  /// Adds to a position, reduces it, closes it, flips it, or opens a small one elsewhere.
  void trade(Client& client) {
    if (client.quantities.empty()) return start_anew(client);
    const auto held =
        std::next(client.quantities.begin(),
                  static_cast<std::ptrdiff_t>(random_.below(client.quantities.size())));
    const auto [id, quantity] = *held;
    if (!market_.is_marked(id)) return push(market_.next(random_));
    const std::int64_t lot = instrument(id).lot.raw();
    const std::int64_t lots = quantity / lot;
    const std::int64_t kind = random_.between(0, 99);
    if (kind < 30) return fill_at_market(client, id, part(lots, 30) * lot);
    if (kind < 60) return fill_at_market(client, id, -part(lots, 100) * lot);
    if (kind < 70) return fill_at_market(client, id, -quantity);
    if (kind < 80) return fill_at_market(client, id, -quantity - part(lots, 60) * lot);
    const std::optional<std::uint32_t> other = some_instrument(client);
    if (!other || !market_.is_marked(*other)) return;
    const Worth now = worth(client);
    const Int128 room = std::max<Int128>(now.equity - now.maintenance, 1) * random_.between(1, 20);
    const Int128 lots_there = room * instrument(*other).value_divisor / market_.price(*other) /
                              instrument(*other).lot.raw();
    fill_at_market(
        client, *other,
        signed_lots(*other, static_cast<std::int64_t>(std::min<Int128>(lots_there, 100'000'000))));
  }

  /// 1 to `percent` hundredths of a number of lots, with its sign, never 0.
  std::int64_t part(std::int64_t lots, std::int64_t percent) {
    const std::int64_t some = lots * random_.between(1, percent) / 100;
    if (some != 0) return some;
    return lots < 0 ? -1 : 1;
  }

  /// Money towards the target of a call: too little, exactly enough, or plenty.
  void top_up(Client& client) {
    const Worth now = worth(client);
    if (now.maintenance == 0) return deposit(client, unit(client.terms.asset));
    const Int128 exact = threshold(client, now.maintenance) - now.equity;
    if (random_.chance(400)) return deposit(client, exact + random_.between(-1, 1));
    deposit(client, now.maintenance * random_.between(5, 120) / 100);
  }

  /// Around the most that may leave, as far as the client knows.
  std::int64_t brink(const Client& client) {
    const Worth now = worth(client);
    const Int128 free = std::max<Int128>(now.equity - now.initial, 1);
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

  void withdraw(Client& client) {
    const std::int64_t amount = brink(client);
    const Worth now = worth(client);
    if (amount <= now.equity - now.initial) client.cash -= amount;
    push(WithdrawalRequested{client.terms.account, Amount::from_raw(amount), next_transfer()});
  }

  void move(Client& client) {
    Client* to = nullptr;
    for (Client& other : clients_) {
      if (&other == &client || other.terms.owner != client.terms.owner) continue;
      if (to == nullptr || random_.chance(400)) to = &other;
    }
    if (to == nullptr) return;
    const std::int64_t amount = brink(client);
    const Worth now = worth(client);
    if (amount <= now.equity - now.initial && client.terms.asset == to->terms.asset) {
      client.cash -= amount;
      to->cash += amount;
    }
    push(MarginMoveRequested{client.terms.account, to->terms.account, Amount::from_raw(amount),
                             next_transfer()});
  }

  // --- what others do
  // -----------------------------------------------------------------------------

  void fund() {
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
    const std::int64_t most = random_.chance(100) ? 100'000'000 : 3'000'000;
    push(FundingSettled{InstrumentId::from_raw(id), Rate::from_raw(random_.between(-most, most)),
                        Price::from_raw(market_.price(id))});
  }

  /// Sometimes next to nothing, so that bad debt is left.
  void endow(std::uint32_t asset) {
    const AssetId id = AssetId::from_raw(asset);
    const Int128 most = unit(id) * options_.fund_units;
    const Int128 amount = random_.chance(400) ? random_.between(1, 1'000'000)
                                              : most * random_.between(1, 1'000) / 1'000;
    push(FundEndowed{id, Amount::from_raw(clamp_amount(amount))});
  }

  /// The matching engine says that an order expired: mostly one that it never had.
  void answer() {
    const Client& client = some_client();
    const auto id = static_cast<std::uint32_t>(random_.below(reference_.instruments.size()));
    push(LiquidationAnswered{
        client.terms.account,
        LiquidationEpoch::from_raw(static_cast<std::uint32_t>(random_.between(0, 4))),
        InstrumentId::from_raw(id), Quantity{}, Price{}});
  }

  InputBody invalid() {
    const Client& client = some_client();
    Valid valid{client.terms, some_client().terms, InstrumentId{}, Price{}};
    for (std::size_t attempt = 0; attempt < clients_.size(); ++attempt) {
      if (valid.stranger.owner != client.terms.owner) break;
      valid.stranger = some_client().terms;
    }
    const std::uint32_t id = client.terms.asset.raw() != 0 ? 3 : 0;
    if (!market_.is_marked(id)) return market_.next(random_);
    valid.instrument = InstrumentId::from_raw(id);
    valid.price = Price::from_raw(market_.price(id));
    return invalid_input(reference_, valid, options_.extremes, random_);
  }

  ExternalId next_transfer() { return ExternalId::from_raw(++transfers_); }

  const reference::Reference& reference_;
  const HistoryOptions& options_;
  Random random_;
  MarketPath market_;
  std::vector<Client> clients_;
  std::vector<Input> inputs_;
  std::int64_t now_{kStart};
  std::size_t last_{0};  // index of the client that acted last
  bool hurried_{false};  // the next input follows at once
  std::uint64_t fills_{0};
  std::uint64_t transfers_{0};
};

/// What makes an event a special one of its kind, or nothing.
std::string detail_of(const Event& event, const Event* previous) {
  const bool again = previous != nullptr && previous->body.index() == event.body.index() &&
                     previous->header.cause == event.header.cause &&
                     previous->header.account == event.header.account;
  if (const auto* refused = std::get_if<InputRefused>(&event.body)) {
    return std::string{to_string(refused->reason)};
  }
  if (const auto* withheld = std::get_if<WithdrawalRefused>(&event.body)) {
    return std::string{to_string(withheld->reason)};
  }
  if (const auto* completed = std::get_if<LiquidationCompleted>(&event.body)) {
    return std::string{to_string(completed->outcome)};
  }
  if (const auto* taken = std::get_if<AccountTakenOver>(&event.body)) {
    return taken->equity.raw() < 0 ? "bankrupt" : "";
  }
  if (const auto* order = std::get_if<LiquidationOrderIssued>(&event.body)) {
    if (order->step > 1) return "later_step";
    return again ? "second_of_step" : "";
  }
  if (const auto* fill = std::get_if<LiquidationFillApplied>(&event.body)) {
    return fill->quantity.raw() == 0 ? "expired" : "";
  }
  return again && std::holds_alternative<PositionTakenOver>(event.body) ? "second_of_account" : "";
}

}  // namespace

std::vector<Input> random_history(const reference::Reference& reference, std::uint64_t seed,
                                  const HistoryOptions& options) {
  return HistoryMaker{reference, seed, options}.make();
}

std::map<std::string, std::size_t> count_inputs(const std::vector<Input>& inputs) {
  static constexpr std::array<const char*, 4> kOrigins{"external", "clock", "house", "exchange"};
  std::map<std::string, std::size_t> counts;
  for (const Input& input : inputs) {
    ++counts[std::string{input_kind_name(kind_of(input))}];
    ++counts[std::string{"from."} + kOrigins[static_cast<std::size_t>(input.origin)]];
  }
  return counts;
}

std::map<std::string, std::size_t> count_events(const std::vector<Event>& events) {
  std::map<std::string, std::size_t> counts;
  const Event* previous = nullptr;
  for (const Event& event : events) {
    const std::string kind{event_kind_name(kind_of(event))};
    ++counts[kind];
    const std::string more = detail_of(event, previous);
    if (!more.empty()) ++counts[kind + "." + more];
    previous = &event;
  }
  return counts;
}

}  // namespace plimsoll::support
