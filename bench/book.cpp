#include "bench/book.hpp"

#include <cstdlib>
#include <iostream>

#include "engine/configuration/configuration.hpp"
#include "engine/generate/accounts.hpp"

namespace plimsoll::bench {
namespace {

[[noreturn]] void give_up(const std::string& line) {
  std::cerr << "plimsoll-bench: " << line << "\n";
  std::exit(3);
}

Input at_start(const InputBody& body) {
  return {.sequence = {}, .time = EventTime::from_raw(1), .origin = {}, .body = body};
}

}  // namespace

Input quote_at(const reference::Reference& reference, InstrumentId instrument, Price price,
               EventTime time) {
  const std::int64_t tick = reference.instruments[instrument.raw()].tick.raw();
  return {.sequence = {},
          .time = time,
          .origin = {},
          .body = BookQuoted{.instrument = instrument,
                             .bid = Price::from_raw(price.raw() - tick),
                             .ask = Price::from_raw(price.raw() + tick),
                             .venue_time = time}};
}

Book make_book(const std::string& config, std::uint64_t accounts, std::size_t spare) {
  configuration::ConfigurationResult loaded = configuration::load_configuration(config);
  if (!loaded.ok()) give_up(configuration::to_string(loaded.errors.front()));
  Book book;
  book.reference = loaded.configuration->reference;
  book.reference.limits.accounts = accounts + spare;
  book.reference.limits.positions = 4 * (accounts + spare);
  if (!reference::finish(book.reference).empty()) give_up("the reference is not valid");
  for (std::uint32_t i = 0; i < book.reference.instruments.size(); ++i) {
    book.prices.push_back(loaded.configuration->reference_prices[i].value_or(Price{}));
    if (book.prices.back().raw() == 0) give_up(config + ": an instrument has no reference price");
    book.inputs.push_back(quote_at(book.reference, InstrumentId::from_raw(i), book.prices.back(),
                                   EventTime::from_raw(1)));
  }
  if (accounts == 0) return book;
  const auto errors = generate::generate_accounts(
      book.reference,
      {.seed = 1, .count = accounts, .prices = loaded.configuration->reference_prices},
      [&](const generate::BookAccount& account) {
        generate::give_inputs(
            account, [&](const InputBody& body) { book.inputs.push_back(at_start(body)); });
      });
  if (!errors.empty()) give_up(errors.front().field + ": " + errors.front().reason);
  return book;
}

}  // namespace plimsoll::bench
