#include "feeds/live/client.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "engine/base/assert.hpp"
#include "feeds/live/connection.hpp"
#include "feeds/live/tls.hpp"

namespace plimsoll::feeds::live {

class Client::Thread {
 public:
  Thread(std::vector<ConnectionPlan> plans, const ClientSettings& settings,
         std::unique_ptr<boost::asio::ssl::context> tls, Sink& sink)
      : tls_{std::move(tls)} {
    const Connection::Surroundings around{context_, tls_.get(), resolver_, sink};
    std::uint64_t seed = settings.seed;
    for (ConnectionPlan& plan : plans) {
      connections_.emplace_back(around, std::move(plan), settings, seed++);
    }
    // Before the thread, so that a stop() cannot come first.
    boost::asio::post(context_, [this] {
      for (Connection& connection : connections_) connection.start();
    });
    thread_ = std::thread{[this] { run(); }};
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
  ~Thread() { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(context_, [this] {
      for (Connection& connection : connections_) connection.stop();
      work_.reset();
    });
    thread_.join();
  }

 private:
  void run() {
    for (bool done = false; !done;) {
      try {
        context_.run();
        done = true;
      } catch (const std::exception& error) {  // no memory, most likely
        for (Connection& connection : connections_) connection.break_off(error.what());
      }
    }
  }

  std::unique_ptr<boost::asio::ssl::context> tls_;
  boost::asio::io_context context_{1};  // handlers die with it, after what they refer to
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  Resolver resolver_{context_};
  std::deque<Connection> connections_;
  std::thread thread_;  // last: it uses all the others
};

StartedClient Client::start(std::vector<ConnectionPlan> plans, const ClientSettings& settings,
                            Sink& sink) {
  PLIMSOLL_ASSERT(!plans.empty());
  TlsContext tls;
  const auto is_secure = [](const ConnectionPlan& plan) { return plan.url.secure; };
  if (std::any_of(plans.begin(), plans.end(), is_secure)) {
    tls = make_client_tls(settings.ca_file);
    if (!tls.context) return {nullptr, std::move(tls.error)};
  }
  auto thread = std::make_unique<Thread>(std::move(plans), settings, std::move(tls.context), sink);
  return {std::unique_ptr<Client>{new Client{std::move(thread)}}, {}};
}

Client::Client(std::unique_ptr<Thread> thread) : thread_{std::move(thread)} {}

Client::~Client() = default;

void Client::stop() {
  thread_->stop();
}

}  // namespace plimsoll::feeds::live
