# 页面上的文字（简体中文）。与 en/page.ftl 的条目一一对应，由测试保证。

# 框架
open = 打开
open-label = 打开一个或多个文件
tagline = 看每个实体的状态如何由事件一步步重建
share = 分享
share-hint = 复制链接，打开后与当前画面完全相同
mode-present = 演示
mode-hint = 大字号、少面板，适合讲解
help = 快捷键与帮助
theme-system = 主题：跟随系统
theme-light = 主题：浅色
theme-dark = 主题：深色
tabs = 视图
tab-replay = 重放
tab-simulate = 模拟
tab-query = 查询
tab-compare = 对比
tab-learn = 学习
palette = 命令
palette-placeholder = 输入命令、位置、P1@1706、时间或键
palette-empty = 没有匹配的命令；按回车前往所输入的位置
palette-to-start = 到开头
palette-to-end = 到结尾
palette-sample = 示例：{ $name }
palette-position = 前往位置 { $position }
palette-place = 前往 { $place }
palette-offset = 偏移量
palette-time = 时间
palette-entity = 实体
close = 关闭
cancel = 取消
show = 显示
hide = 隐藏
how-read = 详情
list-comma = ，

# 来源
source = 日志来源
pasted-text = 粘贴的文本
paste-label = 粘贴导出的日志
paste-placeholder = 把导出的日志粘贴到这里或页面任意处，也可拖入文件
paste-load = 加载
drop-here = 松开即可加载；多个文件或一个文件夹合为一份日志
samples = 示例
n-samples = { $n } 个示例
hint-gap = ：
hide-hint = 知道了
starting = 正在启动引擎…
no-log = 还没有日志：请粘贴或选择一个示例
engine-crashed = 引擎已停止：{ $reason }
reload = 重新加载页面
progress = 进度
stage-read = 读取中
stage-index = 查找实体
stage-order = 排序中
stage-fold = 折叠中
stage-hash = 计算哈希
stage-compare = 比较中
n-records = { $n } 条记录
n-entities = { $n } 个实体
n-partitions = { $n } 个分区
n-tombstones = { $n } 个墓碑
n-without-key = { $n } 条没有键
n-skipped = { $n } 行有问题
n-more-errors = 另有 { $n } 处
history-earlier = 更早的 { $n } 个
history-later = 更晚的 { $n } 个
n-events = { $n } 个事件
error-place = { $n ->
    [1] 第 { $line } 行第 { $column } 列
   *[other] 第一处：第 { $line } 行第 { $column } 列
}
error-place-hint = 在无法读取的内容列表中显示这一处
errors = 无法读取的内容
partial = 已取消：只有此前读到的内容
load-all = 全部加载
back-to = 回到“{ $name }”
save-errors = 保存此列表
error-kind-hint = 只列出这一类，或再次列出全部
error-kinds = 各类问题的数量
n-of-kind = { $n } × { $what }
problem-here = 此处
open-folder = 文件夹…
open-folder-hint = 把文件夹里的所有文件作为一个日志打开；文件夹名可说明主题和分区
save-log = 保存
save-log-title = 把日志保存为文件
save-log-lead = 按相应工具的样式写出，都能在此重新打开
save-note-ndjson = 不丢失任何内容
save-note-rpk = 空键会变成无键
save-note-console = 不含主题；null 与文字“null”无法区分
save-note-values = 不含键、时间、分区和偏移量
save-note-cloudevents = 不含分区和偏移量
save-note-rest-v2-json = 不含时间和消息头
save-note-rest-v2-binary = 不含时间和消息头
save-note-redpanda-console = 不含主题
save-note-akhq = 不含主题和消息头
save-note-kafka-ui = 不含主题；同名消息头只留最后一个
save-note-confluent-cloud = 不含主题
offsets-estimated = 导出中没有偏移量，按顺序编号
read-problem = 第 { $line } 行第 { $column } 列：{ $what }
read-problem-within = 第 { $line } 行第 { $column } 列：{ $what }
cause-json = 不是有效的 JSON：{ $reason-key ->
    [end] 文本在值的中间就结束了
    [comma-or-end] 这里应是逗号或右括号
    [colon] 这里应是冒号
    [name] 这里应是带引号的成员名
    [control] 字符串里有控制字符
    [escape] 字符串里有未知的转义
    [number] 数字格式不对
    [literal] 未知的单词，只允许 true、false 和 null
    [depth] 嵌套层数太多
   *[value] 这里应是一个值
 }
cause-cut-off = 输入在一条记录的中间就结束了
cause-open-array = 数组还没有闭合，输入就结束了
cause-not-a-record = 这一行不是记录：“{ $line }”
cause-misfit = 这里与格式不符，应为 { $expected }：“{ $line }”
cause-columns = 有 { $found } 列，而表头有 { $expected } 列
cause-error-body = 这是服务器返回的错误消息，不是日志：{ $message }（代码 { $code }）
cause-compression = { $format } 数据已损坏（解码器的原话：{ $detail }）
cause-too-large = 解压后的文本超过 { $limit } 字节，其余部分没有读取
cause-memory-full = 内存已满：共 { $total } MB，只读取了前 { $read } MB（{ $records } 条记录）。请分批打开，或改用没有此限制的命令行
cause-too-many-layers = 压缩超过 { $limit } 层，里面的内容没有读取
cause-binary = 第 { $at } 字节处的{ $what-key ->
    [record-batch] 记录批次
    [avro-block] Avro 数据块
    [avro-header] Avro 文件头
    [avro-schema] Avro 模式
    [archive] 归档
    [archive-entry] 归档中的文件
    [tar] tar 归档
    [zip] zip 归档
   *[other] { $what }
 }有问题：{ $detail-key ->
    [it-is-damaged-or-cut-off] 已损坏或被截断
    [it-is-cut-off] 被截断
    [its-header-is-cut-off] 头部被截断
    [its-checksum-is-wrong] 校验和不对
    [its-checksum-is-wrong--what-could-be-read-of-it-was-kept] 校验和不对；能读出的部分已保留
    [neither-a-record-batch-nor-the-end-of-the-file] 既不是记录批次，也不是文件末尾
    [bytes-behind-the-end-of-the-log] 日志末尾之后还有字节
    [there-are-bytes-behind-its-records] 记录之后还有字节
    [there-is-none-in-the-header] 文件头里没有
    [the-schema-is-nested-too-deeply] 模式嵌套太深
    [a-schema-has-no-type] 模式缺少类型
    [a-header-is-damaged] 头部已损坏
    [the-last-file-is-cut-off] 最后一个文件被截断
    [it-has-no-list-of-its-files--it-may-be-cut-off] 没有文件清单，可能被截断
    [its-list-of-files-is-damaged] 文件清单已损坏
    [its-list-of-files-is-cut-off] 文件清单被截断
   *[other] { $detail }
 }
cause-utf-16 = 有 { $count } 个字符不是有效的 UTF-16，已替换为 U+FFFD
cause-unsupported = { $way-key ->
    [save-as] 不能读取 { $format } 文件：请先另存为 Avro、CSV 或逐行 JSON，例如 duckdb -c "COPY (FROM 'x.parquet') TO 'x.csv'"
    [command-line] 浏览器里不能读取 { $format } 文件：请先解压，或用命令行工具，它可以读取
   *[unpack] 不能读取 { $format } 文件：请先解压
 }
cause-foreign = 这是{ $what-key ->
    [png-picture] { " " }PNG 图片
    [jpeg-picture] { " " }JPEG 图片
    [gif-picture] { " " }GIF 图片
    [webp-picture] { " " }WebP 图片
    [pdf-document] { " " }PDF 文档
    [html-page] 网页
    [program] 可执行程序
   *[other] { $what }
 }，里面没有日志
cause-duplicate-offset = 分区 { $partition } 的偏移量 { $offset } 出现了两次且内容不同，保留了第一条
cause-only-schema = 这是模式，不是日志：请和引用它的记录一起打开
cause-charset = 文本不是 UTF-8，看起来是 { $name }：请先转换，例如用 iconv
cause-empty = 输入是空的
evidence-chosen = 已选定 { $format }
evidence-mapped = 手动指定：{ $parts }
evidence-columns = 行的列按所选方式转换：{ $columns }
evidence-unused-columns = 转换只用于变更数据的行，而这些值不是：{ $columns }
evidence-kcat-format = 按给出的格式读取：{ $format }
evidence-empty-values = { $records } 个值什么也没有打印，空值（null，墓碑）和空字符串都会如此：按空字符串计。命令加上 -Z，或在格式里加上 %S，kcat 就能区分二者
evidence-open-values = { $records } 个值跨多行，到后面的内容符合格式处为止。在格式里加上 %S，kcat 就会给出长度
evidence-remembered = 沿用了以前为同类文件选定的字段映射
evidence-members = { $of } 条记录中有 { $records } 条具有 { $format } 的成员
evidence-values = { $of } 个值中有 { $records } 个具有 { $format } 的成员
evidence-lines = 各行的写法与 { $format } 一致
evidence-base64 = 所有键和值都是 base64
evidence-container = 记录列在成员“{ $name }”里
evidence-key = 以 { $pointer } 为键：{ $of } 条记录中有 { $distinct } 个不同的值
evidence-magic = 开头的字节是 { $format } 的
evidence-batches = { $batches } 个记录批次{ $codecs-key ->
    [none] { "" }
   *[other] （压缩：{ $codecs }）
 }
evidence-transactions = { $control-records } 条控制记录；{ $committed } 个事务已提交，{ $aborted } 个已中止，其中 { $aborted-records } 条记录只显示、不应用{ $open-records ->
    [0] { "" }
   *[other] ；未结束事务的 { $open-records } 条记录按已提交计
 }
evidence-padding = 末尾有 { $bytes } 个零字节，是 broker 预留的空间
evidence-schema = 文件自带的 Avro 模式是 { $name }（压缩：{ $codec }）
evidence-wire-format = { $values } 个值指明了自己的模式{ $read-key ->
    [none] {""}
   *[other] ：{ $read }
 }{ $missing-key ->
    [none] {""}
   *[other] ；没有给出模式、值保持为字节：{ $missing }
 }{ $broken-key ->
    [none] {""}
   *[other] ；无法理解的模式：{ $broken }
 }
