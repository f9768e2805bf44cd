#include "engine/configuration/inputs_reader.hpp"

#include <algorithm>

#include "engine/configuration/account_line.hpp"
#include "engine/configuration/input_fields.hpp"
#include "engine/configuration/input_signature.hpp"
#include "engine/configuration/line_reader.hpp"

namespace plimsoll::configuration {
namespace {

static_assert(LineReader::kPadding >= InputJsonParser::kPadding);

class InputsReader {
 public:
  explicit InputsReader(const InputContext& context) : context_{context} {}

  /// False: `fault` says why not.
  [[nodiscard]] bool read(std::string_view line, Input& input, InputFault& fault) {
    if (!parser_.parse(line, values_, fault)) return false;
    const JsonScalar* kind = use("input", fault);
    if (kind == nullptr) return false;
    const JsonScalar* time = use("time", fault);
    if (time == nullptr || !read_time(*time, input.time, fault)) return false;
    if (!make_input(kind->text, context_, values_, input.body, fault)) return false;
    if (!check_signature(input, fault)) return false;
    for (const JsonScalar& value : values_) {
      if (value.used) continue;
      fault = {quote(value.key), {}, "unknown key"};
      return false;
    }
    last_ = input.time;
    return true;
  }

 private:
  [[nodiscard]] const JsonScalar* use(std::string_view key, InputFault& fault) {
    for (JsonScalar& value : values_) {
      if (value.key != key) continue;
      value.used = true;
      return &value;
    }
    fault = {std::string{key}, {}, "is missing"};
    return nullptr;
  }

  [[nodiscard]] bool read_time(const JsonScalar& scalar, EventTime& time, InputFault& fault) const {
    const std::optional<EventTime> read = read_instant(scalar, context_.start);
    time = read.value_or(EventTime{});
    const char* reason = read ? nullptr : kInstantRule;
    if (read && time < last_) reason = "is before that of the line above";
    if (reason == nullptr) return true;
    fault = {"time", scalar.quoted ? quote(scalar.text) : std::string{scalar.text}, reason};
    return false;
  }

  /// What only an operator may say carries his signature.
  [[nodiscard]] bool check_signature(const Input& input, InputFault& fault) {
    const std::optional<OperatorId> by = signer_of(input.body);
    if (!by) return true;
    if (!has_fixed_times(values_, fault)) return false;
    const JsonScalar* signature = use("signature", fault);
    if (signature == nullptr) return false;
    const Operator& who = context_.operators[by->raw() - 1];
    if (signature->quoted && is_signature(signature->text, who.key, input.body, input.time)) {
      return true;
    }
    fault = {"signature", quote(signature->text),
             "is not that of " + quote(who.name) + " for this input"};
    return false;
  }

  InputContext context_;
  EventTime last_;
  InputJsonParser parser_;
  std::vector<JsonScalar> values_;
};

}  // namespace

InputsResult read_inputs(const std::string& path, const reference::Reference& reference,
                         EventTime start, const std::vector<Operator>& operators,
                         std::size_t errors_max) {
  InputsResult result;
  InputsReader reader{{reference, operators, start}};
  LineReader lines{path};
  std::string_view line;
  while (result.errors.size() < errors_max) {
    const LineReader::Step step = lines.next(line);
    if (step == LineReader::Step::end) break;
    const std::size_t number = lines.is_open() ? lines.line_number() : 0;
    if (step == LineReader::Step::failed) {
      result.errors.push_back({path, number, 0, {}, {}, lines.error()});
      break;
    }
    if (step == LineReader::Step::too_long) {
      result.errors.push_back({path, number, 0, {}, {}, "is longer than 1 MiB"});
      continue;
    }
    if (is_blank(line)) continue;
    Input input;
    InputFault fault;
    if (reader.read(line, input, fault)) {
      result.inputs.push_back(input);
      continue;
    }
    if (fault.field.empty()) fault.value = quote(line);
    result.errors.push_back(
        {path, number, 0, std::move(fault.field), std::move(fault.value), std::move(fault.reason)});
  }
  return result;
}

OperatorInput read_operator_input(const std::string& line, const reference::Reference& reference,
                                  const std::vector<Operator>& operators) {
  const std::string padded = line + std::string(InputJsonParser::kPadding, ' ');
  OperatorInput result;
  InputFault fault;
  InputsReader reader{{reference, operators, {}}};
  if (!reader.read({padded.data(), line.size()}, result.input, fault)) {
    result.error = fault.field.empty() ? quote(line) : fault.field;
    if (!fault.value.empty()) result.error += " = " + fault.value;
    result.error += ": " + fault.reason;
  } else if (!signer_of(result.input.body)) {
    result.error = "input: is not one that an operator says";
  }
  return result;
}

}  // namespace plimsoll::configuration
