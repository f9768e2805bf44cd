#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace plimsoll::feeds::live {

/// Names to addresses, without holding up the end of the program: the system's resolver cannot be
/// interrupted, so each name is asked for on a thread that is left to itself. Handlers are called
/// on the io_context, and never after this is gone. Only for the thread that runs that.
class Resolver {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Resolved = std::function<void(Endpoints endpoints, const std::string& error)>;

  explicit Resolver(boost::asio::io_context& context);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// An address needs no asking. Never calls `resolved` before it returns.
  void resolve(const std::string& host, std::uint16_t port, Resolved resolved);

 private:
  struct Target;
  std::shared_ptr<Target> target_;
};

}  // namespace plimsoll::feeds::live
