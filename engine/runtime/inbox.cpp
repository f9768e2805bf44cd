#include "engine/runtime/inbox.hpp"

#include <concurrentqueue/concurrentqueue.h>

#include "engine/platform/thread.hpp"

namespace plimsoll::runtime {

struct Inbox::Queue {
  explicit Queue(std::size_t capacity) : inputs{capacity}, consumer{inputs} {}
  moodycamel::ConcurrentQueue<Input> inputs;
  moodycamel::ConsumerToken consumer;
};

struct Inbox::Producer::Token {
  explicit Token(moodycamel::ConcurrentQueue<Input>& queue) : token{queue} {}
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

bool Inbox::Producer::push(std::span<const Input> inputs) {
  for (platform::Backoff backoff;
       inbox_.waiting_.load(std::memory_order_acquire) + inputs.size() > inbox_.capacity_;) {
    if (inbox_.closed_.load(std::memory_order_acquire)) return false;
    backoff.wait();
  }
  if (inbox_.closed_.load(std::memory_order_acquire)) return false;
  inbox_.waiting_.fetch_add(inputs.size(), std::memory_order_relaxed);
  return inbox_.queue_->inputs.enqueue_bulk(token_->token, inputs.data(), inputs.size());
}

std::size_t Inbox::pop(std::span<Input> into) {
  const std::size_t count =
      queue_->inputs.try_dequeue_bulk(queue_->consumer, into.data(), into.size());
  if (count > 0) waiting_.fetch_sub(count, std::memory_order_release);
  return count;
}

}  // namespace plimsoll::runtime
