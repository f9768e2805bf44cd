#include "engine/cli/margin_json.hpp"

#include <ostream>

#include <nlohmann/json.hpp>

#include "engine/cli/margin_numbers.hpp"
#include "engine/value/magnitude.hpp"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A text, or null when it is not known.
template <class Text>
Json known(bool is_known, Text&& text) {
  return is_known ? Json(text()) : Json(nullptr);
}

Json level_json(bool complete, const std::optional<Int128>& level) {
  return known(complete && level.has_value(),
               [&] { return format_wide_decimal(*level, kRateDecimals); });
}

Json prices_json(const margin::LiquidationPrices& prices) {
  const auto price = [](const margin::SidePrice& side) {
    return known(side.found(), [&] { return Numbers::price(side.price); });
  };
  Json json;
  json["below"] = price(prices.below);
  json["above"] = price(prices.above);
  json["reason_below"] = margin::to_string(prices.below.reason);
  json["reason_above"] = margin::to_string(prices.above.reason);
  return json;
}

/// One account as JSON.
class AccountJson {
 public:
  AccountJson(const AccountReport& report, const reference::Reference& reference)
      : report_{report},
        figures_{report.explanation},
        numbers_{reference},
        profile_{numbers_.of(report.profile)} {}

  [[nodiscard]] Json write() const {
    Json json;
    json["account"] = report_.account.raw();
    json["profile"] = profile_.name;
    json["profile_version"] = hash_text(figures_.profile_version);
    json["mode"] = to_string(report_.mode);
    json["asset"] = numbers_.of(report_.asset).name;
    json["complete"] = figures_.complete;
    add_figures(json);
    json["withdrawable"] = withdrawable();
    json["assets"] = Json::array();
    for (const auto& asset : figures_.assets) json["assets"].push_back(asset_json(asset));
    json["positions"] = Json::array();
    for (const auto& position : report_.positions) {
      json["positions"].push_back(position_json(position));
    }
    json["index_liquidation_prices"] = Json::object();
    for (const IndexReport& index : report_.indices) {
      json["index_liquidation_prices"][numbers_.of(index.asset).name] = prices_json(index.prices);
    }
    return json;
  }

 private:
  /// An amount of the margin asset, when the account is complete.
  [[nodiscard]] Json total(Int128 amount) const {
    return known(figures_.complete, [&] { return numbers_.amount(amount, report_.asset); });
  }

  void add_figures(Json& json) const {
    json["equity"] = total(figures_.equity);
    json["available_equity"] = total(figures_.available_equity);
    json["maintenance_margin"] = total(figures_.maintenance_margin);
    json["initial_margin"] = total(figures_.initial_margin);
    json["withdrawal_margin"] = total(figures_.withdrawal_margin);
    json["excess"] = total(figures_.excess());
    json["margin_level"] = level_json(figures_.complete, report_.margin_level);
    json["collateral_level"] = level_json(figures_.complete, report_.collateral_level);
    json["state"] = to_string(report_.state);
    Json& thresholds = json["thresholds"];
    thresholds["call_trigger"] = total(report_.call_trigger);
    thresholds["call_target"] = total(report_.call_target);
    thresholds["liquidation_target"] = total(report_.liquidation_target);
  }

  [[nodiscard]] Json withdrawable() const {
    Json json = Json::object();
    for (const Withdrawable& entry : report_.withdrawable) {
      json[numbers_.of(entry.asset).name] = known(entry.amount.has_value(), [&] {
        return numbers_.amount(entry.amount->raw(), entry.asset);
      });
    }
    return json;
  }

  [[nodiscard]] Json asset_json(const margin::AssetExplanation& asset) const {
    const bool valued = !report_.multi_asset() || asset.index.raw() != 0;
    const auto own = [&](Int128 amount) { return numbers_.amount(amount, asset.asset); };
    const auto worth = [&](Int128 amount) {
      return known(valued, [&] { return numbers_.amount(amount, report_.asset); });
    };
    const reference::Collateral* rule = reference::find_collateral(profile_, asset.asset);
    const bool by_value =
        report_.multi_asset() && rule != nullptr && rule->measure == reference::TierMeasure::value;
    Json json;
    json["asset"] = numbers_.of(asset.asset).name;
    json["balance"] = own(asset.balance);
    json["unrealised_pnl"] = own(asset.unrealised_pnl);
    json["net"] = own(asset.net);
    json["index"] = known(asset.index.raw() != 0, [&] { return Numbers::price(asset.index); });
    json["collateral_factor"] = Numbers::rate(asset.factor);
    json["recognised"] = known(valued, [&] {
      return by_value ? numbers_.amount(asset.recognised, report_.asset) : own(asset.recognised);
    });
    json["value"] = worth(asset.value);
    json["worth"] = worth(asset.worth);
    json["maintenance_margin"] = worth(asset.maintenance);
    json["initial_margin"] = worth(asset.initial);
    json["debt_maintenance"] = worth(asset.debt_maintenance);
    json["debt_initial"] = worth(asset.debt_initial);
    if (asset.exchanged_debt != 0) json["exchange"] = exchange_json(asset);
    return json;
  }

