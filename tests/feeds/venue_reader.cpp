#include "tests/feeds/venue_reader.hpp"

#include <gtest/gtest.h>

#include "engine/value/decimal.hpp"
#include "tests/feeds/messages.hpp"

namespace plimsoll::feeds::testing {
namespace {

std::string price(Price value) {
  return " " + format_decimal(value.raw(), kPriceDecimals);
}
std::string at(EventTime time) {
  return " @" + std::to_string(time.raw());
}
std::string number(std::uint64_t raw) {
  return " " + std::to_string(raw);
}
std::string reason(Interruption interruption) {
  return interruption == Interruption::gap ? "gap" : "disconnected";
}

struct Text {
  std::string operator()(const BookQuoted& body) const {
    return "book" + number(body.instrument.raw()) + price(body.bid) + price(body.ask) +
           at(body.venue_time);
  }
  std::string operator()(const MarkPublished& body) const {
    return "mark" + number(body.instrument.raw()) + price(body.mark) + price(body.index) +
           at(body.venue_time);
  }
  std::string operator()(const TradePrinted& body) const {
    return "trade" + number(body.instrument.raw()) + price(body.price) + at(body.venue_time);
  }
  std::string operator()(const SourceQuoted& body) const {
    return "quoted" + number(body.source.raw()) + price(body.bid) + price(body.ask) +
           at(body.venue_time) + " #" + std::to_string(body.number.raw());
  }
  std::string operator()(const SourcePriced& body) const {
    return "priced" + number(body.source.raw()) + price(body.price) + at(body.venue_time) + " #" +
           std::to_string(body.number.raw());
  }
  std::string operator()(const MarketInterrupted& body) const {
    return reason(body.reason) + " market" + number(body.instrument.raw());
  }
  std::string operator()(const SourceInterrupted& body) const {
    return reason(body.reason) + " source" + number(body.source.raw());
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return "an input that no venue sends";
  }
};

}  // namespace

std::string text_of(const InputBody& body) {
  return std::visit(Text{}, body);
}

reference::Reference instruments_of(const std::vector<std::string>& symbols) {
  reference::Reference reference;
  for (const std::string& symbol : symbols) {
    reference::Instrument& instrument = reference.instruments.emplace_back();
    instrument.symbol = symbol;
    instrument.price_max = Price::from_raw(1'000'000 * kUnit);
  }
  return reference;
}

VenueReader::Texts VenueReader::texts_of(const Translation& translation) {
  kind_ = translation.kind;
  if (!translation.ok()) {
    EXPECT_TRUE(translation.inputs.empty());
    return {"rejected: " + std::string{to_string(translation.reject)}};
  }
  EXPECT_FALSE(translation.inputs.empty());
  Texts texts;
  for (const InputBody& body : translation.inputs) texts.push_back(text_of(body));
  return texts;
}

VenueReader::Texts VenueReader::read(std::string_view message) {
  const Padded padded{message};
  return texts_of(translator_.translate(padded.text()));
}

VenueReader::Texts VenueReader::answer(std::string_view address, std::string_view message) {
  const Padded padded{message};
  const Padded from{address};
  return texts_of(translator_.translate_answer(from.text(), padded.text()));
}

VenueReader::Texts VenueReader::disconnect() {
  return texts_of(translator_.disconnect());
}

}  // namespace plimsoll::feeds::testing
