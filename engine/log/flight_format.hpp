#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/log/record_format.hpp"
#include "engine/message/event.hpp"

// A flight record: the last inputs and events of an engine. Everything is little-endian.
//
//   file    magic "PLMFLT01" | frames
//   frame   'I' or 'E' (u8) | length of the payload (u8) | payload
//   input   the payload of a record (record_format.hpp)
//   event   kind (u8) | fields of the header | fields of the body
//
// First the inputs, oldest first, then the events. A file that ends within a frame was cut off;
// what stands before counts.

namespace plimsoll::log {

inline constexpr std::string_view kFlightMagic = "PLMFLT01";

inline void put_event(const Event& event, PayloadWriter& writer) noexcept {
  writer.put(kind_of(event));
  put_fields(event.header, writer);
  std::visit([&](const auto& body) { put_fields(body, writer); }, event.body);
}

struct Flight {
  std::vector<Input> inputs;
  std::vector<Event> events;
  bool cut_off{false};
  std::string error;  // why it cannot be read: then there is nothing else
};

/// Reads a flight record. Any bytes are allowed.
[[nodiscard]] Flight read_flight(const std::string& path);

}  // namespace plimsoll::log
