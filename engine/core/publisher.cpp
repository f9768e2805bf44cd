#include "engine/core/publisher.hpp"

#include <algorithm>

#include "engine/core/event_order.hpp"

namespace plimsoll::core {

Publisher::Publisher(std::size_t sources) : sources_(sources) {
  for (Source& source : sources_) source.events.reserve(kEventsAtStart);
  gathered_.reserve(kEventsAtStart);
  order_.reserve(kEventsAtStart);
  published_.reserve(kEventsAtStart);
}

bool Publisher::next_cause(Sequence through, Sequence& cause) const noexcept {
  bool found = false;
  for (const Source& source : sources_) {
    if (source.taken == source.events.size()) continue;
    const Sequence first = source.events[source.taken].header.cause;
    if (first > through || (found && first >= cause)) continue;
    cause = first;
    found = true;
  }
  return found;
}

void Publisher::publish_cause(Sequence cause) {
  gathered_.clear();
  order_.clear();
  for (Source& source : sources_) {
    while (source.taken < source.events.size() &&
           source.events[source.taken].header.cause == cause) {
      order_.push_back(static_cast<std::uint32_t>(gathered_.size()));
      gathered_.push_back(source.events[source.taken++]);
    }
  }
  // Sorted by place: events are long, and equal ones stay as they came without a second buffer.
  std::sort(order_.begin(), order_.end(), [this](std::uint32_t a, std::uint32_t b) {
    if (published_before(gathered_[a], gathered_[b])) return true;
    return a < b && !published_before(gathered_[b], gathered_[a]);
  });
  for (const std::uint32_t place : order_) {
    last_ = EventNumber::from_raw(last_.raw() + 1);
    published_.push_back(gathered_[place]);
    published_.back().header.number = last_;
  }
}

void Publisher::release(Sequence through) {
  Sequence cause;
  while (next_cause(through, cause)) publish_cause(cause);
  for (Source& source : sources_) {
    if (source.taken != source.events.size()) continue;
    source.events.clear();
    source.taken = 0;
  }
}

}  // namespace plimsoll::core
