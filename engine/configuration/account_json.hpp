#pragma once

#include <memory>
#include <string_view>

#include "engine/configuration/account_line.hpp"

// One line of a book in JSON Lines, taken apart. Private to this folder; one thread.

namespace plimsoll::configuration {

class AccountJsonParser {
 public:
  AccountJsonParser();
  ~AccountJsonParser();

  /// Parses one line into `line`, whose texts stay valid until the next call and as long as `text`
  /// does. False: `fault` says why not. REQUIRES: kPadding bytes after `text` may be read.
  [[nodiscard]] bool parse(std::string_view text, AccountLine& line, LineFault& fault);

  static constexpr std::size_t kPadding = 64;

 private:
  struct Json;
  std::unique_ptr<Json> json_;
};

}  // namespace plimsoll::configuration
