#include "engine/log/record_check.hpp"

namespace plimsoll::log {
namespace {

std::string name_of(const Input& input) {
  return std::string{input_kind_name(kind_of(input))};
}

}  // namespace

bool same(const Input& a, const Input& b) {
  if (a.sequence != b.sequence || a.time != b.time || a.origin != b.origin ||
      a.body.index() != b.body.index()) {
    return false;
  }
  return std::visit(
      [&b](const auto& body) {
        using Body = std::remove_cvref_t<decltype(body)>;
        const Body& other = std::get<Body>(b.body);
        return std::apply(
            [&](const auto&... field) {
              return (... && (body.*(field.member) == other.*(field.member)));
            },
            Body::fields());
      },
      a.body);
}

void RecordCheck::diverge(Sequence at, const std::string& recorded, const std::string& made) {
  if (!divergence_.empty()) return;
  divergence_ = "at sequence " + std::to_string(at.raw()) + " the record holds " + recorded +
                ", the replay made " + made;
}

void RecordCheck::see(const Input& sequenced) {
  if (expected_.empty()) return diverge(sequenced.sequence, "nothing", name_of(sequenced));
  const Input recorded = expected_.front();
  expected_.pop_front();
  if (same(recorded, sequenced)) return;
  const bool kinds_differ = kind_of(recorded) != kind_of(sequenced);
  diverge(recorded.sequence, name_of(recorded),
          kinds_differ ? name_of(sequenced) : "one with other values");
}

void RecordCheck::finish() {
  if (!expected_.empty()) {
    diverge(expected_.front().sequence, name_of(expected_.front()), "nothing");
  }
}

}  // namespace plimsoll::log
