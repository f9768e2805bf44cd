// Goal: a certificate promises nothing that a valuation does not keep. Method: the accounts of
// random histories are certified, prices are moved anywhere within the limits of the certificate,
// and every excess that decides is valued there, exactly: none may lie below what the certificate
// leaves. Each of a dozen small mistakes in the making of certificates is caught by the same check.

#include <functional>
#include <iostream>

#include <gtest/gtest.h>

#include "engine/core/inline_fabric.hpp"
#include "engine/core/sequencer.hpp"
#include "engine/margin/plain.hpp"
#include "engine/watch/certifier.hpp"
#include "tests/support/history.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_rules.hpp"
#include "tests/support/reference_fixture.hpp"

namespace plimsoll::watch {
namespace {

/// Changes a certificate as a mistake would.
using Spoil = std::function<void(Certificate&, const reference::Reference&)>;

/// What one check saw.
struct Tally {
  std::uint64_t points{0};
  std::uint64_t by_line{0};
  std::uint64_t multi{0};
  std::uint64_t called{0};
  std::string violation;  // empty: none
};

/// The accounts of a shard, certified and valued somewhere else.
class Checker {
 public:
  /// `believed` is what the certifier takes for the reference.
  Checker(const reference::Reference& reference, const reference::Reference& believed,
          const core::Shard& shard, support::Random& random, Tally& tally)
      : reference_{reference},
        shard_{shard},
        certifier_{believed, shard.ledger(), shard.marks()},
        random_{random},
        tally_{tally},
        elsewhere_{shard.marks()} {}

  void check(ledger::AccountIndex account, const Spoil& spoil) {
    account_ = account;
    const Findings findings = findings_of(account);
    if (findings.least() < 0 || findings.least() == Findings::kUnlimited) return;
    std::size_t number = 0;
    certifier_.certify(account, findings, [&](const Certificate& certificate) {
      Certificate used = certificate;
      if (spoil) spoil(used, reference_);
      // A line by line certificate of the floor comes first; any other is of all excesses at once.
      const bool by_line = findings.by_line && used.sides.size() > 0 && !has_twin(certificate);
      const bool ceiling = by_line && number++ == 1;
      // Where an excess may rise, only the floor is promised.
      const bool may_rise =
          findings.ceiling == Findings::kUnlimited && findings.room == Findings::kUnlimited;
      for (int i = 0; i < 12 && tally_.violation.empty(); ++i) {
        if (!move_somewhere(used)) continue;
        by_line || may_rise ? check_floor(used, findings, ceiling) : check_all(used, findings);
      }
    });
    tally_.by_line += findings.by_line ? 1U : 0U;
    tally_.called += findings.ceiling != Findings::kUnlimited ? 1U : 0U;
  }

 private:
  static bool has_twin(const Certificate& certificate) {
    for (const Side& side : certificate.sides) {
      if (side.twin) return true;
    }
    return false;
  }

  [[nodiscard]] const reference::Profile& profile() const {
    return reference_.profiles[shard_.ledger().account(account_).profile.raw()];
  }
  [[nodiscard]] margin::Worth worth_at(const marks::Marks& marks) const {
    return margin::evaluate(shard_.lifecycle().valuer().copy(account_), reference_,
                            margin::Market{marks}, {});
  }
  [[nodiscard]] Int128 excess(const margin::Worth& worth, Rate factor) const {
    return worth.equity - margin::threshold(worth.requirement, factor, profile());
  }

  /// As the life of accounts finds it, for accounts whose prices are all sure.
  Findings findings_of(ledger::AccountIndex account) {
    const lifecycle::State& state = shard_.lifecycle().state(account);
    const margin::Worth worth = worth_at(shard_.marks());
    const reference::Profile& rules = profile();
    if (!worth.complete || state.liquidating) return {};
    if (rules.orders_in_maintenance && rules.order_margin == reference::OrderMargin::worst_fill)
      return {};
    const auto clamped = [](Int128 x) {
      return static_cast<std::int64_t>(std::clamp<Int128>(x, -1, Findings::kUnlimited));
    };
    const bool multi = shard_.ledger().account(account).mode == MarginMode::multi_asset;
    tally_.multi += multi ? 1U : 0U;
    const Rate one = Rate::from_raw(kRateOne);
    Findings found{.floor_factor = state.called ? one : rules.call_trigger,
                   .ceiling_factor = rules.call_target,
                   .room = clamped(worth.room),
                   .indexed = worth.indexed,
                   .by_line = !multi && margin::is_plain(rules),
                   .parts = shard_.lifecycle().valuer().revalue(account).parts};
    found.floor = clamped(excess(worth, found.floor_factor) - 1);
    if (state.called) found.ceiling = clamped(-excess(worth, rules.call_target) - 1);
    return found;
  }

