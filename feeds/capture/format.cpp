#include "feeds/capture/format.hpp"

namespace plimsoll::feeds {

std::string_view to_string(LineReject reject) noexcept {
  switch (reject) {
    case LineReject::none:
      return "none";
    case LineReject::empty_line:
      return "empty_line";
    case LineReject::line_too_long:
      return "line_too_long";
    case LineReject::half_line:
      return "half_line";
    case LineReject::malformed_stamp:
      return "malformed_stamp";
  }
  return "unknown";
}

std::string to_string(const CaptureError& error) {
  const std::string place = error.line == 0 ? "" : ": after line " + std::to_string(error.line);
  return error.path + place + ": " + error.what;
}

}  // namespace plimsoll::feeds
