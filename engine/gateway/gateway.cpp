#include "engine/gateway/gateway.hpp"

#include <utility>

#include "engine/gateway/server.hpp"

namespace plimsoll::gateway {

OpenedGateway Gateway::open(const GatewaySettings& settings) {
  if (std::string mistake = find_mistake(settings); !mistake.empty()) return {nullptr, mistake};
  auto server = std::make_unique<Server>(settings);
  if (std::string error = server->listen(); !error.empty()) return {nullptr, error};
  return {std::unique_ptr<Gateway>{new Gateway{std::move(server)}}, {}};
}

Gateway::Gateway(std::unique_ptr<Server> server) noexcept : server_{std::move(server)} {}
Gateway::~Gateway() = default;

void Gateway::publish(const Event& event) {
  server_->publish(event);
}
void Gateway::publish(std::span<const std::byte> message) {
  server_->publish(message);
}
void Gateway::flush() {
  server_->flush();
}
bool Gateway::poll() {
  return server_->poll();
}
void Gateway::wait(Milliseconds max) {
  server_->wait(max);
}
void Gateway::wake() noexcept {
  server_->wake();
}
void Gateway::end_session() {
  server_->end_session();
}
bool Gateway::drained() const noexcept {
  return server_->drained();
}
std::uint16_t Gateway::port() const noexcept {
  return server_->port();
}
std::uint64_t Gateway::next_number() const noexcept {
  return server_->events().next();
}
std::uint64_t Gateway::first_retained() const noexcept {
  return server_->events().first();
}
GatewayCounters Gateway::counters() const noexcept {
  return server_->counters().read();
}

}  // namespace plimsoll::gateway
