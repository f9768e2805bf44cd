#include "tests/vectors/rules.hpp"

// option-standard-formula.json: of it, futures whose rates grow with the size. A case has what its
// venue says and one size of it; rates are in per cent.

namespace plimsoll::vectors {
namespace {

void options(Trial& /*trial*/) {
  throw NotApplicable{"there are no options"};
}

/// [base, increment for each coin]
Number part(Trial& trial, const char* key, std::size_t index) {
  return number_in(trial.input(key).at(index)) / 100;
}

void size_tier(Trial& trial) {
  trial.ignore({"venue"});
  const Number size = trial.number("size");
  Portfolio portfolio;
  portfolio.profile = &trial.profile("deribit");
  Instrument instrument = linear_instrument(trial.number("price"), size);
  instrument.tiers = flat_tiers(part(trial, "im", 0), part(trial, "mm", 0));
  instrument.tiers.mode = "increment";
  instrument.tiers.measure = "quantity";
  instrument.tiers.more["initial_increment"] = part(trial, "im", 1);
  instrument.tiers.more["maintenance_increment"] = part(trial, "mm", 1);
  portfolio.decimals = decimals_for(2 * abs(size) * instrument.price_max);
  portfolio.instruments.push_back(instrument);
  Account account;
  const Number notional = abs(size) * instrument.mark;
  account.balances[portfolio.money] = notional;
  if (size != 0) {
    account.positions.push_back({instrument.symbol, size, instrument.mark, std::nullopt});
  }
  portfolio.accounts.push_back(account);
  const Json& ours = trial.accounts(portfolio).at(0);
  const Number initial = figure(ours, "/initial_margin");
  const Number maintenance = figure(ours, "/maintenance_margin");
  trial.exact("/im", initial);
  trial.exact("/mm", maintenance);
  if (size == 0) {
    trial.skip("/im_pct", "nothing is held");
    trial.skip("/mm_pct", "nothing is held");
  } else {
    trial.exact("/im_pct", 100 * initial / notional);
    trial.exact("/mm_pct", 100 * maintenance / notional);
  }
}

constexpr Kind kKinds[] = {{"option ", options}, {"futures ", size_tier}};

}  // namespace

std::span<const Kind> futures_tier_kinds() {
  return kKinds;
}

}  // namespace plimsoll::vectors
