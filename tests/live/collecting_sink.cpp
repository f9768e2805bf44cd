#include "tests/live/collecting_sink.hpp"

#include <algorithm>

namespace plimsoll::feeds::live::testing {

void CollectingSink::on_message(std::string_view /*venue*/, EventTime received,
                                std::string_view text) noexcept {
  const std::lock_guard lock{mutex_};
  messages_.emplace_back(text);
  times_.push_back(received);
  changed_.notify_all();
}

void CollectingSink::on_link(const LinkEvent& event) noexcept {
  const std::lock_guard lock{mutex_};
  links_.push_back({event.change, event.time, event.since, std::string{event.url},
                    std::string{event.reason}, event.retry_in, messages_.size()});
  changed_.notify_all();
}

bool CollectingSink::wait_for_messages(std::size_t count) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, kPatience, [&] { return messages_.size() >= count; });
}

bool CollectingSink::wait_for(LinkChange change, std::size_t count) {
  std::unique_lock lock{mutex_};
  const auto is_it = [&](const Link& link) { return link.change == change; };
  return changed_.wait_for(lock, kPatience, [&] {
    return static_cast<std::size_t>(std::count_if(links_.begin(), links_.end(), is_it)) >= count;
  });
}

std::vector<std::string> CollectingSink::messages() const {
  const std::lock_guard lock{mutex_};
  return messages_;
}

std::vector<EventTime> CollectingSink::times() const {
  const std::lock_guard lock{mutex_};
  return times_;
}

std::vector<Link> CollectingSink::links() const {
  const std::lock_guard lock{mutex_};
  return links_;
}

std::vector<Link> CollectingSink::links(LinkChange change) const {
  std::vector<Link> found;
  for (const Link& link : links()) {
    if (link.change == change) found.push_back(link);
  }
  return found;
}

}  // namespace plimsoll::feeds::live::testing
