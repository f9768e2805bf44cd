#include "engine/runtime/inbox.hpp"

#include <concurrentqueue/concurrentqueue.h>

#include "engine/platform/thread.hpp"

namespace plimsoll::runtime {

struct Inbox::Queue {
  explicit Queue(std::size_t capacity) : inputs{capacity}, consumer{inputs} {}
  moodycamel::ConcurrentQueue<Arrival> inputs;
  moodycamel::ConsumerToken consumer;
};

struct Inbox::Producer::Token {
  explicit Token(moodycamel::ConcurrentQueue<Arrival>& queue) : token{queue} {}
  moodycamel::ProducerToken token;
};

Inbox::Inbox(std::size_t capacity)
    : queue_{std::make_unique<Queue>(capacity)}, capacity_{capacity} {}
Inbox::~Inbox() = default;

Inbox::Producer::Producer(Inbox& inbox, std::unique_ptr<Token> token)
    : inbox_{inbox}, token_{std::move(token)} {}
Inbox::Producer::~Producer() = default;
Inbox::Producer::Producer(Producer&&) noexcept = default;

Inbox::Producer Inbox::make_producer() {
  return {*this, std::make_unique<Producer::Token>(queue_->inputs)};
}

bool Inbox::Producer::push(std::span<const Arrival> arrivals) {
  for (platform::Backoff backoff; !try_push(arrivals); backoff.wait()) {
    if (inbox_.closed_.load(std::memory_order_acquire)) return false;
  }
  return true;
}

bool Inbox::Producer::try_push(std::span<const Arrival> arrivals) {
  if (inbox_.closed_.load(std::memory_order_acquire)) return false;
  // Several producers may see the same room: it is taken before it is used.
  const std::size_t count = arrivals.size();
  if (inbox_.waiting_.fetch_add(count, std::memory_order_acquire) + count > inbox_.capacity_) {
    inbox_.waiting_.fetch_sub(count, std::memory_order_relaxed);
    return false;
  }
  return inbox_.queue_->inputs.enqueue_bulk(token_->token, arrivals.data(), count);
}

std::size_t Inbox::pop(std::span<Arrival> into) {
  const std::size_t count =
      queue_->inputs.try_dequeue_bulk(queue_->consumer, into.data(), into.size());
  if (count > 0) waiting_.fetch_sub(count, std::memory_order_release);
  return count;
}

}  // namespace plimsoll::runtime
