#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/log/packed_book.hpp"
#include "engine/message/input.hpp"

namespace plimsoll::cli {

/// What an engine starts with: first the insurance funds, then the accounts.
struct OpeningBook {
  std::vector<InputBody> inputs;            // the funds; and the accounts, unless they are packed
  std::unique_ptr<log::PackedBook> packed;  // or null
  int code{0};                              // an ExitCode: kOk, or what is wrong is on `err`

  /// Puts the packed accounts among the inputs, for those who have to see every one.
  void unpack();
};

/// Reads the accounts ("": none), packed or not.
[[nodiscard]] OpeningBook read_opening_book(const std::string& accounts,
                                            const reference::Reference& reference,
                                            std::ostream& err);

/// Says that a book is packed where it must not be. Returns the exit code.
[[nodiscard]] int refuse_packed(const std::string& accounts, std::ostream& err);

/// "FILE: account 7 is refused: quantity_off_lot".
[[nodiscard]] std::string refused_text(const std::string& file, const OpeningFault& fault);

/// What `plimsoll pack` is told.
struct PackOptions {
  std::string config;
  std::string accounts;
  std::string output;
};

/// Writes a book as a packed one (engine/log/packed_book.hpp). Returns the exit code.
int run_pack(const PackOptions& options, std::ostream& out, std::ostream& err);

}  // namespace plimsoll::cli
