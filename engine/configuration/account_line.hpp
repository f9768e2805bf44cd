#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// One line of an accounts file, taken apart: JSON to texts and numbers, without a look at the
// reference. Private to this folder; one thread.

namespace plimsoll::configuration {

struct PositionLine {
  std::string_view instrument;
  std::string_view quantity;     // decimal text
  std::string_view entry_price;  // decimal text
};

struct AccountLine {
  std::uint64_t account{0};
  std::uint64_t owner{0};
  std::uint64_t parent{0};
  std::string_view profile;
  std::string_view asset;
  std::string_view balance;  // decimal text
  std::vector<PositionLine> positions;
};

/// What is wrong with a line: the path of the field, its value, the reason.
struct LineFault {
  std::string field;
  std::string value;
  std::string reason;
};

class AccountLineParser {
 public:
  AccountLineParser();
  ~AccountLineParser();

  /// Parses one line into `line`, whose texts stay valid until the next call and as long as `text`
  /// does. False: `fault` says why not. REQUIRES: kPadding bytes after `text` may be read.
  [[nodiscard]] bool parse(std::string_view text, AccountLine& line, LineFault& fault);

  static constexpr std::size_t kPadding = 64;

 private:
  struct Json;
  std::unique_ptr<Json> json_;
};

}  // namespace plimsoll::configuration
