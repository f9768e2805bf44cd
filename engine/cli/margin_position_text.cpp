#include "engine/cli/margin_position_text.hpp"

#include <iomanip>
#include <ostream>

#include "engine/value/magnitude.hpp"

namespace plimsoll::cli {
namespace {

using reference::Instrument;
using reference::Tiers;

std::string side_price_text(const margin::SidePrice& side) {
  return side.found() ? Numbers::price(side.price)
                      : std::string{"none ("} + margin::to_string(side.reason) + ")";
}

const char* kind_text(reference::Kind kind) {
  switch (kind) {
    case reference::Kind::linear:
      return "linear";
    case reference::Kind::inverse:
      return "inverse";
    case reference::Kind::spot:
      return "spot";
  }
  return "unknown";
}

const char* mode_text(reference::TierMode mode) {
  switch (mode) {
    case reference::TierMode::marginal:
      return "marginal";
    case reference::TierMode::whole:
      return "whole";
    case reference::TierMode::increment:
      return "increment";
  }
  return "unknown";
}

/// The rows of one position.
class PositionPage {
 public:
  PositionPage(const PositionReport& position, const Numbers& numbers,
               const reference::Profile& profile, Page& page)
      : position_{position},
        explained_{position.line},
        line_{position.line.line},
        numbers_{numbers},
        profile_{profile},
        instrument_{numbers.of(line_.instrument)},
        page_{page} {}

  void write() {
    page_.heading("position " + instrument_.symbol + ", side " + side_text(line_.side));
    write_terms();
    if (!position_.marked()) return page_.row("mark", "missing", "");
    write_value();
    write_requirement("maintenance margin", explained_.maintenance, explained_.maintenance_decision,
                      margin::Kind::maintenance);
    if (profile_.initial_factor.raw() != 0) {
      write_requirement("with its orders", explained_.initial_base, explained_.initial_decision,
                        margin::Kind::maintenance);
      page_.row("initial margin", amount(explained_.initial),
                amount(explained_.initial_base) + " x " + Numbers::rate(profile_.initial_factor) +
                    " (initial_factor)");
    } else {
      write_requirement("initial margin", explained_.initial, explained_.initial_decision,
                        margin::Kind::initial);
    }
    page_.row("liquidation price", prices_text(position_.liquidation), "");
    page_.row("bankruptcy price",
              position_.bankruptcy ? Numbers::price(*position_.bankruptcy) : "none",
              "the equity of the account is 0 there, the rest held");
  }

 private:
  [[nodiscard]] std::string amount(Int128 raw) const {
    return numbers_.amount(raw, instrument_.settle);
  }
  [[nodiscard]] std::string quantity(Int128 raw) const {
    return numbers_.quantity(raw, line_.instrument);
  }

  /// "0.5 x 61000" or "-(100 x 1 / 61000)".
  [[nodiscard]] std::string turnover(Int128 size, Price price) const {
    const bool inverse = instrument_.kind == reference::Kind::inverse;
    std::string text = quantity(size);
    if (inverse || instrument_.multiplier != kRateOne) {
      text += " x " + Numbers::rate(Rate::from_raw(instrument_.multiplier));
    }
    return inverse ? "-(" + text + " / " + Numbers::price(price) + ")"
                   : text + " x " + Numbers::price(price);
  }

  void write_terms() {
    page_.row("instrument", kind_text(instrument_.kind),
              "settles in " + numbers_.of(instrument_.settle).name + ", multiplier " +
                  Numbers::rate(Rate::from_raw(instrument_.multiplier)) + ", lot " +
                  quantity(instrument_.lot.raw()) + ", tick " + Numbers::price(instrument_.tick));
    page_.row("quantity", quantity(line_.quantity.raw()), "");
    for (const margin::RestingOrder& order : position_.orders) {
      page_.row("open order", quantity(order.remaining.raw()),
                "limit " + Numbers::price(order.limit));
    }
    if (line_.leverage.raw() != 0) page_.row("leverage", Numbers::rate(line_.leverage), "");
  }

