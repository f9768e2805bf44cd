#include "feeds/capture/format.hpp"

namespace plimsoll::feeds {

std::string_view to_string(CaptureFormat format) noexcept {
  switch (format) {
    case CaptureFormat::none:
      return "none";
    case CaptureFormat::stamped_json:
      return "stamped_json";
    case CaptureFormat::cryptofeed:
      return "cryptofeed";
    case CaptureFormat::tardis_raw:
      return "tardis_raw";
    case CaptureFormat::tardis_csv:
      return "tardis_csv";
  }
  return "unknown";
}

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
    case LineReject::header_line:
      return "header_line";
    case LineReject::configuration_line:
      return "configuration_line";
    case LineReject::connection_line:
      return "connection_line";
    case LineReject::sent_line:
      return "sent_line";
  }
  return "unknown";
}

std::string to_string(const CaptureError& error) {
  const std::string place = error.line == 0 ? "" : ": after line " + std::to_string(error.line);
  return error.path + place + ": " + error.what;
}

}  // namespace plimsoll::feeds
