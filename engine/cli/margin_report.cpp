#include "engine/cli/margin_report.hpp"

#include <algorithm>
#include <limits>

#include "engine/margin/valuation.hpp"
#include "engine/reference/turnover.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::cli {
namespace {

using margin::Companion;
using margin::Factor;
using reference::Instrument;
using reference::Profile;

std::optional<Int128> level(Int128 numerator, Int128 denominator) {
  if (denominator == 0) return {};
  return divide_floor<Int128>(numerator * kRateOne, denominator);
}

std::optional<Price> entry_price(const margin::Line& line, const Instrument& instrument) {
  const Int128 size = magnitude(line.quantity.raw());
  const Int128 paid = magnitude(line.entry_value.raw());
  const bool inverse = instrument.kind == reference::Kind::inverse;
  if (size == 0 || (inverse && paid == 0)) return {};
  const Int128 price =
      inverse ? divide_floor<Int128>(size * instrument.numerator, paid)
              : divide_floor<Int128>(paid * instrument.denominator, size * instrument.numerator);
  if (price > std::numeric_limits<std::int64_t>::max()) return {};
  return Price::from_raw(narrow(price));
}

/// Works out the report of one account.
class Reporter {
 public:
  Reporter(const PortfolioBook& book, ledger::AccountIndex account,
           std::span<const Companion> companions)
      : book_{book},
        reference_{book.reference()},
        account_{account},
        profile_{reference_.profiles[book.ledger().account(account).profile.raw()]},
        companions_{companions} {
    margin::copy_account(book.ledger(), account, portfolio_);
  }

  [[nodiscard]] AccountReport run() {
    AccountReport report;
    report.account = book_.ledger().account(account_).id;
    report.profile = portfolio_.profile;
    report.mode = portfolio_.mode;
    report.asset = portfolio_.asset;
    report.explanation = margin::explain(portfolio_, reference_, book_.marks());
    add_figures(report);
    add_withdrawable(report);
    for (const margin::LineExplanation& line : report.explanation.lines) {
      if (line.line.counts()) report.positions.push_back(position(line));
    }
    if (report.multi_asset()) add_indices(report);
    return report;
  }

 private:
  void add_figures(AccountReport& report) const {
    const margin::Explanation& figures = report.explanation;
    const Int128 maintenance = figures.maintenance_margin;
    report.call_trigger = margin::threshold(maintenance, profile_.call_trigger, profile_);
    report.call_target = margin::threshold(maintenance, profile_.call_target, profile_);
    report.liquidation_target =
        margin::threshold(maintenance, profile_.liquidation_target, profile_);
    report.margin_level = level(figures.equity, maintenance);
    report.collateral_level = level(figures.assets_value, figures.debts_value);
    report.exposed = exposed();
    report.state = state(figures, report.exposed);
  }

  [[nodiscard]] bool exposed() const {
    const auto& lines = portfolio_.lines;
    const auto& balances = portfolio_.balances;
    return std::any_of(lines.begin(), lines.end(),
                       [](const margin::Line& line) { return line.quantity.raw() != 0; }) ||
           std::any_of(balances.begin(), balances.end(),
                       [](const margin::Holding& holding) { return holding.amount.raw() < 0; });
  }

  /// A position or a balance that could be closed or sold.
  [[nodiscard]] bool has_something() const {
    const auto& lines = portfolio_.lines;
    const auto& balances = portfolio_.balances;
    return std::any_of(lines.begin(), lines.end(),
                       [](const margin::Line& line) { return line.quantity.raw() != 0; }) ||
           std::any_of(balances.begin(), balances.end(),
                       [](const margin::Holding& holding) { return holding.amount.raw() > 0; });
  }

