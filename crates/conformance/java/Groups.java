import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupAssignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Real consumer groups, side by side: members join one after the other, one leaves, and it is told what each of them owns.
 *
 * A line of stdin is {@code group assignor topic,topic topic,topic …}, a member per list of topics. Printed is, for each rebalance as the group's
 * leader did it, {@code group|assignor|topic:partitions …|member=topics<owned@generation …|member=partitions …}, and in the end
 * {@code group|owned|member=partitions …} by the members themselves. Argument: the broker's address.
 */
public class Groups {
    private static final long PATIENCE_MS = 90_000;
    private static final long QUIET_MS = 1_500;

    /** The last assignment of each group, and when it was made. */
    private record Rebalance(long atMs, Map<String, Set<String>> assigned) {}

    private static final Map<String, Rebalance> LAST = new ConcurrentHashMap<>();

    public static void main(String[] arguments) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        List<Future<?>> groups = new ArrayList<>();
        try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
            while (lines.hasNextLine()) {
                String[] words = lines.nextLine().split(" ");
                groups.add(pool.submit(() -> {
                    live(pool, arguments[0], words);
                    return null;
                }));
            }
        }
        for (Future<?> group : groups) {
            group.get();
        }
        pool.shutdown();
    }

    private static void live(ExecutorService pool, String address, String[] words) throws Exception {
        String group = words[0];
        List<Member> members = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
            Member member = new Member(address, group, words[1], List.of(words[i].split(",")));
            members.add(member);
            pool.submit(member);
            awaitPeace(group, members);
        }
        if (members.size() > 1) {
            members.remove(members.size() / 2).leaves = true;
            awaitPeace(group, members);
        }
        say(group + "|owned|" + members.stream().map(member -> member.id + "=" + String.join(",", member.owned)).collect(Collectors.joining(" ")));
        members.forEach(member -> member.leaves = true);
    }

    /** Until everybody owns what the last rebalance gave, and no other rebalance follows. */
    private static void awaitPeace(String group, List<Member> members) throws InterruptedException {
        long until = System.currentTimeMillis() + PATIENCE_MS;
        while (System.currentTimeMillis() < until) {
            Thread.sleep(50);
            Rebalance last = LAST.get(group);
            boolean isPeace = last != null && System.currentTimeMillis() > last.atMs + QUIET_MS
                && last.assigned.size() == members.size()
                && members.stream().allMatch(member -> member.owned.equals(last.assigned.get(member.id)));
            if (isPeace) {
                return;
            }
        }
        throw new IllegalStateException(group + " found no peace");
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }

    private static final class Member implements Runnable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private volatile String id = "";
        private volatile Set<String> owned = Set.of();
        private volatile boolean leaves = false;

        Member(String address, String group, String assignor, List<String> topics) {
            Map<String, Object> settings = new HashMap<>();
            settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address);
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
            settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(switch (assignor) {
                case "range" -> RecordedRange.class;
                case "roundrobin" -> RecordedRoundRobin.class;
                case "sticky" -> RecordedSticky.class;
                default -> RecordedCooperativeSticky.class;
            }));
            settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            consumer = new KafkaConsumer<>(settings);
            consumer.subscribe(topics);
        }

        @Override
        public void run() {
            try (consumer) {
                while (!leaves) {
                    consumer.poll(Duration.ofMillis(50));
                    id = consumer.groupMetadata().memberId();
                    owned = names(consumer.assignment());
                }
            }
        }
    }

    /** Tells what the leader's assignor was given, and what it gave. {@code member} says what a member owned, and since when. */
    private static GroupAssignment told(String group, String assignor, Cluster cluster, GroupSubscription subscribed,
            Function<Subscription, Owned> member, Supplier<GroupAssignment> assign) {
        Map<String, Subscription> subscriptions = subscribed.groupSubscription();
        // In the order of the map that the assignor was given.
        String members = subscriptions.entrySet().stream().map(entry -> {
            Owned owned = member.apply(entry.getValue());
            return entry.getKey() + "=" + String.join(",", entry.getValue().topics()) + "<" + list(owned.partitions) + "@" + owned.generation;
        }).collect(Collectors.joining(" "));
        GroupAssignment given = assign.get();
        String topics = subscriptions.values().stream().flatMap(subscription -> subscription.topics().stream()).distinct().sorted()
            .map(topic -> topic + ":" + Optional.ofNullable(cluster.partitionCountForTopic(topic)).orElse(0))
            .collect(Collectors.joining(" "));
        String assigned = given.groupAssignment().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + list(entry.getValue().partitions())).collect(Collectors.joining(" "));
        say(group + "|" + assignor + "|" + topics + "|" + members + "|" + assigned);
        Map<String, Set<String>> names = new HashMap<>();
        given.groupAssignment().forEach((id, assignment) -> names.put(id, names(assignment.partitions())));
        LAST.put(group, new Rebalance(System.currentTimeMillis(), names));
        return given;
    }

    private record Owned(List<TopicPartition> partitions, int generation) {
        static final Owned NOTHING = new Owned(List.of(), -1);
    }

    /** The same over a user data buffer of its own, since reading moves the buffer's position. */
    private static Subscription unread(Subscription subscription) {
        ByteBuffer data = subscription.userData();
        return new Subscription(subscription.topics(), data == null ? null : data.duplicate(), subscription.ownedPartitions(),
            subscription.generationId().orElse(-1), subscription.rackId());
    }

    private static Set<String> names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String list(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).collect(Collectors.joining(","));
    }

    private static String group(Map<String, ?> settings) {
        return (String) settings.get(ConsumerConfig.GROUP_ID_CONFIG);
    }

    public static final class RecordedRange extends RangeAssignor implements Configurable {
        private String group;

        @Override
        public void configure(Map<String, ?> settings) {
            group = group(settings);
        }

        @Override
        public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
            return told(group, name(), cluster, subscriptions, subscription -> Owned.NOTHING, () -> super.assign(cluster, subscriptions));
        }
    }

    public static final class RecordedRoundRobin extends RoundRobinAssignor implements Configurable {
        private String group;

        @Override
        public void configure(Map<String, ?> settings) {
            group = group(settings);
        }

        @Override
        public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
            return told(group, name(), cluster, subscriptions, subscription -> Owned.NOTHING, () -> super.assign(cluster, subscriptions));
        }
    }

    public static final class RecordedSticky extends StickyAssignor implements Configurable {
        private String group;

        @Override
        public void configure(Map<String, ?> settings) {
            group = group(settings);
        }

        @Override
        public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
            return told(group, name(), cluster, subscriptions, this::owned, () -> super.assign(cluster, subscriptions));
        }

        private Owned owned(Subscription subscription) {
            MemberData data = memberData(unread(subscription));
            return new Owned(data.partitions, data.generation.orElse(-1));
        }
    }

    public static final class RecordedCooperativeSticky extends CooperativeStickyAssignor implements Configurable {
        private String group;

        @Override
        public void configure(Map<String, ?> settings) {
            group = group(settings);
        }

        @Override
        public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
            return told(group, name(), cluster, subscriptions, this::owned, () -> super.assign(cluster, subscriptions));
        }

        private Owned owned(Subscription subscription) {
            MemberData data = memberData(unread(subscription));
            return new Owned(data.partitions, data.generation.orElse(-1));
        }
    }
}
