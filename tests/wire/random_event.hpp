#pragma once

#include <array>
#include <cstdint>
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

template <std::size_t Kind = 0>
EventBody random_body(std::size_t kind) {
  if constexpr (Kind < std::variant_size_v<EventBody>) {
    if (kind != Kind) return random_body<Kind + 1>(kind);
    std::variant_alternative_t<Kind, EventBody> body{};
    for_each_field(body, RandomField{});
    return body;
  } else {
    throw std::out_of_range{"no such kind of event"};
  }
}

inline Event random_event(std::size_t kind) {
  Event event{};
  for_each_field(event.header, RandomField{});
  event.body = random_body(kind);
  return event;
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
