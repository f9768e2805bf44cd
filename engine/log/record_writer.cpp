#include "engine/log/record_writer.hpp"

#include <zlib.h>

#include "engine/log/record_format.hpp"

namespace plimsoll::log {

RecordWriter::RecordWriter(std::string path, std::uint64_t reference_hash)
    : file_{std::move(path)} {
  PayloadWriter header;
  for (const char c : kMagic) header.put(c);
  header.put(reference_hash);
  file_.append(header.bytes());
}

void RecordWriter::append(const Input& input) {
  PayloadWriter payload;
  put_input(input, payload);
  const auto bytes = payload.bytes();
  PayloadWriter frame;
  frame.put(static_cast<std::uint32_t>(bytes.size()));
  frame.put(static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  file_.append(frame.bytes());
  file_.append(bytes);
}

}  // namespace plimsoll::log
