#pragma once

#include "feeds/venue/binance/fields.hpp"
#include "feeds/venue/binance/parser.hpp"

namespace plimsoll::feeds::binance {

/// Makes the input body of a message whose fields were read. Pure; any thread may call it.
/// REQUIRES: fields.kind is mark, book or trade.
[[nodiscard]] Parsed make_body(const Fields& fields, const SymbolTable& symbols) noexcept;

}  // namespace plimsoll::feeds::binance
