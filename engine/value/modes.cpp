#include "engine/value/modes.hpp"

namespace plimsoll {

std::string_view to_string(MarginMode mode) noexcept {
  switch (mode) {
    case MarginMode::cross:
      return "cross";
    case MarginMode::isolated:
      return "isolated";
    case MarginMode::multi_asset:
      return "multi_asset";
  }
  return "unknown";
}

std::string_view to_string(PositionMode mode) noexcept {
  switch (mode) {
    case PositionMode::one_way:
      return "one_way";
    case PositionMode::hedge:
      return "hedge";
  }
  return "unknown";
}

std::string_view to_string(PositionSide side) noexcept {
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

std::string_view to_string(AutoTopUp choice) noexcept {
  switch (choice) {
    case AutoTopUp::off:
      return "off";
    case AutoTopUp::on:
      return "on";
  }
  return "unknown";
}

}  // namespace plimsoll
