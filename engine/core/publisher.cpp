#include "engine/core/publisher.hpp"

#include <algorithm>

#include "engine/core/event_order.hpp"

namespace plimsoll::core {

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
  const std::size_t begin = published_.size();
  for (Source& source : sources_) {
    while (source.taken < source.events.size() &&
           source.events[source.taken].header.cause == cause) {
      published_.push_back(source.events[source.taken++]);
    }
  }
  const auto first = published_.begin() + static_cast<std::ptrdiff_t>(begin);
  std::stable_sort(first, published_.end(), published_before);
  for (auto event = first; event != published_.end(); ++event) {
    last_ = EventNumber::from_raw(last_.raw() + 1);
    event->header.number = last_;
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