evidence-misfit = { $of } 个值中有 { $values } 个与自己的模式不符，保持为字节：{ $detail }
evidence-message = { $of } 个值中有 { $values } 个按 Protobuf 消息 { $message } 读取
evidence-messages = { $of } 个值中有 { $values } 个是字节；请在下面选择它们是哪一种 Protobuf 消息：{ $messages }
evidence-bytes = { $of } 个值中有 { $values } 个是字节而不是文本；如果它们是 Protobuf，提供 .proto 文件即可读出内容
evidence-header-commas = { $of } 条记录中有 { $records } 条的标头值含有逗号，而标头之间也用逗号分隔：标头在哪里结束只是推测
evidence-key-only = { $of } 条消息中有 { $records } 条因行过大而只含行的键：其余的列缺失
evidence-claim-check = { $of } 条消息中有 { $records } 条只含行的键，整行存放在 Kafka 之外的存储中（claim check）：其余的列缺失
evidence-schema-file = 这是模式 { $name }，用于其他文件
evidence-not-utf-8 = 有 { $count } 处字节序列不是 UTF-8，已原样保留，第一处在第 { $line } 行
evidence-stray = 这个名字的文件里没有记录
evidence-like = 这多半不是日志：看起来像{ $what-key ->
    [binary] 二进制数据
    [markup] 一段 HTML 或 XML
    [stack-trace] 异常堆栈
    [command] 命令行里的命令。请运行它，再粘贴它的输出
    [address] 一个网址。请打开它，再粘贴或保存其中的内容
    [program-log] 写给人看的程序日志
    [code] 源代码
    [settings] 配置文件
    [encoded] 编码过的数据。请先解码
    [text-with-json] 夹着 JSON 的文本。请只保留 JSON，每行一条记录
    [scalars] 没有键的单个值
    [empty-object] 没有成员的对象
   *[text] 普通文本
 }。
evidence-nothing = 没有匹配的已知格式，所以每个值算一条记录
problem-json = 不是 JSON：
problem-cut-off = 内容被截断：
problem-open-array = 数组没有结束：
problem-not-a-record = 不是记录：
problem-misfit = 与格式不符：
problem-columns = 列数不对：
problem-error-body = 这是错误应答，不是日志：
problem-compression = 无法解压：
problem-too-large = 过大：
problem-memory-full = 内存已满：
problem-utf-16 = UTF-16 有误：
problem-unsupported = 不支持：
problem-foreign = 不是日志：
problem-too-many-layers = 压缩层数过多：
problem-binary = 数据损坏：
problem-duplicate-offset = 偏移量重复：
problem-only-schema = 这是模式，不是日志：
problem-charset = 字符集不同：
problem-empty = 内容为空：

# 读取方式
choices = 日志的读取方式
choices-short = 读取方式
format = 格式
format-detected = { $what }（自动识别）
format-kcat-json = kcat -J
format-kcat-text = kcat 文本
format-console-consumer = 控制台消费者
format-rest-v2-json = REST v2 JSON
format-rest-v2-binary = REST v2 二进制
format-debezium = Debezium
format-debezium-unwrapped = Debezium（已展开）
format-eventstore-atom = KurrentDB Atom
format-eventstore-events = KurrentDB 事件
format-eventstore-grpc = KurrentDB gRPC
format-events = 领域事件
format-records = 记录
format-kcat = kcat -J
format-ndjson = NDJSON 记录
format-tsv = TSV
format-values = 仅值
format-console = 控制台消费者
format-rpk = rpk
format-cloudevents = CloudEvents
format-masstransit = MassTransit
format-redpanda-console = Redpanda Console
format-akhq = AKHQ
format-kafka-ui = kafka-ui
format-confluent-cloud = Confluent Cloud
format-confluent-cli = Confluent CLI
format-lambda = AWS Lambda 事件
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
format-log-segment = Kafka 日志段
format-avro = Avro 文件
format-sse = 服务器推送事件
format-program-log = 程序日志
format-lines = 纯文本行
format-csv = CSV
projection = 投影
projection-latest = latest：取最后的值
projection-merge = merge：逐字段合并
projection-status = status：newX 设置 x
projection-cdc = cdc：行变更
projection-json-patch = json-patch：RFC 6902
projection-latest-hint = 键的最后一个值就是状态；null 表示删除
projection-merge-hint = 每个值合并到状态中（RFC 7396）；null 移除字段
projection-status-hint = newStatus 设置 status，oldStatus 用来核对
projection-cdc-hint = 每次变更后的行就是状态；删除操作删除实体
projection-json-patch-hint = 每个值是一组 JSON Patch 操作
projection-jq = jq：自己的程序
projection-jq-hint = 程序的第一个输出就是新状态：. 是状态，$event 是值，$record 是记录
jq-program = 程序
jq-program-hint = 离开输入框或按 Ctrl+Enter 时运行；null 表示删除，没有输出则不变
guessed = { $what }（推测）
key-by = 键
record-key = 记录自身的键
key-candidate = { $pointer }（{ $n } 个值）
other-pointer = 其他字段…
schedule = 顺序
schedule-hint = Kafka 在分区之间没有顺序，所以顺序是一种选择；分区内的顺序永不改变
schedule-file = 按文件
schedule-timestamp = 按时间戳
schedule-partition = 逐个分区
schedule-seeded-1 = 随机交错（种子 1）
schedule-seeded-2 = 随机交错（种子 2）
schedule-seeded-3 = 随机交错（种子 3）

# 以编号指明模式的值
schemas = 这些值的模式
schemas-lead = Avro 或 Protobuf 的值需要模式才能读取，许多值以自己模式的编号开头。可以向 Schema Registry 索取此日志所需的模式，粘贴一个模式，或选择模式文件（也可以与日志一起打开）。按下按钮之前不会访问任何地址。
registry-address = Schema Registry
registry-token = 令牌，或 用户名:密码
registry-ask = 获取模式
registry-asking = 正在询问…
registry-nothing = 已没有缺少模式的值
registry-missing = 模式 { $id }：{ $why }
schema-paste = .proto 文本、Avro 模式或注册中心的应答
schema-use = 使用这个模式
schema-files = 模式文件…
failed-broken-schema = 无法使用这个模式：{ $detail }
mapping-message = Protobuf 消息
mapping-message-found = 自动选择相符的消息
failed-bad-schema = 这不是模式：请粘贴 .proto 文本、base64 形式的描述符集、Avro 模式，或注册中心对模式编号的应答
failed-registry-refused = { $detail } 没有应答。请启动注册中心，或更正地址和端口。
failed-registry-cors = { $detail } 有应答，但不允许本页面读取。请在那里把 access.control.allow.origin 设为本页面的来源，把 access.control.allow.methods 设为 GET（Confluent 与 Karapace 的设置项；其他产品另有名称），然后重新启动。
failed-registry-policy = 这份页面不能访问 { $detail }：它的 Content-Security-Policy 只允许本机地址，例如 http://localhost:8081。请把注册中心的端口转发到本机，或用此命令构建页面：cargo xtask build --connect { $detail }
failed-registry-bad-address = “{ $detail }”不是地址。地址形如 http://localhost:8081。

# 字段映射
mapping-title = 记录的各部分取自何处
mapping-open = 字段映射…
mapping-open-said = 字段映射（已自定）…
mapping-hint = 查看键、时间、类型等取自哪里，并可修改
mapping-lead = 改动会立即体现在下面的前几条记录里；点“采用此映射”后才会重新读取整个日志。
mapping-reading = 正在读取前几条记录…
mapping-why = 按 { $format } 读取，依据：
mapping-detect = 自动识别
mapping-unit = 时间字段中的数字是
mapping-unit-guessed = 按大小判断
mapping-unit-s = 秒
mapping-unit-ms = 毫秒
mapping-unit-us = 微秒
mapping-unit-ns = 纳秒
mapping-kcat = kcat 的打印格式
mapping-kcat-format = kcat 的 -f 格式，或整条命令
mapping-kcat-hint = 例如 %t|%p|%o|%T|%k|%s\n，或 kcat -C -t orders -f '%k %s\n'。整条命令还能说明 NULL 是否表示空值（-Z）以及主题（-t）。长度（%K、%S、%R）说明键和值到哪里为止，无论其中有什么内容。
mapping-columns = 各列的含义
mapping-columns-hint = 没有模式时，行里的日期是天数，小数是 base64。在这里说明某一列的含义，它在各处都会按此转换。
mapping-column = 列
mapping-column-kind = 含义
mapping-column-example = 原样
mapping-column-shown = 转换后
mapping-conversion = { $column } 的含义
mapping-conversion-none = 保持原样
mapping-conversion-date = 日期（自 1970 年起的天数）
mapping-conversion-decimal = 小数（base64）
mapping-conversion-time-ms = 一天中的时间（毫秒）
mapping-conversion-time-us = 一天中的时间（微秒）
mapping-conversion-time-ns = 一天中的时间（纳秒）
mapping-conversion-timestamp-s = 时间（秒）
mapping-conversion-timestamp-ms = 时间（毫秒）
mapping-conversion-timestamp-us = 时间（微秒）
mapping-conversion-timestamp-ns = 时间（纳秒）
mapping-scale = { $column } 的小数位数
mapping-whole = 整条记录
mapping-part = 部分
mapping-place = 取自
mapping-detected = 自动识别
mapping-nowhere = 不取
mapping-part-detect = { $part }：恢复为自动识别的 { $place }
mapping-syntax = /成员 取自记录原文 · value:/成员 取自值 · header:名称 取自消息头 · 留空表示不取
mapping-preview = 前几条记录
mapping-no-rows = 这样读取得不到任何记录
mapping-apply = 采用此映射
mapping-remember = 今后同类导出文件也这样读取
mapping-reset = 全部恢复自动识别
mapping-export = 保存为文件
mapping-import = 从文件载入…
mapping-topic = 主题
mapping-partition = 分区
mapping-offset = 偏移量
mapping-timestamp = 时间
mapping-key = 键
mapping-value = 值
mapping-headers = 消息头
mapping-event-id = 事件 ID
mapping-event-type = 事件类型
mapping-version = 版本

# 播放控制
transport = 重放控制
to-start = 到开头（Home）
step-back = 后退一步（←）
play = 播放（空格）
pause = 暂停（空格）
step = 前进一步（→）
to-end = 到结尾（End）
speed = 速度
speed-hint = 每秒事件数
speed-rate = { $rate }×
speed-by-clock = 按记录的时间戳
speed-max = 最快
speed-gaps = 真实时间间隔
seek = 重放位置
position = 位置
go-to = 前往…
go-to-label = 前往位置、P1@1706、时间或键（g）
next-event-in = { $time } 后是下一个事件
skip-gap = 跳过等待
seek-ticks-snapshots = 每个刻度是所选实体的一个事件；大刻度之后保存了它的状态快照
seek-ticks = 每个刻度是所选实体的一个事件
announce = 位置 { $position }，共 { $total }
key-play = 播放
key-step = 单步
key-ten = 十步
key-search = 搜索
key-go-to = 前往
key-tabs = 视图
key-help = 帮助
key-palette = 命令

