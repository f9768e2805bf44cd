#include "engine/cli/margin_text.hpp"

#include <iomanip>
#include <ostream>

#include "engine/cli/margin_numbers.hpp"
#include "engine/cli/margin_position_text.hpp"
#include "engine/margin/collateral.hpp"

namespace plimsoll::cli {
namespace {

std::string level_text(const std::optional<Int128>& level) {
  return level ? format_wide_decimal(*level, kRateDecimals) : "none";
}

const char* rounding_text(reference::Rounding rounding) {
  return rounding == reference::Rounding::up ? "rounded up" : "rounded down";
}

/// The page of one account.
class AccountPage {
 public:
  AccountPage(const AccountReport& report, const reference::Reference& reference, Page& page)
      : report_{report},
        figures_{report.explanation},
        numbers_{reference},
        profile_{numbers_.of(report.profile)},
        page_{page} {}

  void write() {
    page_.blank();
    page_.line("account " + std::to_string(report_.account.raw()) + ": " +
               std::string{to_string(report_.mode)} + ", in " + numbers_.of(report_.asset).name +
               "; profile " + profile_.name + ", version " + hash_text(figures_.profile_version));
    if (figures_.complete) {
      write_figures();
      write_initial();
      write_thresholds();
    } else {
      page_.row("state", "unknown", "a mark or an index below is missing");
    }
    for (const margin::AssetExplanation& asset : figures_.assets) write_asset(asset);
    for (const PositionReport& position : report_.positions) {
      write_position(position, numbers_, profile_, page_);
    }
    write_indices();
  }

 private:
  [[nodiscard]] std::string total(Int128 amount) const {
    return numbers_.amount(amount, report_.asset);
  }

  /// The sum of a figure over the assets.
  template <class Part>
  [[nodiscard]] std::string sum_of(Part&& part) const {
    std::string text;
    for (const margin::AssetExplanation& asset : figures_.assets) {
      const Int128 amount = part(asset);
      if (amount == 0) continue;
      if (!text.empty()) text += " + ";
      text += total(amount) + " (" + numbers_.of(asset.asset).name + ")";
    }
    return text.empty() ? "no part" : text;
  }

  void write_figures() {
    page_.row("state", to_string(report_.state), state_reason());
    page_.row("equity", total(figures_.equity),
              sum_of([](const auto& asset) { return asset.worth; }));
    page_.row("maintenance margin", total(figures_.maintenance_margin),
              sum_of([](const auto& a) { return a.maintenance + a.debt_maintenance; }));
    page_.row("excess", total(figures_.excess()),
              total(figures_.equity) + " - " + total(figures_.maintenance_margin));
    const bool required = figures_.maintenance_margin != 0;
    page_.row("margin level", level_text(report_.margin_level),
              required ? total(figures_.equity) + " / " + total(figures_.maintenance_margin) +
                             ", rounded down"
                       : "nothing is required");
    if (figures_.debts_value != 0) {
      page_.row(
          "collateral level", level_text(report_.collateral_level),
          total(figures_.assets_value) + " / " + total(figures_.debts_value) + ", rounded down");
    }
  }

  void write_initial() {
    page_.row("initial margin", total(figures_.initial_margin), initial_formula());
    page_.row("available equity", total(figures_.available_equity), available_formula());
    const bool same = figures_.withdrawal_margin == figures_.initial_margin;
    if (!same) page_.row("withdrawal margin", total(figures_.withdrawal_margin), withdrawal_rule());
    for (const Withdrawable& entry : report_.withdrawable) {
      page_.row("withdrawable", numbers_.amount(entry.amount->raw(), entry.asset),
                numbers_.of(entry.asset).name + "; the most that leaves available equity >= " +
                    (same ? "initial margin" : "withdrawal margin"));
    }
  }

  [[nodiscard]] std::string initial_formula() const {
    if (profile_.initial_factor.raw() == 0) {
      return sum_of([](const auto& asset) { return asset.initial + asset.debt_initial; });
    }
    Int128 lines = 0;
    Int128 debts = 0;
    for (const margin::AssetExplanation& asset : figures_.assets) {
      lines += asset.initial_base;
      debts += asset.debt_initial;
    }
    return total(lines) + " x " + Numbers::rate(profile_.initial_factor) + ", " +
           rounding_text(profile_.threshold_rounding) +
           (debts == 0 ? "" : ", + " + total(debts) + " for debts");
  }

