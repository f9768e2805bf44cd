#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/message/openings.hpp"

// A packed book: the accounts an engine starts with, checked once and written so that a million of
// them are open again in a second. Everything is little-endian.
//
//   header   magic "PLMBOOK1" | hash of the reference (u64) | accounts (u64) | lines (u64) |
//            bytes of the rest (u64) | CRC-32 of all that follows (u32) | 0 (u32)
//   accounts 48 bytes each, as PackedAccount
//   lines    24 bytes each, as OpeningLine: those of the first account, then of the next one
//   rest     the inputs of all other accounts: length (u8) | kind (u8) | fields as in a record
//
// An account is packed when a balance in its margin asset and positions are all there is to say of
// it, and its parent is packed; any other account is told by its inputs.

namespace plimsoll::log {

/// Packs the inputs of a book, an account after the other, each from its AccountOpened on. One
/// thread.
class BookPacker {
 public:
  void add(const InputBody& body);
  /// Writes the file. An error in words, or nothing.
  [[nodiscard]] std::string write(const std::string& path, std::uint64_t reference_hash);

  /// Accounts that are packed, and those that are not.
  [[nodiscard]] std::size_t packed() const noexcept { return accounts_.size(); }
  [[nodiscard]] std::size_t told() const noexcept { return told_; }

 private:
  /// The account of the inputs at hand, as far as it can be packed.
  struct Draft {
    PackedAccount account;
    std::vector<OpeningLine> lines;
    bool plain{false};
  };

  void begin(const AccountOpened& opened);
  [[nodiscard]] bool take(const InputBody& body);
  void end_account();

  std::vector<PackedAccount> accounts_;
  std::vector<OpeningLine> lines_;
  std::vector<std::byte> rest_;
  std::size_t told_{0};
  std::unordered_set<std::uint64_t> told_accounts_;
  Draft draft_;
  std::vector<InputBody> inputs_;  // of the account at hand
};

/// A packed book in memory, mapped and checked. One thread.
class PackedBook {
 public:
  /// error() says what is wrong with the file.
  explicit PackedBook(std::string path);
  PackedBook(const PackedBook&) = delete;
  PackedBook& operator=(const PackedBook&) = delete;
  ~PackedBook();

  /// Does the file begin like a packed book, of whatever format?
  [[nodiscard]] static bool is_packed(const std::string& path);

  [[nodiscard]] std::uint64_t reference_hash() const noexcept { return reference_hash_; }
  [[nodiscard]] const Openings& openings() const noexcept { return openings_; }
  /// The inputs of the accounts that are not packed; to come after the openings.
  [[nodiscard]] const std::vector<InputBody>& rest() const noexcept { return rest_; }
  [[nodiscard]] const std::string& error() const noexcept { return error_; }

 private:
  [[nodiscard]] std::string map();
  [[nodiscard]] std::string check();
  [[nodiscard]] std::string read_rest(std::span<const std::byte> bytes);

  std::string path_;
  std::span<const std::byte> bytes_;  // of the mapping
  std::uint64_t reference_hash_{0};
  Openings openings_;
  std::vector<InputBody> rest_;
  std::string error_;
};

}  // namespace plimsoll::log
