#include "engine/configuration/read_sections.hpp"

namespace plimsoll::configuration {
namespace {

using reference::Collateral;
using reference::CollateralStep;
using reference::MarginBasis;
using reference::OrderMargin;
using reference::Profile;
using reference::Reference;
using reference::Rounding;
using reference::TierMeasure;

constexpr Choices<MarginBasis, 2> kBases{
    {{"mark", MarginBasis::mark}, {"entry", MarginBasis::entry}}};
constexpr Choices<OrderMargin, 4> kOrderMargins{{{"none", OrderMargin::none},
                                                 {"worst_side", OrderMargin::worst_side},
                                                 {"worst_fill", OrderMargin::worst_fill},
                                                 {"per_side", OrderMargin::per_side}}};
constexpr Choices<Rounding, 2> kRoundings{{{"up", Rounding::up}, {"down", Rounding::down}}};
constexpr Choices<TierMeasure, 2> kMeasures{
    {{"quantity", TierMeasure::quantity}, {"value", TierMeasure::value}}};

bool read_rate(Section& section, std::string_view key, Need need, Rate& into) {
  return section.read_value(key, need, kRateDecimals, into);
}

void read_liquidation(Section& section, Need need, Profile& profile) {
  constexpr std::int64_t kStepsMax = 1'000'000;
  section.read("breach_at_equality", need, profile.breach_at_equality);
  read_rate(section, "call_trigger", need, profile.call_trigger);
  read_rate(section, "call_target", need, profile.call_target);
  section.read("call_period", need, profile.call_period);
  section.read("confirm_time", Need::optional, profile.confirm_time);
  read_rate(section, "liquidation_target", need, profile.liquidation_target);
  read_rate(section, "liquidation_slippage_max", need, profile.liquidation_slippage_max);
  read_rate(section, "liquidation_fee", need, profile.liquidation_fee);
  section.read_count("liquidation_steps_max", need, 1, kStepsMax, profile.liquidation_steps_max);
  read_rate(section, "takeover_below", Need::optional, profile.takeover_below);
}

void read_requirement(Section& section, Profile& profile) {
  section.read_choice("basis", Need::optional, kBases, profile.basis);
  section.read_choice("order_margin", Need::optional, kOrderMargins, profile.order_margin);
  section.read("orders_in_maintenance", Need::optional, profile.orders_in_maintenance);
  section.read("reserve_funding", Need::optional, profile.reserve_funding);
  read_rate(section, "closing_fee", Need::optional, profile.closing_fee);
  read_rate(section, "initial_factor", Need::optional, profile.initial_factor);
  read_rate(section, "withdrawal_factor", Need::optional, profile.withdrawal_factor);
  section.read_choice("requirement_rounding", Need::optional, kRoundings,
                      profile.requirement_rounding);
  section.read_choice("threshold_rounding", Need::optional, kRoundings, profile.threshold_rounding);
  section.read("aggregate_by_owner", Need::optional, profile.aggregate_by_owner);
  section.read("profit_is_available", Need::optional, profile.profit_is_available);
}

/// What is as another key where it is not given, here or in what is extended.
struct Given {
  bool call_at_equality{false};
  bool debt_withdrawal{false};
};

void read_derived(Section& section, Given& given, Profile& profile) {
  read_rate(section, "debt_initial", Need::optional, profile.debt_initial);
  read_rate(section, "debt_maintenance", Need::optional, profile.debt_maintenance);
  given.call_at_equality = given.call_at_equality || section.has("call_at_equality");
  given.debt_withdrawal = given.debt_withdrawal || section.has("debt_withdrawal");
  if (!given.call_at_equality) profile.call_at_equality = profile.breach_at_equality;
  if (!given.debt_withdrawal) profile.debt_withdrawal = profile.debt_initial;
  section.read("call_at_equality", Need::optional, profile.call_at_equality);
  read_rate(section, "debt_withdrawal", Need::optional, profile.debt_withdrawal);
}

/// "inf" stands for more than there can be.
void read_up_to(Section& section, std::optional<int> decimals, std::int64_t& up_to) {
  std::optional<std::string_view> text;
  if (section.has("up_to") && section.read("up_to", Need::required, text) && text == "inf") {
    up_to = CollateralStep::kNoEnd;
    return;
  }
  if (section.has("up_to") && !text) return;  // already reported
  if (section.read_decimal("up_to", Need::required, decimals, up_to) &&
      up_to == CollateralStep::kNoEnd) {
    section.refuse("up_to", "out of range");
  }
}

void read_steps(Section& rule, std::optional<int> decimals, std::vector<CollateralStep>& steps) {
  for (Section& section : rule.sections("steps", Need::required)) {
    CollateralStep step;
    read_up_to(section, decimals, step.up_to);
    read_rate(section, "ratio", Need::required, step.ratio);
    section.refuse_unknown();
    steps.push_back(step);
  }
}

Collateral read_rule(Section& section, const Reference& reference) {
  Collateral rule;
  const auto value_decimals = decimals_of(section, reference, reference.numeraire);
  const auto asset_decimals = read_asset(section, "asset", Need::required, reference, rule.asset)
                                  ? decimals_of(section, reference, rule.asset)
                                  : std::nullopt;
  const bool measured = !section.has("measure") ||
                        section.read_choice("measure", Need::optional, kMeasures, rule.measure);
  const std::optional<int> decimals = !measured                            ? std::nullopt
                                      : rule.measure == TierMeasure::value ? value_decimals
                                                                           : asset_decimals;
  read_steps(section, decimals, rule.steps);
  read_rate(section, "liability_weight", Need::optional, rule.liability_weight);
  section.read_value("exchange_above", Need::optional, value_decimals, rule.exchange_above);
  read_rate(section, "exchange_ratio", Need::optional, rule.exchange_ratio);
  section.refuse_unknown();
  return rule;
}

void read_collateral(Section& section, const Reference& reference, Profile& profile) {
  if (section.has("collateral") && reference.numeraire == kNoAsset &&
      section.report().sure("engine")) {
    section.refuse("collateral", "needs engine.numeraire");
  }
  if (section.has("collateral")) profile.collateral.clear();
  for (Section& rule : section.sections("collateral", Need::optional)) {
    profile.collateral.push_back(read_rule(rule, reference));
  }
}

/// Reads the profiles, one after the other.
class ProfilesReader {
 public:
  explicit ProfilesReader(Reference& reference) : reference_{reference} {}

