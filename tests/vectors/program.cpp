#include "tests/vectors/program.hpp"

#include "tests/cli/process.hpp"

namespace plimsoll::vectors {

const Answer& Program::margin(const std::string& portfolio) {
  const auto [found, is_new] = answers_.try_emplace(portfolio);
  Answer& answer = found->second;
  if (!is_new) return answer;
  const std::string file = folder_.write("portfolio.toml", portfolio);
  const cli::testing::Finished finished = cli::testing::run({"margin", file, "--json"});
  answer.code = finished.code;
  answer.error = finished.err;
  if (finished.code != 0) return answer;
  const Json json = Json::parse(finished.out, nullptr, false);
  if (json.is_discarded() || !json.contains("accounts")) {
    answer.code = -1;
    answer.error = "no JSON of accounts: " + finished.out;
  } else {
    answer.accounts = json["accounts"];
  }
  return answer;
}

}  // namespace plimsoll::vectors