# 重放
entities = 实体
entity-filter = 按键筛选
no-entities = 没有键包含“{ $filter }”
clear-filter = 清除筛选
lanes = 分区
lanes-hint = 每个标记是一个事件；实心的属于所选实体
records = 记录
collapse-left = 隐藏实体
expand-left = 显示实体
collapse-right = 隐藏状态
expand-right = 显示状态
collapse-lanes = 收起分区
expand-lanes = 展开分区
collapse-records = 收起记录
expand-records = 展开记录
group-runs = 哪些记录合为一行
group-runs-hint = 把相邻的同类记录合为一行，可以展开
group-off = 逐条显示
group-type = 同类型合并
group-entity = 同键同类型合并
run-of = { $n } 条同类记录中的一条
run-open = 逐条展开（Enter）
run-fold = 合为一行（Enter）
group-history = 合并同类
group-history-hint = 把类型相同、改变同样字段的相邻事件合为一项，并显示它们合起来改变了什么
history-run = { $n } 个同类事件
resize-left = 实体面板宽度
resize-right = 状态面板宽度
resize-lanes = 分区面板高度
zoom-in = 放大
zoom-out = 缩小
zoom-all = 整份日志
tombstone = 墓碑
control = 控制记录，从不应用
no-key = 无键
deleted = 已删除
unborn = 尚未出现
alive = 存在
other-types = 其他
state = 状态
diff = 差异
blame = 溯源
history = 历史
entity-tabs = 实体的各个侧面
state-label = 状态（JSON）
state-at = 第 { $position } 个事件之后
state-unborn = 它还没有发生任何事件
state-deleted = 被事件 #{ $position } 删除
to-first-event = 前往它的第一个事件
to-last-event = 看最后的状态
follow = 跟随
follow-hint = 始终显示光标处记录所改变的实体
mark-changes = 标出变化
set-by = 由事件 #{ $position } 设置
previous-event = 它的上一个事件
next-event = 它的下一个事件
last-change = 它的最近一个事件改变了什么
no-change = 它的最近一个事件没有改变任何内容
diff-of = 事件 #{ $position }
added = 新增
removed = 移除
changed = 改变
field = 字段
before = 之前
after = 之后
value = 值
set-at = 设置者
changed-at = 此值始于
version = 版本
problems = 折叠时注意到
noticed-old-value-differs = 事件说 { $field } 原来是 { $stated }，实际{ $found-key ->
    [absent] 没有这个字段
   *[other] 是 { $found }
 }
noticed-patch-failed = 补丁不适用于当前状态：{ $reason-key ->
    [not-a-patch] 值不是补丁操作的列表
    [malformed] 第 { $operation } 个操作格式不对
    [missing] 第 { $operation } 个操作：{ $at } 处什么也没有
   *[test-failed] 第 { $operation } 个操作：{ $at } 处的值不一致
 }
noticed-program-failed = 程序出错：{ $fault-key ->
    [raised-nothing] 调用了 error，但没有给出消息
    [stray-break] break 不在它的标签之内
    [too-many-steps] 处理一个事件需要的步数超过 { $limit }
    [too-many-levels] 嵌套超过 { $limit } 层
    [value-too-large] 产生的值超过 { $limit } 字节
    [value-too-deep] 产生的值嵌套太深
    [path-too-long] 产生的路径太长
    [state-too-large] 状态会超过 { $limit } 字节
    [not-iterable] .[] 不能用于{ $value }，它没有元素
    [no-member] { $value }没有成员{ $other }
    [no-member-to-delete] { $value }没有可删除的成员{ $other }
    [no-such-key] { $value }不可能有键{ $other }
    [not-key] { $value }不能作为对象的键
    [not-negatable] { $value }不能取负
    [not-calculable] { $value }与{ $other }不能{ $verb-key ->
        [added] 相加
        [subtracted] 相减
        [multiplied] 相乘
       *[divided] 相除
     }
    [divided-by-zero] { $value } 不能除以 { $other }，除数为零
    [not-slice-end] { $value }不能作为切片的边界
    [slice-not-array] 数组的切片只能换成数组
    [out-of-range] 下标 { $text } 超出范围
    [no-path] { $value }没有路径：它不是输入的一部分
    [not-path] { $value }不是路径
    [not-paths] 路径必须组成一个列表
    [not-sortable] { $value }不能排序或分组：它不是数组
    [not-number] { $value }不是数字
    [not-string] { $value }不是字符串
    [not-array] { $value }不是数组
    [not-boolean] { $value }不是布尔值
    [no-length] { $value }没有长度
    [no-keys] { $value }没有键
    [not-containable] { $value }与{ $other }之间不能判断包含关系
    [not-findable] 不能在{ $other }中查找{ $value }
    [negative-levels] 展开的层数不能为负
    [not-entry] { $value }不是键值对：它没有键
    [not-joinable] { $value }不能连接
    [not-json] { $value }：{ cause-json }
    [not-character] { $value }不是字符
    [not-time] { $value }不是可以写出的时间
    [not-date] { $value }不是 2015-03-05T23:51:47Z 这样的日期
    [not-base64] { $value }不是 base64 文本
    [not-row] { $value }不能成为一行：它不是数组
    [not-cell] { $value }不能放在一行里
   *[raised] { $text }
 }
# 程序遇到的值：类型和 JSON 文本
jq-value = { $type-key ->
    [null] {" "}null{" "}
    [boolean] 布尔值（{ $text }）
    [number] 数字（{ $text }）
    [string] 字符串（{ $text }）
    [array] 数组（{ $text }）
   *[object] 对象（{ $text }）
 }
doubt-became = { $n ->
    [1] 它成了一条记录，没有真正有意义的键。
   *[other] 每一行或每个值成了一条记录，共 { $n } 条，都没有键，所以没有状态可看。
}
doubt-more = 日志是什么样子
doubt-example = 一条记录就是一个实体的一个事件，例如一行 JSON：
doubt-try = 加载这个例子
doubt-formats = 以下导出格式能按内容识别：{ $formats }
no-keys = 没有记录带有键，所以没有可以重建状态的实体。
no-keys-there = 没有记录含有字段 { $pointer }，所以没有可以重建状态的实体。
no-keys-own = 改回记录自身的键
no-keys-choose = 选择键的位置…
no-key-state = 没有键就没有状态：记录可以浏览、搜索和计数。
no-entity = 请选择一个实体，或者前进一步：会显示被改变的那个
record-at = 记录 #{ $position }
record-before-first = 在第一个事件之前
record-headers = 消息头
record-value = 值
record-raw = 显示记录
pin = 固定此位置

# 模拟
simulate-title = 同一份日志，不同的顺序
simulate-lead = Kafka 只保证分区内的顺序。按每种顺序折叠这份日志，比较全部最终状态的哈希：哈希相同，说明对这份日志和投影而言，分区之间的顺序无关紧要。
simulate-run = 比较各种顺序
simulate-running = 正在折叠…
simulate-order = 顺序
simulate-hash = 全部最终状态的哈希
simulate-same = 与“{ $order }”相同
simulate-differs = 不同
simulate-reference = 基准
simulate-limits = 精确模拟：每个分区内的顺序。未模拟：重复、丢失的记录、消费者及其再均衡。
simulate-kept = 结束后恢复你原来的顺序。

# 查询
query-open = 在重放中打开
query-go-here = 将光标移到这里
search-title = 搜索记录
search-text = 任意位置的文本
search-text-hint = 在键、值或消息头中
search-key = 键包含
search-event-type = 事件类型
search-partition = 分区
search-any = 任意
search-more = 时间、偏移量和值中的字段
search-time-from = 起始时间（UTC）
search-time-to = 结束时间（UTC）
search-offset-from = 起始偏移量
search-offset-to = 结束偏移量
search-add-condition = 添加字段条件…
search-remove-condition = 移除此条件
search-condition = 字段条件
search-pointer = 字段（JSON 指针）
search-comparison = 比较方式
search-equals = 等于
search-differs = 不等于
search-less = 小于
search-greater = 大于
search-contains = 包含
search-exists = 存在
search-missing = 不存在
search-run = 搜索
search-wrong-time = 请填写日期和时间，例如 2026-01-31 10:42
search-wrong-offset = 偏移量是从 0 开始的整数
search-wrong-order = 它早于起始值
search-wrong-pointer = 在 JSON 指针中，~ 写作 ~0，/ 写作 ~1，例如 /a~1b
search-wrong-no-pointer = 请填写字段，例如 /status，或移除此条件
search-clear = 清除
search-suggestions = 试试
search-suggest-type = 所有 { $name }
search-suggest-key = 键 { $key }
search-results = 匹配的记录
search-place = 偏移量
search-found = { $total } 条记录中匹配 { $matches } 条
search-found-so-far = 在 { $total } 条记录中查看了 { $scanned } 条，匹配 { $matches } 条
search-more-matches = 另有 { $n } 条；全部匹配都标在分区图上，最多 20 000 处
search-stopped = 在结尾之前停止
cost-title = 读取一个键要付出多少？
cost-of = 要知道位置 { $position } 处的 { $key }，需要读多少？
cost-lead = 主题没有索引：要找一个键，就得读完它所在的整个分区。读模型和快照正是为此而存在。
cost-key = 另一个键（完整）
cost-look-up = 查找
cost-all = 读取整个主题
cost-scan = 读取键所在的分区（{ $partitions }）
cost-index = 通过索引只读该键的事件
cost-snapshot = 最近的快照及其后的事件，每 { $every } 个事件一次快照
cost-short-all = 整个主题
cost-short-scan = 分区
cost-short-index = 索引
cost-short-snapshot = 快照
cost-records = 读取的记录数
cost-events = 个事件
cost-every = 快照间隔
cost-every-hint = 快照越多，读取越省，存储越费
cost-chart = 日志增长时读取 { $key } 所需的记录数
cost-nothing = 请移动光标：第一个事件之前没有可读的内容
cost-line = 现在 { $n }
query-fields = { $key } 的字段何时改变？
query-field-all = 所有字段
query-changes-none = 这个实体没有事件改变过该字段
query-hash = 位置 { $position } 处全部状态的哈希
query-hash-run = 计算

# 对比
compare-title = 比较什么
compare-by-order = 另一种顺序
compare-by-order-hint = Kafka 只保证分区内的顺序；分区之间的顺序在这里重要吗？
compare-by-projection = 另一种投影
compare-by-projection-hint = 同样的事件按另一种规则折叠：一份日志的两个读模型
compare-by-key = 另一个键
compare-by-key-hint = 由另一个字段命名实体：同样的事件，不同的实体
compare-by-position = 两个位置
compare-by-position-hint = 同一实体在固定位置与光标处的状态
compare-with = 当前：{ $current }。与之比较的是
compare-no-other = 这份日志没有其他可以作为键的字段
compare-run = 比较
compare-said = { $different ->
    [0] 全部 { $same } 个有状态的实体结果相同
   *[other] { $different } 个实体的结果不同，{ $same } 个相同
}
compare-without-state = 另有 { $n } 个在两种方式下都没有状态：已被删除，或其事件没有留下状态
compare-same-order = 这个顺序没有改变任何结果。只要每个键都在一个分区中，就没有顺序能改变；请在上方选择一个事件分布在多个分区的键，结果就可能不同。
compare-same-projection = 对这些事件，两种规则的结果相同
compare-same-key = 两个字段命名了相同的实体
compare-n-differ = { $n } 个有两种不同的状态
compare-n-only = { $n } 个只在“{ $name }”中存在
compare-no-state = 没有状态
compare-list = 结果不同的实体
compare-pin = 固定位置 { $position }
compare-unpin = 取消固定
compare-lead = 先固定一个位置，再移动光标：差异会被标出。
compare-pinned = 已固定：位置 { $position }
compare-cursor = 光标：位置 { $position }
compare-equal = 两个位置的状态相同
compare-n-differences = { $n } 个字段不同
compare-hash = 哈希

