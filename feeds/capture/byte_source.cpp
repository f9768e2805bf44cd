#include "feeds/capture/byte_source.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/assert.hpp"

namespace plimsoll::feeds {

ByteSource::ByteSource(const std::string& path, std::size_t read_size)
    : file_{path}, buffer_(std::max(read_size, kMagicLength)) {
  PLIMSOLL_ASSERT(read_size > 0);
  refill();
  decoder_ = make_decoder(input_.first(std::min(input_.size(), kMagicLength)));
}

std::size_t ByteSource::read(std::span<char> output) {
  PLIMSOLL_ASSERT(!output.empty());
  while (!failure_) {
    if (input_.empty() && !output_was_full_) refill();
    if (failure_) break;
    const bool at_end = input_.empty() && !output_was_full_;
    if (at_end) {
      if (!decoder_->may_end()) fail(std::string{decoder_->name()} + " ends in the middle");
      break;
    }
    const Decoded decoded = decoder_->decode(input_, output);
    input_ = input_.subspan(decoded.consumed);
    output_was_full_ = decoded.produced == output.size();
    if (decoded.failure != nullptr) {
      fail("corrupt " + std::string{decoder_->name()} + ": " + decoded.failure);
    }
    if (decoded.produced > 0) return decoded.produced;
  }
  return 0;
}

void ByteSource::refill() {
  const std::size_t size = file_.read(buffer_);
  input_ = std::span<const char>{buffer_}.first(size);
  if (file_.failure()) fail(*file_.failure());
}

}  // namespace plimsoll::feeds
