#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feeds/live/capture_server.hpp"
#include "feeds/live/client.hpp"
#include "tests/live/certificates.hpp"

// A venue on this machine, and clients for it.

namespace plimsoll::feeds::live::testing {

/// A folder of its own, removed with all that is in it.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  [[nodiscard]] std::string at(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& content) const;

 private:
  std::string path_;
};

/// Messages of all sizes and letters, `count` of them, no two alike.
[[nodiscard]] std::vector<std::string> some_messages(std::size_t count);

/// A capture of them, a millisecond apart.
[[nodiscard]] std::string capture_of(const std::vector<std::string>& messages);

/// Starts; a failure is an exception.
[[nodiscard]] std::unique_ptr<CaptureServer> serve(const ServerSettings& settings);
[[nodiscard]] std::unique_ptr<Client> follow(const ConnectionPlan& plan, Sink& sink,
                                             const ClientSettings& settings);

/// Retries at once, and takes its time for nothing.
[[nodiscard]] ClientSettings impatient();

/// A plan that subscribes with one message.
[[nodiscard]] ConnectionPlan plan_for(const std::string& url);
[[nodiscard]] ConnectionPlan plan_for(std::uint16_t port);

/// Open descriptors of this process.
[[nodiscard]] std::size_t open_descriptors();

}  // namespace plimsoll::feeds::live::testing
