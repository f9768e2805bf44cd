#include "bench/bands_rivals.hpp"

namespace plimsoll::bench {
namespace {

constexpr std::int64_t kTick = 10'000'000;
// Of one unit of quantity, a tick of the price: value, and maintenance (0.5 %) of it.
constexpr std::int64_t kValue = kTick / 1'000;
constexpr std::int64_t kMaintenance = kValue / 200;

AccountId id_of(std::uint64_t number) {
  return AccountId::from_raw(number + 1);
}

AccountOpened opening_of(std::uint64_t number) {
  return {.account = id_of(number),
          .owner = OwnerId::from_raw(number + 1),
          .parent = {},
          .profile = ProfileId::from_raw(0),
          .asset = AssetId::from_raw(0)};
}

TradeFilled fill_of(std::uint64_t number, const BandAccount& account, std::size_t line) {
  return {.account = id_of(number),
          .instrument = InstrumentId::from_raw(account.contract[line]),
          .quantity = Quantity::from_raw(account.quantity[line]),
          .price = Price::from_raw(first_price(account.contract[line])),
          .fee = {},
          .fill = {}};
}

marks::Move move_to(std::uint32_t contract, std::int64_t price) {
  const Price to = Price::from_raw(price);
  return {.instrument = InstrumentId::from_raw(contract), .price = to, .low = to, .high = to};
}

/// Tenths of a factor.
std::int32_t tenths_of(Rate factor) {
  return static_cast<std::int32_t>(factor.raw() / (kRateOne / 10));
}

/// Of the excess over T(tenths), a tick of the price.
std::int64_t slope_of(std::int64_t quantity, std::int64_t tenths) {
  return quantity * kValue - std::abs(quantity) * kMaintenance * tenths / 10;
}

constexpr std::size_t kAhead = 12;

}  // namespace

Banded::Banded(const reference::Reference& reference)
    : shard_{std::make_unique<core::Shard>(reference, 0, watch::Mode::bands)} {}

void Banded::open(std::uint64_t number, const BandAccount& account) {
  PackedBandAccount packed = packed_account(number, account);
  packed_.push_back(packed.account);
  lines_.insert(lines_.end(), packed.lines.begin(), packed.lines.end());
  constexpr std::size_t kAtOnce = 4'096;
  if (packed_.size() == kAtOnce) open_packed();
}

void Banded::open_packed() {
  PLIMSOLL_ASSERT(!shard_->open({packed_, lines_}, 1));
  packed_.clear();
  lines_.clear();
}

void Banded::start() {
  open_packed();
  for (std::uint32_t i = 0; i < kContracts; ++i)
    apply({i, first_price(i)}, EventTime::from_raw(1), ignored_);
}

void Banded::apply(const MarkMove& move, EventTime time, std::vector<Event>& out) {
  shard_->apply({.input = {.sequence = {}, .time = time, .origin = {}, .body = TimeAdvanced{}},
                 .target = core::kNoShard,
                 .move = move_to(move.contract, move.price)},
                out);
}

bool Banded::walk() const {
  return shard_->bands().consistent() &&
         shard_->ledger().conservation_gap(AssetId::from_raw(0)) == 0;
}

Rival::Rival(const reference::Reference& reference)
    : ledger_{reference, reference.limits.accounts},
      marks_{reference},
      lifecycle_{reference, ledger_, marks_, reference.limits.accounts} {
  for (std::uint32_t i = 0; i < kContracts; ++i) {
    marks_.apply(move_to(i, first_price(i)));
    prices_.push_back(first_price(i) / kTick);
  }
}

void Rival::open(std::uint64_t number, const BandAccount& account) {
  const ledger::AccountIndex index = ledger_.open(opening_of(number));
  lifecycle_.open();
  (void)ledger_.deposit(index, AssetId::from_raw(0), Amount::from_raw(account.balance));
  for (std::size_t i = 0; i < kLines; ++i)
    (void)ledger_.apply_fill(index, fill_of(number, account, i));
  accounts_.push_back(account);
}

void Rival::judge_all(const std::vector<std::uint32_t>& accounts) {
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    // Fetched ahead just as the product does.
    for (std::size_t k = i == 0 ? 0 : i + kAhead; k <= i + kAhead && k < accounts.size(); ++k) {
      ledger_.fetch(accounts[k]);
      lifecycle_.fetch(accounts[k]);
    }
    if (i + kAhead / 2 < accounts.size()) ledger_.fetch_lines(accounts[i + kAhead / 2]);
    note(accounts[i], lifecycle_.judge(accounts[i], cause_, false, *out_).findings);
  }
}

void Rival::apply(const MarkMove& move, EventTime time, std::vector<Event>& out) {
  cause_ = {.sequence = {},
            .time = time,
            .kind = static_cast<std::uint8_t>(InputBody{TimeAdvanced{}}.index())};
  out_ = &out;
  lifecycle_.pass_time(cause_, out, [](std::uint32_t) {});
  marks_.apply(move_to(move.contract, move.price));
  cause_ = with_price(cause_, InstrumentId::from_raw(move.contract), Price::from_raw(move.price));
  const std::int64_t before = std::exchange(prices_[move.contract], move.price / kTick);
  look(move.contract, prices_[move.contract] - before);
}