  [[nodiscard]] std::string withdrawal_rule() const {
    std::string text = "initial margin";
    if (profile_.withdrawal_factor.raw() != 0) {
      text += " with " + Numbers::rate(profile_.withdrawal_factor) +
              " (withdrawal_factor) instead of " +
              (profile_.initial_factor.raw() != 0 ? Numbers::rate(profile_.initial_factor)
                                                  : std::string{"initial rates"});
    }
    if (profile_.debt_withdrawal != profile_.debt_initial) {
      text += " with debts at " + Numbers::rate(profile_.debt_withdrawal) + " (debt_withdrawal)";
    }
    return text;
  }

  [[nodiscard]] std::string available_formula() const {
    if (profile_.profit_is_available) return "equity";
    return "without unrealised profit: " +
           sum_of([](const auto& asset) { return asset.available_worth; });
  }

  [[nodiscard]] std::string state_reason() const {
    switch (report_.state) {
      case AccountState::healthy:
        return report_.exposed ? "equity " + total(figures_.equity) + " is not below " +
                                     total(report_.call_trigger)
                               : "no position and no debt";
      case AccountState::call:
        return "equity " + total(figures_.equity) + " is below " + total(report_.call_trigger);
      case AccountState::exchange:
        return "a debt below is exchanged first; then it is judged";
      case AccountState::liquidation:
        return "equity " + total(figures_.equity) + " is below " +
               total(figures_.maintenance_margin);
      case AccountState::takeover:
        return figures_.equity < 0 ? "equity is below 0"
                                   : "equity is below maintenance margin x " +
                                         Numbers::rate(profile_.takeover_below);
      case AccountState::bankrupt:
        return "equity is below 0, and nothing is left to close or sell";
      case AccountState::unknown:
        break;
    }
    return "";
  }

  void write_thresholds() {
    const auto row = [&](const char* name, Int128 amount, Rate factor, bool at_equality) {
      page_.row(name, total(amount),
                total(figures_.maintenance_margin) + " x " + Numbers::rate(factor) + ", " +
                    rounding_text(profile_.threshold_rounding) +
                    (at_equality ? "; equal is below" : ""));
    };
    row("call below", report_.call_trigger, profile_.call_trigger, profile_.call_at_equality);
    row("call met at", report_.call_target, profile_.call_target, false);
    row("liquidated up to", report_.liquidation_target, profile_.liquidation_target,
        profile_.breach_at_equality);
  }

  /// "772 + 165": a figure of the positions that settle in an asset.
  template <class Part>
  [[nodiscard]] std::string positions_sum(AssetId asset, Part&& part) const {
    std::string text;
    for (const PositionReport& position : report_.positions) {
      if (numbers_.of(position.line.line.instrument).settle != asset) continue;
      if (!text.empty()) text += " + ";
      text += position.marked() ? numbers_.amount(part(position.line), asset) : "unknown";
    }
    return text.empty() ? "no position" : text;
  }

  void write_asset(const margin::AssetExplanation& asset) {
    const std::string& name = numbers_.of(asset.asset).name;
    const auto own = [&](Int128 amount) { return numbers_.amount(amount, asset.asset); };
    page_.heading("asset " + name);
    page_.row("balance", own(asset.balance), "");
    page_.row("unrealised pnl", own(asset.unrealised_pnl),
              positions_sum(asset.asset, [](const auto& line) { return line.unrealised_pnl; }));
    page_.row("net", own(asset.net), own(asset.balance) + " + " + own(asset.unrealised_pnl));
    if (!report_.multi_asset()) return write_requirements(asset);
    if (asset.index.raw() == 0) return page_.row("index", "missing", "");
    page_.row("index", Numbers::price(asset.index), numbers_.of(report_.asset).name + " a unit");
    page_.row("value", total(asset.value),
              own(asset.net) + " x " + Numbers::price(asset.index) + ", rounded down");
    write_worth(asset);
    write_requirements(asset);
  }

  void write_worth(const margin::AssetExplanation& asset) {
    const reference::Collateral* rule = reference::find_collateral(profile_, asset.asset);
    if (asset.net < 0) {
      const Rate weight = rule == nullptr ? Rate::from_raw(kRateOne) : rule->liability_weight;
      page_.row("worth", total(asset.worth),
                "a debt: " + total(asset.value) + " x " + Numbers::rate(weight) +
                    " (liability weight), rounded down");
      return write_exchange(asset);
    }
    const bool by_value = rule != nullptr && rule->measure == reference::TierMeasure::value;
    const auto counted = [&](Int128 amount) {
      return numbers_.amount(amount, by_value ? report_.asset : asset.asset);
    };
    page_.row("recognised", counted(asset.recognised), steps_text(asset, rule));
    std::string formula =
        counted(asset.recognised) + " x " + Numbers::rate(asset.factor) + " (collateral factor)";
    if (!by_value) formula += " x " + Numbers::price(asset.index);
    page_.row("worth", total(asset.worth), formula + ", rounded down");
  }