# 查询：各侧面、读模型、事件流
query-side-search = 搜索
query-side-models = 读模型
query-side-stream = 事件流
query-side-cost = 读取一个键
models-title = 一份日志供给多个读模型
models-lead = 写入只进日志；下面每一个都读同样的事件，只保留回答自己问题所需的内容（CQRS）。停下其中一个，让光标继续前进，再让它追上：它会从自己的检查点接着读。
models-at = 已读到 #{ $position }
models-behind = 停在 #{ $position }，落后 { $n } 条
models-stop = 停下
models-catch-up = 追上
model-search = 审计搜索
model-search-system = 搜索索引，如 Elasticsearch
model-search-why = 哪些事件提到了这些词？每条记录的每个词都指向它出现的位置。
model-search-text = 词语，须全部出现：FAULTY 陈静
model-search-hint = 输入一个词：操作者、状态或编号的一部分
model-search-building = 正在建立索引…
model-search-cost = 读了索引的 { $entries } 个条目，而不是 { $records } 条记录；索引共有 { $words } 个词
model-search-cut = 索引只到第 { $n } 条记录
model-key = 按键查询
model-key-system = 宽列存储，如 Cassandra
model-key-why = 这个实体现在是什么样？每个键一行，每个事件都会覆盖它。
model-key-cost = 读取 1 行
model-key-none = 这一行还不存在，或已不存在
model-windows = 看板
model-windows-system = 流处理器的窗口计数，如 Flink
model-windows-why = 什么时候发生了多少？按事件类型、按记录自身的时间分窗口计数。
model-windows-length = 窗口长 { $length }
model-windows-late = { $n } 条迟到：到达时窗口已关闭
model-windows-untimed = { $n } 条没有时间
model-windows-no-time = 这份日志没有时间戳，无法划分窗口
model-windows-label = 各时间窗口中的记录数，按事件类型
model-archive = 归档
model-archive-system = 存入 S3 或 HDFS 的列式文件
model-archive-why = 哪些要保存多年？行变成列：相似的值放在一起，压缩得好，也可以单独读取。
model-archive-write = 写出到 #{ $position } 为止的 Parquet
model-archive-said = { $records } 条记录：{ $bytes }，而 JSON 行要 { $text }
model-archive-save = 保存文件
model-archive-columns = 只要一列的查询，只读这一列的字节。
failed-archive-too-large = 归档超出内存：大于 { $detail }。请把光标移到更早的位置。
stage-words = 索引词语
stage-schemas = 查找模式
stage-archive = 写出归档
stream-title = 把 { $key } 看作事件存储中的一个流
stream-lead = EventStoreDB（KurrentDB）这样的事件存储会给每个流的事件编号，并在每次追加时检查版本。Kafka 主题什么也不检查：这里按主题此前已收下的内容来评判每个事件。
stream-all-fit = 每次追加都会被接受
stream-n-conflict = { $n } 次版本冲突
stream-n-duplicate = { $n } 个事件重复
stream-n-gap = 版本有 { $n } 处缺口
stream-n-unclaimed = { $n } 个事件没有自己的版本
stream-revision = 修订号
stream-claims = 声称
stream-says = 事件存储会说
stream-accepted = 接受
stream-duplicate = 同一事件 id 再次出现：只接受一次，不会写两遍
stream-conflict = 拒绝：声称版本 { $claimed }，而下一个是 { $expected }
stream-gap = 拒绝：声称版本 { $claimed }，而接下来应是 { $expected }
stream-unclaimed = 无法检查
stream-snapshot = 快照，到修订号 { $revision } 为止
stream-empty = 在这个位置，流里还没有事件
stream-hidden = 更早的 { $n } 个事件未显示
stream-rebuild = 重建只读修订号 { $revision } 的快照{ $tail ->
    [0] ，别的都不用
   *[other] 和其后的 { $tail } 个事件
}
stream-rebuild-all = 重建要读全部 { $tail } 个事件：还没有快照
writers-title = 两个写入者同时写
writers-lead = 先让两者都读，再让两者都追加。尝试的内容只叠加在流上，日志保持不变。
writers-check = 追加时说明期望的版本
writers-check-on = 后一个会被拒绝，必须重新读取：什么也不会丢。
writers-check-off = 如同主题：两者都被接受，而后一个从没看到前一个做了什么。
writers-name = 写入者 { $name }
writers-knows-nothing = 还没有读过
writers-read = 读取
writers-append = 追加
writers-any = 任意版本
writers-no-stream = 还没有事件
writers-exactly = 修订号 { $revision }
writers-accepted = 写入者 { $name } 期望{ $expected }：接受，流到达修订号 { $revision }
writers-refused = 写入者 { $name } 期望{ $expected }：拒绝（WrongExpectedVersion），流已在修订号 { $revision }
writers-drop = 丢弃这些尝试

# 对比：事件与行变更
compare-by-rows = 事件与行变更（CDC）
compare-by-rows-hint = 同一业务变更：写下的事件，以及连接器会捕获到的行变更
rows-title = { $key }：事件与行变更
rows-lead = 假如状态是表中的一行，Debezium 或 AWS DMS 这样的连接器只看得见行里变了什么。两边各能回答什么？
rows-lead-cdc = 这份日志本身就是变更数据：左边是连接器写下的内容，背后的事件从未保留。
rows-events = 领域事件
rows-rows = 行变更（CDC）
rows-none = 没有行变更：这一行保持原样
rows-insert = INSERT
rows-update = UPDATE
rows-delete = DELETE
rows-q-now = 它现在是什么样？
rows-q-happened = 发生了什么，为什么？
rows-q-how-often = 发生过多少次？
rows-q-more = 事件还说了什么？
rows-q-other = 以后能建别的读模型吗？
rows-q-copy = 它直接就是表的副本吗？
rows-q-change = 不改应用也能用吗？
rows-a-fold = 折叠它的 { $n } 个事件
rows-a-image = 最后的行镜像
rows-no-type = 事件没有自己的名称
rows-a-silent = { $rows } 次行变更；{ $silent } 个事件没有留下痕迹
rows-a-changes = { $n } 次行变更
rows-a-no-column = 它们不是行的列
rows-not-kept = 这份日志没有保留
rows-a-any-model = 任何一种：每个事件都在
rows-a-columns-only = 只能用这些列
rows-a-needs-rule = 要有投影才行
rows-a-copy = 是：镜像、ETL、备份
rows-a-own-code = 不能：应用要写事件
rows-a-no-code = 能：读的是数据库的日志

# 学习
learn-title = 术语
learn-samples = 示例
learn-keys = 快捷键
learn-try = 打开这个示例
lessons-title = { $n } 个概念，每个都在运行中的页面上
lessons-lead = 每个概念都会打开一个示例（代替当前日志），跳到合适的位置，并说明看什么。
lesson-show = 演示
lesson-next = 下一个概念
lesson-all = 全部概念
lesson-immutable = 变更是不可变的事件
lesson-immutable-why = 日志只会追加；实体现在的样子由发生过的事件决定。
lesson-immutable-look = 历史中的每一行都是一个事件。点击任意一行：状态回到那一刻，而列表保持不变。
lesson-fold = 状态是对事件的折叠
lesson-fold-why = 从空开始，逐个应用事件：状态仅此而已。
lesson-fold-look = 多按几次 →。每一步应用一条记录；它改变的内容会被标出，每个字段都注明由哪个事件设置。
lesson-partition = 顺序只存在于分区之内
lesson-partition-why = 键决定分区。同一个键的事件若在多个分区中，它们之间就没有顺序。
lesson-partition-look = 这里以操作员为键，其事件分布在多个分区，所以换一种顺序就得到不同的状态。把上方的“键”改回记录自身的键：结果全部相同。
lesson-parallel = 实体可以并行重建
lesson-parallel-why = 使用记录自身的键时，分区之间的顺序无关紧要，每个实体都可以单独折叠。
lesson-parallel-look = 试试每一种顺序：状态总是相同。所以重建可以按实体分工。
lesson-idempotency = 同一个事件可能来两次
lesson-idempotency-why = 生产者重试、消费者重启：折叠的一方必须能承受重复。
lesson-idempotency-look = 事件 #26 和 #27 的事件 ID 相同。第二个没有改变任何内容，因为这些事件陈述的是结果；若是“增加 50”，就会算两次。
lesson-version = 日志会接受事件存储拒绝的内容
lesson-version-why = 事件存储在每次追加时检查期望版本，主题没有这种检查。
lesson-version-look = 事件 #42 声称是版本 7，此时还没有版本 6；#43 随后才带来版本 6。事件存储会先拒绝 #42；主题却都收下了，较旧的值胜出。
lesson-writers = 两个写入者，一个流
lesson-writers-why = 追加时要说明自己读到的版本。两者同时写时，后一个会被拒绝，需要重新读取。
lesson-writers-look = 让写入者 A 和 B 都先读取，再都追加：后一个被拒绝。关掉检查：两者都写得进去，而后一个从没看到前一个。
lesson-tombstone = 空值表示删除
lesson-tombstone-why = 墓碑是有键而无值的记录。之后压缩可能丢弃该键的所有记录。
lesson-tombstone-look = 记录 #133 是墓碑：实体消失了。后退一步它又出现，因为日志中还有它的事件。
lesson-retention = 主题过一段时间就会遗忘
lesson-retention-why = 默认保留七天，过期的整个段会被删除。retention.ms=-1 可以永久保留，代价是存储。
lesson-retention-look = 这里十二小时只保留六小时。用剩下的部分重建，就缺了更早的事件：看看哪些实体出错。移动“保留时间”，或把“清理”设为无。
lesson-compaction = 压缩只保留每个键的最新值
lesson-compaction-why = 它节省空间；只需要最新值的折叠什么也不会丢，但历史无法由此重建。
lesson-compaction-look = 分区图上标出了被压缩掉的记录。把上方的“投影”改为 latest：所有实体又都正确了。
lesson-scan = 读取一个键就要扫描一个分区
lesson-scan-why = 主题没有按键的索引，读模型正是为此而存在。
lesson-scan-look = 比较四个数字：整个主题、键所在的分区、索引、快照。再查一个别的键。
lesson-snapshot = 快照节省读取
lesson-snapshot-why = 每 N 个事件保存一次状态，重建时只需最近的快照和其后的少数事件。
lesson-snapshot-look = 移动“快照间隔”：快照线的锯齿就是还要读取的部分。
lesson-consumers = 问题出在投递环节
lesson-consumers-why = 换了顺序、重复、丢失、崩溃：消费者会对状态做什么。
lesson-consumers-look = 两个消费者中的一个在半程崩溃，未提交的记录会再次送来。在控件中打开“幂等”，让折叠按事件 id 识别。
lesson-lag = 慢的消费者会落后
lesson-lag-why = 延迟（lag）是已经写入、消费者组却还没有提交的部分。要监控它，在存储或耐心耗尽之前告警。
lesson-lag-look = 唯一的消费者只有日志速率的 60%：延迟越过告警线，第二个成员来得太晚。增加成员数或成员速度，直到不再告警。
lesson-cdc = 行变更只说改了什么，不说为什么
lesson-cdc-why = 变更数据捕获给出行的前后样子，原因却在没有被保留的事件里。
lesson-cdc-look = credit 从 0.00 变为 25.75。是退款、赠送还是更正？如果是事件，名字就会说明。
lesson-beside = 事件与行变更并排
lesson-beside-why = 同一业务变更：一边是写下的事件，一边是连接器在表中看到的内容。
lesson-beside-look = 看问题表：两边各能回答一些。再往下，事件 #27 根本没有行变更：它没有改变这一行。
lesson-projections = 换一条规则，换一个状态
lesson-projections-why = 同样的事件按另一种规则折叠，就能回答另一个问题。
lesson-projections-look = 左右是同一批订单的两种投影：一个保留说过的一切，一个只留最后一句。
lesson-read-models = 一份日志，多个读模型
lesson-read-models-why = 写入只进日志；搜索索引、按键的表、看板和归档各自去读（CQRS）。
lesson-read-models-look = 搜索 Graz，查一个订单，按小时计数，写出 Parquet 文件。停下其中一个，前后移动光标：它停在原处，再追上。
term-record = 记录
term-record-text = Kafka 存储的单元：某个偏移量处的键、值、消息头和时间戳
term-event = 事件
term-event-text = 已经发生的事实；它不会被修改，只会有后续事件
term-entity = 实体
term-entity-text = 键所指的事物；它的状态是其事件的折叠
term-partition = 分区
term-partition-text = 主题的一部分，由键决定；只有分区内才有顺序
term-offset = 偏移量
term-offset-text = 记录在分区中的编号，由代理分配；可能有空缺
term-tombstone = 墓碑
term-tombstone-text = 有键而值为 null 的记录：实体被删除，压缩时可能丢弃
term-projection = 投影
term-projection-text = 一个事件如何改变状态的规则
term-fold = 折叠
term-fold-text = 从第一个事件起，逐个应用投影
term-position = 位置
term-position-text = 重放中的一处：0 在第一个事件之前，n 在第 n 个之后
term-schedule = 顺序
term-schedule-text = 重放的先后次序；它从不打破分区内的顺序
term-version = 版本
term-version-text = 实体已应用的事件数
term-blame = 溯源
term-blame-text = 对每个字段，最后设置它的事件

