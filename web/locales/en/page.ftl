# The page's words in English. Every message stands in zh-CN/page.ftl too; a test says so.

# Frame
open = Open
open-label = Open one or several files
tagline = Watch each entity’s state being rebuilt from its events
share = Share
share-hint = Copy a link to exactly what is on the screen
mode-present = Present
mode-hint = Large type and few panels, for a workshop
help = Keys and help
theme-system = Theme: as the system says
theme-light = Theme: light
theme-dark = Theme: dark
tabs = Views
tab-replay = Replay
tab-simulate = Simulate
tab-query = Query
tab-compare = Compare
tab-learn = Learn
palette = Commands
palette-placeholder = Type a command, a position, P1@1706, a time or a key
palette-empty = No command fits; Enter goes to what you typed
palette-to-start = To the start
palette-to-end = To the end
palette-sample = Samples: { $name }
palette-position = Go to position { $position }
palette-place = Go to { $place }
palette-offset = Offset
palette-time = Time
palette-entity = Entity
close = Close
cancel = Cancel
show = show
hide = hide
how-read = details
list-comma = { ", " }

# Source
source = Source of the log
pasted-text = Pasted text
paste-label = Paste an exported log
paste-placeholder = Paste an exported log here or anywhere, or drop files
paste-load = Load
drop-here = Drop to load; several files, or a folder, become one log
samples = Samples
n-samples = { $n ->
    [one] { $n } sample
   *[other] { $n } samples
}
hint-gap = { ": " }
hide-hint = Got it
starting = Starting the engine …
no-log = No log yet: paste one or choose a sample
engine-crashed = The engine stopped: { $reason }
reload = Reload the page
progress = Progress
stage-read = Reading
stage-index = Finding entities
stage-order = Ordering
stage-fold = Folding
stage-hash = Hashing
stage-compare = Comparing
n-records = { $n ->
    [one] { $n } record
   *[other] { $n } records
}
n-entities = { $n ->
    [one] { $n } entity
   *[other] { $n } entities
}
n-partitions = { $n ->
    [one] { $n } partition
   *[other] { $n } partitions
}
n-tombstones = { $n ->
    [one] { $n } tombstone
   *[other] { $n } tombstones
}
n-without-key = { $n } without a key
n-skipped = { $n ->
    [one] { $n } line with a problem
   *[other] { $n } lines with a problem
}
n-more-errors = and { $n } more
history-earlier = { $n } earlier
history-later = { $n } later
n-events = { $n ->
    [one] { $n } event
   *[other] { $n } events
}
error-place = { $n ->
    [one] line { $line }, column { $column }
   *[other] first: line { $line }, column { $column }
}
error-place-hint = Show this place in the list of what could not be read
errors = What could not be read
partial = cancelled: only what was read until then
load-all = Load all of it
back-to = Back to { $name }
save-errors = Save this list
error-kinds = How many of each kind
error-kind-hint = Lists this kind alone, or all again
n-of-kind = { $n } × { $what }
problem-here = here
open-folder = Folder …
open-folder-hint = Open all files of a folder as one log; the names of its folders tell topic and partition
save-log = Save
save-log-title = Save the log as a file
save-log-lead = Written as the tool would write it; each opens here again
save-note-ndjson = nothing is lost
save-note-rpk = an empty key becomes none
save-note-console = no topics; null and the word null look alike
save-note-values = no keys, times, places
save-note-cloudevents = no partitions and offsets
save-note-rest-v2-json = no times, no headers
save-note-rest-v2-binary = no times, no headers
save-note-redpanda-console = no topics
save-note-akhq = no topics, no headers
save-note-kafka-ui = no topics; of headers with one name the last
save-note-confluent-cloud = no topics
offsets-estimated = offsets are counted, the export has none
read-problem = Line { $line }, column { $column }: { $what }
read-problem-within = line { $line }, column { $column }: { $what }
cause-json = not valid JSON: { $reason-key ->
    [end] the text ends inside a value
    [comma-or-end] a comma or a closing bracket was expected
    [colon] a colon was expected
    [name] a member name in quotes was expected
    [control] control character inside a string
    [escape] unknown escape in a string
    [number] malformed number
    [literal] unknown word; only true, false and null are allowed
    [depth] too many levels
   *[value] a value was expected
 }
cause-cut-off = the input ends in the middle of a record
cause-open-array = the input ends before the array is closed
cause-not-a-record = this line is not a record: “{ $line }”
cause-misfit = this does not fit the format, { $expected } was expected here: “{ $line }”
cause-columns = { $found } columns where the header has { $expected }
cause-error-body = this is an error message of a server, not a log: { $message } (code { $code })
cause-compression = the { $format } data is damaged: { $detail }
cause-too-large = the decompressed text is larger than { $limit } bytes; the rest was left out
cause-memory-full = the memory is full: the first { $read } of { $total } MB were read, { $records } records. Open less at a time, or use the command line, which has no such limit
cause-too-many-layers = more than { $limit } layers of compression: what is inside was not read
cause-binary = { $what } at byte { $at }: { $detail }
cause-utf-16 = { $count } characters were not valid UTF-16 and became U+FFFD
cause-unsupported = { $format } files are not read { $way-key ->
    [save-as] here: save it as Avro, CSV or lines of JSON first, for example with duckdb -c "COPY (FROM 'x.parquet') TO 'x.csv'"
    [command-line] in the browser: unpack them first, or use the command line, which reads them
   *[unpack] here: unpack them first
 }
cause-foreign = this is { $what-key ->
    [html-page] an HTML page
   *[other] a { $what }
 }, which holds no log
cause-duplicate-offset = offset { $offset } of partition { $partition } appears twice with different content; the first was kept
cause-only-schema = this is a schema, not a log: open it together with the records that name it
cause-charset = the text is not UTF-8 but looks like { $name }: convert it first, as iconv does
cause-empty = the input is empty
evidence-chosen = { $format } was chosen
evidence-mapped = chosen by hand: { $parts }
evidence-columns = columns of rows are converted as chosen: { $columns }
evidence-unused-columns = conversions are of rows of change data, which these values are not: { $columns }
evidence-kcat-format = read by the format that was given: { $format }
evidence-empty-values = { $records ->
    [one] { $records } value is printed as nothing, which a null value (a tombstone) and an empty one both are: it counts as empty
   *[other] { $records } values are printed as nothing, which a null value (a tombstone) and an empty one both are: they count as empty
 }. With -Z, or with %S in the format, kcat tells them apart
evidence-open-values = { $records ->
    [one] { $records } value is of several lines and ends
   *[other] { $records } values are of several lines and end
 } where what follows fits the format. With %S in it, kcat tells how long they are
evidence-remembered = the mapping that was chosen for a file like this is used again
evidence-members = { $records } of { $of } records have the members of { $format }
evidence-values = { $records } of { $of } values have the members of { $format }
evidence-lines = the lines are put together like those of { $format }
evidence-base64 = all keys and values are base64
evidence-container = the records are listed in the member “{ $name }”
evidence-key = { $pointer } is taken for the key: { $distinct ->
    [one] one value
   *[other] { $distinct } different values
 } in { $of ->
    [one] one record
   *[other] { $of } records
 }
evidence-magic = the first bytes are those of { $format }
evidence-batches = { $batches ->
    [one] { $batches } record batch
   *[other] { $batches } record batches
 }{ $codecs-key ->
    [none] { "" }
   *[other] { " " }(compression: { $codecs })
 }
evidence-transactions = { $control-records } control records; { $committed } transactions committed, { $aborted } aborted with { $aborted-records } records, which are shown but not applied{ $open-records ->
    [0] { "" }
   *[other] ; { $open-records } records of transactions that have not ended count as committed
 }
evidence-padding = { $bytes } zeros at the end, where the broker had room for more
evidence-schema = the file’s own Avro schema is { $name } (compression: { $codec })
evidence-wire-format = { $values } values name their schema{ $read-key ->
    [none] {""}
   *[other] : { $read }
 }{ $missing-key ->
    [none] {""}
   *[other] ; not given, so their values stay bytes: { $missing }
 }{ $broken-key ->
    [none] {""}
   *[other] ; not understood: { $broken }
 }
evidence-misfit = { $values } of { $of } values do not fit their schema and stay bytes: { $detail }
evidence-message = { $values } of { $of } values are read as the Protobuf message { $message }
evidence-messages = { $values } of { $of } values are bytes; choose below which Protobuf message they are: { $messages }
evidence-bytes = { $values } of { $of } values are bytes that are no text; if they are Protobuf, a .proto file tells what they say
evidence-header-commas = in { $records } of { $of } records the value of a header holds commas, as stand between headers: where a header ends is a guess
evidence-key-only = { $records } of { $of } messages hold only the key of a row that was too large: its other columns are missing
evidence-claim-check = { $records } of { $of } messages hold only the key of a row that lies in a storage beside Kafka (claim check): its other columns are missing
evidence-schema-file = this is the schema { $name }, used for the other files
evidence-not-utf-8 = { $count } sequences of bytes are not UTF-8 and were kept as they are, the first in line { $line }
evidence-stray = a file of this name holds no records
evidence-like = This is probably no log: it reads like { $what-key ->
    [binary] binary data
    [markup] a piece of HTML or XML
    [stack-trace] a stack trace
    [command] a command of a shell. Run it and paste what it prints
    [address] an address. Open what it leads to, and paste or save that
    [program-log] the log of a program, written for people
    [code] source code
    [settings] a settings file
    [encoded] encoded data. Decode it first
    [text-with-json] a text with JSON in it. Keep just the JSON, a record a line
    [scalars] single values without a key
    [empty-object] an object without members
   *[text] plain text
 }.
