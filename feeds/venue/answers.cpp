#include "feeds/venue/answers.hpp"

#include <cstdint>

namespace plimsoll::feeds {
namespace {

/// The body of "<url> -> <time>: <body>"; empty for any other line.
std::string_view body_of(std::string_view line) {
  constexpr std::string_view kArrow = " -> ";
  constexpr std::string_view kColon = ": ";
  const std::size_t arrow = line.find(kArrow);
  // An arrow inside a message of the stream is no arrow after an address.
  if (arrow == std::string_view::npos ||
      line.substr(0, arrow).find(' ') != std::string_view::npos) {
    return {};
  }
  line.remove_prefix(arrow + kArrow.size());
  const std::size_t colon = line.find(kColon);
  if (colon == std::string_view::npos) return {};
  if (line.substr(0, colon).find_first_not_of("0123456789.") != std::string_view::npos) return {};
  return line.substr(colon + kColon.size());
}

}  // namespace

std::string place_of(const Answer& answer) {
  return answer.line == 0 ? answer.file : answer.file + ": line " + std::to_string(answer.line);
}

std::vector<Answer> split_answers(const std::string& file, std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (text[first] == '{' || text[first] == '[')) {
    return {{file, 0, std::string{text}}};
  }
  std::vector<Answer> answers;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view body = body_of(text.substr(0, end));
    if (!body.empty()) answers.push_back({file, number, std::string{body}});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return answers;
}

}  // namespace plimsoll::feeds
