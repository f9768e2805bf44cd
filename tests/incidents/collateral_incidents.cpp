// Incidents of collateral and debts: no position moved, what backed them did.

#include "tests/incidents/incident.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

using support::finished;

constexpr AssetId kSynthetic = AssetId::from_raw(2);  // USDe, or DAI
constexpr AssetId kStaked = AssetId::from_raw(3);     // wBETH
constexpr double kMaintenance = 0.05;                 // of a debt

void add_asset(reference::Reference& reference, const char* name, double index_max, double ratio) {
  reference.assets.push_back(support::asset_of(name, 6));
  reference.assets.back().index_max = price(index_max);
  reference::Collateral rule;
  rule.asset = AssetId::from_raw(static_cast<std::uint32_t>(reference.assets.size() - 1));
  rule.steps = {{.up_to = reference::CollateralStep::kNoEnd, .ratio = rate(ratio)}};
  reference.profiles[0].collateral.push_back(rule);
}

/// Debts from `least` upwards in equal steps.
struct Debts {
  double least;
  double step;
  std::size_t count;
  /// How many of those who owe this are below maintenance with so much collateral that counts?
  [[nodiscard]] std::size_t below(double collateral, double debt_price = 1) const {
    std::size_t result = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double debt = (least + step * static_cast<double>(i)) * debt_price;
      if (collateral - debt < kMaintenance * debt) ++result;
    }
    return result;
  }
  void borrow(Scene& scene, const reference::Reference& reference, AssetId has, double amount,
              AssetId owes) const {
    for (std::size_t i = 0; i < count; ++i) {
      scene.borrow(reference, has, amount, owes, least + step * static_cast<double>(i));
    }
  }
};

}  // namespace

