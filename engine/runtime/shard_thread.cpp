#include "engine/runtime/shard_thread.hpp"

#include "engine/platform/thread.hpp"

namespace plimsoll::runtime {
namespace {

constexpr std::size_t kEventsCapacity = 1 << 14;

}  // namespace

ShardThread::ShardThread(core::Shard& shard, std::size_t reader, Inputs& inputs,
                         std::optional<unsigned> processor)
    : shard_{shard}, reader_{reader}, inputs_{inputs}, events_{kEventsCapacity} {
  buffer_.reserve(kEventsCapacity);
  thread_ = std::thread{[this, processor] { run(processor); }};
}

ShardThread::~ShardThread() {
  stop_.store(true, std::memory_order_release);
  thread_.join();
}

void ShardThread::run(std::optional<unsigned> processor) {
  if (processor) platform::pin_current_thread(*processor);
  for (std::uint64_t number = 1;; ++number) {
    const core::Sequenced* sequenced = inputs_.read(number);
    for (platform::Backoff backoff; sequenced == nullptr; sequenced = inputs_.read(number)) {
      if (stop_.load(std::memory_order_acquire)) return;
      backoff.wait();
    }
    shard_.apply(*sequenced, buffer_);
    push_events();
    if (!sequenced->more) {
      applied_.store(sequenced->input.sequence.raw(), std::memory_order_release);
    }
    inputs_.done(reader_, number);
  }
}

void ShardThread::push_events() {
  for (const Event& event : buffer_) {
    for (platform::Backoff backoff; !events_.try_push(event);) backoff.wait();
  }
  buffer_.clear();
}

}  // namespace plimsoll::runtime
