#include "tests/wire/schema_versions.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include <pugixml.hpp>

namespace plimsoll::wire {
namespace {

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text);
  return text.str();
}

bool is_younger(pugi::xml_node node, unsigned version) {
  return node.attribute("sinceVersion").as_uint() > version;
}

void remove_younger(pugi::xml_node parent, unsigned version) {
  std::vector<pugi::xml_node> younger;
  for (const auto node : parent.children()) {
    is_younger(node, version) ? younger.push_back(node) : remove_younger(node, version);
  }
  for (const auto node : younger) parent.remove_child(node);
}

/// Ends every block where the first of the younger fields begins.
void shorten_blocks(pugi::xml_node schema, unsigned version) {
  for (const auto message : schema.children("sbe:message")) {
    for (const auto field : message.children()) {
      if (!is_younger(field, version)) continue;
      message.attribute("blockLength") = field.attribute("offset").as_uint();
      break;
    }
  }
}

void set(pugi::xml_node node, const char* name, unsigned value) {
  auto attribute = node.attribute(name);
  if (!attribute) attribute = node.append_attribute(name);
  attribute = value;
}

void add_value(pugi::xml_node type, unsigned version) {
  unsigned last = 0;
  for (const auto value : type.children()) last = std::max(last, value.text().as_uint());
  auto value = type.append_copy(type.last_child());
  value.attribute("name") = "later";
  value.text() = last + 1;
  set(value, "sinceVersion", version);
}

void add_field(pugi::xml_node message, unsigned version, unsigned id) {
  const unsigned end = message.attribute("blockLength").as_uint();
  auto field = message.append_child("field");
  field.append_attribute("name") = "later";
  set(field, "id", id);
  field.append_attribute("type") = "Amount";
  set(field, "offset", end);
  set(field, "sinceVersion", version);
  set(message, "blockLength", end + 8);
}

/// One more event: what is none has ids from 1000 on.
void add_message(pugi::xml_node schema, unsigned version) {
  pugi::xml_node last;
  for (const auto message : schema.children("sbe:message")) {
    if (message.attribute("id").as_uint() < 1'000) last = message;
  }
  auto message = schema.append_copy(last);
  message.attribute("name") = "Later";
  set(message, "id", message.attribute("id").as_uint() + 1);
  set(message, "sinceVersion", version);
  for (const auto field : message.children()) set(field, "sinceVersion", version);
}

unsigned greatest_field_id(pugi::xml_node schema) {
  unsigned greatest = 0;
  for (const auto message : schema.children("sbe:message")) {
    for (const auto field : message.children()) {
      greatest = std::max(greatest, field.attribute("id").as_uint());
    }
  }
  return greatest;
}

}  // namespace

std::string schema_at(std::string_view schema, unsigned version) {
  pugi::xml_document document;
  document.load_buffer(schema.data(), schema.size());
  auto root = document.child("sbe:messageSchema");
  set(root, "version", version);
  shorten_blocks(root, version);
  remove_younger(root, version);
  return text_of(document);
}

std::string next_schema(std::string_view schema) {
  pugi::xml_document document;
  document.load_buffer(schema.data(), schema.size());
  auto root = document.child("sbe:messageSchema");
  const unsigned version = root.attribute("version").as_uint() + 1;
  const unsigned id = greatest_field_id(root) + 1;
  set(root, "version", version);
  for (const auto type : root.child("types").children("enum")) add_value(type, version);
  for (const auto message : root.children("sbe:message")) add_field(message, version, id);
  add_message(root, version);
  return text_of(document);
}

}  // namespace plimsoll::wire
