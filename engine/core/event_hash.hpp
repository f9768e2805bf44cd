#pragma once

#include <concepts>
#include <type_traits>

#include "engine/base/hash.hpp"
#include "engine/message/event.hpp"

namespace plimsoll::core {

/// A running hash over everything that events say, in their order: two runs with equal hashes said
/// the same. It covers every field of header and body.
class EventHash {
 public:
  void add(const Event& event) {
    hash_.add(kind_of(event));
    add_fields(event.header);
    std::visit([this](const auto& body) { add_fields(body); }, event.body);
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return hash_.value(); }

 private:
  template <class Message>
  void add_fields(const Message& message) {
    for_each_field(message, [this](const char* /*name*/, const auto& value) {
      if constexpr (requires { value.raw(); }) {
        hash_.add(static_cast<std::uint64_t>(value.raw()));
      } else {
        hash_.add(static_cast<std::uint64_t>(value));
      }
    });
  }

  RunningHash hash_;
};

}  // namespace plimsoll::core
