#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/log/flight_format.hpp"

namespace plimsoll::log {
namespace {

/// Reads one frame's payload; returns what is wrong with it, or nothing.
const char* read_payload(char what, std::span<const std::byte> payload, Flight& flight) {
  PayloadReader reader{payload};
  if (what == 'I') {
    Input input;
    const char* wrong = get_input(reader, input);
    if (wrong == nullptr) flight.inputs.push_back(input);
    return wrong;
  }
  if (what != 'E') return "is neither an input nor an event";
  Event event;
  const auto kind = reader.get<std::uint8_t>();
  get_fields(event.header, reader);
  if (!get_body(kind, event.body, reader)) return "has an unknown kind";
  if (!reader.ok() || !reader.exhausted()) return "has the wrong length for its kind";
  flight.events.push_back(event);
  return nullptr;
}

}  // namespace

Flight read_flight(const std::string& path) {
  Flight flight;
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    flight.error = path + ": cannot be read: " + std::strerror(errno);
    return flight;
  }
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!text.starts_with(kFlightMagic)) {
    flight.error = path + ": is not a flight record";
    return flight;
  }
  const std::span<const std::byte> bytes = std::as_bytes(std::span{text});
  for (std::size_t at = kFlightMagic.size(); at < bytes.size();) {
    const std::size_t length = at + 1 < bytes.size() ? static_cast<std::size_t>(bytes[at + 1]) : 0;
    if (bytes.size() - at < 2 + length || length == 0) {
      flight.cut_off = true;
      break;
    }
    if (const char* wrong = read_payload(text[at], bytes.subspan(at + 2, length), flight)) {
      return {{}, {}, false, path + ": frame at byte " + std::to_string(at) + " " + wrong};
    }
    at += 2 + length;
  }
  return flight;
}

}  // namespace plimsoll::log