evidence-nothing = no known format fits, so each value is a record
problem-json = not JSON:
problem-cut-off = cut off:
problem-open-array = array not closed:
problem-not-a-record = not a record:
problem-misfit = does not fit the format:
problem-columns = wrong number of columns:
problem-error-body = an error answer, not a log:
problem-compression = cannot be decompressed:
problem-too-large = too large:
problem-memory-full = the memory is full:
problem-utf-16 = broken UTF-16:
problem-unsupported = not supported:
problem-foreign = something else:
problem-too-many-layers = too many layers of compression:
problem-binary = damaged:
problem-duplicate-offset = offset appears twice:
problem-only-schema = a schema, not a log:
problem-charset = another character set:
problem-empty = empty:

# Choices
choices = How the log is read
choices-short = Reading
format = Format
format-detected = { $what } (detected)
format-kcat-json = kcat -J
format-kcat-text = kcat text
format-console-consumer = console consumer
format-rest-v2-json = REST v2 JSON
format-rest-v2-binary = REST v2 binary
format-debezium = Debezium
format-debezium-unwrapped = Debezium, unwrapped
format-eventstore-atom = KurrentDB Atom
format-eventstore-events = KurrentDB events
format-eventstore-grpc = KurrentDB gRPC
format-events = domain events
format-records = records
format-kcat = kcat -J
format-ndjson = NDJSON records
format-tsv = TSV
format-values = values only
format-console = console consumer
format-rpk = rpk
format-cloudevents = CloudEvents
format-masstransit = MassTransit
format-redpanda-console = Redpanda Console
format-akhq = AKHQ
format-kafka-ui = kafka-ui
format-confluent-cloud = Confluent Cloud
format-confluent-cli = Confluent CLI
format-lambda = AWS Lambda event
format-aws-dms = AWS DMS
format-maxwell = Maxwell
format-canal = Canal
format-ticdc = TiCDC
format-ticdc-simple = TiCDC Simple
format-ticdc-open = TiCDC Open Protocol
format-ogg = Oracle GoldenGate
format-wal2json = wal2json
format-wal2json-v2 = wal2json v2
format-flink-changelog = Flink changelog
format-marten = Marten
format-axon = Axon
format-message-db = message-db
format-emmett = Emmett
format-cqrs-es = cqrs-es
format-dump-log = kafka-dump-log
format-log-segment = Kafka log segment
format-avro = Avro file
format-sse = server-sent events
format-program-log = a program’s log
format-lines = plain lines
format-csv = CSV
projection = Projection
projection-latest = latest: last value wins
projection-merge = merge: fields add up
projection-status = status: newX sets x
projection-cdc = cdc: row changes
projection-json-patch = json-patch: RFC 6902
projection-latest-hint = The last value of a key is its state; null deletes it
projection-merge-hint = Each value is merged into the state (RFC 7396); null removes a field
projection-status-hint = newStatus sets status, oldStatus is checked against it
projection-cdc-hint = The row image after each change is the state; a delete deletes it
projection-json-patch-hint = Each value is a list of JSON Patch operations
projection-jq = jq: your own program
projection-jq-hint = The program's first output is the new state: . is the state, $event the value, $record the record
jq-program = Program
jq-program-hint = Runs when you leave the field or press Ctrl+Enter. Null deletes, no output changes nothing
guessed = { $what } (guess)
key-by = Key
record-key = the record’s key
key-candidate = { $pointer } ({ $n ->
    [one] 1 value
   *[other] { $n } values
 })
other-pointer = another field …
schedule = Order
schedule-hint = Kafka has no order across partitions, so the order is a choice; inside a partition it never changes
schedule-file = as in the file
schedule-timestamp = by timestamp
schedule-partition = partition by partition
schedule-seeded-1 = shuffled (seed 1)
schedule-seeded-2 = shuffled (seed 2)
schedule-seeded-3 = shuffled (seed 3)

# Schemas of values that name theirs by number
schemas = Schemas for these values
schemas-lead = Values that are Avro or Protobuf need their schema, which many name by a number at their beginning. Ask a Schema Registry for the schemas that this log needs, paste one, or choose schema files (also together with the log). Nobody is asked before you press the button.
registry-address = Schema Registry
registry-token = Token, or user:password
registry-ask = Get the schemas
registry-asking = Asking …
registry-nothing = No value is left whose schema is missing
registry-missing = Schema { $id }: { $why }
schema-paste = .proto text, an Avro schema, or a registry’s answer
schema-use = Use this schema
schema-files = Schema files…
failed-broken-schema = The schema cannot be used: { $detail }
mapping-message = Protobuf message
mapping-message-found = the one that fits
failed-bad-schema = This is no schema: paste .proto text, a descriptor set in base64, an Avro schema, or what a registry answers for a schema’s number
failed-registry-refused = Nothing answers at { $detail }. Start the registry, or correct the address and the port.
failed-registry-cors = { $detail } answers, but does not let this page read. Set there access.control.allow.origin to this page’s origin and access.control.allow.methods to GET (Confluent’s and Karapace’s setting; others have one of another name), and start it again.
failed-registry-policy = This copy of the page may not ask { $detail }: its Content-Security-Policy names this machine’s own addresses only, such as http://localhost:8081. Forward the registry’s port to this machine, or build the page with: cargo xtask build --connect { $detail }
failed-registry-bad-address = “{ $detail }” is no address. An address looks like http://localhost:8081.

# Mapping
mapping-title = Where the parts of a record are
mapping-open = Mapping …
mapping-open-said = Mapping (yours) …
mapping-hint = See what was taken for key, time, type … and change it
mapping-lead = A change shows at once in the first records below; the log itself is read again when you use the mapping.
mapping-reading = Reading the first records …
mapping-why = Read as { $format }, because
mapping-detect = found out
mapping-unit = Numbers in time fields are
mapping-unit-guessed = told by their size
mapping-unit-s = seconds
mapping-unit-ms = milliseconds
mapping-unit-us = microseconds
mapping-unit-ns = nanoseconds
mapping-kcat = How kcat printed it
mapping-kcat-format = The format of kcat’s -f, or its whole command
mapping-kcat-hint = For example %t|%p|%o|%T|%k|%s\n or kcat -C -t orders -f '%k %s\n'. The command also says by -Z whether NULL is null, and by -t the topic. Lengths (%K, %S, %R) say where keys and values end, whatever they hold.
mapping-columns = What the columns stand for
mapping-columns-hint = Without its schema a row holds dates as numbers of days and decimals as base64. Say what a column stands for, and it is converted everywhere.
mapping-column = Column
mapping-column-kind = Stands for
mapping-column-example = As it is written
mapping-column-shown = As it is read
mapping-conversion = What { $column } stands for
mapping-conversion-none = as it is written
mapping-conversion-date = date (days since 1970)
mapping-conversion-decimal = decimal (base64)
mapping-conversion-time-ms = time of day (milliseconds)
mapping-conversion-time-us = time of day (microseconds)
mapping-conversion-time-ns = time of day (nanoseconds)
mapping-conversion-timestamp-s = time (seconds)
mapping-conversion-timestamp-ms = time (milliseconds)
mapping-conversion-timestamp-us = time (microseconds)
mapping-conversion-timestamp-ns = time (nanoseconds)
mapping-scale = Digits behind the point of { $column }
mapping-whole = the whole record
mapping-part = Part
mapping-place = Taken from
mapping-detected = Found out
mapping-nowhere = nowhere
mapping-part-detect = { $part }: back to what was found out, { $place }
mapping-syntax = /member of the record as it is written · value:/member of the value · header:name · empty for nowhere
mapping-preview = The first records
mapping-no-rows = Read like this, there are no records
mapping-apply = Use this mapping
mapping-remember = and for exports like this one from now on
mapping-reset = All as found out
mapping-export = Save as a file
mapping-import = From a file …
mapping-topic = topic
mapping-partition = partition
mapping-offset = offset
mapping-timestamp = time
mapping-key = key
mapping-value = value
mapping-headers = headers
mapping-event-id = event id
mapping-event-type = event type
mapping-version = version

# Transport
transport = Replay controls
to-start = To the start (Home)
step-back = Step back (←)
play = Play (space)
pause = Pause (space)
step = Step (→)
to-end = To the end (End)
speed = Speed
speed-hint = Events a second
speed-rate = { $rate }×
speed-by-clock = By the records’ timestamps
speed-max = max
speed-gaps = true time gaps
seek = Position in the replay
position = Position
go-to = Go to …
go-to-label = Go to a position, P1@1706, a time or a key (g)
next-event-in = next event in { $time }
skip-gap = Skip the wait
seek-ticks-snapshots = Each tick is an event of the selected entity; behind the large ones a snapshot of its state is kept
seek-ticks = Each tick is an event of the selected entity
announce = Position { $position } of { $total }
key-play = play
key-step = step
key-ten = ten steps
key-search = search
key-go-to = go to
key-tabs = views
key-help = help
key-palette = commands

