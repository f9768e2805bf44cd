// What is in a history, and what came of it.

#include <array>
#include <set>
#include <utility>

#include "tests/support/history.hpp"

namespace plimsoll::support {
namespace {

/// How a price is believed and why, where a source stands, what a pause is for.
std::string price_reason_of(const Event& event) {
  if (const auto* told = std::get_if<PriceTrustChanged>(&event.body)) {
    return (told->index == kNoIndex ? "mark." : "index.") + std::string{to_string(told->trust)} +
           "." + std::string{to_string(told->reason)};
  }
  if (const auto* source = std::get_if<SourceStateChanged>(&event.body)) {
    return std::string{to_string(source->state)};
  }
  if (const auto* pause = std::get_if<LiquidationPauseChanged>(&event.body)) {
    return std::string{to_string(pause->reason)} + (pause->paused != 0 ? ".comes" : ".goes");
  }
  if (const auto* mean = std::get_if<SettlementAveraged>(&event.body)) {
    return mean->price.raw() != 0 ? "priced" : "unpriced";
  }
  return "";
}

/// The reason of a refusal, the outcome of a liquidation.
std::string reason_of(const Event& event) {
  if (const auto* refused = std::get_if<InputRefused>(&event.body)) {
    return std::string{to_string(refused->reason)};
  }
  if (const auto* withheld = std::get_if<WithdrawalRefused>(&event.body)) {
    return std::string{to_string(withheld->reason)};
  }
  if (const auto* refused = std::get_if<OrderRefused>(&event.body)) {
    return std::string{to_string(refused->reason)};
  }
  if (const auto* completed = std::get_if<LiquidationCompleted>(&event.body)) {
    return std::string{to_string(completed->outcome)};
  }
  if (const auto* changed = std::get_if<AccountModeChanged>(&event.body)) {
    return std::string{to_string(changed->mode)};
  }
  return price_reason_of(event);
}

/// What makes an event a special one of its kind, or nothing.
std::string detail_of(const Event& event, const Event* previous) {
  const bool again = previous != nullptr && previous->body.index() == event.body.index() &&
                     previous->header.cause == event.header.cause &&
                     previous->header.account == event.header.account;
  if (const auto* taken = std::get_if<AccountTakenOver>(&event.body)) {
    return taken->equity.raw() < 0 ? "bankrupt" : "";
  }
  if (const auto* order = std::get_if<LiquidationOrderIssued>(&event.body)) {
    if (order->step > 1) return "later_step";
    return again ? "second_of_step" : "";
  }
  if (const auto* fill = std::get_if<LiquidationFillApplied>(&event.body)) {
    return fill->quantity.raw() == 0 ? "expired" : "";
  }
  if (std::holds_alternative<PositionTakenOver>(event.body) && again) return "second_of_account";
  return reason_of(event);
}

}  // namespace

std::map<std::string, std::size_t> count_inputs(const std::vector<Input>& inputs) {
  static constexpr std::array<const char*, 4> kOrigins{"external", "clock", "house", "exchange"};
  std::map<std::string, std::size_t> counts;
  for (const Input& input : inputs) {
    ++counts[std::string{input_kind_name(kind_of(input))}];
    ++counts[std::string{"from."} + kOrigins[static_cast<std::size_t>(input.origin)]];
  }
  return counts;
}

std::map<std::string, std::size_t> count_events(const std::vector<Event>& events) {
  std::map<std::string, std::size_t> counts;
  const Event* previous = nullptr;
  std::set<std::pair<InstrumentId, IndexId>> frozen;
  for (const Event& event : events) {
    const std::string kind{event_kind_name(kind_of(event))};
    ++counts[kind];
    if (!frozen.empty()) ++counts[kind + ".while_frozen"];
    if (const auto* told = std::get_if<PriceTrustChanged>(&event.body)) {
      if (told->trust == Trust::frozen) {
        frozen.emplace(told->instrument, told->index);
      } else {
        frozen.erase({told->instrument, told->index});
      }
    }
    const std::string more = detail_of(event, previous);
    if (!more.empty()) ++counts[kind + "." + more];
    previous = &event;
  }
  return counts;
}

}  // namespace plimsoll::support
