#include "engine/cli/step_gate.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include <poll.h>
#include <unistd.h>

namespace plimsoll::cli {
namespace {

constexpr int kStopLatency_ms = 20;

/// How many inputs a line lets through: its number, else one.
std::uint64_t count_of(std::string_view line) {
  std::uint64_t count = 0;
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), count);
  const bool whole = error == std::errc{} && rest == line.data() + line.size();
  return whole ? count : 1;
}

}  // namespace

bool StepGate::wait() {
  while (allowed_ == 0) {
    if (!read_more()) return false;
    take_lines();
  }
  --allowed_;
  return true;
}

bool StepGate::read_more() {
  while (!stop_->load(std::memory_order_relaxed)) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, kStopLatency_ms) <= 0) continue;
    std::array<char, 256> buffer{};
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) return false;
    text_.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
  }
  return false;
}

void StepGate::take_lines() {
  for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
    allowed_ += count_of(std::string_view{text_}.substr(0, end));
    text_.erase(0, end + 1);
  }
}

}  // namespace plimsoll::cli