# 示例
sample-spray-heads = 喷头
sample-spray-heads-look = 按 → 单步前进，看喷头从 INVENTORY 变为 INSTALLED；每个字段都标明由哪个事件设置
sample-bank-accounts = 银行账户
sample-bank-accounts-look = 有一个事件来了两次，有一个来晚了：逐步查看账户的历史，找出它们
sample-orders = 订单
sample-orders-look = 四种事件构成一个订单：筛选一个键，在“溯源”中看谁贡献了什么
sample-customers-cdc = 客户（CDC）
sample-customers-cdc-look = 是行变更而不是事件：看得到改了什么，看不到为什么

# 提示
notice-no-such-place = 日志中没有这个位置：{ $detail }。可以填写位置、P1@1706、日期和时间，或完整的键。
notice-last-position = 日志到位置 { $detail } 为止
notice-no-key-typed = 请先输入一个键
notice-no-link = 无法生成链接：文件只留在你的电脑上，过长的文本也放不进链接。示例和较短的粘贴文本可以分享。
notice-link-copied = 链接已复制
notice-link-in-address = 链接已在地址栏中
notice-empty-folder = 这个文件夹里没有文件
notice-large-folder = 这个文件夹里的文件超过 { $detail } 个：请只打开其中属于日志的部分
notice-unreadable-folder = 浏览器无法读取这个文件夹：{ $detail }
notice-only-blanks = 输入框里只有空白：请粘贴导出的日志，例如逐行 JSON
notice-nothing-pasted = 请先把日志粘贴到输入框
failed-memory-full = 已有 { $detail } 条记录，内存不足以完成此操作。请只打开日志的一部分，或改用命令行。
failed-no-records = 没有读到任何记录：{ $detail }
failed-no-records-empty = 里面是空列表，或者什么也没有
failed-no-records-do = 请粘贴或打开导出的日志，例如逐行 JSON、kcat -J 或 CSV。之前显示的内容仍然保留。
notice-edit = 在输入框中修改
notice-saving = 正在写入 { $detail }…
notice-saved = 已保存为 { $detail }
failed-bad-mapping = 此映射不成立：{ $detail }
failed-bad-mapping-place = 这不是一个位置：{ $detail }。请写 /member、value:/member、header:name，或用 . 表示整条记录。
failed-bad-mapping-part = 这一部分不能取自那里：{ $detail }
failed-bad-conversion = 列不可能是这种含义：{ $detail }。可写 date、decimal:2、time-ms、timestamp-us 等。
failed-kcat-format-verb = kcat 不会打印 { $detail }：可用的有 %t %p %o %T %k %K %s %S %R %h 和 %%
failed-kcat-format-no-verb = 这个格式不打印记录的任何内容：%k 是键，%s 是值
failed-kcat-format-joined = { $detail } 两者之间没有任何内容，无法判断前者到哪里为止
failed-kcat-format-open-end = { $detail } 之后没有任何内容，无法判断记录到哪里为止。kcat 不会自动换行：如果每条记录占一行，请加上 \n。
failed-kcat-format-json = 这条命令打印 JSON（-J），读取时不需要格式
failed-kcat-format-quote = 命令里有引号没有闭合
failed-kcat-format-too-long = 格式超过了 { $detail } 个部分
json-mistake = { $what-key ->
    [eof-while-parsing-a-list] 列表还没有结束
    [eof-while-parsing-an-object] 对象还没有结束
    [eof-while-parsing-a-string] 字符串还没有结束
    [eof-while-parsing-a-value] 这里应是一个值，但文本已结束
    [expected----] 这里应是冒号
    [expected-----or----] 这里应是逗号或右括号
    [expected-ident] 未知的单词，只允许 true、false 和 null
    [expected-value] 这里应是一个值
    [invalid-escape] 字符串里有未知的转义
    [invalid-number] 数字格式不对
    [number-out-of-range] 数字超出范围
    [key-must-be-a-string] 成员名必须是带引号的字符串
    [trailing-comma] 末尾多了一个逗号
    [trailing-characters] 结束之后还有多余的字符
    [recursion-limit-exceeded] 嵌套层数太多
   *[other] { $what }
 }
failed-bad-format = 未知的格式：{ $detail }
failed-bad-pointer = 这不是指向字段的 JSON 指针：{ $detail }
failed-bad-projection = 未知的投影：{ $detail }
failed-bad-schedule = 未知的顺序：{ $detail }
failed-bad-jq = jq 程序无法运行：{ $detail }
failed-unreadable = 无法读取文件：{ $detail }
failed-engine-gone = 引擎已停止：{ $detail }
failed-worker-gone = 协作的 worker 已中断：{ $detail }
failed-other = 操作没有成功：{ $detail }

# 帮助
help-title = 快捷键
help-play = 播放或暂停
help-step = 后退或前进一个事件
help-ten = 后退或前进十个事件
help-ends = 到开头或结尾
help-search = 搜索实体
help-go-to = 前往位置、偏移量、时间或键
help-tabs = 视图
help-lanes = 放大、缩小分区图，左右移动
help-run = 在记录中展开或合并同类
help-palette = 命令面板
help-help = 本帮助
help-paste = 加载你复制的内容
help-privacy = 日志不会离开本页：所有计算都在你的浏览器中进行。

## 实验室

