#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What went over a TCP connection, and how a capture of it looks.

namespace plimsoll::foreign {

struct Piece {
  bool from_gateway{false};
  std::string bytes;
};
using Conversation = std::vector<Piece>;

/// Logs on to a gateway on 127.0.0.1 for everything, and reads until it closes.
[[nodiscard]] Conversation follow_and_record(std::uint16_t port);

/// The conversation as a pcap file: the answer to the log-on in a segment of its own, as the
/// gateway sends it, the rest in segments of random sizes.
[[nodiscard]] std::string pcap_of(const Conversation& conversation, std::uint16_t port);

}  // namespace plimsoll::foreign
