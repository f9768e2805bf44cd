#include "feeds/live/resolver.hpp"

#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <netdb.h>

namespace plimsoll::feeds::live {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct FreeList {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// Asks the system. An error in words, or nothing.
std::string look_up(const std::string& host, std::uint16_t port, Resolver::Endpoints& endpoints) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, FreeList> list{found};
  if (code != 0) return ::gai_strerror(code);
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    tcp::endpoint endpoint;
    if (entry->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(entry->ai_addrlen);
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoint.port(port);
    endpoints.push_back(endpoint);
  }
  return endpoints.empty() ? "has no address" : "";
}

}  // namespace

/// Where answers go, shared with the threads that look for them.
struct Resolver::Target {
  std::mutex mutex;
  asio::io_context* context;  // null when nobody wants them any more

  void deliver(Resolved resolved, Endpoints endpoints, std::string error) {
    const std::lock_guard lock{mutex};
    if (context == nullptr) return;
    asio::post(*context, [resolved = std::move(resolved), endpoints = std::move(endpoints),
                          error = std::move(error)] { resolved(endpoints, error); });
  }
};

Resolver::Resolver(asio::io_context& context) : target_{std::make_shared<Target>()} {
  target_->context = &context;
}

Resolver::~Resolver() {
  const std::lock_guard lock{target_->mutex};
  target_->context = nullptr;
}

void Resolver::resolve(const std::string& host, std::uint16_t port, Resolved resolved) {
  boost::system::error_code not_address;
  const auto address = asio::ip::make_address(host, not_address);
  if (!not_address) return target_->deliver(std::move(resolved), {{address, port}}, {});
  const auto ask = [target = target_, host, port, resolved] {
    Endpoints endpoints;
    const std::string error = look_up(host, port, endpoints);
    target->deliver(resolved, std::move(endpoints), error);
  };
  try {
    std::thread{ask}.detach();
  } catch (const std::system_error& error) {
    target_->deliver(std::move(resolved), {}, error.what());
  }
}

}  // namespace plimsoll::feeds::live
