#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/reference/reference.hpp"
#include "feeds/venue/translator.hpp"

// Binance messages as tests write them, and the reference they are read with.

namespace plimsoll::feeds::testing {

inline constexpr std::int64_t kUnit = 1'000'000'000;  // a Price of one

/// BTCUSDT (0) up to 1,000,000 and ETHUSDT (1) up to 100,000.
inline reference::Reference two_instruments() {
  reference::Reference reference;
  reference.instruments.resize(2);
  reference.instruments[0].symbol = "BTCUSDT";
  reference.instruments[0].price_max = Price::from_raw(1'000'000 * kUnit);
  reference.instruments[1].symbol = "ETHUSDT";
  reference.instruments[1].price_max = Price::from_raw(100'000 * kUnit);
  return reference;
}

/// A message whose text ends where the promised padding ends, so that a sanitizer sees any byte
/// read beyond it.
class Padded {
 public:
  explicit Padded(std::string_view json)
      : bytes_(json.size() + Translator::kPadding, '"'), size_{json.size()} {
    std::copy(json.begin(), json.end(), bytes_.begin());
  }
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::vector<char> bytes_;
  std::size_t size_;
};

/// What a message that gives at most one input became.
struct Parsed {
  Reject reject{Reject::none};
  InputBody body;  // meaningful only when ok()
  [[nodiscard]] bool ok() const { return reject == Reject::none; }
};

/// Reads Binance USD-M messages of a reference without sources, each of which gives one input.
class Parser {
 public:
  explicit Parser(const reference::Reference& reference)
      : translator_{Venue::binance_usdm, reference} {}
  [[nodiscard]] Parsed parse(std::string_view json) {
    const Translation translation = translator_.translate(json);
    if (!translation.ok()) return {translation.reject, {}};
    return {Reject::none, translation.inputs.front()};
  }

 private:
  Translator translator_;
};

inline Parsed parse(Parser& parser, std::string_view json) {
  return parser.parse(Padded{json}.text());
}

inline std::string join(const std::vector<std::string>& fields) {
  std::string text = "{";
  for (const std::string& field : fields) text += (text.size() > 1 ? "," : "") + field;
  return text + "}";
}

inline std::string in_envelope(const std::string& message) {
  return R"({"stream":"btcusdt@anything","data":)" + message + "}";
}

inline std::vector<std::string> mark_fields() {
  return {R"("e":"markPriceUpdate")", R"("E":1562305380000)",    R"("s":"BTCUSDT")",
          R"("p":"11794.15000000")",  R"("i":"11784.62659091")", R"("P":"11784.25641265")",
          R"("r":"0.00038167")",      R"("T":1562306400000)",    R"("st":1)"};
}
inline std::vector<std::string> book_fields() {
  return {R"("e":"bookTicker")", R"("u":5123107839020)", R"("s":"BTCUSDT")",
          R"("b":"61800.20")",   R"("B":"2.507")",       R"("a":"61800.30")",
          R"("A":"2.510")",      R"("T":1723161256312)", R"("E":1723161256313)"};
}
inline std::vector<std::string> trade_fields() {
  return {R"("e":"trade")",   R"("E":1723161256322)", R"("T":1723161256321)",
          R"("s":"ETHUSDT")", R"("t":5266583935)",    R"("p":"2680.30")",
          R"("q":"0.006")",   R"("X":"MARKET")",      R"("m":false)"};
}
inline std::vector<std::string> aggregate_trade_fields() {
  return {R"("e":"aggTrade")",    R"("E":1723161256322)", R"("a":5933014)", R"("s":"BTCUSDT")",
          R"("p":"0.001")",       R"("q":"100")",         R"("f":100)",     R"("l":105)",
          R"("T":1723161256321)", R"("m":true)"};
}

/// The fields with the one of this key replaced (by "" : left out).
inline std::string with(std::vector<std::string> fields, const std::string& key,
                        const std::string& replacement) {
  const auto is_key = [&](const std::string& field) {
    return field.starts_with("\"" + key + "\":");
  };
  if (replacement.empty()) {
    std::erase_if(fields, is_key);
  } else {
    std::replace_if(fields.begin(), fields.end(), is_key, replacement);
  }
  return join(fields);
}

}  // namespace plimsoll::feeds::testing
