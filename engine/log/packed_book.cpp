#include "engine/log/packed_book.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/log/record_format.hpp"
#include "engine/platform/output_file.hpp"

namespace plimsoll::log {
namespace {

constexpr std::array<char, 8> kBookMagic{'P', 'L', 'M', 'B', 'O', 'O', 'K', '1'};
constexpr std::size_t kBookNameSize = 7;  // what all formats have in common

struct Header {
  std::array<char, 8> magic{kBookMagic};
  std::uint64_t reference_hash{0};
  std::uint64_t accounts{0};
  std::uint64_t lines{0};
  std::uint64_t rest{0};
  std::uint32_t checksum{0};
  std::uint32_t unused{0};
};
static_assert(sizeof(Header) == 48);

std::uint32_t checksum_of(std::uint32_t before, std::span<const std::byte> bytes) {
  if (bytes.empty()) return before;  // zlib would begin anew
  return static_cast<std::uint32_t>(
      crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Is it one of those that tell an account of a book?
bool of_book(const InputBody& body) {
  return std::holds_alternative<AccountOpened>(body) || std::holds_alternative<Deposited>(body) ||
         std::holds_alternative<LeverageRequested>(body) ||
         std::holds_alternative<TradeFilled>(body) ||
         std::holds_alternative<OrderRequested>(body) ||
         std::holds_alternative<BalanceImported>(body) ||
         std::holds_alternative<AccountModeRequested>(body);
}

}  // namespace

// Packing.

void BookPacker::begin(const AccountOpened& opened) {
  end_account();
  draft_.account = {.account = opened.account,
                    .owner = opened.owner,
                    .parent = opened.parent,
                    .balance = {},
                    .profile = opened.profile,
                    .asset = opened.asset,
                    .mode = opened.mode,
                    .position_mode = opened.position_mode};
  draft_.lines.clear();
  draft_.plain =
      opened.mode != MarginMode::multi_asset && !told_accounts_.contains(opened.parent.raw());
}

bool BookPacker::take(const InputBody& body) {
  if (const auto* deposit = std::get_if<Deposited>(&body)) {
    const bool first = draft_.account.balance.raw() == 0 && draft_.lines.empty();
    draft_.account.balance = deposit->amount;
    return first && deposit->asset == draft_.account.asset;
  }
  const auto* fill = std::get_if<TradeFilled>(&body);
  if (fill == nullptr || fill->fee.raw() != 0 || fill->order.raw() != 0) return false;
  draft_.lines.push_back({.quantity = fill->quantity,
                          .entry_price = fill->price,
                          .instrument = fill->instrument,
                          .side = fill->side});
  return true;
}

void BookPacker::add(const InputBody& body) {
  const auto* opened = std::get_if<AccountOpened>(&body);
  if (opened != nullptr) {
    begin(*opened);
  } else {
    draft_.plain = draft_.plain && take(body);
  }
  inputs_.push_back(body);
}

void BookPacker::end_account() {
  if (inputs_.empty()) return;
  if (draft_.plain) {
    draft_.account.lines = static_cast<std::uint32_t>(draft_.lines.size());
    accounts_.push_back(draft_.account);
    lines_.insert(lines_.end(), draft_.lines.begin(), draft_.lines.end());
  } else {
    ++told_;
    told_accounts_.insert(draft_.account.account.raw());
    for (const InputBody& body : inputs_) {
      PayloadWriter writer;
      writer.put(static_cast<std::uint8_t>(body.index()));
      std::visit([&](const auto& each) { put_fields(each, writer); }, body);
      rest_.push_back(static_cast<std::byte>(writer.bytes().size()));
      rest_.insert(rest_.end(), writer.bytes().begin(), writer.bytes().end());
    }
  }
  inputs_.clear();
}

std::string BookPacker::write(const std::string& path, std::uint64_t reference_hash) {
  end_account();
  const std::array<std::span<const std::byte>, 3> parts{
      std::as_bytes(std::span{accounts_}), std::as_bytes(std::span{lines_}), std::span{rest_}};
  Header header{.reference_hash = reference_hash,
                .accounts = accounts_.size(),
                .lines = lines_.size(),
                .rest = rest_.size()};
  for (const auto part : parts) header.checksum = checksum_of(header.checksum, part);
  platform::OutputFile file{path};
  file.append(std::as_bytes(std::span{&header, 1}));
  for (const auto part : parts) file.append(part);
  (void)file.close();
  return file.error();
}

// Reading.

PackedBook::PackedBook(std::string path) : path_{std::move(path)} {
  std::string wrong = map();
  if (wrong.empty()) wrong = check();
  if (!wrong.empty()) error_ = path_ + ": " + wrong;
}

PackedBook::~PackedBook() {
  // What mmap() has given is the system's: it takes it without the const.
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

bool PackedBook::is_packed(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::array<char, kBookNameSize> name{};
  file.read(name.data(), name.size());
  return file.gcount() == static_cast<std::streamsize>(name.size()) &&
         std::equal(name.begin(), name.end(), kBookMagic.begin());
}

std::string PackedBook::map() {
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::string{"cannot be read: "} + std::strerror(errno);
  struct ::stat status {};
  std::string wrong;
  if (::fstat(file, &status) != 0) {
    wrong = std::string{"cannot be read: "} + std::strerror(errno);
  } else if (static_cast<std::size_t>(status.st_size) < sizeof(Header)) {
    wrong = "is cut in its header";
  } else {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (at == MAP_FAILED) {
      wrong = std::string{"cannot be read: "} + std::strerror(errno);
    } else {
      bytes_ = {static_cast<const std::byte*>(at), size};
    }
  }
  ::close(file);
  return wrong;
}

std::string PackedBook::check() {
  Header header;
  std::memcpy(&header, bytes_.data(), sizeof header);
  if (std::memcmp(header.magic.data(), kBookMagic.data(), kBookNameSize) != 0) {
    return "is not a packed book";
  }
  if (header.magic != kBookMagic) return "is a packed book of another format than 1";
  if (header.unused != 0) return "has a damaged header";
  const std::span<const std::byte> body = bytes_.subspan(sizeof header);
  std::size_t left = body.size();
  const auto fits = [&left](std::uint64_t count, std::size_t size) {
    if (count > left / size) return false;
    left -= static_cast<std::size_t>(count) * size;
    return true;
  };
  if (!fits(header.accounts, sizeof(PackedAccount)) || !fits(header.lines, sizeof(OpeningLine)) ||
      !fits(header.rest, 1)) {
    return "is cut: it has " + std::to_string(bytes_.size()) + " bytes, fewer than it says";
  }
  if (left != 0) return "is longer than it says, by " + std::to_string(left) + " bytes";
  const std::size_t accounts = header.accounts * sizeof(PackedAccount);
  const std::size_t lines = header.lines * sizeof(OpeningLine);
  if (checksum_of(0, body) != header.checksum) return "fails its checksum";
  reference_hash_ = header.reference_hash;
  // Arrays of such structs, at addresses that fit: the mapping begins on a page.
  openings_ = {{reinterpret_cast<const PackedAccount*>(body.data()), header.accounts},
               {reinterpret_cast<const OpeningLine*>(body.data() + accounts), header.lines}};
  std::uint64_t said = 0;
  for (const PackedAccount& account : openings_.accounts) said += account.lines;
  if (said != header.lines) {
    return "holds " + std::to_string(header.lines) + " lines, its accounts " + std::to_string(said);
  }
  return read_rest(body.subspan(accounts + lines));
}

std::string PackedBook::read_rest(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto length = static_cast<std::size_t>(bytes.front());
    if (length == 0 || length > bytes.size() - 1) return "is cut in the inputs at its end";
    PayloadReader reader{bytes.subspan(1, length)};
    InputBody body;
    const bool known = get_body(reader.get<std::uint8_t>(), body, reader);
    if (!known || !of_book(body) || !reader.ok() || !reader.exhausted()) {
      return "holds an input that is of no book";
    }
    rest_.push_back(body);
    bytes = bytes.subspan(1 + length);
  }
  return {};
}

}  // namespace plimsoll::log
