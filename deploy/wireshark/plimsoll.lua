-- Plimsoll's events in Wireshark and tshark: dissects the SBE messages in the sequenced packets of
-- SoupBinTCP, by the schema plimsoll-events.xml that lies beside this file. README.md says how to
-- install the two.
--
-- A field of the schema is plimsoll.<its name>. What another version of the schema wrote is shown
-- by the rules of PROTOCOL.md: absent fields are not there, later ones are bytes.

local kSchemaFile = "plimsoll-events.xml"
local kHeaderSize = 8
local kSizes = {uint8 = 1, uint16 = 2, uint32 = 4, uint64 = 8, int8 = 1, int16 = 2, int32 = 4, int64 = 8}
local kNulls = {uint8 = "255", uint16 = "65535", uint32 = "4294967295", uint64 = "18446744073709551615",
                int8 = "-128", int16 = "-32768", int32 = "-2147483648", int64 = "-9223372036854775808"}

-- The schema ----------------------------------------------------------------------------------------

local function schema_text()
  local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
  local file = io.open(folder .. kSchemaFile, "r")
  if not file then error(folder .. kSchemaFile .. " is missing: it must lie beside plimsoll.lua") end
  local text = file:read("*a")
  file:close()
  return text:gsub("<!%-%-.-%-%->", "")
end

local kEntities = {["&lt;"] = "<", ["&gt;"] = ">", ["&quot;"] = '"', ["&apos;"] = "'", ["&amp;"] = "&"}

local function attributes_of(tag)
  local attributes = {}
  for name, value in tag:gmatch('([%w:_]+)="([^"]*)"') do
    attributes[name] = value:gsub("&%a+;", kEntities)
  end
  return attributes
end

-- What to do at each element: visit[name](schema, attributes, text). `last` is the type or message
-- that was begun last.
local visit = {}
local last

visit["sbe:messageSchema"] = function(schema, a)
  schema.id = tonumber(a.id)
  schema.version = tonumber(a.version)
end

local function visit_type(schema, a)
  last = {primitive = a.encodingType or a.primitiveType, semantics = a.semanticType}
  schema.types[a.name] = last
end

visit["enum"] = function(schema, a)
  visit_type(schema, a)
  last.words = {}
end

visit["validValue"] = function(_, a, text)
  last.words[tonumber(text)] = a.name
end

visit["composite"] = function(schema, a)
  visit_type(schema, a)
  last.composite = true
end

visit["/composite"] = function()
  last = nil
end

visit["type"] = function(schema, a, text)
  if not (last and last.composite) then
    visit_type(schema, a)
  elseif a.presence == "constant" then
    last.exponent = tonumber(text)
  else
    last.primitive = a.primitiveType
  end
end

visit["sbe:message"] = function(schema, a)
  last = {name = a.name, fields = {}}
  schema.messages[tonumber(a.id)] = last
end

visit["field"] = function(schema, a)
  local type = schema.types[a.type]
  table.insert(last.fields, {
    name = a.name, type = type, key = a.name .. " " .. a.type, description = a.description,
    offset = tonumber(a.offset), size = kSizes[type.primitive], since = tonumber(a.sinceVersion or 0),
    null = a.presence == "optional" and kNulls[type.primitive]
  })
end

local function read_schema()
  local schema = {types = {}, messages = {}}
  for name, tag, text in schema_text():gmatch("<(/?%a[%w:_]*)([^<>]*)>([^<]*)") do
    if visit[name] then visit[name](schema, attributes_of(tag), text) end
  end
  return schema
end

local schema = read_schema()

-- The protocol --------------------------------------------------------------------------------------

local plimsoll = Proto("plimsoll", "Plimsoll events")

local message_names = {}
for id, message in pairs(schema.messages) do message_names[id] = message.name end

local header = {
  block_length = ProtoField.uint16("plimsoll.block_length", "block_length", base.DEC),
  template = ProtoField.uint16("plimsoll.template", "template", base.DEC, message_names),
  schema = ProtoField.uint16("plimsoll.schema", "schema", base.DEC),
  version = ProtoField.uint16("plimsoll.version", "version", base.DEC),
  later = ProtoField.bytes("plimsoll.later", "of a later version")
}

