#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/error.hpp"
#include "engine/configuration/operators.hpp"
#include "engine/reference/reference.hpp"

// Signs lines of files of inputs for an operator. One thread; never throws; shows no key.

namespace plimsoll::configuration {

class InputSigner {
 public:
  /// `who`: one of `operators`; his key is `key`. The reference and the operators must live as
  /// long.
  InputSigner(const reference::Reference& reference, const std::vector<Operator>& operators,
              OperatorId who, std::string key);
  ~InputSigner();

  /// Appends the line, without its end, to `out`: with "by", where it says none, and "signature"
  /// when it is an input of this operator; any other, of anyone or signed by another, as it is. Its
  /// error when it is wrong, without file and line; then nothing is appended.
  [[nodiscard]] std::optional<Error> sign(std::string_view line, std::string& out);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace plimsoll::configuration