  void write_value() {
    const std::string price = position_.entry_price ? Numbers::price(*position_.entry_price) : "";
    page_.row("entry value", amount(line_.entry_value.raw()),
              price.empty() ? "" : "average price " + price);
    page_.row("mark", Numbers::price(explained_.mark), "");
    page_.row("value", amount(explained_.value),
              turnover(line_.quantity.raw(), explained_.mark) + ", rounded down");
    page_.row("unrealised pnl", amount(explained_.unrealised_pnl),
              amount(explained_.value) + " - " + amount(line_.entry_value.raw()));
    page_.row("notional", amount(position_.notional),
              "abs(" + turnover(line_.quantity.raw(), explained_.mark) + "), rounded up");
  }

  /// Which case of position and orders needs most.
  [[nodiscard]] std::string size_text(const margin::Decision& decision) const {
    const std::string position = quantity(line_.quantity.raw());
    if (decision.size == line_.quantity.raw()) return "the position";
    if (profile_.order_margin == reference::OrderMargin::per_side) return "all on this side";
    const bool buys = decision.size > line_.quantity.raw();
    return buys ? position + " and the buys of " + quantity(line_.buys.raw())
                : position + " and the sells of " + quantity(line_.sells.raw());
  }

  /// Why the rate is not the one of the bracket.
  [[nodiscard]] std::string growth_text(const margin::Decision& decision, margin::Kind kind) const {
    const bool maintenance = kind == margin::Kind::maintenance;
    const Tiers& tiers = numbers_.of(decision.tiers);
    const reference::Bracket& bracket = tiers.brackets[decision.bracket];
    const Rate rate = maintenance ? bracket.maintenance : bracket.initial;
    if (decision.rate == Int128{rate.raw()} * kRateOne) return "";
    if (tiers.mode != reference::TierMode::increment) return " (by the open interest)";
    const Rate step = maintenance ? tiers.maintenance_increment : tiers.initial_increment;
    const bool by_value = tiers.measure == reference::TierMeasure::value;
    return " (" + Numbers::rate(rate) + " + " + Numbers::rate(step) + " x " +
           (by_value ? amount(decision.owner_notional) : quantity(decision.owner_size)) +
           ", at most 1; or by the open interest)";
  }

  [[nodiscard]] std::string tiers_text(const margin::Decision& decision, margin::Kind kind) const {
    const Tiers& tiers = numbers_.of(decision.tiers);
    const bool by_value = tiers.measure == reference::TierMeasure::value;
    const auto measured = [&](std::int64_t raw) { return by_value ? amount(raw) : quantity(raw); };
    const std::size_t next = decision.bracket + std::size_t{1};
    std::string text = std::string{mode_text(tiers.mode)} + ", by " +
                       (by_value ? "value" : "quantity") + "; bracket " +
                       std::to_string(decision.bracket) + " from " +
                       measured(tiers.brackets[decision.bracket].floor);
    if (next < tiers.brackets.size()) text += " to " + measured(tiers.brackets[next].floor);
    text += ", rate " + Numbers::fine_rate(decision.rate) + growth_text(decision, kind);
    if (tiers.mode == reference::TierMode::marginal) {
      text += ", cumulative amount " + numbers_.fine_amount(decision.amount, instrument_.settle);
    }
    return text;
  }

  [[nodiscard]] std::string charge_text(const margin::Decision& decision) const {
    const std::string times =
        " x " + Numbers::fine_rate(decision.rate) +
        (decision.amount == 0 ? ""
                              : " - " + numbers_.fine_amount(decision.amount, instrument_.settle));
    const bool shared = decision.owner_size != magnitude(decision.size);
    const Tiers& tiers = numbers_.of(decision.tiers);
    if (!shared || tiers.mode != reference::TierMode::marginal) {
      return amount(decision.notional) + times;
    }
    return "(" + amount(decision.owner_notional) + times + ") x " +
           quantity(magnitude(decision.size)) + " / " + quantity(decision.owner_size) +
           " (by owner), rounded up twice";
  }

