#include "feeds/venue/binance/symbol_table.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "engine/base/hash.hpp"

namespace plimsoll::feeds::binance {
namespace {

/// Eight bytes at a time; a symbol has rarely more than two such words.
std::uint64_t hash_of(std::string_view symbol) noexcept {
  std::uint64_t hash = symbol.size();
  while (!symbol.empty()) {
    const std::size_t length = std::min(symbol.size(), sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, symbol.data(), length);
    hash = mix_bits(hash ^ word);
    symbol.remove_prefix(length);
  }
  return hash;
}

}  // namespace

SymbolTable::SymbolTable(const reference::Reference& reference)
    : slots_(std::bit_ceil(2 * reference.instruments.size() + 2)), mask_{slots_.size() - 1} {
  std::uint32_t id = 0;
  for (const reference::Instrument& instrument : reference.instruments) {
    slots_[index_of(instrument.symbol)] = {instrument.symbol,
                                           {InstrumentId::from_raw(id++), instrument.price_max}};
    length_max_ = std::max(length_max_, instrument.symbol.size());
  }
}

const Listing* SymbolTable::find(std::string_view symbol) const noexcept {
  if (symbol.empty() || symbol.size() > length_max_) return nullptr;
  const Slot& slot = slots_[index_of(symbol)];
  return slot.symbol.empty() ? nullptr : &slot.listing;
}

std::size_t SymbolTable::index_of(std::string_view symbol) const noexcept {
  std::size_t i = hash_of(symbol) & mask_;
  while (!slots_[i].symbol.empty() && slots_[i].symbol != symbol) i = (i + 1) & mask_;
  return i;
}

}  // namespace plimsoll::feeds::binance
