#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feeds/live/client_settings.hpp"
#include "feeds/live/connection_plan.hpp"
#include "feeds/live/sink.hpp"

namespace plimsoll::feeds::live {

struct StartedClient;

/// Live connections to venues, all on one thread of their own, which calls the sink. It knows
/// nothing of what messages mean, of the engine, or of files. Nothing throws: what goes wrong is
/// an event that names the URL and the reason, and is tried again for as long as the client lives.
class Client {
 public:
  /// Opens the plans; no client and an error when the certificates to trust cannot be read. The
  /// sink must outlive the client. REQUIRES: at least one plan.
  [[nodiscard]] static StartedClient start(std::vector<ConnectionPlan> plans,
                                           const ClientSettings& settings, Sink& sink);
  /// stop().
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Says goodbye to the venues and ends the thread, within goodbye_max and a little. Afterwards
  /// the sink is not called any more. Not from the sink.
  void stop();

 private:
  class Thread;
  explicit Client(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

/// A client, or why there is none.
struct StartedClient {
  std::unique_ptr<Client> client;
  std::string error;
};

}  // namespace plimsoll::feeds::live
