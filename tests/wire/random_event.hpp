#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include <rapidcheck.h>

#include "engine/base/fields.hpp"
#include "engine/message/event.hpp"
#include "engine/wire/sbe.hpp"

// Any event: any kind, any bits in any field.

namespace plimsoll::wire {

struct RandomField {
  template <class Member>
  void operator()(const char*, Member& member) const {
    member = from_wire<Member>(*rc::gen::arbitrary<WireInteger<Member>>());
  }
};

/// The kind of event with every field filled by fill(name, member).
template <std::size_t Kind = 0, class Fill>
EventBody filled_body(std::size_t kind, Fill& fill) {
  if constexpr (Kind < std::variant_size_v<EventBody>) {
    if (kind != Kind) return filled_body<Kind + 1>(kind, fill);
    std::variant_alternative_t<Kind, EventBody> body{};
    for_each_field(body, fill);
    return body;
  } else {
    throw std::out_of_range{"no such kind of event"};
  }
}

template <class Fill>
Event filled_event(std::size_t kind, Fill fill) {
  Event event{};
  for_each_field(event.header, fill);
  event.body = filled_body(kind, fill);
  return event;
}

inline Event random_event(std::size_t kind) {
  return filled_event(kind, RandomField{});
}

template <class Message>
bool same_fields(const Message& a, const Message& b) {
  return std::apply(
      [&](const auto&... field) { return ((a.*(field.member) == b.*(field.member)) && ...); },
      Message::fields());
}

inline bool same_event(const Event& a, const Event& b) {
  if (!same_fields(a.header, b.header) || a.body.index() != b.body.index()) return false;
  return std::visit(
      [&b](const auto& body) {
        return same_fields(body, std::get<std::remove_cvref_t<decltype(body)>>(b.body));
      },
      a.body);
}

}  // namespace plimsoll::wire