  void read(Section& section) {
    Profile profile;
    Given given;
    const Need need = section.has("extends") ? Need::optional : Need::required;
    if (need == Need::optional) extend(section, profile, given);
    read_name(section, "name", profile.name);
    read_liquidation(section, need, profile);
    read_requirement(section, profile);
    read_derived(section, given, profile);
    read_collateral(section, reference_, profile);
    section.refuse_unknown();
    reference_.profiles.push_back(std::move(profile));
    given_.push_back(given);
    paths_.push_back(section.path());
  }

 private:
  /// Starts from what one that stands before says. What is wrong with that one is not said again.
  void extend(Section& section, Profile& profile, Given& given) {
    std::optional<std::string_view> base;
    const bool read = section.read("extends", Need::required, base) && base;
    const int index = read ? reference::find_profile(reference_, *base) : -1;
    if (read && index < 0) section.refuse("extends", "names no profile that stands before");
    if (index < 0) return section.report().doubt(section.path());
    const auto at = static_cast<std::size_t>(index);
    profile = reference_.profiles[at];
    given = given_[at];
    if (!section.report().sure(paths_[at])) section.report().doubt(section.path());
  }

  Reference& reference_;
  std::vector<Given> given_;        // by profile
  std::vector<std::string> paths_;  // by profile
};

}  // namespace

void read_profiles(Roots& roots, Reference& reference) {
  ProfilesReader reader{reference};
  for (Section& section : read_list(roots, "profile", Need::required)) {
    reader.read(section);
  }
}

}  // namespace plimsoll::configuration