  [[nodiscard]] Json exchange_json(const margin::AssetExplanation& asset) const {
    Json json;
    json["debt"] = numbers_.amount(asset.exchanged_debt, report_.asset);
    json["sold"] = asset.sold == kNoAsset ? Json(nullptr) : Json(numbers_.of(asset.sold).name);
    json["value_sold"] = known(asset.sold != kNoAsset,
                               [&] { return numbers_.amount(asset.sold_value, report_.asset); });
    return json;
  }

  [[nodiscard]] Json position_json(const PositionReport& position) const {
    const margin::LineExplanation& explained = position.line;
    const margin::Line& line = explained.line;
    const AssetId settle = numbers_.of(line.instrument).settle;
    const auto marked = [&](Int128 amount) {
      return known(position.marked(), [&] { return numbers_.amount(amount, settle); });
    };
    const auto price = [](const std::optional<Price>& at) {
      return known(at.has_value(), [&] { return Numbers::price(*at); });
    };
    Json json;
    json["instrument"] = numbers_.of(line.instrument).symbol;
    json["side"] = side_text(line.side);
    json["quantity"] = numbers_.quantity(line.quantity.raw(), line.instrument);
    json["entry_value"] = numbers_.amount(line.entry_value.raw(), settle);
    json["entry_price"] = price(position.entry_price);
    json["mark"] = price(position.marked() ? std::optional{explained.mark} : std::nullopt);
    json["value"] = marked(explained.value);
    json["notional"] = marked(position.notional);
    json["unrealised_pnl"] = marked(explained.unrealised_pnl);
    json["maintenance_margin"] = marked(explained.maintenance);
    json["initial_margin"] = marked(explained.initial);
    const auto decision = [&](const margin::Decision& made, bool initial) {
      return position.marked() ? decision_json(made, line.instrument, initial) : Json(nullptr);
    };
    json["maintenance"] = decision(explained.maintenance_decision, false);
    json["initial"] = decision(explained.initial_decision, true);
    json["liquidation_price"] = prices_json(position.liquidation);
    json["bankruptcy_price"] = price(position.bankruptcy);
    return json;
  }

  [[nodiscard]] Json decision_json(const margin::Decision& decision, InstrumentId instrument,
                                   bool initial) const {
    const AssetId settle = numbers_.of(instrument).settle;
    const auto amount = [&](Int128 raw) { return numbers_.amount(raw, settle); };
    Json json;
    json["tiers"] = numbers_.of(decision.tiers).name;
    json["bracket"] = decision.bracket;
    json["rate"] = Numbers::fine_rate(decision.rate);
    json["amount"] = numbers_.fine_amount(decision.amount, settle);
    json["size"] = numbers_.quantity(decision.size, instrument);
    json["notional"] = amount(decision.notional);
    json["charge"] = amount(decision.charge);
    json["slippage"] = amount(decision.slippage);
    json["fee"] = amount(decision.fee);
    json["order_loss"] = amount(decision.loss);
    json["funding"] = amount(decision.funding);
    if (initial) json["leverage"] = amount(decision.leverage);
    if (decision.owner_size != magnitude(decision.size)) {
      json["owner_size"] = numbers_.quantity(decision.owner_size, instrument);
      json["owner_notional"] = amount(decision.owner_notional);
    }
    return json;
  }

  const AccountReport& report_;
  const margin::Explanation& figures_;
  Numbers numbers_;
  const reference::Profile& profile_;
};

}  // namespace

void print_margin_json(const MarginReport& report, const reference::Reference& reference,
                       std::ostream& out) {
  Json json;
  json["file"] = report.file;
  if (!report.book.empty()) json["book"] = report.book;
  json["what_if"] = report.what_ifs;
  json["accounts"] = Json::array();
  for (const AccountReport& account : report.accounts) {
    json["accounts"].push_back(AccountJson{account, reference}.write());
  }
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace plimsoll::cli
