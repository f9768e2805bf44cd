#include "engine/core/event_order.hpp"

#include <algorithm>

#include "engine/value/integer.hpp"

namespace plimsoll::core {
namespace {

/// What orders events of one kind: margin level as a fraction, and deficit.
struct Severity {
  std::int64_t equity{0};
  std::int64_t maintenance{1};
  std::int64_t deficit{0};
};

Severity severity_of(const Event& event) noexcept {
  return std::visit(
      [](const auto& body) -> Severity {
        if constexpr (requires { body.equity, body.maintenance_margin; }) {
          return {body.equity.raw(), std::max<std::int64_t>(1, body.maintenance_margin.raw()),
                  std::max<std::int64_t>(0, -body.equity.raw())};
        } else {
          return {};
        }
      },
      event.body);
}

/// Deadline events carry their due time as trigger, without an instrument.
bool by_deadline(const Event& event) noexcept {
  return event.header.trigger_instrument == kNoInstrument && event.header.trigger_value != 0;
}

}  // namespace

bool published_before(const Event& a, const Event& b) noexcept {
  if (a.header.time != b.header.time) return a.header.time < b.header.time;
  if (by_deadline(a) != by_deadline(b)) return by_deadline(a);
  if (kind_of(a) != kind_of(b)) return kind_of(a) < kind_of(b);
  const Severity left = severity_of(a);
  const Severity right = severity_of(b);
  const Int128 left_level = Int128{left.equity} * right.maintenance;
  const Int128 right_level = Int128{right.equity} * left.maintenance;
  if (left_level != right_level) return left_level < right_level;
  if (left.deficit != right.deficit) return left.deficit > right.deficit;
  return a.header.account < b.header.account;
}

}  // namespace plimsoll::core
