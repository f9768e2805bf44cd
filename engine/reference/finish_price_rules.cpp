#include "engine/reference/check.hpp"

// The rules of trusted prices.

namespace plimsoll::reference {
namespace {

void check_not_negative(Duration duration, const std::string& path, Check& check) {
  check.require(duration.raw() >= 0, path, "must not be negative");
}

void check_guard(const Guard& guard, const std::string& path, Check& check) {
  check.require(!guard.name.empty(), path + ".name", "must not be empty");
  check_not_negative(guard.age_max, path + ".age_max", check);
  check_not_negative(guard.skew_max, path + ".skew_max", check);
  check_not_negative(guard.clock_error_max, path + ".clock_error_max", check);
  check.require(is_rate(guard.spread_max), path + ".spread_max", "must be 0 to 1");
  check.require(is_rate(guard.velocity_max), path + ".velocity_max", "must be 0 to 1");
  check_not_negative(guard.velocity_window, path + ".velocity_window", check);
  check_not_negative(guard.velocity_hold, path + ".velocity_hold", check);
  const bool slows = guard.velocity_max.raw() > 0;
  check.require(!slows || guard.velocity_window.raw() != 0, path + ".velocity_window",
                "must be above 0 with a velocity_max");
  check.require(!slows || guard.velocity_hold.raw() != 0, path + ".velocity_hold",
                "must be above 0 with a velocity_max");
  check.require(!slows || guard.velocity_sources > 0, path + ".velocity_sources",
                "must be at least 1 with a velocity_max");
  check.require(guard.freeze_width.raw() >= 0 && guard.freeze_width.raw() < kRateOne,
                path + ".freeze_width", "must be 0 or more, and below 1");
  check_not_negative(guard.freeze_max, path + ".freeze_max", check);
}

/// The index of an asset, or null.
const Index* index_of(const Reference& reference, AssetId asset) noexcept {
  for (const Index& index : reference.indices) {
    if (index.asset == asset) return &index;
  }
  return nullptr;
}

/// Whatever is quoted otherwise is converted once, never further.
void check_quote(const Source& source, const Reference& reference, const std::string& path,
                 Check& check) {
  if (source.quote == kNoAsset) return;
  const bool exists = source.quote.raw() < reference.assets.size();
  check.require(exists, path + ".quote", "names no asset");
  if (!exists) return;
  const Index* quoted = index_of(reference, source.quote);
  check.require(source.quote != reference.indices[source.index.raw()].asset, path + ".quote",
                "must not be the asset of the index itself");
  check.require(quoted != nullptr, path + ".quote", "needs an index of that asset");
  if (quoted == nullptr) return;
  const bool plain =
      std::all_of(quoted->sources.begin(), quoted->sources.end(),
                  [&](SourceId other) { return reference.sources[other.raw()].quote == kNoAsset; });
  check.require(plain, path + ".quote", "needs an index whose own sources have no quote");
}

void check_source(const Source& source, const Reference& reference, const std::string& path,
                  Check& check) {
  constexpr std::int64_t kWeightMax = 1'000;
  check.require(!source.name.empty(), path + ".name", "must not be empty");
  check.require(source.weight.raw() > 0 && source.weight.raw() <= kWeightMax * kRateOne,
                path + ".weight", "must be above 0 and at most 1000");
  check_quote(source, reference, path, check);
  const bool again = std::any_of(reference.sources.data(), &source,
                                 [&](const Source& other) { return other.name == source.name; });
  check.require(!again, path + ".name", "appears twice");
}

void check_index_asset(std::size_t place, const Reference& reference, const std::string& path,
                       Check& check) {
  const Index& index = reference.indices[place];
  if (index.asset == kNoAsset) return;
  const bool exists = index.asset.raw() < reference.assets.size();
  check.require(exists, path + ".asset", "names no asset");
  if (!exists) return;
  const Price most = reference.assets[index.asset.raw()].index_max;
  check.require(index.asset != reference.numeraire, path + ".asset",
                "is the numeraire, whose index is always 1");
  check.require(most.raw() > 0, path + ".asset", "needs an index_max");
  check.require(most.raw() <= 0 || index.price_max <= most, path + ".price_max",
                "must be at most the index_max of the asset");
  check.require(index_of(reference, index.asset) == &index, path + ".asset", "appears twice");
}

/// A jump that more sources have to confirm than there are never comes true.
void check_confirmation(const Reference& reference, const Index& index, const std::string& path,
                        Check& check) {
  if (index.guard.raw() >= reference.guards.size()) return;
  const Guard& guard = reference.guards[index.guard.raw()];
  check.require(guard.velocity_max.raw() == 0 || guard.velocity_sources <= index.sources.size(),
                path + ".guard", "has velocity_sources above the number of sources");
}

void check_index(std::size_t place, const Reference& reference, Check& check) {
  const Index& index = reference.indices[place];
  const std::string path = element("index", place);
  check.require(!index.name.empty(), path + ".name", "must not be empty");
  check_index_asset(place, reference, path, check);
  check.require(index.guard.raw() < reference.guards.size(), path + ".guard", "names no guard");
  check.require(index.clamp.raw() > 0 && index.clamp.raw() <= kRateOne / 2, path + ".clamp",
                "must be above 0 and at most 0.5");
  check.require(!index.sources.empty(), path + ".sources", "must not be empty");
  check.require(index.sources.empty() || (index.quorum > 0 && index.quorum <= index.sources.size()),
                path + ".quorum", "must be from 1 to the number of sources");
  check_not_negative(index.quarantine_time, path + ".quarantine_time", check);
  // Above that, what a clamp or a basis adds would leave 64 bits.
  constexpr std::int64_t kPriceMax = std::int64_t{1} << 62;
  check.require(index.price_max.raw() > 0 && index.price_max.raw() <= kPriceMax,
                path + ".price_max", "must be above 0 and at most 4611686018.427387904");
  check_confirmation(reference, index, path, check);
  for (std::size_t i = 0; i < index.sources.size(); ++i) {
    check_source(reference.sources[index.sources[i].raw()], reference,
                 path + "." + element("sources", i), check);
  }
}

void collect_sources(Reference& reference, Check& check) {
  for (Index& index : reference.indices) index.sources.clear();
  for (std::size_t i = 0; i < reference.sources.size(); ++i) {
    const IndexId index = reference.sources[i].index;
    const bool exists = index.raw() < reference.indices.size();
    check.require(exists, "index", "of a source does not exist");
    if (!exists) continue;
    reference.indices[index.raw()].sources.push_back(
        SourceId::from_raw(static_cast<std::uint32_t>(i)));
  }
}

/// Settlement at a mean: its three keys go together.
void check_settlement(const Instrument& instrument, const std::string& path, Check& check) {
  constexpr std::int64_t kSamplesMax = 100'000;
  const MarkRules& mark = instrument.mark;
  const std::int64_t window = mark.settlement_window.raw();
  const std::int64_t step = mark.settlement_step.raw();
  if (window == 0 && step == 0 && mark.settlement_samples.raw() == 0) return;
  check.require(window > 0, path + ".settlement_window",
                "must be above 0 with a settlement_step or settlement_samples");
  check.require(step > 0, path + ".settlement_step",
                "must be above 0 with a settlement_window or settlement_samples");
  check.require(mark.settlement_samples.raw() > 0 && is_rate(mark.settlement_samples),
                path + ".settlement_samples",
                "must be above 0 and at most 1 with a settlement_window or settlement_step");
  check.require(mark.index != kNoIndex, path + ".index", "is needed by settlement_window");
  check.require(instrument.expiry.raw() != 0, path + ".expiry", "is needed by settlement_window");
  if (window <= 0 || step <= 0) return;
  check.require(window % step == 0, path + ".settlement_window",
                "must be a multiple of settlement_step");
  check.require(window / step <= kSamplesMax, path + ".settlement_window",
                "must be at most 100000 times settlement_step");
}

/// A spot pair has no mark of its own.
void check_spot(const MarkRules& mark, const std::string& path, Check& check) {
  const char* const message = "is not for kind spot";
  check.require(mark.method == MarkMethod::automatic, path + ".mark", message);
  check.require(mark.guard == kNoGuard, path + ".guard", message);
  check.require(mark.index == kNoIndex, path + ".index", message);
  check.require(mark.settlement_window.raw() == 0, path + ".settlement_window", message);
}

void check_mark(const Instrument& instrument, const Reference& reference, const std::string& path,
                Check& check) {
  const MarkRules& mark = instrument.mark;
  if (instrument.kind == Kind::spot) return check_spot(mark, path, check);
  check.require(mark.guard == kNoGuard || mark.guard.raw() < reference.guards.size(),
                path + ".guard", "names no guard");
  check.require(mark.index == kNoIndex || mark.index.raw() < reference.indices.size(),
                path + ".index", "names no index");
  const bool follows = mark.method == MarkMethod::index_basis || mark.method == MarkMethod::median;
  check.require(!follows || mark.index != kNoIndex, path + ".index",
                "is needed by mark index_basis and median");
  check.require(mark.basis_time.raw() > 0, path + ".basis_time", "must be above 0");
  check.require(mark.basis_max.raw() >= 0 && mark.basis_max.raw() < kRateOne, path + ".basis_max",
                "must be 0 or more, and below 1");
  check.require(mark.funding_period.raw() > 0, path + ".funding_period", "must be above 0");
  check_settlement(instrument, path, check);
}

void check_breaker(const Breaker& breaker, Check& check) {
  check_not_negative(breaker.window, "breaker.window", check);
  check.require(breaker.liquidations_max == 0 || breaker.window.raw() != 0, "breaker.window",
                "must be above 0 with a liquidations_max");
  check_not_negative(breaker.hold, "breaker.hold", check);
  check_not_negative(breaker.lag_max, "breaker.lag_max", check);
}

}  // namespace

void finish_price_rules(Reference& reference, Check& check) {
  collect_sources(reference, check);
  for (std::size_t i = 0; i < reference.guards.size(); ++i) {
    check_guard(reference.guards[i], element("guard", i), check);
  }
  for (std::size_t i = 0; i < reference.indices.size(); ++i) check_index(i, reference, check);
  for (std::size_t i = 0; i < reference.instruments.size(); ++i) {
    check_mark(reference.instruments[i], reference, element("instrument", i), check);
  }
  check_breaker(reference.breaker, check);
  check_unique(
      reference.guards, "guard", "name",
      [](const Guard& guard) -> const std::string& { return guard.name; }, check);
  check_unique(
      reference.indices, "index", "name",
      [](const Index& index) -> const std::string& { return index.name; }, check);
}

}  // namespace plimsoll::reference
