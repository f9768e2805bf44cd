// Goal: the folders stay the architecture. Method: read every #include and compare it with the
// arrows and fences of the plan; then show that a planted violation of each kind is found.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

using Set = std::set<std::string>;

/// What each folder may include, besides itself. Arrows point one way: see engine/README.md.
const std::map<std::string, Set>& arrows() {
  static const std::map<std::string, Set> kArrows = [] {
    std::map<std::string, Set> direct{
        {"engine/base", {}},
        {"engine/value", {"engine/base"}},
        {"engine/message", {"engine/value"}},
        {"engine/reference", {"engine/value"}},
        {"engine/marks", {"engine/reference"}},
        {"engine/market", {"engine/marks", "engine/message"}},
        {"engine/ledger", {"engine/reference", "engine/message"}},
        {"engine/margin", {"engine/ledger", "engine/marks"}},
        {"engine/watch", {"engine/margin"}},
        {"engine/lifecycle", {"engine/margin", "engine/message"}},
        {"engine/house", {"engine/ledger", "engine/reference", "engine/message"}},
        {"engine/exchange", {"engine/marks", "engine/message"}},
        {"engine/core",
         {"engine/market", "engine/watch", "engine/lifecycle", "engine/house", "engine/exchange"}},
        {"engine/platform", {"engine/base"}},
        {"engine/configuration", {"engine/reference", "engine/message", "engine/platform"}},
        {"engine/log", {"engine/message", "engine/platform"}},
        {"engine/wire", {"engine/message"}},
        {"engine/runtime", {"engine/core", "engine/log", "engine/platform"}},
        {"engine/gateway", {"engine/wire", "engine/runtime"}},
        {"engine/service", {"engine/gateway", "engine/configuration", "feeds/live", "feeds/venue"}},
        {"engine/generate", {"engine/message", "engine/reference"}},
        {"feeds/text", {"engine/value"}},
        {"feeds/venue", {"engine/message", "engine/reference", "feeds/text"}},
        {"feeds/capture", {"feeds/text"}},
        {"feeds/replay", {"feeds/venue", "feeds/capture"}},
        {"feeds/live", {"feeds/replay"}},
    };
    for (bool grown = true; grown;) {  // Close over the arrows.
      grown = false;
      for (auto& [folder, targets] : direct) {
        Set reached = targets;
        for (const std::string& target : targets) {
          reached.insert(direct.at(target).begin(), direct.at(target).end());
        }
        grown = grown || reached.size() != targets.size();
        targets = reached;
      }
    }
    return direct;
  }();
  return kArrows;
}

/// Third-party headers, by the start of what is included, and the folders that may.
struct Fence {
  const char* start;
  Set folders;
};

const std::vector<Fence>& fences() {
  static const std::vector<Fence> kFences{
      {"boost/", {"engine/gateway", "engine/cli", "feeds/live"}},
      {"simdjson", {"feeds/venue", "feeds/capture", "engine/configuration"}},
      {"concurrentqueue", {"engine/runtime"}},
      {"spdlog/", {"engine/platform"}},
      {"fmt/", {"engine/platform"}},
      {"openssl/", {"engine/platform", "feeds/live"}},
      {"toml++/", {"engine/configuration"}},
      {"CLI/", {"engine/cli"}},
      {"nlohmann/", {"engine/cli"}},
      {"zlib.h", {"feeds/capture", "engine/log", "engine/configuration"}},
      {"zstd.h", {"feeds/capture"}},
      {"gtest/", {}},
      {"rapidcheck", {}},
      {"benchmark/", {}},
      {"pugixml", {}},
  };
  return kFences;
}

/// The deterministic core: no thread, clock, file, socket, random number or unordered container.
const Set& core_folders() {
  static const Set kCore{"engine/base",  "engine/value",  "engine/message",   "engine/reference",
                         "engine/marks", "engine/market", "engine/ledger",    "engine/margin",
                         "engine/watch", "engine/house",  "engine/lifecycle", "engine/exchange",
                         "engine/core"};
  return kCore;
}
const Set& impure_headers() {
  static const Set kImpure{"atomic",        "chrono",      "cmath",  "condition_variable",
                           "filesystem",    "fstream",     "future", "iostream",
                           "mutex",         "random",      "thread", "unordered_map",
                           "unordered_set", "functional",  "ctime",  "sys/socket.h",
                           "unistd.h",      "shared_mutex"};
  return kImpure;
}

/// "engine/ledger" of "engine/ledger/booking.hpp"; one folder deep below engine and feeds.
std::string folder_of(const std::string& path) {
  const std::size_t first = path.find('/');
  if (first == std::string::npos) return "";
  return path.substr(0, path.find('/', first + 1));
}

void check_own(const std::string& folder, const std::string& included,
               std::vector<std::string>& found) {
  const std::string target = folder_of(included);
  if (folder == "engine/cli" || target == folder) return;
  if (!arrows().at(folder).contains(target)) found.push_back("must not include " + included);
}

void check_foreign(const std::string& folder, const std::string& included,
                   std::vector<std::string>& found) {
  for (const Fence& fence : fences()) {
    if (included.starts_with(fence.start) && !fence.folders.contains(folder)) {
      found.push_back("is outside the fence of " + included);
    }
  }
  // The bands decide nothing: what they cannot clear is judged in integers.
  const bool roots = folder == "engine/watch" && included == "cmath";
  if (core_folders().contains(folder) && impure_headers().contains(included) && !roots) {
    found.push_back("is pure and must not include " + included);
  }
}

