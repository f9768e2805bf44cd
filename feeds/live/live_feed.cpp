#include "feeds/live/live_feed.hpp"

#include <utility>

namespace plimsoll::feeds::live {

void LiveFeed::on_message(std::string_view venue, EventTime received,
                          std::string_view text) noexcept {
  put({LiveLine::Kind::message, received, std::string{venue}, std::string{text}});
}

void LiveFeed::on_link(const LinkEvent& event) noexcept {
  if (event.change != LinkChange::disconnected) return;
  put({LiveLine::Kind::interruption, event.time, std::string{event.venue},
       std::string{event.reason}});
}

void LiveFeed::put(LiveLine line) {
  std::unique_lock lock{mutex_};
  changed_.wait(
      lock, [&] { return closed_ || lines_.empty() || bytes_ + line.text.size() <= bytes_max_; });
  if (closed_) return;
  bytes_ += line.text.size();
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

LiveStep LiveFeed::next(LiveLine& line, std::chrono::milliseconds max) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, max, [&] { return closed_ || !lines_.empty(); });
  if (lines_.empty()) return closed_ ? LiveStep::end : LiveStep::nothing_yet;
  line = std::move(lines_.front());
  lines_.pop_front();
  bytes_ -= line.text.size();
  changed_.notify_all();
  return LiveStep::ready;
}

void LiveFeed::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

}  // namespace plimsoll::feeds::live
