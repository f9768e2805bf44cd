#include "tests/service/engine_trap.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <execinfo.h>
#include <pthread.h>

#include "engine/service/service.hpp"
#include "tests/support/replaced_new.hpp"

namespace {

using plimsoll::service::kEngineThreadName;

std::atomic<bool> armed{false};
std::atomic<std::uint64_t> allocations{0};
constexpr std::size_t kStacks = 64;
using Stack = std::array<void*, 8>;  // from operator new outwards
std::array<Stack, kStacks> stacks{};

enum class Role : char { unknown, engine, other };
thread_local Role role = Role::unknown;
thread_local bool looking = false;

/// Threads are named before they do anything else.
bool is_engine() noexcept {
  if (role == Role::unknown) {
    std::array<char, 16> name{};
    (void)pthread_getname_np(pthread_self(), name.data(), name.size());
    role = std::strcmp(name.data(), kEngineThreadName) == 0 ? Role::engine : Role::other;
  }
  return role == Role::engine;
}

}  // namespace

void plimsoll::support::note_allocation() noexcept {
  if (!armed.load(std::memory_order_relaxed) || looking || !is_engine()) return;
  looking = true;
  const std::uint64_t number = allocations.fetch_add(1);
  if (number < kStacks) {
    Stack& stack = stacks[number];
    stack = {};
    (void)::backtrace(stack.data(), static_cast<int>(stack.size()));
  }
  looking = false;
}

namespace plimsoll::service::testing {

void arm_trap() noexcept {
  allocations.store(0);
  armed.store(true);
}

Trapped disarm_trap() {
  armed.store(false);
  Trapped trapped{allocations.load(), {}};
  if (trapped.allocations == 0) return trapped;
  const std::set<Stack> different{
      stacks.begin(), stacks.begin() + std::min<std::uint64_t>(kStacks, trapped.allocations)};
  for (const Stack& stack : different) {
    char** symbols = ::backtrace_symbols(stack.data(), static_cast<int>(stack.size()));
    for (std::size_t i = 0; symbols != nullptr && i < stack.size() && stack[i] != nullptr; ++i) {
      trapped.where += std::string{symbols[i]} + " ";
    }
    trapped.where += "\n";
    std::free(symbols);
  }
  return trapped;
}

long page_faults_of_engine() {
  for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream file{task.path() / "stat"};
    std::string line;
    std::getline(file, line);
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos ||
        line.find("(" + std::string{kEngineThreadName} + ")") == std::string::npos) {
      continue;
    }
    // After the name: state, 6 numbers, then minflt, cminflt, majflt.
    std::istringstream rest{line.substr(name_end + 2)};
    std::string skipped;
    for (int i = 0; i < 7; ++i) rest >> skipped;
    long minor = 0;
    long of_children = 0;
    long major = 0;
    rest >> minor >> of_children >> major;
    return minor + major;
  }
  return -1;
}

}  // namespace plimsoll::service::testing