// (b)

Recomputing::Recomputing(const reference::Reference& reference)
    : Rival{reference}, holders_(kContracts) {}

void Recomputing::start() {
  std::vector<Event> ignored;
  records_.resize(accounts_.size());
  for (std::uint32_t a = 0; a < accounts_.size(); ++a) {
    const BandAccount& account = accounts_[a];
    Record& record = records_[a];
    record.cash = account.balance;
    record.floor_factor = 12;
    for (std::size_t i = 0; i < kLines; ++i) {
      record.contract[i] = static_cast<std::uint8_t>(account.contract[i]);
      record.quantity[i] = static_cast<std::int32_t>(account.quantity[i]);
      record.cash -= account.quantity[i] * (first_price(account.contract[i]) / 1'000);
      holders_[account.contract[i]].push_back(a);
    }
  }
}

void Recomputing::look(std::uint32_t contract, std::int64_t /*ticks*/) {
  due_.clear();
  const std::vector<std::uint32_t>& holders = holders_[contract];
  for (std::size_t n = 0; n < holders.size(); ++n) {
    if (n + kAhead < holders.size()) __builtin_prefetch(&records_[holders[n + kAhead]]);
    const Record& record = records_[holders[n]];
    if (record.over) continue;
    std::int64_t equity = record.cash;
    std::int64_t maintenance = 0;
    for (std::size_t i = 0; i < kLines; ++i) {
      const std::int64_t value = record.quantity[i] * (prices_[record.contract[i]] * kValue);
      equity += value;
      maintenance += std::abs(record.quantity[i]) * (prices_[record.contract[i]] * kMaintenance);
    }
    const bool low = equity * 10 <= maintenance * record.floor_factor;
    const bool high =
        record.ceiling_factor != 0 && equity * 10 >= maintenance * record.ceiling_factor;
    if (low || high) due_.push_back(holders[n]);
  }
  judge_all(due_);
}

void Recomputing::note(std::uint32_t account, const margin::Findings& findings) {
  Record& record = records_[account];
  record.over = findings.least() == margin::Findings::kUnlimited;
  record.floor_factor = tenths_of(findings.floor_factor);
  record.ceiling_factor =
      findings.ceiling == margin::Findings::kUnlimited ? 0 : tenths_of(findings.ceiling_factor);
}

// (c)

Incremental::Incremental(const reference::Reference& reference)
    : Rival{reference}, holders_(kContracts), called_(kContracts) {}

void Incremental::start() {
  const std::size_t count = accounts_.size();
  excess_.resize(count);
  places_.resize(count);
  missing_.resize(count);
  call_.resize(count);
  for (std::uint32_t a = 0; a < count; ++a) {
    const BandAccount& account = accounts_[a];
    std::int64_t excess = account.balance;
    for (std::size_t i = 0; i < kLines; ++i) {
      const std::int64_t price = prices_[account.contract[i]];
      excess -= std::abs(account.quantity[i]) * kMaintenance * 12 / 10 * price;
      std::vector<Holder>& list = holders_[account.contract[i]];
      places_[a][i] = static_cast<std::uint32_t>(list.size());
      list.push_back({slope_of(account.quantity[i], 12), a, 0});
    }
    excess_[a] = excess - 1;
  }
}

void Incremental::look(std::uint32_t contract, std::int64_t ticks) {
  due_.clear();
  for (const Holder& holder : holders_[contract]) {
    std::int64_t& excess = excess_[holder.account];
    excess += holder.slope * ticks;
    if (excess < 0) due_.push_back(holder.account);
  }
  std::vector<Holder>& called = called_[contract];
  for (std::size_t n = 0; n < called.size();) {
    const Holder holder = called[n];
    if (call_[holder.account] != holder.call) {
      called[n] = called.back();
      called.pop_back();
      continue;
    }
    std::int64_t& missing = missing_[holder.account];
    missing -= holder.slope * ticks;
    if (missing < 0) due_.push_back(holder.account);
    ++n;
  }
  judge_all(due_);
}

void Incremental::note(std::uint32_t account, const margin::Findings& findings) {
  const bool over = findings.least() == margin::Findings::kUnlimited;
  const bool called = !over && findings.ceiling != margin::Findings::kUnlimited;
  const bool fresh = called && call_[account] == 0;
  if (fresh) ++calls_;
  excess_[account] = findings.floor;
  missing_[account] = findings.ceiling;
  const std::int64_t tenths = tenths_of(findings.floor_factor);
  for (std::size_t i = 0; i < kLines; ++i) {
    const std::uint32_t contract = accounts_[account].contract[i];
    const std::int64_t quantity = accounts_[account].quantity[i];
    holders_[contract][places_[account][i]].slope = over ? 0 : slope_of(quantity, tenths);
    if (called && fresh) {
      called_[contract].push_back(
          {slope_of(quantity, tenths_of(findings.ceiling_factor)), account, calls_});
    }
  }
  if (!called || fresh) call_[account] = called ? calls_ : 0;
}

}  // namespace plimsoll::bench
