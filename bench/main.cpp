// plimsoll-bench [NAME] [--json FILE] [--quick] [--accounts N] [--market TEXT]: the measurements of
// bench/README.md.

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>

#include "bench/benches.hpp"

namespace {

using plimsoll::bench::Row;
using plimsoll::bench::Settings;

int usage() {
  std::cerr
      << "usage: plimsoll-bench [bands|touch|start|ticks|hops|wire|feeds] [--json FILE] [--quick] "
         "[--accounts N] [--market TEXT]\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace plimsoll::bench;  // NOLINT(google-build-using-namespace)
  const std::map<std::string, std::function<std::vector<Row>(const Settings&)>> benches{
      {"bands", bench_bands}, {"feeds", bench_feeds}, {"hops", bench_hops}, {"start", bench_start},
      {"ticks", bench_ticks}, {"touch", bench_touch}, {"wire", bench_wire}};
  Settings settings;
  if (const char* data = std::getenv("PLIMSOLL_DATA")) settings.data = data;
  std::string wanted;
  std::string json;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      settings.quick = true;
      settings.pairs = 3;
    } else if (std::strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
      json = argv[++i];
    } else if (std::strcmp(argv[i], "--market") == 0 && i + 1 < argc) {
      settings.market = argv[++i];
    } else if (std::strcmp(argv[i], "--accounts") == 0 && i + 1 < argc) {
      settings.accounts = std::strtoull(argv[++i], nullptr, 10);
      if (settings.accounts == 0) return usage();
    } else if (benches.contains(argv[i])) {
      wanted = argv[i];
    } else {
      return usage();
    }
  }
  std::vector<Row> rows;
  for (const auto& [name, run] : benches) {
    if (!wanted.empty() && name != wanted) continue;
    for (Row& row : run(settings)) rows.push_back(std::move(row));
  }
  print_table(rows, std::cout);
  if (json.empty()) return 0;
  std::ofstream file{json};
  print_json(rows, file);
  if (!file.flush()) {
    std::cerr << "plimsoll-bench: " << json << ": cannot be written\n";
    return 4;
  }
  return 0;
}