# Replay
entities = Entities
entity-filter = Filter by key
no-entities = No key holds “{ $filter }”
clear-filter = Clear the filter
lanes = Partitions
lanes-hint = Each mark is an event; the filled ones are of the selected entity
records = Records
collapse-left = Hide the entities
expand-left = Show the entities
collapse-right = Hide the state
expand-right = Show the state
collapse-lanes = Hide the partitions
expand-lanes = Show the partitions
collapse-records = Hide the records
expand-records = Show the records
group-runs = Records in one row
group-runs-hint = Puts records that are alike and follow each other into one row, which opens
group-off = each record
group-type = alike by type
group-entity = alike by key and type
run-of = one of { $n } records that are alike
run-open = Show each of them (Enter)
run-fold = Put them into one row (Enter)
group-history = Group alike
group-history-hint = Puts events of one type that change the same fields into one, with what they changed together
history-run = { $n } events that are alike
resize-left = Width of the entities
resize-right = Width of the state
resize-lanes = Height of the partitions
zoom-in = Zoom in
zoom-out = Zoom out
zoom-all = Whole log
tombstone = tombstone
control = control record, never applied
no-key = no key
deleted = deleted
unborn = not yet
alive = alive
other-types = other
state = State
diff = Diff
blame = Blame
history = History
entity-tabs = Sides of the entity
state-label = State as JSON
state-at = after { $position }
state-unborn = Nothing has happened to it yet
state-deleted = Deleted by event #{ $position }
to-first-event = Go to its first event
to-last-event = See how it ends
follow = Follow
follow-hint = Always show the entity that the record under the cursor changes
mark-changes = Mark changes
set-by = Set by event #{ $position }
previous-event = Its previous event
next-event = Its next event
last-change = What its last event changed
no-change = Its last event changed nothing
diff-of = Event #{ $position }
added = added
removed = removed
changed = changed
field = Field
before = Before
after = After
value = Value
set-at = Set by
changed-at = Value since
version = version
problems = Noticed while folding
noticed-old-value-differs = The event says that { $field } was { $stated }, but it was { $found-key ->
    [absent] absent
   *[other] { $found }
 }
noticed-patch-failed = A patch does not fit the state: { $reason-key ->
    [not-a-patch] the value is not a list of patch operations
    [malformed] operation { $operation } is malformed
    [missing] operation { $operation }: there is nothing at { $at }
   *[test-failed] operation { $operation }: the value at { $at } differs
 }
noticed-program-failed = The program failed: { $fault-key ->
    [raised-nothing] it called error without a message
    [stray-break] break outside of its label
    [too-many-steps] it needs more than { $limit } steps for one event
    [too-many-levels] it nests more than { $limit } levels deep
    [value-too-large] it makes a value of more than { $limit } bytes
    [value-too-deep] it makes a value that is nested too deep
    [path-too-long] it makes a path that is too long
    [state-too-large] the state would be larger than { $limit } bytes
    [not-iterable] .[] of { $value }, which has no elements
    [no-member] { $value } has no member { $other }
    [no-member-to-delete] { $value } has no member { $other } to delete
    [no-such-key] { $value } cannot have the key { $other }
    [not-key] { $value } cannot be the key of an object
    [not-negatable] { $value } cannot be negated
    [not-calculable] { $value } and { $other } cannot be { $verb }
    [divided-by-zero] { $value } cannot be divided by { $other }, which is zero
    [not-slice-end] { $value } cannot be the end of a slice
    [slice-not-array] a slice of an array can only become an array
    [out-of-range] index { $text } is out of range
    [no-path] { $value } has no path: it is not a part of the input
    [not-path] { $value } is not a path
    [not-paths] paths must be a list
    [not-sortable] { $value } cannot be sorted or grouped: it is not an array
    [not-number] { $value } is not a number
    [not-string] { $value } is not a string
    [not-array] { $value } is not an array
    [not-boolean] { $value } is not a boolean
    [no-length] { $value } has no length
    [no-keys] { $value } has no keys
    [not-containable] { $value } and { $other } cannot be compared for containment
    [not-findable] { $value } cannot be looked for in { $other }
    [negative-levels] the levels to flatten must not be negative
    [not-entry] { $value } is no entry: it has no key
    [not-joinable] { $value } cannot be joined
    [not-json] { $value } is { cause-json }
    [not-character] { $value } is no character
    [not-time] { $value } is no time that can be written
    [not-date] { $value } is not a date such as 2015-03-05T23:51:47Z
    [not-base64] { $value } is no text in base64
    [not-row] { $value } is no row: it is not an array
    [not-cell] { $value } cannot be in a row
   *[raised] { $text }
 }
# A value that a program met: its kind and its JSON text
jq-value = { $type-key ->
    [null] null
   *[other] { $type } ({ $text })
 }
doubt-became = { $n ->
    [one] It became one record without a key that means something.
   *[other] Each line or value became a record, { $n } in all, without a key: so there is no state to see.
}
doubt-more = What a log looks like
doubt-example = A record is one event of one entity, for example a line of JSON:
doubt-try = Load this example
doubt-formats = These exports are recognised by what is in them: { $formats }
no-keys = No record names a key, so there is no entity whose state could be rebuilt.
no-keys-there = No record has the field { $pointer }, so there is no entity whose state could be rebuilt.
no-keys-own = Back to the record’s key
no-keys-choose = Choose where the key is …
no-key-state = Without a key there is no state: the records can be read, searched and counted.
no-entity = Choose an entity, or step: the one that changes is shown
record-at = Record #{ $position }
record-before-first = Before the first event
record-headers = Headers
record-value = Value
record-raw = Show the record
pin = Pin this position

# Simulate
simulate-title = The same log in another order
simulate-lead = Kafka keeps order inside a partition only. Fold the log in each order and compare the hash over all final states: equal hashes mean that the order across partitions does not matter for this log and projection.
simulate-run = Compare the orders
simulate-running = Folding …
simulate-order = Order
simulate-hash = Hash of all final states
simulate-same = same as “{ $order }”
simulate-differs = differs
simulate-reference = reference
simulate-limits = Modelled exactly: the order inside each partition. Not modelled: duplicates, lost records, consumers and their rebalances.
simulate-kept = Your own order is put back afterwards.

# Query
query-open = Open in the replay
query-go-here = Move the cursor here
search-title = Search the records
search-text = Text anywhere
search-text-hint = in key, value or headers
search-key = Key holds
search-event-type = Event type
search-partition = Partition
search-any = any
search-more = Time, offset and fields of the value
search-time-from = From time (UTC)
search-time-to = To time (UTC)
search-offset-from = From offset
search-offset-to = To offset
search-add-condition = Add a condition on a field …
search-remove-condition = Remove this condition
search-condition = Condition on a field
search-pointer = Field, as a JSON pointer
search-comparison = Comparison
search-equals = is
search-differs = is not
search-less = is less than
search-greater = is greater than
search-contains = contains
search-exists = is there
search-missing = is missing
search-run = Search
search-wrong-time = Write a date and time, such as 2026-01-31 10:42
search-wrong-offset = An offset is a whole number from 0 on
search-wrong-order = This lies before the beginning
search-wrong-pointer = In a JSON pointer, ~ is written ~0 and / is written ~1, as in /a~1b
search-wrong-no-pointer = Name a field, such as /status, or remove this condition
search-clear = Clear
search-suggestions = Try
search-suggest-type = every { $name }
search-suggest-key = key { $key }
search-results = Matches
search-place = Offset
search-found = { $matches ->
    [one] { $matches } match
   *[other] { $matches } matches
} among { $total } records
search-found-so-far = { $matches ->
    [one] { $matches } match
   *[other] { $matches } matches
} in { $scanned } of { $total } records
search-more-matches = and { $n } more; all of them are marked on the lanes, up to 20 000
search-stopped = stopped before the end
cost-title = What does reading one key cost?
cost-of = What does it cost to know { $key } at position { $position }?
cost-lead = A topic has no index: whoever looks for one key reads its whole partition. Read models and snapshots exist because of this.
cost-key = Another key, exactly
cost-look-up = Look up
cost-all = Read the whole topic
cost-scan = Read the key’s partition ({ $partitions })
cost-index = Read the key’s events only, by an index
cost-snapshot = Last snapshot and what follows, one every { $every } events
cost-short-all = Whole topic
cost-short-scan = Partition
cost-short-index = Index
cost-short-snapshot = Snapshot
cost-records = Records read
cost-events = events
cost-every = A snapshot every
cost-every-hint = More snapshots make reading cheaper and storing dearer
cost-chart = Records read for { $key } while the log grows
cost-nothing = Move the cursor: before the first event there is nothing to read
cost-line = { $n } now
query-fields = When did a field of { $key } change?
query-field-all = all fields
query-changes-none = No event of this entity changed that field
query-hash = Hash of all states at position { $position }
query-hash-run = Compute

# Compare
compare-title = What is compared
compare-by-order = another order
compare-by-order-hint = Kafka promises an order inside a partition only; does the order across partitions matter here?
compare-by-projection = another projection
compare-by-projection-hint = The same events folded by another rule: two read models of one log
compare-by-key = another key
compare-by-key-hint = Another field names the entity: other entities, out of the same events
compare-by-position = two positions
compare-by-position-hint = One entity at a pinned position and at the cursor
compare-with = Now: { $current }. Compare it with
compare-no-other = This log has no other field that could be the key
compare-run = Compare
compare-said = { $different ->
    [0] All { $same } entities that have a state come out the same
    [one] { $different } entity comes out differently, { $same } the same
   *[other] { $different } entities come out differently, { $same } the same
}
compare-without-state = { $n ->
    [one] One more has no state either way: it was deleted, or its events leave none
   *[other] { $n } more have no state either way: they were deleted, or their events leave none
}
compare-same-order = This order changes nothing. None can as long as every key lies in one partition; choose a key above whose events are in several, and it may.
compare-same-projection = For these events both rules say the same
compare-same-key = Both fields name the same entities
compare-n-differ = { $n } with two different states
compare-n-only = { $n } only with “{ $name }”
compare-no-state = has no state
compare-list = Entities that come out differently
compare-pin = Pin position { $position }
compare-unpin = Drop the pin
compare-lead = Pin a position, then move the cursor: the differences are marked.
compare-pinned = Pinned: position { $position }
compare-cursor = Cursor: position { $position }
compare-equal = The state is the same at both positions
compare-n-differences = { $n ->
    [one] { $n } field differs
   *[other] { $n } fields differ
}
compare-hash = Hash