sim-title = Kafka 会怎样对待这份日志
sim-lead = 已加载的日志就是真相。选一个现成的场景，或拖动任一控件：日志会经过生产者、分区、清理和消费者，出错的实体连同原因一起显示。
sim-own = 你自己的场景。
sim-ready = 现成的场景
sim-waiting = 正在模拟…
sim-refused = 场景被拒绝：
sim-changed = 已修改
scenario-none = 原样
scenario-wrong-key = 选错了键
scenario-wrong-key-question = 如果生产者用别的字段作键会怎样？同一实体的事件会落在多个分区，读取积压时顺序就乱了。
scenario-wrong-key-answer = { $entities } 个实体中有 { $split_entities } 个的事件散落在多个分区，其中 { $diverged } 个最终状态错误：事件被按另一种顺序读取了。
scenario-doubled = 中午分区翻倍
scenario-doubled-question = 增加分区时键会怎样？旧记录留在原处，同一个键的新记录去了别处，两者之间不再有顺序。
scenario-doubled-answer = { $split_entities } 个实体的旧事件在一个分区、新事件在另一个分区。{ $diverged ->
    [0] 这次没有出错，但纯属侥幸：两者之间没有任何顺序保证。
   *[other] 其中 { $diverged } 个被按错误的顺序读取。
}
scenario-crash = 崩溃，至少一次
scenario-crash-question = 消费者在处理之后、提交之前崩溃。记录会再次送来：哪些实体把同一事件应用了两次？
scenario-crash-answer = { $redelivered } 条记录被重新投递，{ $diverged } 个实体把同一事件应用了两次。
scenario-crash-idempotent = 同样崩溃，但幂等
scenario-crash-idempotent-question = 同样的崩溃，但折叠时记住了已应用事件的 id。还剩下多少损坏？
scenario-crash-idempotent-answer = { $redelivered } 条记录再次到达，{ $deduplicated } 个事件被认出并忽略{ $recorded_twice ->
    [0] 。
   *[other] ，其中 { $recorded_twice } 个在日志里本来就出现了两次。
}{ $diverged ->
    [0] 损害完全消除。
   *[other] 仍有 { $diverged } 个实体出错。
}
scenario-commit-before = 先提交后处理
scenario-commit-before-question = 在处理记录之前就提交了偏移量。一次崩溃会让哪些记录永远被跳过？
scenario-commit-before-answer = { $skipped } 条记录已提交却从未处理，{ $diverged } 个实体永远缺少一个事件。
scenario-poison-snapshot = 有毒的快照
scenario-poison-snapshot-question = 最新的快照已损坏，却没有人校验。哪些状态会重建出错？打开校验后，就改用更早的一个。
scenario-poison-snapshot-answer = { $diverged } 个实体由一份无人校验的损坏快照重建而来。
scenario-stale-snapshot = 过时的快照
scenario-stale-snapshot-question = 最新的快照声称的偏移量比它的状态更新，却没人检查。重建会漏掉哪些事件？
scenario-stale-snapshot-answer = { $diverged ->
    [0] 没有实体缺少要紧的事件。
   *[other] { $diverged } 个实体缺少了快照声称已包含的事件。
}
scenario-old-snapshot = 旧版本的快照
scenario-old-snapshot-question = 最新的快照由旧版程序写成，它不认识最新的字段。若照样采信，会缺什么？
scenario-old-snapshot-answer = { $diverged ->
    [0] 没有实体缺字段：后来的事件把它补了回来。
   *[other] { $diverged } 个实体缺少旧版程序不认识的字段。
}
scenario-checked-snapshot = 同样情形，先检查
scenario-checked-snapshot-question = 最新的快照同样损坏，但使用前会检查校验和、版本和偏移量。代价是什么？
scenario-checked-snapshot-answer = { $snapshots_refused } 个损坏的快照被拒绝，改用更早的一个，之后要多读一些事件。{ $diverged ->
    [0] 所有状态都正确。
   *[other] 仍有 { $diverged } 个实体出错。
}
scenario-seven-days = 保留七天
scenario-seven-days-question = 七天后，日志的前一半已经过期。用剩下的部分重建会得到什么？
scenario-seven-days-answer = { $appended } 条记录中有 { $expired } 条已过期；用剩下的记录重建，{ $diverged } 个实体出错。
scenario-compaction = 带墓碑的压缩
scenario-compaction-question = 每个键只保留最后一个值。对只取最新值的折叠这就够了。对你的折叠够吗？
scenario-compaction-answer = { $appended } 条记录中有 { $compacted } 条被压缩掉。{ $diverged ->
    [0] 所有状态仍可重建。
   *[other] { $diverged } 个实体需要的正是已消失的记录。
}
scenario-slow-consumer = 慢消费者
scenario-slow-consumer-question = 一个消费者比生产者慢。它会落后多少，何时报警，加一个成员有用吗？
scenario-slow-consumer-answer = 单个成员跟不上生产者。{ $final_lag ->
    [0] 第二个成员加入后，{ $max_lag } 条的滞后逐渐缩小，最后全部读完。
   *[other] 尽管加入了第二个成员，最后仍有 { $final_lag } 条未读。
}
scenario-null-keys = 空键
scenario-null-keys-question = 没有键时，生产者先粘住一个分区，写满一批再换另一个（KIP-480、KIP-794）。还有谁能说出某实体事件的先后？
scenario-null-keys-answer = { $entities } 个实体中有 { $split_entities } 个的事件散落在多个分区，其中 { $diverged } 个最终状态错误：没有任何东西保证它们的顺序。
sim-group-topic = 主题
sim-group-producer = 生产者与写入者
sim-group-consumers = 消费者组
sim-group-idempotency = 幂等
sim-group-snapshots = 快照
sim-group-cleanup = 保留与压缩
sim-group-rebuild = 比较与重建
sim-group-alert = 滞后报警
sim-group-chance = 随机
sim-group-document = 场景的 JSON
sim-document = 场景
sim-document-place = 第 { $line } 行，第 { $column } 列
sim-copy = 复制
sim-key = 键
sim-key-own = 记录自己的键
sim-key-candidates = 可以作键的成员
sim-key-hint = 指向值的 JSON 指针，例如 /operator；留空则用记录自己的键。
sim-partitions = 分区数
sim-partitions-hint = 每个主题的分区数；0 表示保持日志原有的。
sim-partitioner = 分区器
sim-partitioner-hint = 生产者如何选择分区。
sim-partitioner-recorded = 照原样
sim-partitioner-recorded-hint = 记录留在日志中的分区；若改了分区数或键，则用 murmur2。
sim-partitioner-murmur2 = murmur2
sim-partitioner-murmur2-hint = Java 默认：按键的哈希；没有键的记录一批粘在一个分区。
sim-partitioner-crc32 = crc32
sim-partitioner-crc32-hint = librdkafka 默认（consistent_random）：哈希不同，因此分区与 Java 不同。
sim-partitioner-fnv1a = fnv1a
sim-partitioner-fnv1a-hint = librdkafka 的 fnv1a_random，与 Sarama 的哈希相同。
sim-partitioner-round_robin = 轮询
sim-partitioner-round_robin-hint = 不看键，依次写入每个分区。
sim-partitioner-uniform_sticky = 均匀粘性
sim-partitioner-uniform_sticky-hint = 不看键，每一批随机选一个分区。
sim-changes = 增加分区
sim-changes-hint = 旧记录不动，键会移动；Kafka 只能增加分区。
sim-changes-add = 增加分区…
sim-changes-remove = 撤销这次增加
sim-null-keys = 不带键发送
sim-null-keys-hint = 每条记录的键都为空：先粘在一个分区，一批满了再换另一个（KIP-480、KIP-794）。
sim-batch-size = 批次大小
sim-batch-size-hint = 没有键的记录先集中写入一个分区，发满这么多字节后再换另一个分区。
sim-duplicates = 重试造成的重复
sim-duplicates-hint = 代理的应答丢失，生产者把记录又发了一遍。
sim-reorder = 被超越
sim-reorder-hint = 第一次发送失败，重试排到了后面记录之后。
sim-reorder-window = 在途请求数
sim-reorder-window-hint = 重试最多落在同一分区这么多条后续记录之后。
sim-loss = 丢失
sim-loss-hint = 记录永远没有到达。
sim-idempotent = 幂等生产者
sim-idempotent-hint = 代理记得每个生产者的序列号：不重复、不乱序。丢失依旧。
sim-restart-every = 每隔多少条换新纪元
sim-restart-every-hint = 生产者每发送这么多条记录就重启一次；跨越重启的重试不会被识别。0 表示从不重启。
sim-retry-backoff = 重试等待
sim-retry-backoff-hint = 生产者再次发送前等待的时间。
sim-writers = 并行写入者
sim-writers-hint = 事件库的写入者先读流再追加；0 表示不模拟。
sim-writer-latency = 读与追加之间
sim-writer-latency-hint = 时间越长，越容易被别人抢先。
sim-expected-version = 期望版本
sim-expected-version-hint = 追加时说明读到的版本；流若已前进，事件库就拒绝。
sim-writer-retries = 冲突后重试
sim-writer-retries-hint = 被拒的写入者重新读取并重试这么多次。
sim-members = 成员数
sim-members-hint = 开始时组内的消费者数。
sim-rate = 单个成员的速度
sim-rate-hint = 占日志平均速率的百分比；0 表示跟得上任何速率。
sim-assignor = 分配策略
sim-assignor-hint = 哪个成员得到哪些分区。
sim-assignor-range = range
sim-assignor-range-hint = 按主题，每个成员一段相邻分区。
sim-assignor-roundrobin = roundrobin
sim-assignor-roundrobin-hint = 所有分区逐个轮流分发。
sim-assignor-sticky = sticky
sim-assignor-sticky-hint = 均衡，成员尽量保留原有分区；再均衡时全体停下。
sim-assignor-cooperative-sticky = cooperative-sticky
sim-assignor-cooperative-sticky-hint = 同样的分配分两步：只有移动的分区停下。
sim-start = 组的启动时刻
sim-start-hint = 100% 表示读取积压；0 表示与日志同时开始。
sim-joins = 之后加入的成员
sim-joins-hint = 每次加入都会触发一次再均衡。
sim-joins-add = 添加一次加入
sim-joins-remove = 撤销这次加入
sim-leaves = 离开的成员
sim-leaves-hint = 正常离开：先提交再关闭，组立即再均衡。
sim-leaves-add = 添加一次离开
sim-leaves-remove = 撤销这次离开
sim-crashes = 崩溃的成员
sim-crashes-hint = 会话超时之后组才会察觉；重启的成员以新身份回来。
sim-crashes-add = 添加一次崩溃
sim-crashes-remove = 撤销这次崩溃
sim-row-at = 时刻
sim-row-member = 成员
sim-row-restart = 多久后重启
sim-row-partitions = 之后的分区数
sim-session-timeout = 会话超时
sim-session-timeout-hint = 崩溃的成员在这段时间里仍占着分区。
sim-rebalance = 再均衡耗时
sim-rebalance-hint = 在这段时间里，被暂停的成员不读取任何记录。
sim-metadata-age = 发现新分区的间隔
sim-metadata-age-hint = 消费者每隔这么久检查一次是否增加了分区。
sim-offset-reset = 没有有效偏移量时
sim-offset-reset-hint = 没有已提交偏移量或偏移量已失效时从哪里开始。
sim-offset-reset-earliest = 最早
sim-offset-reset-latest = 最新
sim-commit = 提交
sim-commit-hint = 何时提交偏移量。
sim-commit-before = 处理之前
sim-commit-before-hint = 至多一次：崩溃会跳过已取的记录。
sim-commit-after = 处理之后
sim-commit-after-hint = 至少一次：崩溃会重复尚未提交的记录。
sim-commit-atomic = 与状态一起
sim-commit-atomic-hint = 恰好一次：状态与偏移量在同一事务中。
sim-commit-every = 每次提交的记录数
sim-commit-every-hint = 越多，崩溃后重来的就越多。
sim-max-poll = 每次拉取的记录数
sim-max-poll-hint = 处理这么多条某分区的记录后才轮到下一分区。
sim-store = 状态存放
sim-store-hint = 状态放在哪里。
sim-store-external = 在数据库中
sim-store-external-hint = 崩溃后仍在，因此重新投递的会应用两次。
sim-store-memory = 在内存中
sim-store-memory-hint = 崩溃时丢失，再从日志重建。
sim-store-transactional = 与偏移量同处
sim-store-transactional-hint = 两者同一事务：不会应用两次。
sim-idempotency = 折叠识别事件
sim-idempotency-hint = 折叠如何判断见过某事件。
sim-idempotency-none = 不识别
sim-idempotency-none-hint = 每次投递都应用。
sim-idempotency-event_id = 按事件 id
sim-idempotency-event_id-hint = 见过的 id 忽略。
sim-idempotency-version = 按版本
sim-idempotency-version-hint = 不更新的忽略，缺口计数。
sim-count-versions = 版本错也算错
sim-count-versions-hint = 看起来对、但应用的事件数不对的状态也算错：计数和余额会暴露它。
sim-snapshot-every = 每隔多少事件
sim-snapshot-every-hint = 多少事件取一次快照；0 表示不取。
sim-snapshot-per = 快照对象
sim-snapshot-per-hint = 快照覆盖什么。
sim-snapshot-per-entity = 一个实体
sim-snapshot-per-partition = 一个分区
sim-snapshot-keep = 保留个数
sim-snapshot-keep-hint = 保留最新的若干个；坏了一个就退到更早的。
sim-snapshot-damage = 最新的快照
sim-snapshot-damage-hint = 最新的快照有什么问题。
sim-snapshot-damage-none = 完好
sim-snapshot-damage-stale = 陈旧
sim-snapshot-damage-stale-hint = 声称的偏移量比状态实际的新。
sim-snapshot-damage-old_schema = 旧模式
sim-snapshot-damage-old_schema-hint = 旧程序写的，漏掉了它不认识的字段。
sim-snapshot-damage-corrupt = 损坏
sim-snapshot-damage-corrupt-hint = 字节与校验和不符。
sim-snapshot-verify = 使用前校验
sim-snapshot-verify-hint = 校验校验和、模式版本与事件数；坏快照被拒绝，改用更早的。
sim-policy = 清理策略
sim-policy-hint = 代理会删除什么。
sim-policy-none = 不清理
sim-policy-none-hint = 日志永远保留。
sim-policy-delete = delete
sim-policy-delete-hint = 整段删除：段内最新记录过旧时。
sim-policy-compact = compact
sim-policy-compact-hint = 每个键只留最后的值；偏移量留下缺口。
sim-policy-compact-delete = 两者
sim-policy-compact-delete-hint = 既压缩，又删除旧段。
sim-retention-ms = 保留时间
sim-retention-ms-hint = 段内所有记录都更旧时整段删除。
sim-retention-bytes = 按大小保留
sim-retention-bytes-hint = 每个分区至少保留这么多字节，以整个段为单位；0 表示不限。
sim-segment-bytes = 段大小
sim-segment-bytes-hint = 段满则换新段；活动段不压缩。
sim-segment-ms = 段时长
sim-segment-ms-hint = 最迟经过这么久换新段。
sim-dirty-ratio = 脏比例
sim-dirty-ratio-hint = 未压缩部分达到此比例时清理器才动手。
sim-compaction-lag = 最短压缩延迟
sim-compaction-lag-hint = 比这更新的记录不压缩。
sim-max-compaction-lag = 最迟压缩时间
sim-max-compaction-lag-hint = 到时无论脏数据比例多少都会压缩；0 表示不限。
sim-delete-retention = 墓碑保留
sim-delete-retention-hint = 首次清理后保留这么久，好让慢读者知道删除。
sim-check-interval = broker 检查间隔
sim-check-interval-hint = 只有在检查时才会按保留策略删除或压缩。
sim-idle = 之后多久查看
sim-idle-hint = 最后一条记录之后再过多久读取日志。
sim-compare = 与真相比较的是
sim-compare-hint = 哪些状态与真相比较。
sim-compare-auto = 自动
sim-compare-auto-hint = 有清理或快照时比较重建结果，否则比较消费者的状态。
sim-compare-group = 消费者的状态
sim-compare-rebuild = 重建结果
sim-shards = 分片数
sim-shards-hint = 按实体切分重建；无论几片结果都相同。
sim-alert-records = 记录数报警线
sim-alert-records-hint = 所有分区合计；0 表示从不。
sim-alert-seconds = 秒数报警线
sim-alert-seconds-hint = 最旧未提交记录的年龄；0 表示从不。
sim-seed = 种子
sim-seed-hint = 相同的种子做出相同的选择。
sim-verdict-wrong = { $total } 个实体中有 { $n } 个出错
sim-verdict-right = { $total } 个实体全部正确
sim-verdict-alert = 滞后告警触发：最多落后 { $records } 条记录，即 { $time }
sim-verdict-split = { $total } 个实体中有 { $n } 个散落在多个分区
sim-made-up-time = 日志没有时间戳：假定记录间隔一秒。
sim-counted-versions = 事件没有版本：按实体计数。
sim-never = 从未
cause-duplicate-applied = 重复应用
cause-reordered = 顺序错乱
cause-lost = 丢失
cause-conflict-refused = 冲突被拒
cause-skipped-after-commit = 提交后被跳过
cause-expired = 已过期
cause-compacted-away = 被压缩掉
cause-stale-snapshot = 陈旧快照
cause-corrupt-snapshot = 损坏快照
cause-old-snapshot-schema = 旧模式快照
cause-not-read = 未读取
cause-ignored-as-duplicate = 被当作重复忽略
cause-several = 多种原因
figure-records = 记录
figure-appended = 追加
figure-moved = 换了分区
figure-split-keys = 跨分区的键
figure-split-entities = 跨分区的实体
figure-duplicates = 重复
figure-reordered = 被超越
figure-lost = 丢失
figure-broker-deduplicated = 代理去重
figure-conflicts = 冲突
figure-conflict-retries = 冲突重试
figure-refused = 最终被拒
figure-blind-appends = 盲目追加
figure-delivered = 投递
figure-redelivered = 重新投递
figure-rolled-back = 回滚
figure-skipped = 跳过
figure-deduplicated = 识别并忽略
figure-recorded-twice = 日志里本来就重复
figure-version-gaps = 版本缺口
figure-rebalances = 再均衡
figure-max-lag = 最大滞后
figure-final-lag = 最终滞后
figure-alerts = 报警
figure-kept-records = 日志中剩余
figure-kept-bytes = 剩余字节
figure-expired = 过期
figure-compacted = 被压缩
figure-snapshots = 快照
figure-snapshots-refused = 被拒快照
figure-catch-up-ms = 追平用时
sim-before = 加载的日志
sim-before-label = 日志各分区随时间的记录
sim-after = 此场景中的主题
sim-after-label = 模拟主题各分区随时间的记录及其去向
sim-lanes-hidden = 另有 { $n } 个分区计数但未绘出。
sim-moment = 显示的时刻
fate-kept = 仍在
fate-duplicate = 重复
fate-late = 被超越
fate-expired = 过期
fate-compacted = 被压缩
fate-owner = 色条：由谁读取
sim-owned = 由成员 { $n } 读取
sim-unowned = 无人读取
sim-lane-committed = 已提交 { $committed }
fate-committed = 竖线：已提交到此处；浅色区域：尚未读取
mark-crash = 崩溃
mark-join = 成员加入
mark-leave = 成员离开或超时
mark-rebalance = 再均衡
mark-partitions = 增加分区
mark-clean-up = 代理清理
mark-snapshot = 做快照
mark-alert = 滞后告警
stage-produce = 正在生产
stage-clean-up = 正在清理
stage-consume = 正在消费
stage-rebuild = 正在重建
sim-lane-lag = 滞后 { $lag }，最高 { $most }
sim-diverged = 出错的实体
sim-diverged-filter = 按键筛选
sim-diverged-more = 还有 { $n } 个；可用筛选查找。
sim-truth = 真相
sim-got = 结果
sim-truth-events = 真相，{ $n } 个事件
sim-got-events = 结果，{ $n } 个事件
sim-same-state = 字段看上去相同，因为这些事件只是设值。应用了 { $got } 个而不是 { $truth } 个事件：计数或余额就会出错。
sim-only-truth = 仅真相有
sim-only-got = 仅结果有
sim-no-state = 没有此实体
sim-steps = 真相 { $truth } 个事件，此处应用 { $got } 个
sim-step-go = 在回放中前往
sim-first-wrong = 第一个出错的事件
sim-mark-same = 相同
sim-mark-missing = 缺失
sim-mark-extra = 又一次
sim-mark-moved = 迟到
sim-chart-lag = 滞后（记录数）
sim-chart-lag-time = 滞后（时间）
sim-chart-stored = 存储
sim-chart-snapshots = 快照
sim-chart-rebuild = 重建要读多少
sim-chart-time = 日志时间
sim-chart-nothing = 没有可画的。
sim-chart-summary = 结束时 { $last }，最高 { $highest }（{ $at }），{ $above } 次超过报警线
sim-chart-summary-plain = 最后 { $last }，最高 { $highest }（{ $at }）
sim-lag-records = 落后的记录
sim-lag-time = 最旧未提交记录的年龄
sim-stored = 日志字节数
sim-snapshots-taken = 已做的快照数
sim-alert-line = 报警线
sim-alert-fired = 滞后告警触发 { $n } 次：最多落后 { $records } 条记录，即 { $time }
sim-records = { $n } 条记录
rebuild-scan = 全部状态：扫描
rebuild-snapshot = 全部状态：快照加尾部
rebuild-shards = 全部状态：最大分片
rebuild-entity-scan = 一个实体（平均）：扫描分区
rebuild-entity-index = 一个实体（平均）：索引
rebuild-entity-snapshot = 一个实体（平均）：快照加尾部
speedup-title = 并行重建
speedup-lead = 从已载入的日志重建全部状态：按键拆成若干分片，每个分片由一个 worker 独立完成。用时是在本机当场测得的。
speedup-measure = 在本机测量
speedup-running = 正在测量…
speedup-facts = { $cores } 个处理器，每次重建 { $entities } 个实体的 { $events } 个事件
speedup-shards = 分片数
speedup-rebuild = 重建用时
speedup-times = 加速倍数
speedup-hand-out = 事先分发用时
speedup-chart = 加速比与分片数
speedup-measured = 实测
speedup-ideal = 理想情况（毫无损耗）
speedup-same = 每次重建得到的状态逐字节相同。全部状态的哈希：
speedup-differs = 状态不一致！单分片时的哈希：
speedup-short = { $events } 个事件折叠得太快，worker 之间的消息占去了不少时间。日志越大，效果越明显。
sim-happenings = 经过
sim-happenings-hidden = 还有 { $n } 条。
happening-join = 加入
happening-join-text = { $member }
happening-leave = 离开
happening-leave-text = { $member }
happening-crash = 崩溃
happening-crash-text = { $member }，{ $n } 条已处理未提交
happening-session-timeout = 会话超时
happening-session-timeout-text = { $member } 被移出组
happening-rebalance = 再均衡
happening-rebalance-text = { $text }
happening-partitions-added = 增加分区
happening-partitions-added-text = 现有 { $n } 个
happening-offset-reset = 偏移量重置
happening-offset-reset-text = { $lane } 从 { $n } 继续
happening-restored = 状态重建
happening-restored-text = { $lane }，读取 { $n } 条
happening-expired = 过期
happening-expired-text = { $lane }，{ $n } 条
happening-compacted = 压缩
happening-compacted-text = { $lane }，删去 { $n } 条
happening-alert-on = 报警
happening-alert-on-text = 落后 { $n } 条
happening-alert-off = 报警解除
happening-alert-off-text = 滞后回到线下
fidelity-title = 哪些是精确的，哪些不是
fidelity-lead = 模拟的价值在于说清它省略了什么。每一行说明与真实代理有多接近。
fidelity-exact = 精确
fidelity-exact-partitioners = 每个键的分区：murmur2、crc32、fnv1a，以官方向量验证。
fidelity-exact-assignors = 谁得到哪些分区：range、roundrobin、sticky、cooperative-sticky，按 Kafka 分配器的规则。
fidelity-exact-segments = 何时滚动到新段：按字节数、按时间、按首个批次的时间戳。
fidelity-exact-retention = 按整段保留、日志起始偏移量。
fidelity-exact-compaction = 压缩：哪些偏移量留下、墓碑及其删除时限。
fidelity-exact-redelivery = 在处理与提交之间崩溃后会重投哪些记录，以及先提交后处理时会跳过哪些记录。
fidelity-exact-order = 分区内的顺序。
fidelity-exact-snapshots = 快照加尾部与完整回放结果相同。
fidelity-simplified = 简化
fidelity-simplified-producer = 每条记录自成一批、自成一次请求。
fidelity-simplified-batches = 段大小按未压缩计算。
fidelity-simplified-rebalance = 再均衡用时固定；不模拟心跳与轮询间隔。
fidelity-simplified-time = 代理按日志时间的固定间隔检查旧段。
fidelity-simplified-sticky = 随机选择来自种子，而非生产者自己的随机数。
fidelity-simplified-writers = 日志的每个事件是某写入者的一次追加。
fidelity-absent = 没有
fidelity-absent-replication = 副本、首领切换、不干净选举。
fidelity-absent-network = 控件之外的网络延迟与部分故障。
fidelity-absent-quotas = 配额、限流、磁盘上限。
fidelity-absent-transactions = 跨分区的生产者事务。
notice-bad-scenario = 链接中的场景被拒绝：{ $detail }

