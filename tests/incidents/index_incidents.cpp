// Incidents of indices: what several sources say together, when some of them do not tell the truth.

#include "tests/incidents/incident.hpp"
#include "tests/support/reference_builder.hpp"

namespace plimsoll::incidents {
namespace {

using support::finished;

/// The contract is marked at the first index.
void mark_at_index(reference::Reference& reference) {
  reference::MarkRules& mark = reference.instruments[kContract.raw()].mark;
  mark.method = reference::MarkMethod::index_basis;
  mark.index = kFirstIndex;
}

/// All of the sources from `first` to `last` say it.
void all_say(Scene& scene, unsigned first, unsigned last, double value) {
  for (unsigned source = first; source <= last; ++source) scene.says(source, value);
}

}  // namespace

// Deribit, 2019-10-31, 21:00 UTC. Published: a constituent of the index was an outlier and was
// meant to be left out; a bug let it in; the contract went from about 9,150 to 7,720; more than 150
// BTC were paid back. Assumed: three constituents, and an outlier (4,860) that makes their plain
// mean 7,720; it lasts a minute.
Incident outlier_that_was_to_be_excluded() {
  reference::Reference rules = venue();
  add_inverse(rules, "BTC-PERPETUAL", 10, 0.005);
  add_guard(rules, "index");
  add_index(rules, "BTC", 0.005, {"bitstamp", "coinbase", "kraken"});
  rules.indices[0].quarantine_after = 5;
  mark_at_index(rules);

  Scene scene{1'572'555'540};
  all_say(scene, 0, 2, 9'150);
  scene.at(1);
  const auto holders =
      scene.crowd(rules, {.count = 600, .entry = 9'150, .leverage_min = 2, .leverage_max = 50});
  for (int i = 0; i < 60; ++i) {
    scene.at(60 + i);
    all_say(scene, 0, 1, 9'150);
    scene.says(2, 4'860);
  }
  scene.at(180);
  all_say(scene, 0, 2, 9'150);
  std::vector<Input> incident = scene.inputs();
  scene.at(240);
  all_say(scene, 0, 2, 7'720);

  reference::Reference weakened = rules;
  weakened.indices[0].clamp = rate(0.2);
  return {.name = "Deribit 2019-10-31",
          .verdict = "outlier clamped, then quarantined",
          .weakness = "clamp 20 %",
          .guarded = finished(rules),
          .without = finished(credulous(rules)),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = incident,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = below_at(rules, holders, 7'720),
                       .weakened = below_at(rules, holders, (2 * 9'150 + 7'320) / 3.0),
                       .afterwards = below_at(rules, holders, 7'720)}};
}

// Deribit's rules since 2019-12-03. Published: a source that is older than three minutes is left
// out; the others are clamped to the median +- 0.5 % and count the same; with too few, trading is
// locked. Assumed: in a dip from 7,300 to 7,000 three of five feeds die; clients open positions
// when two of them say 7,300 again; later one of the two disconnects, and the other says 6,000 for
// 50 seconds.
Incident feeds_that_fall_silent() {
  reference::Reference rules = venue();
  add_inverse(rules, "BTC-PERPETUAL", 10, 0.005);
  add_guard(rules, "index").age_max = seconds(180);
  add_index(rules, "BTC", 0.005, {"bitfinex", "bitstamp", "bittrex", "coinbase", "gemini"});
  rules.indices[0].quorum = 2;
  mark_at_index(rules);

  Scene scene{1'575'363'600};
  all_say(scene, 0, 4, 7'300);
  scene.at(60);
  all_say(scene, 0, 4, 7'000);
  std::vector<Holder> holders;
  for (int i = 65; i <= 470; i += 5) {
    scene.at(i);
    const bool alone = i >= 400 && i < 470;
    if (i == 400) scene.give(SourceInterrupted{.source = SourceId::from_raw(1), .reason = {}});
    scene.says(0, alone && i < 460 ? 6'000 : 7'300);
    if (!alone) scene.says(1, 7'300);
    if (i == 300) {
      holders =
          scene.crowd(rules, {.count = 600, .entry = 7'300, .leverage_min = 2, .leverage_max = 50});
    }
  }
  std::vector<Input> incident = scene.inputs();
  scene.at(480);
  all_say(scene, 0, 2, 6'700);

  reference::Reference weakened = rules;
  weakened.guards[0].age_max = seconds(600);
  const double worst = (6'000 + 3 * 7'000) / 4.0;
  const double held_back = (7'000 * 0.995 + 3 * 7'000) / 4.0;
  return {.name = "Deribit rules 2019-12-03",
          .verdict = "stale sources out, no quorum: frozen",
          .weakness = "age_max 10 min",
          .guarded = finished(rules),
          .without = finished(credulous(rules)),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = incident,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = below_at(rules, holders, worst),
                       .weakened = below_at(rules, holders, held_back),
                       .afterwards = below_at(rules, holders, 6'700)}};
}

// Binance's rules of an index. Published: more than 5 % from the median: weight 0, or clamped
// there; more than one deviating: the median is the index; ten seconds without an update: weight 0.
// Assumed: seven constituents at 11,000, one silent, two that say 40 % less for 20 seconds.
Incident two_that_deviate() {
  reference::Reference rules = venue();
  add_linear(rules, "BTCUSDT", 0.004, 1'000'000);
  add_guard(rules, "index").age_max = seconds(10);
  add_index(rules, "BTC", 0.05, {"bitmax", "bittrex", "ftx", "gate", "hitbtc", "huobi", "okex"});
  rules.indices[0].method = reference::IndexMethod::median;
  rules.indices[0].quorum = 3;
  rules.indices[0].quarantine_after = 3;
  mark_at_index(rules);

  Scene scene{1'591'012'800};
  all_say(scene, 0, 6, 11'000);
  scene.at(1);
  const auto holders =
      scene.crowd(rules, {.count = 800, .entry = 11'000, .leverage_min = 5, .leverage_max = 100});
  for (int i = 2; i < 40; i += 2) {
    scene.at(i);
    all_say(scene, 0, 3, 11'000);
    const bool lies = i >= 20;
    all_say(scene, 5, 6, lies ? 6'600 : 11'000);
  }
  scene.at(40);
  all_say(scene, 0, 6, 11'000);
  std::vector<Input> incident = scene.inputs();
  scene.at(45);
  all_say(scene, 0, 6, 9'900);

  reference::Reference weakened = rules;
  weakened.indices[0].method = reference::IndexMethod::mean;
  const double mean_clamped = (4 * 11'000 + 2 * 10'450) / 6.0;
  return {.name = "Binance index rules",
          .verdict = "two liars quarantined, silent one stale, median",
          .weakness = "mean, not median",
          .guarded = finished(rules),
          .without = finished(credulous(rules)),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = incident,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = below_at(rules, holders, (5 * 11'000 + 2 * 6'600) / 7.0),
                       .weakened = below_at(rules, holders, mean_clamped),
                       .afterwards = below_at(rules, holders, 9'900)}};
}

// Pyth, 2021-09-20, about 12:20 UTC. Published: two publishers of BTC/USD said next to nothing (one
// a fraction that became 0, one with a wrong exponent); the aggregate trusted them by what they
// said of themselves, and fell to 5,402. Assumed: five publishers at 42,500, weights of 10 for the
// two. (No index of this engine clamps farther than to half of the median: a weighted mean of it
// falls to 24,022, not to 5,402. That is far enough.)
Incident publishers_near_zero() {
  reference::Reference rules = venue();
  add_linear(rules, "BTCUSD", 0.005, 1'000'000);
  add_guard(rules, "index");
  add_index(rules, "BTC", 0.005, {"one", "two", "three", "four", "five"});
  rules.indices[0].method = reference::IndexMethod::weighted;
  rules.indices[0].quarantine_after = 5;
  for (const unsigned liar : {3U, 4U}) rules.sources[liar].weight = rate(10);
  mark_at_index(rules);

  Scene scene{1'632'140'280};
  all_say(scene, 0, 4, 42'500);
  scene.at(1);
  const auto holders =
      scene.crowd(rules, {.count = 600, .entry = 42'500, .leverage_min = 2, .leverage_max = 50});
  for (int i = 0; i < 60; ++i) {
    scene.at(60 + i);
    all_say(scene, 0, 2, 42'500);
    scene.says(3, 0);       // A float below the smallest unit.
    scene.says(3, 0.0425);  // An exponent of six too much.
    scene.says(4, 0.000'000'001);
  }
  scene.at(180);
  all_say(scene, 0, 4, 42'500);
  std::vector<Input> incident = scene.inputs();
  scene.at(300);
  all_say(scene, 0, 4, 38'000);

  reference::Reference weakened = rules;
  weakened.indices[0].clamp = rate(0.2);
  return {.name = "Pyth 2021-09-20",
          .verdict = "0 refused; liars clamped, then quarantined",
          .weakness = "clamp 20 %",
          .guarded = finished(rules),
          .without = finished(credulous(rules)),
          .weakened = finished(weakened),
          .inputs = incident,
          .unguarded_inputs = incident,
          .aftermath = scene.inputs(),
          .expected = {.guarded = 0,
                       .without = below_at(rules, holders, (3 * 42'500 + 20 * 21'250) / 23.0),
                       .weakened = below_at(rules, holders, (3 * 42'500 + 20 * 34'000) / 23.0),
                       .afterwards = below_at(rules, holders, 38'000)}};
}

}  // namespace plimsoll::incidents