# Query: sides, read models, streams
query-side-search = Search
query-side-models = Read models
query-side-stream = Event stream
query-side-cost = Reading one key
models-title = One log feeds several read models
models-lead = Writing goes to the log alone; each of these reads the same events and keeps what its own question needs (CQRS). Stop one, move the cursor on, and let it catch up: it goes on from its checkpoint.
models-at = has read up to #{ $position }
models-behind = stopped at #{ $position }, { $n } behind
models-stop = Stop it
models-catch-up = Catch up
model-search = Audit search
model-search-system = a search index, as Elasticsearch
model-search-why = Which events mention these words? Every word of every record leads to its positions.
model-search-text = Words, all of them: FAULTY 陈静
model-search-hint = Type a word: an operator, a status, part of an id
model-search-building = Building the index …
model-search-cost = { $entries } entries of the index read instead of { $records } records; { $words } words in it
model-search-cut = The index ends at record { $n }
model-key = Lookup by key
model-key-system = a wide-column store, as Cassandra
model-key-why = What is this entity now? One row a key, overwritten by each event.
model-key-cost = 1 row read
model-key-none = No such row yet, or not any more
model-windows = Dashboard
model-windows-system = windowed counts of a stream processor, as Flink
model-windows-why = How much of what happened when? Records are counted by event type in windows of their own time.
model-windows-length = windows of { $length }
model-windows-late = { $n } came late, after their window was closed
model-windows-untimed = { $n } without a time
model-windows-no-time = The log has no timestamps, so there is nothing to put into windows
model-windows-label = Records per window of time, by event type
model-archive = Archive
model-archive-system = a columnar file for S3 or HDFS
model-archive-why = What is kept for years? Rows become columns: alike values lie together, compress well and are read alone.
model-archive-write = Write Parquet up to #{ $position }
model-archive-said = { $records } records: { $bytes } instead of { $text } of JSON lines
model-archive-save = Save the file
model-archive-columns = A query that wants one column reads only that column’s bytes.
failed-archive-too-large = The archive does not fit into memory: more than { $detail }. Move the cursor to an earlier position.
stage-words = Indexing words
stage-schemas = Looking for schemas
stage-archive = Writing the archive
stream-title = { $key } as a stream of an event store
stream-lead = An event store such as EventStoreDB (KurrentDB) numbers the events of each stream and checks the version at every append. A topic checks nothing: each event is judged here by what the topic had taken before it.
stream-all-fit = every append would have been accepted
stream-n-conflict = { $n ->
    [one] { $n } version conflict
   *[other] { $n } version conflicts
}
stream-n-duplicate = { $n ->
    [one] { $n } event twice
   *[other] { $n } events twice
}
stream-n-gap = { $n ->
    [one] { $n } gap in the versions
   *[other] { $n } gaps in the versions
}
stream-n-unclaimed = { $n } without a version of their own
stream-revision = Revision
stream-claims = Claims
stream-says = An event store says
stream-accepted = accepted
stream-duplicate = the same event id again: accepted once, not written twice
stream-conflict = refused: claims version { $claimed }, the next one is { $expected }
stream-gap = refused: claims version { $claimed }, but { $expected } comes next
stream-unclaimed = cannot be checked
stream-snapshot = snapshot up to revision { $revision }
stream-empty = The stream has no event yet at this position
stream-hidden = { $n } earlier events are not shown
stream-rebuild = A rebuild reads the snapshot of revision { $revision } and { $tail ->
    [0] nothing else
    [one] { $tail } event behind it
   *[other] { $tail } events behind it
}
stream-rebuild-all = A rebuild reads all { $tail } events: there is no snapshot yet
writers-title = Two writers at the same time
writers-lead = Let both read, then let both append. What they try lies on top of the stream; the log stays as it is.
writers-check = Appends say which version they expect
writers-check-on = The second one is refused and has to read again: nothing gets lost.
writers-check-off = As in a topic: both are accepted, and the second never saw what the first has done.
writers-name = Writer { $name }
writers-knows-nothing = has read nothing yet
writers-read = Read
writers-append = Append
writers-any = any version
writers-no-stream = no event yet
writers-exactly = revision { $revision }
writers-accepted = Writer { $name } expected { $expected }: accepted, the stream is at revision { $revision }
writers-refused = Writer { $name } expected { $expected }: refused (WrongExpectedVersion), the stream is at revision { $revision }
writers-drop = Drop what was tried

# Compare: events beside row changes
compare-by-rows = events and row changes (CDC)
compare-by-rows-hint = The same business change as the event that was written, and as the row change that a connector would have captured
rows-title = { $key }: events and row changes
rows-lead = If the state were a row of a table, a connector such as Debezium or AWS DMS would see only what changes in it. What can each side answer?
rows-lead-cdc = This log is change data itself: the left side is what the connector wrote, and the events behind it were never kept.
rows-events = Domain events
rows-rows = Row changes (CDC)
rows-none = no row change: the row stayed as it was
rows-insert = INSERT
rows-update = UPDATE
rows-delete = DELETE
rows-q-now = What is it now?
rows-q-happened = What happened, and why?
rows-q-how-often = How often did something happen?
rows-q-more = What else did the events say?
rows-q-other = Can another read model be built later?
rows-q-copy = Is it a copy of the table at once?
rows-q-change = Does it work without changing the application?
rows-a-fold = fold its { $n } events
rows-a-image = the last row image
rows-no-type = the events carry no name of their own
rows-a-silent = { $rows } row changes; { $silent ->
    [one] { $silent } event left no trace
   *[other] { $silent } events left no trace
}
rows-a-changes = { $n } row changes
rows-a-no-column = they are no columns of the row
rows-not-kept = not kept in this log
rows-a-any-model = any: every event is there
rows-a-columns-only = only out of these columns
rows-a-needs-rule = only with a projection
rows-a-copy = yes: mirror, ETL, backup
rows-a-own-code = no: the application writes events
rows-a-no-code = yes: the database’s log is read

# Learn
learn-title = The words
learn-samples = The samples
learn-keys = The keys
learn-try = Open this sample
lessons-title = { $n } ideas, each on the running page
lessons-lead = Each one opens a sample in place of the log that is loaded, goes to the right place and says what to look at.
lesson-show = Show me
lesson-next = Next idea
lesson-all = All ideas
lesson-immutable = A change is an immutable event
lesson-immutable-why = The log is only ever added to; what an entity is now follows from what has happened to it.
lesson-immutable-look = Every line of the history is an event. Click any of them: the state goes back to that moment, and the list stays as it is.
lesson-fold = State is a fold over events
lesson-fold-why = Start with nothing, apply one event after the other: that is all there is to a state.
lesson-fold-look = Press → a few times. Each step applies one record; what it changed is marked, and each field names the event that set it.
lesson-partition = Order exists only inside a partition
lesson-partition-why = The key decides the partition. Events of one key in several partitions have no order among them.
lesson-partition-look = Here the operator is the key, so its events lie in several partitions and another order gives other states. Set Key above back to the record’s key: all come out the same.
lesson-parallel = Entities can be rebuilt in parallel
lesson-parallel-why = If the key is the record’s own, no order across partitions matters, so each entity can be folded by itself.
lesson-parallel-look = Try every order: the states are always the same. That is why a rebuild can be shared out by entity.
lesson-idempotency = The same event may come twice
lesson-idempotency-why = A producer that retries, a consumer that starts again: whoever folds must bear duplicates.
lesson-idempotency-look = Events #26 and #27 carry the same event id. The second changed nothing, because these events state results; one that says “add 50” would count twice.
lesson-version = A log takes what an event store refuses
lesson-version-why = Event stores check an expected version at each append. A topic has no such check.
lesson-version-look = Event #42 claims version 7 before there is a version 6, and #43 brings 6 after it. An event store would have refused #42 until then; the topic took both, and the older value wins.
lesson-writers = Two writers, one stream
lesson-writers-why = Who appends says which version they have read. Of two at the same time, the second is refused and reads again.
lesson-writers-look = Let writer A and writer B both read, then both append: the second is refused. Switch the check off: both get in, and the second never saw the first.
lesson-tombstone = A null value deletes
lesson-tombstone-why = A tombstone is a record with a key and no value. Compaction may then drop all the key’s records.
lesson-tombstone-look = Record #133 is a tombstone: the entity is gone. Step back and it is there again, since the log still has its events.
lesson-retention = A topic forgets after a while
lesson-retention-why = By default a topic keeps seven days; whole segments go when they are old. retention.ms=-1 keeps everything, and the storage costs.
lesson-retention-look = Here six hours are kept of twelve. A rebuild from what is left misses the older events: see which entities come out wrong. Move Retention, or set Clean-up to none.
lesson-compaction = Compaction keeps the last value of a key
lesson-compaction-why = It saves space, and a fold that needs only the last value loses nothing. A history cannot be rebuilt from it.
lesson-compaction-look = The lanes show which records are compacted away. Set Projection above to latest: all entities come out right again.
lesson-scan = Reading one key means scanning a partition
lesson-scan-why = A topic has no index by key. Read models exist because of that.
lesson-scan-look = Compare the four numbers: the whole topic, the key’s partition, an index, a snapshot. Look up another key.
lesson-snapshot = A snapshot saves reading
lesson-snapshot-why = Keep the state every N events, and a rebuild needs the last snapshot and the few events behind it.
lesson-snapshot-look = Move “A snapshot every”: the saw of the snapshot line is what is left to read.
lesson-consumers = Delivery is where it goes wrong
lesson-consumers-why = Another order, duplicates, lost records, crashes: what a consumer does to the states.
lesson-consumers-look = One of two consumers dies at half time, and what it had not committed comes again. Open Idempotency among the controls and let the fold recognise events by their id.
lesson-lag = A slow consumer falls behind
lesson-lag-why = Lag is what is written and not yet committed by a group. It is watched, and an alert fires before storage or patience runs out.
lesson-lag-look = The one consumer reads at 60 % of the log’s rate: the lag crosses the alert line, and a second member helps late. Raise Members or Speed of a member until no alert fires.
lesson-cdc = A row change says what, not why
lesson-cdc-why = Change data capture gives the row before and after. The reason was in the event that nobody kept.
lesson-cdc-look = credit went from 0.00 to 25.75. Was it a refund, a gift, a correction? An event would have been called by its name.
lesson-beside = Events beside row changes
lesson-beside-why = The same business change, once as the event that was written and once as what a connector sees in the table.
lesson-beside-look = Read the table of questions: each side can answer some. Further down, event #27 has no row change at all: it changed nothing in the row.
lesson-projections = Another rule, another state
lesson-projections-why = The same events, folded by another rule, answer another question.
lesson-projections-look = Left and right are two projections of the same orders: one keeps all that was ever said, one only the last word.
lesson-read-models = One log, several read models
lesson-read-models-why = Writing goes to the log; a search index, a table by key, a dashboard and an archive each read it for themselves (CQRS).
lesson-read-models-look = Search for Graz, look up an order, count by the hour, write a Parquet file. Stop one of them, step back and on: it stands still and catches up.
term-record = Record
term-record-text = What Kafka stores: key, value, headers and a timestamp at an offset
term-event = Event
term-event-text = A fact in the past tense; it is never changed, only followed by others
term-entity = Entity
term-entity-text = The thing that a key names; its state is the fold of its events
term-partition = Partition
term-partition-text = A part of a topic, chosen by the key; only inside it is there an order
term-offset = Offset
term-offset-text = A record’s number in its partition, given by the broker; there may be gaps
term-tombstone = Tombstone
term-tombstone-text = A record with a key and a null value: the entity is deleted, and compaction may drop it
term-projection = Projection
term-projection-text = The rule by which one event changes a state
term-fold = Fold
term-fold-text = Applying the projection to event after event, from the first on
term-position = Position
term-position-text = A place in the replay: 0 before the first event, n after the n-th
term-schedule = Schedule
term-schedule-text = A replay order; it never breaks the order inside a partition
term-version = Version
term-version-text = How many events have been applied to an entity
term-blame = Blame
term-blame-text = For each field, the event that set it last