  void write_exchange(const margin::AssetExplanation& asset) {
    if (asset.exchanged_debt == 0) return;
    const reference::Collateral* debt = reference::find_collateral(profile_, asset.asset);
    const std::string above = total(asset.exchanged_debt) + " is above " +
                              total(debt->exchange_above.raw()) + " (exchange_above)";
    if (asset.sold == kNoAsset) return page_.row("exchanged", "nothing to sell", above);
    const reference::Collateral* sold = reference::find_collateral(profile_, asset.sold);
    page_.row("exchanged", total(asset.sold_value),
              "of " + numbers_.of(asset.sold).name +
                  " are sold at once, while there are: " + total(asset.exchanged_debt) + " / " +
                  Numbers::rate(sold->exchange_ratio) + ", rounded up; " + above);
  }

  /// "1000 x 1 + 500 x 0.975".
  [[nodiscard]] std::string steps_text(const margin::AssetExplanation& asset,
                                       const reference::Collateral* rule) const {
    if (rule == nullptr) {
      return asset.recognised == asset.net ? "all of it" : "not collateral in this profile";
    }
    const bool by_value = rule->measure == reference::TierMeasure::value;
    const AssetId unit = by_value ? report_.asset : asset.asset;
    const Int128 own = by_value ? asset.value : asset.net;
    Int128 whole = own;
    if (profile_.aggregate_by_owner && asset.others > 0) {
      const Int128 net = asset.net + asset.others;
      whole = by_value ? margin::convert_floor(numbers_.reference(), asset.asset, net, asset.index)
                       : net;
    }
    std::string text;
    Int128 below = 0;
    for (const reference::CollateralStep& step : rule->steps) {
      if (whole <= below) break;
      const Int128 part = std::min<Int128>(whole, step.up_to) - below;
      if (!text.empty()) text += " + ";
      text += numbers_.amount(part, unit) + " x " + Numbers::rate(step.ratio);
      below = step.up_to;
    }
    if (text.empty()) text = "0";
    if (whole != own) {
      text = "of the owner's " + numbers_.amount(whole, unit) + ": (" + text + ") x " +
             numbers_.amount(own, unit) + " / " + numbers_.amount(whole, unit);
    } else if (whole > below) {
      text += " + " + numbers_.amount(whole - below, unit) + " x 0";
    }
    return text + (by_value ? " (steps of its value)" : "");
  }

  void write_requirements(const margin::AssetExplanation& asset) {
    const auto formula = [&](auto&& part) {
      std::string sum = positions_sum(asset.asset, part);
      if (!report_.multi_asset()) return sum;
      return "(" + sum + ") x " + Numbers::price(asset.index) + ", rounded up";
    };
    if (asset.maintenance != 0) {
      page_.row("maintenance margin", total(asset.maintenance),
                formula([](const auto& line) { return line.maintenance; }));
    }
    if (asset.initial != 0) {
      page_.row("initial margin", total(asset.initial),
                formula([](const auto& line) { return line.initial; }));
    }
    write_debt("debt maintenance", asset.debt_maintenance, asset.value, profile_.debt_maintenance);
    const Int128 available = asset.available_net == asset.net
                                 ? asset.value
                                 : margin::convert_floor(numbers_.reference(), asset.asset,
                                                         asset.available_net, asset.index);
    write_debt("debt initial", asset.debt_initial, available, profile_.debt_initial);
  }

  void write_debt(const char* name, Int128 charge, Int128 value, Rate rate) {
    if (charge == 0) return;
    page_.row(name, total(charge), total(-value) + " x " + Numbers::rate(rate) + ", rounded up");
  }

  void write_indices() {
    if (report_.indices.empty()) return;
    page_.heading("liquidation prices in an index, the rest held");
    for (const IndexReport& index : report_.indices) {
      page_.row(numbers_.of(index.asset).name + " index", prices_text(index.prices), "");
    }
  }

  const AccountReport& report_;
  const margin::Explanation& figures_;
  Numbers numbers_;
  const reference::Profile& profile_;
  Page& page_;
};

}  // namespace

void print_margin_text(const MarginReport& report, const reference::Reference& reference,
                       std::ostream& out) {
  Page page{out};
  page.line("margin of " + report.file +
            (report.book.empty() ? "" : ", accounts of " + report.book));
  for (const std::string& text : report.what_ifs) page.row("what if", text, "");
  for (const std::string& text : report.betas) {
    page.row("beta", text, "moves along in liquidation prices");
  }
  for (const AccountReport& account : report.accounts) {
    AccountPage{account, reference, page}.write();
  }
}

}  // namespace plimsoll::cli