/// Every violation in one file of the product.
std::vector<std::string> violations(const std::string& path, const std::string& text) {
  static const std::regex kInclude{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
  static const std::regex kFloat{R"(\b(double|float)\b)"};
  std::vector<std::string> found;
  const std::string folder = folder_of(path);
  if (folder != "engine/cli" && !arrows().contains(folder))
    found.push_back("is in no known folder");
  if (!found.empty()) return found;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, kInclude)) {
      if (match[1] == "\"") {
        check_own(folder, match[2], found);
      } else {
        check_foreign(folder, match[2], found);
      }
    }
    const std::string code = line.substr(0, line.find("//"));
    const bool exact = core_folders().contains(folder) && folder != "engine/watch";
    if (exact && std::regex_search(code, kFloat) &&
        code.find("static_assert") == std::string::npos) {
      found.push_back("computes in floating point: " + line);
    }
  }
  return found;
}

std::vector<std::filesystem::path> product_files() {
  std::vector<std::filesystem::path> files;
  for (const char* top : {"engine", "feeds"}) {
    const std::filesystem::path root = std::filesystem::path{PLIMSOLL_SOURCE_DIR} / top;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
      const auto extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp") files.push_back(entry.path());
    }
  }
  return files;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Architecture, EveryIncludeFollowsTheArrowsAndFences) {
  const auto files = product_files();
  ASSERT_GT(files.size(), 50U);
  for (const auto& file : files) {
    const std::string path = std::filesystem::relative(file, PLIMSOLL_SOURCE_DIR).string();
    for (const std::string& violation : violations(path, text_of(file))) {
      ADD_FAILURE() << path << " " << violation;
    }
  }
}

TEST(Architecture, PlantedViolationsAreFound) {
  const auto count = [](const char* path, const char* text) {
    return violations(path, text).size();
  };
  EXPECT_EQ(count("engine/ledger/x.hpp", "#include \"engine/margin/tiers.hpp\"\n"), 1U);
  EXPECT_EQ(count("feeds/replay/x.cpp", "#include \"engine/runtime/inbox.hpp\"\n"), 1U);
  EXPECT_EQ(count("feeds/live/x.cpp", "#include \"engine/runtime/inbox.hpp\"\n"), 1U);
  EXPECT_EQ(count("feeds/replay/x.cpp", "#include \"feeds/live/sink.hpp\"\n"), 1U);
  EXPECT_EQ(count("feeds/capture/x.cpp", "#include <boost/beast.hpp>\n"), 1U);
  EXPECT_EQ(count("engine/gateway/x.cpp", "#include <openssl/ssl.h>\n"), 1U);
  EXPECT_EQ(count("engine/core/x.cpp", "#include <thread>\n"), 1U);
  EXPECT_EQ(count("engine/margin/x.cpp", "  double d = 0;\n"), 1U);
  EXPECT_EQ(count("engine/runtime/x.cpp", "#include <boost/asio.hpp>\n"), 1U);
  EXPECT_EQ(count("engine/wire/x.cpp", "#  include <simdjson.h>\n"), 1U);
  EXPECT_EQ(count("engine/core/x.cpp", "#include <spdlog/spdlog.h>\n"), 1U);
  EXPECT_EQ(count("engine/configuration/x.cpp", "#include <openssl/hmac.h>\n"), 1U);
  EXPECT_EQ(count("engine/helpers/x.cpp", "int x;\n"), 1U);
  EXPECT_EQ(count("engine/margin/x.cpp", "#include \"engine/ledger/ledger.hpp\"  // fine\n"), 0U);
}

/// What runs on the engine's thread counts; it writes no line.
bool is_on_engines_thread(const std::string& path) {
  static const Set kFiles{"engine/service/engine_loop.hpp", "engine/service/engine_thread.hpp",
                          "engine/service/outlet.hpp", "engine/service/timed_fabric.hpp",
                          "engine/service/stages.hpp"};
  return kFiles.contains(path) || path.starts_with("engine/runtime/") ||
         path.starts_with("engine/log/") || path.starts_with("engine/wire/") ||
         path.starts_with("engine/gateway/session") || path.starts_with("engine/gateway/server");
}

TEST(Architecture, NothingOnTheEnginesThreadLogs) {
  std::size_t looked_at = 0;
  for (const auto& file : product_files()) {
    const std::string path = std::filesystem::relative(file, PLIMSOLL_SOURCE_DIR).string();
    if (!is_on_engines_thread(path)) continue;
    ++looked_at;
    EXPECT_EQ(text_of(file).find("platform/log.hpp"), std::string::npos) << path;
    EXPECT_EQ(text_of(file).find("iostream"), std::string::npos) << path;
  }
  EXPECT_GT(looked_at, 30U);
}

TEST(Architecture, EveryHeaderIsGuarded) {
  for (const auto& file : product_files()) {
    if (file.extension() != ".hpp") continue;
    EXPECT_TRUE(text_of(file).starts_with("#pragma once")) << file;
  }
}

}  // namespace
}  // namespace plimsoll