# Kafka
kafka-open-hint = 通过 REST 代理加载主题并持续跟随
kafka-title = Kafka
kafka-hint = 浏览器不能直接使用 Kafka 协议，因此中间需要一个 REST 代理。本项目自带的代理这样启动：
kafka-hint-others = 也支持 Confluent、Redpanda、Karapace 和 Strimzi Bridge。在点击“连接”之前，页面不会发出任何请求。
password-moved = 地址中的用户名和密码已被取出，因为浏览器不会访问这样的地址。它们通过请求头发送，不会被保存。
kafka-address = REST 代理
kafka-token = 令牌
kafka-token-none = 无；不会被保存
kafka-connect = 连接
kafka-asking = 正在询问…
kafka-abilities = 支持的功能
kafka-kind-replayground = Replayground 代理
kafka-kind-confluent = Confluent REST Proxy
kafka-kind-redpanda = Redpanda HTTP Proxy
kafka-kind-karapace = Karapace
kafka-kind-strimzi = Strimzi Kafka Bridge
kafka-can-offsets = 提供偏移量
kafka-can-times = 按时间定位
kafka-can-timestamps = 时间戳
kafka-can-headers = 消息头
kafka-can-isolation = read_committed
kafka-can-stream = 流式传输
kafka-can-live = 推送新记录
kafka-can-lag = 提供消费滞后
kafka-can-schemas = 按 Schema 解码
kafka-polled = 新记录大约每秒查询一次。
kafka-no-topics = 该服务器没有可见的主题。请创建一个主题，或授予服务器用户查看权限，然后重新连接。
kafka-topics = { $n } 个主题
kafka-filter = 筛选主题
kafka-partitions-and-size = { $partitions }，{ $size }
kafka-size = 最多 { $n } 条记录，约 { $mb } MB
kafka-count = 最多 { $n } 条记录
kafka-size-unknown = 该服务器不提供数据量
kafka-partition-list = 分区及其偏移量
kafka-partition = 分区
kafka-start = 起始
kafka-end = 末尾
kafka-offsets = 偏移量数
kafka-from = 从
kafka-from-beginning = 开头
kafka-from-last = 每个分区最后 n 条
kafka-from-offset = 偏移量
kafka-from-time = 时间
kafka-from-end = 仅新记录
kafka-until = 到
kafka-until-end = 末尾
kafka-until-offset = 偏移量
kafka-until-time = 时间
kafka-value-last = 每个分区的条数
kafka-value-offset = 偏移量
kafka-value-time = 时间
kafka-partitions = 分区
kafka-partitions-all = 全部；或 0, 2
kafka-committed = 排除已中止的记录
kafka-follow = 持续跟随
kafka-follow-hint = 新记录到达后立即追加到日志末尾
kafka-load = 加载
kafka-load-follow = 加载并跟随
kafka-load-anyway = 仍然加载
kafka-large = 最多 { $n } 条记录。加载需要较长时间和大量内存；缩小范围可以更快看到同样的内容。
kafka-large-bytes = 最多 { $n } 条记录，约 { $mb } MB。加载需要较长时间，并占用约一倍半的内存；缩小范围可以更快看到同样的内容。
kafka-cors-karapace = Karapace 始终允许网页读取；如果不行，说明中间有组件去掉了该响应头。
kafka-cors-redpanda = Redpanda 代理没有这项设置：需要由前置的反向代理添加该响应头。
kafka-rate = { $n } 条/秒
kafka-time-left = 剩余 { $n } 秒
failed-kafka-refused = { $detail } 没有响应。请启动代理，或更正地址和端口。
failed-kafka-cors = { $detail } 有响应，但不允许此页面读取。请按服务器类型进行以下设置并重新启动：
failed-kafka-policy = 此页面不能访问 { $detail }：其内容安全策略只允许本机地址。请让代理同时提供页面（replayground-proxy --site dist），或用以下命令构建页面：cargo xtask build --connect { $detail }
failed-kafka-broken = 连接中断且无法恢复：{ $detail }
failed-kafka-unknown-server = { $detail } 上的服务不是已知的 REST 代理。端口是否正确？
failed-kafka-unauthorized = 服务器需要令牌，或令牌不正确：{ $detail }
failed-kafka-forbidden = 没有权限：{ $detail }
failed-kafka-unknown-topic = 主题 { $detail } 已不存在。请重新连接以查看现有主题。
failed-kafka-unknown-partition = 没有这个分区：{ $detail }
failed-kafka-truncated = 该范围的开头已被保留策略删除（{ $detail }）。请选择开头或该偏移量。
failed-kafka-beyond-end = 该范围的起点在日志末尾之后：{ $detail }
failed-kafka-broker-down = 代理有响应，但其后的 Kafka 没有响应（{ $detail }）。broker 恢复后即可继续。
failed-kafka-busy = 服务器繁忙，请几秒后再试（{ $detail }）
failed-kafka-unsupported = 此类服务器不支持该操作：{ $detail }
failed-kafka-answered = 服务器返回 { $detail }
failed-kafka-wish = { $detail }
failed-kafka-stopped = 已停止
failed-kafka-bad-address = “{ $detail }”不是有效的地址。地址形如 http://localhost:8082。
failed-kafka-bad-field = 缺少数字或时间（如 2026-01-31 10:00），或无法识别。分区用数字表示，如 0, 2。
failed-kafka-nothing-there = { $detail } 的该范围内没有记录。请选择其他范围，或持续跟随该主题。
failed-cannot-follow = 当前日志不是 JSON 行格式的主题，无法在其后追加。{ $detail }
live = 正在跟随的主题
live-up = 实时
live-down = 已中断；会自动恢复
live-connecting = 正在连接…
live-paused = 等待中
live-ended = 跟随已结束
live-count = + { $n }
live-rate = { $n } 条/秒
live-waiting = { $n } 条等待中
live-lag = { $group } 的滞后：{ $n }
live-elsewhere = 打开“重放”以外的标签页时，新记录会暂存等待
live-pause = 暂停
live-resume = 继续
live-stop = 停止跟随