  /// Moves some prices of the certificate within its limits; false: they do not stay there.
  bool move_somewhere(const Certificate& certificate) {
    elsewhere_ = shard_.marks();
    for (const Side& side : certificate.sides) {
      if (random_.next() % 3 == 0) continue;
      const std::int64_t base = side.base.raw();
      // Near and far, by halves and by single units.
      std::int64_t step = base;
      step >>= static_cast<int>(random_.next() % 40);
      step = 1 + static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(step + 1));
      std::int64_t price = side.direction == Direction::falls ? base - step : base + step;
      if (side.factor < reference_.instruments.size()) {
        const reference::Instrument& instrument = reference_.instruments[side.factor];
        price = std::clamp(price, instrument.price_min.raw(), instrument.price_max.raw());
        elsewhere_.set(InstrumentId::from_raw(side.factor), Price::from_raw(price));
      } else {
        const auto asset = static_cast<std::uint32_t>(side.factor - reference_.instruments.size());
        price = std::clamp<std::int64_t>(price, 1, reference_.assets[asset].index_max.raw());
        elsewhere_.set_index(AssetId::from_raw(asset), Price::from_raw(price));
      }
    }
    for (const Side& side : certificate.sides) {
      const std::int64_t price = price_of(side.factor);
      if (side.limit.raw() == 0) continue;
      const bool beyond =
          side.direction == Direction::falls ? price < side.limit.raw() : price > side.limit.raw();
      if (beyond) return false;
    }
    return true;
  }
  [[nodiscard]] std::int64_t price_of(Factor factor) const {
    if (factor < reference_.instruments.size())
      return elsewhere_.of(InstrumentId::from_raw(factor)).raw();
    return elsewhere_
        .index(
            AssetId::from_raw(static_cast<std::uint32_t>(factor - reference_.instruments.size())))
        .raw();
  }
  /// What a certificate leaves where the prices are.
  [[nodiscard]] double left_of(const Certificate& certificate) const {
    double left = certificate.floor;
    for (const Side& side : certificate.sides) {
      const Int128 fall = Int128{side.base.raw()} - price_of(side.factor);
      const auto beyond = static_cast<double>(side.direction == Direction::falls ? fall : -fall);
      left -= beyond * (beyond > 0 ? side.slope : side.gain);
    }
    return left;
  }
  void note(Int128 exact, double left) {
    ++tally_.points;
    // What doubles lose is not the question here.
    const double slack = 1e-9 * std::abs(left) + 1e-3;
    if (left <= 0 || static_cast<double>(exact) >= left - slack) return;
    tally_.violation = "account " + std::to_string(account_) + " has " +
                       std::to_string(static_cast<double>(exact)) + ", certified " +
                       std::to_string(left);
  }
  void check_floor(const Certificate& certificate, const Findings& findings, bool ceiling) {
    const margin::Worth there = worth_at(elsewhere_);
    ceiling ? note(-excess(there, findings.ceiling_factor) - 1, left_of(certificate))
            : note(excess(there, findings.floor_factor) - 1, left_of(certificate));
  }
  /// What is used up of the least of all is at least what any excess has moved.
  void check_all(const Certificate& certificate, const Findings& findings) {
    const margin::Worth here = worth_at(shard_.marks());
    const margin::Worth there = worth_at(elsewhere_);
    const double left = left_of(certificate);
    for (const Rate factor :
         {Rate::from_raw(kRateOne), profile().call_trigger, profile().call_target}) {
      const Int128 moved = excess(there, factor) - excess(here, factor);
      note(Int128{findings.least()} - (moved < 0 ? -moved : moved), left);
    }
  }

