#pragma once

#include "engine/message/event.hpp"
#include "engine/message/input.hpp"

namespace plimsoll {

/// What an event is said because of; copied into its header.
struct Cause {
  Sequence sequence;
  EventTime time;
  std::uint8_t kind{0};
  InstrumentId trigger_instrument{kNoInstrument};
  std::int64_t trigger_value{0};
};

/// The cause that an input is by itself, without a trigger.
[[nodiscard]] inline Cause cause_of(const Input& input) noexcept {
  return {.sequence = input.sequence, .time = input.time, .kind = kind_of(input)};
}

/// The same cause, tipped by a price of an instrument.
[[nodiscard]] inline Cause with_price(Cause cause, InstrumentId instrument, Price price) noexcept {
  cause.trigger_instrument = instrument;
  cause.trigger_value = price.raw();
  return cause;
}

/// The same cause, tipped by a deadline; the event happens at the deadline.
[[nodiscard]] inline Cause with_deadline(Cause cause, EventTime deadline) noexcept {
  cause.time = deadline;
  cause.trigger_instrument = kNoInstrument;
  cause.trigger_value = deadline.raw();
  return cause;
}

/// An unnumbered event.
template <class Body>
[[nodiscard]] Event make_event(const Cause& cause, AccountId account, const Body& body) noexcept {
  return {.header = {.number = {},
                     .cause = cause.sequence,
                     .time = cause.time,
                     .account = account,
                     .trigger_value = cause.trigger_value,
                     .trigger_instrument = cause.trigger_instrument,
                     .cause_kind = cause.kind},
          .body = body};
}

}  // namespace plimsoll
