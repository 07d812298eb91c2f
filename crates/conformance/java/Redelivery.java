import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Consumers that crash together after so many records each, or, in another process, read on until the end of their topic.
 *
 * A line of stdin is {@code group topic before|after commitEvery crashAfter maxPollRecords}; 0 for crashAfter reads to the end. {@code before} commits
 * what a poll brought before processing it, {@code after} what was processed, every commitEvery records. Printed is, for each group,
 * {@code group|partition:committed …|partition:offset …}: the committed offsets that it found, and the records that it processed.
 * A crash ends the process without leaving the groups, with exit code 42. Argument: the broker's address.
 */
public class Redelivery {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int CRASHED = 42;

    public static void main(String[] arguments) throws Exception {
        List<Reader> readers = new ArrayList<>();
        try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
            while (lines.hasNextLine()) {
                readers.add(new Reader(arguments[0], lines.nextLine().split(" ")));
            }
        }
        // Consumers whose process goes on but that do not poll are still members: all wait for the last.
        CountDownLatch ready = new CountDownLatch(readers.size());
        for (Reader reader : readers) {
            Thread thread = new Thread(() -> {
                reader.read();
                ready.countDown();
            });
            thread.setDaemon(true);
            thread.start();
        }
        ready.await();
        boolean crashes = readers.stream().anyMatch(reader -> reader.crashAfter > 0);
        readers.forEach(reader -> System.out.println(reader.told()));
        System.out.flush();
        Runtime.getRuntime().halt(crashes ? CRASHED : 0);
    }

    private static final class Reader {
        private final String group;
        private final String topic;
        private final boolean commitsBefore;
        private final int commitEvery;
        private final int crashAfter;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final StringBuilder found = new StringBuilder();
        private final StringBuilder processed = new StringBuilder();

        Reader(String address, String[] words) {
            group = words[0];
            topic = words[1];
            commitsBefore = words[2].equals("before");
            commitEvery = Integer.parseInt(words[3]);
            crashAfter = Integer.parseInt(words[4]);
            Map<String, Object> settings = new HashMap<>();
            settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address);
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.parseInt(words[5]));
            settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
            settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            consumer = new KafkaConsumer<>(settings);
            consumer.subscribe(List.of(topic));
        }

        String told() {
            return group + "|" + found.toString().strip() + "|" + processed.toString().strip();
        }

        void read() {
            Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
            int n = 0;
            int uncommitted = 0;
            while (crashAfter > 0 || !isAtEnd()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (found.isEmpty() && !consumer.assignment().isEmpty()) {
                    note();
                }
                if (commitsBefore && !records.isEmpty()) {
                    consumer.commitSync();
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    processed.append(' ').append(record.partition()).append(':').append(record.offset());
                    done.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                    n++;
                    uncommitted++;
                    if (!commitsBefore && uncommitted == commitEvery) {
                        consumer.commitSync(done);
                        uncommitted = 0;
                    }
                    if (n == crashAfter) {
                        return;
                    }
                }
            }
        }

        private void note() {
            consumer.committed(consumer.assignment()).forEach((partition, committed) -> {
                if (committed != null) {
                    found.append(' ').append(partition.partition()).append(':').append(committed.offset());
                }
            });
            // Nothing committed is told, too.
            found.append(' ');
        }

        private boolean isAtEnd() {
            if (consumer.assignment().isEmpty()) {
                return false;
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(new HashSet<>(consumer.assignment()));
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }
    }
}
