#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/wire/soup_bin_tcp.hpp"

// A bare client: it sends what a test wants, however wrong, and reports packets one by one.

namespace plimsoll::gateway {

using std::chrono::milliseconds;

/// A packet with its payload copied. `type` '\0': the gateway closed. '?': nothing came in time.
struct Received {
  char type{'?'};
  std::string payload;
};

/// A connection to a port of 127.0.0.1.
class TestClient {
 public:
  /// `pump` is called while waiting: that of a gateway that has no thread. `receive_buffer` is of
  /// the kernel; 0: its default.
  explicit TestClient(std::uint16_t port, std::function<void()> pump = {}, int receive_buffer = 0);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void send(std::span<const std::byte> bytes);
  void send(std::string_view text) { send(std::as_bytes(std::span{text})); }
  void log_on(const wire::LoginRequest& request) { send(wire::login_request_packet(request)); }
  /// Asks for the states of all accounts.
  void request_snapshot(std::uint64_t request);

  /// The next packet but heartbeats. Waits at most `max`, but looks once in any case.
  Received next(milliseconds max = milliseconds{5'000});
  /// The next packet, heartbeats too.
  Received next_any(milliseconds max = milliseconds{5'000});
  /// Numbers of the events in the next sequenced packets, `count` at most.
  std::vector<std::uint64_t> numbers(std::size_t count);
  /// Logs on and returns the number that the gateway will begin with.
  std::optional<std::uint64_t> log_on_from(std::uint64_t number);
  /// The same, as somebody.
  std::optional<std::uint64_t> log_on_as(const wire::LoginRequest& request);
  /// Segments with data that have arrived so far.
  [[nodiscard]] std::uint32_t segments() const;
  /// Closes so that the gateway sees a reset.
  void reset();

 private:
  int socket_{-1};
  std::function<void()> pump_;
  wire::PacketSplitter splitter_{wire::kPacketLengthMax, 1 << 18};
};

}  // namespace plimsoll::gateway
