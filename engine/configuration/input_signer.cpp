#include "engine/configuration/input_signer.hpp"

#include <algorithm>

#include "engine/configuration/input_fields.hpp"
#include "engine/configuration/input_signature.hpp"

namespace plimsoll::configuration {
namespace {

JsonScalar* find_value(std::vector<JsonScalar>& values, std::string_view key) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [key](const JsonScalar& value) { return value.key == key; });
  return found == values.end() ? nullptr : &*found;
}

bool refuse(InputFault& fault, std::string field, std::string reason) {
  fault = {std::move(field), {}, std::move(reason)};
  return false;
}

}  // namespace

struct InputSigner::Parts {
  const reference::Reference& reference;
  const std::vector<Operator>& operators;
  OperatorId who;
  std::string key;
  InputJsonParser parser{};
  std::vector<JsonScalar> values{};
  std::string padded{};

  [[nodiscard]] const std::string& name() const { return operators[who.raw() - 1].name; }

  /// What the line says, with this operator where it names none.
  [[nodiscard]] bool read(std::string_view line, Input& input, bool& names_one, InputFault& fault) {
    padded.assign(line).append(InputJsonParser::kPadding, ' ');
    if (!parser.parse(std::string_view{padded}.substr(0, line.size()), values, fault)) return false;
    JsonScalar* kind = find_value(values, "input");
    JsonScalar* time = find_value(values, "time");
    if (kind == nullptr) return refuse(fault, "input", "is missing");
    if (time == nullptr) return refuse(fault, "time", "is missing");
    const std::optional<EventTime> at = read_instant(*time, {});
    if (!at) {
      fault = {"time", quote(time->text), kInstantRule};
      return false;
    }
    input.time = *at;
    const std::string_view kind_name = kind->text;
    kind->used = time->used = true;
    names_one = find_value(values, "by") != nullptr;
    if (!names_one) values.push_back({"by", name(), true, false});
    return make_input(kind_name, {reference, operators, {}}, values, input.body, fault);
  }

  [[nodiscard]] bool is_whole(bool names_one, InputFault& fault) const {
    for (const JsonScalar& value : values) {
      const bool allowed =
          value.used || value.key == "signature" || (value.key == "by" && !names_one);
      if (!allowed) return refuse(fault, quote(value.key), "unknown key");
    }
    return true;
  }

  /// Appends the line with what it lacks before its last brace.
  void append(std::string_view line, bool names_one, const Input& input, std::string& out) const {
    out.append(line.substr(0, line.rfind('}')));
    if (!names_one) out.append(",\"by\":\"").append(name()).append("\"");
    out.append(",\"signature\":\"").append(signature_of(key, input.body, input.time)).append("\"}");
  }

  [[nodiscard]] bool sign(std::string_view line, std::string& out, InputFault& fault) {
    Input input;
    bool names_one = false;
    if (!read(line, input, names_one, fault) || !is_whole(names_one, fault)) return false;
    const std::optional<OperatorId> by = signer_of(input.body);
    if (!by || *by != who) {
      out.append(line);
      return true;
    }
    if (find_value(values, "signature") != nullptr) {
      return refuse(fault, "signature", "is there already");
    }
    if (!has_fixed_times(values, fault)) return false;
    append(line, names_one, input, out);
    return true;
  }
};

InputSigner::InputSigner(const reference::Reference& reference,
                         const std::vector<Operator>& operators, OperatorId who, std::string key)
    : parts_{new Parts{reference, operators, who, std::move(key)}} {}
InputSigner::~InputSigner() = default;

std::optional<Error> InputSigner::sign(std::string_view line, std::string& out) {
  InputFault fault;
  if (parts_->sign(line, out, fault)) return std::nullopt;
  if (fault.field.empty()) fault.value = quote(line);
  return Error{{}, 0, 0, std::move(fault.field), std::move(fault.value), std::move(fault.reason)};
}

}  // namespace plimsoll::configuration