# Samples
sample-spray-heads = Spray heads
sample-spray-heads-look = Press → to step and watch a spray head go from INVENTORY to INSTALLED; each field names the event that set it
sample-bank-accounts = Bank accounts
sample-bank-accounts-look = One event comes twice and one comes too late: step through an account’s history and find both
sample-orders = Orders
sample-orders-look = Four event types build one order: filter a key and read its Blame to see who contributed what
sample-customers-cdc = Customers (CDC)
sample-customers-cdc-look = Row changes instead of events: you see what changed, but not why

# Notices
notice-no-such-place = There is no such place in this log: { $detail }. A place is a position, P1@1706, a date and time, or a whole key.
notice-last-position = The log ends at position { $detail }
notice-no-key-typed = Type a key first
notice-no-link = No link can lead here: files stay on your computer, and long texts do not fit. Samples and short pasted texts can be shared.
notice-link-copied = Link copied
notice-link-in-address = The link is in the address bar
notice-empty-folder = There are no files in this folder
notice-large-folder = This folder has more than { $detail } files: open the part of it that is the log
notice-unreadable-folder = The browser cannot read this folder: { $detail }
notice-only-blanks = The box holds nothing but blanks: paste an exported log, for example lines of JSON
notice-nothing-pasted = Paste a log into the box first
failed-memory-full = There is not enough memory for that beside { $detail } records. Open a part of the log, or use the command line.
failed-no-records = Nothing could be read as a record: { $detail }
failed-no-records-empty = it holds an empty list, or nothing at all
failed-no-records-do = Paste or open an exported log, for example lines of JSON, kcat -J or CSV. What was shown before is still there.
notice-edit = Mend the text in the box
notice-saving = Writing { $detail } …
notice-saved = Saved as { $detail }
failed-bad-mapping = This mapping makes no sense: { $detail }
failed-bad-mapping-place = This is no place: { $detail }. Write /member, value:/member, header:name, or . for the whole record.
failed-bad-mapping-part = This part cannot be taken from there: { $detail }
failed-bad-conversion = This is nothing that a column could stand for: { $detail }. Write date, decimal:2, time-ms, timestamp-us and so on.
failed-kcat-format-verb = { $detail } is nothing that kcat prints: there are %t %p %o %T %k %K %s %S %R %h and %%
failed-kcat-format-no-verb = This prints nothing of a record: %k is the key, %s the value
failed-kcat-format-joined = Nothing stands between the two of { $detail }, so nobody can tell where the first ends
failed-kcat-format-open-end = Nothing stands behind { $detail }, so nobody can tell where a record ends. kcat prints no end of line by itself: add \n if each record is a line.
failed-kcat-format-json = This command prints JSON (-J), which is read without a format
failed-kcat-format-quote = A quote is not closed in this command
failed-kcat-format-too-long = The format has more than { $detail } parts
json-mistake = { $what }
failed-bad-format = This format is not known: { $detail }
failed-bad-pointer = This is not a JSON pointer to a field: { $detail }
failed-bad-projection = This projection is not known: { $detail }
failed-bad-schedule = This order is not known: { $detail }
failed-bad-jq = The jq program does not work: { $detail }
failed-unreadable = The file could not be read: { $detail }
failed-engine-gone = The engine has stopped: { $detail }
failed-worker-gone = A further worker broke down: { $detail }
failed-other = That did not work: { $detail }

# Help
help-title = Keys
help-play = Play or pause
help-step = One event back or on
help-ten = Ten events back or on
help-ends = To the start or the end
help-search = Search entities
help-go-to = Go to a position, an offset, a time or a key
help-tabs = Views
help-lanes = Zoom the partitions in and out, move to the left and right
help-run = Open or fold what is alike, in the records
help-palette = Command palette
help-help = This help
help-paste = Load what you copied
help-privacy = Your log never leaves this page: everything is computed in your browser.

## The laboratory

