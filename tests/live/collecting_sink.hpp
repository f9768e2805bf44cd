#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "feeds/live/sink.hpp"

// What a client delivers, kept, and waited for.

namespace plimsoll::feeds::live::testing {

using std::chrono::milliseconds;

/// A LinkEvent as a value, with how many messages came before it.
struct Link {
  LinkChange change;
  EventTime time;
  EventTime since;
  std::string url;
  std::string reason;
  milliseconds retry_in{0};
  std::size_t messages_before{0};
};

class CollectingSink final : public Sink {
 public:
  void on_message(std::string_view venue, EventTime received,
                  std::string_view text) noexcept override;
  void on_link(const LinkEvent& event) noexcept override;

  /// Waits until there are so many; false when they do not come.
  [[nodiscard]] bool wait_for_messages(std::size_t count);
  [[nodiscard]] bool wait_for(LinkChange change, std::size_t count = 1);

  [[nodiscard]] std::vector<std::string> messages() const;
  [[nodiscard]] std::vector<EventTime> times() const;
  [[nodiscard]] std::vector<Link> links() const;
  [[nodiscard]] std::vector<Link> links(LinkChange change) const;

 private:
  static constexpr std::chrono::seconds kPatience{60};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::vector<EventTime> times_;
  std::vector<Link> links_;
};

}  // namespace plimsoll::feeds::live::testing
