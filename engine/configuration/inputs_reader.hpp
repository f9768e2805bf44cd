#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/configuration/error.hpp"
#include "engine/configuration/operators.hpp"
#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"

// Files of inputs: whatever happens beside the ticks of a capture, as fills, transfers, orders,
// modes, indices, funding, settlements, listings. JSON Lines, described in config/README.md. One
// thread; never throws; the file is held in memory as inputs.

namespace plimsoll::configuration {

struct InputsResult {
  std::vector<Input> inputs;  // external, not sequenced; times never fall
  std::vector<Error> errors;  // at most one per line
  [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Reads the file, plain or gzip. Times "+30s" are after `start`. Whether the engine takes an input
/// is its own answer (InputRefused); here it must only be whole: known names, fields and decimals,
/// and signed by its operator where only one of `operators` may say it.
/// Goes on after an error, to show the others, and gives up after `errors_max`.
[[nodiscard]] InputsResult read_inputs(const std::string& path,
                                       const reference::Reference& reference, EventTime start,
                                       const std::vector<Operator>& operators = {},
                                       std::size_t errors_max = 100);

/// One input that an operator says to a running engine, or what is wrong with it.
struct OperatorInput {
  Input input;        // its time is the one that was signed
  std::string error;  // "signature = \"...\": is not that of ..."
  [[nodiscard]] bool ok() const noexcept { return error.empty(); }
};

/// Reads a line as `plimsoll sign` writes it. What needs no signature is refused.
[[nodiscard]] OperatorInput read_operator_input(const std::string& line,
                                                const reference::Reference& reference,
                                                const std::vector<Operator>& operators);

}  // namespace plimsoll::configuration
