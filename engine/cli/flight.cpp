#include "engine/cli/flight.hpp"

#include <ostream>

#include "engine/cli/exit_code.hpp"
#include "engine/log/flight_format.hpp"
#include "engine/wire/event_text.hpp"

namespace plimsoll::cli {
namespace {

/// Fields as raw integers: the configuration that gives them names need not be at hand.
std::string json_of(const Input& input) {
  std::string text = "{\"input\":\"" + std::string{input_kind_name(kind_of(input))} + "\"";
  const auto add = [&text](const char* name, const auto& value) {
    text += ",\"" + std::string{name} + "\":" + std::to_string(log::raw_of(value));
  };
  add("sequence", input.sequence);
  add("time", input.time);
  add("origin", input.origin);
  std::visit([&](const auto& body) { for_each_field(body, add); }, input.body);
  return text + "}";
}

}  // namespace

int run_flight(const std::string& path, std::ostream& out, std::ostream& err) {
  const log::Flight flight = log::read_flight(path);
  if (!flight.error.empty()) {
    err << "plimsoll: " << flight.error << "\n";
    return kBadInput;
  }
  for (const Input& input : flight.inputs) out << json_of(input) << "\n";
  std::string text;
  for (const Event& event : flight.events) {
    text.clear();
    wire::append_event_json(event, text);
    out << text << "\n";
  }
  if (flight.cut_off) err << "plimsoll: " << path << ": ends within a frame\n";
  return kOk;
}

}  // namespace plimsoll::cli
