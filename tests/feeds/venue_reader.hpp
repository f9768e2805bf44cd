#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/venue/translator.hpp"

// Messages of any venue, and what they become as short texts.

namespace plimsoll::feeds::testing {

/// "book 0 61800.2 61800.3 @1723161256313000000", "mark 0 <mark> <index> @...", "trade 0 ...",
/// "quoted <source> <bid> <ask> @... #<number>", "priced <source> <price> @... #0", "gap market 0",
/// "disconnected source 0".
[[nodiscard]] std::string text_of(const InputBody& body);

/// The instruments `symbols`, each up to 1,000,000, of no venue in particular.
[[nodiscard]] reference::Reference instruments_of(const std::vector<std::string>& symbols);

/// Reads messages of one venue, each from bytes that end where the promised padding ends.
class VenueReader {
 public:
  using Texts = std::vector<std::string>;

  VenueReader(Venue venue, const std::vector<std::string>& symbols)
      : VenueReader{venue, instruments_of(symbols)} {}
  VenueReader(Venue venue, const reference::Reference& reference,
              const TranslatorOptions& options = {})
      : translator_{venue, reference, options} {}

  /// The inputs of a message, or {"rejected: <reason>"}.
  Texts read(std::string_view message);
  Texts answer(std::string_view address, std::string_view message);
  Texts disconnect();
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] Translator& translator() { return translator_; }

 private:
  Texts texts_of(const Translation& translation);

  Translator translator_;
  std::string kind_;
};

}  // namespace plimsoll::feeds::testing
