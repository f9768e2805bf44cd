#include "tests/cli/process.hpp"

#include <cerrno>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace plimsoll::cli::testing {
namespace {

/// A file that a process has open as one of its streams; closed in this one.
class Stream {
 public:
  Stream(const std::string& path, int flags)
      : descriptor_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {
    EXPECT_GE(descriptor_, 0) << path;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { ::close(descriptor_); }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

std::vector<char*> pointers_to(Arguments& arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// In the child: only what is allowed between fork and exec. Sockets of a gateway that this process
/// runs must not live on in it.
[[noreturn]] void become(char* const* arguments, int in, int out, int err) {
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execvp(arguments[0], arguments);
  ::_exit(127);
}

std::string joined(const std::string& program, const Arguments& arguments) {
  std::string text = program;
  for (const std::string& argument : arguments) text += " " + argument;
  return text;
}

}  // namespace

Process::Process(const Arguments& arguments, const std::string& input)
    : Process{PLIMSOLL_PROGRAM, arguments, input} {}

Process::Process(const std::string& program, const Arguments& arguments, const std::string& input)
    : command_{joined(program, arguments)},
      deadline_{std::chrono::steady_clock::now() + kTimeLimit} {
  Arguments all = Arguments{program} + arguments;
  const std::vector<char*> pointers = pointers_to(all);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  const Stream in{folder_.write("in", input), O_RDONLY};
  const Stream out{folder_.at("out"), kWrite};
  const Stream err{folder_.at("err"), kWrite};
  id_ = ::fork();
  if (id_ == 0) become(pointers.data(), in.descriptor(), out.descriptor(), err.descriptor());
  EXPECT_GT(id_, 0) << command_;
}

Process::~Process() {
  send(SIGKILL);
  while (!poll()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

void Process::send(int signal) const {
  if (!over_ && id_ > 0) ::kill(id_, signal);
}

bool Process::poll() {
  if (over_ || id_ <= 0) return true;
  int status = 0;
  const pid_t ended = ::waitpid(id_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
  over_ = true;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool Process::pause() const {
  if (std::chrono::steady_clock::now() > deadline_) {
    ADD_FAILURE() << command_ << ": takes too long";
    return false;
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{2});
  return true;
}

Finished Process::wait() {
  while (!poll()) {
    if (!pause()) send(SIGKILL);
  }
  return {code_, out(), err()};
}

Finished run(const Arguments& arguments, const std::string& input) {
  return Process{arguments, input}.wait();
}

void expect_refusal(const Arguments& arguments, int code, const std::vector<std::string>& parts) {
  const ::testing::ScopedTrace trace{__FILE__, __LINE__, joined("plimsoll", arguments)};
  const Finished finished = run(arguments);
  EXPECT_EQ(finished.code, code);
  EXPECT_EQ(finished.out, "");
  EXPECT_EQ(lines_of(finished.err).size(), 1U) << finished.err;
  EXPECT_TRUE(finished.err.ends_with('\n')) << finished.err;
  for (const std::string& part : parts) {
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err << "lacks " << part;
  }
}

Arguments operator+(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace plimsoll::cli::testing
