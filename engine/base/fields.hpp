#pragma once

#include <tuple>
#include <utility>

// A plain struct names its fields once, in wire order:
//
//   static constexpr auto fields() { return std::tuple{Field{"account", &Fill::account}, ...}; }
//
// The record, the wire, JSON, hashing and comparison are all written over that list, so that no
// two of them can disagree about what a message holds.

namespace plimsoll {

/// One named member of a plain struct.
template <class Struct, class Member>
struct Field {
  const char* name;
  Member Struct::*member;
};
template <class Struct, class Member>
Field(const char*, Member Struct::*) -> Field<Struct, Member>;

/// Calls visit(name, value) for each field of `message`, in wire order.
template <class Message, class Visit>
constexpr void for_each_field(Message& message, Visit&& visit) {
  std::apply([&](const auto&... field) { (visit(field.name, message.*(field.member)), ...); },
             std::remove_cvref_t<Message>::fields());
}

}  // namespace plimsoll