sim-title = What Kafka does to this log
sim-lead = The loaded log is the truth. Choose a ready scenario or move a control: the log runs through producers, partitions, clean-up and consumers, and the entities that come out wrong are shown with the reason.
sim-own = Your own scenario.
sim-ready = Ready scenarios
sim-waiting = Simulating …
sim-refused = The scenario was refused:
sim-changed = changed
scenario-none = As it is
scenario-wrong-key = Wrong key
scenario-wrong-key-question = What if the producer had used another field as key? An entity's events then lie in several partitions, and whoever reads a backlog sees them out of order.
scenario-wrong-key-answer = { $split_entities } of { $entities } entities now lie in several partitions, and { $diverged } end in a wrong state: their events were read in another order.
scenario-doubled = Partitions doubled at noon
scenario-doubled-question = What happens to keys when partitions are added? Old records stay where they are, new ones of the same key go elsewhere, and nothing orders the two.
scenario-doubled-answer = { $split_entities ->
    [one] One entity has
   *[other] { $split_entities } entities have
} old events in one partition and new ones in another. { $diverged ->
    [0] This time they were read in the right order, by luck.
    [one] One was read in the wrong order.
   *[other] { $diverged } were read in the wrong order.
}
scenario-crash = Crash, at least once
scenario-crash-question = A consumer dies between processing and commit. Its records come again: which entities apply an event twice?
scenario-crash-answer = { $redelivered ->
    [one] One record
   *[other] { $redelivered } records
} came again, and { $diverged ->
    [one] one entity
   *[other] { $diverged } entities
} applied an event twice.
scenario-crash-idempotent = The same, idempotent
scenario-crash-idempotent-question = The same crash, but the fold remembers the ids of the events that it has applied. What is left of the damage?
scenario-crash-idempotent-answer = { $redelivered ->
    [one] One record
   *[other] { $redelivered } records
} came again, and { $deduplicated ->
    [one] one event was
   *[other] { $deduplicated } events were
} recognised and ignored{ $recorded_twice ->
    [0] .
    [one] , one of them twice in the log itself.
   *[other] , { $recorded_twice } of them twice in the log itself.
} { $diverged ->
    [0] Nothing is left of the damage.
   *[other] { $diverged } entities are wrong all the same.
}
scenario-commit-before = Commit before processing
scenario-commit-before-question = Offsets are committed before the records are processed. What does a crash leave out for ever?
scenario-commit-before-answer = { $skipped } records were committed and never processed: { $diverged ->
    [one] one entity lacks
   *[other] { $diverged } entities lack
} an event for ever.
scenario-poison-snapshot = Poison snapshot
scenario-poison-snapshot-question = The newest snapshot is damaged and nobody checks it. Which states are rebuilt wrong? Turn checking on, and the next older one is used.
scenario-poison-snapshot-answer = { $diverged ->
    [one] One entity was
   *[other] { $diverged } entities were
} rebuilt from a damaged snapshot that nobody checked.
scenario-stale-snapshot = Stale snapshot
scenario-stale-snapshot-question = The newest snapshot claims a later offset than its state has, and nobody checks it. Which events does a rebuild leave out?
scenario-stale-snapshot-answer = { $diverged ->
    [0] No entity lacks an event that matters to it.
    [one] One entity lacks the events that its snapshot claimed to have.
   *[other] { $diverged } entities lack the events that their snapshots claimed to have.
}
scenario-old-snapshot = Snapshot of an old version
scenario-old-snapshot-question = An older version of the program wrote the newest snapshots and did not know the latest field. What is missing when they are trusted?
scenario-old-snapshot-answer = { $diverged ->
    [0] No entity misses a field: a later event brought it back.
    [one] One entity misses a field that the older program did not know.
   *[other] { $diverged } entities miss a field that the older program did not know.
}
scenario-checked-snapshot = The same, checked
scenario-checked-snapshot-question = The newest snapshots are damaged again, but checksum, version and offset are checked before one is used. What does that cost?
scenario-checked-snapshot-answer = { $snapshots_refused } damaged snapshots were refused and the next older ones used, with more events to read behind them. { $diverged ->
    [0] Every state is right.
   *[other] { $diverged } entities are wrong all the same.
}
scenario-seven-days = Seven days of retention
scenario-seven-days-question = Seven days later the first half of the log has expired. What does a rebuild from the rest give?
scenario-seven-days-answer = { $expired } of { $appended } records have expired; a rebuild from the rest gets { $diverged ->
    [one] one entity
   *[other] { $diverged } entities
} wrong.
scenario-compaction = Compaction with tombstones
scenario-compaction-question = Only the latest value of each key stays. That is enough for a fold that keeps the last value. Is it enough for yours?
scenario-compaction-answer = { $compacted } of { $appended } records were compacted away. { $diverged ->
    [0] Every state can still be rebuilt.
    [one] One entity needs what is gone.
   *[other] { $diverged } entities need what is gone.
}
scenario-slow-consumer = Slow consumer
scenario-slow-consumer-question = One consumer is slower than the producers. How far does it fall behind, when does the alert fire, and does a second member help?
scenario-slow-consumer-answer = One member cannot keep up with the producers. { $final_lag ->
    [0] From the second one on the lag of { $max_lag } records shrinks, and in the end everything was read.
   *[other] In spite of the second one { $final_lag } records are still to be read at the end.
}
scenario-null-keys = Null keys
scenario-null-keys-question = Without keys the producer sticks to one partition until a batch is full, then takes another (KIP-480, KIP-794). Who can still tell the order of an entity’s events?
scenario-null-keys-answer = The events of { $split_entities } of { $entities } entities are spread over several partitions, and { $diverged } end in a wrong state: nothing keeps their order.
sim-group-topic = Topic
sim-group-producer = Producer and writers
sim-group-consumers = Consumer group
sim-group-idempotency = Idempotency
sim-group-snapshots = Snapshots
sim-group-cleanup = Retention and compaction
sim-group-rebuild = Comparison and rebuild
sim-group-alert = Lag alert
sim-group-chance = Chance
sim-group-document = Scenario as JSON
sim-document = The scenario
sim-document-place = Line { $line }, column { $column }
sim-copy = Copy
sim-key = Key
sim-key-own = the record’s own key
sim-key-candidates = Members that could be the key
sim-key-hint = A JSON pointer into the value, such as /operator; empty for the record’s own key.
sim-partitions = Partitions
sim-partitions-hint = How many partitions each topic has; 0 keeps those of the log.
sim-partitioner = Partitioner
sim-partitioner-hint = How the producer chooses a partition.
sim-partitioner-recorded = as recorded
sim-partitioner-recorded-hint = Records stay where the log has them; with other partitions or another key, murmur2.
sim-partitioner-murmur2 = murmur2
sim-partitioner-murmur2-hint = Java’s default: the key’s hash; records without a key stick to a partition for a batch.
sim-partitioner-crc32 = crc32
sim-partitioner-crc32-hint = librdkafka’s default (consistent_random): another hash, so other partitions than Java’s.
sim-partitioner-fnv1a = fnv1a
sim-partitioner-fnv1a-hint = librdkafka’s fnv1a_random, as Sarama hashes.
sim-partitioner-round_robin = round robin
sim-partitioner-round_robin-hint = One partition after the other, whatever the key is.
sim-partitioner-uniform_sticky = uniform sticky
sim-partitioner-uniform_sticky-hint = A random partition for each batch, whatever the key is.
sim-changes = Partitions added
sim-changes-hint = Old records stay where they are, keys move; Kafka can only add partitions.
sim-changes-add = Add partitions…
sim-changes-remove = Take back the change
sim-null-keys = Sent without keys
sim-null-keys-hint = Every record has a null key: it sticks to one partition until a batch is full, then goes to another (KIP-480, KIP-794).
sim-batch-size = Batch size
sim-batch-size-hint = Records without a key stay in one partition until so many bytes are sent; then another is chosen.
sim-duplicates = Duplicated by retries
sim-duplicates-hint = The broker’s answer is lost, so the producer sends the record again.
sim-reorder = Overtaken
sim-reorder-hint = The first try fails, and the retry arrives behind later records.
sim-reorder-window = Requests in flight
sim-reorder-window-hint = A retry lands behind at most so many later records of its partition.
sim-loss = Lost
sim-loss-hint = The record never arrives.
sim-idempotent = Idempotent producer
sim-idempotent-hint = The broker knows each producer’s last sequence numbers: no duplicate, no other order. Losses stay.
sim-restart-every = New epoch every
sim-restart-every-hint = The producer restarts after so many records; a retry across that is not recognised. 0 for never.
sim-retry-backoff = Retry after
sim-retry-backoff-hint = So long the producer waits before it sends again.
sim-writers = Writers side by side
sim-writers-hint = Writers of an event store that read a stream before they append; 0 leaves the log alone.
sim-writer-latency = Between read and append
sim-writer-latency-hint = The longer it takes, the more often somebody else was faster.
sim-expected-version = Expected version
sim-expected-version-hint = An append says which version it has read; the store refuses it if the stream has moved on.
sim-writer-retries = Retries after a conflict
sim-writer-retries-hint = A refused writer reads again and tries again so often.
sim-members = Members
sim-members-hint = Consumers in the group at the start.
sim-rate = Speed of a member
sim-rate-hint = In percent of the log’s mean rate; 0 for as fast as records come.
sim-assignor = Assignor
sim-assignor-hint = Which member gets which partitions.
sim-assignor-range = range
sim-assignor-range-hint = Per topic, a run of neighbouring partitions for each member.
sim-assignor-roundrobin = round robin
sim-assignor-roundrobin-hint = All partitions dealt out one by one.
sim-assignor-sticky = sticky
sim-assignor-sticky-hint = Balanced, and members keep what they have as far as possible; everybody stops for a rebalance.
sim-assignor-cooperative-sticky = cooperative sticky
sim-assignor-cooperative-sticky-hint = The same assignment in two steps: only partitions that move are stopped.
sim-start = Group starts at
sim-start-hint = 100 % means that it reads a backlog; 0 with the log.
sim-joins = Members that join later
sim-joins-hint = Each join starts a rebalance.
sim-joins-add = Add a join
sim-joins-remove = Take back the join
sim-leaves = Members that leave
sim-leaves-hint = In order: they commit, close, and the group rebalances at once.
sim-leaves-add = Add a leave
sim-leaves-remove = Take back the leave
sim-crashes = Members that crash
sim-crashes-hint = The group finds out only after the session timeout; a member that restarts comes back as a new one.
sim-crashes-add = Add a crash
sim-crashes-remove = Take back the crash
sim-row-at = at
sim-row-member = member
sim-row-restart = restarts after
sim-row-partitions = partitions then
sim-session-timeout = Session timeout
sim-session-timeout-hint = So long a dead member keeps its partitions.
sim-rebalance = A rebalance takes
sim-rebalance-hint = So long the members it stops read nothing.
sim-metadata-age = New partitions are found after
sim-metadata-age-hint = Consumers look for added partitions at this interval.
sim-offset-reset = Without a valid offset
sim-offset-reset-hint = Where a group starts that has no committed offset, or one that is gone.
sim-offset-reset-earliest = earliest
sim-offset-reset-latest = latest
sim-commit = Commit
sim-commit-hint = When offsets are committed.
sim-commit-before = before processing
sim-commit-before-hint = At most once: a crash skips what was fetched.
sim-commit-after = after processing
sim-commit-after-hint = At least once: a crash repeats what was not yet committed.
sim-commit-atomic = with the state
sim-commit-atomic-hint = Exactly once: state and offset in one transaction.
sim-commit-every = Records per commit
sim-commit-every-hint = The more, the more comes again after a crash.
sim-max-poll = Records per poll
sim-max-poll-hint = So many records of a partition are processed before another has its turn.
sim-store = State is kept
sim-store-hint = Where the state lives.
sim-store-external = in a database
sim-store-external-hint = It survives a crash, so what is redelivered applies twice.
sim-store-memory = in memory
sim-store-memory-hint = It is lost in a crash and rebuilt from the log.
sim-store-transactional = with the offsets
sim-store-transactional-hint = One transaction for both: nothing is applied twice.
sim-idempotency = The fold recognises events
sim-idempotency-hint = How the fold tells that it has seen an event.
sim-idempotency-none = not at all
sim-idempotency-none-hint = Every delivery is applied.
sim-idempotency-event_id = by event id
sim-idempotency-event_id-hint = An id that was seen is ignored.
sim-idempotency-version = by version
sim-idempotency-version-hint = What is not newer is ignored, gaps are counted.
sim-count-versions = A wrong version counts
sim-count-versions-hint = A state that looks right but has applied more or fewer events is wrong, too: counters and balances would show it.
sim-snapshot-every = Snapshot every
sim-snapshot-every-hint = So many events; 0 for no snapshots.
sim-snapshot-per = Snapshot of
sim-snapshot-per-hint = What a snapshot covers.
sim-snapshot-per-entity = an entity
sim-snapshot-per-partition = a partition
sim-snapshot-keep = Kept
sim-snapshot-keep-hint = The newest so many; the next older one is the way out if one is bad.
sim-snapshot-damage = The newest is
sim-snapshot-damage-hint = What is wrong with the newest snapshot.
sim-snapshot-damage-none = good
sim-snapshot-damage-stale = stale
sim-snapshot-damage-stale-hint = It claims a later offset than its state has.
sim-snapshot-damage-old_schema = of an old schema
sim-snapshot-damage-old_schema-hint = An older program wrote it and left out what it did not know.
sim-snapshot-damage-corrupt = corrupt
sim-snapshot-damage-corrupt-hint = Its bytes do not fit its checksum.
sim-snapshot-verify = Check before use
sim-snapshot-verify-hint = Checksum, schema version and events are checked; a bad snapshot is refused and the next older one used.
sim-policy = Clean-up
sim-policy-hint = What the broker removes.
sim-policy-none = none
sim-policy-none-hint = The log is kept for ever.
sim-policy-delete = delete
sim-policy-delete-hint = Whole segments go when their newest record is too old.
sim-policy-compact = compact
sim-policy-compact-hint = Of each key the last value stays; offsets keep their gaps.
sim-policy-compact-delete = both
sim-policy-compact-delete-hint = Compacted, and old segments go.
sim-retention-ms = Retention
sim-retention-ms-hint = A segment goes when all its records are older.
sim-retention-bytes = Retention by size
sim-retention-bytes-hint = A partition keeps at least so many bytes, in whole segments; 0 for no limit.
sim-segment-bytes = Segment size
sim-segment-bytes-hint = A new segment begins when this one is full; the active one is never compacted.
sim-segment-ms = Segment age
sim-segment-ms-hint = A new segment begins at the latest after so much time.
sim-dirty-ratio = Dirty ratio
sim-dirty-ratio-hint = The cleaner waits until so much of the log is not yet compacted.
sim-compaction-lag = Not compacted for
sim-compaction-lag-hint = Records younger than this are left alone.
sim-max-compaction-lag = Compacted at the latest after
sim-max-compaction-lag-hint = Then the cleaner comes whatever the dirty ratio is; 0 for no limit.
sim-delete-retention = Tombstones stay for
sim-delete-retention-hint = So long after their first cleaning, so that slow readers hear of the delete.
sim-check-interval = The broker looks every
sim-check-interval-hint = Retention and compaction happen only when it looks.
sim-idle = Looked at after
sim-idle-hint = Time that passes behind the last record before the log is read.
sim-compare = Compared with the truth
sim-compare-hint = Which states are compared with the truth.
sim-compare-auto = what fits
sim-compare-auto-hint = A rebuild if the log is cleaned up or has snapshots, else the consumers’ states.
sim-compare-group = consumers’ states
sim-compare-rebuild = a rebuild
sim-shards = Shards
sim-shards-hint = A rebuild split by entity; every number of shards gives the same states.
sim-alert-records = Alert at records
sim-alert-records-hint = Over all partitions; 0 for never.
sim-alert-seconds = Alert at seconds
sim-alert-seconds-hint = Age of the oldest record that is not committed; 0 for never.
sim-seed = Seed
sim-seed-hint = The same seed makes the same choices.
sim-verdict-wrong = { $n } of { $total } entities come out wrong
sim-verdict-right = All { $total } entities come out right
sim-verdict-alert = The lag alert fires: up to { $records } records, { $time }, behind
sim-verdict-split = { $n } of { $total } entities are spread over several partitions
sim-made-up-time = The log has no timestamps: its records are taken to be a second apart.
sim-counted-versions = The events claim no versions: they are counted per entity.
sim-never = never
cause-duplicate-applied = duplicate applied
cause-reordered = reordered
cause-lost = lost
cause-conflict-refused = conflict refused
cause-skipped-after-commit = skipped after commit
cause-expired = expired
cause-compacted-away = compacted away
cause-stale-snapshot = stale snapshot
cause-corrupt-snapshot = corrupt snapshot
cause-old-snapshot-schema = old snapshot schema
cause-not-read = not read
cause-ignored-as-duplicate = ignored as duplicate
cause-several = several causes
figure-records = records
figure-appended = appended
figure-moved = in another partition
figure-split-keys = keys in several partitions
figure-split-entities = entities in several partitions
figure-duplicates = duplicates
figure-reordered = overtaken
figure-lost = lost
figure-broker-deduplicated = dropped by the broker
figure-conflicts = conflicts
figure-conflict-retries = retries after conflicts
figure-refused = refused for good
figure-blind-appends = blind appends
figure-delivered = delivered
figure-redelivered = redelivered
figure-rolled-back = rolled back
figure-skipped = skipped
figure-deduplicated = recognised and ignored
figure-recorded-twice = twice in the log itself
figure-version-gaps = version gaps
figure-rebalances = rebalances
figure-max-lag = highest lag
figure-final-lag = lag at the end
figure-alerts = alerts
figure-kept-records = left in the log
figure-kept-bytes = bytes left
figure-expired = expired
figure-compacted = compacted away
figure-snapshots = snapshots
figure-snapshots-refused = snapshots refused
figure-catch-up-ms = caught up after
sim-before = The log as it was loaded
sim-before-label = Partitions of the loaded log over its time
sim-after = The topic in this scenario
sim-after-label = Partitions of the simulated topic over time, with what became of the records
sim-lanes-hidden = { $n } more partitions are counted and not drawn.
sim-moment = Moment shown
fate-kept = there
fate-duplicate = duplicate
fate-late = overtaken
fate-expired = expired
fate-compacted = compacted away
fate-owner = stripe: who reads it
sim-owned = read by member { $n }
sim-unowned = read by nobody
sim-lane-committed = committed { $committed }
fate-committed = line: committed up to here; tinted: still to be read
mark-crash = crash
mark-join = member joins
mark-leave = member leaves or times out
mark-rebalance = rebalance
mark-partitions = partitions added
mark-clean-up = the broker cleans up
mark-snapshot = snapshot taken
mark-alert = lag alert
stage-produce = Producing
stage-clean-up = Cleaning up
stage-consume = Consuming
stage-rebuild = Rebuilding
sim-lane-lag = lag { $lag }, at most { $most }
sim-diverged = Entities that came out wrong
sim-diverged-filter = Filter by key
sim-diverged-more = { $n } more; the filter finds them.
sim-truth = Truth
sim-got = Outcome
sim-truth-events = Truth, { $n ->
    [one] one event
   *[other] { $n } events
}
sim-got-events = Outcome, { $n ->
    [one] one event
   *[other] { $n } events
}
sim-same-state = The fields look the same, for these events set values. { $got } events were applied instead of { $truth }: a counter or a balance would be wrong.
sim-only-truth = only in the truth
sim-only-got = only in the outcome
sim-no-state = no such entity
sim-steps = { $truth } events in truth, { $got } applied here
sim-step-go = Go there in the replay
sim-first-wrong = first wrong event
sim-mark-same = same
sim-mark-missing = missing
sim-mark-extra = again
sim-mark-moved = late
sim-chart-lag = Lag in records
sim-chart-lag-time = Lag in time
sim-chart-stored = Storage
sim-chart-snapshots = Snapshots
sim-chart-rebuild = What a rebuild reads
sim-chart-time = Time of the log
sim-chart-nothing = Nothing to draw.
sim-chart-summary = at the end { $last }, highest { $highest } at { $at }, { $above } times above the line
sim-chart-summary-plain = at the end { $last }, highest { $highest } at { $at }
sim-lag-records = records behind
sim-lag-time = age of the oldest uncommitted record
sim-stored = bytes in the log
sim-snapshots-taken = snapshots taken so far
sim-alert-line = alert
sim-alert-fired = The lag alert fired { $n ->
    [one] once
   *[other] { $n } times
}: up to { $records } records, or { $time }, behind
sim-records = { $n } records
rebuild-scan = all states: scan
rebuild-snapshot = all states: snapshots and tail
rebuild-shards = all states: largest shard
rebuild-entity-scan = one entity, on average: scan its partition
rebuild-entity-index = one entity, on average: index
rebuild-entity-snapshot = one entity, on average: snapshot and tail
speedup-title = Rebuilt in parallel
speedup-lead = All states rebuilt from the loaded log, split by key into shards, each in a worker of its own. The times are measured here and now.
speedup-measure = Measure on this machine
speedup-running = Measuring …
speedup-facts = { $cores ->
    [one] One processor
   *[other] { $cores } processors
}, { $events } events of { $entities } entities in each rebuild
speedup-shards = shards
speedup-rebuild = rebuild
speedup-times = times as fast
speedup-hand-out = handing out, before
speedup-chart = Speed-up by shards
speedup-measured = measured
speedup-ideal = if nothing were lost
speedup-same = Every rebuild gave the same states, to the byte. Hash of all states:
speedup-differs = The states differ! Hash with one shard:
speedup-short = { $events } events are folded so fast that messages between workers take a good part of the time. A larger log shows more.
sim-happenings = What happened when
sim-happenings-hidden = { $n } more.
happening-join = Join
happening-join-text = { $member }
happening-leave = Leave
happening-leave-text = { $member }
happening-crash = Crash
happening-crash-text = { $member }, { $n } records processed and not committed
happening-session-timeout = Session timeout
happening-session-timeout-text = { $member } is taken out of the group
happening-rebalance = Rebalance
happening-rebalance-text = { $text }
happening-partitions-added = Partitions added
happening-partitions-added-text = { $n } now
happening-offset-reset = Offset reset
happening-offset-reset-text = { $lane } goes on at { $n }
happening-restored = State rebuilt
happening-restored-text = { $lane }, { $n } records read
happening-expired = Expired
happening-expired-text = { $lane }, { $n } records
happening-compacted = Compacted
happening-compacted-text = { $lane }, { $n } records removed
happening-alert-on = Alert
happening-alert-on-text = { $n } records behind
happening-alert-off = Alert over
happening-alert-off-text = lag is below the line again
fidelity-title = What is exact here, and what is not
fidelity-lead = A simulation is worth what it leaves out. Each line says how close to a real broker it is.
fidelity-exact = Exact
fidelity-exact-partitioners = The partition of every key: murmur2, crc32, fnv1a, by Kafka’s and librdkafka’s own vectors.
fidelity-exact-assignors = Who gets which partitions: range, round robin, sticky, cooperative sticky, by the rules of Kafka’s assignors.
fidelity-exact-segments = When a segment is rolled: by bytes, by time, by the first batch’s timestamp.
fidelity-exact-retention = Retention by whole segments, log start offset.
fidelity-exact-compaction = Compaction: which offsets survive, tombstones and their delete horizon.
fidelity-exact-redelivery = What comes again after a crash between processing and commit, and what is skipped after a commit before processing.
fidelity-exact-order = Order inside a partition.
fidelity-exact-snapshots = A snapshot and the tail give what a full replay gives.
fidelity-simplified = Simplified
fidelity-simplified-producer = Every record is a batch and a request of its own.
fidelity-simplified-batches = Segment sizes are counted without compression.
fidelity-simplified-rebalance = A rebalance takes a fixed time; heartbeats and polls are not drawn.
fidelity-simplified-time = The broker looks for old segments at fixed intervals of the log’s time.
fidelity-simplified-sticky = Random choices come from the seed, not from a producer’s own generator.
fidelity-simplified-writers = Every event of the log is one append by one writer.
fidelity-absent = Absent
fidelity-absent-replication = Replicas, leader changes, unclean elections.
fidelity-absent-network = Network delays and partial failures beyond those of the controls.
fidelity-absent-quotas = Quotas, throttling, disk limits.
fidelity-absent-transactions = Producer transactions over several partitions.
notice-bad-scenario = The link’s scenario was refused: { $detail }

