#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/cli/temporary_folder.hpp"

// The program, asked for the margin of a portfolio file.

namespace plimsoll::vectors {

using Json = nlohmann::json;

struct Answer {
  int code{-1};
  Json accounts;  // of the JSON, when code is 0
  std::string error;
};

class Program {
 public:
  /// `plimsoll margin FILE --json` on a file with this text. A text that it has seen before is
  /// answered from memory.
  const Answer& margin(const std::string& portfolio);

 private:
  cli::testing::TemporaryFolder folder_;
  std::map<std::string, Answer> answers_;
};

}  // namespace plimsoll::vectors
