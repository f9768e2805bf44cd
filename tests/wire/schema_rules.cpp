#include "tests/wire/schema_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <pugixml.hpp>

namespace plimsoll::wire {
namespace {

constexpr const char* kNamespace = "http://fixprotocol.io/2016/sbe";

/// An unsigned number without sign, spaces or anything else, at most `max`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t max) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return whole && value <= max ? std::optional{value} : std::nullopt;
}

bool is_number(std::string_view text) {
  return number(text, std::numeric_limits<std::uint32_t>::max()).has_value();
}

bool is_short_number(std::string_view text) {
  return number(text, std::numeric_limits<std::uint16_t>::max()).has_value();
}

bool is_symbolic_name(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  };
  const auto may_follow = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), may_follow);
}

bool is_any(std::string_view) {
  return true;
}

bool is_namespace(std::string_view text) {
  return text == kNamespace;
}

bool is_byte_order(std::string_view text) {
  return text == "littleEndian" || text == "bigEndian";
}

bool is_presence(std::string_view text) {
  return text == "required" || text == "optional" || text == "constant";
}

const std::map<std::string_view, std::uint64_t> kSizes{
    {"char", 1},   {"int8", 1},   {"int16", 2},  {"int32", 4}, {"int64", 8}, {"uint8", 1},
    {"uint16", 2}, {"uint32", 4}, {"uint64", 8}, {"float", 4}, {"double", 8}};

bool is_primitive(std::string_view text) {
  return kSizes.contains(text);
}

/// What an attribute may hold, and whether it must be there.
struct Attribute {
  bool (*is_valid)(std::string_view);
  bool required{false};
};

/// The XSD's word on one element: attributes, and children in this order.
struct Element {
  std::map<std::string_view, Attribute> attributes;
  std::vector<std::set<std::string_view>> children;
};

constexpr Attribute kText{is_any};
constexpr Attribute kName{is_symbolic_name, true};
constexpr Attribute kVersion{is_number};