# Kafka
kafka-open-hint = Load a topic through a REST proxy, and follow it
kafka-title = Kafka
kafka-hint = A browser cannot speak Kafka’s protocol, so a REST proxy stands between. This project’s own is started with
kafka-hint-others = Confluent’s, Redpanda’s, Karapace and Strimzi’s Bridge work as well. Nothing is asked before you connect.
password-moved = The name and password were taken out of the address, since a browser asks no such address. They are sent in a header and not kept.
kafka-address = REST proxy
kafka-token = Token
kafka-token-none = none; it is not kept
kafka-connect = Connect
kafka-asking = Asking…
kafka-abilities = What it can do
kafka-kind-replayground = Replayground's proxy
kafka-kind-confluent = Confluent REST Proxy
kafka-kind-redpanda = Redpanda HTTP Proxy
kafka-kind-karapace = Karapace
kafka-kind-strimzi = Strimzi Kafka Bridge
kafka-can-offsets = tells offsets
kafka-can-times = finds times
kafka-can-timestamps = timestamps
kafka-can-headers = headers
kafka-can-isolation = read_committed
kafka-can-stream = streams
kafka-can-live = pushes new records
kafka-can-lag = tells lag
kafka-can-schemas = decodes schemas
kafka-polled = New records are asked for about once a second.
kafka-no-topics = This server shows no topics. Create one, or let the server's user see it, then connect again.
kafka-topics = { $n ->
    [one] { $n } topic
   *[other] { $n } topics
}
kafka-filter = Filter topics
kafka-partitions-and-size = { $partitions }, { $size }
kafka-size = { $n ->
    [one] { $n } record at most
   *[other] { $n } records at most
}, about { $mb } MB
kafka-count = { $n ->
    [one] { $n } record at most
   *[other] { $n } records at most
}
kafka-size-unknown = this server does not tell how much is in it
kafka-partition-list = Partitions and their offsets
kafka-partition = Partition
kafka-start = Start
kafka-end = End
kafka-offsets = Offsets
kafka-from = From
kafka-from-beginning = Beginning
kafka-from-last = Last n of each partition
kafka-from-offset = Offset
kafka-from-time = Time
kafka-from-end = Only new ones
kafka-until = To
kafka-until-end = End
kafka-until-offset = Offset
kafka-until-time = Time
kafka-value-last = How many of each partition
kafka-value-offset = The offset
kafka-value-time = The time
kafka-partitions = Partitions
kafka-partitions-all = all; or 0, 2
kafka-committed = Leave out aborted records
kafka-follow = Follow
kafka-follow-hint = New records are put behind the log as they arrive
kafka-load = Load
kafka-load-follow = Load and follow
kafka-load-anyway = Load anyway
kafka-large = This is { $n } records at most. It takes a while and much memory: a shorter range shows the same faster.
kafka-large-bytes = This is { $n } records at most, about { $mb } MB. It takes a while and about one and a half times as much memory: a shorter range shows the same faster.
kafka-cors-karapace = Karapace always lets pages read; if it does not, something in between keeps the header back.
kafka-cors-redpanda = Redpanda's proxy has no such setting: a reverse proxy in front of it must add this header.
kafka-rate = { $n }/s
kafka-time-left = { $n } s left
failed-kafka-refused = Nothing answers at { $detail }. Start the proxy, or correct the address and the port.
failed-kafka-cors = { $detail } answers, but does not let this page read. Set the following there, by its kind, and start it again:
failed-kafka-policy = This copy of the page may not ask { $detail }: its Content-Security-Policy names this machine's own addresses only. Let the proxy serve the page too (replayground-proxy --site dist), or build the page with: cargo xtask build --connect { $detail }
failed-kafka-broken = The connection broke, and could not be made again: { $detail }
failed-kafka-unknown-server = What answers at { $detail } is none of the REST proxies that are known here. Is it the right port?
failed-kafka-unauthorized = The server wants a token, or another one: { $detail }
failed-kafka-forbidden = That is not allowed: { $detail }
failed-kafka-unknown-topic = There is no topic { $detail } any more. Connect again to see those there are.
failed-kafka-unknown-partition = There is no such partition: { $detail }
failed-kafka-truncated = Retention removed the beginning of that range ({ $detail }). Choose the beginning, or that offset.
failed-kafka-beyond-end = The range begins behind the end of the log: { $detail }
failed-kafka-broker-down = The proxy answers, but Kafka behind it does not ({ $detail }). It works again when the broker does.
failed-kafka-busy = The server is busy, try again in a few seconds ({ $detail })
failed-kafka-unsupported = This kind of server cannot do that: { $detail }
failed-kafka-answered = The server answered { $detail }
failed-kafka-wish = { $detail }
failed-kafka-stopped = Stopped
failed-kafka-bad-address = “{ $detail }” is no address. An address looks like http://localhost:8082.
failed-kafka-bad-field = A number, or a time such as 2026-01-31 10:00, is missing or cannot be read. Partitions are numbers such as 0, 2.
failed-kafka-nothing-there = There is no record in that range of { $detail }. Choose another, or follow the topic.
failed-cannot-follow = What is loaded is no topic in lines of JSON, so nothing can be put behind it. { $detail }
live = Topic that is followed
live-up = live
live-down = interrupted; it goes on by itself
live-connecting = connecting…
live-paused = waiting
live-ended = Following ended
live-count = + { $n }
live-rate = { $n }/s
live-waiting = { $n } waiting
live-lag = lag of { $group }: { $n }
live-elsewhere = New records wait while another tab than Replay is open
live-pause = Pause
live-resume = Go on
live-stop = Stop following

