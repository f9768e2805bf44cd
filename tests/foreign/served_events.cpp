#include "tests/foreign/served_events.hpp"

#include <array>
#include <stdexcept>

#include "tests/foreign/any_event.hpp"

namespace plimsoll::foreign {

ServedEvents::ServedEvents(const gateway::GatewaySettings& settings)
    : count_{settings.first_number - 1} {
  auto [thread, error] = gateway::GatewayThread::start(settings);
  if (!thread) throw std::runtime_error{error};
  gateway_ = std::move(thread);
}

void ServedEvents::publish(std::uint64_t more) {
  for (; more > 0; --more) gateway_->push(any_event(++count_));
}

void ServedEvents::finish() {
  gateway_->finish(gateway::Milliseconds{30'000});
}

std::string event_hex(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::byte, wire::kEncodedSizeMax> bytes{};
  const std::size_t size = wire::encode(any_event(number), bytes);
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += kDigits[std::to_integer<unsigned>(bytes[i]) / 16];
    hex += kDigits[std::to_integer<unsigned>(bytes[i]) % 16];
  }
  return hex;
}

}  // namespace plimsoll::foreign
