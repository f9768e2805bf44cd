#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "engine/wire/commands.hpp"

namespace plimsoll::cli {

/// The stream of a stand-in for a matching engine, on disk, so that it survives the stand-in: each
/// message, and the number of the event that it answers. One thread.
///
///   file   magic "PLMCMD01" | name of the session, 10 bytes, blanks on the right | frames
///   frame  number of the event answered, 0: none (u64) | length (u16) | message
class CommandJournal {
 public:
  using Take = std::function<void(std::uint64_t answers, std::span<const std::byte> message)>;

  CommandJournal() = default;
  ~CommandJournal();
  CommandJournal(const CommandJournal&) = delete;
  CommandJournal& operator=(const CommandJournal&) = delete;

  /// Reads what is there, through `take`, and goes on after it; a frame that was cut off is cut
  /// away. A new file gets the session `session`. An error in words, or nothing.
  [[nodiscard]] std::string open(const std::string& path, const std::string& session,
                                 const Take& take);
  /// Writes a message. An error in words, or nothing.
  [[nodiscard]] std::string append(std::uint64_t answers, std::span<const std::byte> message);

  [[nodiscard]] const std::string& session() const noexcept { return session_; }

 private:
  std::string path_;
  std::string session_;
  int file_{-1};
};

}  // namespace plimsoll::cli
