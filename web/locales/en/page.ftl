# The page's words in English. Every message stands in zh-CN/page.ftl too; a test says so.

# Frame
open = Open
open-label = Open one or several files
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
close = Close
cancel = Cancel
show = show
hide = hide
list-comma = { ", " }

# Source
source = Source of the log
pasted-text = Pasted text
paste-label = Paste an exported log
paste-placeholder = Paste an exported log here, or anywhere on the page, or drop files
paste-load = Load
drop-here = Drop to load; several files become one log
samples = Samples
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
n-events = { $n ->
    [one] { $n } event
   *[other] { $n } events
}
errors = What could not be read
partial = cancelled: only what was read until then
offsets-estimated = offsets are counted, the export has none
read-problem = Line { $line }, column { $column }: { $what } { $detail }
problem-json = not JSON:
problem-cut-off = cut off:
problem-open-array = array not closed:
problem-not-a-record = not a record:
problem-columns = wrong number of columns:
problem-error-body = an error answer, not a log:
problem-compression = cannot be decompressed:
problem-too-large = too large:
problem-utf-16 = broken UTF-16:
problem-unsupported = not supported:
problem-duplicate-offset = offset appears twice:
problem-empty = empty:

# Choices
choices = How the log is read
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
guessed = { $what } (guess)
key-by = Key
record-key = the record’s key
key-candidate = { $pointer } ({ $n } values)
other-pointer = another field …
schedule = Order
schedule-hint = Kafka has no order across partitions, so the order is a choice; inside a partition it never changes
schedule-file = as in the file
schedule-timestamp = by timestamp
schedule-partition = partition by partition
schedule-seeded-1 = shuffled (seed 1)
schedule-seeded-2 = shuffled (seed 2)
schedule-seeded-3 = shuffled (seed 3)

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
speed-max = max
speed-gaps = true time gaps
seek = Position in the replay
position = Position
go-to = Go to …
go-to-label = Go to a position, P1@1706, a time or a key (g)
next-event-in = next event in { $time }
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
follow = Follow the cursor
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
problem-old-value-differs = The old value in the event is not the state’s
problem-patch-failed = A patch does not fit the state
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
query-title = Find a place in the log
query-place = A position, P1@1706, a time or an exact key
query-go = Go
query-entity = Keys that hold
query-open = Open in the replay
query-fields = When did a field of { $key } change?
query-field-all = all fields
query-changes-none = No event of this entity changed that field
query-hash = Hash of all states at position { $position }
query-hash-run = Compute

# Compare
compare-title = One entity at two positions
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

# Learn
learn-title = The words
learn-samples = The samples
learn-keys = The keys
learn-try = Open this sample
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
notice-no-such-place = There is no such place in this log: { $detail }
notice-no-link = No link can lead here: files stay on your computer, and long texts do not fit. Samples and short pasted texts can be shared.
notice-link-copied = Link copied
notice-link-in-address = The link is in the address bar
notice-nothing-pasted = Paste a log into the box first
failed-no-records = Nothing in it could be read as a record. { $detail }
failed-bad-format = This format is not known: { $detail }
failed-bad-pointer = This is not a JSON pointer to a field: { $detail }
failed-bad-projection = This projection is not known: { $detail }
failed-bad-schedule = This order is not known: { $detail }
failed-bad-jq = The jq program does not work: { $detail }
failed-unreadable = The file could not be read: { $detail }
failed-engine-gone = The engine has stopped: { $detail }
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
help-palette = Command palette
help-help = This help
help-paste = Load what you copied
help-privacy = Your log never leaves this page: everything is computed in your browser.
