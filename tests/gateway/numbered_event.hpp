#pragma once

#include <cstdint>

#include "engine/message/event.hpp"

namespace plimsoll {

/// An event of some kind that depends on its number, as all of its fields do.
inline Event numbered_event(std::uint64_t number) {
  const auto raw = static_cast<std::int64_t>(number);
  Event event{};
  event.header.number = EventNumber::from_raw(number);
  event.header.cause = Sequence::from_raw(number / 2 + 1);
  event.header.time = EventTime::from_raw(1'584'009'662'000'000'000 + raw);
  event.header.account = AccountId::from_raw(number % 10);
  switch (number % 3) {
    case 0:
      event.body =
          MarginCallIssued{Amount::from_raw(-raw), Amount::from_raw(raw), Amount::from_raw(2 * raw),
                           event.header.time, CallId::from_raw(1U)};
      break;
    case 1:
      event.body = InputRefused{Refusal::asset_mismatch, 3};
      break;
    default:
      event.body = InventoryOrderIssued{Quantity::from_raw(raw), InstrumentId::from_raw(4U)};
  }
  return event;
}

}  // namespace plimsoll
