#pragma once

#include <tuple>
#include <variant>

#include "engine/message/input.hpp"

namespace plimsoll::configuration {

template <class Body>
bool same_body(const Body& a, const Body& b) {
  return std::apply(
      [&](const auto&... field) { return ((a.*field.member == b.*field.member) && ...); },
      Body::fields());
}

/// Are two inputs the same, field by field?
inline bool same_input(const InputBody& a, const InputBody& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& body) { return same_body(body, std::get<std::decay_t<decltype(body)>>(b)); },
      a);
}

}  // namespace plimsoll::configuration