# 时长，尽量简短
duration-ms = { $n } 毫秒
duration-s = { $n } 秒
duration-min = { $n } 分钟
duration-h = { $n } 小时
duration-d = { $n } 天

# jq 程序中的错误
mistake-jq-none = jq 投影需要一个程序
mistake-jq-no-program = 这不是 jq 程序
mistake-jq-expected = 这里应是{ $expected-key ->
    [digit] 数字
    [identifier] 标识符
    [closing-parenthesis] 右圆括号
    [closing-bracket] 右方括号
    [closing-brace] 右花括号
    [closing-quote] 右引号
    [string-escape-sequence] 字符串转义序列
    [token] 一个记号
    [variable] 变量
    [pattern] 模式
    [else-or-end] else 或 end
    [comma-or-right-bracket] 逗号或右方括号
    [comma-or-right-brace] 逗号或右花括号
    [semicolon-or-right-parenthesis] 分号或右圆括号
    [term] 一项
    [key] 键
    [argument] 参数
    [string] 字符串
    [nothing] 结尾
   *[other] { $expected }
 }
mistake-jq-unexpected = 这里应是{ $expected-key ->
    [digit] 数字
    [identifier] 标识符
    [closing-parenthesis] 右圆括号
    [closing-bracket] 右方括号
    [closing-brace] 右花括号
    [closing-quote] 右引号
    [string-escape-sequence] 字符串转义序列
    [token] 一个记号
    [variable] 变量
    [pattern] 模式
    [else-or-end] else 或 end
    [comma-or-right-bracket] 逗号或右方括号
    [comma-or-right-brace] 逗号或右花括号
    [semicolon-or-right-parenthesis] 分号或右圆括号
    [term] 一项
    [key] 键
    [argument] 参数
    [string] 字符串
    [nothing] 结尾
   *[other] { $expected }
 }，{ $found-key ->
    [the-end] 但程序已结束
   *[other] 却是 { $found }
 }
mistake-jq-too-long = 程序超过 16 KiB
mistake-jq-too-deep = 程序嵌套太深，或运算符太多
mistake-jq-no-label = 没有标签 { $name }
mistake-jq-no-format = 没有格式 { $name }
mistake-jq-no-variable = 没有变量 { $name }
mistake-jq-no-filter = 没有名为 { $name } 的过滤器
mistake-jq-fold-arguments = { $name } 需要 { $name-key ->
    [reduce] 2
   *[other] 2 或 3
 } 个表达式
mistake-jq-not-available = 这里不能用 { $name }：{ $reason-key ->
    [clock] 无论何时重放都必须得到相同的状态；$record.timestamp 是记录自己的时间
    [outside] 程序只能看到状态和事件
    [regex] 不支持正则表达式；可用 startswith、endswith、contains、split、ltrimstr 和 rtrimstr
    [split-regex] 不支持正则表达式；split/1 按文本切分
   *[other] { $reason }
 }

# 场景中的错误
expected-object = 花括号中的对象
expected-count = 非负整数
expected-number = 数字
found-string = 字符串 { $value }
found-integer = 数字 { $value }
found-floating-point = 数字 { $value }
found-boolean = {" "}{ $value }
found-null = {" "}null
found-sequence = 数组
found-map = 对象
mistake-at-path = { $path }：{ $what }
mistake-scenario-no-json = 这不是 JSON：{ $json }
mistake-scenario-unknown-member = 没有成员 { $found }；{ $expected-key ->
    [there-are-no-fields] 这里没有任何成员
   *[other] 可用的有 { $expected }
 }
mistake-scenario-unknown-name = 没有 { $found }；可选 { $expected }
mistake-scenario-missing-member = 缺少成员 { $found }
mistake-scenario-wrong-type = 类型不对，是{ $found }，应为{ $expected }
mistake-scenario-wrong-value = 值不对，是{ $found }，应为{ $expected }
mistake-scenario-no-array = 这里不能是数组
mistake-scenario-other = { $found }
mistake-scenario-range = { $value } 超出范围，应在 { $least } 到 { $most } 之间
mistake-scenario-pointer = { $value } 不是 JSON 指针：应以 / 开头，例如 /operator
mistake-scenario-fewer-partitions = Kafka 不能减少分区：至少 { $least } 个
mistake-scenario-at-least-one = 至少 1 { $what-key ->
    [byte] 字节
   *[other] 条记录
 }
mistake-scenario-at-least-one-or-never = 至少 1 条记录，或用 null 表示从不
mistake-scenario-rate = 必须大于 0，或用 null 表示来多快就处理多快
mistake-scenario-transactional-commit = 事务性存储与状态一起提交：用 "atomic" 或 "after"
mistake-scenario-no-member = 没有成员 { $number }：成员按加入顺序从 0 编号，共 { $members } 个
