#include "engine/lifecycle/deadlines.hpp"

#include <tuple>

#include "engine/base/assert.hpp"

namespace plimsoll::lifecycle {
namespace {

bool before(const Deadlines::Entry& a, const Deadlines::Entry& b) noexcept {
  return std::tuple{a.due, a.id} < std::tuple{b.due, b.id};
}

}  // namespace

Deadlines::Deadlines(std::size_t accounts) : places_(accounts) {
  heap_.reserve(accounts);
}

void Deadlines::add(const Entry& entry) {
  PLIMSOLL_ASSERT(places_[entry.account] == 0);
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
}

void Deadlines::remove(std::uint32_t account) {
  PLIMSOLL_ASSERT(places_[account] != 0);
  const std::size_t at = places_[account] - 1;
  places_[account] = 0;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (at == heap_.size()) return;
  if (at > 0 && before(last, heap_[(at - 1) / 2])) {
    sift_up(at, last);
  } else {
    sift_down(at, last);
  }
}

void Deadlines::place(std::size_t at, const Entry& entry) noexcept {
  heap_[at] = entry;
  places_[entry.account] = static_cast<std::uint32_t>(at + 1);
}

void Deadlines::sift_up(std::size_t at, Entry entry) noexcept {
  for (; at > 0 && before(entry, heap_[(at - 1) / 2]); at = (at - 1) / 2) {
    place(at, heap_[(at - 1) / 2]);
  }
  place(at, entry);
}

void Deadlines::sift_down(std::size_t at, Entry entry) noexcept {
  for (std::size_t child = 2 * at + 1; child < heap_.size(); child = 2 * at + 1) {
    if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
    if (!before(heap_[child], entry)) break;
    place(at, heap_[child]);
    at = child;
  }
  place(at, entry);
}

}  // namespace plimsoll::lifecycle
