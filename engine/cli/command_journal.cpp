#include "engine/cli/command_journal.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace plimsoll::cli {
namespace {

constexpr std::string_view kMagic = "PLMCMD01";
constexpr std::size_t kSessionSize = 10;
constexpr std::size_t kHeaderSize = kMagic.size() + kSessionSize;
constexpr std::size_t kFrameHeaderSize = 10;

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Gives each whole frame to `take`; returns where they end.
std::size_t read_frames(const std::string& text, const CommandJournal::Take& take) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span{text});
  std::size_t at = kHeaderSize;
  while (bytes.size() - at >= kFrameHeaderSize) {
    std::uint64_t answers = 0;
    std::uint16_t length = 0;
    std::memcpy(&answers, bytes.data() + at, sizeof answers);
    std::memcpy(&length, bytes.data() + at + sizeof answers, sizeof length);
    if (bytes.size() - at - kFrameHeaderSize < length) break;
    take(answers, bytes.subspan(at + kFrameHeaderSize, length));
    at += kFrameHeaderSize + length;
  }
  return at;
}

}  // namespace

CommandJournal::~CommandJournal() {
  if (file_ >= 0) ::close(file_);
}

std::string CommandJournal::open(const std::string& path, const std::string& session,
                                 const Take& take) {
  path_ = path;
  std::string text;
  if (std::ifstream existing{path, std::ios::binary}) {
    text.assign(std::istreambuf_iterator<char>{existing}, {});
  }
  if (!text.empty() && (text.size() < kHeaderSize || !text.starts_with(kMagic))) {
    return path + ": is not a journal of commands";
  }
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
  const auto failed = [&] { return path_ + ": cannot be written: " + std::strerror(errno); };
  if (file_ < 0) return failed();
  if (text.empty()) {
    session_ = session;
    std::string header{kMagic};
    header += session + std::string(kSessionSize - session.size(), ' ');
    return write_all(file_, header) ? "" : failed();
  }
  session_ = text.substr(kMagic.size(), kSessionSize);
  session_.resize(session_.find_last_not_of(' ') + 1);
  const auto end = static_cast<off_t>(read_frames(text, take));
  if (::ftruncate(file_, end) != 0 || ::lseek(file_, end, SEEK_SET) != end) return failed();
  return {};
}

std::string CommandJournal::append(std::uint64_t answers, std::span<const std::byte> message) {
  if (file_ < 0) return {};
  std::array<char, kFrameHeaderSize + wire::kCommandSizeMax> frame{};
  const auto length = static_cast<std::uint16_t>(message.size());
  std::memcpy(frame.data(), &answers, sizeof answers);
  std::memcpy(frame.data() + sizeof answers, &length, sizeof length);
  std::memcpy(frame.data() + kFrameHeaderSize, message.data(), message.size());
  if (write_all(file_, {frame.data(), kFrameHeaderSize + message.size()})) return {};
  return path_ + ": cannot be written: " + std::strerror(errno);
}

}  // namespace plimsoll::cli