-- One for each name and type; fields of one name may have different words.
local proto_fields = {}
for _, message in pairs(schema.messages) do
  for _, field in ipairs(message.fields) do
    if not proto_fields[field.key] then
      proto_fields[field.key] = ProtoField[field.type.primitive](
        "plimsoll." .. field.name, field.name, base.DEC, field.type.words, nil, field.description)
    end
  end
end

local registered = {}
for _, field in pairs(header) do table.insert(registered, field) end
for _, field in pairs(proto_fields) do table.insert(registered, field) end
plimsoll.fields = registered

-- Values in words -----------------------------------------------------------------------------------

-- "-7934500000000" with an exponent of -9: "-7934.5".
local function decimal_text(digits, exponent)
  local sign, magnitude = digits:match("^(-?)(%d+)$")
  local decimals = -exponent
  magnitude = ("0"):rep(decimals + 1 - #magnitude) .. magnitude
  local text = magnitude:sub(1, -decimals - 1) .. "." .. magnitude:sub(-decimals)
  return sign .. text:gsub("0+$", ""):gsub("%.$", "")
end

-- Nanoseconds since 1970: "2020-03-12T10:41:02.5Z".
local function time_text(nanoseconds)
  local second = Int64(1000000000)
  local seconds = (nanoseconds / second):tonumber()
  local rest = (nanoseconds % second):tonumber()
  if rest < 0 then
    seconds = seconds - 1
    rest = rest + 1000000000
  end
  local fraction = ("%09d"):format(rest):gsub("0+$", "")
  if fraction ~= "" then fraction = "." .. fraction end
  return os.date("!%Y-%m-%dT%H:%M:%S", seconds) .. fraction .. "Z"
end

local function value_of(field, range)
  local signed = field.type.primitive:sub(1, 1) == "i"
  if field.size < 8 then return signed and range:le_int() or range:le_uint() end
  return signed and range:le_int64() or range:le_uint64()
end

-- What a number means, where the number alone does not say it.
local function words_of(field, range)
  local value = value_of(field, range)
  if tostring(value) == field.null then return "none" end
  if field.type.exponent then return decimal_text(tostring(value), field.type.exponent) end
  if field.type.semantics == "UTCTimestamp" then return time_text(value) end
  return nil
end

-- Dissection ----------------------------------------------------------------------------------------

-- Adds what the block holds. Returns the end of the last field, and "#12 account=7".
local function add_fields(tree, message, block, version)
  local read = 0
  local shown = {}
  for _, field in ipairs(message.fields) do
    local finish = field.offset + field.size
    if field.since <= version and finish <= block:len() then
      local range = block(field.offset, field.size)
      local item = tree:add_le(proto_fields[field.key], range)
      local words = words_of(field, range)
      if words then item:append_text(" (" .. words .. ")") end
      shown[field.name] = tostring(value_of(field, range))
      read = finish
    end
  end
  return read, "#" .. (shown.number or "?") .. " account=" .. (shown.account or "?")
end

local function add_header(tree, buffer)
  tree:add_le(header.block_length, buffer(0, 2))
  tree:add_le(header.template, buffer(2, 2))
  tree:add_le(header.schema, buffer(4, 2))
  tree:add_le(header.version, buffer(6, 2))
end

local function dissect(buffer, pinfo, tree)
  if buffer:len() < kHeaderSize or buffer(4, 2):le_uint() ~= schema.id then return false end
  local root = tree:add(plimsoll, buffer())
  add_header(root, buffer)
  local id = buffer(2, 2):le_uint()
  local block_length = math.min(buffer(0, 2):le_uint(), buffer:len() - kHeaderSize)
  local message = schema.messages[id]
  local summary = " unknown message " .. id
  local read = 0
  if message and block_length > 0 then
    local fields
    read, fields = add_fields(root, message, buffer(kHeaderSize, block_length), buffer(6, 2):le_uint())
    summary = " " .. message.name .. " " .. fields
  end
  if block_length < buffer(0, 2):le_uint() then summary = summary .. " cut" end
  if kHeaderSize + read < buffer:len() then root:add(header.later, buffer(kHeaderSize + read)) end
  root:append_text("," .. summary)
  pinfo.cols.protocol = "Plimsoll"
  pinfo.cols.info:append(summary)
  return true
end

plimsoll:register_heuristic("soupbintcp", dissect)
