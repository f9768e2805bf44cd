#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "engine/configuration/configuration.hpp"
#include "engine/message/input.hpp"

namespace plimsoll::cli {

/// What an engine starts with, as inputs.
struct OpeningBook {
  std::vector<InputBody> inputs;  // the insurance funds, then the accounts
  int code{0};                    // an ExitCode: kOk, or what is wrong is on `err`
};

/// Reads the accounts ("": none).
[[nodiscard]] OpeningBook read_opening_book(const std::string& accounts,
                                            const reference::Reference& reference,
                                            std::ostream& err);

}  // namespace plimsoll::cli
