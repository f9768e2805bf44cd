#include "engine/cli/margin_numbers.hpp"

namespace plimsoll::cli {

std::string hash_text(std::uint64_t hash) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kDigits[(hash >> shift) & 0xfU]);
  return text;
}

const char* side_text(PositionSide side) noexcept {
  switch (side) {
    case PositionSide::net:
      return "net";
    case PositionSide::long_side:
      return "long";
    case PositionSide::short_side:
      return "short";
  }
  return "unknown";
}

}  // namespace plimsoll::cli