// Binance, 2025-10-10, 21:36 to 22:16 UTC. Published: USDe, wBETH and BNSOL as collateral were
// valued at the venue's own thin book (USDe down to about 0.65, wBETH to about 430 with ETH far
// above 3,000); about 283 million were paid back; since then redemption values are part of the
// index. Assumed: elsewhere USDe is 0.97 and 0.995, wBETH 3,700; USDe can be redeemed at 1 all the
// time, wBETH not at once. 300 accounts borrow dollars on 10,000 USDe, 300 on 10 wBETH.
Incident collateral_in_a_thin_book() {
  reference::Reference rules = venue();
  rules.time_step = seconds(60);
  add_asset(rules, "USDE", 10, 0.95);
  add_asset(rules, "WBETH", 100'000, 0.9);
  add_guard(rules, "collateral").spread_max = rate(0.02);
  add_index(rules, "USDE", 0.01, {"own", "bybit", "curve"}, kSynthetic);
  add_index(rules, "WBETH", 0.01, {"own", "eth-times-rate-one", "eth-times-rate-two"}, kStaked);
  for (reference::Index& index : rules.indices) index.quorum = 2;
  rules.indices[0].price_max = price(10);
  rules.indices[1].price_max = price(100'000);

  Scene scene{1'760'132'100};
  const auto redemption = [&scene](double value) {
    scene.give(RedemptionPublished{.index = kFirstIndex,
                                   .price = price(value),
                                   .expires = scene.time_at(3'600),
                                   .by = OperatorId::from_raw(1),
                                   .number = ExternalId::from_raw(value == 0 ? 2 : 1)});
  };
  const auto tick = [&scene](double synthetic_own, double bybit, double curve, double staked_own,
                             double staked) {
    scene.says(0, synthetic_own);
    scene.says(1, bybit);
    scene.says(2, curve);
    scene.says(3, staked_own);
    scene.says(4, staked);
    scene.says(5, staked);
  };
  tick(1, 1, 1, 3'700, 3'700);
  redemption(1);
  scene.at(1);
  const Debts on_synthetic{.least = 4'000, .step = 16.8, .count = 300};
  const Debts on_staked{.least = 12'000, .step = 62, .count = 300};
  on_synthetic.borrow(scene, rules, kSynthetic, 10'000, kDollar);
  on_staked.borrow(scene, rules, kStaked, 10, kDollar);
  for (int i = 0; i < 2'400; i += 60) {
    scene.at(60 + i);
    tick(i < 600 ? 0.8 : 0.65, 0.97, 0.995, i < 600 ? 2'000 : 430, 3'700);
    scene.give(SourceQuoted{.source = SourceId::from_raw(0),
                            .bid = price(0.6),
                            .ask = price(0.72),
                            .venue_time = {},
                            .number = {}});
  }
  // Nothing new is built on what it could be redeemed for.
  scene.give(WithdrawalRequested{.account = AccountId::from_raw(271),
                                 .amount = Amount::from_raw(1'000'000),
                                 .transfer = {},
                                 .asset = kSynthetic});
  scene.at(2'460);
  tick(1, 1, 1, 3'700, 3'700);
  std::vector<Input> incident = scene.inputs();
  std::vector<Input> unguarded;
  for (const Input& input : incident) {
    const bool redeems = std::holds_alternative<RedemptionPublished>(input.body);
    const bool draws = std::holds_alternative<WithdrawalRequested>(input.body);
    if (!redeems && !draws) unguarded.push_back(input);
  }
  scene.at(2'500);
  redemption(0);
  tick(0.65, 0.65, 0.65, 3'700, 3'700);

  reference::Reference without = credulous(rules);
  listen_only_to(without, SourceId::from_raw(0));
  listen_only_to(without, SourceId::from_raw(3));
  reference::Reference weakened = rules;
  weakened.indices[1].clamp = rate(0.5);
  const auto staked = [](double index) { return 10 * index * 0.9; };
  return {.name = "Binance 2025-10-10",
          .verdict = "own book clamped, redemption bounds the trigger, wide quotes refused",
          .weakness = "clamp of wBETH 50 %",
          .guarded = finished(rules),
          .without = finished(without),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = unguarded,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = on_synthetic.below(6'175) + on_staked.below(staked(430)),
                       .weakened = on_staked.below(staked((1'850 + 2 * 3'700) / 3.0)),
                       .afterwards = on_synthetic.below(6'175)}};
}

// Compound, 2020-11-26, about 08:00 UTC. Published: DAI was 1.30 on Coinbase, the one source of its
// price; the anchor beside it, a mean of Uniswap with a band of 20 %, had moved along; about 89
// million were liquidated. Assumed: five sources, two of them (1.30 and 1.26) wrong for a minute,
// the others at 1.005 to 1.01; 600 accounts owe DAI on 10,000 dollars.
Incident dollar_at_one_thirty() {
  reference::Reference rules = venue();
  add_asset(rules, "DAI", 10, 0.95);
  add_guard(rules, "stable").freeze_width = rate(0.01);
  add_index(rules, "DAI", 0.01, {"coinbase", "uniswap", "kraken", "binance", "curve"}, kSynthetic);
  rules.indices[0].quorum = 3;
  rules.indices[0].price_max = price(10);

  Scene scene{1'606'377'600};
  const auto tick = [&scene](double coinbase, double uniswap, double others) {
    scene.says(0, coinbase);
    scene.says(1, uniswap);
    scene.says(2, others);
    scene.says(3, others);
    scene.says(4, others - 0.005);
  };
  tick(1.01, 1.01, 1.01);
  scene.at(1);
  const Debts debts{.least = 3'300, .step = 10, .count = 600};
  debts.borrow(scene, rules, kDollar, 10'000, kSynthetic);
  for (int i = 0; i < 60; i += 2) {
    scene.at(60 + i);
    tick(1.30, 1.26, 1.01);
  }
  scene.at(120);
  tick(1.01, 1.01, 1.01);
  std::vector<Input> incident = scene.inputs();
  scene.at(180);
  for (unsigned source = 0; source < 5; ++source) scene.says(source, 1.30);

  reference::Reference without = credulous(rules);
  listen_only_to(without, SourceId::from_raw(0));
  reference::Reference weakened = rules;
  weakened.indices[0].clamp = rate(0.2);
  const double wide = 1.01 * 1.2;
  return {.name = "Compound 2020-11-26",
          .verdict = "independent sources, band of 1 %",
          .weakness = "clamp 20 %",
          .guarded = finished(rules),
          .without = finished(without),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = incident,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = debts.below(10'000, 1.30),
                       .weakened = debts.below(10'000, (2 * wide + 2 * 1.01 + 1.005) / 5),
                       .afterwards = debts.below(10'000, 1.30)}};
}

}  // namespace plimsoll::incidents
