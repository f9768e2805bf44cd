#include "engine/runtime/flight_recorder.hpp"

#include <cerrno>
#include <span>

#include <unistd.h>

#include "engine/log/flight_format.hpp"

namespace plimsoll::runtime {
namespace {

/// Collects frames on the stack and writes them in few calls.
class FrameWriter {
 public:
  explicit FrameWriter(int descriptor) noexcept : descriptor_{descriptor} {}

  void put(std::span<const std::byte> bytes) noexcept {
    if (size_ + bytes.size() > buffer_.size()) flush();
    std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void put(char what, std::span<const std::byte> payload) noexcept {
    const std::array<std::byte, 2> header{static_cast<std::byte>(what),
                                          static_cast<std::byte>(payload.size())};
    put(header);
    put(payload);
  }
  bool flush() noexcept {
    for (std::size_t written = 0; good_ && written < size_;) {
      const ssize_t count = ::write(descriptor_, buffer_.data() + written, size_ - written);
      if (count < 0 && errno == EINTR) continue;
      good_ = count > 0;
      if (good_) written += static_cast<std::size_t>(count);
    }
    size_ = 0;
    return good_;
  }

 private:
  std::array<std::byte, 16'384> buffer_{};
  std::size_t size_{0};
  int descriptor_;
  bool good_{true};
};

template <class Item, class Put>
void write_items(const LastItems<Item>& items, char what, FrameWriter& out, Put put) noexcept {
  const std::uint64_t end = items.added();
  const std::uint64_t begin = end > items.capacity() ? end - items.capacity() : 0;
  for (std::uint64_t number = begin; number < end; ++number) {
    Item item{};
    if (!items.read(number, item)) continue;  // the engine has gone on
    log::PayloadWriter payload;
    put(item, payload);
    out.put(what, payload.bytes());
  }
}

}  // namespace

bool FlightRecorder::write(int descriptor) const noexcept {
  FrameWriter out{descriptor};
  out.put(std::as_bytes(std::span{log::kFlightMagic}));
  write_items(inputs_, 'I', out, log::put_input);
  write_items(events_, 'E', out, log::put_event);
  return out.flush();
}

}  // namespace plimsoll::runtime
