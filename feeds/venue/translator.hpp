#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/message/input.hpp"
#include "engine/reference/reference.hpp"
#include "feeds/venue/venue_parser.hpp"

namespace plimsoll::feeds {

/// How inputs are made of what a venue says.
struct TranslatorOptions {
  /// The last trade that a buyer started is the ask, the last that a seller started the bid, and
  /// each trade gives a quote of the two while bid < ask. For recordings that hold trades alone.
  bool quotes_from_trades{false};
};

/// What a message became.
struct Translation {
  Reject reject{Reject::none};        // none when there are inputs
  std::string_view kind;              // of an unknown message, as the venue names it
  std::span<const InputBody> inputs;  // valid until the next call
  EventTime venue_time;               // of the last update; 0: the venue gives none
  std::uint32_t crossed{0};           // quotes that were left out, bid at or above ask
  std::uint32_t gaps{0};              // places where updates of a market or connection were lost
  [[nodiscard]] bool ok() const noexcept { return reject == Reject::none; }
};

/// Messages of one connection to one venue as bodies of inputs (feeds/README.md has the tables): of
/// instruments BookQuoted, MarkPublished, TradePrinted, of sources SourceQuoted, SourcePriced, and
/// MarketInterrupted, SourceInterrupted where something was lost. A message can give several: what
/// was lost comes first, then one market after the other.
///
/// One thread. It throws nothing but what a vector does when memory runs out, and allocates only
/// for a new market, a deeper book or a longer message than every one before it.
class Translator {
 public:
  static constexpr std::size_t kPadding = VenueParser::kPadding;

  /// Copies what it needs of `reference`.
  Translator(Venue venue, const reference::Reference& reference, TranslatorOptions options = {});
  /// Lists every symbol that it meets, as MarketTable does.
  explicit Translator(Venue venue, TranslatorOptions options = {});
  Translator(const Translator&) = delete;
  Translator& operator=(const Translator&) = delete;
  ~Translator();

  /// Reads rows of Tardis CSV from now on. `path` is the file that they are from.
  void read_csv(std::string_view header, std::string_view path);

  /// Any bytes are allowed. REQUIRES: kPadding readable bytes after the end of `message`.
  [[nodiscard]] Translation translate(std::string_view message);
  /// The same of an answer of the venue's REST interface, which may start a book; `wanted`: only
  /// one that waits for it.
  [[nodiscard]] Translation translate_answer(std::string_view address, std::string_view answer,
                                             bool wanted = false);
  /// The connection was lost: everything that it has spoken of is interrupted.
  [[nodiscard]] Translation disconnect();

  [[nodiscard]] Venue venue() const noexcept { return venue_; }

 private:
  struct SeenMarket {
    bool seen{false};
    Price last_bought;
    Price last_sold;
  };
  Translator(Venue venue, MarketTable markets, TranslatorOptions options);
  [[nodiscard]] Translation make(const Outcome& outcome);
  void add(const MarketUpdate& update, Translation& translation);
  void add_quote(const Market& market, const MarketUpdate& update, Translation& translation);
  void add_price(const Market& market, reference::SourceField field, Price price,
                 const MarketUpdate& update);
  void add_quote_from_trades(const Market& market, const MarketUpdate& update,
                             Translation& translation);
  void interrupt(const Market& market, Interruption reason);
  void interrupt_all(Interruption reason);
  [[nodiscard]] SeenMarket& seen_of(const Market& market);

  Venue venue_;
  TranslatorOptions options_;
  std::unique_ptr<MarketTable> markets_;  // where the parser finds it
  std::unique_ptr<VenueParser> parser_;
  Updates updates_;
  std::vector<InputBody> inputs_;
  std::vector<SeenMarket> seen_;  // by market
  bool out_of_range_{false};      // a price of this message is beyond what takes it
};

}  // namespace plimsoll::feeds