  const reference::Reference& reference_;
  const core::Shard& shard_;
  Certifier certifier_;
  support::Random& random_;
  Tally& tally_;
  marks::Marks elsewhere_;
  ledger::AccountIndex account_{0};
};

/// Checks the accounts of random histories until a violation is found or `seeds` are done.
Tally check_seeds(std::uint64_t seeds, const Spoil& spoil,
                  const std::function<void(reference::Reference&)>& mistaken = {}) {
  Tally tally;
  support::HistoryOptions options;
  options.inputs = 1'500;
  for (std::uint64_t seed = 1; seed <= seeds && tally.violation.empty(); ++seed) {
    const reference::Reference reference =
        seed % 3 == 0 ? support::random_linear_reference(seed) : support::random_reference(seed);
    reference::Reference believed = reference;
    if (mistaken) mistaken(believed);
    const auto inputs = support::random_history(reference, seed, options);
    core::InlineFabric fabric{reference, 1, watch::Mode::bands};
    core::Sequencer<core::InlineFabric> sequencer{reference, fabric};
    support::Random random{seed};
    for (std::size_t i = 0; i < inputs.size() && tally.violation.empty(); ++i) {
      sequencer.submit(inputs[i]);
      if (i % 150 != 149) continue;
      Checker checker{reference, believed, fabric.shard(0), random, tally};
      for (ledger::AccountIndex a = 0; a < fabric.shard(0).ledger().account_count(); ++a) {
        checker.check(a, spoil);
      }
      if (!tally.violation.empty()) {
        tally.violation += ", seed " + std::to_string(seed) + " input " + std::to_string(i);
      }
    }
  }
  return tally;
}

TEST(Certificate, NoExcessLiesBelowWhatItLeaves) {
  const char* factor = std::getenv("PLIMSOLL_SEEDS_FACTOR");
  const std::uint64_t times =
      factor == nullptr ? 1 : std::max(1ULL, std::strtoull(factor, nullptr, 10));
  const Tally tally = check_seeds(60 * times, {});
  EXPECT_EQ(tally.violation, "");
  EXPECT_GT(tally.points, 20'000U);
  EXPECT_GT(tally.by_line, 500U);
  EXPECT_GT(tally.multi, 500U);
  EXPECT_GT(tally.called, 30U);
  std::cout << "seeds 1.." << 60 * times << ", excesses compared: " << tally.points
            << ", certified line by line: " << tally.by_line << ", multi-asset: " << tally.multi
            << ", called: " << tally.called << "\n";
}

bool is_inverse(const Side& side, const reference::Reference& reference) {
  return side.factor < reference.instruments.size() &&
         reference.instruments[side.factor].kind == reference::Kind::inverse;
}
bool is_index(const Side& side, const reference::Reference& reference) {
  return side.factor >= reference.instruments.size();
}

/// For each side that is meant.
Spoil each_side(const std::function<void(Side&, const reference::Reference&)>& change) {
  return [change](Certificate& certificate, const reference::Reference& reference) {
    for (Side& side : certificate.sides) change(side, reference);
  };
}

TEST(Certificate, SeededMistakesAreCaught) {
  const std::vector<std::pair<const char*, Spoil>> mistakes{
      {"sign", each_side([](Side& side, const reference::Reference&) {
         side.direction = side.direction == Direction::falls ? Direction::rises : Direction::falls;
       })},
      {"wrong end of an inverse contract", each_side([](Side& side, const reference::Reference& r) {
         if (is_inverse(side, r)) side.slope /= 2;
       })},
      {"rounding inwards",
       [](Certificate& certificate, const reference::Reference&) { certificate.floor += 40; }},
      {"the index of collateral forgotten",
       each_side([](Side& side, const reference::Reference& r) {
         if (is_index(side, r)) side.slope = 0;
       })},
      {"the index of settlement forgotten",
       [](Certificate& certificate, const reference::Reference& r) {
         // Lines of accounts with indices, not converted.
         bool indexed = false;
         for (const Side& side : certificate.sides) indexed = indexed || is_index(side, r);
         for (Side& side : certificate.sides) {
           if (indexed && !is_index(side, r)) side.slope /= 1'000;
         }
       }},
      {"one-sided where two-sided is needed",
       [](Certificate& certificate, const reference::Reference&) {
         for (Side& side : certificate.sides) {
           if (side.twin) side.slope = 0;
         }
       }},
      {"the threshold's factor forgotten",
       each_side([](Side& side, const reference::Reference&) { side.slope *= 0.9; })},
      {"too much gained", each_side([](Side& side, const reference::Reference&) {
         if (side.gain > 0) side.gain *= 1.5;
       })},
      {"a stale base", each_side([](Side& side, const reference::Reference&) {
         const std::int64_t away = side.base.raw() / 50;
         side.base =
             Price::from_raw(side.base.raw() + (side.direction == Direction::falls ? -away : away));
       })},
      {"the end of an interval ignored",
       each_side([](Side& side, const reference::Reference&) { side.limit = {}; })},
      {"half the excess twice",
       [](Certificate& certificate, const reference::Reference&) { certificate.floor *= 1.5; }},
  };
  for (const auto& [name, spoil] : mistakes) {
    EXPECT_NE(check_seeds(400, spoil).violation, "") << name;
  }
  // Made from what was in force before.
  const std::vector<std::pair<const char*, std::function<void(reference::Reference&)>>> stale{
      {"tables of an earlier epoch",
       [](reference::Reference& r) {
         for (reference::Tiers& tiers : r.tiers) tiers.brackets.resize(1);
       }},
      {"profiles of an earlier epoch",
       [](reference::Reference& r) {
         for (reference::Profile& profile : r.profiles) {
           profile.call_target = profile.call_trigger = Rate::from_raw(kRateOne);
         }
       }},
  };
  for (const auto& [name, mistaken] : stale) {
    EXPECT_NE(check_seeds(400, {}, mistaken).violation, "") << name;
  }
}

}  // namespace
}  // namespace plimsoll::watch
