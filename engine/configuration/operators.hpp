#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/value/types.hpp"

// Who may say what only an operator may: release a source, override a price, pause liquidations.
// Plain values, for any thread.

namespace plimsoll::configuration {

struct Operator {
  std::string name;
  std::string key_file;  // as the configuration names it, from where the process runs
  std::string key;       // the secret in it; empty when keys were passed over
};

/// The place in the configuration, from 1; 0 for a name that is none.
[[nodiscard]] inline OperatorId find_operator(const std::vector<Operator>& operators,
                                              std::string_view name) noexcept {
  for (std::size_t i = 0; i < operators.size(); ++i) {
    if (operators[i].name == name) return OperatorId::from_raw(static_cast<std::uint32_t>(i + 1));
  }
  return {};
}

}  // namespace plimsoll::configuration