# Durations, as short as can be
duration-ms = { $n } ms
duration-s = { $n } s
duration-min = { $n } min
duration-h = { $n } h
duration-d = { $n } d

# Mistakes in a jq program
mistake-jq-none = the jq projection needs a program
mistake-jq-no-program = this is no jq program
mistake-jq-expected = expected { $expected }
mistake-jq-unexpected = expected { $expected }, found { $found }
mistake-jq-too-long = the program is longer than 16 KiB
mistake-jq-too-deep = the program is nested too deep, or has too many operators
mistake-jq-no-label = there is no label { $name }
mistake-jq-no-format = there is no format { $name }
mistake-jq-no-variable = there is no variable { $name }
mistake-jq-no-filter = there is no filter { $name }
mistake-jq-fold-arguments = { $name } takes { $count } expressions
mistake-jq-not-available = { $name } is not available: { $reason-key ->
    [clock] a replay must give the same state at any time; $record.timestamp is the record’s own time
    [outside] a program sees only the state and the event
    [regex] there are no regular expressions; see startswith, endswith, contains, split, ltrimstr and rtrimstr
    [split-regex] there are no regular expressions; split/1 splits at a text
   *[other] { $reason }
 }

# Mistakes in a scenario
expected-object = an object in braces
expected-count = a whole number that is not negative
expected-number = a number
found-string = the string { $value }
found-integer = the number { $value }
found-floating-point = the number { $value }
found-boolean = { $value }
found-null = null
found-sequence = a list
found-map = an object
mistake-at-path = { $path }: { $what }
mistake-scenario-no-json = this is no JSON: { $json }
mistake-scenario-unknown-member = there is no member { $found }; there { $expected-key ->
    [there-are-no-fields] are none
   *[other] is { $expected }
 }
mistake-scenario-unknown-name = { $found } is not among { $expected }
mistake-scenario-missing-member = the member { $found } is missing
mistake-scenario-wrong-type = this is { $found }, where { $expected } is expected
mistake-scenario-wrong-value = this is { $found }, where { $expected } is expected
mistake-scenario-no-array = no array belongs here
mistake-scenario-other = { $found }
mistake-scenario-range = { $value } is out of range: it must be from { $least } to { $most }
mistake-scenario-pointer = { $value } is no JSON pointer: it must start with /, as in /operator
mistake-scenario-fewer-partitions = Kafka cannot take partitions away: at least { $least }
mistake-scenario-at-least-one = at least 1 { $what }
mistake-scenario-at-least-one-or-never = at least 1 record, or null for never
mistake-scenario-rate = more than 0, or null for as fast as records come
mistake-scenario-transactional-commit = a transactional store commits with the state: "atomic" or "after"
mistake-scenario-no-member = there is no member { $number }: members are numbered from 0 in the order of joining, { $members } in all
