#include "feeds/venue/market_table.hpp"

#include <algorithm>
#include <cstring>

#include "engine/base/hash.hpp"

namespace plimsoll::feeds {
namespace {

constexpr std::size_t kSlotsAtStart = 16;

/// The bytes of a word that belong to a text of `length` bytes.
std::uint64_t mask_of(std::size_t length) noexcept {
  return length >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * length)) - 1;
}

}  // namespace

MarketTable::Named& MarketTable::named(std::vector<Named>& all, std::string_view symbol) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.symbol == symbol; });
  return found != all.end() ? *found : all.emplace_back(Named{symbol, {}, {}});
}

MarketTable::MarketTable(const reference::Reference& reference, Venue venue)
    : slots_(kSlotsAtStart) {
  const std::string_view name = to_string(venue);
  std::vector<Named> all;
  for (std::uint32_t i = 0; i < reference.instruments.size(); ++i) {
    const reference::Instrument& instrument = reference.instruments[i];
    if (!instrument.venue.empty() && instrument.venue != name) continue;
    Named& market = all.emplace_back(Named{instrument.symbol, {}, {}});
    market.market.instrument = InstrumentId::from_raw(i);
    market.market.instrument_price_max = instrument.price_max;
    market.market.price_max = instrument.price_max;
  }
  for (std::uint32_t i = 0; i < reference.sources.size(); ++i) {
    const reference::Source& source = reference.sources[i];
    if (source.venue != name) continue;
    Named& market = named(all, source.symbol);
    Price price_max = kNoPriceMax;
    if (source.index.raw() < reference.indices.size()) {
      const Price limit = reference.indices[source.index.raw()].price_max;
      if (limit.raw() > 0) price_max = limit;
    }
    const bool first = market.market.instrument == kNoInstrument && market.sources.empty();
    market.market.price_max = first ? price_max : std::max(market.market.price_max, price_max);
    market.sources.push_back({SourceId::from_raw(i), source.field, price_max});
  }
  for (Named& one : all) {
    one.market.first_source = static_cast<std::uint32_t>(sources_.size());
    one.market.sources = static_cast<std::uint32_t>(one.sources.size());
    sources_.insert(sources_.end(), one.sources.begin(), one.sources.end());
    std::string padded{one.symbol};
    padded.reserve(padded.size() + sizeof(Start));
    insert({padded.data(), one.symbol.size()}, one.market);
  }
}

MarketTable::MarketTable() : slots_(kSlotsAtStart), learns_{true} {}

MarketTable::Start MarketTable::start_of(std::string_view symbol) noexcept {
  Start start{};
  std::memcpy(start.data(), symbol.data(), sizeof start);
  start[0] &= mask_of(symbol.size());
  start[1] &= symbol.size() <= 8 ? 0 : mask_of(symbol.size() - 8);
  return start;
}

std::size_t MarketTable::hash_of(const Start& start, std::size_t length) noexcept {
  return mix_bits(start[0] ^ (start[1] * 0x9e3779b97f4a7c15ULL) ^ length);
}

std::size_t MarketTable::slot_of(std::string_view symbol) const noexcept {
  const Start start = start_of(symbol);
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash_of(start, symbol.size()) & mask;
  for (; slots_[i].length != 0; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.length != symbol.size() || slot.start != start) continue;
    if (symbol.size() <= sizeof start || symbols_[slot.market] == symbol) break;
  }
  return i;
}

const Market* MarketTable::look_up(std::string_view symbol) const noexcept {
  if (symbol.empty()) return nullptr;
  const Slot& slot = slots_[slot_of(symbol)];
  return slot.length == 0 ? nullptr : &markets_[slot.market];
}

const Market* MarketTable::learn(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > kSymbolMax) return nullptr;
  const auto number = static_cast<std::uint32_t>(markets_.size());
  Market market;
  market.instrument = InstrumentId::from_raw(number);
  market.first_source = number;
  market.sources = 1;
  sources_.push_back({SourceId::from_raw(number), reference::SourceField::index, kNoPriceMax});
  insert(symbol, market);
  return &markets_.back();
}

void MarketTable::insert(std::string_view symbol, Market market) {
  if (symbol.empty()) return;
  if (2 * (markets_.size() + 1) > slots_.size()) grow();
  market.index = static_cast<std::uint32_t>(markets_.size());
  slots_[slot_of(symbol)] = {start_of(symbol), static_cast<std::uint32_t>(symbol.size()),
                             market.index};
  markets_.push_back(market);
  symbols_.emplace_back(symbol);
  symbols_.back().reserve(symbol.size() + sizeof(Start));
}

void MarketTable::grow() {
  slots_.assign(2 * slots_.size(), Slot{});
  for (const Market& market : markets_) {
    const std::string& symbol = symbols_[market.index];
    slots_[slot_of(symbol)] = {start_of(symbol), static_cast<std::uint32_t>(symbol.size()),
                               market.index};
  }
}

}  // namespace plimsoll::feeds