const std::map<std::string_view, Element> kElements{
    {"sbe:messageSchema",
     {{{"xmlns:sbe", {is_namespace, true}},
       {"package", kText},
       {"id", {is_short_number}},
       {"version", {is_number, true}},
       {"semanticVersion", kText},
       {"description", kText},
       {"byteOrder", {is_byte_order}},
       {"headerType", {is_symbolic_name}}},
      {{"types"}, {"sbe:message"}}}},
    {"types", {{}, {{"type", "composite", "enum"}}}},
    {"type",
     {{{"name", kName},
       {"primitiveType", {is_primitive, true}},
       {"presence", {is_presence}},
       {"semanticType", kText},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {}}},
    {"composite",
     {{{"name", kName},
       {"semanticType", kText},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {{"type"}}}},
    {"enum",
     {{{"name", kName},
       {"encodingType", {is_symbolic_name, true}},
       {"semanticType", kText},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {{"validValue"}}}},
    {"validValue",
     {{{"name", kName},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {}}},
    {"sbe:message",
     {{{"name", kName},
       {"id", {is_short_number, true}},
       {"blockLength", {is_number}},
       {"semanticType", kText},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {{"field"}}}},
    {"field",
     {{{"name", kName},
       {"id", {is_short_number, true}},
       {"type", {is_symbolic_name, true}},
       {"offset", {is_number}},
       {"presence", {is_presence}},
       {"semanticType", kText},
       {"description", kText},
       {"sinceVersion", kVersion},
       {"deprecated", kVersion}},
      {}}},
};

std::string name_of(pugi::xml_node node) {
  return node.attribute("name").as_string();
}

std::string path_of(pugi::xml_node node) {
  const std::string own =
      name_of(node).empty() ? std::string{node.name()} : node.name() + (" " + name_of(node));
  return node.parent().parent() ? path_of(node.parent()) + " / " + own : own;
}

std::uint64_t since(pugi::xml_node node) {
  return node.attribute("sinceVersion").as_ullong(0);
}

/// What a field may be encoded as.
struct Encoding {
  pugi::xml_node node;
  std::uint64_t size{0};
  bool used{false};
  std::uint64_t first_use{std::numeric_limits<std::uint64_t>::max()};  // the oldest version
};

class Rules {
 public:
  explicit Rules(std::string_view text) {
    const auto parsed = document_.load_buffer(text.data(), text.size());
    expect(static_cast<bool>(parsed), document_, parsed.description());
    root_ = document_.child("sbe:messageSchema");
    version_ = root_.attribute("version").as_ullong();
  }

  std::vector<std::string> run() {
    expect(static_cast<bool>(root_), document_, "no sbe:messageSchema");
    if (root_) check_element(root_);
    if (!found_.empty()) return found_;  // The rest takes the structure for granted.
    for (const auto node : root_.child("types").children()) read_encoding(node);
    check_header();
    for (const auto node : root_.child("types").children("enum")) check_enum(node);
    for (const auto message : root_.children("sbe:message")) check_message(message);
    check_order(root_.children("sbe:message"), 0);
    for (const auto& [name, encoding] : encodings_) check_use(encoding);
    return found_;
  }

 private:
  void expect(bool holds, pugi::xml_node where, const std::string& violation) {
    if (!holds) found_.push_back(path_of(where) + ": " + violation);
  }

  /// The XSD.
  void check_element(pugi::xml_node node) {
    const Element& element = kElements.at(node.name());
    for (const auto attribute : node.attributes()) {
      const auto known = element.attributes.find(attribute.name());
      const std::string text = std::string{attribute.name()} + "=\"" + attribute.value() + '"';
      expect(known != element.attributes.end(), node, "unknown attribute " + text);
      if (known != element.attributes.end()) {
        expect(known->second.is_valid(attribute.value()), node, "bad " + text);
      }
    }
    for (const auto& [name, attribute] : element.attributes) {
      const bool there = static_cast<bool>(node.attribute(std::string{name}.c_str()));
      expect(!attribute.required || there, node, "no " + std::string{name});
    }
    expect(since(node) <= version_, node, "is of a later version than the schema");
    expect(node.attribute("deprecated").as_ullong() <= version_, node, "deprecated later");
    check_children(node, element);
  }

  void check_children(pugi::xml_node node, const Element& element) {
    auto child = node.first_child();
    for (const auto& names : element.children) {
      expect(names.contains(child.name()), node, "lacks a " + std::string{*names.begin()});
      for (; names.contains(child.name()); child = child.next_sibling()) check_element(child);
    }
    if (element.children.empty() && child.type() == pugi::node_pcdata) {
      child = child.next_sibling();
    }
    expect(!child, node, std::string{"holds a "} + child.name());
  }

  /// "Duplicate encoding name", "Missing constant value".
  void read_encoding(pugi::xml_node node) {
    const std::string element = node.name();
    Encoding encoding{node};
    if (element == "type") encoding.size = size_of_type(node);
    if (element == "enum") encoding.size = kSizes.at(node.attribute("encodingType").as_string());
    if (element == "composite") {
      for (const auto member : node.children()) encoding.size += size_of_type(member);
      check_unique(node.children(), "name");
    }
    expect(encodings_.emplace(name_of(node), encoding).second, node, "is there twice");
    expect(!kSizes.contains(name_of(node)), node, "has the name of a primitive type");
  }

  std::uint64_t size_of_type(pugi::xml_node node) {
    const bool constant = node.attribute("presence").as_string() == std::string{"constant"};
    expect(constant == !node.text().empty(), node, "a constant and only that has a value");
    return constant ? 0 : kSizes.at(node.attribute("primitiveType").as_string());
  }

  /// "Missing message header encoding"; its four fields are a convention that everybody follows.
  void check_header() {
    const auto header = encodings_.find(root_.attribute("headerType").as_string("messageHeader"));
    if (header == encodings_.end()) return expect(false, root_, "no header");
    header->second.used = true;
    header->second.first_use = 0;
    std::string members;
    for (const auto member : header->second.node.children()) {
      members += name_of(member) + ' ' + member.attribute("primitiveType").as_string() + ' ';
    }
    expect(members == "blockLength uint16 templateId uint16 schemaId uint16 version uint16 ", root_,
           "header of " + members);
  }

  /// "Missing validValue content". 255 is the null of uint8.
  void check_enum(pugi::xml_node node) {
    expect(node.attribute("encodingType").as_string() == std::string{"uint8"}, node, "not uint8");
    std::set<std::uint64_t> values;
    for (const auto value : node.children()) {
      const auto content = number(value.text().as_string(), 254);
      expect(content.has_value(), value, "no value of the type");
      expect(values.insert(content.value_or(0)).second, value, "repeats a value");
    }
    check_unique(node.children(), "name");
    check_order(node.children(), since(node));
  }

  void check_message(pugi::xml_node message) {
    std::uint64_t end = 0;
    for (const auto field : message.children()) end = check_field(field, end);
    expect(message.attribute("blockLength").as_ullong(end) >= end, message, "block is too short");
    check_unique(message.children(), "name");
    check_unique(message.children(), "id");
    check_order(message.children(), since(message));
    expect(since(message.first_child()) == since(message), message, "is older than all its fields");
    expect(messages_.insert(name_of(message)).second, message, "repeats a name");
    expect(templates_.insert(message.attribute("id").as_ullong()).second, message, "repeats an id");
  }

  /// Checks a field that comes after `end` bytes; returns where it ends.
  std::uint64_t check_field(pugi::xml_node field, std::uint64_t end) {
    const std::string type = field.attribute("type").as_string();
    const auto found = encodings_.find(type);
    if (found == encodings_.end()) {
      expect(false, field, "type " + type + " is undefined");
      return end;
    }
    Encoding& encoding = found->second;
    encoding.used = true;
    encoding.first_use = std::min(encoding.first_use, since(field));
    check_semantics(field, encoding.node);
    check_identity(field, type);
    const std::uint64_t offset = field.attribute("offset").as_ullong(end);
    expect(offset >= end, field, "overlaps the field before");
    return offset + encoding.size;
  }

  /// "semanticType mismatch", and that one of the two has it; "presence mismatch".
  void check_semantics(pugi::xml_node field, pugi::xml_node encoding) {
    const std::string of_field = field.attribute("semanticType").as_string();
    const std::string of_encoding = encoding.attribute("semanticType").as_string();
    expect(!(of_field.empty() && of_encoding.empty()), field, "no semanticType");
    expect(of_field.empty() || of_encoding.empty() || of_field == of_encoding, field,
           "another semanticType than its encoding");
    expect(!encoding.attribute("presence"), encoding, "presence is that of the fields");
  }

  /// "Duplicate ID or name of field": an id is that of one name and one type in the whole schema.
  void check_identity(pugi::xml_node field, const std::string& type) {
    const std::string identity = name_of(field) + ' ' + type;
    const std::uint64_t id = field.attribute("id").as_ullong();
    expect(ids_.emplace(identity, id).first->second == id, field, "has two ids");
    expect(identities_.emplace(id, identity).first->second == identity, field, "shares its id");
  }

  /// Extensions come after what there was, and none is older than what it is in.
  template <class Nodes>
  void check_order(const Nodes& nodes, std::uint64_t oldest) {
    for (const auto node : nodes) {
      expect(since(node) >= oldest, node, "is older than what it is in or after");
      oldest = std::max(oldest, since(node));
    }
  }

  template <class Nodes>
  void check_unique(const Nodes& nodes, const char* attribute) {
    std::set<std::string> values;
    for (const auto node : nodes) {
      expect(values.insert(node.attribute(attribute).as_string()).second, node,
             std::string{"repeats a "} + attribute);
    }
  }

  void check_use(const Encoding& encoding) {
    expect(encoding.used, encoding.node, "is never used");
    expect(!encoding.used || encoding.first_use == since(encoding.node), encoding.node,
           "came with another version than its first use");
  }

  pugi::xml_document document_;
  pugi::xml_node root_;
  std::uint64_t version_{0};
  std::map<std::string, Encoding> encodings_;
  std::set<std::string> messages_;
  std::set<std::uint64_t> templates_;
  std::map<std::string, std::uint64_t> ids_;
  std::map<std::uint64_t, std::string> identities_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> schema_violations(std::string_view schema) {
  return Rules{schema}.run();
}

}  // namespace plimsoll::wire
