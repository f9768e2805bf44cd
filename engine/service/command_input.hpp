#pragma once

#include <cstdint>

#include "engine/gateway/stream_follower.hpp"
#include "engine/runtime/inbox.hpp"

namespace plimsoll::service {

/// The matching engine's commands into the inbox, each once and in their order. Nothing is left out
/// or conflated: while the inbox is full its stream is not read, and what cannot be understood ends
/// the following, for then the books of the two engines would go apart unnoticed.
class CommandInput final : public gateway::StreamSink {
 public:
  explicit CommandInput(runtime::Inbox& inbox) : producer_{inbox.make_producer()} {}

  [[nodiscard]] bool on_message(std::uint64_t number, std::span<const std::byte> message) override;
  void on_state(gateway::FollowState state, const std::string& reason) override;

 private:
  runtime::Inbox::Producer producer_;
};

}  // namespace plimsoll::service