  [[nodiscard]] AccountState state(const margin::Explanation& figures, bool exposed) const {
    const Int128 equity = figures.equity;
    const Int128 maintenance = figures.maintenance_margin;
    if (!figures.complete) return AccountState::unknown;
    if (!exposed) return AccountState::healthy;
    const bool exchanges = std::any_of(
        figures.assets.begin(), figures.assets.end(),
        [](const auto& asset) { return asset.exchanged_debt != 0 && asset.sold != kNoAsset; });
    if (exchanges) return AccountState::exchange;
    if (margin::ruined(equity, maintenance, profile_)) {
      return has_something() ? AccountState::takeover : AccountState::bankrupt;
    }
    if (margin::below(equity, maintenance, Rate::from_raw(kRateOne), profile_)) {
      return AccountState::liquidation;
    }
    return margin::below_trigger(equity, maintenance, profile_) ? AccountState::call
                                                                : AccountState::healthy;
  }

  void add_withdrawable(AccountReport& report) const {
    const margin::Valuer valuer{reference_, book_.ledger(), book_.marks()};
    for (const margin::Holding& holding : portfolio_.balances) {
      if (holding.amount.raw() <= 0) continue;
      Withdrawable& entry = report.withdrawable.emplace_back();
      entry.asset = holding.asset;
      if (report.explanation.complete) entry.amount = valuer.available(account_, holding.asset);
    }
  }

  [[nodiscard]] PositionReport position(const margin::LineExplanation& line) const {
    const InstrumentId id = line.line.instrument;
    const Instrument& instrument = reference_.instruments[id.raw()];
    PositionReport report;
    report.line = line;
    report.entry_price = entry_price(line.line, instrument);
    report.liquidation = liquidation({.instrument = id, .asset = kNoAsset});
    report.funding = book_.marks().funding(id);
    for (const margin::RestingOrder& order : portfolio_.orders) {
      if (order.instrument == id && order.side == line.line.side) report.orders.push_back(order);
    }
    const std::int64_t quantity = line.line.quantity.raw();
    if (!report.marked() || quantity == 0) return report;
    report.notional = reference::turnover(instrument, quantity, line.mark).notional();
    const margin::SidePrice bankruptcy =
        margin::bankruptcy_price(portfolio_, reference_, book_.marks(), id, quantity > 0);
    if (bankruptcy.found()) report.bankruptcy = bankruptcy.price;
    return report;
  }

  void add_indices(AccountReport& report) const {
    for (const margin::AssetExplanation& asset : report.explanation.assets) {
      if (asset.asset == reference_.numeraire || asset.index.raw() == 0) continue;
      report.indices.push_back(
          {asset.asset, liquidation({.instrument = kNoInstrument, .asset = asset.asset})});
    }
  }

  [[nodiscard]] margin::LiquidationPrices liquidation(const Factor& factor) const {
    std::vector<Companion> others;
    for (const Companion& companion : companions_) {
      const bool itself = companion.factor.instrument == factor.instrument &&
                          companion.factor.asset == factor.asset;
      if (!itself) others.push_back(companion);
    }
    return margin::liquidation_prices(portfolio_, reference_, book_.marks(), factor, others);
  }

  const PortfolioBook& book_;
  const reference::Reference& reference_;
  ledger::AccountIndex account_;
  const Profile& profile_;
  std::span<const Companion> companions_;
  margin::Portfolio portfolio_;
};

}  // namespace

const char* to_string(AccountState state) noexcept {
  switch (state) {
    case AccountState::healthy:
      return "healthy";
    case AccountState::call:
      return "call";
    case AccountState::exchange:
      return "exchange";
    case AccountState::liquidation:
      return "liquidation";
    case AccountState::takeover:
      return "takeover";
    case AccountState::bankrupt:
      return "bankrupt";
    case AccountState::unknown:
      return "unknown";
  }
  return "unknown";
}

AccountReport report_account(const PortfolioBook& book, ledger::AccountIndex account,
                             std::span<const margin::Companion> companions) {
  return Reporter{book, account, companions}.run();
}

}  // namespace plimsoll::cli
