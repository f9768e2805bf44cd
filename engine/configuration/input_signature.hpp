#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/configuration/input_json.hpp"
#include "engine/configuration/operators.hpp"
#include "engine/message/input.hpp"

// Signatures of inputs that only an operator may make. Pure functions; private to this folder.

namespace plimsoll::configuration {

/// Who says it; nothing for an input that anyone may make.
[[nodiscard]] std::optional<OperatorId> signer_of(const InputBody& body);

/// What is signed: the kind, then "name=value" for each field in the order of fields(), values as
/// raw integers, then "at=" and the time when it is given; a line break between, none at the end.
[[nodiscard]] std::string canonical_text(const InputBody& body, std::optional<EventTime> at);

/// HMAC-SHA256 of the canonical text in 64 hexadecimal digits.
[[nodiscard]] std::string signature_of(std::string_view key, const InputBody& body,
                                       std::optional<EventTime> at);

/// Is it the signature, digits in either case? Takes the same time wherever it differs.
[[nodiscard]] bool is_signature(std::string_view digits, std::string_view key,
                                const InputBody& body, std::optional<EventTime> at);

/// The line of a signed input must say its times as numbers: those after a start, which only a
/// run knows, cannot be signed. False: `fault` says which does not.
[[nodiscard]] bool has_fixed_times(const std::vector<JsonScalar>& values, InputFault& fault);

}  // namespace plimsoll::configuration