  void write_requirement(const char* name, Int128 required, const margin::Decision& decision,
                         margin::Kind kind) {
    const Tiers& tiers = numbers_.of(decision.tiers);
    const bool up = profile_.requirement_rounding == reference::Rounding::up;
    page_.row(name, amount(required), sum_text(decision, up ? "rounded up" : "rounded down"));
    page_.row("  tiers", tiers.name, tiers_text(decision, kind));
    page_.row("  size", quantity(decision.size), size_text(decision));
    page_.row("  notional", amount(decision.notional), notional_text(decision));
    if (decision.owner_size != magnitude(decision.size)) {
      page_.row("  owner", quantity(decision.owner_size),
                "in all accounts, notional " + amount(decision.owner_notional));
    }
    page_.row("  charge", amount(decision.charge), charge_text(decision));
    if (decision.slippage != 0) {
      page_.row("  slippage", amount(decision.slippage),
                amount(decision.position_notional) + " x " + Numbers::rate(tiers.slippage));
    }
    if (decision.fee != 0) {
      page_.row("  closing fee", amount(decision.fee),
                amount(decision.notional) + " x " + Numbers::rate(profile_.closing_fee));
    }
    write_extras(decision, kind);
  }

  void write_extras(const margin::Decision& decision, margin::Kind kind) {
    if (kind != margin::Kind::maintenance && line_.leverage.raw() != 0) {
      page_.row("  by leverage", amount(decision.leverage),
                amount(decision.notional) + " / " + Numbers::rate(line_.leverage) + ", rounded up");
    }
    if (decision.loss != 0) {
      page_.row("  order loss", amount(decision.loss),
                "sum over these orders of max(0, cost at the limit - value at the mark)");
    }
    if (decision.funding != 0) {
      page_.row("  funding", amount(decision.funding),
                amount(position_.notional) + " x " +
                    Numbers::rate(Rate::from_raw(narrow(magnitude(position_.funding.raw())))) +
                    " (estimated rate), rounded up");
    }
  }

  [[nodiscard]] std::string notional_text(const margin::Decision& decision) const {
    if (profile_.basis == reference::MarginBasis::entry) {
      return "the entry value, and orders at their limits";
    }
    return "abs(" + turnover(decision.size, explained_.mark) + "), rounded up";
  }

  /// The parts that add up to a requirement. Parts with a rate are added before rounding.
  [[nodiscard]] std::string sum_text(const margin::Decision& decision, const char* rounding) const {
    std::string text = amount(decision.charge);
    const auto add = [&](Int128 part) {
      if (part != 0) text += " + " + amount(part);
    };
    add(decision.slippage);
    add(decision.fee);
    const bool several = decision.slippage != 0 || decision.fee != 0;
    if (decision.leverage != 0) text = "max(" + text + ", " + amount(decision.leverage) + ")";
    add(decision.loss);
    add(decision.funding);
    return text + (several ? "; charge and rates are added, then " : ", ") + rounding;
  }

  const PositionReport& position_;
  const margin::LineExplanation& explained_;
  const margin::Line& line_;
  const Numbers& numbers_;
  const reference::Profile& profile_;
  const Instrument& instrument_;
  Page& page_;
};

}  // namespace

void Page::blank() {
  out_ << "\n";
}

void Page::line(const std::string& text) {
  out_ << text << "\n";
}

void Page::heading(const std::string& text) {
  out_ << "\n  " << text << "\n";
}

void Page::row(const std::string& name, const std::string& value, const std::string& formula) {
  constexpr int kNameWidth = 22;
  constexpr int kValueWidth = 22;
  out_ << "    " << std::left << std::setw(kNameWidth) << name;
  if (formula.empty()) {
    out_ << value << "\n";
  } else {
    out_ << std::setw(kValueWidth) << value << " " << formula << "\n";
  }
}

std::string prices_text(const margin::LiquidationPrices& prices) {
  return "below: " + side_price_text(prices.below) + ", above: " + side_price_text(prices.above);
}

void write_position(const PositionReport& position, const Numbers& numbers,
                    const reference::Profile& profile, Page& page) {
  PositionPage{position, numbers, profile, page}.write();
}

}  // namespace plimsoll::cli
