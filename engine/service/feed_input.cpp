#include "engine/service/feed_input.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/platform/log.hpp"
#include "engine/platform/tick_clock.hpp"

namespace plimsoll::service {

namespace live = feeds::live;

FeedInput::FeedInput(feeds::Venue venue, const reference::Reference& reference,
                     runtime::Inbox& inbox)
    : translator_{venue, reference},
      producer_{inbox, reference.instruments.size(), reference.sources.size()} {
  (void)platform::nanoseconds_per_tick();  // measured here, not at the first message
}

void FeedInput::on_message(std::string_view /*venue*/, EventTime received,
                           std::string_view text) noexcept {
  const std::uint64_t start = platform::ticks_now();
  const auto waited_ns = static_cast<double>(platform::wall_clock_ns() - received.raw());
  receive_.add(
      static_cast<std::uint64_t>(std::max(waited_ns, 0.0) / platform::nanoseconds_per_tick()));
  const std::size_t size = text.size() + feeds::Translator::kPadding;
  if (text_.size() < size) text_.resize(size);
  std::memcpy(text_.data(), text.data(), text.size());
  const feeds::Translation translation = translator_.translate({text_.data(), text.size()});
  parse_.add(platform::ticks_now() - start);
  messages_.add();
  last_message_.set(static_cast<std::uint64_t>(received.raw()));
  rejected_[static_cast<std::size_t>(translation.reject)].add();
  push(translation, received, start);
}

void FeedInput::on_link(const live::LinkEvent& event) noexcept {
  const std::string url{event.url};
  const std::string reason{event.reason};
  switch (event.change) {
    case live::LinkChange::connected:
      connected_.add();
      return platform::log_info(url + ": connected");
    case live::LinkChange::disconnected:
      connected_.subtract_one();
      disconnects_.add();
      push(translator_.disconnect(), event.time, 0);
      return platform::log_warning(url + ": disconnected: " + reason);
    case live::LinkChange::attempt_failed:
      failed_attempts_.add();
      return platform::log_warning(url + ": no connection: " + reason);
    case live::LinkChange::gap:
      return platform::log_info(url + ": connected again");
  }
}

void FeedInput::push(const feeds::Translation& translation, EventTime time,
                     std::uint64_t received) {
  for (const InputBody& body : translation.inputs) {
    producer_.push({.input = {.sequence = {}, .time = time, .origin = {}, .body = body},
                    .received = received,
                    .parsed = platform::ticks_now()});
  }
  inputs_.add(translation.inputs.size());
}

FeedReading FeedInput::read() const {
  FeedReading reading{
      .messages = messages_.value(),
      .inputs = inputs_.value(),
      .conflated = producer_.conflated(),
      .disconnects = disconnects_.value(),
      .failed_attempts = failed_attempts_.value(),
      .connected = connected_.value(),
      .last_message = EventTime::from_raw(static_cast<std::int64_t>(last_message_.value())),
      .rejected = {},
      .receive = receive_.read(),
      .parse = parse_.read()};
  for (std::size_t i = 1; i < rejected_.size(); ++i) reading.rejected[i] = rejected_[i].value();
  return reading;
}

std::vector<std::string> symbols_of(const reference::Reference& reference, feeds::Venue venue) {
  const std::string_view name = to_string(venue);
  std::vector<std::string> symbols;
  const auto add = [&symbols](const std::string& symbol) {
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) {
      symbols.push_back(symbol);
    }
  };
  for (const reference::Instrument& instrument : reference.instruments) {
    if (instrument.venue.empty() || instrument.venue == name) add(instrument.symbol);
  }
  for (const reference::Source& source : reference.sources) {
    if (source.venue == name) add(source.symbol);
  }
  return symbols;
}

}  // namespace plimsoll::service
