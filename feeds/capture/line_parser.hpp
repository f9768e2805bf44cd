#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/capture/format.hpp"
#include "feeds/capture/line_splitter.hpp"

namespace plimsoll::feeds {

/// Takes the lines of one capture apart, as its format has them. One thread. It remembers the
/// header of a CSV, the addresses that were connected to, and the latest stamp.
class LineParser {
 public:
  explicit LineParser(CaptureFormat format) : format_{format} {}

  /// Fills `line` but for its number, or says why the line is not used.
  [[nodiscard]] LineReject parse(const RawLine& raw, CaptureLine& line);

  /// The names of the columns of a CSV; "" before they came.
  [[nodiscard]] const std::string& header() const noexcept { return header_; }

 private:
  [[nodiscard]] LineReject parse_stamped(std::string_view text, CaptureLine& line);
  [[nodiscard]] LineReject parse_cryptofeed(std::string_view text, CaptureLine& line);
  [[nodiscard]] LineReject parse_address_line(std::string_view text, CaptureLine& line);
  [[nodiscard]] LineReject parse_tardis_raw(std::string_view text, CaptureLine& line);
  [[nodiscard]] LineReject parse_tardis_csv(std::string_view text, CaptureLine& line);
  [[nodiscard]] LineReject take_header(std::string_view text);
  [[nodiscard]] bool connected_before(std::string_view address);

  CaptureFormat format_;
  std::string header_;
  std::size_t stamp_column_{0};
  std::vector<std::string> addresses_;
  EventTime latest_;
};

}  // namespace plimsoll::feeds
