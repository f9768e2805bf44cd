#include "tests/support/describe.hpp"

#include <type_traits>

namespace plimsoll::support {
namespace {

template <class T>
std::string text_of(const T& value) {
  if constexpr (requires { value.raw(); }) {
    return std::to_string(value.raw());
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<int>(value));
  } else {
    return std::to_string(value);
  }
}

template <class Message>
std::string fields_of(const Message& message) {
  std::string text;
  for_each_field(message, [&](const char* name, const auto& value) {
    text += std::string{" "} + name + "=" + text_of(value);
  });
  return text;
}

}  // namespace

std::string describe(const Event& event) {
  return std::string{event_kind_name(kind_of(event))} + fields_of(event.header) + " |" +
         std::visit([](const auto& body) { return fields_of(body); }, event.body);
}

std::string describe(const Input& input) {
  return std::string{input_kind_name(kind_of(input))} + " sequence=" + text_of(input.sequence) +
         " time=" + text_of(input.time) + " origin=" + text_of(input.origin) + " |" +
         std::visit([](const auto& body) { return fields_of(body); }, input.body);
}

}  // namespace plimsoll::support
