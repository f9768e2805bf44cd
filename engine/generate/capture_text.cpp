#include "engine/generate/capture_text.hpp"

#include "engine/generate/settings.hpp"

namespace plimsoll::generate {
namespace {

constexpr int kMarkDigits = 8;

int digits_of(Price tick) {
  int digits = kPriceDecimals;
  for (std::int64_t raw = tick.raw(); digits > 0 && raw % 10 == 0; raw /= 10) --digits;
  return digits;
}

void open_line(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
               const char* stream, const char* event) {
  out += std::to_string(stamps.received) + R"( {"stream":")" + instrument.stream + stream;
  out += std::string{R"(","data":{"e":")"} + event + '"';
}

void add_number(std::string& out, const char* key, std::uint64_t number) {
  out += std::string{",\""} + key + "\":" + std::to_string(number);
}

void add_time(std::string& out, const char* key, std::int64_t milliseconds) {
  add_number(out, key, static_cast<std::uint64_t>(milliseconds));
}

void add_text(std::string& out, const char* key, const std::string& text) {
  out += std::string{",\""} + key + "\":\"" + text + '"';
}

void add_decimal(std::string& out, const char* key, std::int64_t raw, int decimals, int digits) {
  out += std::string{",\""} + key + "\":\"";
  append_fixed(out, raw, decimals, digits);
  out += '"';
}

void add_price(std::string& out, const char* key, Price price, int digits) {
  add_decimal(out, key, price.raw(), kPriceDecimals, digits);
}

void add_quantity(std::string& out, const char* key, Quantity quantity,
                  const VenueInstrument& instrument) {
  add_decimal(out, key, quantity.raw(), instrument.quantity_decimals, instrument.quantity_decimals);
}

}  // namespace

VenueInstrument::VenueInstrument(const reference::Instrument& instrument)
    : symbol{instrument.symbol},
      stream{instrument.symbol},
      price_digits{digits_of(instrument.tick)},
      quantity_decimals{instrument.quantity_decimals} {
  for (char& c : stream) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

void append_book_ticker(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                        const BookTickerLine& line) {
  open_line(out, instrument, stamps, "@bookTicker", "bookTicker");
  add_number(out, "u", line.update_id);
  add_text(out, "s", instrument.symbol);
  add_price(out, "b", line.bid, instrument.price_digits);
  add_quantity(out, "B", line.bid_quantity, instrument);
  add_price(out, "a", line.ask, instrument.price_digits);
  add_quantity(out, "A", line.ask_quantity, instrument);
  add_time(out, "T", stamps.transaction);
  add_time(out, "E", stamps.event);
  out += "}}\n";
}

void append_trade(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                  const TradeLine& line) {
  open_line(out, instrument, stamps, "@trade", "trade");
  add_time(out, "E", stamps.event);
  add_time(out, "T", stamps.transaction);
  add_text(out, "s", instrument.symbol);
  add_number(out, "t", line.trade_id);
  add_price(out, "p", line.price, instrument.price_digits);
  add_quantity(out, "q", line.quantity, instrument);
  add_text(out, "X", "MARKET");
  out += line.buyer_is_maker ? ",\"m\":true}}\n" : ",\"m\":false}}\n";
}

void append_mark_price(std::string& out, const VenueInstrument& instrument, const Stamps& stamps,
                       const MarkPriceLine& line) {
  constexpr std::int64_t kFundingPeriod = 28'800'000;  // ms
  open_line(out, instrument, stamps, "@markPrice@1s", "markPriceUpdate");
  add_time(out, "E", stamps.event);
  add_text(out, "s", instrument.symbol);
  add_price(out, "p", line.mark, kMarkDigits);
  add_price(out, "i", line.index, kMarkDigits);
  add_price(out, "P", line.index, kMarkDigits);
  add_text(out, "r", "0.00010000");
  add_time(out, "T", (stamps.event / kFundingPeriod + 1) * kFundingPeriod);
  out += "}}\n";
}

}  // namespace plimsoll::generate
